#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf_key.h"
#include "conf/options.h"

#define WORDS_MAX 32

/* What a command line came to. */
struct result {
	int error;
	struct options_asked asked;
	struct conf_error message;
	struct conf *conf;
};

/* The words end in NULL, and are without the program's name. */
static struct result
run(enum options_program program, const char *const *words,
    const char *config_path)
{
	struct result result = {.conf = conf_new()};
	char *argv[WORDS_MAX + 2] = {strdup("prog")};
	int argc = 1;

	CHECK(result.conf != NULL);
	for (; words[argc - 1] != NULL; argc++) {
		CHECK(argc <= WORDS_MAX);
		argv[argc] = strdup(words[argc - 1]);
	}
	result.error = options_read(result.conf, program, argc, argv,
	    config_path, &result.asked, &result.message);
	/* The words are as they were, and where they were. */
	for (int i = 1; i < argc; i++)
		CHECK_EQUAL_TEXT(sse_slice(argv[i]), sse_slice(words[i - 1]));
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return result;
}

#define RUN(...) \
	run(OPTIONS_CGI, (const char *const[]){__VA_ARGS__, NULL}, NULL)
#define RUN_FCGI(...) \
	run(OPTIONS_FCGI, (const char *const[]){__VA_ARGS__, NULL}, NULL)

static void
check_refused(struct result result, const char *message)
{
	CHECK_EQUAL_INT(result.error, -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(result.message.text), sse_slice(message));
	conf_free(result.conf);
}

static struct conf *
accepted(struct result result, enum options_action action)
{
	if (result.error != 0)
		test_fail(__FILE__, __LINE__, "%s", result.message.text);
	CHECK_EQUAL_INT(result.asked.action, action);
	return result.conf;
}

static const struct stream_conf *
stream_of(const struct conf *conf, const char *name)
{
	const struct stream_conf *stream = conf_find(conf, sse_slice(name));

	CHECK(stream != NULL);
	return stream;
}

/* A file in the test's directory. */
static const char *
file_of(const char *name, const char *text)
{
	const char *path = test_path(name);
	FILE *file = fopen(path, "w");

	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
	return path;
}

TEST(both_forms_of_an_option_wherever_it_stands)
{
	struct conf *conf = accepted(
	    RUN("--retry", "5s", "a=/x", "--event=--x=y", "/y", "--ids=none"),
	    OPTIONS_SERVE);

	CHECK_EQUAL_INT(conf_streams(conf), 2);
	CHECK_EQUAL_TEXT(sse_slice(stream_of(conf, "a")->source), SLICE("/x"));
	CHECK_EQUAL_INT(stream_of(conf, "a")->retry_ms, 5000);
	CHECK_EQUAL_INT(stream_of(conf, "a")->ids, CONF_IDS_NONE);
	CHECK_EQUAL_INT(stream_of(conf, "y")->retry_ms, 5000);
	CHECK_EQUAL_TEXT(
	    sse_slice(stream_of(conf, "y")->event), SLICE("--x=y"));
	conf_free(conf);
}

TEST(a_value_may_look_like_an_option)
{
	struct conf *conf = accepted(
	    RUN("--event", "--retry", "--from", "-5", "/x"), OPTIONS_SERVE);

	CHECK_EQUAL_TEXT(
	    sse_slice(stream_of(conf, "x")->event), SLICE("--retry"));
	CHECK_EQUAL_INT(stream_of(conf, "x")->from_records, 5);
	conf_free(conf);
}

TEST(two_dashes_end_the_options)
{
	struct conf *conf = accepted(
	    RUN("/x", "--", "./--/retry", "n=--check", "m=--"), OPTIONS_SERVE);

	CHECK_EQUAL_INT(conf_streams(conf), 4);
	CHECK_EQUAL_TEXT(
	    sse_slice(stream_of(conf, "n")->source), SLICE("--check"));
	CHECK_EQUAL_TEXT(sse_slice(stream_of(conf, "m")->source), SLICE("--"));
	conf_free(conf);
}

TEST(the_actions)
{
	conf_free(accepted(RUN("/x"), OPTIONS_SERVE));
	conf_free(accepted(RUN("--check", "/x"), OPTIONS_CHECK));
	conf_free(accepted(RUN("-h"), OPTIONS_HELP));
	conf_free(accepted(RUN("--help"), OPTIONS_HELP));
	conf_free(accepted(RUN("-V"), OPTIONS_VERSION));
	conf_free(accepted(RUN("--version"), OPTIONS_VERSION));
	/* What follows them does not count, and no file is read. */
	conf_free(accepted(
	    RUN("--check", "-hV", "--what", "-f", "/no"), OPTIONS_HELP));
	conf_free(
	    accepted(run(OPTIONS_CGI, (const char *const[]){"-V", NULL}, "/no"),
		OPTIONS_VERSION));
}

