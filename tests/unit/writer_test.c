#include "config.h"

#include "test.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "writer_room.h"

/* Chance is what a test says. */
uint64_t __wrap_sse_random(void);

static uint64_t random_number;

uint64_t
__wrap_sse_random(void)
{
	return random_number;
}

/* The hands are turned here: the linker puts this in the place of the clock. */
int64_t __wrap_sse_clock_monotonic_ms(const struct sse_clock *clock);

static int64_t now_ms = 1000000;

int64_t
__wrap_sse_clock_monotonic_ms(const struct sse_clock *clock)
{
	(void)clock;
	return now_ms;
}

/* A peer that takes what its script says. */
struct peer {
	const ssize_t *script; /* each call takes one: bytes, or an error */
	size_t calls;
	struct sse_buf got;
};

#define ALL 1000000

static ssize_t
take(void *context, const void *bytes, size_t size)
{
	struct peer *peer = context;
	ssize_t most = peer->script != NULL ? *peer->script++ : ALL;
	size_t taken = most < (ssize_t)size ? (size_t)most : size;

	peer->calls++;
	if (most < 0)
		return most;
	CHECK(size > 0);
	CHECK_EQUAL_INT(sse_buf_add(&peer->got, bytes, taken), 0);
	return (ssize_t)taken;
}

static struct peer peer;
static const struct sse_response ok = {.status = 200, .event_stream = true};
static const struct sse_event event = {.data = {"x", 1}};
static const struct sse_event bad = {.id = {"\n", 1}, .data = {"x", 1}};

static struct sse_writer *
new_writer(const ssize_t *script, size_t size_max)
{
	struct sse_writer *writer = sse_writer_new(take, &peer, size_max);

	CHECK(writer != NULL);
	peer.script = script;
	sse_buf_init(&peer.got, 1 << 20);
	return writer;
}

static size_t
head_size(void)
{
	char head[SSE_HEAD_SIZE_MAX];

	return (size_t)sse_response_head(&ok, head, sizeof(head));
}

static void
end(struct sse_writer *writer)
{
	sse_writer_free(writer);
	sse_buf_done(&peer.got);
}

/* What the peer has got after the head. */
static struct sse_slice
got(void)
{
	struct sse_slice all = sse_buf_slice(&peer.got);

	CHECK(all.size >= head_size());
	all.data += head_size();
	all.size -= head_size();
	return all;
}

TEST(head_and_frames_in_one_call)
{
	struct sse_writer *writer = new_writer(NULL, 0);

	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), 0);
	CHECK_EQUAL_INT(peer.calls, 0);
	CHECK_EQUAL_INT(sse_writer_pending(writer), head_size() + 18);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_INT(peer.calls, 1);
	CHECK_EQUAL_INT(sse_writer_pending(writer), 0);
	CHECK_EQUAL_TEXT(got(), SLICE("data: x\n\ndata: x\n\n"));
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_INT(peer.calls, 1);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), 0);
	CHECK_EQUAL_INT(peer.calls, 2);
	end(writer);
}

TEST(the_head_comes_first_and_once)
{
	struct sse_writer *writer = new_writer(NULL, 0);
	struct sse_response wrong = {.status = 1};

	CHECK_EQUAL_INT(sse_writer_add(writer, &event), -EPROTO);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EPROTO);
	CHECK_EQUAL_INT(sse_writer_head(writer, &wrong), -EINVAL);
	CHECK_EQUAL_INT(sse_writer_pending(writer), 0);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), -EPROTO);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), -EPROTO);
	CHECK_EQUAL_TEXT(got(), SLICE(""));
	end(writer);
}

/* However long it is: a policy is the caller's. */
TEST(a_head_may_be_as_long_as_what_may_wait)
{
	static const size_t sizes[] = {1, 500, 900, 1024, 5000, 100000};
	char policy[100001];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct sse_response response = ok;
		struct sse_writer *writer;
		size_t size = head_size() + sizes[i] +
			      strlen("Content-Security-Policy: \r\n");

		memset(policy, 'p', sizeof(policy));
		policy[sizes[i]] = '\0';
		response.policy = policy;
		writer = new_writer(NULL, size - 1);
		CHECK_EQUAL_INT(sse_writer_head(writer, &response), -ENOBUFS);
		CHECK_EQUAL_INT(sse_writer_pending(writer), 0);
		end(writer);
		writer = new_writer(NULL, size);
		CHECK_EQUAL_INT(sse_writer_head(writer, &response), 0);
		CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
		CHECK_EQUAL_INT(peer.got.size, size);
		end(writer);
	}
}

