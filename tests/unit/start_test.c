/*
 * Where a reader begins in a log that has no position yet.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "log_sets.h"

struct start_case {
	uint64_t records;
	enum gap_reason gap;
	uint64_t replay_size;
	const char *offsets; /* of the open files; the lead's behind ">" */
	const char *gaps;
};

/* In a log of "aa bb", and before it one of "cc dd". */
static const struct start_case cases[] = {
    {SOURCE_RECORDS_ALL, GAP_NONE, UINT64_MAX, "6 >0", ""},
    {0, GAP_NONE, UINT64_MAX, "6 >6", ""},
    {1, GAP_NONE, UINT64_MAX, "6 >3", ""},
    {2, GAP_NONE, UINT64_MAX, "6 >0", ""},
    {3, GAP_NONE, UINT64_MAX, ">3 0", ""},
    {9, GAP_NONE, UINT64_MAX, ">0 0", ""},
    {1, GAP_UNKNOWN, UINT64_MAX, "6 >3", "unknown"},
    /* replay limits both */
    {9, GAP_NONE, 3, "6 >3", ""},
    {SOURCE_RECORDS_ALL, GAP_NONE, 3, "6 >3", "limit"},
    {SOURCE_RECORDS_ALL, GAP_UNKNOWN, 4, "6 >3", "unknown limit"},
    {SOURCE_RECORDS_ALL, GAP_NONE, 6, "6 >0", ""},
    {SOURCE_RECORDS_ALL, GAP_NONE, 0, "6 >6", "limit"},
};

TEST(a_reader_without_a_position_begins_with_the_newest_records)
{
	append("log.1", "cc\ndd\n");
	append("log", "aa\nbb\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct source_start start = {
		    .records = cases[i].records, .gap = cases[i].gap};
		struct log_set set;

		printf("# case %zu\n", i);
		options.replay_size = cases[i].replay_size;
		begin(&set);
		CHECK_EQUAL_INT(start_at_once(&set, &start), 0);
		check_offsets(&set, cases[i].offsets);
		check_gaps(&set, cases[i].gaps);
		log_set_done(&set);
	}
}
