/*
 * item.h - what a source of records gives and takes, whatever it is.
 */
#ifndef ITEM_H
#define ITEM_H

#include "clock.h"
#include "source/gap.h"
#include "source/source_position.h"
#include "record/record_rule.h"
#include "record/record_search.h"
#include "record/splitter.h"
#include "base/result.h"

struct source_ops;
struct source_shared;

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
	const char *comment;    /* on a gap; or NULL */
	bool has_position; /* a record that came late to an old file has none */
	struct source_position position; /* after the item */
};

/* What all kinds of sources give alike, at a position. */
struct source_item source_item_gap(
    const struct gap *gap, struct source_position position);
struct source_item source_item_mark(struct source_position position);

struct source_item source_item_end(void);

/* Where a reader begins. */
struct source_start {
	/* A client's id, as it came; absent: it has none. */
	struct sse_slice id;
	/* It is one that a record brought; else one that the source made. */
	bool is_record_id;
	/* Without an id: the first record of that time or later. */
	bool has_time;
	int64_t time_ms; /* since 1970 */
	/* Without either: that position; NULL: none. */
	const struct source_position *position;
	/* It was not brought by a client, and is not judged as an id is. */
	bool is_ours;
	/* To be told first: it cannot begin where it should; or GAP_NONE. */
	enum gap_reason gap;
	const char *comment; /* on the first gap; static, or NULL */
	/* Where nothing else counts: so many of the newest records. */
	uint64_t records;
};

struct source_options {
	const struct sse_clock *clock;
	size_t record_size_max;
	/* Where it may begin: at a record.  Borrowed; NULL: at each line. */
	const struct record_rule *rule;
	/* To search for a record's id, or a time.  Borrowed; NULL: none. */
	const struct record_ids *ids;
	const struct record_times *times;
	/* The log's older files, as in log_names.h.  Borrowed; NULL: "". */
	const char *generations;
	/*
	 * Of an engine: which field is the record, and which entries.
	 * Borrowed; NULL or "": what is usual there, and all.
	 */
	const char *field;
	const char *match;
	/* Of a server: who asks.  Borrowed; NULL or "": nobody special. */
	const char *user;
	const char *password_file;
	int64_t journal_poll_ms; /* 0: only when the journal says so */
	/* Of all sources of the same text; borrowed; or NULL. */
	const struct source_shared *shared;
	uint64_t replay_size;   /* bytes of old records that are delivered */
	int64_t rotate_wait_ms; /* an old file must be left alone so long */
	bool follow;            /* else it ends where it ends at the start */
	/* Makes volatile positions unlike those of every other start. */
	uint64_t random;
	bool unwatched; /* the caller knows when to look: no hints are needed */
	/*
	 * What its leader is, say; NULL: what the path leads to at the start.
	 */
	const struct source_ops *ops;
};

#endif
