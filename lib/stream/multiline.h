/*
 * multiline.h - the lines of a source into its records.
 *
 * A record of several lines is complete when its rule says so: when a line
 * begins the next one, or a blank line comes.  Until then no position behind
 * its beginning is given, so that a client that comes back has all of it.
 */
#ifndef MULTILINE_H
#define MULTILINE_H

#include "stream/context.h"
#include "stream/joined.h"

/*
 * A record whose end is told by the next one's start is given when no line has
 * come for wait_ms; when lines keep coming that begin none, after this many
 * times wait_ms.
 */
#define MULTILINE_WAITS_MAX 10

/* Lines of one call: each may be searched for a pattern up to its limit. */
#define MULTILINE_ITEMS_MAX 256
#define MULTILINE_TURN_MS 2 /* the same, when a pattern needs long for each */

struct multiline_options {
	const struct sse_clock *clock;
	const struct record_rule *rule;
	size_t record_size_max; /* bytes */
	int64_t wait_ms;
	/*
	 * Records are judged as a whole: the lines before them are given, too.
	 */
	bool has_context;
};

struct multiline {
	struct multiline_options options;
	struct source *source;        /* borrowed */
	struct source_position given; /* the end of what was given */
	uint64_t records; /* given: what counts in volatile positions */

	struct context context;
	bool ended; /* what was given last, by the beginning of the next one */

	struct joined joined; /* the record that has begun, or was given */
	struct source_position place; /* behind the last line that had one */
	bool inside; /* an event that a blank line ends goes on there */

	struct source_item held; /* what came after the record that was given */
	bool holds;
};

/* The source and what the options point to have to outlive the multiline. */
void multiline_init(struct multiline *multiline, struct source *source,
    const struct multiline_options *options);
void multiline_done(struct multiline *multiline);

/* The source has been started: what was joined before is forgotten. */
void multiline_restart(struct multiline *multiline);

/*
 * As source_next(), with records for lines.  A line that does not fit any more
 * into record_size_max begins the next record, but with RECORD_HAS_BLANK: then
 * what is over is left out, as it is of a line.  A record that an end cuts, or
 * a gap behind which it does not go on, is given before that, as it is.  Where
 * an event with RECORD_HAS_BLANK was cut, the rest of it is passed over.  The
 * rest of another record is one of its own.  If it has a position, and the
 * multiline a context, at most record_size_max bytes of the lines before it are
 * its "before".
 */
int multiline_next(struct multiline *multiline, struct source_item *ret_item);

/* As source_ended(): the end was given. */
bool multiline_ended(const struct multiline *multiline);

/* As source_position(): the end of what was given. */
struct source_position multiline_position(const struct multiline *multiline);

/* As source_has_given_all(), with no record that has begun. */
bool multiline_has_given_all(const struct multiline *multiline);

/* As source_owes_gap(); also of a gap that has ended a record. */
bool multiline_owes_gap(const struct multiline *multiline);

/*
 * As source_meets(), for two multilines with the same rule: both have begun the
 * same record.
 */
bool multiline_meets(
    struct multiline *multiline, const struct multiline *leader);

/* As source_poll(). */
struct source_poll multiline_poll(const struct multiline *multiline);

#endif
