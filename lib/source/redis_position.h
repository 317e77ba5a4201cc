/*
 * redis_position.h - a place in a Redis Stream: behind an entry.
 *
 * Its event id is one of position.h, stamp.file-offset-check:
 *
 *	stamp   milliseconds of the entry's id
 *	file    its ordinal: how many entries were ever added, up to and with it
 *	offset  sequence number of the entry's id
 *	check   hash of the names and values of its fields, with their sizes
 *
 * All of that follows from the stream: each host gives the same ids.  A client
 * may also bring the id that XADD gave to an application, "ms-seq".
 */
#ifndef REDIS_POSITION_H
#define REDIS_POSITION_H

#include <stdbool.h>

#include "source/position.h"
#include "source/source_position.h"

#define REDIS_ID_SIZE_MAX 44 /* bytes of an entry's id, with a NUL */

/* What Redis calls one; 0-0 is before the first entry. */
struct redis_id {
	uint64_t ms;
	uint64_t seq;
};

struct redis_position {
	struct redis_id id;
	uint64_t ordinal; /* where it has one */
	uint64_t check;   /* likewise; SSE_POSITION_CHECK_BITS */
	bool has_ordinal;
	bool has_check;
};

/* Reads "ms-seq", both in decimal: 0 or -EBADMSG. */
int redis_id_parse(struct sse_slice text, struct redis_id *ret_id);

/* Writes it, with a NUL. */
struct sse_slice redis_id_text(
    const struct redis_id *id, char text[REDIS_ID_SIZE_MAX]);

/* Less than, equal to or greater than 0, as the first is before the other. */
int redis_id_compare(const struct redis_id *a, const struct redis_id *b);

/* The beginning of a stream of which so many entries are deleted. */
struct redis_position redis_position_begin(uint64_t deleted);

/* Whether it is before the first entry: no entry has the id 0-0. */
bool redis_position_is_beginning(const struct redis_position *position);

/*
 * A place that is gone back to, behind a loss: its id is none that is behind an
 * entry.  What another host still has behind that one may be what was lost, and
 * would come again.
 */
void redis_position_set_apart(struct redis_position *position);

/* As everybody else has it. */
struct source_position redis_position_pack(const struct redis_position *from);
struct redis_position redis_position_unpack(const struct source_position *from);

/* What a client brings, in either form: 0 or -EBADMSG. */
int redis_position_parse(
    struct sse_slice text, struct redis_position *ret_position);

/*
 * The event id.  Absent where its numbers do not fit: an application may give
 * its entries any.
 */
struct sse_slice redis_position_text(
    struct sse_position_text *kept, const struct redis_position *position);

#endif
