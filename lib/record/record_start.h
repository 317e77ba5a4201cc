/*
 * record_start.h - the lines that begin a record: those that match a pattern.
 */
#ifndef RECORD_START_H
#define RECORD_START_H

#include "record/sanitize.h"
#include "record/pattern.h"

struct record_start;

/*
 * Compiles the pattern, which has been compiled before.  The lines have at most
 * so many bytes.  0 and *ret_start, or -ENOMEM.
 */
int record_start_new(const char *pattern, size_t line_size_max,
    bool keep_sequences, struct record_start **ret_start);

/* NULL is allowed. */
void record_start_free(struct record_start *start);

/*
 * Whether a line begins a record; what it is looked at is the line as it would
 * be sent, without escape sequences if these go.  Where nobody knows, since
 * the search was given up or memory is used up, it does: rather two records
 * than two in one.
 */
bool record_start_begins(void *start, struct sse_slice line);

/* As pattern_take_given_up(). */
uint64_t record_start_take_given_up(struct record_start *start);

#endif
