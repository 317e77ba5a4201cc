/*
 * journal_cursor.h - where an entry of a journal is, and which one it is. Pure.
 *
 * libsystemd tells it as a text, "s=..;i=..;b=..;m=..;t=..;x=..", which its
 * manual calls opaque: one of another form is an entry without a position.
 */
#ifndef JOURNAL_CURSOR_H
#define JOURNAL_CURSOR_H

#include <stdbool.h>

#include "source/position.h"

#define JOURNAL_CURSOR_SIZE_MAX 128 /* bytes of a text, with its NUL */

struct journal_cursor {
	bool is_known;         /* else all is 0: its text was another form */
	uint64_t sequence[2];  /* s: the numbers' own identity, 128 bits */
	uint64_t number;       /* i: one more than the entry's before */
	uint64_t monotonic_us; /* m */
	uint64_t time_us;      /* t: since 1970 */
	uint64_t hash;         /* x: of all of the entry */
};

/* 0, or -EBADMSG; also where a number is too large for an id. */
int journal_cursor_read(const char *text, struct journal_cursor *ret_cursor);

/* To seek for: with sequence, number and time. */
void journal_cursor_print(
    const struct journal_cursor *cursor, char text[JOURNAL_CURSOR_SIZE_MAX]);

/*
 * The position behind the entry: the stamp is its time in us, the file a hash
 * of the sequence, the offset the number, the check its hash.
 */
struct sse_position journal_cursor_position(
    const struct journal_cursor *cursor);

/*
 * The place before an entry, whatever was there: its number less one, without a
 * hash.
 */
struct journal_cursor journal_cursor_before(
    const struct journal_cursor *cursor);

bool journal_cursor_is_known(const struct journal_cursor *cursor);

bool journal_cursor_same_sequence(
    const struct journal_cursor *a, const struct journal_cursor *b);

/* Whether its number is of a sequence that is not zeros. */
bool journal_cursor_has_sequence(const struct journal_cursor *cursor);

/*
 * Whether the difference of their numbers tells how many are between.  A
 * sequence of zeros does not: journald begins it, and again, when it has to
 * replace a file that was destroyed.
 */
bool journal_cursor_same_numbers(
    const struct journal_cursor *a, const struct journal_cursor *b);

/* Whether both are the same place. */
bool journal_cursor_equal(
    const struct journal_cursor *a, const struct journal_cursor *b);

/* Whether the first is later: by number, and of other sequences by time. */
bool journal_cursor_is_after(
    const struct journal_cursor *a, const struct journal_cursor *b);

/*
 * Whether the position, of an id, is of the sequence, whose numbers tell; and
 * is that entry.
 */
bool journal_cursor_has_file(
    const struct journal_cursor *cursor, const struct sse_position *position);
bool journal_cursor_proves(
    const struct journal_cursor *cursor, const struct sse_position *position);

#endif
