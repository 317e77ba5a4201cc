/*
 * conf_key.c - the table of keys, and what reads a value by it.
 *
 * Nothing else knows a key's name, default, unit or limits.
 */
#include "config.h"

#include "conf_key.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "origin.h"
#include "utf8.h"

#define PATH_SIZE_MAX 4000 /* octets, so that "source = PATH" is one line */
#define RECORDS_MAX 1000000

#define OCTETS_K UINT64_C(1024)
#define OCTETS_M (OCTETS_K * 1024)
#define OCTETS_T (OCTETS_M * 1024 * 1024)
#define SECOND_MS UINT64_C(1000)
#define HOUR_MS (3600 * SECOND_MS)

static const struct conf_choice choices_yes_no[] = {
    {"yes", true}, {"no", false}, {NULL, 0}};
static const struct conf_choice choices_format[] = {
    {"lines", CONF_FORMAT_LINES},
#ifdef WITH_JSON
    {"json", CONF_FORMAT_JSON},
#endif
    {NULL, 0}};
static const struct conf_choice choices_ids[] = {
    {"position", CONF_IDS_POSITION}, {"record", CONF_IDS_RECORD},
    {"none", CONF_IDS_NONE}, {NULL, 0}};
static const struct conf_choice choices_flush[] = {
    {"frame", CONF_FLUSH_FRAME}, {"ready", CONF_FLUSH_READY}, {NULL, 0}};

/* Where a value goes. */
#define FIELD(member)                                   \
	.offset = offsetof(struct stream_conf, member), \
	.size = sizeof(((struct stream_conf *)NULL)->member)

#define TEXT(min_size, max_size) \
	.kind = CONF_KIND_TEXT, .min = (min_size), .max = (max_size)
#define OCTETS(min_size, max_size)                                             \
	.kind = CONF_KIND_NUMBER, .unit = CONF_UNIT_OCTETS, .min = (min_size), \
	.max = (max_size), .takes = "SIZE"
#define TIME(min_ms, max_ms)                                             \
	.kind = CONF_KIND_NUMBER, .unit = CONF_UNIT_MS, .min = (min_ms), \
	.max = (max_ms), .takes = "TIME"
#define CHOICE(list) .kind = CONF_KIND_CHOICE, .choices = (list)

#ifdef WITH_JSON
#define LACKS_JSON NULL
#else
#define LACKS_JSON "json"
#endif

