/*
 * Where a reader begins in a Redis Stream: what its answers make of it.  Entry
 * N of these streams has the id N-0.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "source/redis_start.h"

#define ADDED 10
#define ENTRIES_MAX 8

/* What one answer points to. */
struct made {
	char ids[ENTRIES_MAX][REDIS_ID_SIZE_MAX];
	struct redis_value parts[ENTRIES_MAX][2];
	struct redis_value items[ENTRIES_MAX];
	struct redis_value entries;
	struct redis_answer answer;
};

static struct redis_value fields[2] = {
    {.kind = REDIS_TEXT, .sent = 4, .text = {"data", 4}},
    {.kind = REDIS_TEXT, .sent = 1, .text = {"x", 1}}};

static void
add_entry(struct made *made, unsigned number)
{
	size_t i = made->answer.count++;
	const struct redis_id id = {number, 0};
	struct sse_slice text = redis_id_text(&id, made->ids[i]);

	CHECK(i < ENTRIES_MAX);
	made->parts[i][0] = (struct redis_value){
	    .kind = REDIS_TEXT, .sent = text.size, .text = text};
	made->parts[i][1] = (struct redis_value){
	    .kind = REDIS_ARRAY, .sent = 2, .items = fields, .count = 2};
	made->items[i] = (struct redis_value){.kind = REDIS_ARRAY,
	    .sent = 2,
	    .items = made->parts[i],
	    .count = 2};
}

/* The newest ones below a number, behind a place, of those that are there. */
static const struct redis_answer *
make(struct made *made, unsigned deleted, unsigned below, unsigned behind,
    unsigned count)
{
	*made = (struct made){.answer = {.look = {.exists = true,
					     .has_added = true,
					     .added = ADDED,
					     .length = ADDED - deleted,
					     .last = {ADDED, 0}},
				  .is_filled = true,
				  .first = {deleted + 1, 0},
				  .newest = {ADDED, 0}}};

	for (unsigned i = below;
	     i-- > behind + 1 && i > deleted && made->answer.count < count;)
		add_entry(made, i);
	made->entries = (struct redis_value){.kind = REDIS_ARRAY,
	    .sent = made->answer.count,
	    .items = made->items,
	    .count = made->answer.count};
	made->answer.sent = made->answer.count;
	if (made->answer.count > 0)
		made->answer.entries = &made->entries;
	return &made->answer;
}

/* To the end of it, with so many deleted behind each step. */
static void
walk(struct redis_start *start, unsigned place, const unsigned *deleted)
{
	unsigned below = ADDED + 1;
	int got = RESULT_PARTIAL;

	for (size_t i = 0; got == RESULT_PARTIAL; i++) {
		struct made made;

		CHECK_EQUAL_INT(start->phase, REDIS_START_WALK);
		(void)make(&made, deleted[i], below, place,
		    start->count < ENTRIES_MAX ? start->count : ENTRIES_MAX);
		below -= (unsigned)made.answer.count;
		got = redis_start_take(start, &made.answer);
	}
	CHECK_EQUAL_INT(got, 0);
}

/* A client with the id that XADD gave, which has no number. */
static void
begin_bare(struct redis_start *start, unsigned place, unsigned deleted)
{
	char text[REDIS_ID_SIZE_MAX];
	const struct redis_id id = {place, 0};
	const struct source_start wanted = {.id = redis_id_text(&id, text)};
	struct made made;

	redis_start_begin(start, &wanted, UINT64_MAX);
	(void)make(&made, deleted, 0, 0, 0);
	made.answer.look.is_present = true;
	made.answer.look.check = 1;
	CHECK_EQUAL_INT(redis_start_take(start, &made.answer), RESULT_PARTIAL);
}

TEST(a_place_is_numbered_on_the_way_to_it)
{
	static const struct {
		unsigned deleted[4]; /* behind each step */
		bool has_ordinal;
	} cases[] = {
	    {{4, 4, 4, 4}, true},
	    /* It is there still, whatever went. */
	    {{3, 4, 4, 4}, true},
	    /* It went, and perhaps others behind it. */
	    {{4, 5, 5, 5}, false},
	    {{4, 7, 7, 7}, false},
	    {{4, 9, 9, 9}, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const unsigned *deleted = cases[i].deleted;
		struct redis_start start;

		printf("# case %zu\n", i);
		begin_bare(&start, 5, deleted[0]);
		walk(&start, 5, deleted);
		CHECK_EQUAL_INT(start.position.id.ms, 5);
		CHECK_EQUAL_INT(
		    start.position.has_ordinal, cases[i].has_ordinal);
		if (cases[i].has_ordinal)
			CHECK_EQUAL_INT(start.position.ordinal, 5);
	}
}

/* A reader of ours lost its place: it goes on behind the entry before it. */
static void
settle(struct redis_start *start, unsigned place, unsigned deleted)
{
	struct made made;
	const struct redis_id id = {place, 0};
	int got;

	*start = (struct redis_start){.is_ours = true};
	redis_start_settle(start, &id);
	got = redis_start_take(
	    start, make(&made, deleted, place + 1, place - 1, 1));
	CHECK_EQUAL_INT(
	    got, start->phase == REDIS_START_DONE ? 0 : RESULT_PARTIAL);
	CHECK_EQUAL_INT(start->position.id.ms, place);
}

TEST(a_place_that_is_gone_on_at_is_numbered)
{
	static const unsigned deleted[4] = {4, 4, 4, 4};
	struct redis_start start;

	settle(&start, 7, 4);
	walk(&start, 7, deleted);
	CHECK(start.position.has_ordinal);
	CHECK_EQUAL_INT(start.position.ordinal, 7);
	/* At once where it is the newest, or the first. */
	settle(&start, ADDED, 4);
	CHECK_EQUAL_INT(start.phase, REDIS_START_DONE);
	CHECK_EQUAL_INT(start.position.ordinal, ADDED);
	settle(&start, 5, 4);
	CHECK_EQUAL_INT(start.phase, REDIS_START_DONE);
	CHECK_EQUAL_INT(start.position.ordinal, 5);
}

/* Who wants so many of the newest ones lacks nothing of what it asked for. */
TEST(what_is_over_the_limit_is_told_of_all)
{
	static const unsigned deleted[4] = {4, 4, 4, 4};
	static const struct {
		uint64_t records;
		unsigned place;
		size_t gaps;
	} cases[] = {
	    {SOURCE_RECORDS_ALL, 8, 1},
	    {3, 8, 0},
	    {2, 8, 0},
	    {1, 9, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct redis_start start;
		struct source_start wanted = {.records = cases[i].records};

		redis_start_begin(&start, &wanted, 2 * 5);
		walk(&start, 0, deleted);
		CHECK_EQUAL_INT(start.position.id.ms, cases[i].place);
		CHECK_EQUAL_INT(start.gaps.count, cases[i].gaps);
		if (cases[i].gaps > 0)
			CHECK_EQUAL_INT(start.gaps.gaps[0].skipped, 4);
	}
}

TEST(what_is_passed_for_a_number_has_a_limit)
{
	static const unsigned deleted[4] = {4, 4, 4, 4};
	struct redis_start start;

	settle(&start, 7, 4);
	start.size_left = 2 * 5;
	walk(&start, 7, deleted);
	CHECK(!start.position.has_ordinal);
	CHECK_EQUAL_INT(start.position.id.ms, 7);
	CHECK(gap_queue_is_empty(&start.gaps));
}
