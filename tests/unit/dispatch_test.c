/*
 * What a request asks for.  Who decodes it, and who serves its client, is the
 * test: there is neither a connection nor a stream.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "confs.h"
#include "dispatch.h"
#include "requests.h"

#define GET(rest) "GATEWAY_INTERFACE=CGI/1.1\nREQUEST_METHOD=GET\n" rest
#define BY(method, rest) \
	"GATEWAY_INTERFACE=CGI/1.1\nREQUEST_METHOD=" method "\n" rest
#define CONF "[log]\nsource = /nowhere\n[inner]\nsource = /x\nselect = server\n"

struct play {
	struct libfcgi libfcgi;
	struct conf *conf;
	struct dispatch dispatch;
	struct sse_buf out;
	char asked[200];     /* of the services: "stream:log" */
	enum outcome served; /* what they say */
};

/* It is only handed on. */
static int somebody;
static struct client *const client = (void *)&somebody;

static void
note(struct play *play, const char *what, const char *name)
{
	(void)snprintf(play->asked, sizeof(play->asked), "%s:%s", what, name);
}

static enum outcome
take_stream(void *context, struct client *who, const struct exchange *exchange,
    const struct admission *admission)
{
	struct play *play = context;

	CHECK(who == client);
	CHECK(play->libfcgi.in_hand);
	CHECK(exchange->out == &play->out);
	CHECK_EQUAL_INT(admission->response.status, 200);
	note(play, "stream", admission->stream->name);
	return play->served;
}

static enum outcome
take_status(void *context, struct client *who, const struct exchange *exchange)
{
	struct play *play = context;

	CHECK(who == client);
	note(play, "status", exchange->request->stream);
	return play->served;
}

static enum outcome
take_list(void *context, struct client *who, const struct exchange *exchange,
    const struct admission *admission)
{
	struct play *play = context;

	CHECK(who == client);
	CHECK(exchange->out == &play->out);
	CHECK_EQUAL_INT(admission->response.status, 200);
	note(play, "list", admission->response.type);
	return play->served;
}

static void
take_barred(void *context, const struct stream_conf *stream, const char *why)
{
	struct play *play = context;

	CHECK(strlen(why) > 0);
	note(play, "barred", stream->name);
}

static void
begin(struct play *play)
{
	static char text[] = CONF;

	memset(play, 0, sizeof(*play));
	play->conf = conf_of(sse_slice(text));
	play->served = OUTCOME_SERVED;
	play->dispatch = (struct dispatch){.ops = &fake_ops,
	    .libfcgi = &play->libfcgi,
	    .clock = sse_clock_system(),
	    .services = {take_stream, take_status, take_list, take_barred,
		play},
	    .conf = play->conf,
	    .status = "status"};
	sse_buf_init(&play->out, 10000);
}

static void
end(struct play *play)
{
	CHECK(!play->libfcgi.in_hand);
	sse_buf_done(&play->out);
	conf_free(play->conf);
}

static enum outcome
ask(struct play *play, const char *lines)
{
	enum outcome outcome = dispatch_request(
	    &play->dispatch, client, sse_slice(lines), &play->out);

	CHECK_EQUAL_INT(sse_buf_add(&play->out, "", 1), 0);
	return outcome;
}