TEST(a_refused_event_leaves_no_trace)
{
	struct sse_writer *writer = new_writer(NULL, 0);

	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &bad), -EINVAL);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &bad), -EINVAL);
	CHECK_EQUAL_INT(peer.calls, 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), 0);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_TEXT(got(), SLICE("data: x\n\ndata: x\n\n"));
	end(writer);
}

TEST(what_is_not_taken_stays_in_front)
{
	static const ssize_t script[] = {
	    5, 100000, 3, -EAGAIN, 2, 0, 1, -EAGAIN, ALL, ALL};
	struct sse_writer *writer = new_writer(script, 0);
	struct sse_event other = {.data = SLICE("y")};

	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_INT(peer.calls, 2);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EAGAIN);
	CHECK_EQUAL_INT(sse_writer_pending(writer), 6);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &other), -EAGAIN);
	CHECK_EQUAL_INT(sse_writer_pending(writer), 13);
	CHECK_EQUAL_INT(sse_writer_flush(writer), -EAGAIN);
	CHECK_EQUAL_INT(sse_writer_pending(writer), 12);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), 0);
	CHECK_EQUAL_TEXT(got(), SLICE("data: x\n\ndata: y\n\ndata: x\n\n"));
	end(writer);
}

TEST(a_failed_write_ends_it)
{
	static const ssize_t script[] = {7, -EPIPE, ALL};
	struct sse_writer *writer = new_writer(script, 0);

	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_flush(writer), -EPIPE);
	CHECK_EQUAL_INT(sse_writer_flush(writer), -EPIPE);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), -EPIPE);
	CHECK_EQUAL_INT(sse_writer_add(writer, &bad), -EPIPE);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EPIPE);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), -EPIPE);
	CHECK_EQUAL_INT(peer.calls, 2);
	end(writer);
}

TEST(no_more_than_its_limit_waits)
{
	size_t size_max = head_size() + 20;
	struct sse_writer *writer = new_writer(NULL, size_max);

	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), -ENOBUFS);
	CHECK_EQUAL_INT(sse_writer_pending(writer), size_max - 2);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), 0);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_TEXT(got(), SLICE("data: x\n\ndata: x\n\ndata: x\n\n"));
	end(writer);
	writer = new_writer(NULL, 10);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), -ENOBUFS);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), -EPROTO);
	end(writer);
}

/* What was taken is no longer pending, though it may still be in memory. */
TEST(the_limit_is_about_what_waits)
{
	static const ssize_t script[] = {9, -EAGAIN, 9, -EAGAIN, ALL};
	size_t size_max = head_size() + 9;
	struct sse_writer *writer = new_writer(script, size_max);

	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EAGAIN);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EAGAIN);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), 0);
	CHECK_EQUAL_INT(sse_writer_add(writer, &event), -ENOBUFS);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_TEXT(got(), SLICE("data: x\n\ndata: x\n\ndata: x\n\n"));
	end(writer);
}

TEST(frames_of_any_size)
{
	static char text[100000];
	struct sse_writer *writer = new_writer(NULL, 0);
	struct sse_event large = {.data = {text, sizeof(text)}};

	memset(text, '\r', sizeof(text));
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &large), 0);
	CHECK_EQUAL_INT(got().size, 7 * (sizeof(text) + 1) + 1);
	sse_writer_free(NULL);
	end(writer);
}

TEST(no_frame_follows_another_head)
{
	struct sse_writer *writer = new_writer(NULL, 0);
	struct sse_response none = {.status = 404};

	CHECK_EQUAL_INT(sse_writer_head(writer, &none), 0);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EPROTO);
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 0), 0);
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 0), -EPROTO);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), -EPROTO);
	end(writer);
}

TEST(heartbeats_are_comments)
{
	static const ssize_t script[] = {ALL, ALL, 2, -EAGAIN, -EAGAIN, ALL};
	struct sse_writer *writer = new_writer(script, 0);

	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 0), -EPROTO);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 0), 0);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EAGAIN);
	/* None is added to what waits. */
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 0), -EAGAIN);
	CHECK_EQUAL_INT(sse_writer_pending(writer), 7);
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 0), 0);
	CHECK_EQUAL_TEXT(got(), SLICE(":\ndata: x\n\n"));
	end(writer);
}

