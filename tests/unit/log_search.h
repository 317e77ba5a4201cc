/*
 * log_search.h - what a search in a log is given, of the values of a stream.
 */
#ifndef LOG_SEARCH_H
#define LOG_SEARCH_H

#include "conf/conf.h"
#include "source/item.h"
#include "record/line_time.h"
#include "source/log_names.h"
#include "test.h"

struct log_search {
	struct source_options options;
	struct record_times times;
	struct line_time *line_time;
	struct log_names *names;
};

/* It must not move. */
static inline void
log_search_init(struct log_search *search, const struct stream_conf *conf,
    const struct sse_clock *clock, const struct record_rule *rule)
{
	*search =
	    (struct log_search){.options = {.clock = clock,
				    .rule = rule,
				    .record_size_max = conf->record_size_max,
				    .replay_size = conf->replay_size,
				    .follow = conf->follow}};
	CHECK_EQUAL_INT(
	    log_names_new(conf->source, conf->generations, &search->names), 0);
	if (conf->time_format == NULL ||
	    line_time_new(conf->time_format, conf->ansi == CONF_ANSI_KEEP,
		&search->line_time) != 0)
		return;
	search->times =
	    (struct record_times){line_time_size_max(search->line_time),
		line_time_read, search->line_time};
	search->options.times = &search->times;
}

static inline void
log_search_done(struct log_search *search)
{
	line_time_free(search->line_time);
	log_names_free(search->names);
}

#endif
