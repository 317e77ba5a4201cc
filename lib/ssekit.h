/*
 * ssekit.h - Server-Sent Events: encode, decode and write event streams.
 *
 * The standard is the WHATWG's HTML, section 9.2, "Server-sent events"; a
 * section number below is one of it unless another standard is named.
 *
 * Conventions.  A function that can fail returns 0 or more, or a negative
 * errno value; then it has left its ret_ parameters and buffers as they were.
 * Nothing here logs, exits or touches a signal.  Only the functions that a
 * caller hands over read variables and write, and so may block: his own, or
 * sse_getenv(), sse_write_descriptor() and sse_write_stdio().  A writer looks
 * at the monotonic clock, and takes random numbers of the kernel.
 * Texts are bytes with a length, in UTF-8; they need no final NUL and may
 * hold NUL where the standard allows it.  One object may be used by one
 * thread at a time; there is no shared state between objects.
 *
 * NULL.  An object that is NULL is one for which there was no memory: a
 * function that is given it says -ENOMEM, and so only one check is needed, of
 * whatever is called first.  NULL for anything else that a function needs is
 * -EINVAL.  A function that has no error to return does nothing, and returns
 * 0, false, NULL or an absent slice.  A slice whose data are NULL is absent
 * whatever its size is.  Where NULL means something else, it is said there.
 *
 * Structs that grow.  Events, requests and responses are the caller's memory,
 * and all zeros is a good beginning for each.  A later release may add members
 * at the end of them, with the same soname: a function that takes one is
 * inline, and tells the library how large it was when the program was compiled
 * (as openat2(2) is told; nghttp3 has _versioned functions for it).  Members
 * that the program did not know are zeros; those that the library does not
 * know have to be, or it says -E2BIG.  A size in each struct, or opaque ones
 * with accessors, would have been more for every program to write, and to
 * forget.  sse_slice does not grow.  Other languages than C and C++ call the
 * functions named ..._sized, at the end of this file.
 */
#ifndef SSEKIT_H
#define SSEKIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SSE_PUBLIC __attribute__((visibility("default")))
#else
#define SSE_PUBLIC
#endif

#ifdef __cplusplus
#define SSE_INLINE inline
#else
#define SSE_INLINE static inline
#endif

/* ------------------------------------------------------------- limits -- */

/*
 * Longest id and longest type, in bytes.  Web servers limit a header line to
 * about 8 KiB and would answer a longer Last-Event-ID with a 4xx, which ends
 * an EventSource for good.
 */
#define SSE_ID_SIZE_MAX 1024
#define SSE_TYPE_SIZE_MAX 1024

/* Largest retry, in milliseconds: JavaScript timers overflow beyond it. */
#define SSE_RETRY_MS_MAX 2147483647

/* Longest stream name, in bytes; see sse_name_valid(). */
#define SSE_NAME_SIZE_MAX 64

/* Longest "last" of a query that is kept whole, in bytes. */
#define SSE_LAST_SIZE_MAX 64

/* Longest "since" of a query that is kept whole, in bytes. */
#define SSE_SINCE_SIZE_MAX 64

/* Longest origin that may read a stream, in bytes. */
#define SSE_ORIGIN_SIZE_MAX 256

/* -------------------------------------------------------------- slice -- */

/*
 * Some bytes that somebody else owns.  data == NULL: absent.  data != NULL
 * and size == 0: there, and empty.  Events keep the two apart.
 */
struct sse_slice {
	const char *data;
	size_t size;
};

/* Its name is that of the struct, which -Wshadow of C++ objects to. */
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

/* The bytes of a C string, without its NUL.  NULL gives an absent slice. */
SSE_PUBLIC struct sse_slice sse_slice(const char *string);

#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* Whether two slices hold the same bytes.  Absent equals only absent. */
SSE_PUBLIC bool sse_slice_equal(struct sse_slice a, struct sse_slice b);

/* -------------------------------------------------------------- event -- */

/*
 * One event.  Every part may be absent: an event that is all zeros has none.
 * The slices are borrowed.
 */