/* Only what was taken counts, and not what has been added. */
TEST(heartbeats_come_when_nothing_was_taken_for_so_long)
{
	static const ssize_t script[] = {ALL, ALL, -EAGAIN, -EAGAIN, ALL, ALL};
	struct sse_writer *writer = new_writer(script, 0);

	CHECK_EQUAL_INT(sse_writer_heartbeat_in_ms(writer, 500), 500);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	now_ms += 500;
	CHECK_EQUAL_INT(sse_writer_heartbeat_in_ms(writer, 500), 0);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	now_ms += 499;
	CHECK_EQUAL_INT(sse_writer_heartbeat_in_ms(writer, 500), 1);
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 500), 0);
	CHECK_EQUAL_INT(peer.calls, 1);
	now_ms++;
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 500), 0);
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 500), 0);
	CHECK_EQUAL_INT(peer.calls, 2);
	CHECK_EQUAL_TEXT(got(), SLICE(":\n"));
	now_ms += 400;
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EAGAIN);
	now_ms += 100;
	/* What waits is offered at each call. */
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 500), -EAGAIN);
	CHECK_EQUAL_INT(sse_writer_heartbeat_in_ms(writer, 500), 0);
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, 500), 0);
	CHECK_EQUAL_INT(sse_writer_heartbeat_in_ms(writer, 500), 500);
	CHECK_EQUAL_TEXT(got(), SLICE(":\ndata: x\n\n"));
	now_ms += INT64_C(1) << 40;
	CHECK_EQUAL_INT(sse_writer_heartbeat_in_ms(writer, INT_MAX), 0);
	CHECK_EQUAL_INT(sse_writer_heartbeat(writer, INT_MAX), 0);
	CHECK_EQUAL_INT(sse_writer_heartbeat_in_ms(writer, -1), 0);
	CHECK_EQUAL_TEXT(got(), SLICE(":\ndata: x\n\n:\n"));
	end(writer);
}

TEST(frames_may_be_made_where_they_will_be_sent_from)
{
	const ssize_t script[] = {ALL, 3, -EAGAIN, ALL, -EPIPE};
	struct sse_writer *writer = new_writer(script, 1000);
	char *room = NULL;

	CHECK_EQUAL_INT(sse_writer_room(writer, 10, &room), -EPROTO);
	CHECK_EQUAL_INT(sse_writer_head(writer, &ok), 0);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_INT(sse_writer_room(writer, 900, &room), 0);
	memcpy(room, "data: a\n\n", 9);
	sse_writer_take(writer, 9);
	CHECK_EQUAL_INT(sse_writer_flush(writer), -EAGAIN);
	/* What was taken makes room. */
	CHECK_EQUAL_INT(sse_writer_room(writer, 995, &room), -ENOBUFS);
	CHECK_EQUAL_INT(sse_writer_room(writer, 994, &room), 0);
	memcpy(room, ":\n", 2);
	sse_writer_take(writer, 2);
	CHECK_EQUAL_INT(sse_writer_pending(writer), 8);
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	CHECK_EQUAL_TEXT(got(), SLICE("data: a\n\n:\n"));
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EPIPE);
	CHECK_EQUAL_INT(sse_writer_room(writer, 1, &room), -EPIPE);
	end(writer);
}

static const struct sse_request get_request = {
    .method = SSE_METHOD_GET, .from_server = true};

TEST(a_request_is_answered_with_one_write)
{
	struct sse_writer *writer = new_writer(NULL, 0);

	CHECK_EQUAL_INT(sse_writer_answer(writer, &get_request, NULL, 10), 1);
	CHECK_EQUAL_INT(peer.calls, 1);
	CHECK(got().size >= 100);
	CHECK(memcmp(got().data, ": ", 2) == 0);
	CHECK(memmem(got().data, got().size, "\nretry: 10\n\n", 12) != NULL);
	CHECK_EQUAL_INT(
	    sse_writer_answer(writer, &get_request, NULL, 10), -EPROTO);
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), 0);
	end(writer);
}

