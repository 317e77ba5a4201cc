/*
 * The table of keys: what each of them takes, and what it says of what it does
 * not.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf_entry.h"
#include "conf/conf_key.h"
#include "confs.h"

#define NO_TIME_FORMAT                                                      \
	"not a date or time as in strptime(3), like %Y-%m-%d %H:%M:%S, "    \
	"with %f for a fraction, %s"                                        \
	" for seconds or milliseconds since 1970, @%t for TAI64N and %*"    \
	" for what stands before, of at most 128 bytes, without blanks at " \
	"its ends"

TEST(a_key_is_found_by_its_whole_name)
{
	static const struct sse_slice none[] = {{"", 0}, {"sourc", 5},
	    {"source ", 7}, {"Source", 6}, {"source\0", 7}, {"record_max", 10}};

	for (int i = 0; i < CONF_KEY_COUNT; i++)
		CHECK_EQUAL_INT(
		    conf_key_find(sse_slice(conf_key((size_t)i))), i);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK_EQUAL_INT(conf_key_find(none[i]), -ENOENT);
}

/* A value goes into the field of its key and nowhere else; or not at all. */
TEST(a_value_is_read_into_its_field)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);
		struct stream_conf stream, before;

		if (key->default_text == NULL)
			continue;
		memset(&stream, 0x55, sizeof(stream));
		before = stream;
		CHECK_EQUAL_INT(conf_key_read(key, "\x01", &stream), -EINVAL);
		CHECK(memcmp(&stream, &before, sizeof(stream)) == 0);
		CHECK_EQUAL_INT(
		    conf_key_read(key, key->default_text, &stream), 0);
		if (key->size > 0)
			CHECK(
			    memcmp((char *)&stream + key->offset,
				(char *)&before + key->offset, key->size) != 0);
		memcpy((char *)&stream + key->offset,
		    (char *)&before + key->offset, key->size);
		/* These have two. */
		if (i == CONF_KEY_FROM)
			stream.from_records = before.from_records;
		if (i == CONF_KEY_FLUSH)
			stream.flush_ms = before.flush_ms;
		CHECK(memcmp(&stream, &before, sizeof(stream)) == 0);
	}
}

/* Borrowed: the setting keeps it. */
TEST(a_text_is_not_copied)
{
	static const char event[] = "tick";
	struct stream_conf stream = {0};

	CHECK_EQUAL_INT(
	    conf_key_read(conf_key_at(CONF_KEY_EVENT), event, &stream), 0);
	CHECK(stream.event == event);
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
	check_bad_value(
	    "ids", "Position", "not one of: position, record, none");
}

TEST(flush_is_a_choice_or_a_time)
{
	static const char *const bad[] = {"", "json", "0", "0ms", "10001ms",
	    "1h", "-1", "20", "20 ms", "Ready"};
	static const struct {
		const char *text;
		enum conf_flush flush;
		int64_t flush_ms;
	} good[] = {{"frame", CONF_FLUSH_FRAME, 0},
	    {"ready", CONF_FLUSH_READY, 0}, {"1ms", CONF_FLUSH_TIME, 1},
	    {"20ms", CONF_FLUSH_TIME, 20}, {"10s", CONF_FLUSH_TIME, 10000}};
	const struct conf_key *key = conf_key_at(CONF_KEY_FLUSH);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_bad_value("flush", bad[i],
		    "none of frame, ready and a time from 1ms to 10s"
		    " (a number with ms or s)");
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct stream_conf conf = {.flush_ms = 7}, other = {0};

		CHECK_EQUAL_INT(conf_key_read(key, good[i].text, &conf), 0);
		CHECK_EQUAL_INT(conf.flush, good[i].flush);
		CHECK_EQUAL_INT(conf.flush_ms, good[i].flush_ms);
		CHECK(conf_key_equal(key, &conf, &conf));
		/* All zeros: each frame. */
		CHECK_EQUAL_INT(conf_key_equal(key, &conf, &other), i == 0);
	}
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
    [CONF_KEY_FIELD] = {"a\tb", NO_TEXT("0", "256")},
    [CONF_KEY_MATCH] = {"a\tb", NO_TEXT("0", "4000")},
    [CONF_KEY_JOURNAL_POLL] = {"2h", TOO_MUCH("0", "1h")},
    [CONF_KEY_SOURCE_USER] = {"a\tb", NO_TEXT("0", "256")},
    [CONF_KEY_SOURCE_PASSWORD_FILE] = {"a\tb", NO_TEXT("0", "4000")},
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
	" lower case, and without 443 or 80, which browsers leave out)"
	" with blanks between"},
    [CONF_KEY_CREDENTIALS] = {"1", "not one of: yes, no"},
    [CONF_KEY_VIEWER] = {"1", "not one of: yes, no"},
    [CONF_KEY_INDEX] = {"all", "not one of: yes, no"},
    [CONF_KEY_ALLOW_HEADERS] = {"A, B",
	"no names of headers (A-Z, a-z, 0-9, - and _) with blanks between, of"
	" at most 256 bytes"},
    [CONF_KEY_FLUSH] = {"",
	"none of frame, ready and a time from 1ms to 10s (a number with ms"
	" or s)"},
    [CONF_KEY_BACKLOG] = {"63KB", NO_SIZE("64K", "1G")},
    [CONF_KEY_STREAM_CLIENTS] = {"1K", "no number from 0 to 1000000"},
    [CONF_KEY_LISTEN] = {"", NO_TEXT("1", "4000")},
    [CONF_KEY_MAX_CLIENTS] = {"0", TOO_LITTLE("1", "1000000")},
    [CONF_KEY_READERS] = {"1025", TOO_MUCH("1", "1024")},
    [CONF_KEY_STATUS] = {"", NO_TEXT("1", "64")},
    [CONF_KEY_QUIET] = {"", "not one of: yes, no"},
    [CONF_KEY_LOG] = {"", NO_TEXT("1", "4000")},
    [CONF_KEY_SANDBOX] = {"maybe", "not one of: yes, no, require"},
    [CONF_KEY_SANDBOX_READ] = {"/a b",
	"not folders, each written whole, as /srv/logs, with blanks between;"
	" \"/\" is none"},
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

#ifndef WITH_JSON
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

TEST(the_table_is_complete)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);
		struct stream_conf stream;

		CHECK_EQUAL_TEXT(
		    sse_slice(conf_key((size_t)i)), sse_slice(key->name));
		CHECK_EQUAL_INT(conf_key_find(sse_slice(key->name)), i);
		CHECK(key->takes != NULL && key->summary != NULL);
		if (key->default_text != NULL)
			CHECK_EQUAL_INT(
			    conf_key_read(key, key->default_text, &stream), 0);
	}
	CHECK(conf_key(CONF_KEY_COUNT) == NULL);
	CHECK(conf_key(SIZE_MAX) == NULL);
}
