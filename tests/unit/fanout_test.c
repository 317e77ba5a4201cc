/*
 * Subscribers on socket pairs.  send(2) and sendmsg(2) take as much as a test
 * says: so a record is cut at every byte, and what arrives must be the same.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clients.h"
#include "connection.h"
#include "fanout.h"
#include "peers.h"
#include "send_room.h"

/* --------------------------------------------------------------- the set -- */

struct play {
	struct loop *loop;
	struct clients clients;
	struct backlog *backlog;
	struct fanout fanout;
	struct client *client;
	int peer;
	int requests;
	int closed;
	enum client_why why;
	char got[300000];
	size_t got_size;
};

static void
take_request(void *context, struct client *client)
{
	struct play *play = context;

	play->requests++;
	play->client = client;
	client_forget_request(client);
	CHECK_EQUAL_INT(
	    fanout_add(&play->fanout, client, backlog_head(play->backlog)), 0);
}

static void
take_closed(void *context, enum client_why why)
{
	struct play *play = context;

	play->closed++;
	play->why = why;
}

/* A few turns of the loop. */
static void
turn(struct play *play)
{
	for (int i = 0; i < 4; i++)
		turn_loop(play->loop);
}

static void
say(struct play *play, struct sse_slice bytes)
{
	CHECK(write(play->peer, bytes.data, bytes.size) == (ssize_t)bytes.size);
	turn(play);
}

/* A request with that id and these flags. */
static void
ask(struct play *play, uint16_t id, uint8_t flags)
{
	struct sse_buf records;

	sse_buf_init(&records, 10000);
	CHECK_EQUAL_INT(wire_begin_request(&records, id, flags), 0);
	CHECK_EQUAL_INT(wire_params(&records, id, SLICE("\1\1ab")), 0);
	say(play, sse_buf_slice(&records));
	sse_buf_done(&records);
}

static void
come(struct play *play)
{
	memset(play, 0, sizeof(*play));
	send_room = -1;
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	peers_init(&play->clients, play->loop, sse_clock_system(), 5);
	play->clients.request = take_request;
	play->clients.closed = take_closed;
	play->clients.context = play;
	CHECK_EQUAL_INT(backlog_new(65536, &play->backlog), 0);
	fanout_init(&play->fanout, play->backlog);
	play->peer = peers_connect(&play->clients, SLICE(""));
}

static void
end_all(struct play *play, enum client_why why)
{
	struct budget budget = budget_begin(play->clients.clock, 10000);

	CHECK(!fanout_end(&play->fanout, why, &budget));
}

static void
leave(struct play *play)
{
	send_room = -1;
	clients_done(&play->clients);
	CHECK_EQUAL_INT(play->fanout.count, 0);
	fanout_done(&play->fanout);
	backlog_free(play->backlog);
	loop_free(play->loop);
	close(play->peer);
}

static void
publish(struct play *play, const char *data)
{
	struct sse_event event = {.data = sse_slice(data)};
	uint64_t from = backlog_head(play->backlog);
	size_t size = sse_encode_size(&event);
	char *bytes = backlog_reserve(play->backlog, size);
	int sends = 100;

	CHECK(sse_encode(&event, bytes, size) > 0);
	backlog_commit(play->backlog, size, BACKLOG_RECORD, event.id);
	fanout_begin(&play->fanout, from);
	while (play->fanout.running && sends > 0)
		(void)fanout_run(&play->fanout, &sends);
	CHECK(sends > 0);
}

static void
read_all(struct play *play)
{
	ssize_t got;

	while ((got = read(play->peer, play->got + play->got_size,
		    sizeof(play->got) - play->got_size)) > 0)
		play->got_size += (size_t)got;
}

static bool
sees_the_end(const struct play *play)
{
	char byte;

	return recv(play->peer, &byte, 1, MSG_PEEK) == 0;
}

/* The web server closes, too. */
static void
hang_up(struct play *play)
{
	CHECK(shutdown(play->peer, SHUT_WR) == 0);
	turn(play);
}

