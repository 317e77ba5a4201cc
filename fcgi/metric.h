/*
 * metric.h - one of the counters, in both forms of the status page.
 *
 * One of several values has a label: {"gaps": {"late": 0, ...}} in JSON, and
 * sse_stream_gaps_total{stream="log",reason="late"} 0 in OpenMetrics.
 */
#ifndef METRIC_H
#define METRIC_H

#include <stddef.h>

#include "buf.h"

enum metric_kind {
	METRIC_GAUGE,
	METRIC_COUNTER
};

struct metric {
	const char *name; /* in OpenMetrics a counter's has "_total" */
	enum metric_kind kind;
	const char *unit; /* or NULL; the name ends with it */
	const char *help;
	size_t offset;     /* of a uint64_t, or of an array of them */
	const char *label; /* of an array; or NULL */
	const char *(*label_value)(int index);
	int first; /* values of the array */
	int end;
};

/* What of is has it at its offset.  All: errors of sse_buf_add(). */

/* A comma and the member of a JSON object. */
int metric_print_json(
    const struct metric *metric, const void *of, struct sse_buf *out);

/* What stands before its samples in OpenMetrics; its name begins so. */
int metric_print_head(
    const char *prefix, const struct metric *metric, struct sse_buf *out);

/* A sample for each value.  stream: its name, or NULL. */
int metric_print_samples(const char *prefix, const struct metric *metric,
    const char *stream, const void *of, struct sse_buf *out);

#endif