struct sse_event {
	struct sse_slice comment; /* ":" lines, before the fields */
	struct sse_slice id;      /* "" resets the client's last event id */
	struct sse_slice type;    /* the field "event"; "" means "message" */
	struct sse_slice data;    /* "" is an event with empty data */
	bool has_retry;
	int64_t retry_ms; /* 0 .. SSE_RETRY_MS_MAX */
};

/* ------------------------------------------------------------- encode -- */

/*
 * Whether the event can be sent exactly as it is: 0, or
 *  -EINVAL    CR, LF or NUL in the id; CR, LF or NUL in the type
 *  -EILSEQ    invalid UTF-8 in any part
 *  -EMSGSIZE  an id or type over its limit
 *  -ERANGE    a retry that is negative or over SSE_RETRY_MS_MAX
 * CR and CRLF in data and comment are not errors: the format cannot carry them,
 * and they arrive as LF (9.2.6).
 */
SSE_INLINE int sse_event_check(const struct sse_event *event);

/*
 * The bytes that sse_encode() needs at most for this event; exact when data
 * and comment hold no CR.  The event is not checked.
 */
SSE_INLINE size_t sse_encode_size(const struct sse_event *event);

/*
 * What a connection that has been silent is sent, to show that both sides are
 * there: a comment, without a blank line behind it, since some clients take
 * each blank line for an event with nothing in it.
 */
#define SSE_HEARTBEAT ":\n"

/*
 * Writes the event's frame (9.2.5) to the caller's buffer: comment lines, id,
 * event, retry, one data line for each line of data, and a blank line; each
 * line ends in LF, each field has the space after its colon.  An event with
 * nothing in it becomes the blank line alone.  Returns the bytes written, an
 * error of sse_event_check(), or -ENOBUFS when size is less than the frame
 * needs; after an error the buffer is untouched.
 */
SSE_INLINE ssize_t sse_encode(
    const struct sse_event *event, char *buffer, size_t size);

/* ------------------------------------------------------------- decode -- */

/*
 * A push decoder: bytes go in as they arrive, in pieces of any size, and
 * events come out as 9.2.6 says, whatever the pieces were.
 *
 *	sse_decoder_feed(decoder, bytes, size);
 *	while ((got = sse_decoder_next(decoder, &event)) != 0)
 *		if (got == 1)
 *			use(&event);
 *
 * At the end of a stream nothing is called: what is unfinished is dropped.
 */
struct sse_decoder;

/*
 * A decoder for one connection.  event_size_max limits the bytes that it
 * keeps of one event (type and data) and of one line; 0 means 16 MiB.  NULL
 * when memory is used up.
 */
SSE_PUBLIC struct sse_decoder *sse_decoder_new(size_t event_size_max);

/* Frees the decoder and what it owns. */
SSE_PUBLIC void sse_decoder_free(struct sse_decoder *decoder);

/*
 * Begins a new stream: forgets what is unfinished, and carries last_event_id
 * over from the earlier connection (absent or empty: none).  Returns 0,
 * -ENOMEM, or -EMSGSIZE for an id over event_size_max.
 */
SSE_PUBLIC int sse_decoder_restart(
    struct sse_decoder *decoder, struct sse_slice last_event_id);

/*
 * Gives the next bytes of the stream.  They are borrowed, and must stay in
 * place until sse_decoder_next() has returned 0.
 */
SSE_PUBLIC void sse_decoder_feed(
    struct sse_decoder *decoder, const char *bytes, size_t size);

/*
 * Takes one event: 1 and an event, 0 when the fed bytes are used up,
 * -EMSGSIZE for an event over the limit (it is dropped whole, the next one is
 * intact; call again), -ENOMEM (likewise).  The event's type is "message"
 * where the stream named none; its id is the last event id, "" if there is
 * none; comment is absent; retry is there if the stream has set it since the
 * event before.  The slices live until the next call on this decoder.
 */
SSE_INLINE int sse_decoder_next(
    struct sse_decoder *decoder, struct sse_event *ret_event);

/*
 * What a reconnection would send as Last-Event-ID: "" for none.  It may have
 * moved without an event, since a block of an id alone fires none.  Lives
 * until the next call on this decoder.
 */
SSE_PUBLIC struct sse_slice sse_decoder_last_event_id(
    const struct sse_decoder *decoder);

