/*
 * journal_items.h - what a reader of a journal is given: its entries as
 * records, and between them gaps, and marks where nothing matches.
 */
#ifndef JOURNAL_ITEMS_H
#define JOURNAL_ITEMS_H

#include "source/item.h"
#include "source/journal_reader.h"
#include "source/journal_start.h"

/*
 * How often the journal is opened anew while there is nothing: without a watch,
 * of which a user may have only so many, libsystemd sees no file that is new.
 */
#define JOURNAL_REOPEN_MS 10000

struct journal_items {
	const struct source_options *options; /* borrowed */
	struct journal_place place;
	const char *match; /* "": all entries; borrowed */
	struct journal_reader reader;
	struct journal_start start;
	bool is_done; /* there was nothing behind its beginning */
	struct gap_queue gaps;
	bool has_given_all;
	bool has_strange;   /* entries whose place nobody can read were given */
	int64_t passed_ms;  /* it was looked at what does not match */
	int64_t opened_ms;  /* 0: never while there was nothing new */
	int64_t looked_ms;  /* while there was nothing new */
	int64_t noticed_ms; /* likewise: notices were taken */
	/* Reads no further than that one; borrowed; NULL: there is none. */
	const struct journal_items *leader;
};

/*
 * Opens the journal and begins; and goes on with that: 0; RESULT_PARTIAL: it
 * has to go on, at once; -errno.  Where there is nothing yet, it has begun.
 */
int journal_items_begin(
    struct journal_items *items, const struct source_start *start);
int journal_items_step(struct journal_items *items);

/* The next one: 1; 0: none now; RESULT_PARTIAL; -errno: tried again later. */
int journal_items_next(
    struct journal_items *items, struct source_item *ret_item);

/* Where the next one begins. */
struct source_position journal_items_position(
    const struct journal_items *items);

#endif
