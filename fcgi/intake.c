/*
 * intake.c - the records that a web server sends on one connection.
 *
 *	header (8 bytes), content, padding; header, content, padding; ...
 *
 * Each step takes a piece of one of the three.  What a record means is decided
 * once, when its content is complete; until then only the content of PARAMS,
 * BEGIN_REQUEST and GET_VALUES is kept, and that up to a limit.  So pieces of
 * any size give the same.
 *
 * Nothing of a record that is not of the request in hand can get into its
 * PARAMS, and libfcgi is given records that are made here: it never sees a
 * header that a peer has sent.
 *
 * No memory is held between requests, but while a record comes in that has to
 * be whole: at most INTAKE_VALUES_MAX bytes.
 */
#include "intake.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "params.h"

/* BEGIN_REQUEST, and PARAMS in at most two records and an empty one. */
#define RECORDS_SIZE_MAX \
	(INTAKE_PARAMS_MAX + WIRE_BODY_SIZE + 4 * WIRE_HEADER_SIZE)

/* There are as many as clients. */
_Static_assert(sizeof(struct intake) <= 100, "struct intake has grown");

void
intake_init(struct intake *intake, uint32_t clients_max)
{
	*intake = (struct intake){.clients_max = clients_max};
	sse_buf_init(&intake->records, RECORDS_SIZE_MAX);
	sse_buf_init(&intake->content, INTAKE_VALUES_MAX);
}

void
intake_done(struct intake *intake)
{
	sse_buf_done(&intake->records);
	sse_buf_done(&intake->content);
}

void
intake_forget(struct intake *intake)
{
	assert(intake->state != INTAKE_PARAMS);
	sse_buf_done(&intake->records);
}

static void
become_idle(struct intake *intake)
{
	intake->state = INTAKE_IDLE;
	intake->aborted = false;
	intake_forget(intake);
}

void
intake_end(struct intake *intake)
{
	assert(intake->state == INTAKE_ACTIVE);
	become_idle(intake);
}

