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
