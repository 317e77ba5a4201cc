/*
 * format.c - records into events.
 *
 * A record that is valid UTF-8, as nearly all are, is the event's data where
 * it lies; only what has to be repaired is copied.  A record that format =
 * json cannot read is sent likewise, so that no line is lost.
 */
#include "config.h"

#include "format.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "ansi.h"
#include "utf8.h"

#define TEXT_KEPT_MAX 65536 /* octets of memory, from event to event */
#define FRAME_REST_MAX 4096 /* octets of a frame beside data and comment */
#define FRAME_GROWTH 7      /* the worst of an octet: LF becomes "\ndata: " */
#define REPLACEMENT_SIZE 3  /* octets of U+FFFD, for one invalid octet */

void
format_init(struct format *format, const struct stream_conf *conf)
{
	assert(conf->record_size_max <= SIZE_MAX / REPLACEMENT_SIZE);
	format->conf = conf;
	format->include = format->exclude = NULL;
	format->passes = true;
	sse_buf_init(
	    &format->repaired, conf->record_size_max * REPLACEMENT_SIZE);
	sse_buf_init(
	    &format->stripped, conf->record_size_max * REPLACEMENT_SIZE);
	format_json_init(
	    &format->json, conf->record_size_max * REPLACEMENT_SIZE);
}

void
format_done(struct format *format)
{
	sse_buf_done(&format->repaired);
	sse_buf_done(&format->stripped);
	pattern_free(format->include);
	pattern_free(format->exclude);
	format_json_done(&format->json);
}

/* A long one would else stay for as long as the client does. */
static void
forget(struct sse_buf *text)
{
	if (text->capacity > TEXT_KEPT_MAX)
		sse_buf_done(text);
	else
		sse_buf_clear(text);
}

static int
repair(struct format *format, struct sse_slice text, struct sse_slice *ret_data)
{
	int error;

	forget(&format->repaired);
	error = sse_utf8_repair(text, &format->repaired);
	/* A splitter gives no record over the limit, so there is room. */
	assert(error != -ENOBUFS);
	if (error == 0)
		*ret_data = sse_buf_slice(&format->repaired);
	return error;
}

/* The text in valid UTF-8. */
static inline int
make_valid(
    struct format *format, struct sse_slice text, struct sse_slice *ret_data)
{
	if (sse_utf8_valid(text) < text.size)
		return repair(format, text, ret_data);
	if (format->repaired.capacity > TEXT_KEPT_MAX)
		forget(&format->repaired);
	*ret_data = text;
	return 0;
}

static int
strip(struct format *format, struct sse_slice *text)
{
	int error;

	forget(&format->stripped);
	error = ansi_strip(*text, &format->stripped);
	/* It is no longer than the text. */
	assert(error != -ENOBUFS);
	if (error == 0)
		*text = sse_buf_slice(&format->stripped);
	return error;
}

/* Escape sequences go; one that was cut goes in any case. */
static inline int
treat_sequences(
    struct format *format, struct sse_slice *text, uint64_t *left_out)
{
	if (format->stripped.capacity > TEXT_KEPT_MAX)
		forget(&format->stripped);
	if (*left_out > 0) {
		size_t whole = ansi_whole(*text);

		*left_out += text->size - whole;
		text->size = whole;
	}
	if (format->conf->ansi == CONF_ANSI_KEEP ||
	    ansi_find(*text) == text->size)
		return 0;
	return strip(format, text);
}

static struct sse_slice
tell_left_out(struct format *format, uint64_t octets)
{
	snprintf(format->comment, sizeof(format->comment),
	    "%" PRIu64 " octets left out", octets);
	return sse_slice(format->comment);
}

/*
 * A frame takes at most a part of the backlog.  That is twice the longest
 * record, but data of nothing but line ends grow to seven times their size:
 * then the rest of them is left out, at a character.
 */
static void
limit_frame(struct format *format, uint64_t left_out, struct sse_event *event)
{
	size_t max = format->conf->backlog_size / CONF_BACKLOG_FRAME_PART;
	size_t size = (max - FRAME_REST_MAX) / FRAME_GROWTH;

	if (event->data.size + event->comment.size <= size ||
	    sse_encode_size(event) + FRAME_REST_MAX <= max)
		return;
	if (event->data.size > size) {
		while ((event->data.data[size] & 0xc0) == 0x80)
			size--;
		left_out += event->data.size - size;
		event->data.size = size;
	}
	event->comment = tell_left_out(format, left_out);
}

/* What is no JSON record is the data, and the comment says why. */
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

/* A record that was cut is none: a part of it might look like another. */
static inline bool
is_json(const struct format *format, uint64_t left_out)
{
	return format->conf->format == CONF_FORMAT_JSON && left_out == 0;
}

/*
 * Whether the text matches, which a pattern that is none does as unsaid; what
 * nobody can know is as unsaid, too.  1, 0 or -ENOMEM.
 */
static int
matches(struct pattern **pattern, const char *of, struct sse_slice text,
    bool unsaid)
{
	struct pattern_error why;
	enum pattern_result result;
	int error = 0;

	if (of == NULL || of[0] == '\0')
		return unsaid;
	if (*pattern == NULL)
		error = pattern_new(of, pattern, &why);
	/* The conf has compiled it before. */
	assert(error != -EINVAL);
	if (error != 0)
		return error;
	result = pattern_find(*pattern, text);
	return result == PATTERN_LIMIT ? unsaid : result == PATTERN_MATCHES;
}

/* DESIGN: a limit counts as matched by include, not by exclude. */
static int
filter(struct format *format, struct sse_slice text)
{
	const struct stream_conf *conf = format->conf;
	int included = matches(&format->include, conf->include, text, true);
	int excluded = 0;

	if (included == 1)
		excluded =
		    matches(&format->exclude, conf->exclude, text, false);
	format->passes = included == 1 && excluded == 0;
	return included < 0 ? included : excluded < 0 ? excluded : 0;
}

bool
format_passes(const struct format *format)
{
	return format->passes;
}

int
format_event(struct format *format, const struct record *record,
    struct sse_event *ret_event)
{
	uint64_t left_out = record->left_out;
	struct sse_slice text;
	int error = make_valid(format, record->text, &text);

	if (error == 0)
		error = treat_sequences(format, &text, &left_out);
	if (error == 0)
		error = filter(format, text);
	if (error == 0 && format->passes && is_json(format, left_out))
		error = read_json(format, text, ret_event);
	else if (error == 0)
		*ret_event = (struct sse_event){.data = text};
	if (error != 0)
		return error;
	if (left_out > 0)
		ret_event->comment = tell_left_out(format, left_out);
	if (ret_event->type.data == NULL && format->conf->event[0] != '\0')
		ret_event->type = sse_slice(format->conf->event);
	limit_frame(format, left_out, ret_event);
	return 0;
}
