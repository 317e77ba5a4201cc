#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "conf/conf_entry.h"
#include "conf/conf_key.h"
#include "record/pattern.h"
#include "random.h"

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
char *__wrap_strndup(const char *text, size_t size);
void *__real_reallocarray(void *memory, size_t count, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size);

int __real_pattern_new(const char *text, struct pattern **ret_pattern,
    struct pattern_error *ret_error);
int __wrap_pattern_new(const char *text, struct pattern **ret_pattern,
    struct pattern_error *ret_error);

static int allocations_left = -1; /* then they fail; -1: never */

#define NO_TIME_FORMAT                                                      \
	"not a date or time as in strptime(3), like %Y-%m-%d %H:%M:%S, "    \
	"with %f for a fraction, %s"                                        \
	" for seconds or milliseconds since 1970, @%t for TAI64N and %*"    \
	" for what stands before, of at most 128 bytes, without blanks at " \
	"its ends"

static bool
is_used_up(void)
{
	if (allocations_left > 0)
		allocations_left--;
	return allocations_left == 0;
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return is_used_up() ? NULL : __real_calloc(count, size);
}

char *
__wrap_strdup(const char *text)
{
	return is_used_up() ? NULL : __real_strdup(text);
}

char *
__wrap_strndup(const char *text, size_t size)
{
	return is_used_up() ? NULL : __real_strndup(text, size);
}

void *
__wrap_reallocarray(void *memory, size_t count, size_t size)
{
	return is_used_up() ? NULL : __real_reallocarray(memory, count, size);
}

/* PCRE2 allocates for itself. */
int
__wrap_pattern_new(const char *text, struct pattern **ret_pattern,
    struct pattern_error *ret_error)
{
	return is_used_up() ? -ENOMEM
			    : __real_pattern_new(text, ret_pattern, ret_error);
}

/* A configuration of one file, finished; the test fails if it is refused. */
static struct conf *
conf_of(struct sse_slice text)
{
	struct conf *conf = conf_new();
	struct conf_error error = {""};

	CHECK(conf != NULL);
	if (conf_add_text(conf, "/c", text, &error) != 0 ||
	    conf_finish(conf, &error) != 0)
		test_fail(__FILE__, __LINE__, "%s", error.text);
	return conf;
}

static const struct stream_conf *
stream_of(const struct conf *conf, const char *name)
{
	const struct stream_conf *stream = conf_find(conf, sse_slice(name));

	CHECK(stream != NULL);
	CHECK_EQUAL_TEXT(sse_slice(stream->name), sse_slice(name));
	return stream;
}

static void
check_refused(struct sse_slice text, const char *message)
{
	struct conf *conf = conf_new();
	struct conf_error error = {""}, again = {""};
	int got = conf_add_text(conf, "/c", text, &error);

	if (got == 0)
		got = conf_finish(conf, &error);
	CHECK_EQUAL_INT(got, -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text), sse_slice(message));
	/* It is dead now, and says why. */
	CHECK_EQUAL_INT(conf_add_source(conf, "x=/y", &again), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(again.text), sse_slice(message));
	conf_free(conf);
}

/* One key of a stream with that value. */
static struct conf *
conf_with(const char *key, const char *value)
{
	char text[5000];
	int size = snprintf(
	    text, sizeof(text), "[s]\nsource = /s\n%s = %s\n", key, value);

	return conf_of((struct sse_slice){text, (size_t)size});
}

static void
check_bad_value(const char *key, const char *value, const char *reason)
{
	char text[5000], message[5000];
	int size = snprintf(text, sizeof(text), "[s]\n%s = %s\n", key, value);

	snprintf(message, sizeof(message), "/c:2: %s: \"%s\" is %s", key, value,
	    reason);
	check_refused((struct sse_slice){text, (size_t)size}, message);
}

TEST(a_stream_has_the_defaults)
{
	struct conf *conf = conf_of(SLICE("[s]\nsource = /var/log/x y\n"));
	const struct stream_conf *s = stream_of(conf, "s");

	CHECK_EQUAL_INT(conf_streams(conf), 1);
	CHECK(conf_stream(conf, 0) == s);
	CHECK_EQUAL_TEXT(sse_slice(s->source), SLICE("/var/log/x y"));
	CHECK(s->follow);
	CHECK_EQUAL_INT(s->from, CONF_FROM_RECORDS);
	CHECK_EQUAL_INT(s->from_records, 10);
	CHECK_EQUAL_INT(s->replay_size, 8 << 20);
	CHECK_EQUAL_INT(s->format, CONF_FORMAT_LINES);
	CHECK_EQUAL_INT(s->record_size_max, 256 << 10);
	CHECK_EQUAL_TEXT(sse_slice(s->event), SLICE(""));
	CHECK_EQUAL_INT(s->ids, CONF_IDS_POSITION);
	CHECK_EQUAL_INT(s->retry_ms, 2000);
	CHECK_EQUAL_INT(s->heartbeat_ms, 15000);
	CHECK_EQUAL_INT(s->write_timeout_ms, 30000);
	CHECK_EQUAL_INT(s->rotate_wait_ms, 1000);
	CHECK_EQUAL_INT(s->flush, CONF_FLUSH_FRAME);
	CHECK(conf_log(conf) == NULL);
	conf_free(conf);
}

TEST(every_key_can_be_said)
{
	struct conf *conf =
	    conf_of(SLICE("log = syslog\n[s]\nsource=/a\nfollow=yes\n"
			  "from=start\nreplay=1T\nformat=lines\n"
			  "record-max=64M\nevent=\xc3\xa4 b\nids=none\n"
			  "retry=100ms\nheartbeat=200ms\nwrite-timeout=1h\n"
			  "rotate-wait=0\nflush=ready\n"));
	const struct stream_conf *s = stream_of(conf, "s");

	CHECK_EQUAL_TEXT(sse_slice(s->source), SLICE("/a"));
	CHECK(s->follow);
	CHECK_EQUAL_INT(s->from, CONF_FROM_START);
	CHECK_EQUAL_INT(s->replay_size, INT64_C(1) << 40);
	CHECK_EQUAL_INT(s->record_size_max, 64 << 20);
	CHECK_EQUAL_TEXT(sse_slice(s->event), SLICE("\xc3\xa4 b"));
	CHECK_EQUAL_INT(s->ids, CONF_IDS_NONE);
	CHECK_EQUAL_INT(s->retry_ms, 100);
	CHECK_EQUAL_INT(s->heartbeat_ms, 200);
	CHECK_EQUAL_INT(s->write_timeout_ms, 3600000);
	CHECK_EQUAL_INT(s->rotate_wait_ms, 0);
	CHECK_EQUAL_INT(s->flush, CONF_FLUSH_READY);
	CHECK_EQUAL_TEXT(sse_slice(conf_log(conf)), SLICE("syslog"));
	conf_free(conf);
}

