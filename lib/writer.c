/*
 * writer.c - a stream over a write function.
 *
 *	pending:	bytes sent[already taken | waiting ... ] free
 *
 * Head and frames are added whole or not at all, at the back of one buffer,
 * and leave it at the front.  What was taken is moved out of the way only when
 * that is cheap or when there is no room: a slow reader with much pending
 * would else cost a move of everything for each of its reads.
 *
 * Frames follow the head of an event stream only, and not where it answers
 * HEAD: then the head is all.
 */
#include "ssekit.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "buf.h"
#include "clock.h"
#include "random.h"
#include "sized.h"
#include "writer_room.h"

#define PENDING_SIZE_DEFAULT ((size_t)16 << 20)

/*
 * The first comment: 100 bytes of body let a server send the head that waits
 * for a body, and mod_deflate looks 68 bytes ahead.
 */
#define FIRST_COMMENT                                                         \
	"an event stream; comments like this one mean nothing, but keep the " \
	"connection open while there is nothing to say"

/*
 * For one that is one too many, as long as such clients of the programs wait.
 */
#define REFUSED_MS 20000
#define REFUSED_SPREAD_MS 20000
#define REFUSAL "there are too many clients; come back later"

/* What may be added. */
enum writer_state {
	WRITER_BEGINS,  /* the head */
	WRITER_STREAMS, /* frames */
	WRITER_ANSWERED /* nothing more: the head was all */
};

struct sse_writer {
	sse_write_function *write;
	void *context;
	struct sse_buf pending;
	size_t sent; /* bytes in front that were taken already */
	enum writer_state state;
	int error;        /* of a write that failed; then for ever */
	int64_t taken_ms; /* monotonic: the last bytes were taken */
};

static int64_t
now_ms(void)
{
	return sse_clock_monotonic_ms(sse_clock_system());
}

struct sse_writer *
sse_writer_new(
    sse_write_function *write, void *context, size_t pending_size_max)
{
	struct sse_writer *writer = malloc(sizeof(*writer));

	if (writer == NULL)
		return NULL;
	*writer = (struct sse_writer){
	    .write = write, .context = context, .taken_ms = now_ms()};
	writer->error = write == NULL ? -EINVAL : 0;
	sse_buf_init(&writer->pending,
	    pending_size_max > 0 ? pending_size_max : PENDING_SIZE_DEFAULT);
	return writer;
}

void
sse_writer_free(struct sse_writer *writer)
{
	if (writer == NULL)
		return;
	sse_buf_done(&writer->pending);
	free(writer);
}

/* Why nothing can be written any more, or 0. */
static int
why_not(const struct sse_writer *writer)
{
	return writer == NULL ? -ENOMEM : writer->error;
}

/* Most heads fit at once; a policy may make a longer one. */
static int
add_head(struct sse_buf *pending, const struct sse_response *response)
{
	size_t most = pending->size_max - pending->size;
	size_t room = most < SSE_HEAD_SIZE_MAX ? most : SSE_HEAD_SIZE_MAX;
	ssize_t size = sse_buf_reserve(pending, room);

	while (size == 0) {
		size = sse_response_head(
		    response, pending->data + pending->size, room);
		if (size != -ENOBUFS || room == most)
			break;
		room = room <= most / 2 ? 2 * room : most;
		size = sse_buf_reserve(pending, room);
	}
	if (size < 0)
		return (int)size;
	pending->size += (size_t)size;
	return 0;
}

int
sse_writer_head_sized(struct sse_writer *writer,
    const struct sse_response *response, size_t response_size)
{
	const struct sse_response *known;
	struct sse_response own;
	int error = why_not(writer);

	if (error != 0)
		return error;
	if (writer->state != WRITER_BEGINS)
		return -EPROTO;
	known = sse_sized_get(response, response_size, &own, sizeof(own));
	if (known == NULL)
		return sse_sized_error(response);
	error = add_head(&writer->pending, known);
	if (error == 0)
		writer->state =
		    known->event_stream ? WRITER_STREAMS : WRITER_ANSWERED;
	return error;
}

