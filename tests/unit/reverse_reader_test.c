#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/record_start.h"
#include "record/reverse_reader.h"
#include "random.h"

#define BOM "\xef\xbb\xbf"

static int
file_of(const void *bytes, size_t size)
{
	int fd = open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	return fd;
}

/* The next record, or RESULT_NONE; counts the calls that gave none. */
static int
next(struct reverse_reader *reverse, struct record *record, unsigned *reads)
{
	int got;

	while ((got = reverse_reader_next(reverse, record)) == 0)
		(*reads)++;
	return got;
}

static struct reverse_reader
begin(int fd, uint64_t end, uint64_t bytes_max, bool rest)
{
	struct reverse_reader reverse;

	reverse_reader_init(&reverse, &(struct reverse_reader_options){.fd = fd,
					  .end = end,
					  .bytes_max = bytes_max,
					  .record_size_max = 100,
					  .rest = rest});
	return reverse;
}

/* The records of the bytes, with ends, as "text@end text@end ". */
static void
check_records(
    struct sse_slice bytes, uint64_t bytes_max, bool rest, const char *wanted)
{
	int fd = file_of(bytes.data, bytes.size);
	struct reverse_reader reverse = begin(fd, bytes.size, bytes_max, rest);
	struct record record;
	char got[200] = "";
	unsigned reads = 0;

	while (next(&reverse, &record, &reads) == 1)
		snprintf(got + strlen(got), sizeof(got) - strlen(got),
		    "%.*s@%u ", (int)record.text.size, record.text.data,
		    (unsigned)record.end);
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(wanted));
	CHECK_EQUAL_INT(next(&reverse, &record, &reads), RESULT_NONE);
	reverse_reader_done(&reverse);
	close(fd);
}

TEST(gives_the_records_from_the_last_one_on)
{
	check_records(SLICE("a\nbb\nccc\n"), 99, false, "ccc@9 bb@5 a@2 ");
	check_records(
	    SLICE("a\r\n\nb\r\r\n\r\n"), 99, false, "@10 b@8 @4 a@3 ");
	check_records(
	    SLICE("a\r\rb\r\r\r\n\r\r\n"), 99, false, "@11 a\r\rb@8 ");
	check_records(SLICE("\n"), 99, false, "@1 ");
	check_records(SLICE("\n\n"), 99, true, "@2 @1 ");
	check_records(SLICE(""), 99, true, "");
	check_records(SLICE("a"), 99, false, "");
}

