/*
 * What both programs print and exit with, whatever the configuration is.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "program/program.h"

#define TOLD_SIZE_MAX 100000

struct told {
	enum program_exit code;
	char out[TOLD_SIZE_MAX];
	char err[TOLD_SIZE_MAX];
};

static struct conf *
conf_of(const char *text)
{
	struct conf *conf = conf_new();
	struct conf_error why = {""};

	/* It is looked whether it can be read. */
	close(open(test_path("c"), O_WRONLY | O_CREAT, 0600));
	if (conf_add_text(conf, test_path("c"), sse_slice(text), &why) != 0 ||
	    conf_finish(conf, &why) != 0)
		test_fail(__FILE__, __LINE__, "%s", why.text);
	return conf;
}

/* The descriptor leads there: a copy of where it led. */
static int
lead_to(int fd, const char *path)
{
	int saved = dup(fd);
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(saved >= 0 && to >= 0);
	CHECK(fflush(NULL) == 0);
	CHECK(dup2(to, fd) == fd);
	close(to);
	return saved;
}

static void
lead_back(int fd, int saved)
{
	(void)fflush(NULL);
	CHECK(dup2(saved, fd) == fd);
	close(saved);
}

static void
read_whole(const char *path, char text[TOLD_SIZE_MAX])
{
	int fd = open(path, O_RDONLY);
	ssize_t got = read(fd, text, TOLD_SIZE_MAX - 1);

	CHECK(got >= 0);
	text[got] = '\0';
	close(fd);
}

static void
tell(const struct conf *conf, const struct options_asked *asked,
    struct told *ret_told)
{
	int out = lead_to(STDOUT_FILENO, test_path("out"));
	int err = lead_to(STDERR_FILENO, test_path("err"));

	ret_told->code = program_tell(conf, OPTIONS_FCGI, asked);
	lead_back(STDOUT_FILENO, out);
	lead_back(STDERR_FILENO, err);
	read_whole(test_path("out"), ret_told->out);
	read_whole(test_path("err"), ret_told->err);
}

static void
tell_check(const char *text, struct told *ret_told)
{
	const struct options_asked asked = {.action = OPTIONS_CHECK};
	struct conf *conf = conf_of(text);

	tell(conf, &asked, ret_told);
	conf_free(conf);
}

TEST(the_version_is_one_line)
{
	static struct told told;
	struct conf *conf = conf_new();

	tell(conf, &(struct options_asked){.action = OPTIONS_VERSION}, &told);
	CHECK_EQUAL_INT(told.code, PROGRAM_DONE);
	CHECK_EQUAL_TEXT(sse_slice(told.out), SLICE(PACKAGE_STRING "\n"));
	CHECK_EQUAL_TEXT(sse_slice(told.err), SLICE(""));
	conf_free(conf);
}

TEST(help_is_that_of_the_program)
{
	static struct told told;
	struct conf *conf = conf_new();

	tell(conf, &(struct options_asked){.action = OPTIONS_HELP}, &told);
	CHECK_EQUAL_INT(told.code, PROGRAM_DONE);
	CHECK(strstr(told.out, "sse-fcgi") != NULL);
	CHECK(strstr(told.out, "--max-clients") != NULL);
	CHECK_EQUAL_TEXT(sse_slice(told.err), SLICE(""));
	conf_free(conf);
}

TEST(a_check_prints_the_configuration_and_tells_what_keeps_it)
{
	static struct told told;
	char text[700], want[700];

	snprintf(text, sizeof(text), "[s]\nsource = %s\n", test_path("log"));
	tell_check(text, &told);
	CHECK_EQUAL_INT(told.code, PROGRAM_CHECK);
	CHECK(strstr(told.out, "\n[s]\n") != NULL || told.out[0] == '[');
	snprintf(want, sizeof(want), "s: %s: ", test_path("log"));
	CHECK(strncmp(told.err, want, strlen(want)) == 0);
	close(open(test_path("log"), O_WRONLY | O_CREAT, 0600));
	tell_check(text, &told);
	CHECK_EQUAL_TEXT(sse_slice(told.err), SLICE(""));
	CHECK_EQUAL_INT(told.code, PROGRAM_DONE);
}

TEST(without_a_stream_there_is_nothing_to_check)
{
	static struct told told;

	tell_check("# nothing\n", &told);
	CHECK_EQUAL_INT(told.code, PROGRAM_USAGE);
	CHECK_EQUAL_TEXT(sse_slice(told.err), SLICE(PROGRAM_NO_STREAM "\n"));
}

/* A name of a file is anything but a line of its own. */
TEST(what_is_told_is_a_line_whatever_is_in_it)
{
	static struct told told;
	const struct options_asked asked = {
	    .action = OPTIONS_CHECK, .as = "no\nbody\x1b[2J"};
	struct conf *conf = conf_of("[s]\nsource = /nowhere\n");

	tell(conf, &asked, &told);
	CHECK_EQUAL_INT(told.code, PROGRAM_USAGE);
	CHECK(strchr(told.err, '\n') == told.err + strlen(told.err) - 1);
	CHECK(strchr(told.err, '\x1b') == NULL);
	conf_free(conf);
}

TEST(what_cannot_be_printed_is_an_error_of_the_system)
{
	static struct told told;
	struct conf *conf = conf_new();
	int full = lead_to(STDOUT_FILENO, "/dev/full");

	told.code = program_tell(conf, OPTIONS_CGI,
	    &(struct options_asked){.action = OPTIONS_VERSION});
	lead_back(STDOUT_FILENO, full);
	CHECK_EQUAL_INT(told.code, PROGRAM_SYSTEM);
	conf_free(conf);
}