TEST(from_is_start_end_or_a_number_of_records)
{
	static const char *const bad[] = {"", "10", "-", "-0", "-1000001",
	    "- 1", "--1", "-1K", "-1s", "Start", "-18446744073709551617"};
	const char *reason =
	    "none of start, end and -N with N from 1 to 1000000";
	struct conf *conf = conf_with("from", "end");

	CHECK_EQUAL_INT(stream_of(conf, "s")->from, CONF_FROM_END);
	conf_free(conf);
	conf = conf_with("from", "-1000000");
	CHECK_EQUAL_INT(stream_of(conf, "s")->from, CONF_FROM_RECORDS);
	CHECK_EQUAL_INT(stream_of(conf, "s")->from_records, 1000000);
	conf_free(conf);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_bad_value("from", bad[i], reason);
}

struct limits {
	const char *key;
	const char *least;
	const char *most;
	const char *too_little; /* NULL: 0 is the least */
	const char *too_much;
	const char *from, *to; /* as messages have them */
};

static const struct limits limits[] = {
    {"replay", "0", "1T", NULL, "1099511627777", "0", "1T"},
    {"record-max", "1K", "64M", "1023", "67108865", "1K", "64M"},
    {"retry", "100ms", "1h", "99ms", "3600001ms", "100ms", "1h"},
    {"heartbeat", "100ms", "3600", "99ms", "2h", "100ms", "1h"},
    {"write-timeout", "100ms", "60m", "0", "1d", "100ms", "1h"},
    {"rotate-wait", "0", "1h", NULL, "3601", "0", "1h"},
};

static void
check_out_of_range(const struct limits *of, const char *value,
    const char *which, const char *limit)
{
	char reason[120];

	snprintf(reason, sizeof(reason),
	    "%s than %s (from %s to %s is allowed)", which, limit, of->from,
	    of->to);
	check_bad_value(of->key, value, reason);
}

static void
check_no_number(const struct limits *of, const char *value)
{
	bool is_size = strchr("TM", of->to[strlen(of->to) - 1]) != NULL;
	char reason[120];

	snprintf(reason, sizeof(reason),
	    "no %s from %s to %s (a number with %s)", is_size ? "size" : "time",
	    of->from, of->to,
	    is_size ? "K, M, G or T, or of bytes" : "ms, s, m, h or d");
	check_bad_value(of->key, value, reason);
}

TEST(numbers_have_limits)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct limits *of = &limits[i];

		conf_free(conf_with(of->key, of->least));
		conf_free(conf_with(of->key, of->most));
		if (of->too_little != NULL)
			check_out_of_range(
			    of, of->too_little, "less", of->from);
		check_out_of_range(of, of->too_much, "more", of->to);
		check_out_of_range(of, "99999999999999999999", "more", of->to);
		check_no_number(of, "0.5s");
		check_no_number(of, "-1");
		check_no_number(of, "");
	}
}

TEST(choices_name_what_is_allowed)
{
	check_bad_value("follow", "maybe", "not one of: yes, no");
	check_bad_value("credentials", "1", "not one of: yes, no");
	check_bad_value("flush", "json", "not one of: frame, ready");
	check_bad_value(
	    "ids", "Position", "not one of: position, record, none");
	check_bad_value("flush", "", "not one of: frame, ready");
}

/* As check_bad_value(), where the message shows the value in another form. */
static void
check_bad_event(const char *value, const char *shown)
{
	char text[1200], message[400];
	int size = snprintf(text, sizeof(text), "[s]\nevent = %s\n", value);

	snprintf(message, sizeof(message),
	    "/c:2: event: \"%s\" is no text of 0 to 1024 bytes, in UTF-8,"
	    " without control characters, or blanks at its ends",
	    shown);
	check_refused((struct sse_slice){text, (size_t)size}, message);
}

TEST(texts_have_a_size_and_no_control_characters)
{
	char value[SSE_TYPE_SIZE_MAX + 2];
	struct conf *conf;

	memset(value, 'e', sizeof(value));
	value[SSE_TYPE_SIZE_MAX] = '\0';
	conf = conf_with("event", value);
	CHECK_EQUAL_TEXT(
	    sse_slice(stream_of(conf, "s")->event), sse_slice(value));
	conf_free(conf);
	value[SSE_TYPE_SIZE_MAX] = 'e';
	value[SSE_TYPE_SIZE_MAX + 1] = '\0';
	check_bad_event(value,
	    "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
	    "ee...");
	check_bad_event("a\tb", "a\\x09b");
	check_bad_event("a\rb", "a\\x0db");
	check_bad_event("a\x7f", "a\\x7f");
	check_bad_event("a\xc2\x85", "a\\xc2\\x85");
	check_refused(SLICE("[s]\nsource=\n"),
	    "/c:2: source: \"\" is no text of 1 to 4000 bytes, in UTF-8,"
	    " without control characters, or blanks at its ends");
}

/* With a section and without: what is wrong with the value is told first. */
static void
check_source(const char *value, const char *reason)
{
	char text[200], message[400];
	int size = snprintf(text, sizeof(text), "[s]\nsource = %s\n", value);

	snprintf(message, sizeof(message), "/c:2: source: %s", reason);
	check_refused((struct sse_slice){text, (size_t)size}, message);
	snprintf(message, sizeof(message), "/c:1: source: %s", reason);
	check_refused((struct sse_slice){text + 4, (size_t)size - 4}, message);
}

TEST(names_of_a_log_say_what_is_allowed)
{
	check_refused(SLICE("[s]\nsource = /var/log/*.log\n"),
	    "/c:2: source: \"/var/log/*.log\" is not a path: a pattern is not"
	    " a file, and a * has no meaning in it; name one file, or for the"
	    " newest of several write the date, as app-%Y-%m-%d.log");
	check_source("\"/var/log/x\"",
	    "\"\"/var/log/x\"\" has quotes; write the path without them");
	check_source("'/var/log/x'",
	    "\"'/var/log/x'\" has quotes; write the path without them");
	check_source("~/x.log",
	    "\"~/x.log\" is not absolute, as nothing here knows what ~ is;"
	    " write the whole path, which begins with /");
	check_source("x.log",
	    "\"x.log\" is not absolute, and a web server has another working"
	    " directory; write the whole path, which begins with /");
	check_refused(SLICE("[s]\nsource = /var/%Y/app.log\n"),
	    "/c:2: source: \"/var/%Y/app.log\" is not a path: only its last"
	    " part may have dates; a percent sign in a folder is written %%");
	check_refused(SLICE("[s]\nsource = /var/app-%q.log\n"),
	    "/c:2: source: \"/var/app-%q.log\" is not a path: a % in it is one"
	    " of %Y %m %d %H %M %S, or %%");
	check_bad_value("generations", "../app.%i",
	    "not \"none\" or patterns of names: a folder in it is one below the"
	    " log's own, as archive/app.log.%i, without .. and without dates");
	check_bad_value("generations", "app.%i.%I",
	    "not \"none\" or patterns of names: it may have one number, %i or"
	    " %I, not two");
}

