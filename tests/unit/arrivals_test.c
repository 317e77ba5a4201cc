/*
 * Requests as web servers send them, and what becomes of each.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arrivals.h"
#include "clients.h"
#include "confs.h"
#include "peers.h"
#include "records.h"

#define ANSWER_SIZE_MAX 65536

/* What a web server sends of every request. */
#define CGI "GATEWAY_INTERFACE=CGI/1.1\nREMOTE_ADDR=192.0.2.7\n"
#define GET(rest) CGI "REQUEST_METHOD=GET\n" rest

struct play {
	struct loop *loop;
	struct clients clients;
	struct readers readers;
	struct pending pending;
	struct undecided undecided;
	struct hub_options options;
	struct hubs hubs;
	struct libfcgi *libfcgi;
	struct arrivals arrivals;
	int peer;
	struct sse_buf answer; /* STDOUT */
	bool ended;            /* it is complete */
};

static void
take_request(void *context, struct client *client)
{
	struct play *play = context;

	arrivals_take(&play->arrivals, client);
}

static void
gather(void *context, struct status_worker *ret_worker)
{
	(void)context;
	*ret_worker = (struct status_worker){.requests = 4711};
}

static void
begin_clients(struct play *play)
{
	const struct sse_clock *clock = sse_clock_system();

	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	peers_init(&play->clients, play->loop, clock, 10);
	play->clients.request = take_request;
	play->clients.context = play;
	CHECK_EQUAL_INT(readers_init(&play->readers, play->loop, clock), 0);
	play->readers.reading_max = 2;
	CHECK_EQUAL_INT(
	    pending_init(&play->pending, play->loop, clock, take_request, play),
	    0);
	CHECK_EQUAL_INT(undecided_init(&play->undecided, play->loop, clock), 0);
}

static void
begin_arrivals(struct play *play)
{
	struct arrivals_parts parts = {.ops = &libfcgi_ops,
	    .clock = sse_clock_system(),
	    .hubs = &play->hubs,
	    .readers = &play->readers,
	    .pending = &play->pending,
	    .undecided = &play->undecided,
	    .log = play->options.log,
	    .gather = gather};

	CHECK_EQUAL_INT(libfcgi_new(&play->libfcgi), 0);
	parts.libfcgi = play->libfcgi;
	arrivals_init(&play->arrivals, &parts);
	play->arrivals.clients_max = 10;
	play->arrivals.dispatch.conf = play->hubs.conf;
	play->arrivals.dispatch.status = "status";
}

/* Of a configuration with one stream, of which the rest is said. */
static void
begin(struct play *play, const char *rest)
{
	char text[2000];
	struct conf *conf;

	memset(play, 0, sizeof(*play));
	begin_clients(play);
	play->options = (struct hub_options){.loop = play->loop,
	    .clock = sse_clock_system(),
	    .random = peers_random,
	    .followers = readers_followers(&play->readers)};
	CHECK_EQUAL_INT(
	    log_open(test_path("told"), "p", false, &play->options.log), 0);
	CHECK_EQUAL_INT(hubs_init(&play->hubs, &play->options, &hub_ops), 0);
	(void)snprintf(text, sizeof(text), "[log]\nsource = %s\n%s",
	    test_path("log"), rest);
	conf = conf_of(sse_slice(text));
	CHECK_EQUAL_INT(hubs_load(&play->hubs, conf), 0);
	conf_free(conf);
	begin_arrivals(play);
	sse_buf_init(&play->answer, ANSWER_SIZE_MAX);
	play->peer = -1;
}

static void
leave(struct play *play)
{
	if (play->peer >= 0)
		close(play->peer);
	play->peer = -1;
}

static void
end(struct play *play)
{
	leave(play);
	clients_done(&play->clients);
	pending_done(&play->pending);
	undecided_done(&play->undecided);
	hubs_done(&play->hubs);
	readers_done(&play->readers);
	libfcgi_free(play->libfcgi);
	log_close(play->options.log);
	loop_free(play->loop);
	sse_buf_done(&play->answer);
}

/* The content of STDOUT records, up to END_REQUEST. */
static void
take_records(struct play *play, struct sse_slice from)
{
	sse_buf_clear(&play->answer);
	play->ended = false;
	while (from.size >= WIRE_HEADER_SIZE) {
		const unsigned char *at = (const unsigned char *)from.data;
		size_t size = (size_t)(at[4] << 8 | at[5]);
		size_t whole = WIRE_HEADER_SIZE + size + at[6];

		if (from.size < whole)
			break;
		if (at[1] == WIRE_STDOUT)
			CHECK_EQUAL_INT(sse_buf_add(&play->answer,
					    from.data + WIRE_HEADER_SIZE, size),
			    0);
		play->ended |= at[1] == WIRE_END_REQUEST;
		from.data += whole;
		from.size -= whole;
	}
	CHECK_EQUAL_INT(sse_buf_add(&play->answer, "", 1), 0);
}

