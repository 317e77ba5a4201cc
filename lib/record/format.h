/*
 * format.h - records into events.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "base/pause.h"
#include "record/sanitize.h"
#include "record/filter.h"
#include "record/format_json.h"
#include "record/format_sse.h"
#include "record/splitter.h"
#include "record/stream_conf.h"

struct format {
	const struct stream_conf *conf;
	struct sanitize sanitize;
	struct filter filter;
	struct sanitize
	    sanitize_before;  /* for what was given of a record before */
	struct sse_buf whole; /* such a record: only to be judged */
	struct format_json json;
	struct format_sse sse;
	char comment[96];
	const struct pause *pause; /* NULL: none */
	bool holds_memory;         /* for the last event, or one before */
};

/* The conf has to outlive the format. */
void format_init(struct format *format, const struct stream_conf *conf);

/* Records take pauses from now on; NULL: none. */
void format_set_pause(struct format *format, const struct pause *pause);
void format_done(struct format *format);

/*
 * The last event is not needed any more.  What memory it took is given back: it
 * would else stay for as long as the next one is not asked for.
 */
void format_forget(struct format *format);

/* What became of a record. */
enum format_result {
	FORMAT_NOTHING, /* nothing is to be sent of it */
	FORMAT_EVENT,
	FORMAT_LEFT_OUT /* the event is a comment in its place */
};

/*
 * Makes an event of a record: one of enum format_result, or -ENOMEM.  The event
 * can always be encoded: invalid UTF-8 becomes U+FFFD, and escape sequences go,
 * or stay whole, as the conf says.  It has an id only with ids = record, and if
 * the record brings one; what was left out of a record is told in the comment.
 * It lives until the next call, and as long as the record.  Nothing is sent of
 * one that include and exclude do not let through, and then the event is only
 * its text; nor, with format = sse, of one that has no event in it.
 */
int format_event(struct format *format, const struct record *record,
    struct sse_event *ret_event);

/*
 * Whether the event of a record has the id: 1, 0, -ENOMEM.  Most records are
 * not parsed for it, so that a search does not cost what sending would.
 */
int format_has_id(
    struct format *format, const struct record *record, struct sse_slice id);

#endif
