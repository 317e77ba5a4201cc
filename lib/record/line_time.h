/*
 * line_time.h - the time of a line, as the line would be sent: without escape
 * sequences, if these go.
 */
#ifndef LINE_TIME_H
#define LINE_TIME_H

#include "ssekit.h"

struct line_time;

/*
 * Of a format as in time_format.h: 0 and *ret_line_time, -EINVAL when it is
 * not one, -ENOMEM.
 */
int line_time_new(
    const char *format, bool keep_sequences, struct line_time **ret_line_time);

/* NULL is allowed. */
void line_time_free(struct line_time *line_time);

/* So many bytes of a line are looked at. */
size_t line_time_size_max(const struct line_time *line_time);

/* As record_time_read(), for struct record_times. */
bool line_time_read(
    void *line_time, struct sse_slice line, int64_t now_ms, int64_t *ret_ms);

#endif
