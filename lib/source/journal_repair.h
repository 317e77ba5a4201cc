/*
 * journal_repair.h - a reader of a journal whose files have gone, or could not
 * be read: where it goes on, and what has to be told.
 */
#ifndef JOURNAL_REPAIR_H
#define JOURNAL_REPAIR_H

#include "source/gap.h"
#include "source/journal_reader.h"

/*
 * Whether entries behind the last one may have gone, and their numbers will not
 * tell: where not all are counted, or the next one is of another sequence.
 */
bool journal_repair_needs_proof(struct journal_reader *reader, bool is_counted);

/*
 * Looks whether the last entry is still there, and queues a gap if not: 0: the
 * next one is to be looked for; RESULT_PARTIAL: files came or went meanwhile,
 * and it is to be called again; RESULT_NONE: the journal is empty now; -errno.
 */
int journal_repair_prove(
    struct journal_reader *reader, bool is_counted, struct gap_queue *gaps);

/*
 * After a page could not be read: opens the journal anew, or, where that was
 * done before and was no help, goes on with what can be read.  Without numbers
 * that would tell, it queues a gap.  0; or -errno: it is to be tried again.
 */
int journal_repair_log(
    struct journal_reader *reader, bool is_counted, struct gap_queue *gaps);

#endif
