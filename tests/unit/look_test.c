/*
 * look_test.c - what a source is, before anybody asks for its stream.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream/look.h"
#include "stream/stream.h"
#include "stream_confs.h"

static struct stream_conf conf = {
    STREAM_CONF_OF_TESTS,
    .name = "log",
    .from = CONF_FROM_END,
    .record_start = "",
    .time_format = "",
};

static void
add(const char *text)
{
	write_log(text);
	conf.source = test_path("log");
}

static void
check(int error, const char *words)
{
	char text[LOOK_TEXT_SIZE_MAX] = "";

	CHECK_EQUAL_INT(look_error(&conf, NULL), error);
	CHECK_EQUAL_INT(look_is_fine(&conf, text), words == NULL);
	if (words != NULL && strstr(text, words) == NULL)
		test_fail(__FILE__, __LINE__, "%s", text);
}

TEST(a_log_that_is_there_is_fine)
{
	add("a\n");
	check(0, NULL);
	add("#!/bin/sh\n");
	check(0, NULL);
}

TEST(a_log_that_is_not_there_is_waited_for)
{
	conf.source = test_path("log");
	check(-ENOENT, "it is waited for");
	conf.follow = false;
	check(-ENOENT, "No such file");
	conf.source = test_path("log # the log");
	check(-ENOENT, "a comment stands on a line of its own");
	conf.source = test_path("log-%Y");
	check(-ENOENT, "No such file");
}

TEST(what_is_no_file_is_told)
{
	conf.source = test_directory();
	check(RESULT_WRONG_KIND, "is a folder");
}

TEST(a_fifo_is_not_opened_and_standard_input_is_there)
{
	conf.source = test_path("log");
	CHECK_EQUAL_INT(mkfifo(conf.source, 0600), 0);
	check(0, NULL);
	/* A writer would have been let in by a reader. */
	CHECK_EQUAL_INT(open(conf.source, O_WRONLY | O_NONBLOCK), -1);
	CHECK_EQUAL_INT(errno, ENXIO);
	conf.source = "-";
	check(0, NULL);
}

TEST(a_stream_file_is_not_served_as_a_log)
{
	static const struct {
		const char *line;
		bool is_one;
	} lines[] = {{"#!/usr/bin/sse-cgi\n", true},
	    {"#!/usr/bin/env sse-fcgi\r\n", true},
	    {"\xef\xbb\xbf#!/usr/bin/sse-cgi\n", true},
	    {"#!/usr/bin/sse-cgi", true}, {"# sse-cgi\n", false},
	    {"\n#!/usr/bin/sse-cgi\n", false}, {"#!/bin/sh\n", false}};
	char text[LOOK_TEXT_SIZE_MAX];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		(void)unlink(test_path("log"));
		add(lines[i].line);
		CHECK_EQUAL_INT(
		    look_is_stream_file(&conf, text), lines[i].is_one);
		CHECK_EQUAL_INT(look_is_fine(&conf, text), !lines[i].is_one);
		if (lines[i].is_one)
			CHECK(strstr(text, "write -f behind") != NULL);
	}
}