struct bad_value {
	const char *value; /* NULL: the key has no row here */
	const char *reason;
};

#define NO_TEXT(min, max)                      \
	"no text of " min " to " max " bytes," \
	" in UTF-8, without control characters, or blanks at its ends"
#define NO_SIZE(min, max)              \
	"no size from " min " to " max \
	" (a number with K, M, G or T, or of bytes)"
#define TOO_MUCH(min, max) \
	"more than " max " (from " min " to " max " is allowed)"
#define TOO_LITTLE(min, max) \
	"less than " min " (from " min " to " max " is allowed)"
#define NO_TIME(min, max) \
	"no time from " min " to " max " (a number with ms, s, m, h or d)"

/* For each key a value that is not allowed, and how the reason begins. */
static const struct bad_value bad_values[CONF_KEY_COUNT] = {
    [CONF_KEY_SOURCE] = {"", NO_TEXT("1", "4000")},
    [CONF_KEY_GENERATIONS] = {"app.log",
	"not \"none\" or patterns of names: it needs a number or a date: %i, "
	"%I, %t or %Y-%m-%d"},
    [CONF_KEY_SELECT] = {"path,query",
	"not some of these, with blanks between: path, query, server"},
    [CONF_KEY_FOLLOW] = {"maybe", "not one of: yes, no"},
    [CONF_KEY_FROM] = {"-0",
	"none of start, end and -N with N from 1 to 1000000"},
    [CONF_KEY_REPLAY] = {"2T", TOO_MUCH("0", "1T")},
    [CONF_KEY_FORMAT] = {"xml", "not one of: lines"},
    [CONF_KEY_RECORD_START] = {"a(", "no regular expression: "},
    [CONF_KEY_RECORD_WAIT] = {"2h", TOO_MUCH("0", "1h")},
    [CONF_KEY_RECORD_MAX] = {"1023", TOO_LITTLE("1K", "64M")},
    [CONF_KEY_ANSI] = {"html", "not one of: strip, keep"},
    [CONF_KEY_INCLUDE] = {"(", "no regular expression: "},
    [CONF_KEY_EXCLUDE] = {"[", "no regular expression: "},
    [CONF_KEY_TIME_FORMAT] = {"%Q", NO_TIME_FORMAT},
    [CONF_KEY_EVENT] = {"a\tb", NO_TEXT("0", "1024")},
    [CONF_KEY_IDS] = {"records", "not one of: position, record, none"},
    [CONF_KEY_RETRY] = {"99ms", TOO_LITTLE("100ms", "1h")},
    [CONF_KEY_HEARTBEAT] = {"1.5s", NO_TIME("100ms", "1h")},
    [CONF_KEY_MAX_AGE] = {"366d", TOO_MUCH("0", "365d")},
    [CONF_KEY_WRITE_TIMEOUT] = {"-1s", NO_TIME("100ms", "1h")},
    [CONF_KEY_ROTATE_WAIT] = {"1 s", NO_TIME("0", "1h")},
    [CONF_KEY_ORIGIN] = {"app.example",
	"neither \"*\" nor origins (https://host or https://host:port, in"
	" lower case) with blanks between"},
    [CONF_KEY_CREDENTIALS] = {"1", "not one of: yes, no"},
    [CONF_KEY_ALLOW_HEADERS] = {"A, B",
	"no names of headers (A-Z, a-z, 0-9, - and _) with blanks between, of"
	" at most 256 bytes"},
    [CONF_KEY_FLUSH] = {"", "not one of: frame, ready"},
    [CONF_KEY_BACKLOG] = {"63KB", NO_SIZE("64K", "1G")},
    [CONF_KEY_STREAM_CLIENTS] = {"1K", "no number from 0 to 1000000"},
    [CONF_KEY_LISTEN] = {"", NO_TEXT("1", "4000")},
    [CONF_KEY_MAX_CLIENTS] = {"0", TOO_LITTLE("1", "1000000")},
    [CONF_KEY_READERS] = {"1025", TOO_MUCH("1", "1024")},
    [CONF_KEY_STATUS] = {"", NO_TEXT("1", "64")},
    [CONF_KEY_QUIET] = {"", "not one of: yes, no"},
    [CONF_KEY_LOG] = {"", NO_TEXT("1", "4000")},
};

/* Whether the error is that of the value: its place, and then the reason. */
static void
check_bad_value_of(const char *key, const char *place,
    const struct bad_value *bad, const struct conf_error *error)
{
	char begin[300];

	snprintf(begin, sizeof(begin), "%s%s: \"%s\" is %s", place, key,
	    strcmp(bad->value, "a\tb") == 0 ? "a\\x09b" : bad->value,
	    bad->reason);
	if (strncmp(error->text, begin, strlen(begin)) != 0)
		test_fail(__FILE__, __LINE__, "got: %s\nwant: %s", error->text,
		    begin);
}

TEST(each_key_refuses_a_bad_value)
{
	for (size_t i = 0; i < CONF_KEY_COUNT; i++) {
		const struct bad_value *bad = &bad_values[i];
		struct conf *conf = conf_new();
		struct conf_error error = {""};
		char text[100];

		if (bad->value == NULL)
			test_fail(__FILE__, __LINE__,
			    "add a bad value of %s to bad_values", conf_key(i));
		snprintf(
		    text, sizeof(text), "%s = %s\n", conf_key(i), bad->value);
		CHECK_EQUAL_INT(
		    conf_add_text(conf, "/c", sse_slice(text), &error),
		    -EINVAL);
		check_bad_value_of(conf_key(i), "/c:1: ", bad, &error);
		conf_free(conf);
		conf = conf_new();
		CHECK_EQUAL_INT(
		    conf_add_option(conf, conf_key(i), bad->value, &error),
		    -EINVAL);
		check_bad_value_of(conf_key(i), "--", bad, &error);
		conf_free(conf);
	}
}

#ifdef WITH_JSON
TEST(ids_of_records_need_a_format_that_brings_them)
{
	struct conf *conf =
	    conf_of(SLICE("format=json\nids=record\n[s]\nsource=/s\n"));

	CHECK_EQUAL_INT(stream_of(conf, "s")->format, CONF_FORMAT_JSON);
	CHECK_EQUAL_INT(stream_of(conf, "s")->ids, CONF_IDS_RECORD);
	conf_free(conf);
	check_refused(SLICE("ids=record\n[s]\nsource=/s\nformat=json\n"
			    "[t]\nsource=/t\n"),
	    "/c:1: ids: \"record\" needs \"format = json\" or \"format = "
	    "sse\", and stream \"t\""
	    " has another one, whose records bring no ids");
	check_refused(
	    SLICE("format=json\n[s]\nsource=/s\nids=record\nformat=lines\n"),
	    "/c:4: ids: \"record\" needs \"format = json\" or \"format = "
	    "sse\", and stream \"s\""
	    " has another one, whose records bring no ids");
}
#else
TEST(json_that_was_left_out_is_told)
{
	check_bad_value("format", "json",
	    "not one of: lines, sse; this program was built without json");
	check_bad_value("format", "xml",
	    "not one of: lines, sse; this program was built without json");
}
#endif

