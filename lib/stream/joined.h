/*
 * joined.h - the lines of a record, as far as they have come.
 */
#ifndef JOINED_H
#define JOINED_H

#include "buf.h"
#include "source/item.h"

struct joined {
	struct sse_buf text;     /* the lines so far, with a LF between */
	size_t size_max;         /* bytes of a record */
	bool taken;              /* the caller looks at it still */
	size_t lines;            /* in it; 0: no record has begun */
	struct source_item last; /* of the lines, without its text */
	uint64_t left_out;
	uint64_t nuls;    /* left out before its lines */
	int64_t began_ms; /* monotonic: its first line */
	int64_t moved_ms; /* its last line */
};

/* No record has begun.  It owns no memory yet. */
void joined_init(struct joined *joined, size_t size_max);
void joined_done(struct joined *joined);

/* What was joined, or taken, is not needed any more. */
void joined_clear(struct joined *joined);

/* Whether a line, if it begins no record by itself, must not be joined. */
bool joined_is_full_for(
    const struct joined *joined, const struct source_item *line);

/* Adds a line, at that time: 0; or -ENOMEM, and all is as it was. */
int joined_add(
    struct joined *joined, const struct source_item *line, int64_t now_ms);

/*
 * The record of the lines, of which there is one at least, with the position of
 * the last; unfinished: nothing has ended it.  Its text lives until
 * joined_clear(), which is due then.
 */
void joined_take(
    struct joined *joined, bool unfinished, struct source_item *ret_item);

/*
 * How long the record may still wait for a line: until wait_ms after the last
 * one, and so many times that after the first.
 */
int64_t joined_left_ms(
    const struct joined *joined, int64_t wait_ms, int waits, int64_t now_ms);

#endif