/* Until the connection is closed, or there are these words in the answer. */
static void
wait_for(struct play *play, const char *words)
{
	struct sse_buf got;
	char bytes[4096];
	ssize_t size = -1;

	sse_buf_init(&got, ANSWER_SIZE_MAX);
	do {
		turn_loop(play->loop);
		size = recv(play->peer, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (size <= 0)
			continue;
		CHECK_EQUAL_INT(sse_buf_add(&got, bytes, (size_t)size), 0);
		take_records(play, sse_buf_slice(&got));
		if (words != NULL && strstr(play->answer.data, words) != NULL)
			break;
	} while (size != 0);
	sse_buf_done(&got);
	if (words != NULL && strstr(play->answer.data, words) == NULL)
		test_fail(__FILE__, __LINE__, "%s", play->answer.data);
}

/* A request, as "NAME=value" lines. */
static void
ask(struct play *play, const char *lines)
{
	struct sse_buf records;

	leave(play);
	sse_buf_init(&records, RECORDS_SIZE_MAX);
	add_request(&records, 1, 0, lines);
	play->peer = peers_connect(&play->clients, sse_buf_slice(&records));
	sse_buf_done(&records);
}

static bool
has(const struct play *play, const char *words)
{
	return strstr(play->answer.data, words) != NULL;
}

TEST(what_is_no_stream_is_answered_at_once)
{
	static const struct {
		const char *lines;
		const char *head; /* how it begins */
		const char *in;   /* the answer */
	} cases[] = {
	    {GET("PATH_INFO=/other\n"), "Status: 404", "\r\n\r\n"},
	    {GET("SSE_STREAM=../log\n"), "Status: 404", ""},
	    {GET("SSE_STREAM=statu\n"), "Status: 404", ""},
	    /* A client cannot name the status page. */
	    {GET("PATH_INFO=/status\n"), "Status: 404", ""},
	    {GET("QUERY_STRING=stream=status\n"), "Status: 404", ""},
	    {CGI "REQUEST_METHOD=POST\nPATH_INFO=/log\n", "Status: 405",
		"Allow: "},
	    {CGI "REQUEST_METHOD=POST\nSSE_STREAM=status\n", "Status: 4", ""},
	    {CGI "PATH_INFO=/log\n", "Status: 400", ""},
	    {CGI "REQUEST_METHOD=HEAD\nPATH_INFO=/log\n",
		"Content-Type: text/"
		"event-stream",
		""},
	    {CGI "REQUEST_METHOD=OPTIONS\nPATH_INFO=/log\n", "Status: 204", ""},
	    {"", "", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		printf("# case %zu\n", i);
		begin(&play, "");
		ask(&play, cases[i].lines);
		wait_for(&play, NULL);
		CHECK(play.ended);
		CHECK(has(&play, cases[i].head));
		CHECK(has(&play, cases[i].in));
		CHECK_EQUAL_INT(play.arrivals.dispatch.requests, 1);
		CHECK(play.clients.first->owner == NULL);
		CHECK_EQUAL_INT(hubs_find(&play.hubs, "log")->visitors, 0);
		end(&play);
	}
}

static void
write_log(const char *text)
{
	FILE *file = fopen(test_path("log"), "w");

	CHECK(file != NULL);
	CHECK(fputs(text, file) >= 0);
	CHECK(fclose(file) == 0);
}

TEST(who_wants_a_stream_belongs_to_it)
{
	struct play play;
	const struct hub *hub;

	write_log("one\ntwo\n");
	begin(&play, "");
	hub = hubs_find(&play.hubs, "log");
	ask(&play, GET("PATH_INFO=/log\n"));
	wait_for(&play, "data: two\n\n");
	CHECK(has(&play, "Content-Type: text/event-stream"));
	CHECK(has(&play, "data: one\n\n"));
	CHECK(!play.ended);
	CHECK_EQUAL_INT(hub->visitors, 1);
	CHECK_EQUAL_INT(hub->stats.clients, 1);
	CHECK_EQUAL_INT(hubs_clients(&play.hubs), 1);
	CHECK(play.clients.first->owner != NULL);
	leave(&play);
	while (play.clients.count > 0)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(hub->visitors, 0);
	CHECK_EQUAL_INT(hub->stats.gone[CLIENT_LEFT], 1);
	end(&play);
}

TEST(a_log_that_is_not_there_is_waited_for_with_a_head)
{
	struct play play;

	begin(&play, "");
	ask(&play, GET("PATH_INFO=/log\n"));
	wait_for(&play, "retry: ");
	CHECK(has(&play, "Content-Type: text/event-stream"));
	write_log("one\n");
	wait_for(&play, "data: one\n\n");
	end(&play);
}

TEST(a_client_that_is_one_too_many_is_asked_to_come_back)
{
	static const struct {
		const char *rest;
		size_t clients_max;
	} cases[] = {{"", 1}, {"stream-clients = 1\n", 10}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;
		int first;

		write_log("one\n");
		begin(&play, cases[i].rest);
		play.arrivals.clients_max = cases[i].clients_max;
		ask(&play, GET("PATH_INFO=/log\n"));
		wait_for(&play, "data: one\n\n");
		first = play.peer;
		play.peer = -1;
		ask(&play, GET("PATH_INFO=/log\n"));
		wait_for(&play, NULL);
		CHECK(play.ended);
		/* Anything but an event stream would end an EventSource. */
		CHECK(has(&play, "Content-Type: text/event-stream"));
		CHECK(has(&play, "retry: "));
		CHECK(!has(&play, "data: one"));
		CHECK_EQUAL_INT(hubs_find(&play.hubs, "log")->stats.refused, 1);
		CHECK_EQUAL_INT(hubs_clients(&play.hubs), 1);
		close(first);
		end(&play);
	}
}

TEST(what_has_an_end_is_read_to_it_and_not_again)
{
	struct play play;

	write_log("one\n");
	begin(&play, "follow = no\n");
	ask(&play, GET("PATH_INFO=/log\n"));
	wait_for(&play, NULL);
	CHECK(play.ended);
	CHECK(has(&play, "data: one\n"));
	CHECK_EQUAL_INT(
	    hubs_find(&play.hubs, "log")->stats.gone[CLIENT_ENDED], 1);
	/* Who comes back has everything. */
	ask(&play, GET("PATH_INFO=/log\nHTTP_LAST_EVENT_ID=end\n"));
	wait_for(&play, NULL);
	CHECK(has(&play, "Status: 204"));
	CHECK_EQUAL_INT(hubs_find(&play.hubs, "log")->stats.clients, 1);
	end(&play);
}

/* A search takes steps; who has no head yet could only be closed: a 502. */
TEST(the_time_of_who_is_undecided_begins_with_the_head)
{
	struct sse_buf log;
	struct play play;

	sse_buf_init(&log, 8 << 20);
	while (log.size < (4 << 20))
		CHECK_EQUAL_INT(
		    sse_buf_add(&log, "{\"id\":\"1\",\"data\":\"one\"}\n", 25),
		    0);
	CHECK_EQUAL_INT(sse_buf_add(&log, "", 1), 0);
	write_log(log.data);
	sse_buf_done(&log);
	begin(
	    &play, "follow = no\nformat = json\nids = record\nmax-age = 1h\n");
	ask(&play, GET("PATH_INFO=/log\nHTTP_LAST_EVENT_ID=2\n"));
	CHECK_EQUAL_INT(play.undecided.count, 1);
	CHECK(play.clients.first->owner != NULL);
	CHECK(play.clients.first->end_ms == INT64_MAX);
	wait_for(&play, "retry: ");
	CHECK(play.clients.first->end_ms < INT64_MAX);
	end(&play);
}

TEST(the_web_server_may_ask_for_the_status)
{
	static const struct {
		const char *lines;
		const char *in; /* the answer */
		bool has_body;
	} cases[] = {
	    {GET("SSE_STREAM=status\n"), "application/json", true},
	    {CGI "REQUEST_METHOD=HEAD\nSSE_STREAM=status\n", "application/json",
		false},
	    {GET("SSE_STREAM=status\n"
		 "HTTP_ACCEPT=application/openmetrics-text\n"),
		"application/openmetrics-text", true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		begin(&play, "");
		ask(&play, cases[i].lines);
		wait_for(&play, NULL);
		CHECK(play.ended);
		CHECK(has(&play, cases[i].in));
		CHECK_EQUAL_INT(has(&play, "4711"), cases[i].has_body);
		end(&play);
	}
}

/* However often it is asked: a client could fill the disk with it. */
TEST(a_name_that_may_not_be_used_is_told_once)
{
	char told[2000] = "";
	struct play play;
	FILE *file;
	int lines = 0;

	begin(&play, "select = server\n");
	for (int i = 0; i < 3; i++) {
		ask(&play, GET("PATH_INFO=/log\n"));
		wait_for(&play, NULL);
		CHECK(has(&play, "Status: 404"));
	}
	end(&play);
	file = fopen(test_path("told"), "r");
	while (fgets(told, sizeof(told), file) != NULL)
		lines += strstr(told, "log: ") != NULL;
	fclose(file);
	CHECK_EQUAL_INT(lines, 1);
}