TEST(options_are_written_out_in_full)
{
	check_refused(RUN("--retr", "5s", "/x"),
	    "\"--retr\" is no option (did you mean \"--retry\"?); --help lists "
	    "all options");
	check_refused(RUN("--retr=5s", "/x"),
	    "\"--retr=5s\" is no option (did you mean "
	    "\"--retry\"?); --help lists all options");
	check_refused(RUN("--he"), "\"--he\" is no option (did you mean "
				   "\"--help\"?); --help lists all options");
	check_refused(RUN("--conf", "/x"),
	    "\"--conf\" is no option (did you mean "
	    "\"--config\"?); --help lists all options");
	check_refused(RUN("--re", "5s"),
	    "\"--re\" is no option; --help lists all options");
	check_refused(RUN("--event", "--event=", "--even", "--event=x", "/x"),
	    "\"--even\" is no option (did you mean \"--event\"?); --help lists "
	    "all options");
}

TEST(wrong_use_is_told)
{
	check_refused(RUN("--what\x1b", "/x"),
	    "\"--what\\x1b\" is no option; --help lists all options");
	check_refused(RUN("/x", "--retry"),
	    "\"--retry\" needs a value; --help lists all options");
	check_refused(
	    RUN("-f"), "\"-f\" needs a value; --help lists all options");
	check_refused(RUN("--check=yes", "/x"),
	    "\"--check=yes\" takes no value; --help lists all options");
	check_refused(
	    RUN("-x"), "\"-x\" is no option; --help lists all options");
	check_refused(RUN("-f", "/a", "--config=/b"),
	    "\"--config\" is given twice; --help lists all options");
	check_refused(RUN("--check", "--as", "a", "--as=b", "/x"),
	    "\"--as\" is given twice; --help lists all options");
	check_refused(RUN("--retry=0", "/x"),
	    "--retry: \"0\" is less than 100ms (from 100ms to 1h is allowed)");
}

TEST(each_key_is_an_option)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);
		const char *value = key->default_text;
		char option[64];

		if (value == NULL)
			value = key->kind == CONF_KIND_NUMBER ? "1" : "v";
		snprintf(option, sizeof(option), "--%s", key->name);
		if (i == CONF_KEY_SOURCE)
			conf_free(
			    accepted(RUN_FCGI(option, "/x"), OPTIONS_SERVE));
		else
			conf_free(accepted(
			    RUN_FCGI(option, value, "/x"), OPTIONS_SERVE));
	}
}

TEST(what_only_the_worker_obeys_is_no_option_of_the_other)
{
	const char *path = file_of("c", "listen = unix:/x\n[a]\nsource=/a\n");

	check_refused(RUN("--listen", "unix:/x", "/x"),
	    "\"--listen\" is no option; --help lists all options");
	check_refused(RUN("--max-clients=1", "/x"),
	    "\"--max-clients=1\" is no option; --help lists all options");
	check_refused(RUN("--readers=1", "/x"),
	    "\"--readers=1\" is no option; --help lists all options");
	conf_free(accepted(RUN("--backlog=4M", "/x"), OPTIONS_SERVE));
	conf_free(accepted(RUN("-f", path), OPTIONS_SERVE));
}

TEST(a_file_of_streams)
{
	const char *path = file_of("c", "[a]\nsource=/a\n");
	struct conf *conf = accepted(RUN("-f", path), OPTIONS_SERVE);

	CHECK_EQUAL_INT(conf_streams(conf), 1);
	conf_free(conf);
	/* With arguments the streams add up. */
	conf = accepted(RUN("--config", path, "--ids=none", "/b"), //
	    OPTIONS_SERVE);
	CHECK_EQUAL_INT(conf_streams(conf), 2);
	CHECK_EQUAL_INT(stream_of(conf, "a")->ids, CONF_IDS_POSITION);
	CHECK_EQUAL_INT(stream_of(conf, "b")->ids, CONF_IDS_NONE);
	conf_free(conf);
	check_refused(RUN("-f", path, "--ids=none"),
	    "--ids: holds for streams of the command line, and there is none;"
	    " add a SOURCE, or write the key into the file");
}

/* So the kernel hands on the first line of a file with CRLF. */
TEST(a_cr_behind_the_option_of_a_stream_file_is_ignored)
{
	const char *path = file_of("c", "[a]\r\nsource=/a\r\n");
	struct conf *conf = accepted(RUN("-f\r", path), OPTIONS_SERVE);

	CHECK_EQUAL_TEXT(sse_slice(stream_of(conf, "a")->source), SLICE("/a"));
	conf_free(conf);
}

