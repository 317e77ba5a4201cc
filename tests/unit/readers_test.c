/*
 * Readers of a worker, and whose turn it is.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "slow_party.h"

static void
wait_for(struct party *party, size_t i, const char *words)
{
	for (int j = 0; strstr(party_got(party, i), words) == NULL; j++) {
		CHECK(j < PARTY_TURNS_MAX);
		turn_loop(party->loop);
	}
}

TEST(so_many_read_at_once_and_the_others_wait)
{
	static const struct {
		size_t max, readers, reading;
	} cases[] = {{1, 1, 1}, {1, 3, 1}, {2, 3, 2}, {3, 3, 3}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct party party;

		party_begin(&party);
		party.readers.reading_max = cases[i].max;
		for (size_t j = 0; j < cases[i].readers; j++)
			(void)party_add(&party);
		CHECK_EQUAL_INT(party.readers.reading_count, cases[i].reading);
		CHECK_EQUAL_INT(readers_waiting(&party.readers),
		    cases[i].readers - cases[i].reading);
		CHECK_EQUAL_INT(party.hub->readers, cases[i].readers);
		party_end(&party);
		CHECK(unlink(test_path("slow.leader")) == 0);
		CHECK(unlink(test_path("slow.reader")) == 0);
	}
}

TEST(who_waits_longest_has_the_place_of_one_that_goes)
{
	struct reader *second;
	struct party party;

	party_begin(&party);
	(void)party_add(&party);
	second = party_add(&party);
	(void)party_add(&party);
	CHECK_EQUAL_INT(readers_waiting(&party.readers), 2);
	client_close(party.clients.first->next->next, CLIENT_LEFT);
	CHECK_EQUAL_INT(party.readers.reading_count, 0);
	for (int i = 0; party.readers.reading_count == 0; i++) {
		CHECK(i < PARTY_TURNS_MAX);
		turn_loop(party.loop);
	}
	CHECK(second->reading);
	CHECK_EQUAL_INT(readers_waiting(&party.readers), 1);
	slow_say(SLOW_READER, "sr");
	wait_for(&party, 1, "data: 1\n");
	party_end(&party);
}

TEST(memory_for_frames_is_given_back_when_nobody_reads)
{
	struct party party;

	party_begin(&party);
	(void)party_add(&party);
	slow_say(SLOW_READER, "sr");
	wait_for(&party, 0, "data: 1\n");
	CHECK(party.readers.frames.capacity > 0);
	client_close(party.clients.first, CLIENT_LEFT);
	for (int i = 0; party.readers.frames.capacity > 0; i++) {
		CHECK(i < PARTY_TURNS_MAX);
		turn_loop(party.loop);
	}
	party_end(&party);
}

static void
let_read(struct party *party)
{
	loop_timer_set(party->readers.timer, 0);
	turn_loop(party->loop);
}

TEST(one_that_had_its_turn_goes_on_where_nobody_waits)
{
	struct reader *reader;
	struct party party;

	party_begin(&party);
	reader = party_add(&party);
	slow_say(SLOW_READER, "sr");
	wait_for(&party, 0, "data: 1\n");
	party_ms += READER_QUANTUM_MS;
	slow_say(SLOW_READER, "r");
	wait_for(&party, 0, "data: 2\n");
	CHECK(reader->reading);
	party_end(&party);
}

/* After its quantum, and not before. */
TEST(one_that_had_its_turn_waits_behind_the_others)
{
	struct reader *first, *second;
	struct party party;

	party_begin(&party);
	first = party_add(&party);
	slow_say(SLOW_READER, "sr");
	wait_for(&party, 0, "data: 1\n");
	second = party_add(&party);
	party_ms += READER_QUANTUM_MS - 1;
	for (int i = 0; i < 10; i++)
		let_read(&party);
	CHECK(first->reading && !second->reading);
	party_ms++;
	for (int i = 0; !second->reading; i++) {
		CHECK(i < PARTY_TURNS_MAX);
		let_read(&party);
	}
	CHECK(!first->reading && first->has_position);
	CHECK_EQUAL_INT(readers_waiting(&party.readers), 1);
	party_end(&party);
}

