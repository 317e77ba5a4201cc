/*
 * admit.h - the decision about a request: which answer, which stream.  Pure.
 */
#ifndef ADMIT_H
#define ADMIT_H

#include "stream.h"

/* Before a client that was one too many comes back. */
#define ADMIT_BUSY_S 30

struct admission {
	struct sse_response response;
	const struct stream_conf *stream; /* to be streamed; or NULL */
	struct stream_wish wish;          /* where */
	const char *text; /* else the body, one line with LF; NULL: none */
};

/*
 * DESIGN: GET of a known stream is streamed; HEAD has the head of GET and no
 * body; OPTIONS 204; a query that may have been made into arguments 400; no
 * method 400; another method 405 with Allow; an unknown stream, or none
 * configured, or none named where there are several, 404.  HEAD never has a
 * text.  A time to begin at that cannot be read, or that the stream does not
 * know, is a fault of the wish, and so is a number of records.  now_ms, since
 * 1970, is what "-30m" counts from.  The admission points into the request and
 * the conf.
 */
struct admission admit(
    const struct sse_request *request, const struct conf *conf, int64_t now_ms);

/* The answer to everything when the configuration or the source is no good. */
struct admission admit_error(const struct sse_request *request);

/*
 * The answer instead of a stream that has nothing more for the client: 204,
 * which tells an EventSource not to come back (9.2.2).
 */
struct admission admit_done(const struct admission *admission);

/*
 * The answer to a client that is one too many: an event stream that ends at
 * once and asks to come back later, since a 503 would end an EventSource for
 * good (9.2.2).
 */
struct admission admit_busy(void);

#endif
