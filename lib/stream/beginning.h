/*
 * beginning.h - where a reader of a stream begins: at what a client asks for,
 * which may have to be searched for.
 */
#ifndef BEGINNING_H
#define BEGINNING_H

#include "record/stream_conf.h"
#include "source/source.h"

#define STREAM_SINCE_NONE INT64_MIN
#define STREAM_LAST_MAX (UINT64_MAX - 1) /* records; one more is all */

/* The id of the event that ends a stream: who comes back with it is done. */
#define STREAM_END_ID "end"

/* Where a client wants to begin, in its words. */
struct stream_start {
	struct sse_slice last_event_id; /* absent, one of ours, or anything */
	int64_t since_ms; /* without an id: 1970; STREAM_SINCE_NONE */
	/* Without an id: what of its words cannot be; static; NULL: nothing. */
	const char *fault;
	/* Without an id and a time: so many of the newest records. */
	bool has_last;
	uint64_t last;
};

/* Whether it is a time that the client wants to begin at. */
bool stream_start_is_time(const struct stream_start *start);

/* Both are borrowed. */
struct beginning {
	const struct stream_conf *conf;
	struct source *source;
	bool
	    starting; /* steps have to follow, when the source's poll says so */
	bool started; /* the source is */
	bool done;    /* the client has everything */
	int error;    /* why the source could not be started yet */
};

/*
 * Begins where a client asks to; with so many of the newest records; behind a
 * position of this stream.  0, also when more steps are needed; or errors of
 * source_start(), and then it may be gone on with, which tries again.  -ENOENT:
 * the log is not there, and what it was might tell where to begin, or it will
 * not be waited for.
 */
int beginning_at_start(
    struct beginning *beginning, const struct stream_start *start);
int beginning_at_newest(struct beginning *beginning, uint64_t records);
int beginning_at_position(
    struct beginning *beginning, const struct source_position *position);

/*
 * A step, of at most one read, or of some names of the log's folder: 1 at the
 * end, 0 when more are needed, or errors as above.
 */
int beginning_go_on(struct beginning *beginning);

/* Whether the next step can be taken at once: nothing keeps it from its end. */
bool beginning_goes_on(const struct beginning *beginning);

/* Until it has started: when the next step is due, or it is tried again. */
struct source_poll beginning_poll(const struct beginning *beginning);

#endif