static const struct conf_key keys[] = {
    [CONF_KEY_SOURCE] = {.name = "source",
	.takes = "PATH",
	TEXT(1, PATH_SIZE_MAX),
	FIELD(source),
	.summary = "the file to follow",
	.manual = "The path of a regular file or a FIFO.\n"
		  "A file that does not exist yet is waited for.\n"
		  "A relative path begins at the working directory, which\n"
		  "web servers choose in different ways.\n"},
    [CONF_KEY_FOLLOW] = {.name = "follow",
	.takes = "yes|no",
	.default_text = "yes",
	CHOICE(choices_yes_no),
	FIELD(follow),
	.summary = "wait for what is written later",
	.manual = ".Cm yes :\n"
		  "the stream goes on with what is written later,\n"
		  "also when the log has been rotated.\n"
		  ".Cm no :\n"
		  "it ends after what is there now, with the event\n"
		  ".Cm end .\n"
		  "A client that comes back and has everything\n"
		  "is told with 204 not to ask again.\n"},
    [CONF_KEY_FROM] = {.name = "from",
	.takes = "start|end|-N",
	.default_text = "-10",
	.kind = CONF_KIND_FROM,
	.min = 1,
	.max = RECORDS_MAX,
	FIELD(from),
	.summary = "where a client without an id starts",
	.manual = "Where a client that brings no event id starts:\n"
		  "at the beginning of the file, at its end,\n"
		  "or with its last\n.Ar N\nrecords.\n"
		  "It is no protection: an id may name any position.\n"},
    [CONF_KEY_REPLAY] = {.name = "replay",
	.default_text = "8M",
	OCTETS(0, OCTETS_T),
	FIELD(replay_size),
	.summary = "most octets that a resume delivers",
	.manual = "The most octets of the file that one resume delivers:\n"
		  "the newest.\n"
		  "What lies before them is told by a gap with the reason\n"
		  ".Cm limit .\n"
		  "0 delivers nothing old.\n"},
    [CONF_KEY_FORMAT] = {.name = "format",
	.takes = "lines|json",
	.default_text = "lines",
	CHOICE(choices_format),
	.lacks = LACKS_JSON,
	FIELD(format),
	.summary = "how records become events",
	.manual = "How a record becomes an event.\n"
		  ".Cm lines :\n"
		  "each line is the data of one event.\n"
		  "Octets that are no UTF-8 become U+FFFD.\n"
		  ".Cm json :\n"
		  "each line is a JSON object that says what the event is;\n"
		  "see\n.Sx JSON RECORDS .\n"},
    [CONF_KEY_RECORD_MAX] = {.name = "record-max",
	.default_text = "256K",
	OCTETS(OCTETS_K, 64 * OCTETS_M),
	FIELD(record_size_max),
	.summary = "longest record; the rest is left out",
	.manual = "The longest record.\n"
		  "The rest of a longer one is left out, at a character,\n"
		  "and a comment before the event says how many octets.\n"},
    [CONF_KEY_EVENT] = {.name = "event",
	.takes = "TYPE",
	.default_text = "",
	TEXT(0, SSE_TYPE_SIZE_MAX),
	FIELD(event),
	.summary = "type of the events",
	.manual = "The type of the events.\n"
		  "Without one, browsers call them\n.Dq message .\n"},
    [CONF_KEY_IDS] = {.name = "ids",
	.takes = "position|record|none",
	.default_text = "position",
	CHOICE(choices_ids),
	FIELD(ids),
	.summary = "the ids of the events",
	.manual = ".Cm position :\n"
		  "each event has an id, with which a client goes on\n"
		  "exactly behind it.\n"
		  ".Cm record :\n"
		  "the ids are those that the records bring along; only with\n"
		  ".Cm format No = Cm json .\n"
		  "See\n.Sx EVENT IDS .\n"
		  ".Cm none :\n"
		  "no ids; each connection begins as\n.Cm from\nsays.\n"},
    [CONF_KEY_RETRY] = {.name = "retry",
	.default_text = "2s",
	TIME(100, HOUR_MS),
	FIELD(retry_ms),
	.summary = "how long a client waits to reconnect",
	.manual = "How long a client waits before it reconnects.\n"
		  "Each connection gets this time and up to as much again,\n"
		  "at random, so that not all come back at once.\n"},
    [CONF_KEY_HEARTBEAT] = {.name = "heartbeat",
	.default_text = "15s",
	TIME(100, HOUR_MS),
	FIELD(heartbeat_ms),
	.summary = "a comment after so long a silence",
	.manual = "A comment is sent when nothing else was for so long.\n"
		  "It is what tells a silent process\n"
		  "that its client has gone.\n"},
    [CONF_KEY_MAX_AGE] = {.name = "max-age",
	.default_text = "0",
	TIME(0, 365 * 24 * HOUR_MS),
	FIELD(max_age_ms),
	.summary = "end a connection after this time; 0: never",
	.manual = "A connection is ended after this time,\n"
		  "up to a tenth more or less at random.\n"
		  "The client resumes.\n"
		  "0 never ends it.\n"},
    [CONF_KEY_WRITE_TIMEOUT] = {.name = "write-timeout",
	.default_text = "30s",
	TIME(100, HOUR_MS),
	FIELD(write_timeout_ms),
	.summary = "a client that takes nothing is closed",
	.manual = "A client that takes nothing for so long is closed.\n"
		  "It can resume.\n"},
    [CONF_KEY_ROTATE_WAIT] = {.name = "rotate-wait",
	.default_text = "1s",
	TIME(0, HOUR_MS),
	FIELD(rotate_wait_ms),
	.summary = "rest of a rotated file before the next",
	.manual = "How long a rotated file has to be left untouched\n"
		  "before the stream goes on with the next one.\n"
		  "If it still grows ten times as long after the next one\n"
		  "was begun, the stream goes on anyway.\n"},
    [CONF_KEY_ORIGIN] = {.name = "origin",
	.takes = "ORIGIN...",
	.default_text = "",
	.kind = CONF_KIND_ORIGINS,
	.max = PATH_SIZE_MAX,
	FIELD(origin),
	.summary = "other sites whose pages may read the stream",
	.manual = "Origins of other sites whose pages may read the stream,\n"
		  "as browsers send them, with blanks between:\n"
		  ".Li https://app.example https://admin.example:8443 .\n"
		  ".Li *\n"
		  "allows all, without credentials.\n"
		  "They are compared as a whole;\n"
		  ".Li null\n"
		  "cannot be allowed.\n"},
    [CONF_KEY_CREDENTIALS] = {.name = "credentials",
	.takes = "yes|no",
	.default_text = "no",
	CHOICE(choices_yes_no),
	FIELD(credentials),
	.summary = "these sites may send cookies",
	.manual = ".Cm yes :\n"
		  "pages of the sites in\n.Cm origin\n"
		  "may read it with the user's cookies.\n"},
    [CONF_KEY_FLUSH] = {.name = "flush",
	.takes = "frame|ready",
	.default_text = "frame",
	CHOICE(choices_flush),
	FIELD(flush),
	.summary = "what one write holds",
	.manual = ".Cm frame :\n"
		  "each event is one write, as soon as it exists.\n"
		  ".Cm ready :\n"
		  "events that are ready at the same moment share one,\n"
		  "which is faster for a large replay.\n"},
    [CONF_KEY_LOG] = {.name = "log",
	.takes = "stderr|syslog|PATH",
	TEXT(1, PATH_SIZE_MAX),
	.summary = "where errors are told",
	.manual = "Where errors are told.\n"
		  "Without it: standard error,\n"
		  "but syslog where standard error is closed, is\n"
		  ".Pa /dev/null ,\n"
		  "or would be sent to the client.\n"
		  "It holds for the whole program:\n"
		  "in a file it stands before the first section.\n"},
};

