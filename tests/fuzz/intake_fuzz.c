/*
 * intake_fuzz.c - any bytes are taken in without harm, and the same however
 * they are cut; what is handed out as a request is within its limits, and is
 * a request that libfcgi takes.
 *
 *	input: what to do (1 byte), pieces (1), stream
 *
 * What to do: bit 0 to hold requests until they are aborted, bit 1 to give
 * them to libfcgi.
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "intake.h"
#include "libfcgi.h"

#define LOG_SIZE_MAX ((size_t)64 << 20)
#define HOLD 1
#define DECODE 2

static struct libfcgi *libfcgi;

/* Records that are given to libfcgi have to be a request for it. */
static void
decode(struct sse_slice records)
{
	if (libfcgi == NULL)
		REQUIRE(libfcgi_new(&libfcgi) == 0);
	REQUIRE(libfcgi_begin(libfcgi, records) == 0);
	REQUIRE(libfcgi_param(libfcgi, "FCGI_ROLE") != NULL);
	libfcgi_drop(libfcgi);
}

static void
on_request(struct intake *intake, unsigned what, struct sse_buf *log)
{
	struct sse_slice records = sse_buf_slice(&intake->records);

	REQUIRE(intake->state == INTAKE_ACTIVE);
	REQUIRE(intake->request_id != 0);
	REQUIRE(records.size <= INTAKE_PARAMS_MAX + 5 * WIRE_HEADER_SIZE);
	REQUIRE(sse_buf_add(log, records.data, records.size) == 0);
	if (what & DECODE)
		decode(records);
	if (what & HOLD)
		intake_forget(intake);
	else
		intake_end(intake);
}

static void
on_event(struct intake *intake, int event, unsigned what, struct sse_buf *log)
{
	if (event == INTAKE_REQUEST) {
		on_request(intake, what, log);
		return;
	}
	REQUIRE(event == INTAKE_ABORTED);
	REQUIRE(intake->state == INTAKE_ACTIVE);
	REQUIRE(sse_buf_add(log, "aborted", 7) == 0);
	intake_end(intake);
}

/* Feeds a copy that ends where its memory ends: 0, or an error. */
static int
feed(struct intake *intake, struct sse_slice piece, unsigned what,
    struct sse_buf *log)
{
	char *copy = malloc(piece.size);
	struct sse_slice rest = {copy, piece.size};
	struct sse_buf replies;
	int got;

	REQUIRE(copy != NULL);
	memcpy(copy, piece.data, piece.size);
	sse_buf_init(&replies, LOG_SIZE_MAX);
	do {
		got = intake_feed(intake, &rest, &replies);
		REQUIRE(got >= 0 || got == -EPROTO || got == -EMSGSIZE ||
			got == -ENOBUFS);
		/* A peer that takes each reply at once. */
		REQUIRE(sse_buf_add(log, replies.data, replies.size) == 0);
		sse_buf_clear(&replies);
		if (got > 0)
			on_event(intake, got, what, log);
	} while (got > 0);
	sse_buf_done(&replies);
	free(copy);
	return got;
}

static void
take_in(struct sse_slice stream, size_t piece_size, unsigned what,
    struct sse_buf *log)
{
	struct intake intake;
	int error = 0;

	intake_init(&intake, 100);
	while (stream.size > 0 && error == 0)
		error =
		    feed(&intake, fuzz_take(&stream, piece_size), what, log);
	if (error != 0)
		REQUIRE(
		    intake.records.data == NULL && intake.content.data == NULL);
	REQUIRE(intake.content.size <= INTAKE_VALUES_MAX);
	REQUIRE(sse_buf_add(log, &error, sizeof(error)) == 0);
	intake_done(&intake);
}

void
intake_fuzz(struct sse_slice stream)
{
	unsigned what = fuzz_number(&stream);
	size_t pieces[] = {1, 1 + (size_t)fuzz_number(&stream)};
	struct sse_buf want, got;

	sse_buf_init(&want, LOG_SIZE_MAX);
	sse_buf_init(&got, LOG_SIZE_MAX);
	take_in(stream, SIZE_MAX, what, &want);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		sse_buf_clear(&got);
		take_in(stream, pieces[i], what & HOLD, &got);
		REQUIRE(
		    sse_slice_equal(sse_buf_slice(&want), sse_buf_slice(&got)));
	}
	sse_buf_done(&want);
	sse_buf_done(&got);
}
