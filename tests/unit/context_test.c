/*
 * What is before a line that begins no record.  "=" begins one.
 */
#include "config.h"

#include "positions.h"
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream/context.h"

#define SIZE_MAX_HERE 20

static int searches;

static bool
begins(void *context, struct sse_slice line)
{
	(void)context;
	searches++;
	return line.size > 0 && line.data[0] == '=';
}

static const struct record_rule by_start = {RECORD_HAS_START, begins, NULL};

static void
write_log(const char *text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static struct source *
open_log(void)
{
	const struct source_options options = {
	    .clock = sse_clock_system(),
	    .record_size_max = 100,
	    .replay_size = 1 << 20,
	    .follow = true,
	    .random = 1,
	};
	const struct source_start start = {.records = SOURCE_RECORDS_ALL};
	struct source *source;

	CHECK_EQUAL_INT(source_new(test_path("log"), &options, &source), 0);
	CHECK_EQUAL_INT(source_start(source, &start), 0);
	return source;
}

/* Each call searches one line at most. */
static void
find(struct context *context, const struct source *source,
    const struct source_position *position, const char *line)
{
	int got = 0;

	while (got == 0) {
		searches = 0;
		got = context_find(
		    context, &by_start, source, position, sse_slice(line));
		CHECK(searches <= 1);
	}
	CHECK_EQUAL_INT(got, 1);
}

TEST(the_lines_before_are_found_in_the_log)
{
	static const struct {
		const char *log;
		uint64_t offset;
		const char *line;
		const char *want;
	} table[] = {
	    {"=a\n b\n c\n", 6, " c", "=a\n b"},
	    {"=a\n b\n c\n", 3, " b", "=a"},
	    {"=a\n=b\n c\n", 6, " c", "=b"},
	    {"=a\n b\n=c\n", 6, "=c", ""},
	    {"=a\r\n b\r\n c\n", 8, " c", "=a\n b"},
	    {"=a\n\n\n c\n", 5, " c", "=a\n\n"},
	    {" a\n b\n c\n", 6, " c", " a\n b"},
	    {" a\n b\n c\n", 0, " a", ""},
	    /* Whole lines, and not too many. */
	    {"=a\n 2345678\n 2345678\n 2345678\n", 21, " 2345678",
		" 2345678\n 2345678"},
	    {"=234567890123456789012345\n b\n c\n", 29, " c", " b"},
	    {"=234567890123456789012345\n b\n", 26, " b", ""},
	    /* It is not what it was. */
	    {"=a\n b\n", 4, " b", ""},
	    {"=a\n", 9, " b", ""},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct sse_position plain;
		struct source_position position;
		struct context context;
		struct source *source;

		write_log(table[i].log);
		source = open_log();
		position = source_position(source);
		plain = sse_position_unpack(&position);
		plain.offset = table[i].offset;
		position = sse_position_pack(&plain);
		context_init(&context, SIZE_MAX_HERE);
		context_lose(&context, source, &position);
		find(&context, source, &position, table[i].line);
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&context.lines), sse_slice(table[i].want));
		context_done(&context);
		source_free(source);
	}
}

/* A client that comes back has the older file open, too. */
TEST(the_lines_before_are_in_older_files_too)
{
	struct source_position position;
	struct sse_position plain;
	struct context context;
	struct source *source;

	write_log("=a\n b\n");
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	write_log(" c\n d\n");
	source = open_log();
	position = source_position(source);
	plain = sse_position_unpack(&position);
	plain.offset = 3;
	position = sse_position_pack(&plain);
	context_init(&context, SIZE_MAX_HERE);
	context_lose(&context, source, &position);
	find(&context, source, &position, " d");
	CHECK_EQUAL_TEXT(sse_buf_slice(&context.lines), SLICE("=a\n b\n c"));
	context_done(&context);
	source_free(source);
}

TEST(of_a_position_that_is_nowhere_nothing_is_before)
{
	const struct source_position position =
	    sse_position_pack(&(struct sse_position){.file = 1, .offset = 3});
	struct context context;
	struct source *source;

	write_log("=a\n b\n");
	source = open_log();
	context_init(&context, SIZE_MAX_HERE);
	context_lose(&context, source, &position);
	find(&context, source, &position, " b");
	CHECK_EQUAL_INT(context.lines.size, 0);
	context_done(&context);
	source_free(source);
}

/* A pipe's positions are numbers of records. */
TEST(of_a_pipe_nothing_is_before)
{
	const struct source_options options = {
	    .clock = sse_clock_system(),
	    .record_size_max = SIZE_MAX_HERE,
	    .follow = true,
	};
	const struct source_position position =
	    sse_position_pack(&(struct sse_position){.epoch = 1, .offset = 3});
	struct context context;
	struct source *source;

	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK_EQUAL_INT(source_new(test_path("fifo"), &options, &source), 0);
	context_init(&context, SIZE_MAX_HERE);
	context_lose(&context, source, &position);
	CHECK_EQUAL_INT(context.state, CONTEXT_KNOWN);
	context_done(&context);
	source_free(source);
}

TEST(what_was_given_is_kept_to_the_limit)
{
	static const struct {
		const char *given[4];
		const char *want;
	} table[] = {
	    {{"=a\n b"}, "=a\n b"},
	    {{"=a", " b", " c"}, "=a\n b\n c"},
	    {{"=234567890", " 23456789"}, "=234567890\n 23456789"},
	    {{"=234567890", " 234567890"}, " 234567890"},
	    {{"=2\n 4\n 6", " 23456789012345"}, " 6\n 23456789012345"},
	    {{"=a", " 2345678901234567890"}, " 2345678901234567890"},
	    {{"=a", " 23456789012345678901"}, ""},
	    {{"=a", "", ""}, "=a\n\n"},
	};
	const struct source_position position = {{0}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct context context;

		context_init(&context, SIZE_MAX_HERE);
		for (size_t j = 0; j < 4 && table[i].given[j] != NULL; j++)
			CHECK_EQUAL_INT(
			    context_add(&context, sse_slice(table[i].given[j])),
			    0);
		find(&context, NULL, &position, " more");
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&context.lines), sse_slice(table[i].want));
		find(&context, NULL, &position, "=next");
		CHECK_EQUAL_INT(context.lines.size, 0);
		context_done(&context);
	}
}
