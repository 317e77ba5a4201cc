/*
 * conf_check.c - what a value of a stream needs of its other values.
 */
#include "config.h"

#include "conf/conf_check.h"

#include <assert.h>
#include <string.h>

#include "conf/conf_error.h"
#include "origin.h"
#include "source/source_kind.h"

/* Of record-max, in the smallest backlog. */
#define BACKLOG_RECORDS (2 * CONF_BACKLOG_FRAME_PART)

/* Where the value stands that is refused. */
static struct conf_place
place_of(const struct conf_entry *entry, enum conf_key_index index)
{
	const struct conf_setting *said = conf_entry_said(entry, index);
	struct conf_place place = {.key = conf_key_at(index)->name};

	if (said != NULL) {
		place.path = said->path;
		place.line = said->line;
	}
	return place;
}

/*
 * A frame takes at most a quarter of the backlog.  A backlog that is not said
 * is as large as it has to be.
 */
static int
check_backlog(struct conf_entry *entry, struct conf_error *ret_error)
{
	struct stream_conf *stream = &entry->stream;
	struct conf_place place = place_of(entry, CONF_KEY_BACKLOG);
	size_t least = BACKLOG_RECORDS * stream->record_size_max;

	if (stream->backlog_size >= least)
		return 0;
	if (conf_entry_said(entry, CONF_KEY_BACKLOG) == NULL) {
		stream->backlog_size = least;
		return 0;
	}
	return conf_refuse(ret_error, &place,
	    "is too small for stream \"%s\": at least %s, which is %d times"
	    " its record-max",
	    entry->name, conf_value_print(CONF_UNIT_BYTES, least).text,
	    BACKLOG_RECORDS);
}

/* Events that wait for each other come before a client may think it is cut. */
static int
check_flush(const struct conf_entry *entry, struct conf_error *ret_error)
{
	const struct stream_conf *stream = &entry->stream;
	struct conf_place place = place_of(entry, CONF_KEY_FLUSH);

	if (stream->flush != CONF_FLUSH_TIME ||
	    stream->flush_ms < stream->heartbeat_ms)
		return 0;
	return conf_refuse(ret_error, &place,
	    "is too long for stream \"%s\": less than %s, which is its"
	    " heartbeat",
	    entry->name,
	    conf_value_print(CONF_UNIT_MS, (uint64_t)stream->heartbeat_ms)
		.text);
}

/* The records of an event stream are its events, whatever their lines are. */
static int
check_sse(const struct conf_entry *entry, struct conf_error *ret_error)
{
	const struct stream_conf *stream = &entry->stream;
	struct conf_place start = place_of(entry, CONF_KEY_RECORD_START);
	struct conf_place time = place_of(entry, CONF_KEY_TIME_FORMAT);
	bool has_start = stream->record_start[0] != '\0';

	if (stream->format != CONF_FORMAT_SSE ||
	    (!has_start && stream->time_format[0] == '\0'))
		return 0;
	return conf_refuse(ret_error, has_start ? &start : &time,
	    "must be empty for stream \"%s\", which has \"format = sse\":"
	    " %s",
	    entry->name,
	    has_start ? "a blank line ends each of its records"
		      : "none of its records begins with a time");
}

/* Cookies, and ids that records bring. */
static int
check_stream(const struct conf_entry *entry, struct conf_error *ret_error)
{
	const struct stream_conf *stream = &entry->stream;
	struct conf_place ids = place_of(entry, CONF_KEY_IDS);
	struct conf_place credentials = place_of(entry, CONF_KEY_CREDENTIALS);

	if (stream->credentials && sse_origin_list_any(stream->origin))
		return conf_refuse(ret_error, &credentials,
		    "\"yes\" needs an origin that is named, not \"*\"");
	if (stream->ids != CONF_IDS_RECORD ||
	    stream->format != CONF_FORMAT_LINES)
		return 0;
	return conf_refuse(ret_error, &ids,
	    "\"record\" needs \"format = json\" or \"format = sse\", and"
	    " stream \"%s\" has another one, whose records bring no ids",
	    entry->name);
}