TEST(a_value_in_quotes_is_told_of_them)
{
	check_bad_value("heartbeat", "\"5s\"",
	    "no time from 100ms to 1h (a number with ms, s, m, h or d);"
	    " values are written without quotes");
	check_refused(SLICE("log = \"/l\"\n"),
	    "/c:1: log: \"\"/l\"\" has quotes; write the path without them");
	check_refused(SLICE("log = sislog\n"),
	    "/c:1: log: \"sislog\" is not absolute, and a web server has"
	    " another working directory; write the whole path, which begins"
	    " with /");
}

TEST(an_unknown_key_is_told_the_known_ones)
{
	check_refused(SLICE("[s]\nsorce = /x\n"),
	    "/c:2: unknown key \"sorce\" (did you mean \"source\"?); the keys "
	    "are source generations "
	    "select follow"
	    " from"
	    " replay format record-start record-wait record-max ansi include "
	    "exclude time-format event "
	    "ids retry "
	    "heartbeat "
	    "max-age"
	    " write-timeout rotate-wait origin credentials allow-headers"
	    " flush backlog"
	    " stream-clients listen max-clients readers status quiet log");
}

TEST(a_duplicate_is_refused)
{
	check_refused(SLICE("[s]\nids=none\n\nids=none\n"),
	    "/c:4: ids: is already set in line 2");
	check_refused(SLICE("ids=none\nids=none\n"),
	    "/c:2: ids: is already set in line 1");
	check_refused(
	    SLICE("log=/a\nlog=/a\n"), "/c:2: log: is already set in line 1");
	check_refused(SLICE("[s]\nsource=/s\n[t]\nsource=/t\n[s]\n"),
	    "/c:5: there is already a stream \"s\", in line 1");
}

TEST(a_section_is_a_valid_name)
{
	static const char form[] = " is no name of a stream (1 to 64 of A-Z,"
				   " a-z, 0-9, \".\", \"_\" and \"-\", the"
				   " first a letter or digit)";
	char message[300];

	snprintf(message, sizeof(message), "/c:1: \"a b\"%s", form);
	check_refused(SLICE("[a b]\nsource=/x\n"), message);
	snprintf(message, sizeof(message), "/c:1: \"\"%s", form);
	check_refused(SLICE("[]\n"), message);
	snprintf(message, sizeof(message), "/c:1: \"../x\"%s", form);
	check_refused(SLICE("[../x]\n"), message);
	snprintf(message, sizeof(message), "/c:1: \" a \"%s", form);
	check_refused(SLICE("[ a ]\n"), message);
}

TEST(keys_before_the_first_section_hold_for_all)
{
	struct conf *conf =
	    conf_of(SLICE("ids = none\nretry = 5s\nsource = /both\n"
			  "[a]\nretry = 7s\n[b]\nsource = /b\n"));

	CHECK_EQUAL_INT(conf_streams(conf), 2);
	CHECK_EQUAL_INT(stream_of(conf, "a")->ids, CONF_IDS_NONE);
	CHECK_EQUAL_INT(stream_of(conf, "a")->retry_ms, 7000);
	CHECK_EQUAL_TEXT(
	    sse_slice(stream_of(conf, "a")->source), SLICE("/both"));
	CHECK_EQUAL_INT(stream_of(conf, "b")->ids, CONF_IDS_NONE);
	CHECK_EQUAL_INT(stream_of(conf, "b")->retry_ms, 5000);
	CHECK_EQUAL_TEXT(sse_slice(stream_of(conf, "b")->source), SLICE("/b"));
	CHECK(conf_find(conf, SLICE("c")) == NULL);
	CHECK(conf_find(conf, SLICE("a\0")) == NULL);
	CHECK(conf_find(conf, SLICE("")) == NULL);
	conf_free(conf);
}

TEST(a_file_without_sections_is_one_stream)
{
	struct conf *conf = conf_of(SLICE("#!/usr/bin/sse-cgi -f\n"
					  "source = /var/log/app.log\n"
					  "from = end\n"));

	CHECK_EQUAL_INT(conf_streams(conf), 1);
	CHECK_EQUAL_INT(stream_of(conf, "app.log")->from, CONF_FROM_END);
	conf_free(conf);
	conf_free(conf_of(SLICE("source = /app.log")));
	check_refused(SLICE("\nsource = /var/log/app log\n"),
	    "/c:2: \"app log\", the last part of the path, is no name of a"
	    " stream; write \"[name]\" in a line above the source");
	check_refused(SLICE("source = /var/log/\n"),
	    "/c:1: \"\", the last part of the path, is no name of a stream;"
	    " write \"[name]\" in a line above the source");
}

TEST(no_stream_is_allowed_but_none_without_a_source)
{
	struct conf *conf = conf_of(SLICE("# later\nheartbeat = 1s\n"));

	CHECK_EQUAL_INT(conf_streams(conf), 0);
	CHECK(conf_find(conf, SLICE("x")) == NULL);
	conf_free(conf);
	check_refused(SLICE("[a]\nsource=/a\n\n[b]\nids=none\n[c]\n"),
	    "/c:4: stream \"b\" has no source; add \"source = PATH\"");
}

TEST(log_belongs_before_the_first_section)
{
	check_refused(SLICE("[s]\nlog = syslog\n"),
	    "/c:2: log: stands before the first \"[name]\" only");
}