/*
 * The digits of the newest valid retry field, without leading zeros; absent
 * when there was none.  Digits, because the standard sets no upper bound.
 * Lives until the next call on this decoder.
 */
SSE_PUBLIC struct sse_slice sse_decoder_retry(
    const struct sse_decoder *decoder);

/* ------------------------------------------------------------ request -- */

/* The methods that are told apart; RFC 9110, 9.  They are case-sensitive. */
enum sse_method {
	SSE_METHOD_NONE, /* no request: the variable is not set, or empty */
	SSE_METHOD_GET,
	SSE_METHOD_HEAD,
	SSE_METHOD_OPTIONS,
	SSE_METHOD_OTHER
};

/*
 * Looks up a CGI variable (RFC 3875, 4.1): its value, which has to live until
 * sse_request_read() returns, or NULL: sse_getenv(), that of ssekit-fcgi.h, ...
 */
typedef const char *sse_getenv_function(void *context, const char *name);

/* getenv(3), for CGI programs; the context is not used. */
SSE_PUBLIC const char *sse_getenv(void *context, const char *name);

/*
 * Who has named the stream.  A web server that protects the path of a stream
 * does not look at the query: a program that gives each stream to everybody
 * who can name it, should take names from the query only where that is meant.
 */
enum sse_naming {
	SSE_NAMING_NONE,   /* no name was given */
	SSE_NAMING_SERVER, /* the web server, by SSE_STREAM */
	SSE_NAMING_PATH,   /* the client, by PATH_INFO */
	SSE_NAMING_QUERY   /* the client, by "stream" in the query */
};

/* Media types that the header Accept names; a set of them. */
enum sse_accepts {
	SSE_ACCEPTS_HTML = 1,         /* as a browser's address bar does */
	SSE_ACCEPTS_EVENT_STREAM = 2, /* as an EventSource does */
	SSE_ACCEPTS_JSON = 4
};

/*
 * What a client asks for.  Everything in it comes from outside and is hostile
 * until it is checked.  An empty variable is the same as none (RFC 3875, 4.1),
 * but for SSE_STREAM.
 *
 * The texts are C strings, and the request holds all of them: it can be copied
 * as it is ("mine = *request"), and a copy lives as long as you like.  One that
 * is longer than its limit is cut one byte behind it, so that it is none of
 * those that are allowed.  A NUL, which a query may have as %00, becomes the
 * byte 0xff, which no valid text has.
 */
struct sse_request {
	enum sse_method method;
	enum sse_naming naming; /* who has named the stream */
	bool from_server; /* GATEWAY_INTERFACE or REQUEST_METHOD is there */

	/*
	 * The query is not empty and has no "=": RFC 3875, 4.4 lets the server
	 * make it into program arguments, which are then a client's words.
	 */
	bool query_is_arguments;

	/*
	 * The stream's name: SSE_STREAM if it is set, also to nothing; else
	 * what follows the "/" of PATH_INFO; else "stream" in the query, if it
	 * is not empty.  Without a name it is "" and naming is
	 * SSE_NAMING_NONE.  A name that is none (sse_name_valid()) is here as
	 * it came, and matches no stream.
	 */
	char stream[SSE_NAME_SIZE_MAX + 2];

	/*
	 * Last-Event-ID without blanks around it, else "lastEventId" or
	 * "last_event_id" in the query; "": none.
	 */
	char last_event_id[SSE_ID_SIZE_MAX + 2];

	/*
	 * "since" in the query: where a client without an id wants to begin;
	 * "": it did not say.
	 */
	char since[SSE_SINCE_SIZE_MAX + 2];

	/*
	 * "last" in the query: with how many of the newest records a client
	 * without an id wants to begin; "": it did not say.
	 */
	char last[SSE_LAST_SIZE_MAX + 2];

	char origin[SSE_ORIGIN_SIZE_MAX + 2]; /* the header Origin; "": none */
	uint64_t content_size; /* CONTENT_LENGTH; 0 when none or not a number */
	uint64_t accepts;      /* a set of enum sse_accepts */
};

/*
 * Reads a request.  It cannot fail: what is missing or malformed is absent.
 * What get() returned is copied, and not kept.
 */
SSE_INLINE void sse_request_read(
    struct sse_request *request, sse_getenv_function *get, void *context);

