/*
 * wire.h - FastCGI records, as bytes.  Pure.
 *
 * "FastCGI Specification" 1.0, section 3.3 and 8.
 */
#ifndef WIRE_H
#define WIRE_H

#include "buf.h"

#define WIRE_VERSION 1
#define WIRE_HEADER_SIZE 8     /* bytes */
#define WIRE_CONTENT_MAX 65535 /* bytes of content of any record */
#define WIRE_STDOUT_MAX 65528  /* of ours: a multiple of 8 needs no padding */
#define WIRE_FINISH_SIZE 24    /* bytes of wire_finish() */
#define WIRE_BODY_SIZE 8       /* of BEGIN_REQUEST, END_REQUEST, UNKNOWN_TYPE */

enum wire_type {
	WIRE_BEGIN_REQUEST = 1,
	WIRE_ABORT_REQUEST = 2,
	WIRE_END_REQUEST = 3,
	WIRE_PARAMS = 4,
	WIRE_STDIN = 5,
	WIRE_STDOUT = 6,
	WIRE_STDERR = 7,
	WIRE_DATA = 8,
	WIRE_GET_VALUES = 9,
	WIRE_GET_VALUES_RESULT = 10,
	WIRE_UNKNOWN_TYPE = 11
};

enum wire_role {
	WIRE_RESPONDER = 1
};

/* Of BEGIN_REQUEST. */
#define WIRE_KEEP_CONN 1

enum wire_status {
	WIRE_REQUEST_COMPLETE = 0,
	WIRE_CANT_MPX_CONN = 1,
	WIRE_OVERLOADED = 2,
	WIRE_UNKNOWN_ROLE = 3
};

/* The header of a record without padding; content_size <= WIRE_CONTENT_MAX. */
void wire_header(char ret_header[WIRE_HEADER_SIZE], enum wire_type type,
    uint16_t request_id, size_t content_size);

/* Adds END_REQUEST with appStatus 0.  Errors of sse_buf_add(), as all below. */
int wire_end_request(
    struct sse_buf *out, uint16_t request_id, enum wire_status status);

/* Adds the end of STDOUT, and END_REQUEST: the request is complete. */
int wire_finish(struct sse_buf *out, uint16_t request_id);

/*
 * Adds the bytes as STDOUT, in as few records of up to WIRE_STDOUT_MAX as
 * there can be.  Of no bytes nothing: an empty record would be the end.
 */
int wire_stdout(
    struct sse_buf *out, uint16_t request_id, struct sse_slice bytes);

/* Adds a BEGIN_REQUEST of a responder: what a web server sends. */
int wire_begin_request(struct sse_buf *out, uint16_t request_id, uint8_t flags);

/* Adds the name-value pairs as PARAMS, and the end of PARAMS. */
int wire_params(
    struct sse_buf *out, uint16_t request_id, struct sse_slice pairs);

/*
 * Takes a name-value pair from the front of *pairs: 1, 0 when none is left,
 * -EPROTO when a length leads out of it; then *pairs is as it was.
 */
int wire_pair(struct sse_slice *pairs, struct sse_slice *ret_name,
    struct sse_slice *ret_value);

/* Adds the answer to a management record of a type that is not known. */
int wire_unknown_type(struct sse_buf *out, uint8_t type);

/*
 * Adds GET_VALUES_RESULT, for the names in the content of a GET_VALUES: those
 * that are known, each once.  What is malformed is passed over.  At most
 * clients_max requests at once, one for each connection (multiplexing would
 * let one slow reader hold up all that share its connection).
 */
int wire_values(
    struct sse_buf *out, struct sse_slice asked, uint32_t clients_max);

#endif
