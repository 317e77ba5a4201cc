/*
 * format.c - records into events.
 *
 * A record that is clean, as nearly all are, is the event's data where it
 * lies.  A record that format = json cannot read is sent likewise, so that no
 * line is lost; an event that format = sse cannot read is told in a comment.
 */
#include "config.h"

#include "record/format.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "record/ansi.h"

#define PAUSE_SIZE 16384    /* bytes of a record: it takes time */
#define FRAME_REST_MAX 4096 /* bytes of a frame beside data and comment */
#define FRAME_GROWTH 7      /* the worst of a byte: LF becomes "\ndata: " */

void
format_init(struct format *format, const struct stream_conf *conf)
{
	size_t text_size_max = conf->record_size_max * SANITIZE_GROWTH;

	format->conf = conf;
	format->pause = NULL;
	format->holds_memory = false;
	sanitize_init(&format->sanitize, conf->record_size_max,
	    conf->ansi == CONF_ANSI_KEEP);
	sanitize_init(&format->sanitize_before, conf->record_size_max,
	    conf->ansi == CONF_ANSI_KEEP);
	sse_buf_init(&format->whole, 2 * text_size_max + 1);
	filter_init(&format->filter, conf->include, conf->exclude);
	format_json_init(&format->json, text_size_max);
	format_sse_init(&format->sse, text_size_max);
}

void
format_set_pause(struct format *format, const struct pause *pause)
{
	format->pause = pause;
	format->filter.pause = pause;
	format->json.pause = pause;
}

void
format_done(struct format *format)
{
	sanitize_done(&format->sanitize);
	sanitize_done(&format->sanitize_before);
	sse_buf_done(&format->whole);
	filter_done(&format->filter);
	format_json_done(&format->json);
	format_sse_done(&format->sse);
}

void
format_forget(struct format *format)
{
	if (!format->holds_memory)
		return;
	format->holds_memory = false;
	sanitize_forget(&format->sanitize);
	sanitize_forget(&format->sanitize_before);
	format_json_forget(&format->json);
}

static struct sse_slice
tell_left_out(struct format *format, uint64_t bytes)
{
	(void)snprintf(format->comment, sizeof(format->comment),
	    "%" PRIu64 " bytes left out", bytes);
	return sse_slice(format->comment);
}

/* Bytes of the comment that a record has itself. */
static size_t
own_comment_size(const struct format *format, struct sse_slice comment)
{
	const struct sse_buf *own = &format->json.comment;

	return own->size > 0 && comment.data == own->data ? comment.size : 0;
}

/*
 * A frame takes at most a part of the backlog.  That is twice the longest
 * record, but data of nothing but line ends grow to seven times their size:
 * then the rest of them is left out, at a character, and so is a comment of the
 * record's own, which has no place beside what is told.
 */
static void
limit_frame(struct format *format, uint64_t left_out, struct sse_event *event)
{
	size_t max = format->conf->backlog_size / CONF_BACKLOG_FRAME_PART;
	size_t size = (max - FRAME_REST_MAX) / FRAME_GROWTH;

	if (event->data.size + event->comment.size <= size ||
	    sse_encode_size(event) + FRAME_REST_MAX <= max)
		return;
	left_out += own_comment_size(format, event->comment);
	if (event->data.size > size) {
		while ((event->data.data[size] & 0xc0) == 0x80)
			size--;
		left_out += event->data.size - size;
		event->data.size = size;
	}
	event->comment = tell_left_out(format, left_out);
}

/* What is no JSON record is the data, and the comment says why: 0, -ENOMEM. */
static int
read_json(
    struct format *format, struct sse_slice text, struct sse_event *ret_event)
{
	bool ids = format->conf->ids == CONF_IDS_RECORD;
	const char *why;
	int error = format_json_read(&format->json, text, ids, ret_event, &why);

	/* The text is no longer than was said to format_json_init(). */
	assert(error != -ENOBUFS);
	if (error != -EBADMSG)
		return error;
	*ret_event =
	    (struct sse_event){.comment = sse_slice(why), .data = text};
	return 0;
}

/* Nothing of an event is sent that is not whole: a comment tells of it. */
static struct sse_event
tell_lost_event(struct format *format, uint64_t bytes, const char *why)
{
	(void)snprintf(format->comment, sizeof(format->comment),
	    "an event of %" PRIu64 " bytes left out: %s", bytes, why);
	return (struct sse_event){.comment = sse_slice(format->comment)};
}

static bool
has_nothing(const struct sse_event *event)
{
	return event->data.data == NULL && event->id.data == NULL &&
	       event->comment.data == NULL;
}

static int
read_sse(struct format *format, const struct record *record,
    struct sse_slice text, struct sse_event *ret_event)
{
	bool ids = format->conf->ids == CONF_IDS_RECORD;
	const char *why;
	int error = -EBADMSG;

	if (record->left_out > 0)
		why = "it is longer than record-max";
	else if (record->unfinished)
		why = "it has no blank line";
	else
		error =
		    format_sse_read(&format->sse, text, ids, ret_event, &why);
	if (error == -EBADMSG) {
		*ret_event = tell_lost_event(
		    format, record->text.size + record->left_out, why);
		return FORMAT_LEFT_OUT;
	}
	if (error != 0)
		return error;
	return has_nothing(ret_event) ? FORMAT_NOTHING : FORMAT_EVENT;
}

/* A line that was cut is no JSON: a part of it might look like another. */
static int
make_event(struct format *format, const struct record *record,
    struct sse_slice text, struct sse_event *ret_event)
{
	int error;

