/*
 * status.c - the counters as a page.
 *
 * Two tables say what there is, and both forms are made from them.
 *
 * No name needs to be escaped: those of streams are letters, digits and "._-".
 */
#include "config.h"

#include "status.h"

#include <inttypes.h>
#include <string.h>

#include "metric.h"
#include "source/gap.h"
#include "base/print.h"
#include "stream/index.h"

#define OPENMETRICS "application/openmetrics-text"

static const char *
why_text(int why)
{
	return client_why_text((enum client_why)why);
}

static const char *
reason_text(int reason)
{
	return gap_reason_text((enum gap_reason)reason);
}

#define OF_WORKER(field) .offset = offsetof(struct status_worker, field)
#define OF_STREAM(field) .offset = offsetof(struct status_stream, field)
#define BY_WHY \
	.label = "why", .label_value = why_text, .first = 0, .end = CLIENT_WHYS

static const struct metric worker_metrics[] = {
    {"uptime_seconds", METRIC_GAUGE, "seconds", "Since the worker was started.",
	OF_WORKER(uptime_s)},
    {"connections", METRIC_GAUGE, NULL, "Connections of web servers.",
	OF_WORKER(connections)},
    {"closed", METRIC_COUNTER, NULL, "Connections that were closed, and why.",
	OF_WORKER(gone), BY_WHY},
    {"requests", METRIC_COUNTER, NULL, "Requests that were complete.",
	OF_WORKER(requests)},
    {"clients_max", METRIC_GAUGE, NULL, "The most clients at once.",
	OF_WORKER(clients_max)},
    {"readers", METRIC_GAUGE, NULL, "Clients that read old events from files.",
	OF_WORKER(readers)},
    {"readers_waiting", METRIC_GAUGE, NULL,
	"Clients that wait for their turn to.", OF_WORKER(readers_waiting)},
    {"reloads", METRIC_COUNTER, NULL, "Configurations that were read anew.",
	OF_WORKER(reloads)},
    {"reloads_failed", METRIC_COUNTER, NULL,
	"Configurations that were refused.", OF_WORKER(reloads_failed)},
    {"descriptors", METRIC_GAUGE, NULL, "Descriptors that are open.",
	OF_WORKER(descriptors)},
    {"resident_bytes", METRIC_GAUGE, "bytes", "Memory that is resident.",
	OF_WORKER(resident)},
};

static const struct metric stream_metrics[] = {
    {"subscribers", METRIC_GAUGE, NULL, "Clients of the stream.",
	OF_STREAM(subscribers)},
    {"readers", METRIC_GAUGE, NULL, "Of them, those that read for themselves.",
	OF_STREAM(readers)},
    {"lag_bytes", METRIC_GAUGE, "bytes", "What the slowest has not been sent.",
	OF_STREAM(lag)},
    {"clients", METRIC_COUNTER, NULL, "Clients that came.",
	OF_STREAM(stats.clients)},
    {"resumes", METRIC_COUNTER, NULL, "Of them, those that brought an id.",
	OF_STREAM(stats.resumes)},
    {"refused", METRIC_COUNTER, NULL, "Clients that were one too many.",
	OF_STREAM(stats.refused)},
    {"gone", METRIC_COUNTER, NULL, "Clients that went, and why.",
	OF_STREAM(stats.gone), BY_WHY},
    {"gaps", METRIC_COUNTER, NULL, "Gaps that were told, and why.",
	OF_STREAM(stats.gaps), .label = "reason", .label_value = reason_text,
	.first = GAP_NONE + 1, .end = GAP_REASONS},
    {"cut_records", METRIC_COUNTER, NULL, "Records longer than record-max.",
	OF_STREAM(stats.cut_records)},
    {"left_out_records", METRIC_COUNTER, NULL, "Records that cannot be sent.",
	OF_STREAM(stats.left_out_records)},
    {"given_up_searches", METRIC_COUNTER, NULL,
	"Searches of patterns that were given up at their limit.",
	OF_STREAM(stats.given_up_searches)},
    {"interruptions", METRIC_COUNTER, NULL,
	"Times that the source could not be read any more.",
	OF_STREAM(stats.interruptions)},
    {"frames", METRIC_COUNTER, NULL, "Frames that were made.",
	OF_STREAM(stats.frames)},
    {"bytes", METRIC_COUNTER, "bytes", "Their bytes.", OF_STREAM(stats.bytes)},
    {"sent_frames", METRIC_COUNTER, NULL, "Frames that were sent.",
	OF_STREAM(stats.sent_frames)},
    {"sent_bytes", METRIC_COUNTER, "bytes", "Their bytes.",
	OF_STREAM(stats.sent_bytes)},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const sources[STATUS_SOURCES] = {
    [STATUS_CLOSED] = "closed",
    [STATUS_OPEN] = "open",
    [STATUS_FAILED] = "failed",
    [STATUS_ENDED] = "ended",
    [STATUS_WAITING] = "waiting",
};

/* ---------------------------------------------------------------- JSON -- */

static int
print_members(const struct metric *metrics, size_t count, const void *of,
    struct sse_buf *out)
{
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++)
		error = metric_print_json(&metrics[i], of, out);
	return error;
}

static int
print_json_worker(const struct status *status, struct sse_buf *out)
{
	int error = print_text(
	    out, "{\"worker\": {\"version\": \"%s\"", PACKAGE_VERSION);

	if (error == 0)
		error = print_members(worker_metrics, COUNT(worker_metrics),
		    &status->worker, out);
	return error != 0 ? error : print_text(out, "},\n\"streams\": {");
}

