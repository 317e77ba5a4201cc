/*
 * trouble.h - what keeps a stream from its source, and when a line in the log
 * says so: once for each trouble, and once when it is over.
 */
#ifndef TROUBLE_H
#define TROUBLE_H

#include "program/log.h"
#include "stream/stream.h"

/*
 * Milliseconds that a log may be missing, or not to be read, without a word:
 * so it is for an instant whenever it is rotated.
 */
#define TROUBLE_WAIT_MS 1000

/* All zeros: there is none. */
struct source_shared;

struct trouble {
	int error;        /* as stream_poll() has it */
	int told;         /* the one that was told of; 0: none */
	int64_t since_ms; /* monotonic: of error */
	bool remarked;    /* trouble_remark() has said something */
};

/* What it is, for monitoring: one word. */
enum trouble_kind {
	TROUBLE_NONE,
	TROUBLE_MISSING,
	TROUBLE_DENIED, /* it may not be read */
	TROUBLE_KIND,   /* a folder, a device, ... */
	TROUBLE_LINK,   /* one that is not followed */
	TROUBLE_BUSY,   /* a FIFO of another process */
	TROUBLE_OTHER,
	TROUBLE_KINDS /* how many */
};

/* Of the errors that stream_poll() has. */
enum trouble_kind trouble_kind(int error);

/* "missing", ... */
const char *trouble_word(enum trouble_kind kind);

/*
 * Notes the error that stream_poll() has now, and writes a line if it is time
 * for one. It is to be called again and again, since trouble may only have to
 * last.
 */
void trouble_note(struct trouble *trouble, int error,
    const struct stream_conf *conf, int64_t now_ms, struct log *log);

/* The same for trouble that a client was refused for: there is no wait. */
void trouble_tell(struct trouble *trouble, int error,
    const struct stream_conf *conf, struct log *log);

/* Writes the remark that stream_poll() has, if any: once. */
void trouble_remark(struct trouble *trouble, const char *remark,
    const struct stream_conf *conf, struct log *log);

/*
 * Writes a line where the last lines of the log are not as record-start says,
 * and one for time-format: whether there was a line that could be judged.  What
 * is shared is as for source_peek().
 */
bool trouble_tell_shape(const struct stream_conf *conf,
    const struct source_shared *shared, struct log *log);

#endif
