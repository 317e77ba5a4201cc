/*
 * wire.c - FastCGI records, as bytes.
 *
 * What is added to a buffer is added whole or not at all: all room that it
 * takes is reserved first.  A record of ours has no padding, which the
 * standard allows (3.3: it is for the receiver's alignment); those that may be
 * large are cut at a multiple of 8.
 *
 * Lengths in name-value pairs come from a peer.  They are compared with what
 * is left, never added up, so that none can lead out of the bytes.
 */
#include "wire.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VALUE_SIZE_MAX 12 /* bytes of an answer, with a NUL */

void
wire_header(char ret_header[WIRE_HEADER_SIZE], enum wire_type type,
    uint16_t request_id, size_t content_size)
{
	assert(content_size <= WIRE_CONTENT_MAX);
	ret_header[0] = WIRE_VERSION;
	ret_header[1] = (char)type;
	ret_header[2] = (char)(request_id >> 8);
	ret_header[3] = (char)request_id;
	ret_header[4] = (char)(content_size >> 8);
	ret_header[5] = (char)content_size;
	ret_header[6] = 0; /* padding */
	ret_header[7] = 0; /* reserved */
}

/* Puts a record into room that was reserved for it. */
static void
put(struct sse_buf *out, enum wire_type type, uint16_t request_id,
    struct sse_slice content)
{
	assert(out->capacity - out->size >= WIRE_HEADER_SIZE + content.size);
	wire_header(out->data + out->size, type, request_id, content.size);
	out->size += WIRE_HEADER_SIZE;
	if (content.size > 0)
		memcpy(out->data + out->size, content.data, content.size);
	out->size += content.size;
}

static int
add(struct sse_buf *out, enum wire_type type, uint16_t request_id,
    struct sse_slice content)
{
	int error = sse_buf_reserve(out, WIRE_HEADER_SIZE + content.size);

	if (error == 0)
		put(out, type, request_id, content);
	return error;
}

/* Adds bytes as records of at most size_max, with room for more of them. */
static int
add_stream(struct sse_buf *out, enum wire_type type, uint16_t request_id,
    struct sse_slice bytes, size_t more)
{
	const size_t size_max = WIRE_STDOUT_MAX;
	size_t records = bytes.size / size_max + 1;
	int error;

	if (bytes.size > out->size_max)
		return -ENOBUFS; /* no sum below overflows then */
	error = sse_buf_reserve(
	    out, bytes.size + records * WIRE_HEADER_SIZE + more);
	if (error != 0)
		return error;
	while (bytes.size > 0) {
		struct sse_slice piece = bytes;

		piece.size = bytes.size < size_max ? bytes.size : size_max;
		put(out, type, request_id, piece);
		bytes.data += piece.size;
		bytes.size -= piece.size;
	}
	return 0;
}

/* The body of END_REQUEST: appStatus (4 bytes), protocolStatus, reserved. */
static struct sse_slice
end_body(char body[WIRE_BODY_SIZE], enum wire_status status)
{
	memset(body, 0, WIRE_BODY_SIZE);
	body[4] = (char)status;
	return (struct sse_slice){body, WIRE_BODY_SIZE};
}

int
wire_end_request(
    struct sse_buf *out, uint16_t request_id, enum wire_status status)
{
	char body[WIRE_BODY_SIZE];

	return add(out, WIRE_END_REQUEST, request_id, end_body(body, status));
}

int
wire_finish(struct sse_buf *out, uint16_t request_id)
{
	char body[WIRE_BODY_SIZE];
	int error = sse_buf_reserve(out, WIRE_FINISH_SIZE);

	if (error != 0)
		return error;
	put(out, WIRE_STDOUT, request_id, sse_slice(""));
	put(out, WIRE_END_REQUEST, request_id,
	    end_body(body, WIRE_REQUEST_COMPLETE));
	return 0;
}

int
wire_stdout(struct sse_buf *out, uint16_t request_id, struct sse_slice bytes)
{
	return add_stream(out, WIRE_STDOUT, request_id, bytes, 0);
}