TEST(standard_input_is_for_the_command_line_only)
{
	struct conf *conf = conf_new();
	struct conf_error error;

	check_refused(SLICE("[s]\nsource = -\n"),
	    "/c:2: source: \"-\" is standard input, which no file can name;"
	    " write a path");
	CHECK_EQUAL_INT(conf_add_source(conf, "-", &error), 0);
	CHECK_EQUAL_INT(conf_add_source(conf, "a=-", &error), 0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	CHECK_EQUAL_TEXT(sse_slice(conf_stream(conf, 0)->name), SLICE("stdin"));
	CHECK_EQUAL_TEXT(sse_slice(conf_stream(conf, 0)->source), SLICE("-"));
	CHECK_EQUAL_TEXT(sse_slice(conf_stream(conf, 1)->name), SLICE("a"));
	conf_free(conf);
}

TEST(origins_are_checked_and_go_together_with_credentials)
{
	check_bad_value("origin", "null",
	    "neither \"*\" nor origins (https://host or https://host:port, in"
	    " lower case) with blanks between");
	check_refused(
	    SLICE("[s]\nsource = /s\norigin = *\ncredentials = yes\n"),
	    "/c:4: credentials: \"yes\" needs an origin that is named, not"
	    " \"*\"");
}

TEST(the_text_has_a_limit)
{
	struct conf *conf = conf_new();
	struct conf_error error;
	char *text = malloc(CONF_TEXT_SIZE_MAX + 1);

	CHECK(text != NULL);
	memset(text, '\n', CONF_TEXT_SIZE_MAX + 1);
	CHECK_EQUAL_INT(
	    conf_add_text(conf, "/c",
		(struct sse_slice){text, CONF_TEXT_SIZE_MAX}, &error),
	    0);
	CHECK_EQUAL_INT(
	    conf_add_text(conf, "/c",
		(struct sse_slice){text, CONF_TEXT_SIZE_MAX + 1}, &error),
	    -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text),
	    SLICE("/c: is too large; 1048576 bytes are allowed"));
	free(text);
	conf_free(conf);
}

TEST(the_number_of_streams_has_a_limit)
{
	struct conf *conf = conf_new();
	struct conf_error error;
	char argument[32];

	for (int i = 0; i < CONF_STREAMS_MAX; i++) {
		snprintf(argument, sizeof(argument), "n%d=/x", i);
		CHECK_EQUAL_INT(conf_add_source(conf, argument, &error), 0);
	}
	CHECK_EQUAL_INT(conf_add_source(conf, "more=/x", &error), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text),
	    SLICE("\"more=/x\": too many streams; 1024 are allowed"));
	conf_free(conf);
}

struct argument {
	const char *argument;
	const char *name;
	const char *source; /* NULL: refused */
};

static const struct argument arguments[] = {
    {"/var/log/syslog", "syslog", "/var/log/syslog"},
    {"app.log", "app.log", "app.log"},
    {"app=/var/log/app log", "app", "/var/log/app log"},
    {"app=a=b", "app", "a=b"},
    {"./a=b.log", NULL, NULL},
    {"x=./a=b.log", "x", "./a=b.log"},
    {"./d=e/app.log", "app.log", "./d=e/app.log"},
    {"=app.log", NULL, NULL},
    {"=/app.log", "app.log", "=/app.log"},
    {"a b=/app.log", "app.log", "a b=/app.log"},
    {"", NULL, NULL},
    {"app=", NULL, NULL},
    {"/var/log/", NULL, NULL},
    {"/", NULL, NULL},
    {"a\nb=/x", "x", NULL},
    {"a=/\x1b", NULL, NULL},
    {"a=/x ", NULL, NULL},
    {"a=\xff", NULL, NULL},
};

TEST(arguments_of_the_command_line)
{
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		const struct argument *of = &arguments[i];
		struct conf *conf = conf_new();
		struct conf_error error;
		int got = conf_add_source(conf, of->argument, &error);

		printf("# argument %zu\n", i);
		CHECK_EQUAL_INT(got, of->source != NULL ? 0 : -EINVAL);
		if (got == 0) {
			CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
			CHECK_EQUAL_TEXT(
			    sse_slice(stream_of(conf, of->name)->source),
			    sse_slice(of->source));
		}
		conf_free(conf);
	}
}

TEST(arguments_are_refused_with_a_reason)
{
	struct conf *conf = conf_new();
	struct conf_error error;

	CHECK_EQUAL_INT(conf_add_source(conf, "/a", &error), 0);
	CHECK_EQUAL_INT(conf_add_source(conf, "/b/a", &error), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text),
	    SLICE("\"/b/a\": the command line already has a stream \"a\""));
	conf_free(conf);
	conf = conf_new();
	CHECK_EQUAL_INT(conf_add_source(conf, "/b\n/", &error), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text),
	    SLICE("\"/b\\x0a/\": \"/b\\x0a/\" is no text of 1 to 4000 bytes,"
		  " in UTF-8, without control characters, or blanks at its"
		  " ends"));
	conf_free(conf);
	conf = conf_new();
	CHECK_EQUAL_INT(conf_add_source(conf, "./.x", &error), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text),
	    SLICE("\"./.x\": \".x\", the last part of the path, is no name of"
		  " a stream; write NAME=SOURCE"));
	conf_free(conf);
}

/* Options, then arguments, each list ending in NULL; then the end. */
static int
command_line(struct conf *conf, const char *const *options,
    const char *const *sources, struct conf_error *ret_error)
{
	int error = 0;

	for (; *options != NULL && error == 0; options += 2)
		error =
		    conf_add_option(conf, options[0], options[1], ret_error);
	for (; *sources != NULL && error == 0; sources++)
		error = conf_add_source(conf, *sources, ret_error);
	return error != 0 ? error : conf_finish(conf, ret_error);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NOTHING ((const char *const[]){NULL})

static void
check_command_line_refused(
    const char *const *options, const char *const *sources, const char *message)
{
	struct conf *conf = conf_new();
	struct conf_error error = {""};

	CHECK_EQUAL_INT(command_line(conf, options, sources, &error), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text), sse_slice(message));
	conf_free(conf);
}

TEST(options_hold_for_all_streams_of_the_command_line_alone)
{
	struct conf *conf = conf_new();
	struct conf_error error;

	CHECK_EQUAL_INT(conf_add_source(conf, "/a", &error), 0);
	CHECK_EQUAL_INT(
	    conf_add_text(conf, "/c",
		SLICE("log=/l\nretry=5s\n[f]\nsource=/f\n"), &error),
	    0);
	CHECK_EQUAL_INT(command_line(conf, LIST("ids", "none", "log", "stderr"),
			    LIST("/b"), &error),
	    0);
	CHECK_EQUAL_INT(conf_streams(conf), 3);
	CHECK_EQUAL_INT(stream_of(conf, "a")->ids, CONF_IDS_NONE);
	CHECK_EQUAL_INT(stream_of(conf, "b")->ids, CONF_IDS_NONE);
	CHECK_EQUAL_INT(stream_of(conf, "f")->ids, CONF_IDS_POSITION);
	CHECK_EQUAL_INT(stream_of(conf, "a")->retry_ms, 2000);
	CHECK_EQUAL_INT(stream_of(conf, "f")->retry_ms, 5000);
	CHECK_EQUAL_TEXT(sse_slice(conf_log(conf)), SLICE("stderr"));
	conf_free(conf);
}

