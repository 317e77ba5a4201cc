#include "test.h"

#include <errno.h>
#include <string.h>

#include "buf.h"

/* A peer that takes what its script says. */
struct peer {
	const ssize_t *script; /* each call takes one: octets, or an error */
	size_t calls;
	struct sse_buf got;
};

#define ALL 1000000

static ssize_t
take(void *context, const void *octets, size_t size)
{
	struct peer *peer = context;
	ssize_t most = peer->script != NULL ? *peer->script++ : ALL;
	size_t taken = most < (ssize_t)size ? (size_t)most : size;

	peer->calls++;
	if (most < 0)
		return most;
	CHECK(size > 0);
	CHECK_EQUAL_INT(sse_buf_add(&peer->got, octets, taken), 0);
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