static_assert(
    sizeof(keys) / sizeof(keys[0]) == CONF_KEY_COUNT, "each key has its row");
static_assert(SECOND_MS * 3600 <= SSE_RETRY_MS_MAX, "a retry can be sent");

const struct conf_key *
conf_key_at(enum conf_key_index index)
{
	assert(index < CONF_KEY_COUNT);
	return &keys[index];
}

const char *
conf_key(size_t index)
{
	return index < CONF_KEY_COUNT ? keys[index].name : NULL;
}

int
conf_key_find(struct sse_slice name)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++)
		if (sse_slice_equal(sse_slice(keys[i].name), name))
			return i;
	return -ENOENT;
}

/* ASCII's and C1's, which a terminal or a browser may obey. */
static bool
has_control(const unsigned char *text)
{
	for (; *text != '\0'; text++) {
		if (*text < ' ' || *text == 0x7f)
			return true;
		if (text[0] == 0xc2 && text[1] >= 0x80 && text[1] < 0xa0)
			return true;
	}
	return false;
}

/* What a line "key = value" can hold, so that --check can print it. */
static bool
text_allowed(const struct conf_key *key, const char *value)
{
	size_t size = strlen(value);

	if (size < key->min || size > key->max)
		return false;
	if (size > 0 && (value[0] == ' ' || value[size - 1] == ' '))
		return false;
	return !has_control((const unsigned char *)value) &&
	       sse_utf8_valid(sse_slice(value)) == size;
}

/* Writes a number to a field of any integer type: bool, an enum, a size. */
static void
put_number(const struct conf_key *key, uint64_t value, void *field)
{
	const uint8_t value_8 = (uint8_t)value;
	const uint32_t value_32 = (uint32_t)value;

	switch (key->size) {
	case sizeof(value_8):
		memcpy(field, &value_8, sizeof(value_8));
		return;
	case sizeof(value_32):
		memcpy(field, &value_32, sizeof(value_32));
		return;
	default:
		assert(key->size == sizeof(value));
		memcpy(field, &value, sizeof(value));
	}
}

static int
read_text(const struct conf_key *key, const char *value, void *field)
{
	if (!text_allowed(key, value))
		return -EINVAL;
	if (key->size > 0)
		memcpy(field, &value, sizeof(value));
	return 0;
}

static int
read_origins(const struct conf_key *key, const char *value, void *field)
{
	return origin_list_valid(value) ? read_text(key, value, field)
					: -EINVAL;
}