/* Whether more is said of it than the default. */
static bool
is_said(const struct conf_entry *entry, enum conf_key_index index)
{
	const struct conf_setting *said = conf_entry_said(entry, index);

	return said != NULL &&
	       strcmp(said->text, conf_key_at(index)->default_text) != 0;
}

/* A key that only some kinds of sources have, and what they say of it. */
static int
check_key(const struct conf_entry *entry, enum conf_key_index index,
    enum source_key key, struct conf_error *ret_error)
{
	const char *source = entry->stream.source;
	struct conf_place place = place_of(entry, index);
	char reason[SOURCE_REASON_SIZE_MAX];

	if (!is_said(entry, index))
		return 0;
	if (!source_takes_key(source, key))
		return conf_refuse(ret_error, &place,
		    "is not for stream \"%s\": its source, %s, has no use for"
		    " it",
		    entry->name, conf_quote(sse_slice(source)).text);
	if (source_check_key(
		source, key, conf_entry_said(entry, index)->text, reason) == 0)
		return 0;
	return conf_refuse(ret_error, &place, "%s is not for stream \"%s\": %s",
	    conf_quote(sse_slice(conf_entry_said(entry, index)->text)).text,
	    entry->name, reason);
}

static int
check_keys(const struct conf_entry *entry, struct conf_error *ret_error)
{
	static const struct {
		enum conf_key_index index;
		enum source_key key;
	} keys[] = {
	    {CONF_KEY_FIELD, SOURCE_KEY_FIELD},
	    {CONF_KEY_MATCH, SOURCE_KEY_MATCH},
	    {CONF_KEY_JOURNAL_POLL, SOURCE_KEY_JOURNAL_POLL},
	    {CONF_KEY_SOURCE_USER, SOURCE_KEY_USER},
	    {CONF_KEY_SOURCE_PASSWORD_FILE, SOURCE_KEY_PASSWORD_FILE},
	};
	int error = 0;

	for (size_t i = 0; error == 0 && i < sizeof(keys) / sizeof(keys[0]);
	     i++)
		error = check_key(entry, keys[i].index, keys[i].key, ret_error);
	return error;
}

/* The first key that is about lines, or files of a log; or -1. */
static int
said_of_lines(const struct conf_entry *entry)
{
	static const enum conf_key_index keys[] = {CONF_KEY_GENERATIONS,
	    CONF_KEY_RECORD_START, CONF_KEY_TIME_FORMAT, CONF_KEY_ROTATE_WAIT};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (is_said(entry, keys[i]))
			return (int)keys[i];
	if (entry->stream.format == CONF_FORMAT_SSE)
		return CONF_KEY_FORMAT;
	return entry->stream.ids == CONF_IDS_RECORD ? CONF_KEY_IDS : -1;
}

/* What gives whole records has its own ids and times. */
static int
check_lines(const struct conf_entry *entry, struct conf_error *ret_error)
{
	const char *source = entry->stream.source;
	int key = said_of_lines(entry);
	struct conf_place place;

	if (key < 0 || !source_gives_records(source))
		return 0;
	place = place_of(entry, (enum conf_key_index)key);
	return conf_refuse(ret_error, &place,
	    "%s is not for stream \"%s\": its source, %s, has no lines, but"
	    " entries with ids and times of their own",
	    conf_quote(
		sse_slice(
		    conf_entry_said(entry, (enum conf_key_index)key)->text))
		.text,
	    entry->name, conf_quote(sse_slice(source)).text);
}

int
conf_check_entry(struct conf_entry *entry, struct conf_error *ret_error)
{
	int error;

	/* It is filled in: of a text there is at least "". */
	assert(
	    entry->stream.origin != NULL && entry->stream.record_size_max > 0);
	error = check_stream(entry, ret_error);
	if (error == 0)
		error = check_keys(entry, ret_error);
	if (error == 0)
		error = check_lines(entry, ret_error);
	if (error == 0)
		error = check_sse(entry, ret_error);
	if (error == 0)
		error = check_flush(entry, ret_error);
	return error != 0 ? error : check_backlog(entry, ret_error);
}
