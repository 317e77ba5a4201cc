/*
 * metric.c - one of the counters, in both forms of the status page.
 */
#include "config.h"

#include "metric.h"

#include <inttypes.h>
#include <string.h>

#include "base/print.h"

static uint64_t
value_of(const struct metric *metric, const void *of, int index)
{
	uint64_t value;

	memcpy(&value,
	    (const char *)of + metric->offset + (size_t)index * sizeof(value),
	    sizeof(value));
	return value;
}

int
metric_print_json(
    const struct metric *metric, const void *of, struct sse_buf *out)
{
	int error = print_text(out, ", \"%s\": ", metric->name);

	if (metric->label == NULL && error == 0)
		return print_text(out, "%" PRIu64, value_of(metric, of, 0));
	for (int i = metric->first; i < metric->end && error == 0; i++)
		error = print_text(out, "%s\"%s\": %" PRIu64,
		    i == metric->first ? "{" : ", ", metric->label_value(i),
		    value_of(metric, of, i));
	return error != 0 ? error : print_text(out, "}");
}

int
metric_print_head(
    const char *prefix, const struct metric *metric, struct sse_buf *out)
{
	int error = print_text(out, "# TYPE %s%s %s\n", prefix, metric->name,
	    metric->kind == METRIC_COUNTER ? "counter" : "gauge");

	if (error == 0 && metric->unit != NULL)
		error = print_text(out, "# UNIT %s%s %s\n", prefix,
		    metric->name, metric->unit);
	return error != 0 ? error
			  : print_text(out, "# HELP %s%s %s\n", prefix,
				metric->name, metric->help);
}

static int
print_label(
    const char *comma, const char *name, const char *value, struct sse_buf *out)
{
	return print_text(out, "%s%s=\"%s\"", comma, name, value);
}

/* The labels of a sample; of both a stream and a value there may be none. */
static int
print_labels(const struct metric *metric, const char *stream, int value,
    struct sse_buf *out)
{
	bool has_both = stream != NULL && metric->label != NULL;
	int error;

	if (stream == NULL && metric->label == NULL)
		return 0;
	error = print_text(out, "{");
	if (error == 0 && stream != NULL)
		error = print_label("", "stream", stream, out);
	if (error == 0 && metric->label != NULL)
		error = print_label(has_both ? "," : "", metric->label,
		    metric->label_value(value), out);
	return error == 0 ? print_text(out, "}") : error;
}

int
metric_print_samples(const char *prefix, const struct metric *metric,
    const char *stream, const void *of, struct sse_buf *out)
{
	const char *total = metric->kind == METRIC_COUNTER ? "_total" : "";
	int end = metric->label != NULL ? metric->end : 1;
	int error = 0;

	for (int i = metric->first; i < end && error == 0; i++) {
		error = print_text(out, "%s%s%s", prefix, metric->name, total);
		if (error == 0)
			error = print_labels(metric, stream, i, out);
		if (error == 0)
			error = print_text(
			    out, " %" PRIu64 "\n", value_of(metric, of, i));
	}
	return error;
}
