/*
 * Where what a reader wants to begin with is.
 */
#include "config.h"

#include "positions.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "log_sets.h"
#include "source/opening.h"

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
		CHECK(set.gaps.comment == NULL);
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
	CHECK(set.gaps.comment != NULL);
	check_gaps(&set, "unknown");
	opening_done(&opening);
	log_set_done(&set);
}
