/*
 * targets.c - the fuzz targets, and what they have in common.
 */
#include "config.h"

#include "fuzz.h"

#include <time.h>

#include "utf8.h"

/* Clocks are put back and forward there; no database is read. */
#define TIME_ZONE "CET-1CEST,M3.5.0,M10.5.0/3"

static const struct fuzz_target targets[] = {
    {"ansi", ansi_fuzz, 5000},
    {"admit", admit_fuzz, 3000},
    {"conf", conf_fuzz, 2000},
    {"cursor", cursor_fuzz, 5000},
    {"decode", decode_fuzz, 5000},
    {"encode", encode_fuzz, 5000},
    {"entry", entry_fuzz, 3000},
    {"format", format_fuzz, 5000},
    {"journal_match", journal_match_fuzz, 5000},
    {"json", json_fuzz, 5000},
    {"log_names", log_names_fuzz, 3000},
    {"lookback", lookback_fuzz, 2000},
    {"name_pattern", name_pattern_fuzz, 5000},
    {"options", options_fuzz, 2000},
    {"origin", origin_fuzz, 5000},
    {"pattern", pattern_fuzz, 1000},
    {"position", position_fuzz, 5000},
    {"query", query_fuzz, 5000},
    {"record_time", record_time_fuzz, 3000},
    {"request", request_fuzz, 5000},
    {"sanitize", sanitize_fuzz, 5000},
    {"since", since_fuzz, 5000},
    {"splitter", splitter_fuzz, 3000},
    {"sse", sse_fuzz, 5000},
    {"stream", stream_fuzz, 300},
    {"time", time_fuzz, 5000},
    {"value", value_fuzz, 5000},
    {"watch", watch_fuzz, 2000},
#ifdef WITH_REDIS
    {"endpoint", endpoint_fuzz, 5000},
    {"redis_position", redis_position_fuzz, 5000},
    {"reply", reply_fuzz, 3000},
#endif
#ifdef WITH_FCGI
    {"intake", intake_fuzz, 5000},
    {"params", params_fuzz, 5000},
    {"wire", wire_fuzz, 5000},
#endif
};

const struct fuzz_target *
fuzz_target_at(size_t index)
{
	return index < sizeof(targets) / sizeof(targets[0]) ? &targets[index]
							    : NULL;
}

const struct fuzz_target *
fuzz_target_named(const char *name)
{
	const struct fuzz_target *target;

	for (size_t i = 0; (target = fuzz_target_at(i)) != NULL; i++)
		if (strcmp(target->name, name) == 0)
			return target;
	return NULL;
}

void
fuzz_begin(void)
{
	REQUIRE(setenv("TZ", TIME_ZONE, 1) == 0);
	tzset();
}

struct sse_slice
fuzz_valid(struct sse_slice text)
{
	struct sse_buf repaired = {.size_max = SIZE_MAX};
	struct sse_slice copy;

	if (text.size > 0)
		REQUIRE(sse_utf8_repair(text, &repaired) == 0);
	copy = fuzz_copy(sse_buf_slice(&repaired));
	sse_buf_done(&repaired);
	return copy;
}
