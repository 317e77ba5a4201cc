/*
 * Requests that wait for their reader to start: when they are told of.
 */
#include "config.h"

#include "test.h"

#include "slow_party.h"
#include "undecided.h"

struct play {
	struct party party;
	struct undecided undecided;
	unsigned decided; /* how many were */
	bool done;        /* the one that was decided last */
};

static void
take_decided(void *context, struct client *client, struct reader *reader)
{
	struct play *play = context;

	CHECK(client->owner == NULL && reader->client == NULL);
	play->decided++;
	play->done = reader_is_done(reader);
	reader_free(reader);
	client_close(client, CLIENT_LEFT);
}

static void
begin(struct play *play)
{
	*play = (struct play){.decided = 0};
	party_begin(&play->party);
	/* Its own source listens at another way. */
	party_conf.follow = false;
	play->party.readers.reading_max = PARTY_MAX;
	CHECK_EQUAL_INT(
	    undecided_init(&play->undecided, play->party.loop, &party_clock),
	    0);
	play->undecided.decided = take_decided;
	play->undecided.context = play;
}

static void
end(struct play *play)
{
	while (play->party.clients.first != NULL)
		client_close(play->party.clients.first, CLIENT_LEFT);
	CHECK_EQUAL_INT(play->undecided.count, 0);
	CHECK_EQUAL_INT(play->party.hub->readers, 0);
	undecided_done(&play->undecided);
	party_end(&play->party);
}

static void
add(struct play *play)
{
	const struct stream_start start = {.since_ms = STREAM_SINCE_NONE,
	    .last_event_id = sse_slice("slow-0")};
	struct party *party = &play->party;
	struct reader *reader;

	party->peers[party->count++] =
	    peers_connect(&party->clients, PEERS_REQUEST);
	CHECK_EQUAL_INT(
	    reader_new(&party->readers, party->hub, &start, &reader), 0);
	CHECK(reader_may_be_done(reader));
	CHECK_EQUAL_INT(
	    undecided_add(&play->undecided, party->clients.first, reader), 0);
}

/* What was ready is done. */
static void
turn(struct play *play)
{
	for (int i = 0; i < 5; i++)
		turn_loop(play->party.loop);
}

static void
wait_for_decided(struct play *play, unsigned count)
{
	for (int i = 0; play->decided < count; i++) {
		CHECK(i < PARTY_TURNS_MAX);
		turn_loop(play->party.loop);
	}
}

TEST(it_is_decided_when_its_reader_has_started)
{
	static const struct {
		const char *answer;
		bool done;
	} cases[] = {{"s", false}, {"d", true}, {"..s", false}, {"e", false}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		begin(&play);
		add(&play);
		turn(&play);
		CHECK_EQUAL_INT(play.decided, 0);
		slow_say(SLOW_READER, cases[i].answer);
		wait_for_decided(&play, 1);
		CHECK_EQUAL_INT(play.done, cases[i].done);
		end(&play);
		party_conf.follow = true;
		CHECK(unlink(test_path("slow.leader")) == 0);
		CHECK(unlink(test_path("slow.reader")) == 0);
	}
}

TEST(it_waits_so_long_at_most)
{
	struct play play;

	begin(&play);
	add(&play);
	party_ms += UNDECIDED_MS - 1;
	slow_say(SLOW_READER, ".");
	turn(&play);
	CHECK_EQUAL_INT(play.decided, 0);
	party_ms++;
	wait_for_decided(&play, 1);
	CHECK(!play.done);
	end(&play);
}

/* Both readers listen at the same way: one of them hears it. */
TEST(each_is_decided_by_its_own_reader)
{
	struct play play;

	begin(&play);
	add(&play);
	add(&play);
	turn(&play);
	slow_say(SLOW_READER, "d");
	wait_for_decided(&play, 1);
	turn(&play);
	CHECK_EQUAL_INT(play.decided, 1);
	CHECK_EQUAL_INT(play.undecided.count, 1);
	slow_say(SLOW_READER, "s");
	wait_for_decided(&play, 2);
	CHECK(!play.done);
	end(&play);
}

TEST(who_goes_takes_the_reader_along)
{
	struct play play;

	begin(&play);
	add(&play);
	turn(&play);
	CHECK_EQUAL_INT(play.party.hub->readers, 1);
	client_close(play.party.clients.first, CLIENT_LEFT);
	CHECK_EQUAL_INT(play.party.hub->readers, 0);
	CHECK_EQUAL_INT(play.undecided.count, 0);
	turn(&play);
	CHECK_EQUAL_INT(play.decided, 0);
	end(&play);
}

TEST(it_ends_with_the_worker)
{
	struct play play;

	begin(&play);
	add(&play);
	turn(&play);
	client_end(play.party.clients.first);
	CHECK_EQUAL_INT(play.undecided.count, 0);
	CHECK_EQUAL_INT(play.decided, 0);
	end(&play);
}

static void
count(void *context, bool readable, bool writable)
{
	(void)writable;
	*(unsigned *)context += readable;
}

/* Of what a source has closed, as a connection to another node would be. */
TEST(a_number_that_is_another_ones_by_now_is_not_touched)
{
	struct loop_watch *watch;
	unsigned before, told = 0;
	int beyond, fds[2];
	struct play play;

	begin(&play);
	add(&play);
	turn(&play);
	beyond = dup(STDIN_FILENO);
	before = slow_calls(SLOW_READER);
	slow_say(SLOW_READER, "c");
	while (slow_calls(SLOW_READER) == before)
		turn_loop(play.party.loop);
	CHECK(pipe(fds) == 0 && fds[0] < beyond);
	watch = loop_watch_new(play.party.loop, fds[0], count, &told);
	CHECK(watch != NULL && loop_watch_set(watch, true, false) == 0);
	turn(&play);
	CHECK_EQUAL_INT(write(fds[1], "", 1), 1);
	turn(&play);
	CHECK(told > 0);
	loop_watch_free(watch);
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(beyond);
	end(&play);
}

/* Whose stream is not served any more is decided on anew. */
TEST(after_a_reload_nobody_is_waited_for)
{
	struct play play;

	begin(&play);
	add(&play);
	turn(&play);
	play.party.hub->retired = true;
	slow_say(SLOW_READER, ".");
	wait_for_decided(&play, 1);
	play.party.hub->retired = false;
	end(&play);
}
