/*
 * conf_table.c - the table of keys.
 *
 * Nothing else knows a key's name, default, unit or limits.
 */
#include "config.h"

#include "conf/conf_key.h"

#include <assert.h>
#include <errno.h>

#include "conf/conf.h"
#include "record/pattern.h"
#include "record/time_format.h"

#define PATH_SIZE_MAX 4000 /* bytes, so that "source = PATH" is one line */
#define FIELD_SIZE_MAX 256 /* bytes */
#define RECORDS_MAX 1000000
#define CLIENTS_MAX 1000000

#define BYTES_K UINT64_C(1024)
#define BYTES_M (BYTES_K * 1024)
#define BYTES_T (BYTES_M * 1024 * 1024)
#define SECOND_MS UINT64_C(1000)
#define HOUR_MS (3600 * SECOND_MS)

static const struct conf_choice choices_yes_no[] = {
    {"yes", true}, {"no", false}, {NULL, 0}};
static const struct conf_choice choices_sandbox[] = {{"yes", CONF_SANDBOX_YES},
    {"no", CONF_SANDBOX_NO}, {"require", CONF_SANDBOX_REQUIRE}, {NULL, 0}};
static const struct conf_choice choices_select[] = {{"path", CONF_SELECT_PATH},
    {"query", CONF_SELECT_QUERY}, {"server", CONF_SELECT_SERVER}, {NULL, 0}};
static const struct conf_choice choices_format[] = {
    {"lines", CONF_FORMAT_LINES},
#ifdef WITH_JSON
    {"json", CONF_FORMAT_JSON},
#endif
    {"sse", CONF_FORMAT_SSE}, {NULL, 0}};
static const struct conf_choice choices_ansi[] = {
    {"strip", CONF_ANSI_STRIP}, {"keep", CONF_ANSI_KEEP}, {NULL, 0}};
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
#define BYTES(min_size, max_size)                                             \
	.kind = CONF_KIND_NUMBER, .unit = CONF_UNIT_BYTES, .min = (min_size), \
	.max = (max_size), .takes = "SIZE"
#define TIME(min_ms, max_ms)                                             \
	.kind = CONF_KIND_NUMBER, .unit = CONF_UNIT_MS, .min = (min_ms), \
	.max = (max_ms), .takes = "TIME"
#define COUNT(min_count, max_count)                                           \
	.kind = CONF_KIND_NUMBER, .unit = CONF_UNIT_NONE, .min = (min_count), \
	.max = (max_count), .takes = "N"
#define CHOICE(list) .kind = CONF_KIND_CHOICE, .choices = (list)

#ifdef WITH_JSON
#define LACKS_JSON NULL
#else
#define LACKS_JSON "json"
#endif