TEST(a_byte_order_mark_begins_no_record)
{
	static const struct {
		const char *bytes, *wanted;
	} cases[] = {
	    {BOM "a\nb\n", "b@7 a@5 "},
	    {BOM "a", "a@4 "},
	    {BOM "\n", "@4 "},
	    {BOM "\r\r\nb", "b@7 @6 "},
	    {BOM, ""},
	    {"\xef\xbb", "\xef\xbb@2 "},
	    {BOM BOM "a\n", BOM "a@8 "},
	    {"\n" BOM "a\n", BOM "a@6 @1 "},
	    {"a" BOM "\n", "a" BOM "@5 "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_records(
		    sse_slice(cases[i].bytes), 99, true, cases[i].wanted);
	/* From there on it is not known what is at the beginning. */
	check_records(SLICE(BOM "a\nb\n"), 6, true, "b@7 ");
}

TEST(gives_the_unfinished_one_if_asked_to)
{
	check_records(SLICE("a\nbb"), 99, true, "bb@4 a@2 ");
	check_records(SLICE("a\nbb\r"), 99, true, "bb\r@5 a@2 ");
	check_records(SLICE("a\nbb"), 99, false, "a@2 ");
	check_records(SLICE("bb"), 99, true, "bb@2 ");
}

TEST(goes_back_no_further_than_allowed)
{
	check_records(SLICE("a\nbb\nccc\n"), 0, false, "");
	check_records(SLICE("a\nbb\nccc\n"), 3, false, "");
	check_records(SLICE("a\nbb\nccc\n"), 4, false, "ccc@9 ");
	check_records(SLICE("a\nbb\nccc\n"), 6, false, "ccc@9 ");
	check_records(SLICE("a\nbb\nccc\n"), 7, false, "ccc@9 bb@5 ");
	check_records(SLICE("a\nbb\nccc\n"), 8, false, "ccc@9 bb@5 ");
	check_records(SLICE("a\nbb\nccc\n"), 9, false, "ccc@9 bb@5 a@2 ");
}

TEST(passes_over_what_is_too_long)
{
	static char bytes[5 * REVERSE_READER_READ_SIZE];
	static const size_t sizes[] = {100, 101, 102, 103,
	    REVERSE_READER_READ_SIZE, 3 * REVERSE_READER_READ_SIZE + 7};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (int cr = 0; cr < 2; cr++) {
			struct record record;
			struct reverse_reader reverse;
			unsigned reads = 0;
			size_t size = sizes[i];
			int fd;

			memset(bytes, 'x', sizeof(bytes));
			memcpy(bytes, "a\n", 2);
			memcpy(bytes + 2 + size, cr ? "\r\nb\n" : "\nb\n",
			    cr ? 4 : 3);
			size += cr ? 6 : 5;
			fd = file_of(bytes, size);
			reverse = begin(fd, size, size, false);
			CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
			CHECK_EQUAL_TEXT(record.text, SLICE("b"));
			CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
			if (sizes[i] <= 100) {
				CHECK_EQUAL_INT(record.text.size, sizes[i]);
				CHECK_EQUAL_INT(
				    next(&reverse, &record, &reads), 1);
			}
			CHECK_EQUAL_TEXT(record.text, SLICE("a"));
			CHECK_EQUAL_INT(record.end, 2);
			/* Nothing of it was held. */
			CHECK(reverse.bytes.capacity <=
			      4 * REVERSE_READER_READ_SIZE);
			reverse_reader_done(&reverse);
			close(fd);
		}
	}
}

#ifdef WITH_PCRE2

/* Each of its bytes, none of which is UTF-8, becomes three. */
TEST(a_rule_is_asked_of_no_more_than_a_record_may_have)
{
	static char bytes[REVERSE_READER_READ_SIZE];
	struct record_rule rule = {RECORD_HAS_START, record_start_begins, NULL};
	struct record_start *start;
	struct reverse_reader reverse;
	struct record record;
	unsigned reads = 0;
	int fd;

	memset(bytes, '\xff', sizeof(bytes));
	memcpy(bytes, "x1\n", 3);
	memcpy(bytes + sizeof(bytes) - 4, "\nx2\n", 4);
	CHECK_EQUAL_INT(record_start_new("^x", 100, false, &start), 0);
	rule.context = start;
	fd = file_of(bytes, sizeof(bytes));
	reverse_reader_init(&reverse, &(struct reverse_reader_options){.fd = fd,
					  .rule = &rule,
					  .end = sizeof(bytes),
					  .bytes_max = sizeof(bytes),
					  .record_size_max = 100});
	CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
	CHECK_EQUAL_TEXT(record.text, SLICE("x2"));
	/* The one before goes on with that line, and is too long. */
	CHECK_EQUAL_INT(next(&reverse, &record, &reads), RESULT_NONE);
	reverse_reader_done(&reverse);
	record_start_free(start);
	close(fd);
}

#endif

/* However many there are, and wherever a read cuts them. */
TEST(crs_before_a_lf_are_not_held)
{
	size_t size = 3 * REVERSE_READER_READ_SIZE;

	for (size_t crs = size - 200; crs < size - 100; crs += 7) {
		char *bytes = malloc(size);
		struct reverse_reader reverse;
		struct record record;
		unsigned reads = 0;
		int fd;

		CHECK(bytes != NULL);
		memset(bytes, 'x', size);
		bytes[1] = '\n';
		memset(bytes + size - crs - 1, '\r', crs);
		bytes[size - 1] = '\n';
		fd = file_of(bytes, size);
		reverse = begin(fd, size, size, false);
		CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
		if (size - crs - 3 <= 100) {
			CHECK_EQUAL_INT(record.text.size, size - crs - 3);
			CHECK_EQUAL_INT(record.end, size);
			CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
		}
		CHECK_EQUAL_TEXT(record.text, SLICE("x"));
		CHECK(reverse.bytes.capacity <= 4 * REVERSE_READER_READ_SIZE);
		reverse_reader_done(&reverse);
		free(bytes);
		close(fd);
	}
}

/* What one read gives begins where the longest record does. */
TEST(the_longest_record_is_held)
{
	static char bytes[2 + REVERSE_READER_READ_SIZE];
	struct reverse_reader reverse;
	struct record record;
	unsigned reads = 0;
	int fd;

	memset(bytes, 'x', sizeof(bytes));
	bytes[1] = bytes[103] = bytes[sizeof(bytes) - 1] = '\n';
	bytes[102] = '\r';
	fd = file_of(bytes, sizeof(bytes));
	reverse = begin(fd, sizeof(bytes), sizeof(bytes), false);
	CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
	CHECK_EQUAL_INT(record.text.size, 100);
	CHECK_EQUAL_INT(record.end, 104);
	CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
	CHECK_EQUAL_INT(record.end, 2);
	reverse_reader_done(&reverse);
	close(fd);
}

TEST(reads_once_a_call)
{
	size_t size = 10 * REVERSE_READER_READ_SIZE;
	char *bytes = calloc(1, size);
	struct reverse_reader reverse;
	struct record record;
	unsigned reads = 0;
	int fd;

	CHECK(bytes != NULL);
	bytes[0] = '\n';
	fd = file_of(bytes, size);
	reverse = begin(fd, size, size, true);
	for (int i = 0; i < 5; i++)
		CHECK_EQUAL_INT(reverse_reader_next(&reverse, &record), 0);
	CHECK_EQUAL_INT(reverse.at, 5 * REVERSE_READER_READ_SIZE);
	CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
	CHECK_EQUAL_INT(reads, 5);
	CHECK_EQUAL_INT(record.end, 1);
	reverse_reader_done(&reverse);
	free(bytes);
	close(fd);
}

TEST(a_file_that_has_shrunk_is_told)
{
	int fd = file_of("a\nb\n", 4);
	struct reverse_reader reverse = begin(fd, 4, 4, false);
	struct record record;

	CHECK_EQUAL_INT(ftruncate(fd, 1), 0);
	CHECK_EQUAL_INT(reverse_reader_next(&reverse, &record), RESULT_CHANGED);
	reverse_reader_done(&reverse);
	close(fd);
}

/* --------------------------------------------- the same as a splitter -- */

#define BYTES_MAX (3 * REVERSE_READER_READ_SIZE)
#define RECORDS_MAX BYTES_MAX

static struct forward {
	uint64_t begin, end;
	size_t size;
} * forwards;

/* All records that are within the limit. */
static size_t
split(const char *bytes, size_t size, size_t record_size_max, bool rest)
{
	struct splitter splitter;
	struct record record;
	uint64_t begins = 0;
	size_t count = 0;

	splitter_init(&splitter, record_size_max);
	splitter_feed(&splitter, (struct sse_slice){bytes, size});
	while (splitter_next(&splitter, &record) == 1 ||
	       (rest && splitter_rest(&splitter, &record) == 1)) {
		if (record.left_out == 0) {
			forwards[count].begin = begins;
			forwards[count].end = record.end;
			forwards[count++].size = record.text.size;
		}
		begins = record.end;
	}
	splitter_done(&splitter);
	return count;
}

static void
fill(struct random *random, char *bytes, size_t size)
{
	size_t usual = 1 + random_below(random, 2000);

	for (size_t i = 0; i < size; i++)
		bytes[i] = random_below(random, usual) > 0 ? 'x' : '\n';
	for (int i = 0; i < 20 && size > 0; i++)
		bytes[random_below(random, size)] = '\r';
	for (size_t i = 1; i < size; i++)
		if (bytes[size - i] == '\n' && random_below(random, 8) == 0)
			bytes[size - i - 1] = '\r';
	if (random_below(random, 2) == 0 && size >= 3)
		memcpy(bytes, BOM, 3);
}

/* Where the text of a record begins. */
static uint64_t
text_of(const char *bytes, size_t size, uint64_t begin)
{
	return begin == 0 && size >= 3 && memcmp(bytes, BOM, 3) == 0 ? 3
								     : begin;
}

TEST(random_files_have_the_records_that_a_splitter_finds)
{
	static char bytes[BYTES_MAX];
	struct random random = {7};

	forwards = test_zeroed(RECORDS_MAX * sizeof(*forwards));
	for (int i = 0; i < 300; i++) {
		size_t size = random_below(&random, BYTES_MAX + 1);
		uint64_t most = random_below(&random, size + 10);
		struct reverse_reader_options options = {.end = size,
		    .bytes_max = most,
		    .record_size_max = 1 + random_below(&random, 5000),
		    .rest = random_below(&random, 2) == 1};
		struct reverse_reader reverse;
		struct record record;
		unsigned reads = 0;
		size_t count;

		fill(&random, bytes, size);
		options.fd = file_of(bytes, size);
		count =
		    split(bytes, size, options.record_size_max, options.rest);
		reverse_reader_init(&reverse, &options);
		while (count-- > 0 && forwards[count].begin + most >= size) {
			CHECK_EQUAL_INT(next(&reverse, &record, &reads), 1);
			CHECK_EQUAL_INT(record.end, forwards[count].end);
			CHECK_EQUAL_INT(record.text.size, forwards[count].size);
			CHECK(memcmp(record.text.data,
				  bytes + text_of(bytes, size,
					      forwards[count].begin),
				  record.text.size) == 0);
		}
		CHECK_EQUAL_INT(next(&reverse, &record, &reads), RESULT_NONE);
		reverse_reader_done(&reverse);
		close(options.fd);
	}
}
