/*
 * given_up.c - searches that were given up.
 */
#include "config.h"

#include "program/given_up.h"

/* Nobody knows whether it matches. */
static const struct {
	const char *key;
	const char *then;
} searches[STREAM_PATTERNS] = {
    [STREAM_INCLUDE] = {"include", "the record is sent"},
    [STREAM_EXCLUDE] = {"exclude", "the record is sent"},
    [STREAM_RECORD_START] = {"record-start", "the line begins a record"},
};

uint64_t
given_up_note(struct given_up *given_up, struct stream *stream,
    const struct stream_conf *conf, struct log *log)
{
	uint64_t all = 0;

	for (int i = 0; i < STREAM_PATTERNS; i++) {
		uint64_t more =
		    stream_take_given_up(stream, (enum stream_pattern)i);

		all += more;
		if (more == 0 || given_up->told[i])
			continue;
		given_up->told[i] = true;
		log_line(log,
		    "%s: %s: a search reached its limit of steps and was given"
		    " up: %s (this is said once)",
		    conf->name, searches[i].key, searches[i].then);
	}
	return all;
}