static const struct conf_key keys[] = {
    [CONF_KEY_SOURCE] = {.name = "source",
	.takes = "PATH",
	.kind = CONF_KIND_SOURCE,
	.min = 1,
	.max = PATH_SIZE_MAX,
	FIELD(source),
	.summary = "the file to follow"},
    [CONF_KEY_GENERATIONS] = {.name = "generations",
	.takes = "PATTERN...",
	.default_text = "",
	.kind = CONF_KIND_GENERATIONS,
	.max = PATH_SIZE_MAX,
	FIELD(generations),
	.summary = "names of the log's older files"},
    [CONF_KEY_FIELD] = {.name = "field",
	.takes = "NAME|*",
	.default_text = "",
	TEXT(0, FIELD_SIZE_MAX),
	FIELD(field),
	.summary = "which field of an entry is the record"},
    [CONF_KEY_MATCH] = {.name = "match",
	.takes = "FIELD=VALUE...",
	.default_text = "",
	TEXT(0, PATH_SIZE_MAX),
	FIELD(match),
	.summary = "only these entries of the journal"},
    [CONF_KEY_JOURNAL_POLL] = {.name = "journal-poll",
	.default_text = "100ms",
	TIME(0, HOUR_MS),
	FIELD(journal_poll_ms),
	.summary = "how often the journal is looked at"},
    [CONF_KEY_SOURCE_USER] = {.name = "source-user",
	.takes = "NAME",
	.default_text = "",
	TEXT(0, FIELD_SIZE_MAX),
	FIELD(source_user),
	.summary = "the user of a Redis server"},
    [CONF_KEY_SOURCE_PASSWORD_FILE] = {.name = "source-password-file",
	.takes = "PATH",
	.default_text = "",
	TEXT(0, PATH_SIZE_MAX),
	FIELD(source_password_file),
	.summary = "the file with that user's password"},
    [CONF_KEY_SELECT] = {.name = "select",
	.takes = "path|query|server...",
	.default_text = "path",
	.kind = CONF_KIND_CHOICES,
	.choices = choices_select,
	FIELD(select),
	.summary = "how a client may name the stream"},
    [CONF_KEY_FOLLOW] = {.name = "follow",
	.takes = "yes|no",
	.default_text = "yes",
	CHOICE(choices_yes_no),
	FIELD(follow),
	.summary = "wait for what is written later"},
    [CONF_KEY_FROM] = {.name = "from",
	.takes = "start|end|-N",
	.default_text = "-10",
	.kind = CONF_KIND_FROM,
	.min = 1,
	.max = RECORDS_MAX,
	FIELD(from),
	.summary = "where a client without an id starts"},
    [CONF_KEY_REPLAY] = {.name = "replay",
	.default_text = "8M",
	BYTES(0, BYTES_T),
	FIELD(replay_size),
	.summary = "most bytes that a resume delivers"},
    [CONF_KEY_FORMAT] = {.name = "format",
	.takes = "lines|json|sse",
	.default_text = "lines",
	CHOICE(choices_format),
	.lacks = LACKS_JSON,
	FIELD(format),
	.summary = "how records become events"},
    [CONF_KEY_RECORD_START] = {.name = "record-start",
	.takes = "PATTERN",
	.default_text = "",
	.kind = CONF_KIND_PATTERN,
	.max = PATTERN_SIZE_MAX,
	FIELD(record_start),
	.summary = "lines that do not match join the one before"},
    [CONF_KEY_RECORD_WAIT] = {.name = "record-wait",
	.default_text = "500ms",
	TIME(0, HOUR_MS),
	FIELD(record_wait_ms),
	.summary = "a record of several lines waits for more"},
    [CONF_KEY_RECORD_MAX] = {.name = "record-max",
	.default_text = "256K",
	BYTES(BYTES_K, 64 * BYTES_M),
	FIELD(record_size_max),
	.summary = "longest record; the rest is left out"},
    [CONF_KEY_ANSI] = {.name = "ansi",
	.takes = "strip|keep",
	.default_text = "strip",
	CHOICE(choices_ansi),
	FIELD(ansi),
	.summary = "sequences and controls of terminals"},
    [CONF_KEY_INCLUDE] = {.name = "include",
	.takes = "PATTERN",
	.default_text = "",
	.kind = CONF_KIND_PATTERN,
	.max = PATTERN_SIZE_MAX,
	FIELD(include),
	.summary = "send only records that match"},
    [CONF_KEY_EXCLUDE] = {.name = "exclude",
	.takes = "PATTERN",
	.default_text = "",
	.kind = CONF_KIND_PATTERN,
	.max = PATTERN_SIZE_MAX,
	FIELD(exclude),
	.summary = "send no records that match"},
    [CONF_KEY_TIME_FORMAT] = {.name = "time-format",
	.takes = "FORMAT",
	.default_text = "",
	.kind = CONF_KIND_TIME_FORMAT,
	.max = TIME_FORMAT_SIZE_MAX,
	FIELD(time_format),
	.summary = "where and how a record has its time"},
    [CONF_KEY_EVENT] = {.name = "event",
	.takes = "TYPE",
	.default_text = "",
	TEXT(0, SSE_TYPE_SIZE_MAX),
	FIELD(event),
	.summary = "type of the events"},
    [CONF_KEY_IDS] = {.name = "ids",
	.takes = "position|record|none",
	.default_text = "position",
	CHOICE(choices_ids),
	FIELD(ids),
	.summary = "the ids of the events"},
    [CONF_KEY_RETRY] = {.name = "retry",
	.default_text = "2s",
	TIME(100, HOUR_MS),
	FIELD(retry_ms),
	.summary = "how long a client waits to reconnect"},
    [CONF_KEY_HEARTBEAT] = {.name = "heartbeat",
	.default_text = "15s",
	TIME(100, HOUR_MS),
	FIELD(heartbeat_ms),
	.summary = "a comment after so long a silence"},
    [CONF_KEY_MAX_AGE] = {.name = "max-age",
	.default_text = "0",
	TIME(0, 365 * 24 * HOUR_MS),
	FIELD(max_age_ms),
	.summary = "end a connection after this time; 0: never"},
    [CONF_KEY_WRITE_TIMEOUT] = {.name = "write-timeout",
	.default_text = "30s",
	TIME(100, HOUR_MS),
	FIELD(write_timeout_ms),
	.summary = "a client that takes nothing is closed"},
    [CONF_KEY_ROTATE_WAIT] = {.name = "rotate-wait",
	.default_text = "1s",
	TIME(0, HOUR_MS),
	FIELD(rotate_wait_ms),
	.summary = "rest of a rotated file before the next"},
    [CONF_KEY_ORIGIN] = {.name = "origin",
	.takes = "ORIGIN...",
	.default_text = "",
	.kind = CONF_KIND_ORIGINS,
	.max = PATH_SIZE_MAX,
	FIELD(origin),
	.summary = "other sites whose pages may read the stream"},
    [CONF_KEY_CREDENTIALS] = {.name = "credentials",
	.takes = "yes|no",
	.default_text = "no",
	CHOICE(choices_yes_no),
	FIELD(credentials),
	.summary = "these sites may send cookies"},
    [CONF_KEY_ALLOW_HEADERS] = {.name = "allow-headers",
	.takes = "HEADER...",
	.default_text = "",
	.kind = CONF_KIND_HEADERS,
	.max = SSE_ALLOW_HEADERS_SIZE_MAX,
	FIELD(allow_headers),
	.summary = "headers that pages of these sites may send"},
    [CONF_KEY_VIEWER] = {.name = "viewer",
	.takes = "yes|no",
	.default_text = "yes",
	CHOICE(choices_yes_no),
	FIELD(viewer),
	.summary = "a page for browsers at the stream's URL"},
    [CONF_KEY_INDEX] = {.name = "index",
	.takes = "yes|no",
	.default_text = "no",
	CHOICE(choices_yes_no),
	FIELD(index),
	.summary = "list it where no stream is named"},
    [CONF_KEY_FLUSH] = {.name = "flush",
	.takes = "frame|ready|TIME",
	.default_text = "frame",
	.kind = CONF_KIND_FLUSH,
	.unit = CONF_UNIT_MS,
	.min = 1,
	.max = 10 * SECOND_MS,
	.choices = choices_flush,
	FIELD(flush),
	.summary = "what one write holds"},
    [CONF_KEY_BACKLOG] = {.name = "backlog",
	.default_text = "4M",
	BYTES(64 * BYTES_K, 1024 * BYTES_M),
	FIELD(backlog_size),
	.of_worker = true,
	.summary = "bytes of recent events that are kept"},
    [CONF_KEY_STREAM_CLIENTS] = {.name = "stream-clients",
	.default_text = "0",
	COUNT(0, CLIENTS_MAX),
	FIELD(clients_max),
	.of_worker = true,
	.summary = "most clients of the stream; 0: no limit"},
    [CONF_KEY_LISTEN] = {.name = "listen",
	.takes = "ADDRESS",
	TEXT(1, PATH_SIZE_MAX),
	.of_worker = true,
	.summary = "where web servers connect"},
    [CONF_KEY_MAX_CLIENTS] = {.name = "max-clients",
	COUNT(1, CLIENTS_MAX),
	.of_worker = true,
	.summary = "most clients at once"},
    [CONF_KEY_READERS] = {.name = "readers",
	.default_text = "64",
	COUNT(1, 1024),
	.of_worker = true,
	.summary = "most clients that read old events at once"},
    [CONF_KEY_STATUS] = {.name = "status",
	.takes = "NAME",
	TEXT(1, SSE_NAME_SIZE_MAX),
	.of_worker = true,
	.summary = "name of the status page"},
    [CONF_KEY_QUIET] = {.name = "quiet",
	.takes = "yes|no",
	.default_text = "no",
	CHOICE(choices_yes_no),
	.of_worker = true,
	.is_flag = true,
	.summary = "do not log who connects and disconnects"},
    [CONF_KEY_LOG] = {.name = "log",
	.takes = "stderr|syslog|PATH",
	TEXT(1, PATH_SIZE_MAX),
	.summary = "where errors are told"},
    [CONF_KEY_SANDBOX] = {.name = "sandbox",
	.takes = "yes|no|require",
	.default_text = "yes",
	CHOICE(choices_sandbox),
	.summary = "reach nothing else after the start"},
    [CONF_KEY_SANDBOX_READ] = {.name = "sandbox-read",
	.takes = "FOLDER...",
	.default_text = "",
	.kind = CONF_KIND_FOLDERS,
	.max = PATH_SIZE_MAX,
	.summary = "more folders that may be read"},
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
