/*
 * How much of the old records is given.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "log_sets.h"
#include "source/replay.h"

/* What is passed over is counted, in the lead and in newer files. */
TEST(a_limit_of_replay_begins_at_a_record)
{
	static const struct {
		uint64_t replay_size;
		uint64_t skipped;
		const char *offsets;
	} table[] = {
	    {100, 0, ">0 0"},
	    {12, 0, ">0 0"},
	    {11, 3, ">3 0"},
	    {9, 3, ">3 0"},
	    {8, 6, ">6 0"},
	    {6, 6, ">6 0"},
	    {5, 9, "6 >3"},
	    {1, 12, "6 >6"},
	    {0, 12, "6 >6"},
	};

	append("log.1", "cc\ndd\n");
	append("log", "aa\nbb\n");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct source_start start = {.records = 9};
		struct log_set set;
		struct replay replay = {0};
		int error;

		printf("# case %zu\n", i);
		options.replay_size = UINT64_MAX;
		begin(&set);
		CHECK_EQUAL_INT(start_at_once(&set, &start), 0);
		set.options.replay_size = table[i].replay_size;
		error = replay_begin(&replay, &set, 0);
		while (error == RESULT_PARTIAL)
			error = replay_next(&replay, &set);
		CHECK_EQUAL_INT(error, 0);
		CHECK_EQUAL_INT(replay.skipped, table[i].skipped);
		check_offsets(&set, table[i].offsets);
		log_set_done(&set);
	}
}

/* At the end of a file, a line that has no end yet may become a record. */
TEST(a_line_without_an_end_may_become_a_record)
{
	static const struct {
		const char *text;
		uint64_t offset, want;
	} table[] = {
	    {"", 0, 0},
	    {"aa\nbb\n", 6, 6},
	    {"aa\nbb\n", 3, 3},
	    {"aa\nhalf", 7, 3},
	    {"half", 4, 0},
	    {"aa\n12345678", 11, 3},
	    /* It is too long for one. */
	    {"aa\n123456789", 12, 12},
	};
	const struct source_options small = {.record_size_max = 8};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		uint64_t offset = table[i].offset;
		int fd;

		printf("# case %zu\n", i);
		(void)unlink(test_path("log"));
		append("log", table[i].text);
		fd = open(test_path("log"), O_RDONLY);
		CHECK_EQUAL_INT(replay_at_line(&small, fd, &offset), 0);
		CHECK_EQUAL_INT(offset, table[i].want);
		close(fd);
	}
}

/* Files that are not open yet have all of what may be given. */
TEST(what_is_due_counts_before_what_is_open)
{
	const struct source_start start = {.records = 100};
	struct replay replay = {.skipped = 0};
	struct log_set set;
	char name[32];
	int error;

	for (int i = 9; i > 0; i--) {
		(void)snprintf(name, sizeof(name), "log.%d", i);
		append(name, "aa\nbb\n");
	}
	append("log", "cc\n");
	options.replay_size = UINT64_MAX;
	begin(&set);
	CHECK_EQUAL_INT(start_at_once(&set, &start), 0);
	CHECK(set.due_count > 0);
	set.options.replay_size = 5;
	error = replay_begin(&replay, &set, 0);
	while (error == RESULT_PARTIAL)
		error = replay_next(&replay, &set);
	CHECK_EQUAL_INT(error, 0);
	/* The log itself is due; 2 bytes of the others are no record. */
	CHECK_EQUAL_INT(set.due_count, 1);
	CHECK_EQUAL_INT(log_set_due_size(&set), 3);
	CHECK_EQUAL_INT(replay.skipped, 9 * 6);
	log_set_done(&set);
}
