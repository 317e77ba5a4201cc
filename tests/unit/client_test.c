/*
 * A crowd of clients on socket pairs, and what is done with all of them: a
 * part in each turn of the loop.  The clock goes on by a millisecond with each
 * look at it, so that a turn's budget is enough for a few.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients.h"
#include "fanout.h"
#include "peers.h"

#define MANY 200
#define FEW 20 /* more than a turn's budget is enough for */
#define TURNS_MAX 2000

struct crowd {
	struct loop *loop;
	struct clients clients;
	struct backlog *backlog;
	struct fanout fanout;
	int peers[MANY];
	size_t count;
	size_t closed;
	enum client_why why;
};

static int64_t clock_ms;
static int64_t step_ms; /* of each look */

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return clock_ms += step_ms;
}

static const struct sse_clock stepping = {.monotonic_ms = monotonic_ms};

static void
take_request(void *context, struct client *client)
{
	struct crowd *crowd = context;

	client_forget_request(client);
	CHECK_EQUAL_INT(
	    fanout_add(&crowd->fanout, client, backlog_head(crowd->backlog)),
	    0);
}

static void
take_closed(void *context, enum client_why why)
{
	struct crowd *crowd = context;

	crowd->closed++;
	crowd->why = why;
}

static void
begin(struct crowd *crowd)
{
	memset(crowd, 0, sizeof(*crowd));
	clock_ms = step_ms = 0;
	CHECK_EQUAL_INT(loop_new(&crowd->loop), 0);
	CHECK_EQUAL_INT(
	    clients_init(&crowd->clients, crowd->loop, &stepping), 0);
	crowd->clients.clients_max = MANY;
	crowd->clients.request = take_request;
	crowd->clients.closed = take_closed;
	crowd->clients.context = crowd;
	CHECK_EQUAL_INT(backlog_new(65536, &crowd->backlog), 0);
	fanout_init(&crowd->fanout, crowd->backlog);
}

static void
end(struct crowd *crowd)
{
	clients_done(&crowd->clients);
	fanout_done(&crowd->fanout);
	backlog_free(crowd->backlog);
	loop_free(crowd->loop);
	for (size_t i = 0; i < crowd->count; i++)
		close(crowd->peers[i]);
}

/* One comes, and says that. */
static void
come(struct crowd *crowd, struct sse_slice said)
{
	crowd->peers[crowd->count++] = peers_connect(&crowd->clients, said);
}

static void
subscribe(struct crowd *crowd, size_t count)
{
	while (count-- > 0)
		come(crowd, PEERS_REQUEST);
}

static void
publish(struct crowd *crowd, const char *data)
{
	struct sse_event event = {.data = sse_slice(data)};
	size_t size = sse_encode_size(&event);
	char *room = backlog_reserve(crowd->backlog, size);

	CHECK(sse_encode(&event, room, size) == (ssize_t)size);
	backlog_commit(crowd->backlog, size, BACKLOG_RECORD, event.id);
}

/* The end of STDOUT, END_REQUEST, and the end; before it, what was sent. */
static bool
was_ended(int peer, const char *before)
{
	char got[1000];
	ssize_t size = read(peer, got, sizeof(got));
	size_t skipped = before[0] != '\0' ? WIRE_HEADER_SIZE : 0;

	return size == (ssize_t)(skipped + strlen(before) + WIRE_FINISH_SIZE) &&
	       memcmp(got + skipped, before, strlen(before)) == 0 &&
	       got[size - WIRE_FINISH_SIZE + 1] == WIRE_STDOUT &&
	       got[size - WIRE_FINISH_SIZE + 9] == WIRE_END_REQUEST &&
	       read(peer, got, 1) == 0;
}

/* Turns until nobody is there: how many. */
static int
turns_until_all_gone(struct crowd *crowd)
{
	int turns = 0;

	while (crowd->clients.count > 0) {
		CHECK(++turns < TURNS_MAX);
		turn_loop(crowd->loop);
	}
	return turns;
}

/* ------------------------------------------------- unfinished requests -- */

/* The beginning of a record of 60000 bytes. */
static void
say_part(struct crowd *crowd, enum wire_type type, size_t size)
{
	static char said[WIRE_HEADER_SIZE + WIRE_BODY_SIZE + 40000];
	struct sse_buf records;
	size_t begin = 0;

	sse_buf_init(&records, 100);
	if (type == WIRE_PARAMS) {
		CHECK_EQUAL_INT(wire_begin_request(&records, 1, 0), 0);
		begin = records.size;
		memcpy(said, records.data, begin);
	}
	sse_buf_done(&records);
	wire_header(said + begin, type, type == WIRE_PARAMS, 60000);
	come(crowd, (struct sse_slice){said, begin + WIRE_HEADER_SIZE + size});
}

/* It is memory that is limited, and not what is in it. */
TEST(what_is_allocated_for_unfinished_requests_is_counted)
{
	static const struct {
		enum wire_type type;
		size_t size, held;
	} cases[] = {
	    {WIRE_PARAMS, 1, 256},
	    {WIRE_PARAMS, 256, 256},
	    {WIRE_PARAMS, 257, 512},
	    {WIRE_PARAMS, 8000, 8192},
	    {WIRE_GET_VALUES, 300, 512},
	};
	struct crowd crowd;
	size_t all = 0;

	begin(&crowd);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		say_part(&crowd, cases[i].type, cases[i].size);
		all += cases[i].held;
		CHECK_EQUAL_INT(crowd.clients.params.size, all);
	}
	while (crowd.clients.first != NULL)
		client_close(crowd.clients.first, CLIENT_LEFT);
	CHECK_EQUAL_INT(crowd.clients.params.size, 0);
	end(&crowd);
}