TEST(a_flag_needs_no_value)
{
	struct conf *conf = accepted(
	    RUN_FCGI("--quiet", "--status", "st", "a=/a"), OPTIONS_SERVE);

	CHECK(conf_worker(conf).quiet);
	CHECK_EQUAL_TEXT(sse_slice(conf_worker(conf).status), SLICE("st"));
	CHECK_EQUAL_INT(conf_streams(conf), 1);
	conf_free(conf);
	conf = accepted(RUN_FCGI("--quiet=no", "a=/a"), OPTIONS_SERVE);
	CHECK(!conf_worker(conf).quiet);
	conf_free(conf);
	/* As with each other option. */
	conf = accepted(RUN_FCGI("--quiet", "no", "a=/a"), OPTIONS_SERVE);
	CHECK(!conf_worker(conf).quiet);
	CHECK_EQUAL_INT(conf_streams(conf), 1);
	conf_free(conf);
	conf = accepted(RUN_FCGI("a=/a", "--quiet", "yes"), OPTIONS_SERVE);
	CHECK(conf_worker(conf).quiet);
	CHECK_EQUAL_INT(conf_streams(conf), 1);
	conf_free(conf);
	conf = accepted(RUN_FCGI("--quiet", "--", "no"), OPTIONS_SERVE);
	CHECK(conf_worker(conf).quiet);
	CHECK_EQUAL_INT(conf_streams(conf), 1);
	conf_free(conf);
	check_refused(RUN_FCGI("--quiet=2", "a=/a"),
	    "--quiet: \"2\" is not one of: yes, no");
	check_refused(RUN("--quiet", "a=/a"),
	    "\"--quiet\" is no option; --help lists all options");
}

TEST(the_environment_names_a_file_where_nothing_else_does)
{
	const char *path = file_of("c", "[a]\nsource=/a\n");
	const char *other = file_of("d", "[b]\nsource=/b\n");
	const char *const nothing[] = {NULL};
	const char *const log[] = {"--log=/l", NULL};
	const char *const argument[] = {"/x", NULL};
	const char *const source[] = {"--source=/x", NULL};
	const char *const config[] = {"-f", other, NULL};
	struct conf *conf =
	    accepted(run(OPTIONS_CGI, nothing, path), OPTIONS_SERVE);

	stream_of(conf, "a");
	conf_free(conf);
	conf = accepted(run(OPTIONS_CGI, log, path), OPTIONS_SERVE);
	stream_of(conf, "a");
	conf_free(conf);
	conf = accepted(run(OPTIONS_CGI, config, path), OPTIONS_SERVE);
	stream_of(conf, "b");
	CHECK_EQUAL_INT(conf_streams(conf), 1);
	conf_free(conf);
	conf = accepted(run(OPTIONS_CGI, argument, path), OPTIONS_SERVE);
	stream_of(conf, "x");
	CHECK_EQUAL_INT(conf_streams(conf), 1);
	conf_free(conf);
	conf = accepted(run(OPTIONS_CGI, source, path), OPTIONS_SERVE);
	CHECK_EQUAL_INT(conf_streams(conf), 1);
	conf_free(conf);
}

/* Two texts in one that lives until the next call but three. */
static const char *
joined(const char *a, const char *b)
{
	static char texts[4][600];
	static size_t next;
	char *text = texts[next++ % 4];

	snprintf(text, sizeof(texts[0]), "%s%s", a, b);
	return text;
}

TEST(a_file_that_cannot_be_read)
{
	const char *missing = test_path("missing");
	const char *fifo = test_path("fifo");
	const char *const nothing[] = {NULL};

	check_refused(
	    RUN("-f", missing), joined(missing, ": No such file or directory"));
	check_refused(run(OPTIONS_CGI, nothing, missing),
	    joined(missing, ": No such file or directory"));
	check_refused(RUN("-f", test_directory()),
	    joined(test_directory(), ": is no regular file"));
	CHECK_EQUAL_INT(mkfifo(fifo, 0600), 0);
	check_refused(RUN("-f", fifo), joined(fifo, ": is no regular file"));
	check_refused(RUN("-f", "/dev/zero"), "/dev/zero: is no regular file");
	check_refused(RUN("-f", file_of("bad", "x\n")),
	    joined(test_path("bad"),
		":1: \"x\" is neither \"key = value\", \"[name]\" nor"
		" a comment"));
}

TEST(a_file_that_is_too_large)
{
	const char *path = file_of("large", "");

	CHECK_EQUAL_INT(truncate(path, INT64_C(1) << 40), 0);
	check_refused(RUN("-f", path),
	    joined(path, ": is too large; 1048576 bytes are allowed"));
}

TEST(the_default_file_may_be_missing)
{
	const char *const nothing[] = {NULL};
	struct conf *conf;

	if (access(SYSCONFDIR "/ssekit.conf", F_OK) == 0) {
		printf("# there is a %s/ssekit.conf here\n", SYSCONFDIR);
		return;
	}
	conf = accepted(run(OPTIONS_CGI, nothing, NULL), OPTIONS_SERVE);
	CHECK_EQUAL_INT(conf_streams(conf), 0);
	conf_free(conf);
	conf = accepted(run(OPTIONS_CGI, nothing, ""), OPTIONS_SERVE);
	CHECK_EQUAL_INT(conf_streams(conf), 0);
	conf_free(conf);
}
