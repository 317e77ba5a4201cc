/*
 * stages.h - what a stream is made of: each stage is pulled by the next one.
 *
 *	source -> multiline -> format
 *	bytes    records   events
 */
#ifndef STAGES_H
#define STAGES_H

#include "record/format.h"
#include "record/plain_frames.h"
#include "stream/multiline.h"

struct line_time;
struct record_start;

/* The keys with patterns that are searched for. */
enum stream_pattern {
	STREAM_INCLUDE,
	STREAM_EXCLUDE,
	STREAM_RECORD_START,
	STREAM_PATTERNS /* how many */
};

/* What is borrowed has to outlive the stages. */
struct stages_options {
	const struct stream_conf *conf;
	const struct sse_clock *clock;
	/* Of all that read the source; or NULL. */
	const struct source_shared *shared;
	bool is_alone; /* nobody else reads it: what is shared is its own */
	/* For the ids of a volatile source: unlike at every other start. */
	uint64_t random;
	/* They read behind its source, and are told when to look; or NULL. */
	const struct stages *leader;
};

/* They point to each other: where they are initialized they stay. */
struct stages {
	const struct stream_conf *conf;
	struct source_shared *own; /* of its source alone; or NULL */
	struct record_rule rule;
	struct record_start *record_start; /* of the rule; or NULL */
	struct record_ids record_ids;
	struct record_times times;
	struct line_time *line_time; /* of the times; or NULL */
	struct source *source;
	struct multiline multiline;
	struct format format;
	bool is_filtered; /* some records may not be sent */
	bool has_lines;   /* of which plain ones are searched as they stand */
	bool has_plain;   /* lines may be sent as they stand, in that form */
	struct plain_form plain;
};

/* 0 or -ENOMEM; stages_done() is due after both. */
int stages_init(struct stages *stages, const struct stages_options *options);

/* All zeros is allowed. */
void stages_done(struct stages *stages);

/*
 * The position as the id of an event, until the next call; absent where ids
 * are not positions: it would take the place of a record's.
 */
struct sse_slice stages_id(
    struct stages *stages, const struct source_position *position);

/*
 * How many searches for a pattern were given up at their limit since the last
 * call.
 */
uint64_t stages_take_given_up(
    struct stages *stages, enum stream_pattern pattern);

#endif
