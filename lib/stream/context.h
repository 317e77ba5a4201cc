/*
 * context.h - what was given of a record before the rest of it came.
 *
 * Time, or record-max, may end a record that goes on, and a client may come
 * back to the middle of one.  The rest is then a record of its own, but it is
 * judged with the lines before it: here they are, as they were given, or as
 * they are found in the log.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include "buf.h"
#include "record/record_rule.h"
#include "source/source.h"

enum context_state {
	CONTEXT_KNOWN, /* the lines are those before */
	CONTEXT_LOST,  /* they have to be read, if any are needed */
	CONTEXT_READ   /* it is not known yet which of them begins the record */
};

struct context {
	struct sse_buf lines; /* with a LF between; the newest, if too many */
	enum context_state state;
	size_t looked; /* CONTEXT_READ: the lines from here on begin none */
};

/* At most so many bytes of a record are kept.  It owns no memory yet. */
void context_init(struct context *context, size_t size_max);
void context_done(struct context *context);

/* What is known to be before what comes; with a LF between. */
struct sse_slice context_lines(const struct context *context);

/* What comes next begins a record. */
void context_forget(struct context *context);

/* What comes next is elsewhere, behind that position of the source. */
void context_lose(struct context *context, const struct source *source,
    const struct source_position *position);

/* These lines were given, and may go on: 0 or -ENOMEM (call again). */
int context_add(struct context *context, struct sse_slice lines);

/*
 * Settles what is before a line that comes at a position of the source, if
 * the line begins no record: 1; 0 to be called again; -ENOMEM (call again).
 * One call searches one line, or reads once.
 */
int context_find(struct context *context, const struct record_rule *rule,
    const struct source *source, const struct source_position *position,
    struct sse_slice line);

#endif
