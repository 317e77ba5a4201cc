/*
 * The status page of what is so now, asked for without a web server.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clients.h"
#include "confs.h"
#include "overview.h"
#include "peers.h"
#include "requests.h"

struct play {
	struct loop *loop;
	struct clients clients;
	struct hub_options options;
	struct hubs hubs;
	struct overview overview;
	struct libfcgi libfcgi;
	struct sse_request request;
	struct exchange exchange;
	struct sse_buf out;
	int peer;
};

static void
wake(void *context)
{
	(void)context;
}

static bool
dismiss(void *context, const struct hub *hub, const struct budget *budget)
{
	(void)context;
	(void)hub;
	(void)budget;
	return false;
}

static void
gather(void *context, struct status_worker *ret_worker)
{
	(void)context;
	*ret_worker = (struct status_worker){.requests = 4711};
}

/* The streams from now on: "there", and others. */
static void
load(struct play *play, const char *others)
{
	char text[600];
	struct conf *conf;

	(void)snprintf(text, sizeof(text), "[there]\nsource = %s\n%s",
	    test_path("log"), others);
	conf = conf_of(sse_slice(text));
	CHECK_EQUAL_INT(hubs_load(&play->hubs, conf), 0);
	conf_free(conf);
}

static void
begin_streams(struct play *play)
{
	char gone[300];
	FILE *log = fopen(test_path("log"), "w");

	CHECK(log != NULL && fclose(log) == 0);
	(void)snprintf(
	    gone, sizeof(gone), "[gone]\nsource = %s.not\n", test_path("log"));
	play->options = (struct hub_options){.loop = play->loop,
	    .clock = sse_clock_system(),
	    .random = peers_random,
	    .followers = {wake, dismiss, NULL}};
	CHECK_EQUAL_INT(hubs_init(&play->hubs, &play->options, &hub_ops), 0);
	load(play, gone);
}

/* A client whose request is the test's. */
static void
begin_client(struct play *play)
{
	peers_init(&play->clients, play->loop, sse_clock_system(), 1);
	play->peer = peers_connect(&play->clients, PEERS_REQUEST);
}

static void
begin(struct play *play, enum sse_method method, const char *accept)
{
	memset(play, 0, sizeof(*play));
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	begin_streams(play);
	begin_client(play);
	play->overview =
	    (struct overview){.hubs = &play->hubs, .gather = gather};
	play->request.method = method;
	sse_buf_init(&play->out, 10000);
	play->exchange = (struct exchange){.ops = &fake_ops,
	    .libfcgi = &play->libfcgi,
	    .request = &play->request,
	    .out = &play->out};
	CHECK_EQUAL_INT(fake_begin(&play->libfcgi, sse_slice(accept)), 0);
}

static void
end(struct play *play)
{
	clients_done(&play->clients);
	CHECK_EQUAL_INT(play->overview.pages, 0);
	hubs_done(&play->hubs);
	loop_free(play->loop);
	sse_buf_done(&play->out);
	close(play->peer);
}

/* What the client gets, until its connection ends. */
static const char *
received(struct play *play)
{
	static char text[65536];
	size_t size = 0;
	ssize_t got = -1;

	while (got != 0) {
		turn_loop(play->loop);
		got = recv(play->peer, text + size, sizeof(text) - 1 - size,
		    MSG_DONTWAIT);
		size += got > 0 ? (size_t)got : 0;
	}
	/* Records have NULs in their headers. */
	for (size_t i = 0; i < size; i++)
		text[i] = text[i] == '\0' ? '.' : text[i];
	text[size] = '\0';
	return text;
}

static enum outcome
serve(struct play *play)
{
	enum outcome outcome = overview_serve(
	    &play->overview, play->clients.first, &play->exchange);

	CHECK_EQUAL_INT(sse_buf_add(&play->out, "", 1), 0);
	return outcome;
}