static uint16_t
number(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint8_t
record_type(const struct intake *intake)
{
	return intake->header[1];
}

static uint16_t
record_id(const struct intake *intake)
{
	return number(intake->header + 2);
}

static bool
is_in_hand(const struct intake *intake)
{
	return intake->state != INTAKE_IDLE &&
	       record_id(intake) == intake->request_id;
}

/* Whether it is PARAMS of the request whose PARAMS come in. */
static bool
is_params(const struct intake *intake)
{
	return record_type(intake) == WIRE_PARAMS && is_in_hand(intake) &&
	       intake->state == INTAKE_PARAMS;
}

/* Whether the record's content has to be whole. */
static bool
is_content_kept(const struct intake *intake)
{
	return record_type(intake) ==
	       (record_id(intake) == 0 ? WIRE_GET_VALUES : WIRE_BEGIN_REQUEST);
}

/* A reply was added: does the peer take them? */
static int
check_replies(const struct sse_buf *replies, int error)
{
	if (error == 0 && replies->size > INTAKE_REPLIES_MAX)
		error = -ENOBUFS;
	return error;
}

static int
end_management(struct intake *intake, struct sse_buf *replies)
{
	uint8_t type = record_type(intake);
	int error;

	if (type == WIRE_GET_VALUES)
		error = wire_values(replies, sse_buf_slice(&intake->content),
		    intake->clients_max);
	else
		error = wire_unknown_type(replies, type);
	return check_replies(replies, error);
}

static int
refuse(struct intake *intake, enum wire_status status, struct sse_buf *replies)
{
	return check_replies(
	    replies, wire_end_request(replies, record_id(intake), status));
}

static int
end_begin(struct intake *intake, struct sse_buf *replies)
{
	const uint8_t *body = (const uint8_t *)intake->content.data;

	if (is_in_hand(intake))
		return -EPROTO;
	if (intake->state != INTAKE_IDLE)
		return refuse(intake, WIRE_CANT_MPX_CONN, replies);
	if (number(body) != WIRE_RESPONDER)
		return refuse(intake, WIRE_UNKNOWN_ROLE, replies);
	intake->state = INTAKE_PARAMS;
	intake->request_id = record_id(intake);
	intake->keep_conn = (body[2] & WIRE_KEEP_CONN) != 0;
	return INTAKE_NOTHING;
}

/* The records that libfcgi is given. */
static int
make_records(const struct intake *intake, struct sse_buf *records)
{
	uint8_t flags = intake->keep_conn ? WIRE_KEEP_CONN : 0;
	int error = wire_begin_request(records, intake->request_id, flags);

	if (error != 0)
		return error;
	return wire_params(
	    records, intake->request_id, sse_buf_slice(&intake->records));
}

static int
end_params(struct intake *intake)
{
	struct sse_buf records;
	int error = params_check(&intake->records, INTAKE_NAMES_MAX);

	if (error != 0)
		return error;
	sse_buf_init(&records, RECORDS_SIZE_MAX);
	error = make_records(intake, &records);
	if (error != 0) {
		sse_buf_done(&records);
		return error;
	}
	sse_buf_done(&intake->records);
	intake->records = records;
	intake->state = INTAKE_ACTIVE;
	return INTAKE_REQUEST;
}

static int
end_abort(struct intake *intake, struct sse_buf *replies)
{
	if (!is_in_hand(intake) || intake->aborted)
		return INTAKE_NOTHING;
	if (intake->state == INTAKE_ACTIVE) {
		intake->aborted = true;
		return INTAKE_ABORTED;
	}
	become_idle(intake);
	return check_replies(replies, wire_finish(replies, intake->request_id));
}

/* The content is complete. */
static int
end_content(struct intake *intake, struct sse_buf *replies)
{
	if (record_id(intake) == 0)
		return end_management(intake, replies);
	switch (record_type(intake)) {
	case WIRE_BEGIN_REQUEST:
		return end_begin(intake, replies);
	case WIRE_ABORT_REQUEST:
		return end_abort(intake, replies);
	case WIRE_PARAMS:
		if (is_params(intake) && number(intake->header + 4) == 0)
			return end_params(intake);
		return INTAKE_NOTHING;
	default:
		return INTAKE_NOTHING;
	}
}

/* After the content: what was kept of it is not needed any more. */
static int
finish_content(struct intake *intake, struct sse_buf *replies)
{
	int result = end_content(intake, replies);

	sse_buf_done(&intake->content);
	return result;
}

static struct sse_slice
take(struct sse_slice *bytes, size_t size)
{
	struct sse_slice front = *bytes;

	front.size = size < bytes->size ? size : bytes->size;
	bytes->data += front.size;
	bytes->size -= front.size;
	return front;
}

/* The header is complete: is it one, and may its content come? */
static int
check_header(const struct intake *intake)
{
	size_t content_size = intake->content_left;

	if (intake->header[0] != WIRE_VERSION)
		return -EPROTO;
	if (record_type(intake) == WIRE_BEGIN_REQUEST &&
	    record_id(intake) != 0 && content_size != WIRE_BODY_SIZE)
		return -EPROTO;
	if (is_params(intake) &&
	    content_size > INTAKE_PARAMS_MAX - intake->records.size)
		return -EMSGSIZE;
	return 0;
}

static int
take_header(
    struct intake *intake, struct sse_slice *bytes, struct sse_buf *replies)
{
	struct sse_slice piece =
	    take(bytes, WIRE_HEADER_SIZE - intake->header_size);
	int error;

	memcpy(intake->header + intake->header_size, piece.data, piece.size);
	intake->header_size += (uint8_t)piece.size;
	if (intake->header_size < WIRE_HEADER_SIZE)
		return INTAKE_NOTHING;
	intake->content_left = number(intake->header + 4);
	intake->padding_left = intake->header[6];
	error = check_header(intake);
	if (error != 0 || intake->content_left > 0)
		return error;
	return finish_content(intake, replies);
}

/* Keeps a piece of content, or passes it over. */
static int
keep(struct intake *intake, struct sse_slice piece)
{
	struct sse_buf *content = &intake->content;

	if (is_params(intake))
		return sse_buf_add(&intake->records, piece.data, piece.size);
	if (!is_content_kept(intake))
		return 0;
	if (piece.size > content->size_max - content->size)
		piece.size = content->size_max - content->size;
	return sse_buf_add(content, piece.data, piece.size);
}

static int
take_content(
    struct intake *intake, struct sse_slice *bytes, struct sse_buf *replies)
{
	struct sse_slice piece = take(bytes, intake->content_left);
	int error = keep(intake, piece);

	if (error != 0)
		return error;
	intake->content_left -= (uint16_t)piece.size;
	if (intake->content_left > 0)
		return INTAKE_NOTHING;
	return finish_content(intake, replies);
}

static int
take_piece(
    struct intake *intake, struct sse_slice *bytes, struct sse_buf *replies)
{
	int result = INTAKE_NOTHING;

	if (intake->header_size < WIRE_HEADER_SIZE)
		result = take_header(intake, bytes, replies);
	else if (intake->content_left > 0)
		result = take_content(intake, bytes, replies);
	else
		intake->padding_left -=
		    (uint8_t)take(bytes, intake->padding_left).size;
	if (intake->header_size == WIRE_HEADER_SIZE &&
	    intake->content_left == 0 && intake->padding_left == 0)
		intake->header_size = 0;
	return result;
}

int
intake_feed(
    struct intake *intake, struct sse_slice *bytes, struct sse_buf *replies)
{
	int result = INTAKE_NOTHING;

	if (intake->broken)
		return -EPROTO;
	while (bytes->size > 0 && result == INTAKE_NOTHING)
		result = take_piece(intake, bytes, replies);
	if (result < 0) {
		intake->broken = true;
		intake_done(intake);
	}
	return result;
}
