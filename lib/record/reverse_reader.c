/*
 * reverse_reader.c - records from the end of a file backwards.
 *
 * Each read is put before what is held.  Of a record over the limit nothing is
 * held.
 */
#include "config.h"

#include "record/reverse_reader.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "fdio.h"
#include "record/nuls.h"
#include "record/seek.h"
#include "utf8.h"

static const struct record_rule each_line = {.kind = RECORD_IS_LINE};

/* Whether what follows the last delimiter, or blank line, is a record. */
static bool
has_rest(const struct reverse_reader_options *options,
    const struct record_rule *rule)
{
	return rule->kind == RECORD_HAS_BLANK ? options->goes_on
					      : options->rest;
}

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
	    .held = has_rest(options, rule) ? REVERSE_RECORD : REVERSE_PART,
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
	front_buf_done(&reverse->bytes);
	reverse->unseen = 0;
}

static struct sse_slice
held_bytes(const struct reverse_reader *reverse)
{
	return front_buf_slice(&reverse->bytes);
}

/* Of these, what has not been looked at: whole lines, and a part of one. */
static struct sse_slice
unseen_bytes(const struct reverse_reader *reverse)
{
	struct sse_slice bytes = held_bytes(reverse);

	assert(reverse->unseen <= bytes.size);
	bytes.size = reverse->unseen;
	return bytes;
}

/* So many of the bytes that are held are left, from the first one on. */
static void
hold(struct reverse_reader *reverse, size_t size)
{
	front_buf_cut(&reverse->bytes, size);
	if (reverse->unseen > size)
		reverse->unseen = size;
}