/* Whether a text can be a stream's name: [A-Za-z0-9][A-Za-z0-9._-]{0,63}. */
SSE_PUBLIC bool sse_name_valid(struct sse_slice name);

/* ----------------------------------------------------------- response -- */

/*
 * The head of an answer, as a CGI program writes it (RFC 3875, 6).  All zeros
 * but for the status is a good answer.
 */
struct sse_response {
	int status;              /* 200, 204, 400, 404, 405, 500, 503 */
	bool event_stream;       /* the head of an event stream; else text */
	const char *type;        /* Content-Type; NULL: by event_stream */
	const char *allow;       /* Allow, with 405 and OPTIONS; or NULL */
	unsigned retry_after_s;  /* Retry-After; 0: none */
	struct sse_slice origin; /* Access-Control-Allow-Origin; or absent */
	bool credentials;        /* Access-Control-Allow-Credentials: true */
	bool vary_origin;        /* Vary: Origin */

	/*
	 * What a preflight, which has 204 and allow, may be told that a page
	 * of that origin may send, beside Last-Event-ID: names with blanks
	 * between; NULL: nothing.
	 */
	const char *allow_headers;

	const char *vary;   /* Vary, beside Origin; or NULL */
	const char *policy; /* Content-Security-Policy; or NULL */
};

/*
 * Writes the head, with its blank line, to the caller's buffer; lines end in
 * CRLF.  Never Connection, Keep-Alive, Transfer-Encoding, Content-Length or
 * Content-Encoding: each of them breaks a stream somewhere.  Returns the
 * bytes written, -EINVAL for an unknown status or for CR, LF or NUL in a
 * value, -ENOBUFS when size is too small; after an error the buffer is
 * untouched.
 */
SSE_INLINE ssize_t sse_response_head(
    const struct sse_response *response, char *buffer, size_t size);

/* Longest allow_headers, in bytes. */
#define SSE_ALLOW_HEADERS_SIZE_MAX 256

/*
 * The largest head that sse_response_head() makes with an origin of
 * SSE_ORIGIN_SIZE_MAX and at most 64 names in allow_headers, without vary and
 * policy.
 */
#define SSE_HEAD_SIZE_MAX 1024

/*
 * The answer to a request for a stream: the head of an event stream for GET,
 * for HEAD, and for a program that no web server has started; 204 for OPTIONS;
 * 405 for any other method.
 *
 * origins says which other sites may read it (Fetch, CORS protocol): NULL or
 * "" for none, "*" for all, or origins as browsers send them, in lower case
 * and with blanks between: "https://app.example https://b.example:8443".  The
 * answer points into the request, and must not outlive it.
 */
SSE_INLINE struct sse_response sse_response_to(
    const struct sse_request *request, const char *origins);

/* ------------------------------------------------------------- writer -- */

/*
 * Writes some bytes somewhere, and keeps none back: returns how many were
 * taken (fewer is fine, the rest is offered at once), -EAGAIN when none can be
 * taken now, or another negative errno, which ends the writer.
 * sse_write_descriptor(), that of ssekit-fcgi.h, ...
 */
typedef ssize_t sse_write_function(
    void *context, const void *bytes, size_t size);

/*
 * write(2); the context points to the descriptor, an int that has to live as
 * long as the writer.  It may be non-blocking.
 */
SSE_PUBLIC ssize_t sse_write_descriptor(
    void *context, const void *bytes, size_t size);

/*
 * fwrite(3) and fflush(3); the context is the FILE, of a descriptor that
 * blocks: with stdio, what could not be written at once is lost.
 */
SSE_PUBLIC ssize_t sse_write_stdio(
    void *context, const void *bytes, size_t size);

/*
 * A stream over a write function: first the head, then frames.  Frames wait
 * in one buffer until they are flushed; what the write function does not take
 * stays in front, so that nothing is ever sent into the middle of a frame.
 */
struct sse_writer;

/*
 * A writer over a write function.  pending_size_max limits the bytes that
 * wait to be flushed; 0 means 16 MiB.  NULL when memory is used up.  Without a
 * write function all that is to be written is -EINVAL.
 */
SSE_PUBLIC struct sse_writer *sse_writer_new(
    sse_write_function *write, void *context, size_t pending_size_max);