int
wire_begin_request(struct sse_buf *out, uint16_t request_id, uint8_t flags)
{
	/* Role (2 bytes), flags, reserved. */
	char body[WIRE_BODY_SIZE] = {0, WIRE_RESPONDER, (char)flags};

	return add(out, WIRE_BEGIN_REQUEST, request_id,
	    (struct sse_slice){body, sizeof(body)});
}

int
wire_params(struct sse_buf *out, uint16_t request_id, struct sse_slice pairs)
{
	int error =
	    add_stream(out, WIRE_PARAMS, request_id, pairs, WIRE_HEADER_SIZE);

	if (error == 0)
		put(out, WIRE_PARAMS, request_id, sse_slice(""));
	return error;
}

int
wire_unknown_type(struct sse_buf *out, uint8_t type)
{
	char body[WIRE_BODY_SIZE] = {(char)type};

	return add(
	    out, WIRE_UNKNOWN_TYPE, 0, (struct sse_slice){body, sizeof(body)});
}

/* Takes a length: one byte, or four with the first bit set. */
static bool
take_size(struct sse_slice *bytes, size_t *ret_size)
{
	const uint8_t *at = (const uint8_t *)bytes->data;
	size_t taken = bytes->size > 0 && at[0] >= 0x80 ? 4 : 1;

	if (bytes->size < taken)
		return false;
	*ret_size = taken == 1
			? at[0]
			: (size_t)(at[0] & 0x7f) << 24 | (size_t)at[1] << 16 |
			      (size_t)at[2] << 8 | (size_t)at[3];
	bytes->data += taken;
	bytes->size -= taken;
	return true;
}

int
wire_pair(struct sse_slice *pairs, struct sse_slice *ret_name,
    struct sse_slice *ret_value)
{
	struct sse_slice rest = *pairs;
	size_t name_size, value_size;

	if (rest.size == 0)
		return 0;
	if (!take_size(&rest, &name_size) || !take_size(&rest, &value_size))
		return -EPROTO;
	if (name_size > rest.size || value_size > rest.size - name_size)
		return -EPROTO;
	*ret_name = (struct sse_slice){rest.data, name_size};
	*ret_value = (struct sse_slice){rest.data + name_size, value_size};
	pairs->data = ret_value->data + value_size;
	pairs->size = rest.size - name_size - value_size;
	return 1;
}

/* Puts an answer with its short lengths; returns its bytes. */
static size_t
put_value(char *at, const char *name, uint32_t value)
{
	char digits[VALUE_SIZE_MAX];
	size_t name_size = strlen(name);
	size_t size =
	    (size_t)snprintf(digits, sizeof(digits), "%" PRIu32, value);

	at[0] = (char)name_size;
	at[1] = (char)size;
	memcpy(at + 2, name, name_size);
	memcpy(at + 2 + name_size, digits, size);
	return 2 + name_size + size;
}

int
wire_values(struct sse_buf *out, struct sse_slice asked, uint32_t clients_max)
{
	const struct {
		const char *name;
		uint32_t value;
	} known[] = {
	    {"FCGI_MAX_CONNS", clients_max},
	    {"FCGI_MAX_REQS", clients_max},
	    {"FCGI_MPXS_CONNS", 0},
	};
	enum {
		KNOWN = sizeof(known) / sizeof(known[0])
	};
	char answers[KNOWN * (2 + sizeof("FCGI_MPXS_CONNS") + VALUE_SIZE_MAX)];
	bool is_asked[KNOWN] = {false};
	struct sse_slice name, value;
	size_t size = 0;

	while (wire_pair(&asked, &name, &value) == 1)
		for (size_t i = 0; i < KNOWN; i++)
			is_asked[i] |=
			    sse_slice_equal(name, sse_slice(known[i].name));
	for (size_t i = 0; i < KNOWN; i++)
		if (is_asked[i])
			size += put_value(
			    answers + size, known[i].name, known[i].value);
	return add(
	    out, WIRE_GET_VALUES_RESULT, 0, (struct sse_slice){answers, size});
}