/* retry_ms, and at random up to as much again; a limit is not passed. */
TEST(clients_that_were_cut_off_together_do_not_come_back_together)
{
	static const struct {
		int64_t retry_ms;
		uint64_t random;
		const char *line;
	} cases[] = {
	    {0, 77, "\nretry: 0\n"},
	    {1000, 0, "\nretry: 1000\n"},
	    {1000, 1000, "\nretry: 2000\n"},
	    {1000, 1001, "\nretry: 1000\n"},
	    {SSE_RETRY_MS_MAX, 1, "\nretry: 2147483647\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_writer *writer = new_writer(NULL, 0);

		random_number = cases[i].random;
		CHECK_EQUAL_INT(sse_writer_answer(writer, &get_request, NULL,
				    cases[i].retry_ms),
		    1);
		CHECK(memmem(got().data, got().size, cases[i].line,
			  strlen(cases[i].line)) != NULL);
		end(writer);
	}
	random_number = 0;
}

static bool
has(const char *text)
{
	struct sse_slice all = sse_buf_slice(&peer.got);

	return memmem(all.data, all.size, text, strlen(text)) != NULL;
}

TEST(one_too_many_is_asked_to_come_back)
{
	static const struct sse_request elsewhere = {.method = SSE_METHOD_GET,
	    .from_server = true,
	    .origin = "https://a.example"};
	struct sse_writer *writer = new_writer(NULL, 0);

	random_number = 19001;
	CHECK_EQUAL_INT(
	    sse_writer_refuse(writer, &elsewhere, "https://a.example"), 0);
	CHECK_EQUAL_INT(peer.calls, 1);
	CHECK(has("Content-Type: text/event-stream"));
	CHECK(!has("Status:"));
	CHECK(has("\r\nRetry-After: 40\r\n"));
	CHECK(has("Access-Control-Allow-Origin: https://a.example\r\n"));
	CHECK(has("\r\n\r\n: there are too many clients; come back later\n"
		  "retry: 39001\n\n"));
	CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EPROTO);
	end(writer);
	for (random_number = 0; random_number < 100000;
	     random_number += 20000) {
		writer = new_writer(NULL, 0);
		CHECK_EQUAL_INT(
		    sse_writer_refuse(writer, &get_request, NULL), 0);
		CHECK(has("\nretry: 2") || has("\nretry: 3") ||
		      has("\nretry: 40000"));
		end(writer);
	}
	random_number = 0;
}

TEST(what_is_no_get_is_refused_with_a_head)
{
	static const struct {
		enum sse_method method;
		const char *line;
	} cases[] = {
	    {SSE_METHOD_HEAD, "\r\nRetry-After: 20\r\n"},
	    {SSE_METHOD_OPTIONS, "Status: 204"},
	    {SSE_METHOD_OTHER, "Status: 405"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static const ssize_t waits[] = {-EAGAIN, ALL};
		struct sse_writer *writer = new_writer(waits, 0);
		struct sse_request request = {
		    .method = cases[i].method, .from_server = true};
		struct sse_slice all;

		CHECK_EQUAL_INT(sse_writer_refuse(writer, &request, NULL), 0);
		CHECK(sse_writer_pending(writer) > 0);
		CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
		all = sse_buf_slice(&peer.got);
		CHECK(memcmp(all.data + all.size - 4, "\r\n\r\n", 4) == 0);
		CHECK(has(cases[i].line));
		end(writer);
	}
}

TEST(what_is_no_get_is_answered_with_a_head)
{
	static const enum sse_method methods[] = {
	    SSE_METHOD_HEAD, SSE_METHOD_OPTIONS, SSE_METHOD_OTHER};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		struct sse_writer *writer = new_writer(NULL, 0);
		struct sse_request request = {
		    .method = methods[i], .from_server = true};
		struct sse_slice all;

		CHECK_EQUAL_INT(
		    sse_writer_answer(writer, &request, NULL, 10), 0);
		all = sse_buf_slice(&peer.got);
		CHECK(all.size > 4);
		CHECK(memcmp(all.data + all.size - 4, "\r\n\r\n", 4) == 0);
		CHECK(memmem(all.data, all.size - 4, "\r\n\r\n", 4) == NULL);
		CHECK_EQUAL_INT(sse_writer_publish(writer, &event), -EPROTO);
		end(writer);
	}
}

TEST(an_answer_that_cannot_be_sent)
{
	static const ssize_t waits[] = {-EAGAIN, ALL}, fails[] = {-EPIPE};
	struct sse_writer *writer = new_writer(waits, 0);

	CHECK_EQUAL_INT(sse_writer_answer(writer, &get_request, NULL, 10), 1);
	CHECK(sse_writer_pending(writer) > head_size());
	CHECK_EQUAL_INT(sse_writer_flush(writer), 0);
	end(writer);
	writer = new_writer(fails, 0);
	CHECK_EQUAL_INT(
	    sse_writer_answer(writer, &get_request, NULL, 10), -EPIPE);
	end(writer);
	writer = new_writer(NULL, 0);
	CHECK_EQUAL_INT(
	    sse_writer_answer(writer, &get_request, NULL, -1), -ERANGE);
	CHECK_EQUAL_INT(sse_writer_answer(writer, &get_request, NULL,
			    (int64_t)SSE_RETRY_MS_MAX + 1),
	    -ERANGE);
	CHECK_EQUAL_INT(sse_writer_answer(writer, &get_request, "a\nb", 0), 1);
	end(writer);
	CHECK_EQUAL_INT(sse_writer_head(NULL, &ok), -ENOMEM);
	CHECK_EQUAL_INT(
	    sse_writer_answer(NULL, &get_request, NULL, 0), -ENOMEM);
}
