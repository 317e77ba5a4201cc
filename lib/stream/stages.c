/*
 * stages.c - what a stream is made of, out of its configuration.
 */
#include "config.h"

#include "stream/stages.h"

#include <assert.h>
#include <errno.h>

#include "record/line_time.h"
#include "record/record_start.h"

/* Which lines are a record. */
static int
make_rule(struct stages *stages)
{
	const struct stream_conf *conf = stages->conf;
	int error;

	if (conf->format == CONF_FORMAT_SSE)
		stages->rule.kind = RECORD_HAS_BLANK;
	if (conf->record_start == NULL || conf->record_start[0] == '\0')
		return 0;
	error = record_start_new(conf->record_start, conf->record_size_max,
	    conf->ansi == CONF_ANSI_KEEP, &stages->record_start);
	if (error != 0)
		return error;
	stages->rule = (struct record_rule){
	    RECORD_HAS_START, record_start_begins, stages->record_start};
	return 0;
}

static int
has_id(void *context, const struct record *record, struct sse_slice id)
{
	return format_has_id(context, record, id);
}

/* What a search looks for; without times there are none: -ENOMEM. */
static int
make_search(struct stages *stages)
{
	const struct stream_conf *conf = stages->conf;
	const char *format = conf->time_format;
	int error = 0;

	stages->record_ids = (struct record_ids){has_id, &stages->format};
	if (format != NULL && format[0] != '\0')
		error = line_time_new(
		    format, conf->ansi == CONF_ANSI_KEEP, &stages->line_time);
	if (stages->line_time != NULL)
		stages->times =
		    (struct record_times){line_time_size_max(stages->line_time),
			line_time_read, stages->line_time};
	return error == -ENOMEM ? error : 0;
}

static int
make_source(struct stages *stages, const struct stages_options *options)
{
	const struct stream_conf *conf = stages->conf;
	const struct stages *leader = options->leader;
	const struct source_options reading = {
	    .clock = options->clock,
	    .record_size_max = conf->record_size_max,
	    .rule = &stages->rule,
	    .ids = &stages->record_ids,
	    .times = stages->line_time != NULL ? &stages->times : NULL,
	    .generations = conf->generations,
	    .field = conf->field,
	    .match = conf->match,
	    .journal_poll_ms = conf->journal_poll_ms,
	    .user = conf->source_user,
	    .password_file = conf->source_password_file,
	    .shared = options->is_alone ? stages->own : options->shared,
	    .replay_size = conf->replay_size,
	    .rotate_wait_ms = conf->rotate_wait_ms,
	    .follow = conf->follow,
	    .random = options->random,
	    .unwatched = leader != NULL || !conf->follow,
	    .ops = leader != NULL ? source_ops(leader->source) : NULL,
	};

	return source_new(conf->source, &reading, &stages->source);
}

static void
make_multiline(struct stages *stages, const struct sse_clock *clock)
{
	const struct stream_conf *conf = stages->conf;
	const struct multiline_options joining = {
	    .clock = clock,
	    .rule = &stages->rule,
	    .record_size_max = conf->record_size_max,
	    .wait_ms = conf->record_wait_ms,
	    .has_context = filter_is_set(&stages->format.filter),
	};

	multiline_init(&stages->multiline, stages->source, &joining);
}

/* A type that is configured is the one that is sent. */
static struct format_json_names
json_names(const struct stream_conf *conf)
{
	struct format_json_names names = source_json_names(conf->source);

	if (conf->event != NULL && conf->event[0] != '\0')
		names.event = NULL;
	return names;
}

/* Where nothing is asked of a line but that it is plain. */
static bool
has_plain(struct stages *stages)
{
	return plain_form_init(&stages->plain, stages->conf) &&
	       stages->rule.kind == RECORD_IS_LINE && !stages->is_filtered;
}

int
stages_init(struct stages *stages, const struct stages_options *options)
{
	int error;

	assert(!options->is_alone || options->shared == NULL);
	assert(
	    options->leader == NULL || options->leader->conf == options->conf);
	*stages = (struct stages){.conf = options->conf};
	format_init(&stages->format, options->conf);
	stages->format.json.names = json_names(options->conf);
	stages->is_filtered = filter_is_set(&stages->format.filter) ||
			      options->conf->format == CONF_FORMAT_SSE;
	error = make_rule(stages);
	stages->has_plain = has_plain(stages);
	stages->has_lines = stages->rule.kind == RECORD_IS_LINE &&
			    filter_is_set(&stages->format.filter);
	if (error == 0 && options->is_alone)
		error = source_shared_new(options->conf->source,
		    options->conf->generations, NULL, &stages->own);
	if (error == 0)
		error = make_search(stages);
	if (error == 0)
		error = make_source(stages, options);
	if (error == 0)
		make_multiline(stages, options->clock);
	return error;
}

void
stages_done(struct stages *stages)
{
	multiline_done(&stages->multiline);
	source_free(stages->source);
	record_start_free(stages->record_start);
	line_time_free(stages->line_time);
	source_shared_free(stages->own);
	format_done(&stages->format);
}

struct sse_slice
stages_id(struct stages *stages, const struct source_position *position)
{
	if (stages->conf->ids != CONF_IDS_POSITION)
		return sse_slice(NULL);
	return source_id(stages->source, position);
}

uint64_t
stages_take_given_up(struct stages *stages, enum stream_pattern pattern)
{
	const struct filter *filter = &stages->format.filter;

	switch (pattern) {
	case STREAM_INCLUDE:
		return pattern_take_given_up(filter->included);
	case STREAM_EXCLUDE:
		return pattern_take_given_up(filter->excluded);
	case STREAM_RECORD_START:
		return record_start_take_given_up(stages->record_start);
	case STREAM_PATTERNS:
		break;
	}
	return 0;
}
