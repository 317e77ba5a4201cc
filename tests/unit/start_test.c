/*
 * Where a reader begins in a log, and how much of the old records it is given.
 */
#include "config.h"

#include "positions.h"
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/opening.h"
#include "source/replay.h"

static struct source_options options = {.record_size_max = 1024,
    .follow = true,
    .replay_size = UINT64_MAX,
    .unwatched = true};

static void
append(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void
begin(struct log_set *set)
{
	options.clock = sse_clock_system();
	CHECK_EQUAL_INT(log_set_init(set, test_path("log"), &options), 0);
}

/* All turns of a start. */
static int
start_at_once(struct log_set *set, const struct source_start *wanted)
{
	struct start start = {0};
	int error;

	do
		error = start_set(&start, set, wanted);
	while (error == RESULT_PARTIAL);
	start_done(&start);
	return error;
}

/* The files that are open, and where in them it begins: "2 0 0". */
static void
check_offsets(const struct log_set *set, const char *want)
{
	char text[100] = "";

	for (size_t i = 0; i < set->count; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s%llu", i > 0 ? " " : "", i == set->lead ? ">" : "",
		    (unsigned long long)set->open[i]->fingerprint.offset);
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
}

/* The gaps that come first: "limit unknown". */
static void
check_gaps(struct log_set *set, const char *want)
{
	char text[100] = "";
	struct gap gap;

	while (gap_queue_take(&set->gaps, &gap))
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s", *text != '\0' ? " " : "",
		    gap_reason_text(gap.reason));
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
}

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

/* ------------------------------------------------------------- opening -- */

/* All steps of an opening. */
static int
open_at_once(struct opening *opening, struct log_set *set,
    const struct source_start *wanted)
{
	int error = opening_begin(opening, set, wanted);

	while (error == RESULT_PARTIAL) {
		CHECK(opening->goes_on);
		error = opening_step(opening, set);
	}
	return error;
}

/* An id of which nothing is known is a gap, and then as without. */
TEST(what_is_no_id_opens_as_without_one)
{
	static const char *const ids[] = {"x", "1", "1.2", "----", "1.2-3-4-5"};

	append("log", "aa\nbb\n");
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct source_start start = {
		    .id = sse_slice(ids[i]), .records = 1};
		struct opening opening = {0};
		struct log_set set;

		begin(&set);
		CHECK_EQUAL_INT(open_at_once(&opening, &set, &start), 0);
		CHECK(!opening.goes_on);
		CHECK(opening.is_placed);
		check_offsets(&set, ">3");
		check_gaps(&set, "unknown");
		opening_done(&opening);
		log_set_done(&set);
	}
}

TEST(an_id_opens_where_it_is)
{
	const struct source_start all = {.records = SOURCE_RECORDS_ALL};
	char text[SSE_POSITION_SIZE_MAX];
	struct source_start start = {.records = 0};
	struct source_position position;
	struct opening opening = {0};
	struct log_set set;

	append("log", "aa\nbb\n");
	begin(&set);
	CHECK_EQUAL_INT(start_at_once(&set, &all), 0);
	CHECK_EQUAL_INT(log_file_begin_at(set.open[0], 3), 0);
	log_set_position(&set, &position);
	log_set_done(&set);
	start.id = (struct sse_slice){text, packed_format(&position, text)};
	begin(&set);
	CHECK_EQUAL_INT(open_at_once(&opening, &set, &start), 0);
	check_offsets(&set, ">3");
	check_gaps(&set, "");
	opening_done(&opening);
	log_set_done(&set);
}

/* "T30" is of the time 30. */
static bool
read_time(void *context, struct sse_slice line, int64_t now_ms, int64_t *ret_ms)
{
	(void)context;
	(void)now_ms;
	if (line.size < 2 || line.data[0] != 'T')
		return false;
	*ret_ms = atoi(line.data + 1);
	return true;
}

static const struct record_times times = {.read = read_time, .size_max = 4};

TEST(a_time_opens_before_the_first_record_of_it)
{
	static const struct {
		int64_t time_ms;
		const char *offsets;
	} table[] = {
	    {5, ">0"}, {10, ">0"}, {11, ">4"}, {30, ">8"}, {31, ">12"}};

	options.times = &times;
	append("log", "T10\nT20\nT30\n");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct source_start start = {
		    .has_time = true, .time_ms = table[i].time_ms};
		struct opening opening = {0};
		struct log_set set;

		printf("# case %zu\n", i);
		begin(&set);
		CHECK_EQUAL_INT(open_at_once(&opening, &set, &start), 0);
		check_offsets(&set, table[i].offsets);
		check_gaps(&set, "");
		CHECK(opening.comment == NULL);
		opening_done(&opening);
		log_set_done(&set);
	}
}

TEST(without_times_a_time_opens_with_a_gap_and_a_comment)
{
	const struct source_start start = {.has_time = true, .records = 1};
	struct opening opening = {0};
	struct log_set set;

	append("log", "aa\nbb\n");
	begin(&set);
	CHECK_EQUAL_INT(open_at_once(&opening, &set, &start), 0);
	check_offsets(&set, ">3");
	check_gaps(&set, "unknown");
	CHECK(opening.comment != NULL);
	opening_done(&opening);
	log_set_done(&set);
}