static void
drop_sent(struct sse_writer *writer)
{
	sse_buf_drop(&writer->pending, writer->sent);
	writer->sent = 0;
}

/* Encodes into what memory there is already. */
static ssize_t
encode_into(
    struct sse_buf *pending, const struct sse_event *event, size_t event_size)
{
	size_t capacity = pending->capacity < pending->size_max
			      ? pending->capacity
			      : pending->size_max;

	return sse_encode_sized(event, event_size,
	    pending->data + pending->size, capacity - pending->size);
}

static ssize_t
encode_into_more(
    struct sse_writer *writer, const struct sse_event *event, size_t event_size)
{
	size_t size = sse_encode_size_sized(event, event_size);
	int error;

	drop_sent(writer);
	error = sse_buf_reserve(&writer->pending, size);
	return error != 0 ? error
			  : encode_into(&writer->pending, event, event_size);
}

int
sse_writer_add_sized(
    struct sse_writer *writer, const struct sse_event *event, size_t event_size)
{
	ssize_t size = why_not(writer);

	if (size != 0)
		return (int)size;
	if (writer->state != WRITER_STREAMS)
		return -EPROTO;
	/* Nearly always there is room, and nothing has to be measured. */
	size = encode_into(&writer->pending, event, event_size);
	if (size == -ENOBUFS)
		size = encode_into_more(writer, event, event_size);
	if (size < 0)
		return (int)size;
	writer->pending.size += (size_t)size;
	assert(writer->pending.size <= writer->pending.capacity);
	return 0;
}

int
sse_writer_room(struct sse_writer *writer, size_t size, char **ret_room)
{
	int error = why_not(writer);

	if (error != 0)
		return error;
	if (writer->state != WRITER_STREAMS)
		return -EPROTO;
	if (writer->pending.capacity - writer->pending.size < size)
		drop_sent(writer);
	error = sse_buf_reserve(&writer->pending, size);
	if (error == 0)
		*ret_room = writer->pending.data + writer->pending.size;
	return error;
}

void
sse_writer_take(struct sse_writer *writer, size_t size)
{
	assert(size <= writer->pending.capacity - writer->pending.size);
	writer->pending.size += size;
}

/* Hands over what waits, as far as it is taken. */
static void
hand_over(struct sse_writer *writer)
{
	const struct sse_buf *pending = &writer->pending;

	while (writer->error == 0 && writer->sent < pending->size) {
		size_t left = pending->size - writer->sent;
		ssize_t taken = writer->write(
		    writer->context, pending->data + writer->sent, left);

		assert(taken <= (ssize_t)left);
		if (taken == 0 || taken == -EAGAIN)
			break;
		if (taken < 0)
			writer->error = (int)taken;
		else
			writer->sent += (size_t)taken;
	}
}

int
sse_writer_flush(struct sse_writer *writer)
{
	struct sse_buf *pending;
	size_t sent_before;

	if (writer == NULL)
		return -ENOMEM;
	pending = &writer->pending;
	sent_before = writer->sent;
	hand_over(writer);
	if (writer->sent > sent_before)
		writer->taken_ms = now_ms();
	if (writer->sent >= pending->size - writer->sent)
		drop_sent(writer);
	if (writer->error != 0)
		return writer->error;
	return pending->size > 0 ? -EAGAIN : 0;
}

int
sse_writer_publish_sized(
    struct sse_writer *writer, const struct sse_event *event, size_t event_size)
{
	int error = sse_writer_add_sized(writer, event, event_size);

	return error != 0 ? error : sse_writer_flush(writer);
}

int
sse_writer_heartbeat_in_ms(const struct sse_writer *writer, int interval_ms)
{
	int64_t silent_ms;

	if (writer == NULL)
		return 0;
	silent_ms = now_ms() - writer->taken_ms;
	return silent_ms < interval_ms ? interval_ms - (int)silent_ms : 0;
}