/* Frees the writer, and what was not flushed. */
SSE_PUBLIC void sse_writer_free(struct sse_writer *writer);

/*
 * Answers a request for a stream, and hands the answer over: the head of
 * sse_response_to(), and for GET a first frame with a retry and a comment of
 * 100 bytes, since some servers send nothing before there is a body.  The
 * retry is retry_ms and at random up to as much again, so that clients that
 * were cut off together do not come back together.  Returns
 *  1  for a stream: events may follow
 *  0  when that was the answer (HEAD, OPTIONS, another method)
 * or an error: those of sse_writer_head(), -ERANGE for retry_ms, that of a
 * failed write; then the writer is to be freed.  Where the write function said
 * -EAGAIN, some of it waits still: see sse_writer_pending().
 */
SSE_INLINE int sse_writer_answer(struct sse_writer *writer,
    const struct sse_request *request, const char *origins, int64_t retry_ms);

/*
 * Answers a request where one client more would be too many, and hands the
 * answer over: for GET an event stream that ends at once, whose retry (and
 * Retry-After) is 20 to 40 s at random, since a status like 503 would end an
 * EventSource for good; else as sse_writer_answer().  Nothing may follow.
 * origins as there: the page of another site has to be able to read it, too.
 * Returns 0, or an error of sse_writer_answer() but -ERANGE.
 */
SSE_INLINE int sse_writer_refuse(struct sse_writer *writer,
    const struct sse_request *request, const char *origins);

/*
 * Adds a head of one's own; frames may follow that of an event stream.  It must
 * come first and once: otherwise -EPROTO.  Errors of sse_response_head(),
 * -ENOMEM, -ENOBUFS over pending_size_max; they leave the writer as it was.
 */
SSE_INLINE int sse_writer_head(
    struct sse_writer *writer, const struct sse_response *response);

/*
 * Adds the frame of an event; nothing is sent yet.  Errors: those of
 * sse_event_check(); -EPROTO where no frame may be, which is before the head
 * and where the head is the whole answer; -ENOBUFS over pending_size_max
 * (flush, then try again); -ENOMEM; they leave the writer as it was.  After a
 * failed write: that write's error.
 */
SSE_INLINE int sse_writer_add(
    struct sse_writer *writer, const struct sse_event *event);

/*
 * Hands over what is waiting, in one call of the write function if that takes
 * it all.  0 when nothing is left, -EAGAIN when the rest has to wait (call
 * again when it can be written), or the error that ended the writer; then
 * every later call returns the same one.
 */
SSE_PUBLIC int sse_writer_flush(struct sse_writer *writer);

/*
 * sse_writer_add() and sse_writer_flush() in one.  After -EAGAIN the event is
 * on its way, and is not to be published again.
 */
SSE_INLINE int sse_writer_publish(
    struct sse_writer *writer, const struct sse_event *event);

/* Soon enough for the web servers that cut a silent stream after 30 s. */
#define SSE_HEARTBEAT_MS 15000

/*
 * Publishes SSE_HEARTBEAT, which a client ignores, if nothing was taken by the
 * write function for interval_ms: SSE_HEARTBEAT_MS, or 0 for at once.  So it
 * may be called as often as one likes, once a second or in each turn of a
 * loop.  It keeps servers from closing a silent connection, and a write that
 * fails is often the only sign that the client has gone.  Where bytes wait
 * still, it only flushes.  Errors as sse_writer_publish().
 */
SSE_PUBLIC int sse_writer_heartbeat(struct sse_writer *writer, int interval_ms);

/*
 * How long until sse_writer_heartbeat() has something to do, in milliseconds,
 * from 0 to interval_ms: a timeout for poll(2).
 */
SSE_PUBLIC int sse_writer_heartbeat_in_ms(
    const struct sse_writer *writer, int interval_ms);

/* The bytes that wait to be flushed. */
SSE_PUBLIC size_t sse_writer_pending(const struct sse_writer *writer);

/* -------------------------------------------------- structs that grow -- */

/*
 * The functions above, which are all that a program in C or C++ needs, with the
 * size of each struct behind it: sizeof(*event), ...  Beside the errors there:
 * -E2BIG; sse_encode_size_sized() then returns 0, and the response of
 * sse_response_to_sized() is all zeros, which is none that can be sent.
 */
