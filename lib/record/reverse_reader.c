/*
 * reverse_reader.c - records from the end of a file backwards.
 *
 * Each read is put before what is held, and what is held grows towards the
 * front of the buffer.  When the front is reached, a buffer of twice the size
 * takes it: so each byte is moved about once, however long the records are.
 * Of a record over the limit nothing is held.
 */
#include "config.h"

#include "record/reverse_reader.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fdio.h"
#include "record/nuls.h"
#include "record/seek.h"
#include "utf8.h"

static const struct record_rule each_line = {.kind = RECORD_IS_LINE};

void
reverse_reader_init(struct reverse_reader *reverse,
    const struct reverse_reader_options *options)
{
	uint64_t end = options->end, bytes_max = options->bytes_max;
	const struct record_rule *rule =
	    options->rule != NULL ? options->rule : &each_line;

	*reverse = (struct reverse_reader){
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
	if (!reverse->first)
		reverse->low = end - bytes_max - (bytes_max > 0);
}

void
reverse_reader_done(struct reverse_reader *reverse)
{
	free(reverse->bytes);
	reverse->bytes = NULL;
	reverse->capacity = reverse->begin = 0;
	reverse->stop = reverse->line = 0;
}

/* Moves what is held to the end of that buffer, which may be its own. */
static void
move_to(struct reverse_reader *reverse, char *bytes, size_t capacity)
{
	size_t held = reverse->stop - reverse->begin;

	if (held > 0)
		memmove(bytes + capacity - held,
		    reverse->bytes + reverse->begin, held);
	reverse->line = capacity - (reverse->stop - reverse->line);
	reverse->stop = capacity;
	reverse->begin = capacity - held;
}

/* Room for a read before what is held. */
static int
make_room(struct reverse_reader *reverse)
{
	size_t held = reverse->stop - reverse->begin;
	size_t capacity = 2 * (held + REVERSE_READER_READ_SIZE);
	char *bytes;

	if (reverse->begin >= REVERSE_READER_READ_SIZE)
		return 0;
	if (capacity <= reverse->capacity) {
		move_to(reverse, reverse->bytes, reverse->capacity);
		return 0;
	}
	bytes = malloc(capacity);
	if (bytes == NULL)
		return -ENOMEM;
	move_to(reverse, bytes, capacity);
	free(reverse->bytes);
	reverse->bytes = bytes;
	reverse->capacity = capacity;
	return 0;
}

static int
read_before(struct reverse_reader *reverse)
{
	uint64_t left = reverse->at - reverse->low;
	size_t size = left < REVERSE_READER_READ_SIZE
			  ? (size_t)left
			  : REVERSE_READER_READ_SIZE;
	int error = make_room(reverse);
	ssize_t got;

	if (error != 0)
		return error;
	assert(size <= reverse->begin);
	got = sse_fd_pread_all(reverse->fd,
	    reverse->bytes + reverse->begin - size, size, reverse->at - size);
	if (got < 0)
		return (int)got;
	if ((size_t)got < size)
		return RESULT_CHANGED;
	reverse->begin -= size;
	reverse->at -= size;
	return 0;
}

/* CRs before a LF are part of the delimiter. */
static void
trim_crs(struct sse_slice *line)
{
	while (line->size > 0 && line->data[line->size - 1] == '\r')
		line->size--;
}

/* Lines end in LF alone, and begin without NULs, as those of a multiline do. */
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
skip_beginning(const struct reverse_reader *reverse, struct sse_slice *text)
{
	size_t before = (size_t)(text->data - reverse->bytes);
	bool is_first = reverse->at + (before - reverse->begin) == 0;
	size_t size = nuls_before(*text);

	text->data += size;
	text->size -= size;
	size = is_first ? sse_utf8_bom_size(*text) : 0;
	text->data += size;
	text->size -= size;
}

/* The text of what is held from there on, without its delimiter. */
static struct sse_slice
text_of(struct reverse_reader *reverse, size_t from, bool ends)
{
	char *bytes = reverse->bytes + from;
	struct sse_slice text = {bytes, reverse->stop - from};

	if (ends)
		trim_crs(&text);
	if (reverse->rule->kind != RECORD_IS_LINE) {
		bool nuls = !ends && nuls_behind(text) > 0;

		text.size = drop_around(bytes, text.size);
		/* NULs alone are not a line. */
		if (nuls && text.size > 0 && bytes[text.size - 1] == '\n')
			text.size--;
	}
	skip_beginning(reverse, &text);
	return text;
}

/* Whether what was taken is a record to be given. */
static bool
is_given(const struct reverse_reader *reverse, struct sse_slice text, bool ends)
{
	if (!reverse->whole || reverse->too_long)
		return false;
	/* Without a delimiter, nothing is not a record. */
	if (!ends && text.size == 0)
		return false;
	return text.size <= reverse->record_size_max;
}

/*
 * The record from there on to where the last one began; whether it is one to
 * be given.  Then stop is where it began.
 */
static bool
take(struct reverse_reader *reverse, size_t from, struct record *ret_record)
{
	bool ends =
	    reverse->end > reverse->at + (reverse->stop - reverse->begin);
	struct sse_slice text;
	bool given;

	if (from > reverse->stop) {
		reverse->too_long = false;
		return false; /* between two blank lines */
	}
	text = text_of(reverse, from, ends);
	given = is_given(reverse, text, ends);
	*ret_record = (struct record){.text = text, .end = reverse->end};
	reverse->too_long = false;
	return given;
}

/* Whether a record begins with that line, or behind it. */
static bool
is_boundary(const struct reverse_reader *reverse, struct sse_slice line)
{
	const struct record_rule *rule = reverse->rule;

	if (!reverse->cut)
		trim_crs(&line);
	skip_beginning(reverse, &line);
	if (rule->kind == RECORD_HAS_BLANK)
		return !reverse->cut && line.size == 0;
	if (rule->kind == RECORD_IS_LINE || !reverse->whole)
		return true;
	return effort_begins(reverse->effort, rule, line);
}

/* Whether others have their turn first. */
static bool
rests(const struct reverse_reader *reverse)
{
	return reverse->effort != NULL && reverse->effort->rests;
}

/*
 * Looks at the line behind the delimiter at that place: whether it made a
 * record that is to be given.
 */
static bool
look_at_line(
    struct reverse_reader *reverse, size_t delimiter, struct record *ret_record)
{
	size_t from = delimiter + 1;
	struct sse_slice line = {reverse->bytes + from, reverse->line - from};
	bool boundary = is_boundary(reverse, line);
	bool given = false;

	if (boundary) {
		if (reverse->rule->kind == RECORD_HAS_BLANK)
			from = reverse->line + 1;
		given = take(reverse, from, ret_record);
		reverse->end = reverse->at + (from - reverse->begin);
		reverse->stop = delimiter;
		reverse->whole = true;
	}
	reverse->line = delimiter;
	reverse->cut = false;
	return given;
}

/* CRs at the end of what is held: they need not be held any longer. */
static void
drop_delimiter(struct reverse_reader *reverse)
{
	struct sse_slice held = {
	    reverse->bytes, reverse->stop - reverse->begin};

	if (reverse->too_long || reverse->end <= reverse->at + held.size)
		return;
	held.data += reverse->begin;
	trim_crs(&held);
	reverse->stop = reverse->begin + held.size;
	if (reverse->line > reverse->stop)
		reverse->line = reverse->stop;
}

/*
 * Whether what is held begins with NULs that need not be held, since nothing
 * else is before them or more than a record may have.
 */
static bool
begins_with_nuls(const struct reverse_reader *reverse)
{
	size_t held = reverse->stop - reverse->begin;

	return reverse->whole && held > 0 &&
	       reverse->bytes[reverse->begin] == '\0' &&
	       (held > reverse->record_size_max + SSE_UTF8_BOM_SIZE ||
		   seek_hole(reverse->fd, reverse->at) < reverse->at);
}

/* A hole is passed over, and does not count for what may be read. */
static void
leave_hole(struct reverse_reader *reverse)
{
	uint64_t size = reverse->at - seek_hole(reverse->fd, reverse->at);

	reverse->at -= size;
	reverse->low = reverse->low > size ? reverse->low - size : 0;
	reverse->first = reverse->first || reverse->low == 0;
	reverse->end = reverse->at;
	reverse->stop = reverse->line = reverse->begin;
	reverse->cut = false;
}

/*
 * The record that begins with NULs may as well begin behind some of them: takes
 * it, if one begins there; whether it is one to be given.
 */
static bool
take_behind_nuls(struct reverse_reader *reverse, struct record *ret_record)
{
	struct sse_slice line = {
	    reverse->bytes + reverse->begin, reverse->line - reverse->begin};
	bool given;

	if (reverse->rule->kind == RECORD_HAS_BLANK ||
	    !is_boundary(reverse, line))
		return false;
	given = take(reverse, reverse->begin, ret_record);
	leave_hole(reverse);
	return given;
}

/* What is held is not to be given, as far as it is known. */
static void
drop_long(struct reverse_reader *reverse)
{
	size_t held;

	drop_delimiter(reverse);
	held = reverse->stop - reverse->begin;
	if (reverse->whole &&
	    held <= reverse->record_size_max + SSE_UTF8_BOM_SIZE)
		return;
	reverse->too_long = true;
	reverse->cut = reverse->cut || reverse->line > reverse->begin;
	reverse->stop = reverse->line = reverse->begin;
}

/* Takes a record out of what is held; whether there was one. */
static bool
next_held(struct reverse_reader *reverse, struct record *ret_record)
{
	while (reverse->line > reverse->begin && !rests(reverse)) {
		const char *bytes = reverse->bytes + reverse->begin;
		size_t size = reverse->line - reverse->begin;
		const char *found = memrchr(bytes, '\n', size);

		if (found == NULL)
			return false;
		if (look_at_line(
			reverse, (size_t)(found - reverse->bytes), ret_record))
			return true;
	}
	return false;
}

/* Where the record that begins with the file does: behind blank lines. */
static size_t
first_record(const struct reverse_reader *reverse)
{
	struct sse_slice line = {
	    reverse->bytes + reverse->begin, reverse->line - reverse->begin};

	return reverse->rule->kind == RECORD_HAS_BLANK &&
		       is_boundary(reverse, line)
		   ? reverse->line + 1
		   : reverse->begin;
}

/* The one that begins where the file does; an empty file has none. */
static int
last(struct reverse_reader *reverse, struct record *ret_record)
{
	bool given;

	if (!reverse->first || reverse->bytes == NULL)
		return RESULT_NONE;
	reverse->first = false;
	given = take(reverse, first_record(reverse), ret_record);
	reverse->stop = reverse->line = reverse->begin;
	if (!given)
		return RESULT_NONE;
	reverse->end = reverse->at;
	return 1;
}

int
reverse_reader_next(struct reverse_reader *reverse, struct record *ret_record)
{
	assert(reverse->low <= reverse->at && reverse->at <= reverse->end);
	assert(reverse->begin <= reverse->line);
	assert(reverse->line <= reverse->stop);
	assert(reverse->stop <= reverse->capacity);
	if (next_held(reverse, ret_record))
		return 1;
	if (rests(reverse))
		return 0;
	if (reverse->at == reverse->low)
		return last(reverse, ret_record);
	if (begins_with_nuls(reverse) && take_behind_nuls(reverse, ret_record))
		return 1;
	drop_long(reverse);
	return read_before(reverse);
}