/* The records that arrived, as "TYPE.ID:CONTENT " with STDOUT joined. */
static void
check_got(int line, struct play *play, const char *want)
{
	struct sse_slice bytes;
	char text[4096] = "";
	size_t size = 0;
	int last = 0;

	read_all(play);
	bytes = (struct sse_slice){play->got, play->got_size};
	while (bytes.size >= WIRE_HEADER_SIZE) {
		const unsigned char *header = (const void *)bytes.data;
		size_t content = (size_t)header[4] << 8 | header[5];
		size_t all = WIRE_HEADER_SIZE + content + header[6];

		if (all > bytes.size)
			break;
		if (header[1] != WIRE_STDOUT || last != WIRE_STDOUT ||
		    content == 0)
			size += (size_t)snprintf(text + size,
			    sizeof(text) - size, "%s%d.%d:", size ? " " : "",
			    header[1], header[2] << 8 | header[3]);
		for (size_t i = 0; header[1] == WIRE_STDOUT && i < content; i++)
			text[size++] = bytes.data[WIRE_HEADER_SIZE + i];
		last = header[1];
		bytes.data += all;
		bytes.size -= all;
	}
	text[size] = '\0';
	test_equal_text(__FILE__, line, sse_slice(text), sse_slice(want));
	test_equal_int(__FILE__, line, (long long)bytes.size, 0);
	play->got_size = 0;
}

#define CHECK_GOT(play, want) check_got(__LINE__, play, want)

/* --------------------------------------------------------------- the tests --
 */

TEST(a_frame_is_a_record_with_the_own_id)
{
	struct play play;

	come(&play);
	ask(&play, 259, 0);
	CHECK_EQUAL_INT(play.requests, 1);
	publish(&play, "a");
	publish(&play, "b");
	read_all(&play);
	CHECK_EQUAL_INT(play.got_size, 2 * (8 + 9));
	CHECK_GOT(&play, "6.259:data: a\n\ndata: b\n\n");
	leave(&play);
}

/* Cut at every byte of two records and the end: it arrives all the same. */
TEST(a_record_that_is_taken_in_pieces_is_whole)
{
	for (long cut = 0; cut <= 60; cut++) {
		struct play play;

		come(&play);
		ask(&play, 1, 0);
		send_room = cut;
		send_interrupted = cut % 3 == 0;
		publish(&play, "first");
		publish(&play, "second");
		send_room = 3;
		turn(&play);
		send_room = -1;
		turn(&play);
		publish(&play, "third");
		CHECK_GOT(&play,
		    "6.1:data: first\n\ndata: second\n\ndata: third\n\n");
		CHECK_EQUAL_INT(play.closed, 0);
		leave(&play);
	}
}

/* A reply comes between two records, never into one. */
TEST(a_management_reply_waits_for_the_record)
{
	static const char unknown[] = {1, 77, 0, 0, 0, 0, 0, 0};

	for (long cut = 0; cut <= 20; cut++) {
		struct play play;

		come(&play);
		ask(&play, 1, 0);
		send_room = cut;
		publish(&play, "first");
		say(&play, (struct sse_slice){unknown, sizeof(unknown)});
		send_room = -1;
		turn(&play);
		publish(&play, "second");
		if (cut == 0)
			CHECK_GOT(&play, "11.0: 6.1:data: first\n\n"
					 "data: second\n\n");
		else
			CHECK_GOT(&play, "6.1:data: first\n\n 11.0: "
					 "6.1:data: second\n\n");
		leave(&play);
	}
}

TEST(one_that_is_behind_gets_a_run)
{
	struct play play;

	come(&play);
	ask(&play, 1, 0);
	send_room = 0;
	for (int i = 0; i < 10; i++)
		publish(&play, "x");
	send_room = -1;
	turn(&play);
	read_all(&play);
	CHECK_EQUAL_INT(play.got_size, 8 + 10 * 9);
	leave(&play);
}

static void
check_sums(int line, const struct play *play, uint64_t frames, uint64_t bytes,
    uint64_t lag)
{
	const struct fanout_sums sums = fanout_sums(&play->fanout);

	test_equal_int(
	    __FILE__, line, (long long)sums.frames, (long long)frames);
	test_equal_int(__FILE__, line, (long long)sums.bytes, (long long)bytes);
	test_equal_int(__FILE__, line, (long long)sums.lag, (long long)lag);
}

#define CHECK_SUMS(play, frames, bytes, lag) \
	check_sums(__LINE__, play, frames, bytes, lag)

