/*
 * journal_reader.h - the way through a journal, entry by entry: behind which
 * one it is, and whether all before the next one were there.
 */
#ifndef JOURNAL_READER_H
#define JOURNAL_READER_H

#include "source/journal_walk.h"

struct journal_reader {
	bool is_begun; /* else there was nothing yet to begin in */
	struct journal_log log;
	struct journal_record record;
	struct journal_cursor last; /* behind it the next item begins */
	bool has_first; /* the entry that is next, and the log's current one */
	struct journal_cursor first;
	bool is_placed;       /* the log is behind the last one */
	bool is_shared;       /* its sequences have numbers of one counter */
	bool is_unproven;     /* files came or went since the last one */
	bool has_reopened;    /* after damage, and has read no entry since */
	bool is_idle;         /* there was none the last time */
	unsigned unprocessed; /* entries since notices were taken */
};

/* Goes on from there. */
void journal_reader_begin(
    struct journal_reader *reader, const struct journal_begin *begin);

/* Takes the notices of what has changed, before an entry is looked for. */
void journal_reader_process(struct journal_reader *reader);

/* The log is elsewhere: the first entry is looked for once more. */
void journal_reader_displace(struct journal_reader *reader);

/*
 * The next entry is the first: 1; 0: there is none now; -errno.  There may be a
 * notice: where there was nothing, it is taken before.  Before an entry behind
 * which something may be missing notices are taken in any case.
 */
int journal_reader_look(struct journal_reader *reader, bool has_notice);

/*
 * Whether the numbers of the last entry and the first tell how many are missing
 * between them.
 */
bool journal_reader_counts(struct journal_reader *reader);

/*
 * How many entries are missing before the first, where all are counted: it goes
 * on behind them.
 */
uint64_t journal_reader_take_hole(struct journal_reader *reader);

/*
 * Makes the record of the first entry, which is the last then: 0; -ENOMEM;
 * RESULT_PARTIAL: it is gone, and another one is the first; -EIO: the log is
 * damaged.
 */
int journal_reader_take(
    struct journal_reader *reader, struct record *ret_record);

/* Whether the first entry is one that the leader has not read. */
bool journal_reader_is_ahead(
    const struct journal_reader *reader, const struct journal_reader *leader);

/*
 * Whether all that the leader has read it has read, too: either both are behind
 * the same entry, or its next one is behind the leader's.
 */
bool journal_reader_meets(
    const struct journal_reader *reader, const struct journal_reader *leader);

/*
 * Where matches are set, and nothing more matches: passes over what does not,
 * up to the end of the log, or to the leader's place; NULL: it has none.
 * Whether it has moved; it may also have found an entry that matches.
 */
bool journal_reader_pass_over(
    struct journal_reader *reader, const struct journal_reader *leader);

#endif
