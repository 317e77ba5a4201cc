/*
 * journal.h - the systemd journal as a source of records: an entry is one.
 *
 * Its positions are proven by the entry: id and content of the one before them.
 * While it is empty, or may not be read, it is waited for.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "source/source_ops.h"

/*
 * Of a text as journal_place.h has it.  To start it is -EACCES where there is a
 * journal, and none of it may be read; -ENOENT where the folder is missing.
 *
 * A follower reads no further than its leader has.
 */
extern const struct source_ops journal_ops;

#endif