/* Else nobody has its place until all those were tried, 16 in 250 ms. */
TEST(who_could_not_start_is_not_in_the_way_of_others)
{
	struct reader *first, *second, *third;
	struct party party;

	party_begin(&party);
	first = party_add(&party);
	second = party_add(&party);
	third = party_add(&party);
	second->waits = -ENOENT;
	second->tried_ms -= READER_LOOK_MS;
	/* As many as may be were tried just now. */
	party.readers.failed_ms = party_ms;
	party.readers.failed = READER_STARTS_MAX;
	client_close(first->client, CLIENT_LEFT);
	for (int i = 0; i < 10; i++)
		let_read(&party);
	CHECK(third->reading && !second->reading);
	party_end(&party);
}

static void
wait_for_the_hub(struct party *party, bool is_cut_off)
{
	for (int i = 0; party->hub->is_cut_off != is_cut_off; i++) {
		CHECK(i < PARTY_TURNS_MAX);
		turn_loop(party->loop);
	}
}

/* Others may need its place, and there may be many of the same server. */
TEST(who_cannot_start_without_its_server_keeps_no_place)
{
	struct party party;
	unsigned calls;

	party_begin(&party);
	slow_say(SLOW_LEADER, "se");
	(void)party_add(&party);
	(void)party_add(&party);
	wait_for_the_hub(&party, true);
	party_ms += READER_QUANTUM_MS;
	let_read(&party);
	CHECK_EQUAL_INT(party.readers.reading_count, 0);
	/* Nor has one that comes. */
	(void)party_add(&party);
	CHECK_EQUAL_INT(party.readers.reading_count, 0);
	CHECK_EQUAL_INT(readers_waiting(&party.readers), 3);
	calls = slow_calls(SLOW_READER);
	for (int i = 0; i < 10; i++) {
		party_ms += READER_QUANTUM_MS;
		let_read(&party);
	}
	CHECK_EQUAL_INT(slow_calls(SLOW_READER), calls);
	/* It begins anew, with its id. */
	slow_say(SLOW_LEADER, "r");
	wait_for_the_hub(&party, false);
	slow_say(SLOW_READER, "sr");
	wait_for(&party, 1, "data: 1\n");
	party_end(&party);
}

/* Where the hub has nothing to ask any more, and does not know of it. */
TEST(who_has_failed_and_not_started_gives_its_place_to_others)
{
	struct reader *first, *second;
	struct party party;

	party_begin(&party);
	first = party_add(&party);
	second = party_add(&party);
	party_ms += READER_QUANTUM_MS;
	let_read(&party);
	/* It may be about to start. */
	CHECK(first->reading);
	slow_say(SLOW_READER, "w");
	for (int i = 0; !second->reading; i++) {
		CHECK(i < PARTY_TURNS_MAX);
		let_read(&party);
	}
	CHECK(!first->reading && !first->has_position);
	party_end(&party);
}

/* Those who read, and those who wait; of that hub. */
TEST(readers_of_a_hub_that_is_retired_are_dismissed)
{
	struct hub_followers followers;
	struct budget budget;
	struct party party;

	party_begin(&party);
	(void)party_add(&party);
	(void)party_add(&party);
	hub_retire(party.hub);
	followers = readers_followers(&party.readers);
	budget = budget_begin(&party_clock, 5);
	CHECK(!followers.dismiss(followers.context, party.hub, &budget));
	CHECK_EQUAL_INT(party.readers.reading_count, 0);
	CHECK_EQUAL_INT(readers_waiting(&party.readers), 0);
	CHECK_EQUAL_INT(party.hub->readers, 0);
	for (size_t i = 0; i < 2; i++)
		CHECK(strstr(party_got(&party, i), "\1\3?\1") != NULL);
	party_end(&party);
}

/* As a search that takes long: its turn is over when it has had a look. */
static void
spend(void *context)
{
	(void)context;
	party_ms++;
}

/* However busy the others are, no server gives them up. */
TEST(who_waits_has_heartbeats_while_others_are_busy)
{
	struct party party;
	int64_t until_ms;

	party_begin(&party);
	for (size_t i = 0; i < PARTY_MAX; i++)
		(void)party_add(&party);
	CHECK_EQUAL_INT(party.readers.reading_count, 1);
	party.readers.pause = (struct pause){spend, NULL};
	until_ms = party_ms + party_conf.heartbeat_ms + 2 * READER_LOOK_MS;
	while (party_ms < until_ms) {
		slow_say(SLOW_READER, ".");
		let_read(&party);
	}
	for (size_t i = 1; i < PARTY_MAX; i++)
		CHECK(strstr(party_got(&party, i), ":\n") != NULL);
	party_end(&party);
}