TEST(an_option_source_is_one_stream)
{
	struct conf *conf = conf_new();
	struct conf_error error;

	CHECK_EQUAL_INT(
	    command_line(conf, LIST("source", "/x/app.log", "from", "end"),
		NOTHING, &error),
	    0);
	CHECK_EQUAL_TEXT(
	    sse_slice(stream_of(conf, "app.log")->source), SLICE("/x/app.log"));
	CHECK_EQUAL_INT(stream_of(conf, "app.log")->from, CONF_FROM_END);
	conf_free(conf);
	check_command_line_refused(LIST("source", "/x"), LIST("/y"),
	    "--source: there is a SOURCE argument, too; give only one of them");
	check_command_line_refused(LIST("source", "/x y"), NOTHING,
	    "--source: \"x y\", the last part of the path, is no name of a"
	    " stream; write NAME=SOURCE");
}

TEST(wrong_options)
{
	struct conf *conf = conf_new();
	struct conf_error error;

	check_command_line_refused(LIST("retry", "5s"), NOTHING,
	    "--retry: holds for streams of the command line, and there is"
	    " none; add a SOURCE, or write the key into the file");
	check_command_line_refused(LIST("retry", "5 s"), LIST("/a"),
	    "--retry: \"5 s\" is no time from 100ms to 1h (a number with ms, s,"
	    " m, h or d)");
	check_command_line_refused(LIST("retry", "5s", "retry", "5s"),
	    LIST("/a"), "--retry: is given twice");
	check_command_line_refused(LIST("re\ntry", "5s"), LIST("/a"),
	    "unknown key \"re\\x0atry\" (did you mean \"retry\"?); the keys "
	    "are source generations"
	    " select follow from replay format"
	    " record-start record-wait record-max ansi include exclude "
	    "time-format event ids "
	    "retry heartbeat "
	    "max-age "
	    "write-timeout"
	    " rotate-wait origin credentials allow-headers"
	    " flush backlog stream-clients"
	    " listen max-clients readers status quiet log");
	/* The place of the log is no matter of streams. */
	CHECK_EQUAL_INT(
	    command_line(conf, LIST("log", "/l"), NOTHING, &error), 0);
	CHECK_EQUAL_TEXT(sse_slice(conf_log(conf)), SLICE("/l"));
	conf_free(conf);
}

TEST(a_stream_of_both_file_and_command_line_is_a_duplicate)
{
	struct conf *conf = conf_new();
	struct conf_error error;

	CHECK_EQUAL_INT(conf_add_source(conf, "/s", &error), 0);
	CHECK_EQUAL_INT(
	    conf_add_text(conf, "/c", SLICE("\n[s]\nsource=/s\n"), &error),
	    -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text),
	    SLICE("/c:2: the command line already has a stream \"s\""));
	conf_free(conf);
}

TEST(what_is_printed_says_where_it_came_from)
{
	struct conf *conf = conf_new();
	struct conf_error error;
	struct sse_buf out;

	CHECK_EQUAL_INT(
	    conf_add_text(conf, "/c\n",
		SLICE("log = /l\nids = none\n[f]\n\nsource = /f =;\n"), &error),
	    0);
	CHECK_EQUAL_INT(
	    command_line(conf, LIST("event", ""), LIST("n=/a"), &error), 0);
	sse_buf_init(&out, 100000);
	CHECK_EQUAL_INT(conf_print(conf, &out), 0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&out),
	    SLICE("; /c\\x0a:1\nlog = /l\n"
		  "\n[f]\n"
		  "; /c\\x0a:5\nsource = /f =;\n"
		  "; default\ngenerations =\n"
		  "; default\nselect = path\n"
		  "; default\nfollow = yes\n; default\nfrom = -10\n"
		  "; default\nreplay = 8M\n; default\nformat = lines\n"
		  "; default\nrecord-start =\n"
		  "; default\nrecord-wait = 500ms\n"
		  "; default\nrecord-max = 256K\n; default\nansi = strip\n; "
		  "default\ninclude =\n; default\nexclude =\n; "
		  "default\ntime-format =\n; "
		  "default\nevent =\n"
		  "; /c\\x0a:2\nids = none\n; default\nretry = 2s\n"
		  "; default\nheartbeat = 15s\n"
		  "; default\nmax-age = 0\n; default\nwrite-timeout = 30s\n"
		  "; default\nrotate-wait = 1s\n; default\norigin =\n"
		  "; default\ncredentials = no\n"
		  "; default\nallow-headers =\n; default\nflush = frame\n"
		  "; default\nbacklog = 4M\n; default\nstream-clients = 0\n"
		  "\n[n]\n"
		  "; command line\nsource = /a\n"
		  "; default\ngenerations =\n"
		  "; default\nselect = path\n"
		  "; default\nfollow = yes\n; default\nfrom = -10\n"
		  "; default\nreplay = 8M\n; default\nformat = lines\n"
		  "; default\nrecord-start =\n"
		  "; default\nrecord-wait = 500ms\n"
		  "; default\nrecord-max = 256K\n; default\nansi = strip\n; "
		  "default\ninclude =\n; default\nexclude =\n; "
		  "default\ntime-format =\n; "
		  "command line\nevent =\n"
		  "; default\nids = position\n; default\nretry = 2s\n"
		  "; default\nheartbeat = 15s\n"
		  "; default\nmax-age = 0\n; default\nwrite-timeout = 30s\n"
		  "; default\nrotate-wait = 1s\n; default\norigin =\n"
		  "; default\ncredentials = no\n"
		  "; default\nallow-headers =\n; default\nflush = frame\n"
		  "; default\nbacklog = 4M\n"
		  "; default\nstream-clients = 0\n"));
	sse_buf_done(&out);
	conf_free(conf);
}

/* Without its comments, which tell other places. */
static void
drop_comments(struct sse_buf *text)
{
	size_t kept = 0;
	bool comment = false;

	for (size_t i = 0; i < text->size; i++) {
		if (i == 0 || text->data[i - 1] == '\n')
			comment = text->data[i] == ';';
		if (!comment)
			text->data[kept++] = text->data[i];
	}
	text->size = kept;
}

TEST(what_is_printed_can_be_read_again)
{
	struct conf *conf = conf_of(SLICE(
	    "log = /a b\n[x]\nsource = /f # [x] = \"y\" ; \\ \xe2\x82\xac\n"
	    "event = \xc3\xa4\nfrom = -7\nretry = 90s\n[y]\nsource=/y\n"));
	struct conf *again;
	struct sse_buf first, second;

	sse_buf_init(&first, 100000);
	sse_buf_init(&second, 100000);
	CHECK_EQUAL_INT(conf_print(conf, &first), 0);
	again = conf_of(sse_buf_slice(&first));
	CHECK_EQUAL_INT(conf_print(again, &second), 0);
	drop_comments(&first);
	drop_comments(&second);
	CHECK_EQUAL_TEXT(sse_buf_slice(&first), sse_buf_slice(&second));
	CHECK_EQUAL_TEXT(sse_slice(stream_of(again, "x")->source),
	    SLICE("/f # [x] = \"y\" ; \\ \xe2\x82\xac"));
	sse_buf_done(&first);
	sse_buf_done(&second);
	conf_free(again);
	conf_free(conf);
}