	switch (format->conf->format) {
	case CONF_FORMAT_SSE:
		return read_sse(format, record, text, ret_event);
	case CONF_FORMAT_JSON:
		if (record->left_out > 0 && !record->is_whole)
			break;
		error = read_json(format, text, ret_event);
		return error != 0 ? error : FORMAT_EVENT;
	case CONF_FORMAT_LINES:
		break;
	}
	*ret_event = (struct sse_event){.data = text};
	return FORMAT_EVENT;
}

/* A comment on the NULs before a record, behind what it has already of ours. */
static struct sse_slice
tell_nuls(struct format *format, struct sse_slice comment, uint64_t nuls)
{
	bool first = comment.data == NULL;
	size_t size = first ? 0 : strlen(format->comment);

	if (!first && comment.data != format->comment)
		return comment; /* the record's own */
	(void)snprintf(format->comment + size, sizeof(format->comment) - size,
	    "%s%" PRIu64 " NUL bytes left out", first ? "" : ", and before it ",
	    nuls);
	return sse_slice(format->comment);
}

/* What the record says nothing of, and what it was cut by. */
static void
complete(struct format *format, const struct record *record, uint64_t left_out,
    struct sse_event *event)
{
	/* It says all itself, and what has no data fires no event. */
	bool is_told =
	    format->conf->format == CONF_FORMAT_SSE && event->data.data == NULL;

	if (left_out > 0 && !is_told)
		event->comment = tell_left_out(format, left_out);
	if (record->nuls > 0 && !is_told)
		event->comment =
		    tell_nuls(format, event->comment, record->nuls);
	if (event->type.data == NULL && !is_told &&
	    format->conf->event[0] != '\0')
		event->type = sse_slice(format->conf->event);
	limit_frame(format, left_out, event);
}

/* The text with what was given of its record before; both are clean. */
static int
make_whole(
    struct format *format, struct sse_slice before, struct sse_slice text)
{
	struct sse_buf *whole = &format->whole;
	uint64_t left_out = 0;
	int error = sanitize_text(&format->sanitize_before, &before, &left_out);

	if (error == 0)
		error = sse_buf_reserve(whole, before.size + 1 + text.size);
	if (error != 0)
		return error;
	(void)sse_buf_add(whole, before.data, before.size);
	(void)sse_buf_add(whole, "\n", 1);
	return sse_buf_add(whole, text.data, text.size);
}

/* Whether the record of the text is to be sent: 1, 0, -ENOMEM. */
static int
passes(
    struct format *format, const struct record *record, struct sse_slice text)
{
	int got;

	if (record->before.size == 0 || !filter_is_set(&format->filter))
		return filter_passes(&format->filter, text);
	got = make_whole(format, record->before, text);
	if (got == 0)
		got = filter_passes(
		    &format->filter, sse_buf_slice(&format->whole));
	sse_buf_done(&format->whole);
	return got;
}

int
format_event(struct format *format, const struct record *record,
    struct sse_event *ret_event)
{
	uint64_t left_out = record->left_out;
	struct sse_slice text = record->text;
	int got = sanitize_text(&format->sanitize, &text, &left_out);

	/* Most lines are sent as they stand in the file. */
	if (got != 0 || text.data != record->text.data ||
	    record->before.size > 0 || format->conf->format == CONF_FORMAT_JSON)
		format->holds_memory = true;
	if (text.size >= PAUSE_SIZE)
		pause_take(format->pause);
	if (got == 0)
		got = passes(format, record, text);
	if (got < 0)
		return got;
	*ret_event = (struct sse_event){.data = text};
	if (got == 0)
		return FORMAT_NOTHING;
	got = make_event(format, record, text, ret_event);
	if (got >= 0)
		complete(format, record, left_out, ret_event);
	return got;
}

/* ASCII without what JSON has to escape, or does so in a way of its own. */
static bool
is_plain(struct sse_slice id)
{
	for (size_t i = 0; i < id.size; i++) {
		unsigned char byte = (unsigned char)id.data[i];

		if (byte < ' ' || byte > 0x7f || byte == '"' || byte == '\\' ||
		    byte == '/')
			return false;
	}
	return true;
}

/* Whether there is a \u0020 to \u007f: what ASCII could be written as. */
static bool
has_escaped_ascii(struct sse_slice text)
{
	const char *at = text.data, *end = text.data + text.size;

	while ((at = memmem(at, (size_t)(end - at), "\\u00", 4)) != NULL) {
		at += 4;
		if (at < end && *at >= '2' && *at <= '7')
			return true;
	}
	return false;
}

/*
 * Where the id's bytes are not in a record, it may have it by an escape, or
 * when a sequence of a terminal has gone.
 */
static bool
may_have_id(
    const struct format *format, struct sse_slice text, struct sse_slice id)
{
	return memmem(text.data, text.size, id.data, id.size) != NULL ||
	       has_escaped_ascii(text) || !is_plain(id) ||
	       (format->conf->ansi == CONF_ANSI_STRIP &&
		   ansi_find(text) < text.size);
}

int
format_has_id(
    struct format *format, const struct record *record, struct sse_slice id)
{
	struct sse_event event;
	int got;

	if (!may_have_id(format, record->text, id))
		return 0;
	got = format_event(format, record, &event);
	if (got >= 0)
		got = sse_slice_equal(event.id, id);
	format_forget(format);
	return got;
}
