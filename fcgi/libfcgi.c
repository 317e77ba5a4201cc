/*
 * libfcgi.c - libfcgi, fenced in.
 *
 *	records -> send(ours)   ours | theirs   FCGX_Accept_r -> parameters
 *	out     <- recv(ours)   ours | theirs   FCGX_PutStr   <- bytes
 *
 * libfcgi speaks FastCGI to a descriptor that it may block on and close.  Here
 * that is one end of a socket pair of the process, which never blocks, and is
 * empty between two requests.  Whatever goes wrong, the request is let go of
 * and the pair is replaced: so nothing of it can get into the next request.
 *
 * Three things make that work, and all are looked at by libfcgi_new(): a
 * request with ipcFd set is read from there, instead of from an accepted
 * connection; keepConnection tells libfcgi to leave the descriptor alone, which
 * it would else close first of all; and FCGX_Detach() lets it close without
 * lingering for two seconds.  The first two are fields that its header calls
 * private; they have been where they are since 2.4.1.
 *
 * It asserts that each allocation succeeds.  This process has one thread, so
 * what was allocated and freed just before is there for it; if one fails all
 * the same, the request is lost, and what libfcgi had allocated for it.
 */
#include "libfcgi.h"

#include <assert.h>
#include <errno.h>
#include <fcgiapp.h>
#include <stdlib.h>
#include <string.h>

#include "fence.h"
#include "socket_pair.h"
#include "wire.h"

/* Bytes around a record of STDOUT: its header, padding, the end; one more. */
#define REPLY_SPARE (WIRE_HEADER_SIZE + 7 + WIRE_FINISH_SIZE + 1)

/*
 * What libfcgi allocates for a request, besides the bytes of its parameters:
 * three streams with a buffer of 8 KiB each, and for each of at most
 * INTAKE_NAMES_MAX parameters a pointer, in a table that is doubled, and what
 * malloc() adds.
 */
#define REQUEST_MEMORY (96 << 10)

struct libfcgi {
	FCGX_Request request;
	struct socket_pair pair;
	bool in_hand;
};

/* Lets go of the request, and leaves the pair open. */
static void
let_go(struct libfcgi *libfcgi)
{
	libfcgi->request.ipcFd = -1;
	FCGX_Free(&libfcgi->request, 0);
	libfcgi->in_hand = false;
}

/* What libfcgi has of the request is in no known state. */
static int
forget(struct libfcgi *libfcgi)
{
	libfcgi->request = (FCGX_Request){.ipcFd = -1};
	return -ENOMEM;
}

/*
 * After a failure: a pair that may hold anything is replaced at once.  If that
 * fails too, the next request tries again.
 */
static int
fail(struct libfcgi *libfcgi, int error)
{
	let_go(libfcgi);
	socket_pair_close(&libfcgi->pair);
	(void)socket_pair_open(&libfcgi->pair);
	return error;
}

/* Whether libfcgi would get the memory for such a request. */
static int
find_memory(struct sse_slice records)
{
	/* volatile: else a compiler may leave both calls out. */
	void *volatile memory = malloc(REQUEST_MEMORY + records.size);

	if (memory == NULL)
		return -ENOMEM;
	free(memory);
	return 0;
}

/* Whether libfcgi has left its end open. */
static bool
is_open(struct libfcgi *libfcgi)
{
	if (libfcgi->request.ipcFd != libfcgi->pair.theirs)
		libfcgi->pair.theirs = -1;
	return libfcgi->pair.theirs >= 0;
}

/* A call of libfcgi, and what it returned. */
struct call {
	FCGX_Request *request;
	int got;
};

static void
call_accept(void *context)
{
	struct call *call = context;

	call->got = FCGX_Accept_r(call->request);
}

static void
call_finish(void *context)
{
	struct call *call = context;

	FCGX_Finish_r(call->request);
}

static void
call_init(void *context)
{
	struct call *call = context;

	call->got = FCGX_Init();
}

