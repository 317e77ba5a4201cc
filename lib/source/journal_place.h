/*
 * journal_place.h - which journal the text of a source names: "journal:" that
 * of this machine, "journal:NAMESPACE", "journal:/DIRECTORY".  Pure.
 */
#ifndef JOURNAL_PLACE_H
#define JOURNAL_PLACE_H

#include "source/source_ops.h"

#define JOURNAL_SCHEME "journal:"

/* Neither: this machine's own.  Both are parts of the text. */
struct journal_place {
	const char *name_space; /* or NULL */
	const char *directory;  /* or NULL */
};

/* 0, or -EINVAL and a clause that says what is wrong with the text. */
int journal_place_read(const char *text, struct journal_place *ret_place,
    char reason[SOURCE_REASON_SIZE_MAX]);

#endif
