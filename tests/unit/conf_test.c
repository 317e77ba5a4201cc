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
#include "confs.h"
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

TEST(an_unknown_key_is_told_the_known_ones)
{
	check_refused(SLICE("[s]\nsorce = /x\n"),
	    "/c:2: unknown key \"sorce\" (did you mean \"source\"?); the keys "
	    "are source generations field match journal-poll source-user "
	    "source-password-file "
	    "select follow"
	    " from"
	    " replay format record-start record-wait record-max ansi include "
	    "exclude time-format event "
	    "ids retry "
	    "heartbeat "
	    "max-age"
	    " write-timeout rotate-wait origin credentials allow-headers"
	    " viewer index"
	    " flush backlog"
	    " stream-clients listen max-clients readers status quiet log"
	    " sandbox sandbox-read");
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
	    "/c:2: \"app log\", the last part of the source, is no name of a"
	    " stream; write \"[name]\" in a line above the source");
	check_refused(SLICE("source = /var/log/\n"),
	    "/c:1: source: \"/var/log/\" is a folder, as it ends in /; write"
	    " the path of a file");
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
	    SLICE("\"./.x\": \".x\", the last part of the source, is no name of"
		  " a stream; write NAME=SOURCE"));
	conf_free(conf);
}

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
	    "--source: \"x y\", the last part of the source, is no name of a"
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
	    "are source generations field match journal-poll source-user"
	    " source-password-file"
	    " select follow from replay format"
	    " record-start record-wait record-max ansi include exclude "
	    "time-format event ids "
	    "retry heartbeat "
	    "max-age "
	    "write-timeout"
	    " rotate-wait origin credentials allow-headers"
	    " viewer index"
	    " flush backlog stream-clients"
	    " listen max-clients readers status quiet log"
	    " sandbox sandbox-read");
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

TEST(a_conf_lives_until_the_last_one_lets_it_go)
{
	struct conf *conf = conf_of(SLICE("[a]\nsource = /a\n"));

	CHECK(conf_hold(conf) == conf);
	conf_free(conf);
	CHECK_EQUAL_TEXT(sse_slice(stream_of(conf, "a")->source), SLICE("/a"));
	conf_free(conf);
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
