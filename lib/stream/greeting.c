/*
 * greeting.c - what a client is told at the beginning.
 */
#include "config.h"

#include "stream/greeting.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/result.h"
#include "stream/stream_error.h"

/* Between the configured one and twice that. */
static int64_t
spread_retry_ms(const struct stream_conf *conf, uint64_t random)
{
	int64_t retry_ms = conf->retry_ms;

	assert(retry_ms >= 0);
	retry_ms += (int64_t)(random % (uint64_t)(retry_ms + 1));
	return retry_ms < SSE_RETRY_MS_MAX ? retry_ms : SSE_RETRY_MS_MAX;
}

void
greeting_first(struct greeting *greeting, const struct stream_conf *conf,
    uint64_t random, struct sse_slice id, int wait, struct sse_event *ret_event)
{
	const char *text = wait != 0 ? stream_wait_text(conf, wait) : "";

	assert(wait <= 0);
	if (!greeting->has_begun)
		greeting->told_wait = wait;
	greeting->has_begun = true;
	/* mod_deflate looks 68 bytes ahead: the comment takes it past that. */
	(void)snprintf(greeting->comment, sizeof(greeting->comment),
	    "ssekit " PACKAGE_VERSION ": a comment like this one after each "
	    "%" PRId64 " ms of silence keeps the connection open%s%s",
	    conf->heartbeat_ms, text[0] != '\0' ? "\n" : "", text);
	*ret_event = (struct sse_event){
	    .comment = sse_slice(greeting->comment),
	    .id = id,
	    .has_retry = true,
	    .retry_ms = spread_retry_ms(conf, random),
	};
}

const char *
greeting_of_wait(
    struct greeting *greeting, const struct stream_conf *conf, int wait)
{
	bool is_news = wait != 0 && wait != greeting->told_wait;

	if (wait == RESULT_UNSETTLED || !greeting->has_begun)
		return NULL;
	greeting->told_wait = wait;
	return is_news ? stream_wait_text(conf, wait) : NULL;
}