static int
accept_request(struct libfcgi *libfcgi)
{
	FCGX_Request *request = &libfcgi->request;
	struct call call = {request, 0};

	request->ipcFd = libfcgi->pair.theirs;
	request->keepConnection = 1;
	FCGX_Detach(request);
	if (!fence(call_accept, &call))
		return forget(libfcgi);
	if (!is_open(libfcgi) || call.got != 0)
		return -EPROTO;
	/* 0 does not mean that the parameters came to their end. */
	if (FCGX_GetError(request->in) != 0 ||
	    !socket_pair_is_taken(&libfcgi->pair))
		return -EPROTO;
	libfcgi->in_hand = true;
	return 0;
}

int
libfcgi_begin(struct libfcgi *libfcgi, struct sse_slice records)
{
	int error = 0;

	assert(!libfcgi->in_hand);
	if (libfcgi->pair.ours < 0)
		error = socket_pair_open(&libfcgi->pair);
	if (error == 0)
		error = find_memory(records);
	if (error != 0)
		return error;
	/* Its listening socket is none: it cannot wait for a connection. */
	if (FCGX_InitRequest(&libfcgi->request, -1, FCGI_FAIL_ACCEPT_ON_INTR))
		return -EPROTO;
	error = socket_pair_send(&libfcgi->pair, records);
	if (error == 0)
		error = accept_request(libfcgi);
	return error != 0 ? fail(libfcgi, error) : 0;
}

const char *
libfcgi_param(void *context, const char *name)
{
	struct libfcgi *libfcgi = context;

	assert(libfcgi->in_hand);
	return FCGX_GetParam(name, libfcgi->request.envp);
}

/* Only GetError tells: later calls succeed after a write that failed. */
static int
writer_error(FCGX_Stream *stream)
{
	int error = FCGX_GetError(stream);

	if (error == EAGAIN)
		return -EMSGSIZE;
	return error > 0 ? -error : error == 0 ? 0 : -EPROTO;
}

static int
put(struct libfcgi *libfcgi, struct sse_slice bytes)
{
	FCGX_PutStr(bytes.data, (int)bytes.size, libfcgi->request.out);
	return writer_error(libfcgi->request.out);
}

/* What libfcgi has written of the last bytes that were put. */
static int
receive(struct libfcgi *libfcgi, size_t size, struct sse_buf *out)
{
	return socket_pair_receive(&libfcgi->pair, size + REPLY_SPARE, out);
}

/* Flushes what was put, and takes it. */
static int
flush(struct libfcgi *libfcgi, size_t size, struct sse_buf *out)
{
	int error;

	FCGX_FFlush(libfcgi->request.out);
	error = writer_error(libfcgi->request.out);
	return error != 0 ? error : receive(libfcgi, size, out);
}

/* All but the last record, which is put and not flushed. */
static int
put_all(struct libfcgi *libfcgi, struct sse_slice *bytes, struct sse_buf *out)
{
	int error = 0;

	if (bytes->size > LIBFCGI_REPLY_MAX)
		return -EMSGSIZE;
	while (error == 0 && bytes->size > LIBFCGI_RECORD_MAX) {
		struct sse_slice piece = {bytes->data, LIBFCGI_RECORD_MAX};

		error = put(libfcgi, piece);
		if (error == 0)
			error = flush(libfcgi, piece.size, out);
		bytes->data += piece.size;
		bytes->size -= piece.size;
	}
	return error != 0 ? error : put(libfcgi, *bytes);
}

/*
 * Ends the request.  The streams are gone then, and with them what went wrong:
 * so the bytes have to show that its end was written.
 */
static int
finish(struct libfcgi *libfcgi, size_t size, struct sse_buf *out)
{
	FCGX_Request *request = &libfcgi->request;
	struct call call = {request, 0};
	uint16_t id = (uint16_t)request->requestId;
	char want[WIRE_FINISH_SIZE];
	struct sse_buf end = {want, 0, sizeof(want), sizeof(want)};
	int error;

	request->keepConnection = 1;
	if (!fence(call_finish, &call))
		return forget(libfcgi);
	if (!is_open(libfcgi))
		return -EPROTO;
	error = receive(libfcgi, size, out);
	if (error != 0)
		return error;
	(void)wire_finish(&end, id);
	if (out->size < end.size ||
	    memcmp(out->data + out->size - end.size, want, end.size) != 0)
		return -EPROTO;
	return 0;
}