TEST(a_request_is_answered_or_handed_on)
{
	static const struct {
		const char *lines;
		const char *asked; /* of the services */
		const char *head;  /* else how the answer begins */
	} cases[] = {
	    {GET("PATH_INFO=/log\n"), "stream:log", NULL},
	    {GET("QUERY_STRING=stream=log\n"), "barred:log", "Status: 404"},
	    {GET("SSE_STREAM=log\n"), "stream:log", NULL},
	    {GET("SSE_STREAM=inner\n"), "stream:inner", NULL},
	    /* The web server may ask for the page, and a client may not. */
	    {GET("SSE_STREAM=status\n"), "status:status", NULL},
	    {BY("HEAD", "SSE_STREAM=status\n"), "status:status", NULL},
	    {BY("POST", "SSE_STREAM=status\n"), "", "Status: 4"},
	    {GET("PATH_INFO=/status\n"), "", "Status: 404"},
	    {GET("QUERY_STRING=stream=status\n"), "", "Status: 404"},
	    {GET("SSE_STREAM=statu\n"), "", "Status: 404"},
	    /* Neither may it name a stream that the web server selects. */
	    {GET("PATH_INFO=/inner\n"), "barred:inner", "Status: 404"},
	    {GET("PATH_INFO=/other\n"), "", "Status: 404"},
	    {GET("SSE_STREAM=../log\n"), "", "Status: 404"},
	    {BY("POST", "PATH_INFO=/log\n"), "", "Status: 405"},
	    {BY("HEAD", "PATH_INFO=/log\n"), "", "Content-Type: "},
	    {BY("OPTIONS", "PATH_INFO=/log\n"), "", "Status: 204"},
	    {"GATEWAY_INTERFACE=CGI/1.1\nPATH_INFO=/log\n", "", "Status: 400"},
	    {"", "", "Status: "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *head = cases[i].head;
		enum outcome outcome;
		struct play play;

		begin(&play);
		outcome = ask(&play, cases[i].lines);
		printf("# case %zu: %d %s\n", i, outcome, play.out.data);
		CHECK_EQUAL_TEXT(
		    sse_slice(play.asked), sse_slice(cases[i].asked));
		CHECK_EQUAL_INT(
		    outcome, head != NULL ? OUTCOME_REPLIED : OUTCOME_SERVED);
		if (head != NULL) {
			CHECK(strncmp(play.out.data, head, strlen(head)) == 0);
			CHECK(strstr(play.out.data, "[end]") != NULL);
		}
		CHECK_EQUAL_INT(play.dispatch.requests, 1);
		/* Who serves here answers nothing: it is let go of. */
		CHECK_EQUAL_INT(play.libfcgi.drops, head == NULL);
		end(&play);
	}
}

TEST(without_a_page_its_name_is_not_known)
{
	struct play play;

	begin(&play);
	play.dispatch.status = NULL;
	CHECK_EQUAL_INT(
	    ask(&play, GET("SSE_STREAM=status\n")), OUTCOME_REPLIED);
	CHECK_EQUAL_TEXT(sse_slice(play.asked), SLICE(""));
	CHECK(strstr(play.out.data, "Status: 404") != NULL);
	end(&play);
}

/* Whatever comes of one, the next is taken. */
TEST(what_is_not_taken_is_no_request_or_a_shortage)
{
	static const struct {
		int begin, answer; /* errors */
		enum outcome outcome;
		uint64_t requests; /* that were complete */
	} cases[] = {
	    {-EPROTO, 0, OUTCOME_MALFORMED, 0},
	    {-EMSGSIZE, 0, OUTCOME_MALFORMED, 0},
	    {-ENOMEM, 0, OUTCOME_FAILED, 0},
	    {-EMFILE, 0, OUTCOME_FAILED, 0},
	    {0, -ENOMEM, OUTCOME_LEFT, 1},
	    {0, 0, OUTCOME_REPLIED, 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		begin(&play);
		play.libfcgi.begin_error = cases[i].begin;
		play.libfcgi.answer_error = cases[i].answer;
		CHECK_EQUAL_INT(
		    ask(&play, GET("PATH_INFO=/other\n")), cases[i].outcome);
		CHECK_EQUAL_INT(play.dispatch.requests, cases[i].requests);
		play.libfcgi.begin_error = play.libfcgi.answer_error = 0;
		CHECK_EQUAL_INT(
		    ask(&play, GET("PATH_INFO=/log\n")), OUTCOME_SERVED);
		end(&play);
	}
}

/* It comes again, and counts then. */
TEST(a_request_that_is_pending_is_not_counted)
{
	struct play play;

	begin(&play);
	play.served = OUTCOME_PENDING;
	CHECK_EQUAL_INT(ask(&play, GET("PATH_INFO=/log\n")), OUTCOME_PENDING);
	CHECK_EQUAL_INT(play.dispatch.requests, 0);
	play.served = OUTCOME_SERVED;
	CHECK_EQUAL_INT(ask(&play, GET("PATH_INFO=/log\n")), OUTCOME_SERVED);
	CHECK_EQUAL_INT(play.dispatch.requests, 1);
	end(&play);
}

/* Where several streams are served, and no name is one of a list. */
TEST(without_a_name_there_is_a_list_for_those_who_read)
{
	static const struct {
		const char *lines;
		const char *asked;
		const char *in; /* the answer */
	} cases[] = {
	    {GET(""), "list:application/json", ""},
	    {GET("HTTP_ACCEPT=text/html\n"), "", "<!DOCTYPE html>"},
	    {GET("HTTP_ACCEPT=text/event-stream\n"), "", "Status: 404"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		begin(&play);
		conf_free(play.conf);
		play.dispatch.conf = play.conf = conf_of(
		    SLICE("index = yes\n[a]\nsource = /a\n[b]\nsource = /b\n"));
		sse_buf_done(&play.out);
		sse_buf_init(&play.out, EXCHANGE_TEXT_MAX);
		(void)ask(&play, cases[i].lines);
		CHECK_EQUAL_TEXT(
		    sse_slice(play.asked), sse_slice(cases[i].asked));
		CHECK(strstr(play.out.data, cases[i].in) != NULL);
		end(&play);
	}
}