/* Of those that are there, whole frames and all bytes; "data: x" has 9. */
TEST(sums_are_of_what_each_was_sent)
{
	struct play play;
	int other;

	come(&play);
	CHECK_SUMS(&play, 0, 0, 0);
	publish(&play, "before");
	ask(&play, 1, 0);
	CHECK_SUMS(&play, 0, 0, 0);
	publish(&play, "x");
	CHECK_SUMS(&play, 1, 9, 0);
	send_room = WIRE_HEADER_SIZE + 5;
	publish(&play, "y");
	CHECK_SUMS(&play, 1, 9 + 5, 4);
	other = peers_connect(&play.clients, SLICE(""));
	CHECK_EQUAL_INT(fanout_add(&play.fanout, play.clients.first,
			    backlog_head(play.backlog)),
	    0);
	send_room = -1;
	publish(&play, "z");
	CHECK_SUMS(&play, 1 + 1, 9 + 5 + 9, 4 + 9);
	client_close(play.clients.first, CLIENT_LEFT);
	CHECK_SUMS(&play, 1, 9 + 5, 4 + 9);
	turn(&play);
	CHECK_SUMS(&play, 3, 3 * 9, 0);
	leave(&play);
	close(other);
}

TEST(one_that_is_too_far_behind_is_closed)
{
	char data[10000];
	struct play play;

	memset(data, 'x', sizeof(data));
	data[sizeof(data) - 1] = '\0';
	come(&play);
	ask(&play, 1, 0);
	send_room = 20;
	for (int i = 0; i < 10; i++)
		publish(&play, data);
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_OVERRUN);
	CHECK_EQUAL_INT(play.why, CLIENT_OVERRUN);
	leave(&play);
}

TEST(an_end_completes_the_frame)
{
	for (long cut = 0; cut <= 40; cut++) {
		struct play play;

		come(&play);
		ask(&play, 1, 0);
		send_room = cut;
		publish(&play, "first");
		publish(&play, "second");
		end_all(&play, CLIENT_STOPPED);
		send_room = -1;
		turn(&play);
		turn(&play);
		read_all(&play);
		CHECK(sees_the_end(&play));
		if (cut == 0)
			CHECK_GOT(&play, "6.1: 3.1:");
		else if (cut <= 21)
			CHECK_GOT(&play, "6.1:data: first\n\n 6.1: 3.1:");
		else
			CHECK_GOT(&play, "6.1:data: first\n\ndata: second\n\n"
					 " 6.1: 3.1:");
		leave(&play);
	}
}

TEST(an_end_after_all_that_there_is)
{
	struct play play;

	come(&play);
	ask(&play, 1, 0);
	send_room = 0;
	publish(&play, "first");
	publish(&play, "second");
	end_all(&play, CLIENT_ENDED);
	send_room = -1;
	turn(&play);
	CHECK_GOT(&play, "6.1:data: first\n\ndata: second\n\n 6.1: 3.1:");
	leave(&play);
}

TEST(a_kept_connection_takes_the_next_request)
{
	static const char abort_7[] = {1, 2, 0, 7, 0, 0, 0, 0};
	struct play play;

	come(&play);
	for (int i = 0; i < 100; i++) {
		ask(&play, 7, WIRE_KEEP_CONN);
		publish(&play, "x");
		say(&play, (struct sse_slice){abort_7, sizeof(abort_7)});
		CHECK_GOT(&play, "6.7:data: x\n\n 6.7: 3.7:");
	}
	CHECK_EQUAL_INT(play.requests, 100);
	CHECK_EQUAL_INT(play.closed, 0);
	ask(&play, 7, 0);
	say(&play, (struct sse_slice){abort_7, sizeof(abort_7)});
	CHECK_GOT(&play, "6.7: 3.7:");
	CHECK(sees_the_end(&play));
	hang_up(&play);
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_DONE);
	leave(&play);
}

TEST(after_the_end_the_rest_of_the_request_is_taken)
{
	static char body[70000];
	struct play play;

	come(&play);
	ask(&play, 1, 0);
	end_all(&play, CLIENT_STOPPED);
	CHECK_GOT(&play, "6.1: 3.1:");
	CHECK(sees_the_end(&play));
	/* No record of FastCGI, even. */
	for (int i = 0; i < 5; i++)
		say(&play, (struct sse_slice){body, sizeof(body)});
	CHECK_EQUAL_INT(play.closed, 0);
	CHECK_EQUAL_INT(play.requests, 1);
	hang_up(&play);
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_DONE);
	leave(&play);
}

