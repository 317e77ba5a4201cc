/*
 * boundary.c - where records begin.
 */
#include "config.h"

#include "record/boundary.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/unset.h"
#include "fdio.h"
#include "record/seek.h"

/* ----------------------------------------------------------- backwards -- */

static bool
is_lines(const struct boundary_file *file)
{
	return file->rule == NULL || file->rule->kind == RECORD_IS_LINE;
}

/* Whether the record that a file begins with has its rule's start. */
static bool
has_start(const struct boundary_file *file, struct sse_slice text)
{
	const char *lf =
	    text.size > 0 ? memchr(text.data, '\n', text.size) : NULL;

	if (lf != NULL)
		text.size = (size_t)(lf - text.data);
	return file->rule->kind == RECORD_HAS_START &&
	       effort_begins(file->effort, file->rule, text);
}

/*
 * Goes back over *count records: 0; RESULT_PARTIAL; or RESULT_NONE, and what is
 * left of it.
 */
static int
go_back(struct boundary_back *back, uint64_t *count)
{
	const struct boundary_file *file = &back->file;
	struct reverse_reader *reverse = &back->reverse;
	struct record record;

	while (*count > 0) {
		int got = reverse_reader_next(reverse, &record);

		if (got < 0)
			return got;
		if (got == 1 && (reverse->end > 0 || !file->goes_on ||
				    has_start(file, record.text)))
			(*count)--;
		if (got == 0 && file->effort != NULL &&
		    effort_look(file->effort))
			return RESULT_PARTIAL;
	}
	return 0;
}

/* A line without an end is passed over first, and counts if it is a record. */
static int
count_unfinished(
    const struct boundary_file *file, uint64_t end, uint64_t *count)
{
	char last;
	ssize_t got;

	if (!file->is_over || end == 0 || *count == 0)
		return 0;
	got = sse_fd_pread_all(file->fd, &last, 1, end - 1);
	if (got == 1 && last != '\n')
		(*count)--;
	return got < 0 ? (int)got : 0;
}

/* Whether others have their turn first. */
static bool
rests(const struct boundary_file *file)
{
	return file->effort != NULL && effort_look(file->effort);
}

static int
lines_back(struct boundary_back *back, uint64_t *count, uint64_t *ret_offset)
{
	const struct boundary_file *file = &back->file;
	int error = back->begun ? 0 : count_unfinished(file, back->end, count);

	if (error != 0)
		return error;
	back->begun = true;
	do
		error =
		    seek_back_step(&back->lines, file->fd, count, ret_offset);
	while (error == RESULT_PARTIAL && !rests(file));
	return error;
}

/* In turns, as the way back. */
static int
go_forward(const struct boundary_file *file, struct seek_forward *forward,
    uint64_t *ret_offset)
{
	int error;

	do
		error = seek_forward_step(forward, file->fd, ret_offset);
	while (error == RESULT_PARTIAL && !rests(file));
	return error;
}

static int
records_back(struct boundary_back *back, uint64_t *count, uint64_t *ret_offset)
{
	uint64_t end = back->end, bytes_max = back->bytes_max;
	int error = back->turned ? RESULT_NONE : go_back(back, count);

	if (error != 0 && error != RESULT_NONE)
		return error;
	assert(back->reverse.end <= end);
	*ret_offset = back->reverse.end;
	if (error == RESULT_NONE && bytes_max >= end)
		*ret_offset = 0;
	else if (back->reverse.end == end) {
		back->turned = true;
		return go_forward(&back->file, &back->forward, ret_offset);
	}
	return 0;
}

void
boundary_back_begin(struct boundary_back *back,
    const struct boundary_file *file, uint64_t end, uint64_t bytes_max)
{
	struct reverse_reader_options options = {
	    .fd = file->fd,
	    .rule = file->rule,
	    .end = end,
	    .bytes_max = bytes_max,
	    .record_size_max = file->record_size_max,
	    .rest = file->is_over,
	    .goes_on = file->is_ended,
	    .effort = file->effort,
	};

	back->file = *file;
	back->end = end;
	back->bytes_max = bytes_max;
	back->begun = false;
	seek_back_begin(&back->lines, end, bytes_max);
	back->turned = false;
	seek_forward_begin(
	    &back->forward, end > bytes_max ? end - bytes_max : 0, end);
	reverse_reader_init(&back->reverse, &options);
}