SSE_PUBLIC int sse_event_check_sized(
    const struct sse_event *event, size_t event_size);
SSE_PUBLIC size_t sse_encode_size_sized(
    const struct sse_event *event, size_t event_size);
SSE_PUBLIC ssize_t sse_encode_sized(const struct sse_event *event,
    size_t event_size, char *buffer, size_t size);
SSE_PUBLIC int sse_decoder_next_sized(struct sse_decoder *decoder,
    struct sse_event *ret_event, size_t event_size);
SSE_PUBLIC void sse_request_read_sized(struct sse_request *request,
    size_t request_size, sse_getenv_function *get, void *context);
SSE_PUBLIC ssize_t sse_response_head_sized(const struct sse_response *response,
    size_t response_size, char *buffer, size_t size);
SSE_PUBLIC void sse_response_to_sized(const struct sse_request *request,
    size_t request_size, const char *origins, struct sse_response *ret_response,
    size_t response_size);
SSE_PUBLIC int sse_writer_answer_sized(struct sse_writer *writer,
    const struct sse_request *request, size_t request_size, const char *origins,
    int64_t retry_ms);
SSE_PUBLIC int sse_writer_refuse_sized(struct sse_writer *writer,
    const struct sse_request *request, size_t request_size,
    const char *origins);
SSE_PUBLIC int sse_writer_head_sized(struct sse_writer *writer,
    const struct sse_response *response, size_t response_size);
SSE_PUBLIC int sse_writer_add_sized(struct sse_writer *writer,
    const struct sse_event *event, size_t event_size);
SSE_PUBLIC int sse_writer_publish_sized(struct sse_writer *writer,
    const struct sse_event *event, size_t event_size);

SSE_INLINE int
sse_event_check(const struct sse_event *event)
{
	return sse_event_check_sized(event, sizeof(*event));
}

SSE_INLINE size_t
sse_encode_size(const struct sse_event *event)
{
	return sse_encode_size_sized(event, sizeof(*event));
}

SSE_INLINE ssize_t
sse_encode(const struct sse_event *event, char *buffer, size_t size)
{
	return sse_encode_sized(event, sizeof(*event), buffer, size);
}

SSE_INLINE int
sse_decoder_next(struct sse_decoder *decoder, struct sse_event *ret_event)
{
	return sse_decoder_next_sized(decoder, ret_event, sizeof(*ret_event));
}

SSE_INLINE void
sse_request_read(
    struct sse_request *request, sse_getenv_function *get, void *context)
{
	sse_request_read_sized(request, sizeof(*request), get, context);
}

SSE_INLINE ssize_t
sse_response_head(
    const struct sse_response *response, char *buffer, size_t size)
{
	return sse_response_head_sized(
	    response, sizeof(*response), buffer, size);
}

SSE_INLINE struct sse_response
sse_response_to(const struct sse_request *request, const char *origins)
{
	struct sse_response response;

	sse_response_to_sized(
	    request, sizeof(*request), origins, &response, sizeof(response));
	return response;
}

SSE_INLINE int
sse_writer_answer(struct sse_writer *writer, const struct sse_request *request,
    const char *origins, int64_t retry_ms)
{
	return sse_writer_answer_sized(
	    writer, request, sizeof(*request), origins, retry_ms);
}

SSE_INLINE int
sse_writer_refuse(struct sse_writer *writer, const struct sse_request *request,
    const char *origins)
{
	return sse_writer_refuse_sized(
	    writer, request, sizeof(*request), origins);
}

SSE_INLINE int
sse_writer_head(struct sse_writer *writer, const struct sse_response *response)
{
	return sse_writer_head_sized(writer, response, sizeof(*response));
}

SSE_INLINE int
sse_writer_add(struct sse_writer *writer, const struct sse_event *event)
{
	return sse_writer_add_sized(writer, event, sizeof(*event));
}

SSE_INLINE int
sse_writer_publish(struct sse_writer *writer, const struct sse_event *event)
{
	return sse_writer_publish_sized(writer, event, sizeof(*event));
}

#ifdef __cplusplus
}
#endif

#endif
