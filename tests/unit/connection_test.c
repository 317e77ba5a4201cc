/*
 * What a web server says on a connection, whole and in parts.
 */
#include "config.h"

#include "test.h"

#include <string.h>
#include <unistd.h>

#include "clients.h"
#include "connection.h"
#include "peers.h"
#include "records.h"

#define TURNS_MAX 100000
#define REQUEST "GATEWAY_INTERFACE=CGI/1.1\nREQUEST_METHOD=GET\n"

struct play {
	struct loop *loop;
	struct clients clients;
	int requests;
	int closed[CLIENT_WHYS];
	int peer;
};

static void
take_request(void *context, struct client *client)
{
	struct play *play = context;

	CHECK_EQUAL_INT(client->intake.state, INTAKE_ACTIVE);
	CHECK(!client->asks);
	play->requests++;
	client_forget_request(client);
}

static void
take_closed(void *context, enum client_why why)
{
	struct play *play = context;

	play->closed[why]++;
}

static void
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	CHECK_EQUAL_INT(
	    clients_init(&play->clients, play->loop, sse_clock_system()), 0);
	play->clients.clients_max = 2;
	play->clients.request = take_request;
	play->clients.closed = take_closed;
	play->clients.context = play;
	play->peer = -1;
}

/* A connection on which that was said already. */
static void
connect_with(struct play *play, struct sse_slice said)
{
	play->peer = peers_connect(&play->clients, said);
}

static void
end(struct play *play)
{
	clients_done(&play->clients);
	loop_free(play->loop);
	if (play->peer >= 0)
		close(play->peer);
}

/* Wherever it is parted. */
TEST(a_request_is_taken_when_it_is_complete)
{
	struct sse_buf records;

	sse_buf_init(&records, RECORDS_SIZE_MAX);
	add_request(&records, 1, 0, REQUEST);
	for (size_t part = 0; part < records.size; part++) {
		struct play play;
		ssize_t rest = (ssize_t)(records.size - part);

		begin(&play);
		connect_with(&play, (struct sse_slice){records.data, part});
		CHECK_EQUAL_INT(play.clients.count, 1);
		CHECK(clients_are_idle(&play.clients));
		if (play.requests == 0)
			CHECK(play.clients.first->begun_ms >= 0);
		CHECK(write(play.peer, records.data + part, (size_t)rest) ==
		      rest);
		for (int i = 0; play.requests == 0; i++) {
			CHECK(i < TURNS_MAX);
			turn_loop(play.loop);
		}
		CHECK_EQUAL_INT(play.requests, 1);
		/* It has a deadline no more. */
		CHECK_EQUAL_INT(play.clients.first->begun_ms, -1);
		CHECK_EQUAL_INT(play.clients.params.size, 0);
		end(&play);
	}
	sse_buf_done(&records);
}

/* Else it is closed when the web server may send its next request. */
TEST(a_kept_one_has_no_deadline_for_the_rest_of_the_request_before)
{
	static const char request[] = "\1\1\0\1\0\10\0\0"
				      "\0\1\1\0\0\0\0\0"
				      "\1\4\0\1\0\0\0\0";
	struct client *client;
	struct play play;

	begin(&play);
	connect_with(&play, SLICE(request));
	client = play.clients.first;
	CHECK_EQUAL_INT(play.requests, 1);
	client_finish(client, CLIENT_DONE);
	CHECK(clients_are_idle(&play.clients));
	CHECK_EQUAL_INT(write(play.peer, "\1\5\0\1\0\4\0\0ab", 10), 10);
	while (client->begun_ms < 0)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(write(play.peer, "cd", 2), 2);
	while (client->intake.header_size > 0)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(client->begun_ms, -1);
	/* The next one has its whole time. */
	CHECK_EQUAL_INT(write(play.peer, request, 8), 8);
	while (client->begun_ms < 0)
		turn_loop(play.loop);
	end(&play);
}

TEST(a_connection_ends_as_its_web_server_says)
{
	static const struct {
		const char *said;
		size_t size;
		bool closes;
		enum client_why why;
	} cases[] = {
	    {"", 0, true, CLIENT_LEFT},
	    {"\1\1\0\1\0\10\0\0", 8, true, CLIENT_LEFT},
	    {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27, false, CLIENT_MALFORMED},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		begin(&play);
		connect_with(
		    &play, (struct sse_slice){cases[i].said, cases[i].size});
		if (cases[i].closes) {
			CHECK_EQUAL_INT(play.clients.count, 1);
			CHECK(close(play.peer) == 0);
			play.peer = -1;
		}
		for (int j = 0; play.clients.count > 0; j++) {
			CHECK(j < TURNS_MAX);
			turn_loop(play.loop);
		}
		CHECK_EQUAL_INT(play.closed[cases[i].why], 1);
		CHECK_EQUAL_INT(play.requests, 0);
		end(&play);
	}
}