void
boundary_back_done(struct boundary_back *back)
{
	reverse_reader_done(&back->reverse);
}

bool
boundary_back_ends(const struct boundary_back *back)
{
	return back->reverse.held != REVERSE_PART;
}

int
boundary_back_next(
    struct boundary_back *back, uint64_t *count, uint64_t *ret_offset)
{
	return is_lines(&back->file) || *count == 0
		   ? lines_back(back, count, ret_offset)
		   : records_back(back, count, ret_offset);
}

/* ------------------------------------------------------------ forwards -- */

/*
 * Looks for a record in the lines that are fed; *begin is where the first of
 * them begins, and then the record, or the line that is not whole.  1, 0,
 * RESULT_PARTIAL or -ENOMEM.
 */
static int
find_in_lines(const struct boundary_file *file, struct splitter *splitter,
    uint64_t *begin)
{
	const struct record_rule *rule = file->rule;
	struct record line;
	int got;

	while ((got = splitter_next(splitter, &line)) == 1) {
		bool is_blank = line.text.size == 0;

		if (rule->kind == RECORD_HAS_START &&
		    effort_begins(file->effort, rule, line.text))
			return 1;
		*begin = line.end;
		if (rule->kind == RECORD_HAS_BLANK && is_blank)
			return 1;
		if (file->effort != NULL && file->effort->rests)
			return RESULT_PARTIAL;
	}
	return got;
}

/*
 * The same from a line on, read by read; *begin is where that line begins.  A
 * turn is not over before one line was.
 */
static int
find_forward(const struct boundary_file *file, struct splitter *splitter,
    uint64_t end, uint64_t *begin)
{
	UNSET char bytes[SEEK_READ_SIZE];
	uint64_t from = *begin, at = from;
	int got = 0;

	while (got == 0 && at < end) {
		ssize_t size = sse_fd_pread_all(file->fd, bytes,
		    end - at < sizeof(bytes) ? (size_t)(end - at)
					     : sizeof(bytes),
		    at);

		if (size <= 0)
			return (int)size;
		at += (uint64_t)size;
		splitter_feed(
		    splitter, (struct sse_slice){bytes, (size_t)size});
		got = find_in_lines(file, splitter, begin);
		if (got == 0 && *begin > from && rests(file))
			return RESULT_PARTIAL;
	}
	return got;
}

static int
record_forward(struct boundary_forward *forward)
{
	const struct boundary_file *file = &forward->file;
	uint64_t limit = forward->line + file->record_size_max;
	struct splitter splitter;
	int got;

	splitter_init(&splitter, file->record_size_max);
	splitter_reset(&splitter, forward->begin, false);
	got = find_forward(file, &splitter,
	    limit < forward->end ? limit : forward->end, &forward->begin);
	splitter_done(&splitter);
	return got;
}

void
boundary_forward_begin(struct boundary_forward *forward,
    const struct boundary_file *file, uint64_t offset, uint64_t end)
{
	forward->file = *file;
	forward->offset = offset;
	forward->end = end;
	forward->has_line = false;
	seek_forward_begin(&forward->lines, offset, end);
}

int
boundary_forward_next(struct boundary_forward *forward, uint64_t *ret_offset)
{
	const struct boundary_file *file = &forward->file;
	int got = forward->has_line
		      ? 0
		      : go_forward(file, &forward->lines, &forward->line);

	if (got != 0)
		return got;
	if (!forward->has_line)
		forward->begin = forward->line;
	forward->has_line = true;
	if (!is_lines(file) && forward->line > 0)
		got = record_forward(forward);
	if (got < 0)
		return got;
	assert(forward->begin >= forward->line);
	*ret_offset = got == 1 ? forward->begin : forward->line;
	return 0;
}