int
sse_writer_heartbeat(struct sse_writer *writer, int interval_ms)
{
	int error = why_not(writer);

	if (error != 0)
		return error;
	/* What waits already will do as well, and a heap of these would not. */
	if (sse_writer_pending(writer) > 0)
		return sse_writer_flush(writer);
	if (writer->state != WRITER_STREAMS)
		return -EPROTO;
	if (sse_writer_heartbeat_in_ms(writer, interval_ms) > 0)
		return 0;
	error = sse_buf_add(
	    &writer->pending, SSE_HEARTBEAT, sizeof(SSE_HEARTBEAT) - 1);
	return error != 0 ? error : sse_writer_flush(writer);
}

/*
 * The head for this request, and whether frames may follow: 1, 0 or an error.
 */
static int
begin(struct sse_writer *writer, const struct sse_request *request,
    const struct sse_response *response)
{
	int error = sse_writer_head(writer, response);

	if (error != 0)
		return error;
	if (request->method == SSE_METHOD_HEAD)
		writer->state = WRITER_ANSWERED;
	return writer->state == WRITER_STREAMS;
}

/* What was not taken waits, as the frames after it may. */
static int
hand_over_first(struct sse_writer *writer)
{
	int error = sse_writer_flush(writer);

	return error == -EAGAIN ? 0 : error;
}

/* From least_ms to least_ms and spread_ms. */
static int64_t
random_ms(int64_t least_ms, int64_t spread_ms)
{
	int64_t ms =
	    least_ms + (int64_t)(sse_random() % (uint64_t)(spread_ms + 1));

	return ms < SSE_RETRY_MS_MAX ? ms : SSE_RETRY_MS_MAX;
}

int
sse_writer_answer_sized(struct sse_writer *writer,
    const struct sse_request *request, size_t request_size, const char *origins,
    int64_t retry_ms)
{
	struct sse_event first = {
	    .comment = sse_slice(FIRST_COMMENT), .has_retry = true};
	struct sse_response response;
	struct sse_request own;
	const struct sse_request *known =
	    sse_sized_get(request, request_size, &own, sizeof(own));
	int go_on, error = why_not(writer);

	if (error != 0)
		return error;
	if (known == NULL)
		return sse_sized_error(request);
	if (retry_ms < 0 || retry_ms > SSE_RETRY_MS_MAX)
		return -ERANGE;
	response = sse_response_to(known, origins);
	go_on = begin(writer, known, &response);
	first.retry_ms = random_ms(retry_ms, retry_ms);
	if (go_on == 1)
		error = sse_writer_add(writer, &first);
	if (go_on >= 0 && error == 0)
		error = hand_over_first(writer);
	return error != 0 ? error : go_on;
}

int
sse_writer_refuse_sized(struct sse_writer *writer,
    const struct sse_request *request, size_t request_size, const char *origins)
{
	struct sse_event only = {
	    .comment = sse_slice(REFUSAL),
	    .has_retry = true,
	    .retry_ms = random_ms(REFUSED_MS, REFUSED_SPREAD_MS),
	};
	struct sse_response response;
	struct sse_request own;
	const struct sse_request *known =
	    sse_sized_get(request, request_size, &own, sizeof(own));
	int go_on, error = why_not(writer);

	if (error != 0)
		return error;
	if (known == NULL)
		return sse_sized_error(request);
	response = sse_response_to(known, origins);
	if (response.event_stream)
		response.retry_after_s = (unsigned)(only.retry_ms + 999) / 1000;
	go_on = begin(writer, known, &response);
	if (go_on < 0)
		return go_on;
	if (go_on == 1)
		error = sse_writer_add(writer, &only);
	writer->state = WRITER_ANSWERED;
	return error != 0 ? error : hand_over_first(writer);
}

size_t
sse_writer_pending(const struct sse_writer *writer)
{
	return writer != NULL ? writer->pending.size - writer->sent : 0;
}