TEST(a_peer_that_has_gone_costs_nobody_else)
{
	struct play play;
	int other;

	come(&play);
	ask(&play, 1, 0);
	other = peers_connect(&play.clients, SLICE(""));
	close(play.peer);
	play.peer = other;
	ask(&play, 2, 0);
	publish(&play, "a");
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_LEFT);
	publish(&play, "b");
	CHECK_GOT(&play, "6.2:data: a\n\ndata: b\n\n");
	CHECK_EQUAL_INT(play.fanout.count, 1);
	leave(&play);
}

TEST(what_is_no_fastcgi_is_closed)
{
	struct play play;

	come(&play);
	say(&play, SLICE("GET / HTTP/1.1\r\n\r\n"));
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_MALFORMED);
	leave(&play);
}

/* ----------------------------------------------------------------- times -- */

static int64_t ahead_ms;

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return sse_clock_monotonic_ms(sse_clock_system()) + ahead_ms;
}

static const struct sse_clock turned = {.monotonic_ms = monotonic_ms};

TEST(a_request_has_a_deadline)
{
	struct play play;

	come(&play);
	play.clients.clock = &turned;
	ahead_ms = CLIENT_INTAKE_MS - 1000;
	CHECK(clients_tick(&play.clients) <= 1000);
	CHECK_EQUAL_INT(play.closed, 0);
	ahead_ms = CLIENT_INTAKE_MS;
	(void)clients_tick(&play.clients);
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_TOO_SLOW);
	leave(&play);
}

TEST(a_peer_that_does_not_close_has_a_deadline)
{
	struct play play;

	ahead_ms = 0;
	come(&play);
	play.clients.clock = &turned;
	ask(&play, 1, 0);
	end_all(&play, CLIENT_STOPPED);
	CHECK(clients_tick(&play.clients) <= CLIENT_LINGER_MS);
	CHECK_EQUAL_INT(play.closed, 0);
	ahead_ms = CLIENT_LINGER_MS;
	(void)clients_tick(&play.clients);
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_DONE);
	leave(&play);
}

TEST(one_that_has_its_answer_makes_room_for_others)
{
	struct play play;

	come(&play);
	ask(&play, 1, 0);
	CHECK(!clients_are_idle(&play.clients));
	CHECK(clients_find_idle(&play.clients) == NULL);
	CHECK_EQUAL_INT(play.closed, 0);
	end_all(&play, CLIENT_STOPPED);
	CHECK(clients_are_idle(&play.clients));
	clients_close_idle(clients_find_idle(&play.clients));
	CHECK_EQUAL_INT(play.closed, 1);
	leave(&play);
}

TEST(one_that_takes_nothing_for_write_timeout_is_closed)
{
	struct play play;

	ahead_ms = 0;
	come(&play);
	play.clients.clock = &turned;
	ask(&play, 1, 0);
	play.client->write_timeout_ms = 5000;
	CHECK_EQUAL_INT(clients_tick(&play.clients), INT64_MAX);
	send_room = 4;
	publish(&play, "a");
	ahead_ms = 4000;
	CHECK(clients_tick(&play.clients) <= 1000);
	/* It takes a little: the time begins anew. */
	send_room = 3;
	turn(&play);
	ahead_ms = 8000;
	(void)clients_tick(&play.clients);
	CHECK_EQUAL_INT(play.closed, 0);
	ahead_ms = 9001;
	(void)clients_tick(&play.clients);
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_STALLED);
	leave(&play);
}

TEST(max_age_ends_it_in_good_order)
{
	struct play play;

	ahead_ms = 0;
	come(&play);
	play.clients.clock = &turned;
	ask(&play, 1, 0);
	play.client->end_ms = monotonic_ms(NULL) + 1000;
	publish(&play, "a");
	CHECK(clients_tick(&play.clients) <= 1000);
	ahead_ms = 1000;
	(void)clients_tick(&play.clients);
	CHECK_GOT(&play, "6.1:data: a\n\n 6.1: 3.1:");
	leave(&play);
}