static int
read_number(const struct conf_key *key, const char *value, void *field)
{
	uint64_t number;

	if (conf_value_read(key->unit, value, &number) != 0)
		return -EINVAL;
	if (number < key->min || number > key->max)
		return -EINVAL;
	put_number(key, number, field);
	return 0;
}

static int
read_choice(const struct conf_key *key, const char *value, void *field)
{
	const struct conf_choice *choice = key->choices;

	while (choice->text != NULL && strcmp(choice->text, value) != 0)
		choice++;
	if (choice->text == NULL)
		return -EINVAL;
	put_number(key, choice->value, field);
	return 0;
}

static int
read_from(
    const struct conf_key *key, const char *value, struct stream_conf *stream)
{
	uint64_t records = 0;
	enum conf_from from = CONF_FROM_RECORDS;

	if (strcmp(value, "start") == 0)
		from = CONF_FROM_START;
	else if (strcmp(value, "end") == 0)
		from = CONF_FROM_END;
	else if (value[0] != '-' ||
		 conf_value_read(key->unit, value + 1, &records) != 0 ||
		 records < key->min || records > key->max)
		return -EINVAL;
	stream->from = from;
	stream->from_records = records;
	return 0;
}

int
conf_key_read(
    const struct conf_key *key, const char *value, struct stream_conf *stream)
{
	void *field = (char *)stream + key->offset;

	switch (key->kind) {
	case CONF_KIND_TEXT:
		return read_text(key, value, field);
	case CONF_KIND_ORIGINS:
		return read_origins(key, value, field);
	case CONF_KIND_NUMBER:
		return read_number(key, value, field);
	case CONF_KIND_CHOICE:
		return read_choice(key, value, field);
	case CONF_KIND_FROM:
		return read_from(key, value, stream);
	}
	return -EINVAL;
}

static struct conf_allowed
allowed_number(const struct conf_key *key)
{
	bool is_time = key->unit == CONF_UNIT_MS;
	struct conf_allowed allowed;

	snprintf(allowed.text, sizeof(allowed.text),
	    "no %s from %s to %s (a number with %s)", is_time ? "time" : "size",
	    conf_value_print(key->unit, key->min).text,
	    conf_value_print(key->unit, key->max).text,
	    is_time ? "ms, s, m, h or d" : "K, M, G or T, or of octets");
	return allowed;
}

static struct conf_allowed
allowed_choice(const struct conf_key *key)
{
	struct conf_allowed allowed = {"not one of: "};
	size_t used = strlen(allowed.text);

	for (const struct conf_choice *choice = key->choices;
	     choice->text != NULL; choice++) {
		int size = snprintf(allowed.text + used,
		    sizeof(allowed.text) - used, "%s%s",
		    choice == key->choices ? "" : ", ", choice->text);

		/* The table's words are few and short. */
		assert(size > 0 && (size_t)size < sizeof(allowed.text) - used);
		used += (size_t)size;
	}
	if (key->lacks != NULL)
		(void)snprintf(allowed.text + used, sizeof(allowed.text) - used,
		    "; this program was built without %s", key->lacks);
	return allowed;
}

struct conf_allowed
conf_key_allowed(const struct conf_key *key)
{
	struct conf_allowed allowed = {""};

	switch (key->kind) {
	case CONF_KIND_NUMBER:
		return allowed_number(key);
	case CONF_KIND_CHOICE:
		return allowed_choice(key);
	case CONF_KIND_FROM:
		snprintf(allowed.text, sizeof(allowed.text),
		    "none of start, end and -N with N from %s to %s",
		    conf_value_print(key->unit, key->min).text,
		    conf_value_print(key->unit, key->max).text);
		break;
	case CONF_KIND_ORIGINS:
		snprintf(allowed.text, sizeof(allowed.text),
		    "neither \"*\" nor origins (https://host or"
		    " https://host:port, in lower case) with blanks between");
		break;
	case CONF_KIND_TEXT:
		snprintf(allowed.text, sizeof(allowed.text),
		    "no text of %s to %s octets, in UTF-8, without control"
		    " characters, or blanks at its ends",
		    conf_value_print(CONF_UNIT_NONE, key->min).text,
		    conf_value_print(CONF_UNIT_NONE, key->max).text);
		break;
	}
	return allowed;
}