/* What is done with the last bytes, which were put. */
typedef int end_function(
    struct libfcgi *libfcgi, size_t size, struct sse_buf *out);

static int
send_all(struct libfcgi *libfcgi, struct sse_slice bytes, end_function *end,
    struct sse_buf *out)
{
	size_t before = out->size;
	int error;

	assert(libfcgi->in_hand);
	error = put_all(libfcgi, &bytes, out);
	if (error == 0)
		error = end(libfcgi, bytes.size, out);
	if (error != 0) {
		out->size = before;
		return fail(libfcgi, error);
	}
	let_go(libfcgi);
	return 0;
}

int
libfcgi_stream(
    struct libfcgi *libfcgi, struct sse_slice bytes, struct sse_buf *out)
{
	return send_all(libfcgi, bytes, flush, out);
}

int
libfcgi_reply(
    struct libfcgi *libfcgi, struct sse_slice bytes, struct sse_buf *out)
{
	return send_all(libfcgi, bytes, finish, out);
}

void
libfcgi_drop(struct libfcgi *libfcgi)
{
	if (libfcgi->in_hand)
		let_go(libfcgi);
}

/* One request: is what comes out what went in, and is what comes back whole? */
static int
try_request(struct libfcgi *libfcgi, struct sse_buf *buf)
{
	static const char pairs[] = "\016\003REQUEST_METHODGET";
	const char *method;
	int error = wire_begin_request(buf, 1, 0);

	if (error == 0)
		error = wire_params(
		    buf, 1, (struct sse_slice){pairs, sizeof(pairs) - 1});
	if (error == 0)
		error = libfcgi_begin(libfcgi, sse_buf_slice(buf));
	if (error != 0)
		return error;
	method = libfcgi_param(libfcgi, "REQUEST_METHOD");
	error = method != NULL && strcmp(method, "GET") == 0 ? 0 : -EPROTO;
	sse_buf_clear(buf);
	if (error == 0)
		error = libfcgi_reply(libfcgi, sse_slice("12345678"), buf);
	if (error == 0 && buf->size != WIRE_HEADER_SIZE + 8 + WIRE_FINISH_SIZE)
		error = -EPROTO;
	return error;
}

static int
test_request(struct libfcgi *libfcgi)
{
	struct sse_buf buf;
	int error;

	sse_buf_init(&buf, LIBFCGI_REPLY_MAX);
	error = try_request(libfcgi, &buf);
	sse_buf_done(&buf);
	return error;
}

int
libfcgi_new(struct libfcgi **ret_libfcgi)
{
	struct libfcgi *libfcgi = calloc(1, sizeof(*libfcgi));
	struct call init = {NULL, 0};
	int error;

	if (libfcgi == NULL)
		return -ENOMEM;
	libfcgi->pair = SOCKET_PAIR_NONE;
	if (!fence(call_init, &init) || init.got == ENOMEM)
		error = -ENOMEM;
	else
		error =
		    init.got != 0 ? -EPROTO : socket_pair_open(&libfcgi->pair);
	if (error == 0)
		error = test_request(libfcgi);
	if (error != 0) {
		libfcgi_free(libfcgi);
		return error;
	}
	*ret_libfcgi = libfcgi;
	return 0;
}

void
libfcgi_free(struct libfcgi *libfcgi)
{
	if (libfcgi == NULL)
		return;
	libfcgi_drop(libfcgi);
	socket_pair_close(&libfcgi->pair);
	free(libfcgi);
}

const struct libfcgi_ops libfcgi_ops = {
    .begin = libfcgi_begin,
    .param = libfcgi_param,
    .stream = libfcgi_stream,
    .reply = libfcgi_reply,
    .drop = libfcgi_drop,
};
