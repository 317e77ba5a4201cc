/*
 * reader.h - what the log is read with: a file, which gives its lines; or a
 * source and a multiline, which give its records, as the streams of the
 * programs have them.
 *
 * A line of which the number is divisible by 3 begins a record.
 */
#ifndef READER_H
#define READER_H

#include "source/item.h"
#include "source/source_kind.h"
#include "world.h"

/* Below two of the longest lines: now and then one does not fit any more. */
#define READER_RECORD_SIZE_MAX 512

struct reader_options {
	const struct world *world;
	bool records;                 /* else lines */
	bool unwatched;               /* as of a source */
	struct source_shared *shared; /* of a worker; NULL: its own */
};

struct reader;

/* What readers share; the hints are borrowed. */
struct source_shared *reader_shared_new(
    const struct world *world, struct source_hints *hints);

/* The world has to outlive it. */
struct reader *reader_new(const struct reader_options *options);

/* NULL is allowed. */
void reader_free(struct reader *reader);

/* These are as those of a source, or of a multiline. */
int reader_start(struct reader *reader, const struct source_start *start);
struct source_position reader_position(const struct reader *reader);
bool reader_owes_gap(const struct reader *reader);
int reader_next(struct reader *reader, struct source_item *ret_item);
int64_t reader_timeout_ms(const struct reader *reader);

/* The leader, which reads the same way, has to live until the next call. */
void reader_follow(struct reader *reader, const struct reader *leader);
bool reader_meets(struct reader *reader);

/*
 * For as long as its client takes nothing: only the position is kept.  Nothing
 * else may be asked until it goes on; an error is that of a start, and then it
 * can only be freed.
 */
void reader_yield(struct reader *reader);
bool reader_has_yielded(const struct reader *reader);
int reader_go_on(struct reader *reader);

/* The number of a line; -1: it is the rest of one. */
int reader_line_number(struct sse_slice line);

#endif
