/*
 * line_time.c - the time of a line, as the line would be sent.
 */
#include "config.h"

#include "record/line_time.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "record/sanitize.h"
#include "record/record_time.h"

#define LOOKED_AT_MAX                                          \
	(RECORD_TIME_SIZE_MAX + RECORD_TIME_SKIP_MAX) /* bytes \
						       */

struct line_time {
	struct time_format format;
	struct sanitize clean;
};

int
line_time_new(
    const char *format, bool keep_sequences, struct line_time **ret_line_time)
{
	struct line_time *line_time = calloc(1, sizeof(*line_time));
	int error;

	if (line_time == NULL)
		return -ENOMEM;
	error = time_format_read(format, &line_time->format);
	if (error != 0) {
		free(line_time);
		return error;
	}
	sanitize_init(&line_time->clean, LOOKED_AT_MAX, keep_sequences);
	*ret_line_time = line_time;
	return 0;
}

void
line_time_free(struct line_time *line_time)
{
	if (line_time == NULL)
		return;
	sanitize_done(&line_time->clean);
	free(line_time);
}

size_t
line_time_size_max(const struct line_time *line_time)
{
	return record_time_looked_at(&line_time->format);
}

bool
line_time_read(
    void *context, struct sse_slice line, int64_t now_ms, int64_t *ret_ms)
{
	struct line_time *line_time = context;
	size_t most = line_time_size_max(line_time);
	uint64_t left_out = line.size > most ? line.size - most : 0;

	assert(most <= LOOKED_AT_MAX);
	line.size -= (size_t)left_out;
	/* Without memory it is looked at as it is. */
	(void)sanitize_text(&line_time->clean, &line, &left_out);
	return record_time_read(&line_time->format, line, now_ms, ret_ms);
}
