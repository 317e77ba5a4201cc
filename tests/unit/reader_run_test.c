/*
 * What a reader sends in its turn.  There is no loop: each turn is the test's.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>

#include "reader_run.h"
#include "slow_party.h"

static bool
run(struct reader *reader)
{
	struct budget budget = budget_begin(&party_clock, 5);

	return reader_run_turn(reader, &budget);
}

/* Turns until the client has those words. */
static void
run_until(struct party *party, struct reader *reader, const char *words)
{
	for (int i = 0; strstr(party_got(party, 0), words) == NULL; i++) {
		CHECK(i < PARTY_TURNS_MAX);
		(void)run(reader);
	}
}

TEST(a_source_that_is_to_start_is_waited_for)
{
	struct reader *reader;
	struct party party;

	party_begin(&party);
	reader = party_add(&party);
	CHECK(!run(reader));
	CHECK(source_watch_is_set(&reader->watch));
	CHECK_EQUAL_TEXT(sse_slice(party_got(&party, 0)), SLICE(""));
	slow_say(SLOW_READER, "sr");
	run_until(&party, reader, "data: 1\n");
	/* Its client's id is of no use any more. */
	CHECK(reader->last_event_id == NULL);
	party_end(&party);
}

/* Its next answer may be a while off, and nobody joins. */
TEST(a_source_that_has_more_for_a_stream_that_ends_is_waited_for)
{
	struct reader *reader;
	struct party party;

	party_conf.follow = false;
	party_begin(&party);
	reader = party_add(&party);
	slow_say(SLOW_READER, "sr");
	run_until(&party, reader, "data: 1\n");
	while (run(reader))
		continue;
	CHECK(source_watch_is_set(&reader->watch));
	party_end(&party);
	party_conf.follow = true;
}

TEST(what_is_read_is_sent_and_counted)
{
	struct reader *reader;
	struct party party;

	party_begin(&party);
	reader = party_add(&party);
	slow_say(SLOW_READER, "srr");
	run_until(&party, reader, "data: 2\n");
	CHECK_EQUAL_INT(reader->client->session.frames, 2);
	CHECK_EQUAL_INT(reader->quantum_size, reader->client->session.bytes);
	CHECK(reader->quantum_size > 0);
	party_end(&party);
}

static int64_t
count_now(void *context)
{
	unsigned *count = context;

	++*count;
	return 0;
}

#define RECORDS 100

/* How often the clock is read in the turns that bring so many records. */
static unsigned
count_looks(const char *include)
{
	unsigned count = 0, looks = 0;
	const struct sse_clock clock = {count_now, count_now, &count};
	struct budget budget = budget_begin(&clock, 5);
	struct reader *reader;
	struct party party;

	party_conf.include = include;
	party_begin(&party);
	reader = party_add(&party);
	slow_say(SLOW_READER, "s");
	for (int i = 0; i < RECORDS; i++)
		slow_say(SLOW_READER, "r");
	while (reader->client->session.frames < RECORDS) {
		uint64_t before = reader->client->session.frames;

		count = 0;
		(void)reader_run_turn(reader, &budget);
		if (reader->client->session.frames > before)
			looks += count;
	}
	party_end(&party);
	return looks;
}

TEST(the_clock_is_read_once_for_many_short_records)
{
	CHECK(count_looks("") < RECORDS / 2);
}

TEST(the_clock_is_read_after_each_record_where_a_pattern_may_need_long)
{
	CHECK(count_looks(".") >= RECORDS);
}

/* As a long record lets it: the hub has a turn in the middle of the reader's.
 */
static void
let_hub_read(void *context)
{
	struct party *party = context;

	loop_look(party->loop);
}

TEST(what_the_hub_reads_in_the_middle_of_a_turn_is_not_missed)
{
	struct reader *reader;
	struct party party;
	unsigned calls;

	party_begin(&party);
	slow_say(SLOW_LEADER, "s");
	for (int i = 0; stream_is_starting(party.hub->feed.stream) ||
			!source_watch_is_set(&party.hub->watch);
	     i++) {
		CHECK(i < PARTY_TURNS_MAX);
		turn_loop(party.loop);
	}
	reader = party_add(&party);
	party.readers.pause = (struct pause){let_hub_read, &party};
	/* Both are before the first record when the turn begins. */
	calls = slow_calls(SLOW_LEADER);
	slow_say(SLOW_LEADER, "r");
	slow_say(SLOW_READER, "s");
	(void)run(reader);
	CHECK(slow_calls(SLOW_LEADER) > calls);
	slow_say(SLOW_READER, "r");
	for (int i = 0; strstr(party_got(&party, 0), "data: 1\n") == NULL;
	     i++) {
		CHECK(i < PARTY_TURNS_MAX);
		turn_loop(party.loop);
	}
	party_end(&party);
}

/* Nothing is read for who takes nothing. */
TEST(a_client_with_a_rest_has_no_turn)
{
	struct reader *reader;
	struct party party;
	unsigned before;

	party_begin(&party);
	reader = party_add(&party);
	slow_say(SLOW_READER, "sr");
	CHECK_EQUAL_INT(
	    sse_buf_add(&reader->client->out.waiting, "rest", 4), 0);
	before = slow_calls(SLOW_READER);
	CHECK(!run(reader));
	CHECK_EQUAL_INT(slow_calls(SLOW_READER), before);
	sse_buf_clear(&reader->client->out.waiting);
	run_until(&party, reader, "data: 1\n");
	party_end(&party);
}

TEST(a_stream_that_is_not_served_any_more_ends_it)
{
	struct reader *reader;
	struct party party;

	party_begin(&party);
	reader = party_add(&party);
	slow_say(SLOW_READER, "sr");
	hub_retire(party.hub);
	CHECK(!run(reader));
	/* The reader is gone: END_REQUEST is what comes. */
	CHECK(strstr(party_got(&party, 0), "\1\3?\1") != NULL);
	CHECK_EQUAL_INT(party.readers.reading_count, 0);
	party_end(&party);
}

TEST(a_heartbeat_comes_when_nothing_else_does)
{
	static const struct {
		int64_t after_ms;
		int waits, told; /* why it waits, and what its client knows */
		const char *in;  /* what it gets; NULL: nothing */
	} cases[] = {
	    {14999, 0, 0, NULL},
	    {15000, 0, 0, SSE_HEARTBEAT},
	    {15000, -ENOENT, -ENOENT, SSE_HEARTBEAT},
	    {14999, -ENOENT, -ENOENT, NULL},
	    /* What is new is told at once. */
	    {1, -ENOENT, 0, "\n: "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reader *reader;
		struct party party;
		const char *got;

		party_begin(&party);
		reader = party_add(&party);
		reader->waits = cases[i].waits;
		reader->told_wait = cases[i].told;
		party_ms += cases[i].after_ms;
		reader_run_beat(reader, party_ms);
		got = party_got(&party, 0);
		printf("# case %zu: %s\n", i, got);
		if (cases[i].in == NULL)
			CHECK_EQUAL_TEXT(sse_slice(got), SLICE(""));
		else if (cases[i].waits == cases[i].told)
			CHECK(strstr(got, cases[i].in) != NULL);
		else
			CHECK(strlen(got) > sizeof(SSE_HEARTBEAT) + 8);
		/* Once. */
		reader_run_beat(reader, party_ms);
		CHECK_EQUAL_TEXT(sse_slice(party_got(&party, 0)), SLICE(""));
		party_end(&party);
		CHECK(unlink(test_path("slow.leader")) == 0);
		CHECK(unlink(test_path("slow.reader")) == 0);
	}
}
