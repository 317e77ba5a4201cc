/*
 * trouble.c - lines about a source that cannot be read.
 */
#include "config.h"

#include "program/trouble.h"

#include <assert.h>
#include <errno.h>

#include "stream/shape.h"

enum trouble_kind
trouble_kind(int error)
{
	switch (error) {
	case 0:
		return TROUBLE_NONE;
	case -ENOENT:
		return TROUBLE_MISSING;
	case -EACCES:
		return TROUBLE_DENIED;
	case RESULT_WRONG_KIND:
		return TROUBLE_KIND;
	case RESULT_REFUSED:
		return TROUBLE_LINK;
	case RESULT_BUSY:
		return TROUBLE_BUSY;
	default:
		return TROUBLE_OTHER;
	}
}

const char *
trouble_word(enum trouble_kind kind)
{
	static const char *const words[TROUBLE_KINDS] = {
	    [TROUBLE_NONE] = "none",
	    [TROUBLE_MISSING] = "missing",
	    [TROUBLE_DENIED] = "denied",
	    [TROUBLE_KIND] = "kind",
	    [TROUBLE_LINK] = "link",
	    [TROUBLE_BUSY] = "busy",
	    [TROUBLE_OTHER] = "other",
	};

	assert(kind < TROUBLE_KINDS);
	return words[kind];
}

static void
tell(struct trouble *trouble, const struct stream_conf *conf, const char *text,
    struct log *log)
{
	log_line(log, "%s: %s: %s", conf->name, conf->source, text);
	trouble->told = trouble->error;
}

void
trouble_tell(struct trouble *trouble, int error, const struct stream_conf *conf,
    struct log *log)
{
	char room[STREAM_ERROR_SIZE_MAX];

	trouble->error = error;
	if (trouble->told != error)
		tell(trouble, conf, stream_error_text(conf, error, room), log);
}

void
trouble_note(struct trouble *trouble, int error, const struct stream_conf *conf,
    int64_t now_ms, struct log *log)
{
	int64_t wait_ms = stream_error_waits(error) ? TROUBLE_WAIT_MS : 0;

	if (error != trouble->error)
		trouble->since_ms = now_ms;
	trouble->error = error;
	if (error == 0 && trouble->told != 0)
		tell(trouble, conf, "It can be read now", log);
	if (error == 0)
		trouble->told = 0;
	else if (now_ms - trouble->since_ms >= wait_ms)
		trouble_tell(trouble, error, conf, log);
}

void
trouble_remark(struct trouble *trouble, const char *remark,
    const struct stream_conf *conf, struct log *log)
{
	if (remark == NULL || trouble->remarked)
		return;
	trouble->remarked = true;
	log_line(log, "%s: %s: %s (this is said once)", conf->name,
	    conf->source, remark);
}

bool
trouble_tell_shape(const struct stream_conf *conf,
    const struct source_shared *shared, struct log *log)
{
	char start_text[SHAPE_TEXT_SIZE_MAX], time_text[SHAPE_TEXT_SIZE_MAX];
	enum shape start =
	    shape_of_start(conf, shared, sse_clock_system(), start_text);
	enum shape time =
	    shape_of_time(conf, shared, sse_clock_system(), time_text);

	if (start == SHAPE_UNKNOWN || time == SHAPE_UNKNOWN)
		return false;
	if (start == SHAPE_DIFFERS)
		log_line(
		    log, "%s: %s: %s", conf->name, conf->source, start_text);
	if (time == SHAPE_DIFFERS)
		log_line(
		    log, "%s: %s: %s", conf->name, conf->source, time_text);
	return true;
}
