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
#define RECORDS_MAX 1000000
#define CLIENTS_MAX 1000000

#define BYTES_K UINT64_C(1024)
#define BYTES_M (BYTES_K * 1024)
#define BYTES_T (BYTES_M * 1024 * 1024)
#define SECOND_MS UINT64_C(1000)
#define HOUR_MS (3600 * SECOND_MS)

static const struct conf_choice choices_yes_no[] = {
    {"yes", true}, {"no", false}, {NULL, 0}};
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
	.summary = "the file to follow",
	.manual = "The path of a regular file or a FIFO.\n"
		  "A file that does not exist yet, or may not be read,\n"
		  "is waited for.\n"
		  "A symbolic link on the way is followed only where its\n"
		  "owner is root, the user of the program, or the owner of\n"
		  "what it leads to;\n"
		  "for another one, the log says which and what to write.\n"
		  "It begins with\n.Li / :\n"
		  "web servers choose the working directory in different\n"
		  "ways, and a relative path is taken on the command line\n"
		  "alone.\n"
		  "Where each day has a file of its own,\n"
		  "the last part of the path has the date as\n"
		  ".Li app-%Y-%m-%d.log ;\n"
		  "see\n.Sx FILES OF A LOG .\n"
		  "A percent sign is written\n.Li %% .\n"},
    [CONF_KEY_GENERATIONS] = {.name = "generations",
	.takes = "PATTERN...",
	.default_text = "",
	.kind = CONF_KIND_GENERATIONS,
	.max = PATH_SIZE_MAX,
	FIELD(generations),
	.summary = "names of the log's older files",
	.manual = "The names that the log has had before,\n"
		  "where it is not renamed to\n.Pa LOG.1 ,\n"
		  ".Pa LOG-20261120\n"
		  "and the like: patterns as\n"
		  ".Li app.%i.log\n"
		  "with blanks between, or\n"
		  ".Cm none .\n"
		  "See\n.Sx FILES OF A LOG .\n"},
    [CONF_KEY_SELECT] = {.name = "select",
	.takes = "path|query|server...",
	.default_text = "path",
	.kind = CONF_KIND_CHOICES,
	.choices = choices_select,
	FIELD(select),
	.summary = "how a client may name the stream",
	.manual = "How a client may name the stream:\n"
		  ".Cm path ,\n"
		  "behind the program's own path, as\n"
		  ".Pa /sse/NAME ;\n"
		  ".Cm query ,\n"
		  "as\n"
		  ".Li ?stream=NAME ;\n"
		  "or both, with a blank between.\n"
		  ".Cm server :\n"
		  "not at all, only the web server's\n"
		  ".Ev SSE_STREAM\n"
		  "names it, which can name every stream.\n"
		  "A web server that protects\n"
		  ".Pa /sse/NAME\n"
		  "does not look at the query:\n"
		  "allow\n"
		  ".Cm query\n"
		  "only where everybody may read the stream,\n"
		  "or where the server hands on no path.\n"
		  "A name that may not be used is answered with 404.\n"},
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
		  "or with the last\n.Ar N\nrecords,\n"
		  "which may be in older files, up to one that is compressed,\n"
		  "and are at most\n.Cm replay .\n"
		  "It is no protection: an id may name any position.\n"},
    [CONF_KEY_REPLAY] = {.name = "replay",
	.default_text = "8M",
	BYTES(0, BYTES_T),
	FIELD(replay_size),
	.summary = "most bytes that a resume delivers",
	.manual = "The most bytes of the file that one resume delivers:\n"
		  "the newest.\n"
		  "What lies before them is told by a gap with the reason\n"
		  ".Cm limit .\n"
		  "0 delivers nothing old.\n"},
    [CONF_KEY_FORMAT] = {.name = "format",
	.takes = "lines|json|sse",
	.default_text = "lines",
	CHOICE(choices_format),
	.lacks = LACKS_JSON,
	FIELD(format),
	.summary = "how records become events",
	.manual = "How a record becomes an event.\n"
		  ".Cm lines :\n"
		  "each record is the data of one event.\n"
		  "Bytes that are no UTF-8 become U+FFFD.\n"
		  ".Cm json :\n"
		  "each record is a JSON object that says what the event is;\n"
		  "see\n.Sx JSON RECORDS .\n"
		  ".Cm sse :\n"
		  "the source is an event stream itself, which is read\n"
		  "and written anew; see\n.Sx EVENT STREAMS .\n"},
    [CONF_KEY_RECORD_START] = {.name = "record-start",
	.takes = "PATTERN",
	.default_text = "",
	.kind = CONF_KIND_PATTERN,
	.max = PATTERN_SIZE_MAX,
	FIELD(record_start),
	.summary = "lines that do not match join the one before",
	.manual =
	    "A record begins with a line that matches;\n"
	    "lines that do not match join it, as those of a stack trace.\n"
	    "See\n.Sx RECORDS OF SEVERAL LINES .\n"
	    "Without it each line is a record.\n"},
    [CONF_KEY_RECORD_WAIT] = {.name = "record-wait",
	.default_text = "500ms",
	TIME(0, HOUR_MS),
	FIELD(record_wait_ms),
	.summary = "a record of several lines waits for more",
	.manual = "With\n.Cm record-start :\n"
		  "a record is sent when no line has come for so long,\n"
		  "or after ten times as long when lines keep coming.\n"},
    [CONF_KEY_RECORD_MAX] = {.name = "record-max",
	.default_text = "256K",
	BYTES(BYTES_K, 64 * BYTES_M),
	FIELD(record_size_max),
	.summary = "longest record; the rest is left out",
	.manual = "The longest record.\n"
		  "The rest of a longer one is left out, at a character,\n"
		  "and a comment before the event says how many bytes.\n"},
    [CONF_KEY_ANSI] = {.name = "ansi",
	.takes = "strip|keep",
	.default_text = "strip",
	CHOICE(choices_ansi),
	FIELD(ansi),
	.summary = "sequences and controls of terminals",
	.manual = "Escape sequences of terminals, as those for colours,\n"
		  "and control characters.\n"
		  ".Cm strip :\n"
		  "they are left out, so that a terminal can show the stream.\n"
		  "The control characters are those of ASCII,\n"
		  "as BEL, BS and DEL, but not NUL, TAB, LF and CR,\n"
		  "and those that change the direction of a text,\n"
		  "U+202A to U+202E and U+2066 to U+2069.\n"
		  "A control string without an end loses what begins it only.\n"
		  "The characters U+0080 to U+009F stay\n"
		  "unless they begin a whole sequence,\n"
		  "and what a JSON record writes as\n"
		  ".Li \\eu001b\n"
		  "is sent as it is.\n"
		  ".Cm keep :\n"
		  "they are sent.\n"
		  "One that\n.Cm record-max\nhas cut is left out whole.\n"},
    [CONF_KEY_INCLUDE] = {.name = "include",
	.takes = "PATTERN",
	.default_text = "",
	.kind = CONF_KIND_PATTERN,
	.max = PATTERN_SIZE_MAX,
	FIELD(include),
	.summary = "send only records that match",
	.manual = "Only records that match are sent;\n"
		  "see\n.Sx INCLUDING AND EXCLUDING .\n"},
    [CONF_KEY_EXCLUDE] = {.name = "exclude",
	.takes = "PATTERN",
	.default_text = "",
	.kind = CONF_KIND_PATTERN,
	.max = PATTERN_SIZE_MAX,
	FIELD(exclude),
	.summary = "send no records that match",
	.manual = "Records that match are not sent;\n"
		  "see\n.Sx INCLUDING AND EXCLUDING .\n"},
    [CONF_KEY_TIME_FORMAT] = {.name = "time-format",
	.takes = "FORMAT",
	.default_text = "",
	.kind = CONF_KIND_TIME_FORMAT,
	.max = TIME_FORMAT_SIZE_MAX,
	FIELD(time_format),
	.summary = "where and how a record has its time",
	.manual = "Where the time in a record is, and how it is written: as\n"
		  "in\n"
		  ".Xr strptime 3 ,\n"
		  "with\n"
		  ".Li %*\n"
		  "for what stands before it.\n"
		  "It makes\n"
		  ".Li ?since=2026-11-20T10:00:00Z\n"
		  "possible; see\n.Sx BEGINNING AT A TIME .\n"},
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
		  ".Cm format No = Cm json\n"
		  "or\n"
		  ".Cm sse .\n"
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
	.manual = "A line with a colon, which is a comment,\n"
		  "is sent when nothing else was for so long.\n"
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
    [CONF_KEY_ALLOW_HEADERS] = {.name = "allow-headers",
	.takes = "HEADER...",
	.default_text = "",
	.kind = CONF_KIND_HEADERS,
	.max = SSE_ALLOW_HEADERS_SIZE_MAX,
	FIELD(allow_headers),
	.summary = "headers that pages of these sites may send",
	.manual = "Headers that pages of the sites in\n.Cm origin\n"
		  "may send with\n"
		  ".Li fetch() ,\n"
		  "with blanks between, as\n"
		  ".Li Authorization .\n"
		  ".Li Last-Event-ID\n"
		  "is always allowed.\n"},
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
    [CONF_KEY_BACKLOG] = {.name = "backlog",
	.default_text = "4M",
	BYTES(64 * BYTES_K, 1024 * BYTES_M),
	FIELD(backlog_size),
	.of_worker = true,
	.summary = "bytes of recent events that are kept",
	.manual = "The bytes of events that\n.Nm sse-fcgi\n"
		  "keeps for its clients:\n"
		  "who is so far behind is closed and resumes from the file.\n"
		  "One event takes at most a quarter of it,\n"
		  "so it is at least eight times\n.Cm record-max ,\n"
		  "and as much by itself if it is not given.\n"},
    [CONF_KEY_STREAM_CLIENTS] = {.name = "stream-clients",
	.default_text = "0",
	COUNT(0, CLIENTS_MAX),
	FIELD(clients_max),
	.of_worker = true,
	.summary = "most clients of the stream; 0: no limit",
	.manual = "The most clients of the stream at once.\n"
		  "One more is asked to come back after 20 to 40 seconds.\n"
		  "0: as many as the program has.\n"},
    [CONF_KEY_LISTEN] = {.name = "listen",
	.takes = "ADDRESS",
	TEXT(1, PATH_SIZE_MAX),
	.of_worker = true,
	.summary = "where web servers connect",
	.manual = "Where web servers connect:\n"
		  ".Li unix:PATH[,mode=0660][,user=U][,group=G]\n"
		  "or\n.Li tcp:HOST:PORT .\n"
		  "Without it: the socket that systemd or spawn-fcgi gives.\n"
		  "It holds for the whole program.\n"},
    [CONF_KEY_MAX_CLIENTS] = {.name = "max-clients",
	COUNT(1, CLIENTS_MAX),
	.of_worker = true,
	.summary = "most clients at once",
	.manual = "The most clients at once.\n"
		  "One more is asked to come back after 20 to 40 seconds.\n"
		  "Without it: as many as the limit of open files allows,\n"
		  "and at most 10000.\n"
		  "It holds for the whole program.\n"},
    [CONF_KEY_READERS] = {.name = "readers",
	.default_text = "64",
	COUNT(1, 1024),
	.of_worker = true,
	.summary = "most clients that read old events at once",
	.manual = "The most clients at once that read events from files\n"
		  "that are not in the backlog any more.\n"
		  "The others wait for their turn.\n"
		  "It holds for the whole program.\n"},
    [CONF_KEY_STATUS] = {.name = "status",
	.takes = "NAME",
	TEXT(1, SSE_NAME_SIZE_MAX),
	.of_worker = true,
	.summary = "name of the status page",
	.manual = "Serves a status page,\n"
		  "but only where the web server sets\n"
		  ".Ev SSE_STREAM\nto this name, which no stream has;\n"
		  "see\n.Xr sse-fcgi 8 .\n"
		  "It holds for the whole program.\n"},
    [CONF_KEY_QUIET] = {.name = "quiet",
	.takes = "yes|no",
	.default_text = "no",
	CHOICE(choices_yes_no),
	.of_worker = true,
	.is_flag = true,
	.summary = "do not log who connects and disconnects",
	.manual = ".Cm yes :\n"
		  "clients that come and go are not told in the log.\n"
		  "On the command line\n.Fl -quiet\nalone is enough.\n"
		  "It holds for the whole program.\n"},
    [CONF_KEY_LOG] = {.name = "log",
	.takes = "stderr|syslog|PATH",
	TEXT(1, PATH_SIZE_MAX),
	.summary = "where errors are told",
	.manual = "Where errors are told.\n"
		  "Without it: standard error,\n"
		  "but syslog where standard error is closed, is\n"
		  ".Pa /dev/null ,\n"
		  "or would be sent to the client.\n"
		  "What no daemon takes from there is added to\n"
		  ".Pa /var/log/ssekit.log ,\n"
		  "if that file is there and may be written to;\n"
		  "else it is lost.\n"
		  "An answer 500 says which of them it was.\n"
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
