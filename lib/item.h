/*
 * item.h - what a source of records gives and takes, whatever it is.
 */
#ifndef ITEM_H
#define ITEM_H

#include "clock.h"
#include "generation.h"
#include "position.h"
#include "record_rule.h"

struct listing_cache;
struct source_ops;

#define SOURCE_SKIPPED_UNKNOWN UINT64_MAX
#define SOURCE_RECORDS_ALL UINT64_MAX

enum source_kind {
	SOURCE_RECORD, /* one record */
	SOURCE_GAP,    /* something may be missing before what comes next */
	SOURCE_MARK,   /* the position has moved without a record */
	SOURCE_END     /* there will be nothing more */
};

/* One step of a source.  The record lives until the next step. */
struct source_item {
	enum source_kind kind;
	struct record record;
	enum gap_reason reason; /* of a gap */
	uint64_t skipped;       /* bytes, or SOURCE_SKIPPED_UNKNOWN */
	bool has_position; /* a record that came late to an old file has none */
	struct sse_position position; /* after the item */
};

/* Where a client begins. */
struct source_start {
	/* The client's id; NULL when it has none, or none of our form. */
	const struct sse_position *position;
	/* It was not brought by a client, and is not judged as an id is. */
	bool is_ours;
	/* To be told first: its id is none of ours, ...; or GAP_NONE. */
	enum gap_reason gap;
	/* Without a position that counts: so many of the newest records. */
	uint64_t records;
};

struct source_options {
	const struct sse_clock *clock;
	size_t record_size_max;
	/* Where it may begin: at a record.  Borrowed; NULL: at each line. */
	const struct record_rule *rule;
	/* The log's older files, as in log_names.h.  Borrowed; NULL: "". */
	const char *generations;
	/* Borrowed; NULL: the log's folders are read for each look at them. */
	struct listing_cache *listing;
	uint64_t replay_size;   /* bytes of old records that are delivered */
	int64_t rotate_wait_ms; /* an old file must be left alone so long */
	bool follow;            /* else it ends where it ends at the start */
	uint64_t epoch;         /* of volatile positions; not 0 */
	bool unwatched; /* the caller knows when to look: no hints are needed */
	/* What its leader is; NULL: what the path leads to at the start. */
	const struct source_ops *ops;
};

#endif
