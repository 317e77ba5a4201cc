/*
 * journal_record.h - the current entry of a journal as a record: one field,
 * all of them as a JSON object, or a line as journalctl(1) shows it.
 */
#ifndef JOURNAL_RECORD_H
#define JOURNAL_RECORD_H

#include "source/entry.h"
#include "source/journal_log.h"

#define JOURNAL_FIELD_DEFAULT "MESSAGE"
#define JOURNAL_FIELD_TEXT "text" /* the line, as of -o short-iso */

struct journal_record {
	const char *field; /* borrowed */
	size_t size_max;   /* bytes of a record */
	struct entry entry;
	struct sse_buf line; /* or the field */
};

/*
 * A field as the key has it; "" and NULL: the usual one.  It owns no memory
 * yet.
 */
void journal_record_init(
    struct journal_record *record, const char *field, size_t size_max);
void journal_record_done(struct journal_record *record);

/* What has to be there of a value, with "FIELD=", to see whether it is cut. */
size_t journal_record_value_size(const struct journal_record *record);

/*
 * The record of the current entry, which is empty if it lacks the field.  It
 * lives until the next call.  0; -ENOMEM, and it can be asked for again;
 * -EADDRNOTAVAIL: the entry is gone; -EIO: the log is damaged; or what else the
 * library said.
 */
int journal_record_read(struct journal_record *record, struct journal_log *log,
    const struct journal_cursor *cursor, struct record *ret_record);

#endif
