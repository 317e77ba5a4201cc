/*
 * time_reader.c - reads on in one file of a log until a record has a time.
 */
#include "config.h"

#include "source/time_reader.h"

#include <assert.h>
#include <string.h>

#include "fdio.h"
#include "record/nuls.h"
#include "utf8.h"

void
time_reader_init(
    struct time_reader *reader, const struct source_options *options)
{
	assert(options->times != NULL);
	reader->options = options;
	reader->fd = -1;
	effort_init(&reader->effort, options->clock, EFFORT_UNLIMITED);
}

void
time_reader_begin_step(struct time_reader *reader)
{
	reader->now_ms = sse_clock_file_time_ms(reader->options->clock);
	reader->looked = 0;
	effort_go_on(&reader->effort);
}

void
time_reader_begin_at(struct time_reader *reader, uint64_t offset, bool is_start)
{
	reader->at = reader->timed_at = offset;
	reader->is_start = is_start;
	reader->untimed = TIME_READER_NOWHERE;
}

/* -------------------------------------------------------------- lines -- */

enum line_kind {
	LINE_TIMED,   /* a record with a time */
	LINE_UNTIMED, /* one without */
	LINE_PART     /* of the record before */
};

static const char *
after_delimiter(struct sse_slice text)
{
	const char *found = memchr(text.data, '\n', text.size);

	return found != NULL ? found + 1 : text.data + text.size;
}

static void
skip(struct sse_slice *text, size_t size)
{
	text->data += size;
	text->size -= size;
}

/*
 * The line that a text begins with: without its delimiter, and without what is
 * no part of a record, a byte order mark and NULs before it.
 */
static struct sse_slice
line_of(struct sse_slice text, uint64_t offset)
{
	const char *found = memchr(text.data, '\n', text.size);

	if (found != NULL)
		text.size = (size_t)(found - text.data);
	if (offset == 0)
		skip(&text, sse_utf8_bom_size(text));
	while (text.size > 0 && *text.data == '\0')
		skip(&text, 1);
	while (text.size > 0 && text.data[text.size - 1] == '\r')
		text.size--;
	return text;
}

/* So many bytes of a line are. */
static size_t
looked_at(const struct time_reader *reader, struct sse_slice line)
{
	size_t most = reader->options->times->size_max;

	return line.size < most ? line.size : most;
}

static bool
has_rule(const struct time_reader *reader)
{
	const struct record_rule *rule = reader->options->rule;

	return rule != NULL && rule->kind == RECORD_HAS_START;
}

/* Whether a line begins a record, of which the rule sees what is given. */
static bool
begins_record(struct time_reader *reader, struct sse_slice line)
{
	line.size = sse_utf8_cut(line, reader->options->record_size_max);
	return effort_begins(&reader->effort, reader->options->rule, line);
}

static bool
looks_like_part(struct sse_slice line)
{
	return line.size == 0 || *line.data == ' ' || *line.data == '\t';
}

static enum line_kind
kind_of(struct time_reader *reader, struct sse_slice line, int64_t *ret_ms)
{
	const struct record_times *times = reader->options->times;

	reader->looked += TIME_READER_LINE_SIZE + looked_at(reader, line);
	if (has_rule(reader) && !begins_record(reader, line))
		return LINE_PART;
	if (times->read(times->context, line, reader->now_ms, ret_ms))
		return LINE_TIMED;
	return !has_rule(reader) && looks_like_part(line) ? LINE_PART
							  : LINE_UNTIMED;
}

/* Whether the line at that offset is a record with a time. */
static bool
read_time(struct time_reader *reader, struct sse_slice line, uint64_t offset,
    int64_t *ret_ms)
{
	switch (kind_of(reader, line, ret_ms)) {
	case LINE_TIMED:
		reader->tally.timed++;
		return true;
	case LINE_UNTIMED:
		reader->tally.untimed++;
		if (reader->untimed == TIME_READER_NOWHERE)
			reader->untimed = offset;
		break;
	case LINE_PART:
		break;
	}
	return false;
}

/* ------------------------------------------------------------ reading -- */

