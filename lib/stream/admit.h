/*
 * admit.h - the decision about a request: which answer, which stream.  Pure.
 */
#ifndef ADMIT_H
#define ADMIT_H

#include "conf/conf.h"
#include "stream/stream.h"

/*
 * Before a client that was one too many comes back: so much, and up to
 * ADMIT_BUSY_SPREAD_MS more, so that those of a full house come one by one.
 */
#define ADMIT_BUSY_MS 20000
#define ADMIT_BUSY_SPREAD_MS 20000

#define ADMIT_TEXT_SIZE_MAX 160 /* bytes, with the NUL; log_refusal() fits */

struct admission {
	struct sse_response response;
	const struct stream_conf *stream; /* to be streamed; or NULL */
	struct stream_start start;        /* where */
	/* That the request may not name so: a line for the log; or NULL. */
	const struct stream_conf *barred;
	char text[ADMIT_TEXT_SIZE_MAX]; /* else the body, with LF; "": none */
	struct sse_slice page;          /* a longer body, in its place */
	bool wants_list; /* the body is that of index.h, for all listed */
};

/*
 * DESIGN: GET of a known stream is streamed, or answered with the viewer's page
 * where the client asks for a page and not for a stream, and may have it; HEAD
 * has the head of GET and no body; OPTIONS 204; a query that may have been made
 * into arguments 400; no method 400; another method 405 with Allow; an unknown
 * stream, or none configured, or none named where there are several, 404, and
 * so a stream that may not be named as it was.  HEAD never has a text.  Every
 * answer to an origin that may read has the headers that tell so; where there
 * is no stream, to one that may read any.  Where none of several is named and
 * there is a list of streams, GET and HEAD have the page or that list, which no
 * other site may read.  A time to begin at that cannot be
 * read, or that the stream does not know, is a fault of the start, and so is a
 * number of records.  now_ms, since 1970, is what "-30m" counts from.  The
 * admission points into the request and the conf.
 */
struct admission admit(
    const struct sse_request *request, const struct conf *conf, int64_t now_ms);

/* The bytes of an answer that is no stream, behind its head. */
struct sse_slice admit_body(const struct admission *admission);

/*
 * The answer when the source is no good; or the configuration, and then there
 * is not a stream: NULL.
 */
struct admission admit_error(
    const struct sse_request *request, const struct stream_conf *stream);

/*
 * "the query may not name this stream; ...": what the log says of a request
 * whose admission has that stream as barred.
 */
const char *admit_barred_text(const struct sse_request *request);

/*
 * The answer instead of a stream that has nothing more for the client: 204,
 * which tells an EventSource not to come back (9.2.2).
 */
struct admission admit_done(const struct admission *admission);

/*
 * The answer to a client that is one too many: an event stream that ends at
 * once and asks to come back later, since a 503 would end an EventSource for
 * good (9.2.2).  random says when.
 */
struct admission admit_busy(const struct sse_request *request,
    const struct stream_conf *stream, uint64_t random);

#endif
