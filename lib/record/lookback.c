/*
 * lookback.c - records from the end of a file backwards.
 *
 * Each read is put before what is held, and what is held grows towards the
 * front of the buffer.  When the front is reached, a buffer of twice the size
 * takes it: so each byte is moved about once, however long the records are.
 * Of a record over the limit nothing is held.
 */
#include "config.h"

#include "record/lookback.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fdio.h"
#include "record/nuls.h"
#include "record/seek.h"
#include "utf8.h"

static const struct record_rule each_line = {.kind = RECORD_IS_LINE};

void
lookback_init(struct lookback *lookback, const struct lookback_options *options)
{
	uint64_t end = options->end, bytes_max = options->bytes_max;
	const struct record_rule *rule =
	    options->rule != NULL ? options->rule : &each_line;

	*lookback = (struct lookback){
	    .fd = options->fd,
	    .rule = rule,
	    .record_size_max = options->record_size_max,
	    .effort = options->effort,
	    .at = end,
	    .end = end,
	    .whole = options->rest && rule->kind != RECORD_HAS_BLANK,
	    .cut = true,
	    .first = bytes_max >= end,
	};
	/* The byte before tells whether a record begins at the bound. */
	if (!lookback->first)
		lookback->low = end - bytes_max - (bytes_max > 0);
}

void
lookback_done(struct lookback *lookback)
{
	free(lookback->bytes);
	lookback->bytes = NULL;
	lookback->capacity = lookback->begin = 0;
	lookback->stop = lookback->line = 0;
}

/* Moves what is held to the end of that buffer, which may be its own. */
static void
move_to(struct lookback *lookback, char *bytes, size_t capacity)
{
	size_t held = lookback->stop - lookback->begin;

	if (held > 0)
		memmove(bytes + capacity - held,
		    lookback->bytes + lookback->begin, held);
	lookback->line = capacity - (lookback->stop - lookback->line);
	lookback->stop = capacity;
	lookback->begin = capacity - held;
}

/* Room for a read before what is held. */
static int
make_room(struct lookback *lookback)
{
	size_t held = lookback->stop - lookback->begin;
	size_t capacity = 2 * (held + LOOKBACK_READ_SIZE);
	char *bytes;

	if (lookback->begin >= LOOKBACK_READ_SIZE)
		return 0;
	if (capacity <= lookback->capacity) {
		move_to(lookback, lookback->bytes, lookback->capacity);
		return 0;
	}
	bytes = malloc(capacity);
	if (bytes == NULL)
		return -ENOMEM;
	move_to(lookback, bytes, capacity);
	free(lookback->bytes);
	lookback->bytes = bytes;
	lookback->capacity = capacity;
	return 0;
}

static int
read_before(struct lookback *lookback)
{
	uint64_t left = lookback->at - lookback->low;
	size_t size =
	    left < LOOKBACK_READ_SIZE ? (size_t)left : LOOKBACK_READ_SIZE;
	int error = make_room(lookback);
	ssize_t got;

	if (error != 0)
		return error;
	got = sse_fd_pread_all(lookback->fd,
	    lookback->bytes + lookback->begin - size, size,
	    lookback->at - size);
	if (got < 0)
		return (int)got;
	if ((size_t)got < size)
		return RESULT_CHANGED;
	lookback->begin -= size;
	lookback->at -= size;
	return 0;
}

/* CRs before a LF are part of the delimiter. */
static void
trim_crs(struct sse_slice *line)
{
	while (line->size > 0 && line->data[line->size - 1] == '\r')
		line->size--;
}

/* Lines end in LF alone, and begin without NULs, as those of a joiner do. */
static size_t
drop_around(char *text, size_t size)
{
	size_t kept = 0;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\0' && kept > 0 && text[kept - 1] == '\n')
			continue;
		if (text[i] == '\n')
			while (kept > 0 && text[kept - 1] == '\r')
				kept--;
		text[kept++] = text[i];
	}
	return kept;
}

