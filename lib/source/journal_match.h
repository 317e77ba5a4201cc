/*
 * journal_match.h - which entries of a journal are wanted, as an administrator
 * writes it: FIELD=VALUE with blanks between, as journalctl(1) takes them.
 *
 * Values of the same field are alternatives, different fields are all needed,
 * and what stands on both sides of "+" are alternatives.  A value with blanks
 * stands in double quotes, where \" and \\ are those characters.
 */
#ifndef JOURNAL_MATCH_H
#define JOURNAL_MATCH_H

#include "source/journal_library.h"
#include "source/source_ops.h"

#define JOURNAL_FIELD_SIZE_MAX 64 /* bytes of a field's name */

/*
 * Whether it is the name of a field: A-Z, 0-9 and "_".  Names with "__" in
 * front are of addresses, which libsystemd takes for no field.
 */
bool journal_field_is_name(struct sse_slice name);

/* 0, or -EINVAL and a clause that says what is wrong with the text. */
int journal_match_check(const char *text, char reason[SOURCE_REASON_SIZE_MAX]);

/* Only those are read from now on: 0, or what the library said. */
int journal_match_set(const struct journal_library *library,
    struct sd_journal *handle, const char *text);

#endif
