/*
 * shape.c - whether the last lines of a log are as record-start and time-format
 * say.
 */
#include "config.h"

#include "stream/shape.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/budget.h"
#include "conf/conf_error.h"
#include "fdio.h"
#include "record/line_time.h"
#include "record/record_start.h"
#include "source/source.h"

/* Whether a line is as it should be. */
struct judge {
	bool (*fits)(void *context, struct sse_slice line);
	void *context;
	const char *key;
	const char *value;
	const struct sse_clock *clock; /* NULL: there is time */
};

/* The end of the current file, to its last LF. */
static int
read_tail(const struct stream_conf *conf, const struct source_shared *shared,
    struct sse_buf *tail)
{
	struct sse_file_stat stat;
	int fd = source_peek(conf->source, conf->generations, shared);
	int error = fd < 0 ? fd : sse_fd_stat(fd, &stat);
	ssize_t got = 0;

	if (error == 0)
		error = sse_buf_reserve(tail, SHAPE_SIZE_MAX);
	if (error == 0)
		got = sse_fd_pread_all(fd, tail->data, SHAPE_SIZE_MAX,
		    stat.size > SHAPE_SIZE_MAX ? stat.size - SHAPE_SIZE_MAX
					       : 0);
	sse_fd_close(fd);
	if (error != 0 || got < 0)
		return error != 0 ? error : (int)got;
	tail->size = (size_t)got;
	while (tail->size > 0 && tail->data[tail->size - 1] != '\n')
		tail->size--;
	return 0;
}

/* Takes the last line off the tail, without what is not sent of it. */
static struct sse_slice
take_line(struct sse_buf *tail)
{
	size_t end = tail->size - 1, begin = end;

	assert(tail->data[end] == '\n');
	while (begin > 0 && tail->data[begin - 1] != '\n')
		begin--;
	tail->size = begin;
	while (begin < end && tail->data[begin] == '\0')
		begin++;
	while (end > begin && tail->data[end - 1] == '\r')
		end--;
	return (struct sse_slice){tail->data + begin, end - begin};
}

static enum shape
judge_lines(const struct judge *judge, struct sse_buf *tail,
    char text[SHAPE_TEXT_SIZE_MAX])
{
	struct budget budget = {.clock = NULL};
	struct conf_quoted last = {""};
	size_t count = 0;

	assert(judge->fits != NULL && judge->context != NULL);
	if (judge->clock != NULL)
		budget = budget_begin(judge->clock, SHAPE_TURN_MS);
	while (tail->size > 0 && count < SHAPE_LINES_MAX) {
		struct sse_slice line = take_line(tail);

		if (line.size == 0)
			continue;
		if (judge->fits(judge->context, line))
			return SHAPE_FITS;
		if (count++ == 0)
			last = conf_quote(line);
		if (judge->clock != NULL && budget_is_over(&budget))
			return SHAPE_UNKNOWN;
	}
	if (count == 0)
		return SHAPE_UNKNOWN;
	(void)snprintf(text, SHAPE_TEXT_SIZE_MAX,
	    "%s: none of the last %zu lines matches %s; the last is %s",
	    judge->key, count, conf_quote(sse_slice(judge->value)).text,
	    last.text);
	return SHAPE_DIFFERS;
}

static enum shape
judge_log(const struct stream_conf *conf, const struct source_shared *shared,
    const struct judge *judge, char text[SHAPE_TEXT_SIZE_MAX])
{
	enum shape shape = SHAPE_UNKNOWN;
	struct sse_buf tail;

	sse_buf_init(&tail, SHAPE_SIZE_MAX);
	if (read_tail(conf, shared, &tail) == 0)
		shape = judge_lines(judge, &tail, text);
	sse_buf_done(&tail);
	return shape;
}

enum shape
shape_of_start(const struct stream_conf *conf,
    const struct source_shared *shared, const struct sse_clock *clock,
    char text[SHAPE_TEXT_SIZE_MAX])
{
	struct judge judge = {.fits = record_start_begins,
	    .key = "record-start",
	    .value = conf->record_start,
	    .clock = clock};
	struct record_start *start;
	enum shape shape;

	if (conf->record_start[0] == '\0')
		return SHAPE_FITS;
	if (record_start_new(conf->record_start, SHAPE_SIZE_MAX,
		conf->ansi == CONF_ANSI_KEEP, &start) != 0)
		return SHAPE_UNKNOWN;
	judge.context = start;
	shape = judge_log(conf, shared, &judge, text);
	record_start_free(start);
	return shape;
}

static bool
has_time(void *line_time, struct sse_slice line)
{
	int64_t time_ms, now_ms = sse_clock_file_time_ms(sse_clock_system());

	return line_time_read(line_time, line, now_ms, &time_ms);
}

enum shape
shape_of_time(const struct stream_conf *conf,
    const struct source_shared *shared, const struct sse_clock *clock,
    char text[SHAPE_TEXT_SIZE_MAX])
{
	struct judge judge = {.fits = has_time,
	    .key = "time-format",
	    .value = conf->time_format,
	    .clock = clock};
	struct line_time *line_time;
	enum shape shape;

	if (conf->time_format[0] == '\0' ||
	    line_time_new(conf->time_format, conf->ansi == CONF_ANSI_KEEP,
		&line_time) != 0)
		return SHAPE_FITS;
	judge.context = line_time;
	shape = judge_log(conf, shared, &judge, text);
	line_time_free(line_time);
	return shape;
}