TEST(the_page_is_in_the_form_that_is_asked_for)
{
	static const struct {
		const char *accept;
		const char *head;
		const char *in[3]; /* the page */
	} cases[] = {
	    {"", "application/json", {"4711", "\"there\"", "\"gone\""}},
	    {"HTTP_ACCEPT=text/html\n", "application/json",
		{"4711", "\"there\"", "\"gone\""}},
	    {"HTTP_ACCEPT=application/openmetrics-text\n",
		"application/openmetrics-text",
		{"4711", "stream=\"there\"", "# EOF"}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;
		const char *text;

		begin(&play, SSE_METHOD_GET, cases[i].accept);
		CHECK_EQUAL_INT(serve(&play), OUTCOME_SERVED);
		CHECK_EQUAL_INT(play.overview.pages, 1);
		CHECK(strstr(play.out.data, cases[i].head) != NULL);
		CHECK(strstr(play.out.data, "[open]") != NULL);
		text = received(&play);
		for (size_t j = 0; j < 3; j++)
			CHECK(strstr(text, cases[i].in[j]) != NULL);
		end(&play);
	}
}

/* A stream that is looked at, opened, or whose source is not there. */
TEST(the_page_tells_of_each_stream_what_is_so_now)
{
	static const struct {
		bool looks, opens;
		const char *there, *gone; /* their source */
	} cases[] = {
	    {false, false, "closed", "closed"},
	    {true, false, "closed", "waiting"},
	    {false, true, "open", "waiting"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;
		char there[40], gone[40];
		const char *text;

		begin(&play, SSE_METHOD_GET, "");
		if (cases[i].looks)
			hubs_begin(&play.hubs);
		for (size_t j = 0; j < 2 && cases[i].opens; j++)
			while (
			    hub_open(play.hubs.list[j].hub) == RESULT_PARTIAL)
				;
		(void)snprintf(there, sizeof(there), "\"%s\"", cases[i].there);
		(void)snprintf(gone, sizeof(gone), "\"%s\"", cases[i].gone);
		CHECK_EQUAL_INT(serve(&play), OUTCOME_SERVED);
		text = strstr(received(&play), "\"there\"");
		printf("# %s\n", text);
		CHECK(strstr(text, there) != NULL);
		CHECK(strstr(text, there) < strstr(text, "\"gone\""));
		text = strstr(text, "\"gone\"");
		CHECK(strstr(text, gone) != NULL);
		end(&play);
	}
}

static int64_t
stepping_ms(void *context)
{
	return *(int64_t *)context += PAGE_TURN_MS;
}

/*
 * A stream that a reload has left as it was has its name from the configuration
 * before; the page, which is written in parts, says it when it has gone.
 */
TEST(a_page_outlives_the_streams_that_it_tells_of)
{
	int64_t now_ms = 0;
	const struct sse_clock stepping = {
	    .monotonic_ms = stepping_ms, .context = &now_ms};
	struct play play;

	begin(&play, SSE_METHOD_GET, "");
	load(&play, "[other]\nsource = /other\n");
	play.clients.clock = &stepping;
	CHECK_EQUAL_INT(serve(&play), OUTCOME_SERVED);
	load(&play, "from = -1\n");
	for (int i = 0; play.hubs.leaving_count > 0; i++) {
		CHECK(i < 10);
		turn_loop(play.loop);
	}
	CHECK_EQUAL_INT(play.overview.pages, 1);
	CHECK(strstr(received(&play), "\"there\"") != NULL);
	end(&play);
}

TEST(who_is_one_too_many_comes_back)
{
	struct play play;

	begin(&play, SSE_METHOD_GET, "");
	play.overview.pages = PAGES_MAX;
	CHECK_EQUAL_INT(serve(&play), OUTCOME_REPLIED);
	CHECK(strncmp(play.out.data, "Status: 503", 11) == 0);
	CHECK(strstr(play.out.data, "[end]") != NULL);
	play.overview.pages = 0;
	end(&play);
}

/* Neither a page nor one that is begun is left. */
TEST(a_head_has_no_page)
{
	struct play play;

	begin(&play, SSE_METHOD_HEAD, "");
	CHECK_EQUAL_INT(serve(&play), OUTCOME_SERVED);
	CHECK_EQUAL_INT(play.overview.pages, 0);
	CHECK(strstr(play.out.data, "application/json") != NULL);
	CHECK(strstr(received(&play), "4711") == NULL);
	end(&play);
}

TEST(a_head_that_cannot_be_made_has_no_page)
{
	struct play play;

	begin(&play, SSE_METHOD_GET, "");
	play.libfcgi.answer_error = -ENOMEM;
	CHECK_EQUAL_INT(serve(&play), OUTCOME_FAILED);
	CHECK_EQUAL_INT(play.overview.pages, 0);
	end(&play);
}

TEST(a_list_tells_of_those_that_are_listed)
{
	const struct sse_response response = {
	    .status = 200, .type = "application/json", .vary = "Accept"};
	struct play play;

	begin(&play, SSE_METHOD_GET, "");
	CHECK_EQUAL_INT(overview_list(&play.overview, play.clients.first,
			    &play.exchange, &response),
	    OUTCOME_SERVED);
	CHECK_EQUAL_INT(sse_buf_add(&play.out, "", 1), 0);
	CHECK(strstr(play.out.data, "Vary: Accept") != NULL);
	CHECK(strstr(received(&play), "{\"streams\": []}\n") != NULL);
	end(&play);
}
