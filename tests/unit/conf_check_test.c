#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/conf_check.h"
#include "confs.h"

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
#endif

TEST(origins_are_checked_and_go_together_with_credentials)
{
	check_bad_value("origin", "null",
	    "neither \"*\" nor origins (https://host or https://host:port, in"
	    " lower case, and without 443 or 80, which browsers leave out)"
	    " with blanks between");
	check_refused(
	    SLICE("[s]\nsource = /s\norigin = *\ncredentials = yes\n"),
	    "/c:4: credentials: \"yes\" needs an origin that is named, not"
	    " \"*\"");
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

TEST(a_flush_is_shorter_than_a_heartbeat)
{
	struct conf *conf =
	    conf_of(SLICE("flush = 10s\n[a]\nsource = /a\n[b]\nsource = /b\n"
			  "heartbeat = 100ms\nflush = 99ms\n[c]\nsource = /c\n"
			  "heartbeat = 100ms\nflush = ready\n"));

	CHECK_EQUAL_INT(stream_of(conf, "a")->flush_ms, 10000);
	CHECK_EQUAL_INT(stream_of(conf, "b")->flush_ms, 99);
	conf_free(conf);
	check_refused(SLICE("flush = 1s\n[s]\nsource=/s\nheartbeat = 1s\n"),
	    "/c:1: flush: is too long for stream \"s\": less than 1s, which"
	    " is its heartbeat");
	check_refused(
	    SLICE("[s]\nsource=/s\nheartbeat = 500ms\nflush = 501ms\n"),
	    "/c:4: flush: is too long for stream \"s\": less than 500ms,"
	    " which is its heartbeat");
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

/* Only what was said can be too small: a default grows with the records. */
TEST(a_backlog_is_as_large_as_the_largest_record_needs)
{
	static char name[] = "s";
	static struct {
		size_t record, backlog; /* bytes */
		size_t made;            /* 0: it is refused */
		char said[4];           /* "": not said */
	} cases[] = {
	    {1024, 65536, 65536, ""},
	    {8192, 65536, 65536, ""},
	    {8193, 65536, 8 * 8193, ""},
	    {64 << 20, 65536, 512 << 20, ""},
	    {8192, 65536, 65536, "64K"},
	    {8193, 65536, 0, "64K"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_origin origin = {0};
		struct conf_entry entry = {.name = name,
		    .origin = &origin,
		    .own.of[CONF_KEY_BACKLOG].text =
			cases[i].said[0] != '\0' ? cases[i].said : NULL,
		    .stream = {.record_size_max = cases[i].record,
			.backlog_size = cases[i].backlog,
			.origin = "",
			.record_start = "",
			.time_format = ""}};
		struct conf_error error;

		CHECK_EQUAL_INT(conf_check_entry(&entry, &error),
		    cases[i].made != 0 ? 0 : -EINVAL);
		if (cases[i].made != 0)
			CHECK_EQUAL_INT(
			    entry.stream.backlog_size, cases[i].made);
	}
}

/* A file has lines, and no fields. */
TEST(what_only_an_engine_has_is_not_for_a_file)
{
	check_refused(SLICE("[s]\nsource = /s\nfield = MESSAGE\n"),
	    "/c:3: field: is not for stream \"s\": its source, \"/s\", has no"
	    " use for it");
	check_refused(SLICE("match = A=b\n[s]\nsource = /s\n"),
	    "/c:1: match: is not for stream \"s\": its source, \"/s\", has no"
	    " use for it");
	check_refused(SLICE("[s]\nsource = /s\njournal-poll = 1s\n"),
	    "/c:3: journal-poll: is not for stream \"s\": its source, \"/s\","
	    " has no use for it");
	/* What holds for others can be taken back. */
	conf_free(conf_of(SLICE("match = A=b\n[s]\nsource = /s\nmatch =\n"
				"journal-poll = 100ms\n")));
}

/* A journal has no lines, from which records, times or ids would be made. */
TEST(what_is_made_of_lines_is_not_for_entries)
{
	static const struct {
		const char *key, *value;
	} cases[] = {
	    {"generations", "log.%i"},
	    {"record-start", "^2026"},
	    {"time-format", "%s"},
	    {"rotate-wait", "2s"},
	    {"format", "sse"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[200], want[300];

		(void)snprintf(text, sizeof(text),
		    "[s]\nsource = journal:\n%s = %s\n", cases[i].key,
		    cases[i].value);
		(void)snprintf(want, sizeof(want),
		    "/c:3: %s: \"%s\" is not for stream \"s\": its source,"
		    " \"journal:\", has no lines, but entries with ids and"
		    " times of their own",
		    cases[i].key, cases[i].value);
		check_refused(sse_slice(text), want);
	}
	/* What holds for others can be taken back. */
	conf_free(conf_of(SLICE("record-start = ^2026\n[s]\n"
				"source = journal:\nrecord-start =\n")));
}