TEST(a_backlog_holds_at_least_four_of_the_largest_frames)
{
	struct conf *conf =
	    conf_of(SLICE("record-max = 1M\n[a]\nsource = /a\n[b]\nsource=/b\n"
			  "backlog = 16M\n[c]\nsource=/c\nrecord-max=1K\n"
			  "backlog = 64K\n"));
	struct sse_buf out;

	CHECK_EQUAL_INT(stream_of(conf, "a")->backlog_size, 8 << 20);
	CHECK_EQUAL_INT(stream_of(conf, "b")->backlog_size, 16 << 20);
	CHECK_EQUAL_INT(stream_of(conf, "c")->backlog_size, 64 << 10);
	/* What is printed is what is used. */
	sse_buf_init(&out, 100000);
	CHECK_EQUAL_INT(conf_print(conf, &out), 0);
	CHECK_EQUAL_INT(sse_buf_add(&out, "", 1), 0);
	CHECK(strstr(out.data, "; default\nbacklog = 8M\n") != NULL);
	sse_buf_done(&out);
	conf_free(conf);
	check_refused(SLICE("backlog = 2M\n[s]\nsource=/s\nrecord-max=257K\n"),
	    "/c:1: backlog: is too small for stream \"s\": at least 2056K,"
	    " which is 8 times its record-max");
	check_refused(SLICE("[s]\nsource=/s\nbacklog=1\n"),
	    "/c:3: backlog: \"1\" is less than 64K (from 64K to 1G is"
	    " allowed)");
}

TEST(keys_of_the_worker)
{
	struct conf *conf = conf_of(SLICE("listen = unix:/x\nmax-clients = 7\n"
					  "readers = 3\n[a]\nsource = /a\n"
					  "stream-clients = 5\n"));
	struct worker_conf worker = conf_worker(conf);

	CHECK_EQUAL_TEXT(sse_slice(worker.listen), SLICE("unix:/x"));
	CHECK_EQUAL_INT(worker.clients_max, 7);
	CHECK_EQUAL_INT(worker.readers_max, 3);
	CHECK_EQUAL_INT(stream_of(conf, "a")->clients_max, 5);
	conf_free(conf);
	conf = conf_of(SLICE("[a]\nsource = /a\n"));
	worker = conf_worker(conf);
	CHECK(worker.listen == NULL);
	CHECK_EQUAL_INT(worker.clients_max, 0);
	CHECK_EQUAL_INT(worker.readers_max, 64);
	CHECK_EQUAL_INT(stream_of(conf, "a")->clients_max, 0);
	conf_free(conf);
	check_refused(SLICE("readers = 0\n"),
	    "/c:1: readers: \"0\" is less than 1 (from 1 to 1024 is"
	    " allowed)");
	check_refused(SLICE("max-clients = x\n"),
	    "/c:1: max-clients: \"x\" is no number from 1 to 1000000");
}

TEST(the_status_page_has_a_name_of_its_own)
{
	struct conf *conf =
	    conf_of(SLICE("status = st.1\nquiet = yes\n[a]\nsource = /a\n"));

	CHECK_EQUAL_TEXT(sse_slice(conf_worker(conf).status), SLICE("st.1"));
	CHECK(conf_worker(conf).quiet);
	conf_free(conf);
	conf = conf_of(SLICE("quiet = no\n[a]\nsource = /a\n"));
	CHECK(conf_worker(conf).status == NULL);
	CHECK(!conf_worker(conf).quiet);
	conf_free(conf);
	check_refused(SLICE("status = a\n[a]\nsource = /a\n"),
	    "/c:1: status: \"a\" is the name of a stream, too");
	check_refused(SLICE("status = /a\n"),
	    "/c:1: status: \"/a\" is no name (1 to 64 of A-Z, a-z, 0-9,"
	    " \".\", \"_\" and \"-\", the first a letter or digit)");
	check_refused(SLICE("quiet = maybe\n"),
	    "/c:1: quiet: \"maybe\" is not one of: yes, no");
}

#define NO_BLANK_PATTERN                                                     \
	"no regular expression: it has control characters, or blanks at its" \
	" ends, where [ ] is a blank"

#ifdef WITH_PCRE2
TEST(a_pattern_is_checked)
{
	conf_free(conf_with("include", "^(GET|POST)[ ]"));
	conf_free(conf_with("exclude", ""));
	conf_free(conf_with("record-start", "^[^ \\t]"));
	check_bad_value("record-start", "[",
	    "no regular expression: missing terminating ] for character class"
	    " (after 1 bytes)");
	check_bad_value("include", "(",
	    "no regular expression: missing closing parenthesis (after 1"
	    " bytes)");
}
#endif

/* The same option on the command line. */
static void
check_bad_option(const char *key, const char *value, const char *reason)
{
	struct conf *conf = conf_new();
	struct conf_error error = {""};
	char message[400];

	CHECK(conf != NULL);
	snprintf(
	    message, sizeof(message), "--%s: \"%s\" is %s", key, value, reason);
	CHECK_EQUAL_INT(conf_add_option(conf, key, value, &error), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text), sse_slice(message));
	conf_free(conf);
}

TEST(a_blank_at_the_end_means_the_same_wherever_it_is_written)
{
	static const struct {
		const char *key, *value, *reason;
	} bad[] = {
#ifdef WITH_PCRE2
	    {"include", "ERROR ", NO_BLANK_PATTERN},
	    {"exclude", "^GET  ", NO_BLANK_PATTERN},
	    {"record-start", "^\\d+\\ ", NO_BLANK_PATTERN},
#endif
	    {"time-format", "%T ", NO_TIME_FORMAT},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		check_bad_value(bad[i].key, bad[i].value, bad[i].reason);
		check_bad_option(bad[i].key, bad[i].value, bad[i].reason);
	}
	/* Where it can mean nothing it is only there. */
	conf_free(conf_with("exclude", " "));
	conf_free(conf_with("time-format", "\t"));
	conf_free(conf_with("heartbeat", "15s \t"));
	conf_free(conf_with("event", "a "));
}

/* A blank line ends its records, and they begin with fields. */
TEST(an_event_stream_has_records_of_its_own)
{
#ifdef WITH_PCRE2
	check_refused(
	    SLICE("record-start = ^a\n[s]\nsource = /s\nformat = sse\n"),
	    "/c:1: record-start: must be empty for stream \"s\", which has"
	    " \"format = sse\": a blank line ends each of its records");
#endif
	check_refused(
	    SLICE("[s]\nsource = /s\nformat = sse\ntime-format = %T\n"),
	    "/c:4: time-format: must be empty for stream \"s\", which has"
	    " \"format = sse\": none of its records begins with a time");
}