static int
read_before(struct reverse_reader *reverse)
{
	uint64_t left = reverse->at - reverse->low;
	size_t size = left < REVERSE_READER_READ_SIZE
			  ? (size_t)left
			  : REVERSE_READER_READ_SIZE;
	int error =
	    front_buf_reserve(&reverse->bytes, REVERSE_READER_READ_SIZE);
	ssize_t got;

	if (error != 0)
		return error;
	got = sse_fd_pread_all(reverse->fd,
	    front_buf_room(&reverse->bytes, size), size, reverse->at - size);
	if (got < 0)
		return (int)got;
	if ((size_t)got < size)
		return RESULT_CHANGED;
	front_buf_grow(&reverse->bytes, size);
	reverse->unseen += size;
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
 * begins, a byte order mark is none.  The text is of what is held.
 */
static void
skip_beginning(const struct reverse_reader *reverse, struct sse_slice *text)
{
	size_t before = (size_t)(text->data - held_bytes(reverse).data);
	size_t size = nuls_before(*text);

	text->data += size;
	text->size -= size;
	if (reverse->at + before > 0)
		return;
	size = sse_utf8_bom_size(*text);
	text->data += size;
	text->size -= size;
}

/* Whether there was a delimiter behind what is held. */
static bool
has_end(const struct reverse_reader *reverse)
{
	return reverse->end > reverse->at + held_bytes(reverse).size;
}

/*
 * The text of the record that is held from there on, without its delimiter; the
 * bytes are changed.
 */
static struct sse_slice
text_of(struct reverse_reader *reverse, size_t from)
{
	struct sse_slice text = held_bytes(reverse);
	char *bytes = reverse->bytes.block + reverse->bytes.begin + from;
	bool ends = has_end(reverse);

	text = (struct sse_slice){bytes, text.size - from};
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

/*
 * The record that is held from there on; whether it is one to be given.  Not
 * between two blank lines, where there is none; and without a delimiter,
 * nothing is not a record.
 */
static bool
take(struct reverse_reader *reverse, size_t from, struct record *ret_record)
{
	struct sse_slice text;

	if (reverse->held != REVERSE_RECORD || from > held_bytes(reverse).size)
		return false;
	text = text_of(reverse, from);
	if (text.size > reverse->record_size_max ||
	    (text.size == 0 && !has_end(reverse)))
		return false;
	*ret_record = (struct record){.text = text, .end = reverse->end};
	return true;
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
	if (rule->kind == RECORD_IS_LINE || reverse->held == REVERSE_PART)
		return true;
	/* A rule is asked of what a splitter gives of a line. */
	line.size = sse_utf8_cut(line, reverse->record_size_max);
	return effort_begins(reverse->effort, rule, line);
}

/* Whether others have their turn first. */
static bool
rests(const struct reverse_reader *reverse)
{
	return reverse->effort != NULL && reverse->effort->rests;
}

/*
 * Looks at the line behind the delimiter at that place of what is held: whether
 * it made a record that is to be given.
 */
static bool
look_at_line(
    struct reverse_reader *reverse, size_t delimiter, struct record *ret_record)
{
	struct sse_slice line = unseen_bytes(reverse);
	size_t from = delimiter + 1;
	bool given = false;

	line.data += from;
	line.size -= from;
	if (is_boundary(reverse, line)) {
		if (reverse->rule->kind == RECORD_HAS_BLANK)
			from = reverse->unseen + 1;
		given = take(reverse, from, ret_record);
		reverse->end = reverse->at + from;
		reverse->held = REVERSE_RECORD;
		hold(reverse, delimiter);
	}
	reverse->unseen = delimiter;
	reverse->cut = false;
	return given;
}

/* CRs at the end of what is held: they need not be held any longer. */
static void
drop_delimiter(struct reverse_reader *reverse)
{
	struct sse_slice held = held_bytes(reverse);

	if (reverse->held == REVERSE_LONG || !has_end(reverse))
		return;
	trim_crs(&held);
	hold(reverse, held.size);
}

/* More is held than a record may have. */
static bool
is_over(const struct reverse_reader *reverse)
{
	return held_bytes(reverse).size >
	       reverse->record_size_max + SSE_UTF8_BOM_SIZE;
}

/*
 * Whether what is held begins with NULs that need not be held, since nothing
 * else is before them or more than a record may have.
 */
static bool
begins_with_nuls(const struct reverse_reader *reverse)
{
	struct sse_slice held = held_bytes(reverse);

	return reverse->held != REVERSE_PART && held.size > 0 &&
	       held.data[0] == '\0' &&
	       (is_over(reverse) ||
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
	reverse->held = REVERSE_RECORD;
	hold(reverse, 0);
	reverse->cut = false;
}

/*
 * The record that begins with NULs may as well begin behind some of them: takes
 * it, if one begins there; whether it is one to be given.
 */
static bool
take_behind_nuls(struct reverse_reader *reverse, struct record *ret_record)
{
	bool given;

	if (reverse->rule->kind == RECORD_HAS_BLANK ||
	    !is_boundary(reverse, unseen_bytes(reverse)))
		return false;
	given = take(reverse, 0, ret_record);
	leave_hole(reverse);
	return given;
}

/* What is held is not to be given, as far as it is known. */
static void
drop_long(struct reverse_reader *reverse)
{
	drop_delimiter(reverse);
	if (reverse->held != REVERSE_PART && !is_over(reverse))
		return;
	if (reverse->held == REVERSE_RECORD)
		reverse->held = REVERSE_LONG;
	reverse->cut = reverse->cut || reverse->unseen > 0;
	hold(reverse, 0);
}

/* Takes a record out of what is held; whether there was one. */
static bool
next_held(struct reverse_reader *reverse, struct record *ret_record)
{
	while (reverse->unseen > 0 && !rests(reverse)) {
		struct sse_slice bytes = unseen_bytes(reverse);
		const char *found = memrchr(bytes.data, '\n', bytes.size);

		if (found == NULL)
			return false;
		if (look_at_line(
			reverse, (size_t)(found - bytes.data), ret_record))
			return true;
	}
	return false;
}

/* Where the record that begins with the file does: behind blank lines. */
static size_t
first_record(const struct reverse_reader *reverse)
{
	return reverse->rule->kind == RECORD_HAS_BLANK &&
		       is_boundary(reverse, unseen_bytes(reverse))
		   ? reverse->unseen + 1
		   : 0;
}

/* The one that begins where the file does; an empty file has none. */
static int
take_first(struct reverse_reader *reverse, struct record *ret_record)
{
	size_t from;
	bool given;

	if (!reverse->first || reverse->bytes.block == NULL)
		return RESULT_NONE;
	reverse->first = false;
	from = first_record(reverse);
	given = take(reverse, from, ret_record);
	/* A blank line ends what is before it. */
	if (from > 0)
		reverse->held = REVERSE_RECORD;
	hold(reverse, 0);
	if (!given)
		return RESULT_NONE;
	reverse->end = reverse->at + from;
	return 1;
}

int
reverse_reader_next(struct reverse_reader *reverse, struct record *ret_record)
{
	assert(reverse->low <= reverse->at && reverse->at <= reverse->end);
	if (next_held(reverse, ret_record))
		return 1;
	if (rests(reverse))
		return 0;
	if (reverse->at == reverse->low)
		return take_first(reverse, ret_record);
	if (begins_with_nuls(reverse) && take_behind_nuls(reverse, ret_record))
		return 1;
	drop_long(reverse);
	return read_before(reverse);
}
