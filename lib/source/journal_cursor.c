/*
 * journal_cursor.c - an entry's place as text and as a position.
 */
#include "source/journal_cursor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WORD_DIGITS 16 /* of 64 bits, in base 16 */
#define BOOT_DIGITS 32

/* The value of a digit, or 16. */
static unsigned
digit_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return (unsigned)(byte - '0');
	return byte >= 'a' && byte <= 'f' ? (unsigned)(byte - 'a') + 10 : 16;
}

/* Up to so many digits, at least one: what follows them; NULL: none. */
static const char *
read_hex(const char *text, unsigned most, uint64_t *ret_value)
{
	uint64_t value = 0;
	unsigned count = 0;

	while (count < most && digit_of(text[count]) < 16)
		value = value << 4 | digit_of(text[count++]);
	*ret_value = value;
	return count > 0 ? text + count : NULL;
}

/* "NAME=" and a number: what follows it; NULL: it is not that. */
static const char *
read_number(const char *text, const char *name, uint64_t *ret_value)
{
	size_t size = strlen(name);

	if (text == NULL || strncmp(text, name, size) != 0)
		return NULL;
	return read_hex(text + size, WORD_DIGITS, ret_value);
}

/* Likewise 128 bits, all digits of them. */
static const char *
read_identity(const char *text, const char *name, uint64_t ret_words[2])
{
	const char *begin, *half;

	if (text == NULL || strncmp(text, name, strlen(name)) != 0)
		return NULL;
	begin = text + strlen(name);
	half = read_hex(begin, WORD_DIGITS, &ret_words[0]);
	if (half != begin + WORD_DIGITS)
		return NULL;
	text = read_hex(half, WORD_DIGITS, &ret_words[1]);
	return text == begin + BOOT_DIGITS ? text : NULL;
}

int
journal_cursor_read(const char *text, struct journal_cursor *ret_cursor)
{
	struct journal_cursor cursor;
	uint64_t boot[2];

	text = read_identity(text, "s=", cursor.sequence);
	text = read_number(text, ";i=", &cursor.number);
	text = read_identity(text, ";b=", boot);
	text = read_number(text, ";m=", &cursor.monotonic_us);
	text = read_number(text, ";t=", &cursor.time_us);
	text = read_number(text, ";x=", &cursor.hash);
	if (text == NULL || *text != '\0' || cursor.number == 0 ||
	    cursor.number > SSE_POSITION_OFFSET_MAX ||
	    cursor.time_us > INT64_MAX)
		return -EBADMSG;
	cursor.is_known = true;
	*ret_cursor = cursor;
	return 0;
}

void
journal_cursor_print(
    const struct journal_cursor *cursor, char text[JOURNAL_CURSOR_SIZE_MAX])
{
	(void)snprintf(text, JOURNAL_CURSOR_SIZE_MAX,
	    "s=%016" PRIx64 "%016" PRIx64 ";i=%" PRIx64 ";t=%" PRIx64,
	    cursor->sequence[0], cursor->sequence[1], cursor->number,
	    cursor->time_us);
}

/* It is random, so any bits of it will do. */
static uint64_t
file_of(const struct journal_cursor *cursor)
{
	return (cursor->sequence[0] ^ cursor->sequence[1]) >>
	       (64 - SSE_POSITION_FILE_BITS);
}

struct sse_position
journal_cursor_position(const struct journal_cursor *cursor)
{
	return (struct sse_position){
	    .stamp_ms = cursor->time_us,
	    .file = file_of(cursor),
	    .offset = cursor->number,
	    .check = cursor->hash >> (64 - SSE_POSITION_CHECK_BITS),
	};
}

struct journal_cursor
journal_cursor_before(const struct journal_cursor *cursor)
{
	struct journal_cursor before = *cursor;

	before.number -= before.number > 0;
	before.hash = 0;
	return before;
}

bool
journal_cursor_is_known(const struct journal_cursor *cursor)
{
	return cursor->is_known;
}

bool
journal_cursor_same_sequence(
    const struct journal_cursor *a, const struct journal_cursor *b)
{
	return a->sequence[0] == b->sequence[0] &&
	       a->sequence[1] == b->sequence[1];
}

bool
journal_cursor_has_sequence(const struct journal_cursor *cursor)
{
	return (cursor->sequence[0] | cursor->sequence[1]) != 0;
}

bool
journal_cursor_same_numbers(
    const struct journal_cursor *a, const struct journal_cursor *b)
{
	return journal_cursor_has_sequence(a) &&
	       journal_cursor_same_sequence(a, b);
}

bool
journal_cursor_equal(
    const struct journal_cursor *a, const struct journal_cursor *b)
{
	return journal_cursor_same_sequence(a, b) && a->number == b->number;
}

bool
journal_cursor_is_after(
    const struct journal_cursor *a, const struct journal_cursor *b)
{
	bool same = journal_cursor_same_sequence(a, b);

	if (journal_cursor_same_numbers(a, b) ||
	    (same && a->time_us == b->time_us))
		return a->number > b->number;
	return a->time_us > b->time_us;
}

bool
journal_cursor_has_file(
    const struct journal_cursor *cursor, const struct sse_position *position)
{
	return journal_cursor_has_sequence(cursor) &&
	       file_of(cursor) == position->file;
}

bool
journal_cursor_proves(
    const struct journal_cursor *cursor, const struct sse_position *position)
{
	/* One that was made before an entry has nothing to prove. */
	if (position->check == 0)
		return file_of(cursor) == position->file &&
		       cursor->number == position->offset;
	return cursor->time_us == position->stamp_ms &&
	       cursor->hash >> (64 - SSE_POSITION_CHECK_BITS) ==
		   position->check;
}