TEST(a_time_has_a_form)
{
	conf_free(conf_with("time-format", "%b %e %H:%M:%S%f"));
	conf_free(conf_with("time-format", ""));
	check_bad_value("time-format", "%Q", NO_TIME_FORMAT);
	check_bad_value("time-format", "yesterday", NO_TIME_FORMAT);
	check_bad_value("time-format", "%Y-%m", NO_TIME_FORMAT);
	check_bad_value("time-format", "%T%*", NO_TIME_FORMAT);
}

/* Each key makes a difference, and only its own value does. */
TEST(streams_are_equal_when_all_their_values_are)
{
	static const char *const lines[] = {"follow = no", "from = start",
	    "from = -11", "from = end", "replay = 1", "record-max = 2K",
	    "format = sse", "record-wait = 1s", "time-format = %T",
	    "ansi = keep",
#ifdef WITH_PCRE2
	    "include = a", "exclude = a", "record-start = a",
#endif

	    "event = x", "ids = none", "retry = 1s", "heartbeat = 1s",
	    "max-age = 1h", "write-timeout = 1s", "rotate-wait = 2s",
	    "origin = https://a.example", "flush = ready", "backlog = 8M",
	    "stream-clients = 1", "# a comment", "source = /b"};
	struct conf *plain = conf_of(SLICE("[a]\nsource = /a\n"));
	const struct stream_conf *a = stream_of(plain, "a");

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[200];
		struct conf *other;

		snprintf(text, sizeof(text), "[a]\n%s\n%s\n", lines[i],
		    strncmp(lines[i], "source", 6) != 0 ? "source = /a" : "");
		other = conf_of(sse_slice(text));
		if (conf_stream_equal(a, stream_of(other, "a")) !=
		    (lines[i][0] == '#'))
			test_fail(__FILE__, __LINE__, "%s", lines[i]);
		conf_free(other);
	}
	conf_free(plain);
	plain = conf_of(SLICE("[a]\nsource=/a\n[b]\nsource=/a\n"));
	CHECK(!conf_stream_equal(stream_of(plain, "a"), stream_of(plain, "b")));
	conf_free(plain);
}

TEST(a_conf_lives_until_the_last_one_lets_it_go)
{
	struct conf *conf = conf_of(SLICE("[a]\nsource = /a\n"));

	CHECK(conf_hold(conf) == conf);
	conf_free(conf);
	CHECK_EQUAL_TEXT(sse_slice(stream_of(conf, "a")->source), SLICE("/a"));
	conf_free(conf);
}

TEST(printing_reports_that_there_is_no_room)
{
	struct conf *conf = conf_of(SLICE("source = /x\n"));
	struct sse_buf out;

	for (size_t size = 0; size < 300; size++) {
		sse_buf_init(&out, size);
		CHECK_EQUAL_INT(conf_print(conf, &out), -ENOBUFS);
		sse_buf_done(&out);
		sse_buf_init(&out, size);
		CHECK_EQUAL_INT(conf_print_manual(&out, false), -ENOBUFS);
		sse_buf_done(&out);
		sse_buf_init(&out, size);
		CHECK_EQUAL_INT(conf_print_options(&out, true), -ENOBUFS);
		sse_buf_done(&out);
	}
	conf_free(conf);
}

TEST(the_table_is_complete)
{
	struct sse_buf manual;
	char item[64];

	sse_buf_init(&manual, 100000);
	CHECK_EQUAL_INT(conf_print_manual(&manual, false), 0);
	CHECK_EQUAL_INT(conf_print_manual(&manual, true), 0);
	CHECK_EQUAL_INT(conf_print_options(&manual, false), 0);
	CHECK_EQUAL_INT(conf_print_options(&manual, true), 0);
	CHECK_EQUAL_INT(sse_buf_add(&manual, "", 1), 0);
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);
		struct stream_conf stream;

		CHECK_EQUAL_TEXT(
		    sse_slice(conf_key((size_t)i)), sse_slice(key->name));
		CHECK_EQUAL_INT(conf_key_find(sse_slice(key->name)), i);
		CHECK(key->takes != NULL && key->summary != NULL);
		CHECK(key->manual[strlen(key->manual) - 1] == '\n');
		if (key->default_text != NULL)
			CHECK_EQUAL_INT(
			    conf_key_read(key, key->default_text, &stream), 0);
		snprintf(item, sizeof(item), "\n.It Cm %.3s", key->name);
		CHECK(strstr(manual.data, item) != NULL);
		snprintf(item, sizeof(item), "\n.It Fl -%.3s", key->name);
		CHECK(strstr(manual.data, item) != NULL);
	}
	CHECK(conf_key(CONF_KEY_COUNT) == NULL);
	CHECK(conf_key(SIZE_MAX) == NULL);
	sse_buf_done(&manual);
}

#ifdef WITH_PCRE2
#define WITH_PATTERN "include=a|b\n"
#else
#define WITH_PATTERN ""
#endif

/* With so many allocations: 0, or -ENOMEM. */
static int
build(struct conf *conf, int allocations)
{
	struct conf_error error;
	int got;

	allocations_left = allocations;
	got = conf_add_text(conf, "/c",
	    SLICE("log=/l\n[a]\nsource=/a\n" WITH_PATTERN "[b]\nsource=/b\n"),
	    &error);
	if (got == 0)
		got = command_line(
		    conf, LIST("ids", "none"), LIST("n=/n", "/m"), &error);
	allocations_left = -1;
	return got;
}

TEST(memory_that_is_used_up_is_an_error_and_no_leak)
{
	int allocations = 1;
	int got;

	do {
		struct conf *conf = conf_new();
		struct conf_error error;

		got = build(conf, allocations++);
		if (got != 0) {
			CHECK_EQUAL_INT(got, -ENOMEM);
			CHECK_EQUAL_INT(
			    conf_add_source(conf, "/z", &error), -ENOMEM);
		}
		conf_free(conf);
	} while (got != 0);
	CHECK(allocations > 10);
}

TEST(random_texts_never_crash)
{
	static const char *const words[] = {"[", "]", "=", "\n", "\r\n", " ",
	    "source", "/x", "log", "ids", "none", "#", ";", "a", "\xff",
	    "heartbeat", "1s", "-", "from", "\t", "[s]\n", "event",
	    "99999999999999999999"};
	const size_t count = sizeof(words) / sizeof(words[0]);
	struct random random = {20261120};

	for (int run = 0; run < 20000; run++) {
		struct conf *conf = conf_new();
		struct conf_error error = {""};
		char text[256] = "";
		size_t size = 0;

		for (size_t i = random_below(&random, 12); i > 0; i--) {
			const char *word = words[random_below(&random, count)];

			memcpy(text + size, word, strlen(word));
			size += strlen(word);
		}
		if (conf_add_text(conf, "/c", (struct sse_slice){text, size},
			&error) == 0)
			CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
		else
			CHECK(strncmp(error.text, "/c:", 3) == 0);
		conf_free(conf);
	}
}