/*
 * NULs at the beginning of a line are not text, and where the file itself
 * begins, a byte order mark is none.
 */
static void
skip_beginning(const struct lookback *lookback, struct sse_slice *text)
{
	size_t before = (size_t)(text->data - lookback->bytes);
	bool is_first = lookback->at + (before - lookback->begin) == 0;
	size_t size = nuls_before(*text);

	text->data += size;
	text->size -= size;
	size = is_first ? sse_utf8_bom_size(*text) : 0;
	text->data += size;
	text->size -= size;
}

/* The text of what is held from there on, without its delimiter. */
static struct sse_slice
text_of(struct lookback *lookback, size_t from, bool ends)
{
	char *bytes = lookback->bytes + from;
	struct sse_slice text = {bytes, lookback->stop - from};

	if (ends)
		trim_crs(&text);
	if (lookback->rule->kind != RECORD_IS_LINE) {
		bool nuls = !ends && nuls_behind(text) > 0;

		text.size = drop_around(bytes, text.size);
		/* NULs alone are no line. */
		if (nuls && text.size > 0 && bytes[text.size - 1] == '\n')
			text.size--;
	}
	skip_beginning(lookback, &text);
	return text;
}

/*
 * The record from there on to where the last one began; whether it is one to
 * be given.  Then stop is where it began.
 */
static bool
take(struct lookback *lookback, size_t from, struct record *ret_record)
{
	bool ends =
	    lookback->end > lookback->at + (lookback->stop - lookback->begin);
	bool given = lookback->whole && !lookback->too_long;
	struct sse_slice text;

	if (from > lookback->stop) {
		lookback->too_long = false;
		return false; /* between two blank lines */
	}
	text = text_of(lookback, from, ends);
	/* Without a delimiter, nothing is no record. */
	if (!ends && text.size == 0)
		given = false;
	if (text.size > lookback->record_size_max)
		given = false;
	*ret_record = (struct record){.text = text, .end = lookback->end};
	lookback->too_long = false;
	return given;
}

/* Whether a record begins with that line, or behind it. */
static bool
is_boundary(const struct lookback *lookback, struct sse_slice line)
{
	const struct record_rule *rule = lookback->rule;

	if (!lookback->cut)
		trim_crs(&line);
	skip_beginning(lookback, &line);
	if (rule->kind == RECORD_HAS_BLANK)
		return !lookback->cut && line.size == 0;
	if (rule->kind == RECORD_IS_LINE || !lookback->whole)
		return true;
	return effort_begins(lookback->effort, rule, line);
}

/* Whether others have their turn first. */
static bool
rests(const struct lookback *lookback)
{
	return lookback->effort != NULL && lookback->effort->rests;
}

/*
 * Looks at the line behind the delimiter at that place: whether it made a
 * record that is to be given.
 */
static bool
look_at_line(
    struct lookback *lookback, size_t delimiter, struct record *ret_record)
{
	size_t from = delimiter + 1;
	struct sse_slice line = {lookback->bytes + from, lookback->line - from};
	bool boundary = is_boundary(lookback, line);
	bool given = false;

	if (boundary) {
		if (lookback->rule->kind == RECORD_HAS_BLANK)
			from = lookback->line + 1;
		given = take(lookback, from, ret_record);
		lookback->end = lookback->at + (from - lookback->begin);
		lookback->stop = delimiter;
		lookback->whole = true;
	}
	lookback->line = delimiter;
	lookback->cut = false;
	return given;
}

/* CRs at the end of what is held: they need not be held any longer. */
static void
drop_delimiter(struct lookback *lookback)
{
	struct sse_slice held = {
	    lookback->bytes, lookback->stop - lookback->begin};

	if (lookback->too_long || lookback->end <= lookback->at + held.size)
		return;
	held.data += lookback->begin;
	trim_crs(&held);
	lookback->stop = lookback->begin + held.size;
	if (lookback->line > lookback->stop)
		lookback->line = lookback->stop;
}

