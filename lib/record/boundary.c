/*
 * boundary.c - where records begin.
 */
#include "config.h"

#include "record/boundary.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "fdio.h"
#include "record/lookback.h"
#include "record/seek.h"

/* ----------------------------------------------------------- the effort -- */

/*
 * What the look for a pattern may cost here, where nobody can go on later.  Of
 * processor time, so that a busy machine makes no difference.
 */
struct effort {
	const struct record_rule *rule;
	int64_t end_ns;
	unsigned searches;
	bool is_over;
};

#define SEARCHES_A_LOOK 8 /* at the clock */

static int64_t
processor_ns(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* As its rule says; when too much was done already, each line begins one. */
static bool
begins_or_is_over(void *context, struct sse_slice line)
{
	struct effort *effort = context;

	if (!effort->is_over && effort->searches++ % SEARCHES_A_LOOK == 0)
		effort->is_over = processor_ns() >= effort->end_ns;
	return effort->is_over ||
	       effort->rule->begins(effort->rule->context, line);
}

int64_t
boundary_effort_end(void)
{
	return processor_ns() + BOUNDARY_EFFORT_MS * INT64_C(1000000);
}

/* The file's rule with an end to its effort; both have to outlive it. */
static struct record_rule
limited(const struct boundary_file *file, struct effort *effort)
{
	struct record_rule limited = *file->rule;

	*effort = (struct effort){.rule = file->rule};
	if (limited.kind != RECORD_HAS_START)
		return limited;
	effort->end_ns = file->effort_end_ns != 0 ? file->effort_end_ns
						  : boundary_effort_end();
	limited.begins = begins_or_is_over;
	limited.context = effort;
	return limited;
}

/* ----------------------------------------------------------- backwards -- */

static bool
is_lines(const struct boundary_file *file)
{
	return file->rule == NULL || file->rule->kind == RECORD_IS_LINE;
}

/* Whether the record at the beginning of a file begins with its rule's start.
 */
static bool
has_start(const struct record_rule *rule, struct sse_slice text)
{
	const char *lf =
	    text.size > 0 ? memchr(text.data, '\n', text.size) : NULL;

	if (lf != NULL)
		text.size = (size_t)(lf - text.data);
	return rule->kind != RECORD_HAS_START ||
	       rule->begins(rule->context, text);
}

/* Goes back over *count records: 0; or RESULT_NONE, and what is left of it. */
static int
go_back(const struct boundary_file *file, struct lookback *lookback,
    uint64_t *count)
{
	struct record record;
	int got = 0;

	while (*count > 0 && got >= 0) {
		got = lookback_next(lookback, &record);
		if (got == 1 && (lookback->end > 0 || !file->goes_on ||
				    has_start(file->rule, record.text)))
			(*count)--;
	}
	return got < 0 ? got : 0;
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

static int
lines_back(const struct boundary_file *file, uint64_t end, uint64_t *count,
    uint64_t bytes_max, uint64_t *ret_offset)
{
	int error = count_unfinished(file, end, count);

	return error != 0 ? error
			  : seek_back_over(
				file->fd, end, count, bytes_max, ret_offset);
}

static int
records_back(const struct boundary_file *file, uint64_t end, uint64_t *count,
    uint64_t bytes_max, uint64_t *ret_offset)
{
	struct lookback_options options = {
	    .fd = file->fd,
	    .rule = file->rule,
	    .end = end,
	    .bytes_max = bytes_max,
	    .record_size_max = file->record_size_max,
	    .rest = file->is_over,
	};
	struct lookback lookback;
	int error;

	lookback_init(&lookback, &options);
	error = go_back(file, &lookback, count);
	lookback_done(&lookback);
	if (error != 0 && error != RESULT_NONE)
		return error;
	if (error == RESULT_NONE && bytes_max >= end)
		*ret_offset = 0;
	else if (lookback.end < end)
		*ret_offset = lookback.end;
	else
		return seek_forward(file->fd, end - bytes_max, end, ret_offset);
	return 0;
}

int
boundary_back(const struct boundary_file *file, uint64_t end, uint64_t *count,
    uint64_t bytes_max, uint64_t *ret_offset)
{
	struct boundary_file with_limit = *file;
	struct record_rule rule;
	struct effort effort;

	if (is_lines(file) || *count == 0)
		return lines_back(file, end, count, bytes_max, ret_offset);
	rule = limited(file, &effort);
	with_limit.rule = &rule;
	return records_back(&with_limit, end, count, bytes_max, ret_offset);
}

/* ------------------------------------------------------------ forwards -- */

/*
 * Looks for a record in the lines that are fed; *begin is where the first of
 * them begins, and then the record, or the line that is not whole.  1, 0 or
 * -ENOMEM.
 */
static int
find_in_lines(
    const struct record_rule *rule, struct splitter *splitter, uint64_t *begin)
{
	struct record line;
	int got;

	while ((got = splitter_next(splitter, &line)) == 1) {
		bool is_blank = line.text.size == 0;

		if (rule->kind == RECORD_HAS_START &&
		    rule->begins(rule->context, line.text))
			return 1;
		*begin = line.end;
		if (rule->kind == RECORD_HAS_BLANK && is_blank)
			return 1;
	}
	return got;
}

/* The same from a line on, read by read; *begin is where that line begins. */
static int
find_forward(const struct boundary_file *file, struct splitter *splitter,
    uint64_t end, uint64_t *begin)
{
	char bytes[SEEK_READ_SIZE];
	uint64_t at = *begin;
	int got = 0;

	while (got == 0 && at < end) {
		ssize_t size = sse_fd_pread_all(file->fd, bytes,
		    end - at < sizeof(bytes) ? end - at : sizeof(bytes), at);

		if (size <= 0)
			return (int)size;
		at += (uint64_t)size;
		splitter_feed(
		    splitter, (struct sse_slice){bytes, (size_t)size});
		got = find_in_lines(file->rule, splitter, begin);
	}
	return got;
}

static int
record_forward(const struct boundary_file *file, uint64_t end, uint64_t *begin)
{
	uint64_t limit = *begin + file->record_size_max;
	struct effort effort;
	struct record_rule rule = limited(file, &effort);
	struct boundary_file with_limit = *file;
	struct splitter splitter;
	int got;

	with_limit.rule = &rule;
	splitter_init(&splitter, file->record_size_max);
	splitter_reset(&splitter, *begin, false);
	got = find_forward(
	    &with_limit, &splitter, limit < end ? limit : end, begin);
	splitter_done(&splitter);
	return got;
}

int
boundary_forward(const struct boundary_file *file, uint64_t offset,
    uint64_t end, uint64_t *ret_offset)
{
	uint64_t line, begin;
	int got = seek_forward(file->fd, offset, end, &line);

	if (got != 0)
		return got;
	begin = line;
	if (!is_lines(file) && line > 0)
		got = record_forward(file, end, &begin);
	if (got < 0)
		return got;
	*ret_offset = got == 1 ? begin : line;
	return 0;
}