/* ------------------------------------------------------------- the end -- */

TEST(all_that_say_nothing_are_closed_in_some_turns)
{
	struct crowd crowd;

	begin(&crowd);
	while (crowd.count < MANY)
		come(&crowd, SLICE(""));
	step_ms = 1;
	clients_end(&crowd.clients);
	CHECK(crowd.closed > 0 && crowd.closed <= FEW);
	CHECK(turns_until_all_gone(&crowd) >= MANY / FEW);
	CHECK_EQUAL_INT(crowd.closed, MANY);
	CHECK_EQUAL_INT(crowd.why, CLIENT_STOPPED);
	end(&crowd);
}

TEST(all_subscribers_are_asked_to_end_once)
{
	struct crowd crowd;
	int turns = 0;

	begin(&crowd);
	subscribe(&crowd, MANY);
	step_ms = 1;
	clients_end(&crowd.clients);
	CHECK(crowd.fanout.count < MANY);
	CHECK(crowd.fanout.count >= MANY - FEW);
	for (; crowd.fanout.count > 0; turns++) {
		CHECK(turns < TURNS_MAX);
		turn_loop(crowd.loop);
	}
	CHECK(turns >= MANY / FEW - 1);
	for (size_t i = 0; i < MANY; i++)
		CHECK(was_ended(crowd.peers[i], ""));
	end(&crowd);
}

/* Those that leave while others are asked do not lead it astray. */
TEST(some_leave_while_all_are_asked_to_end)
{
	for (size_t every = 2; every < 7; every++) {
		struct crowd crowd;

		begin(&crowd);
		subscribe(&crowd, MANY);
		step_ms = 1;
		clients_end(&crowd.clients);
		for (size_t i = 0; i < MANY; i += every) {
			close(crowd.peers[i]);
			crowd.peers[i] = -1;
		}
		for (int turns = 0; crowd.fanout.count > 0; turns++) {
			CHECK(turns < TURNS_MAX);
			turn_loop(crowd.loop);
		}
		for (size_t i = 0; i < MANY; i++)
			CHECK(crowd.peers[i] < 0 ||
			      was_ended(crowd.peers[i], ""));
		end(&crowd);
	}
}

/* ------------------------------------------------------------ a stream -- */

TEST(a_stream_that_ends_is_ended_in_some_turns)
{
	static const enum client_why whys[] = {CLIENT_ENDED, CLIENT_RELOADED};

	for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++) {
		struct crowd crowd;
		bool more = true, late = false;

		begin(&crowd);
		subscribe(&crowd, MANY - 1);
		for (int turns = 0; more; turns++) {
			struct budget budget;
			size_t before = crowd.fanout.count;

			step_ms = 1;
			budget = budget_begin(&stepping, 10);
			more = fanout_end(&crowd.fanout, whys[i], &budget);
			step_ms = 0;
			CHECK(before - crowd.fanout.count <= FEW);
			CHECK(turns < TURNS_MAX);
			/* One that comes meanwhile is not forgotten. */
			if (!late)
				subscribe(&crowd, 1);
			late = true;
		}
		CHECK_EQUAL_INT(crowd.fanout.count, 0);
		for (size_t j = 0; j < MANY; j++)
			CHECK(was_ended(crowd.peers[j], ""));
		end(&crowd);
	}
}

/* A budget that is over at once is enough for one, whatever was before. */
TEST(each_turn_ends_one_at_least)
{
	struct crowd crowd;
	const char *frame = "data: x\n\n";
	struct budget budget;

	begin(&crowd);
	subscribe(&crowd, FEW);
	publish(&crowd, "x");
	for (size_t i = FEW; i > 0; i--) {
		budget = budget_begin(&stepping, 0);
		CHECK(fanout_end(&crowd.fanout, CLIENT_ENDED, &budget) ==
		      (i > 1));
		CHECK_EQUAL_INT(crowd.fanout.count, i - 1);
	}
	for (size_t i = 0; i < FEW; i++)
		CHECK(was_ended(crowd.peers[i], frame));
	end(&crowd);
}

/* --------------------------------------------------------------- times -- */

/* Turns of clients_tick() until it has nothing to do at once: how many. */
static int
ticks(struct crowd *crowd)
{
	int count = 1;

	step_ms = 1;
	while (clients_tick(&crowd->clients) == 0)
		CHECK(++count < TURNS_MAX);
	step_ms = 0;
	return count;
}

TEST(requests_that_are_too_slow_are_closed_in_some_turns)
{
	struct crowd crowd;

	begin(&crowd);
	while (crowd.count < MANY)
		come(&crowd, SLICE("\1"));
	CHECK_EQUAL_INT(ticks(&crowd), 1);
	clock_ms += CLIENT_INTAKE_MS;
	CHECK(ticks(&crowd) >= MANY / FEW);
	CHECK_EQUAL_INT(crowd.closed, MANY);
	CHECK_EQUAL_INT(crowd.why, CLIENT_TOO_SLOW);
	end(&crowd);
}

TEST(those_of_the_same_age_are_ended_in_some_turns)
{
	struct crowd crowd;

	begin(&crowd);
	subscribe(&crowd, MANY);
	for (struct client *client = crowd.clients.first; client != NULL;
	     client = client->next)
		client->end_ms = 1000;
	CHECK_EQUAL_INT(ticks(&crowd), 1);
	CHECK_EQUAL_INT(crowd.fanout.count, MANY);
	clock_ms = 1000;
	CHECK(ticks(&crowd) >= MANY / FEW);
	CHECK_EQUAL_INT(crowd.fanout.count, 0);
	for (size_t i = 0; i < MANY; i++)
		CHECK(was_ended(crowd.peers[i], ""));
	end(&crowd);
}
