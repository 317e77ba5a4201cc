/*
 * stats.c - what has happened to a stream since it is served.
 */
#include "config.h"

#include "stats.h"

#include <assert.h>
const char *
client_why_text(enum client_why why)
{
	static const char *const texts[CLIENT_WHYS] = {
	    [CLIENT_LEFT] = "left",
	    [CLIENT_ABORTED] = "aborted",
	    [CLIENT_MALFORMED] = "malformed",
	    [CLIENT_TOO_SLOW] = "too-slow",
	    [CLIENT_STALLED] = "stalled",
	    [CLIENT_OVERRUN] = "overrun",
	    [CLIENT_AGED] = "max-age",
	    [CLIENT_ENDED] = "end",
	    [CLIENT_FAILED] = "failed",
	    [CLIENT_RELOADED] = "reload",
	    [CLIENT_STOPPED] = "stop",
	    [CLIENT_DONE] = "done",
	};

	assert(why < CLIENT_WHYS);
	return texts[why];
}

void
stats_add_item(struct stats *stats, const struct stream_item *item)
{
	stats->cut_records += item->cut;
	stats->left_out_records += item->kind == STREAM_LEFT_OUT;
	assert(item->gap < GAP_REASONS);
	if (item->gap != GAP_NONE)
		stats->gaps[item->gap]++;
}