static int
print_json_stream(const struct status *status, size_t i, struct sse_buf *out)
{
	const struct status_stream *stream = &status->streams[i];
	int error = print_text(out, "%s\n\"%s\": {\"source\": \"%s\"",
	    i > 0 ? "," : "", stream->name, sources[stream->source]);

	if (error == 0)
		error = status_server_print_json(&stream->server, out);
	if (error == 0)
		error = print_members(
		    stream_metrics, COUNT(stream_metrics), stream, out);
	return error != 0 ? error
			  : print_text(out, ", \"trouble\": \"%s\"}",
				trouble_word(stream->trouble));
}

/* The worker, each stream, the end. */
static int
print_json(const struct status *status, size_t step, struct sse_buf *out)
{
	if (step == 0)
		return print_json_worker(status, out);
	if (step <= status->streams_count)
		return print_json_stream(status, step - 1, out);
	return print_text(out, "}}\n");
}

/* --------------------------------------------------------- OpenMetrics -- */

static int
print_worker(const struct status *status, struct sse_buf *out)
{
	int error = 0;

	for (size_t i = 0; i < COUNT(worker_metrics) && error == 0; i++) {
		error = metric_print_head("sse_", &worker_metrics[i], out);
		if (error == 0)
			error = metric_print_samples("sse_", &worker_metrics[i],
			    NULL, &status->worker, out);
	}
	return error;
}

static int
print_source(const struct status_stream *stream, struct sse_buf *out)
{
	int error = 0;

	for (int i = 0; i < STATUS_SOURCES && error == 0; i++)
		error = print_text(out,
		    "sse_stream_source{stream=\"%s\","
		    "sse_stream_source=\"%s\"} %d\n",
		    stream->name, sources[i], (int)stream->source == i);
	return error;
}

static int
print_trouble(const struct status_stream *stream, struct sse_buf *out)
{
	int error = 0;

	for (int i = 0; i < TROUBLE_KINDS && error == 0; i++)
		error = print_text(out,
		    "sse_stream_trouble{stream=\"%s\","
		    "sse_stream_trouble=\"%s\"} %d\n",
		    stream->name, trouble_word((enum trouble_kind)i),
		    (int)stream->trouble == i);
	return error;
}

/* Behind the metrics of the table there are two of words, and a server's. */
#define FAMILY_SOURCE COUNT(stream_metrics)
#define FAMILY_TROUBLE (COUNT(stream_metrics) + 1)
#define FAMILY_SERVER (COUNT(stream_metrics) + 2)
#define FAMILIES (FAMILY_SERVER + STATUS_SERVER_FAMILIES)

static int
print_family_head(size_t family, struct sse_buf *out)
{
	if (family == FAMILY_SOURCE)
		return print_text(out,
		    "# TYPE sse_stream_source stateset\n"
		    "# HELP sse_stream_source What the source is.\n");
	if (family == FAMILY_TROUBLE)
		return print_text(out,
		    "# TYPE sse_stream_trouble stateset\n"
		    "# HELP sse_stream_trouble What keeps it from its"
		    " source.\n");
	if (family >= FAMILY_SERVER)
		return status_server_print_head(family - FAMILY_SERVER, out);
	return metric_print_head("sse_stream_", &stream_metrics[family], out);
}

static int
print_family_stream(
    size_t family, const struct status_stream *stream, struct sse_buf *out)
{
	if (family == FAMILY_SOURCE)
		return print_source(stream, out);
	if (family == FAMILY_TROUBLE)
		return print_trouble(stream, out);
	if (family >= FAMILY_SERVER)
		return status_server_print_sample(
		    family - FAMILY_SERVER, stream->name, &stream->server, out);
	return metric_print_samples(
	    "sse_stream_", &stream_metrics[family], stream->name, stream, out);
}

/*
 * The worker; of each family its head, and then each stream, since all samples
 * of a metric stand together; the end.
 */
static int
print_openmetrics(const struct status *status, size_t step, struct sse_buf *out)
{
	size_t of_family = 1 + status->streams_count;
	size_t family = (step - 1) / of_family, i = (step - 1) % of_family;

	if (step == 0)
		return print_worker(status, out);
	if (family == FAMILIES)
		return print_text(out, "# EOF\n");
	if (i == 0)
		return print_family_head(family, out);
	return print_family_stream(family, &status->streams[i - 1], out);
}

/* --------------------------------------------------------------- index -- */

static int
print_index(const struct status *status, size_t step, struct sse_buf *out)
{
	const struct status_stream *stream;

	if (step == 0)
		return index_print_begin(out);
	if (step > status->streams_count)
		return index_print_end(out);
	stream = &status->streams[step - 1];
	if (!stream->listed)
		return 0;
	return index_print_entry(&(struct index_entry){.name = stream->name,
				     .source = sources[stream->source],
				     .frames = stream->stats.frames},
	    out);
}

const char *
status_type(enum status_form form)
{
	return form == STATUS_OPENMETRICS ? OPENMETRICS
		   "; version=1.0.0; charset=utf-8"
					  : "application/json";
}

enum status_form
status_form_of(const char *accept)
{
	return accept != NULL && strstr(accept, OPENMETRICS) != NULL
		   ? STATUS_OPENMETRICS
		   : STATUS_JSON;
}

size_t
status_steps(const struct status *status, enum status_form form)
{
	return form == STATUS_OPENMETRICS
		   ? FAMILIES * (status->streams_count + 1) + 2
		   : status->streams_count + 2;
}

int
status_print_step(const struct status *status, enum status_form form,
    size_t step, struct sse_buf *out)
{
	if (form == STATUS_INDEX)
		return print_index(status, step, out);
	return form == STATUS_JSON ? print_json(status, step, out)
				   : print_openmetrics(status, step, out);
}