/* Whether a line at this place of what was read has all of its time there. */
static bool
is_whole(const struct time_reader *reader, struct sse_slice rest, bool at_end)
{
	return at_end || rest.size > reader->options->times->size_max ||
	       memchr(rest.data, '\n', rest.size) != NULL;
}

/* Whether this step may look at another line. */
static bool
may_look(const struct time_reader *reader)
{
	return reader->looked < TIME_READER_LOOKED_MAX && !reader->effort.rests;
}

/* One byte back: the delimiter that tells that a record begins. */
static void
advance(struct time_reader *reader, size_t size)
{
	reader->at += size;
	reader->at -= size > 0;
	reader->is_start = false;
}

/* It is early: what is behind it may be what is asked for. */
static void
pass_timed(struct time_reader *reader, const struct timed *timed)
{
	reader->timed_at = timed->offset;
	reader->untimed = TIME_READER_NOWHERE;
}

/*
 * The record that is wanted, in what was read at reader->at: 1; 0 when it is
 * not there, and reader->at is where to read on.  What begins too near to the
 * end, or is more than a step may look at, is left to the next read.
 */
static int
find_timed(struct time_reader *reader, struct sse_slice text,
    const struct time_wanted *wanted, struct timed *ret_timed)
{
	const char *at = text.data, *end = text.data + text.size;
	bool at_end = reader->at + text.size >= reader->size;
	struct timed timed;
	int found = 0;

	/* NULs are not text: a record may begin behind each of them. */
	if (!reader->is_start && text.data[0] != '\0')
		at = after_delimiter(text);
	while (at < end && may_look(reader)) {
		struct sse_slice rest = {at, (size_t)(end - at)};
		size_t nuls = nuls_before(rest);

		rest.data += nuls;
		rest.size -= nuls;
		if (!is_whole(reader, rest, at_end)) {
			at = rest.data;
			break;
		}
		timed.offset = reader->at + (uint64_t)(at - text.data);
		at = after_delimiter(rest);
		if (!read_time(reader, line_of(rest, timed.offset),
			timed.offset, &timed.time_ms))
			continue;
		if (found == 0 && timed.time_ms >= wanted->min_ms) {
			*ret_timed = timed;
			found = 1;
		}
		if (found == 1 && !wanted->samples)
			return 1;
		pass_timed(reader, &timed);
	}
	advance(reader, (size_t)(at - text.data));
	return found;
}

/*
 * What was read were NULs: goes on behind the hole, if it is one.  A hole is
 * nothing that was looked at in vain.
 */
static void
leave_hole(struct time_reader *reader, size_t got)
{
	uint64_t data;

	if (nuls_before((struct sse_slice){reader->bytes, got}) < got)
		return;
	data = sse_fd_data_from(reader->fd, reader->at, reader->size);
	if (data == reader->at)
		return;
	/* One byte back, a NUL: what follows begins a record. */
	reader->timed_at += data - 1 - reader->at;
	reader->at = data - 1;
}

/* Whether the file ends behind so many bytes that were read, and did not. */
static bool
is_shorter(const struct time_reader *reader, size_t got)
{
	return got < sizeof(reader->bytes) && reader->at + got < reader->size;
}

int
time_reader_next(struct time_reader *reader, const struct time_wanted *wanted,
    struct timed *ret_timed)
{
	ssize_t got;

	if (reader->at >= wanted->limit)
		return RESULT_NONE;
	got = sse_fd_pread_all(
	    reader->fd, reader->bytes, sizeof(reader->bytes), reader->at);
	if (got < 0)
		return (int)got;
	if (got == 0 || is_shorter(reader, (size_t)got))
		return RESULT_CHANGED;
	if (find_timed(reader, (struct sse_slice){reader->bytes, (size_t)got},
		wanted, ret_timed) == 1)
		return ret_timed->offset < wanted->limit ? 1 : RESULT_NONE;
	leave_hole(reader, (size_t)got);
	return reader->at >= wanted->limit || reader->at + 1 >= reader->size
		   ? RESULT_NONE
		   : 0;
}

bool
time_reader_is_in_vain(const struct time_reader *reader)
{
	return reader->at >= reader->timed_at + TIME_READER_UNTIMED_MAX;
}
