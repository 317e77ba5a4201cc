/*
 * Whether the file that took the place of another one is a copy of it.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/successor.h"

#define RECORD_MAX 200000

#define OLD "one\ntwo\nthree\nfour\n"

struct successor_case {
	const char *old;
	uint64_t offset; /* behind the last record that was taken of it */
	const char *next;
	enum successor_kind kind;
	uint64_t want; /* where it is read from */
	bool proven, whole;
};

static const struct successor_case cases[] = {
    /* all that was read, and more, or nothing more */
    {OLD, 19, OLD "five\n", SUCCESSOR_COPY, 19, true, true},
    {OLD, 19, OLD, SUCCESSOR_COPY, 19, true, true},
    {OLD "ha", 19, OLD "half\n", SUCCESSOR_COPY, 19, true, true},
    /* it ends where both are still alike: it may be in the making */
    {OLD "ha", 19, OLD, SUCCESSOR_UNSETTLED, 19, true, false},
    {OLD, 19, "one\ntwo\nthree\n", SUCCESSOR_UNSETTLED, 14, true, false},
    {OLD, 19, "", SUCCESSOR_UNSETTLED, 0, false, false},
    /* it goes on otherwise: from the line that differs */
    {OLD, 19, "one\ntwo\nthree\nfourth\n", SUCCESSOR_COPY, 14, true, false},
    {OLD "five\n", 24, OLD "six\n", SUCCESSOR_COPY, 19, true, false},
    /* too little is alike */
    {OLD, 19, "one\nother\n", SUCCESSOR_OTHER, 4, false, false},
    {OLD, 19, "another\nlog\n", SUCCESSOR_OTHER, 0, false, false},
    /* lines that are all alike prove nothing */
    {"all\nall\n", 8, "all\nall\nnew\n", SUCCESSOR_OTHER, 8, false, true},
};

/* The file of that text, read up to its end. */
static struct log_file *
open_text(const char *name, const char *text, uint64_t size)
{
	struct log_file *file;
	int fd = open(test_path(name), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CHECK_EQUAL_INT(log_file_new(fd, size, false, RECORD_MAX, &file), 0);
	return file;
}

TEST(a_copy_is_read_behind_what_both_have)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct successor_case *one = &cases[i];
		struct log_file *old =
		    open_text("old", one->old, strlen(one->old));
		struct log_file *next = open_text("next", one->next, 0);
		struct successor got;

		printf("# case %zu\n", i);
		old->offset = one->offset;
		CHECK_EQUAL_INT(successor_judge(old, next, &got), 0);
		CHECK_EQUAL_INT(got.kind, one->kind);
		CHECK_EQUAL_INT(got.offset, one->want);
		CHECK_EQUAL_INT(got.proven, one->proven);
		CHECK_EQUAL_INT(got.whole, one->whole);
		log_file_free(old);
		log_file_free(next);
	}
}

/* Over more than one block, at each length. */
TEST(the_first_difference_is_found_wherever_it_is)
{
	static char old[20001], next[20001];

	for (size_t i = 0; i < 20000; i++)
		old[i] = (char)(i % 10 == 9 ? '\n' : 'a' + i % 17);
	for (size_t at = 15; at < 20000; at += 1234) {
		struct log_file *a = open_text("old", old, 20000), *b;
		struct successor got;

		memcpy(next, old, sizeof(next));
		memset(next + at, '#', 20000 - at);
		b = open_text("next", next, 0);
		CHECK_EQUAL_INT(successor_judge(a, b, &got), 0);
		CHECK_EQUAL_INT(got.offset, at - at % 10);
		CHECK(!got.whole);
		log_file_free(a);
		log_file_free(b);
	}
}

/* However long it is, as long as it is a record. */
TEST(a_long_line_is_read_from_its_beginning)
{
	static const size_t sizes[] = {
	    4095, 16384, 65535, 65536, 65537, 100000, RECORD_MAX - 2};
	static char text[RECORD_MAX + 8];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t size = sizes[i];
		struct successor got;
		struct log_file *a, *b;

		memset(text, 'x', sizeof(text));
		memcpy(text, "one\n", 4);
		memcpy(text + 4 + size, "\n", 2);
		a = open_text("old", text, 4 + size + 1);
		memcpy(text + 4 + size, "y\n", 3);
		b = open_text("next", text, 0);
		CHECK_EQUAL_INT(successor_judge(a, b, &got), 0);
		CHECK_EQUAL_INT(got.offset, 4);
		log_file_free(a);
		log_file_free(b);
	}
}