/*
 * Whether what is held begins with NULs that need not be held, since nothing
 * else is before them or more than a record may have.
 */
static bool
begins_with_nuls(const struct lookback *lookback)
{
	size_t held = lookback->stop - lookback->begin;

	return lookback->whole && held > 0 &&
	       lookback->bytes[lookback->begin] == '\0' &&
	       (held > lookback->record_size_max + SSE_UTF8_BOM_SIZE ||
		   seek_hole(lookback->fd, lookback->at) < lookback->at);
}

/* A hole is passed over, and does not count for what may be read. */
static void
leave_hole(struct lookback *lookback)
{
	uint64_t size = lookback->at - seek_hole(lookback->fd, lookback->at);

	lookback->at -= size;
	lookback->low = lookback->low > size ? lookback->low - size : 0;
	lookback->first = lookback->first || lookback->low == 0;
	lookback->end = lookback->at;
	lookback->stop = lookback->line = lookback->begin;
	lookback->cut = false;
}

/*
 * The record that begins with NULs may as well begin behind some of them: takes
 * it, if one begins there; whether it is one to be given.
 */
static bool
take_behind_nuls(struct lookback *lookback, struct record *ret_record)
{
	struct sse_slice line = {lookback->bytes + lookback->begin,
	    lookback->line - lookback->begin};
	bool given;

	if (lookback->rule->kind == RECORD_HAS_BLANK ||
	    !is_boundary(lookback, line))
		return false;
	given = take(lookback, lookback->begin, ret_record);
	leave_hole(lookback);
	return given;
}

/* What is held is not to be given, as far as it is known. */
static void
drop_long(struct lookback *lookback)
{
	size_t held;

	drop_delimiter(lookback);
	held = lookback->stop - lookback->begin;
	if (lookback->whole &&
	    held <= lookback->record_size_max + SSE_UTF8_BOM_SIZE)
		return;
	lookback->too_long = true;
	lookback->cut = lookback->cut || lookback->line > lookback->begin;
	lookback->stop = lookback->line = lookback->begin;
}

/* Takes a record out of what is held; whether there was one. */
static bool
next_held(struct lookback *lookback, struct record *ret_record)
{
	while (lookback->line > lookback->begin && !rests(lookback)) {
		const char *bytes = lookback->bytes + lookback->begin;
		size_t size = lookback->line - lookback->begin;
		const char *found = memrchr(bytes, '\n', size);

		if (found == NULL)
			return false;
		if (look_at_line(lookback, (size_t)(found - lookback->bytes),
			ret_record))
			return true;
	}
	return false;
}

/* Where the record that begins with the file does: behind blank lines. */
static size_t
first_record(const struct lookback *lookback)
{
	struct sse_slice line = {lookback->bytes + lookback->begin,
	    lookback->line - lookback->begin};

	return lookback->rule->kind == RECORD_HAS_BLANK &&
		       is_boundary(lookback, line)
		   ? lookback->line + 1
		   : lookback->begin;
}

/* The one that begins where the file does; an empty file has none. */
static int
last(struct lookback *lookback, struct record *ret_record)
{
	bool given;

	if (!lookback->first || lookback->bytes == NULL)
		return RESULT_NONE;
	lookback->first = false;
	given = take(lookback, first_record(lookback), ret_record);
	lookback->stop = lookback->line = lookback->begin;
	if (!given)
		return RESULT_NONE;
	lookback->end = lookback->at;
	return 1;
}

int
lookback_next(struct lookback *lookback, struct record *ret_record)
{
	if (next_held(lookback, ret_record))
		return 1;
	if (rests(lookback))
		return 0;
	if (lookback->at == lookback->low)
		return last(lookback, ret_record);
	if (begins_with_nuls(lookback) &&
	    take_behind_nuls(lookback, ret_record))
		return 1;
	drop_long(lookback);
	return read_before(lookback);
}
