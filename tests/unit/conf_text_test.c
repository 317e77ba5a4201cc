#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf_text.h"

/* The lines of a text as "N[section]" and "N key=value;", one string. */
static const char *
lines_of(struct sse_slice bytes, struct conf_error *ret_error)
{
	static char all[4096];
	struct conf_text text;
	struct conf_line line;
	size_t used = 0;
	int got;

	/* A byte read too far is a crash. */
	bytes.data = test_guarded(bytes.data, bytes.size);
	conf_text_init(&text, "/c", bytes);
	all[0] = '\0';
	while ((got = conf_text_next(&text, &line, ret_error)) == 1) {
		used += (size_t)snprintf(all + used, sizeof(all) - used,
		    line.kind == CONF_LINE_SECTION ? "%u[%.*s]" : "%u %.*s",
		    line.number, (int)line.name.size, line.name.data);
		if (line.kind == CONF_LINE_SETTING)
			used += (size_t)snprintf(all + used, sizeof(all) - used,
			    "=%.*s;", (int)line.value.size, line.value.data);
	}
	if (got == 0)
		return all;
	CHECK_EQUAL_INT(got, -EINVAL);
	CHECK_EQUAL_INT(conf_text_next(&text, &line, ret_error), 0);
	return NULL;
}

static void
check_lines(struct sse_slice bytes, const char *want)
{
	struct conf_error error = {""};
	const char *got = lines_of(bytes, &error);

	if (got == NULL)
		test_fail(__FILE__, __LINE__, "%s", error.text);
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(want));
}

static void
check_refused(struct sse_slice bytes, const char *message)
{
	struct conf_error error = {""};

	CHECK(lines_of(bytes, &error) == NULL);
	CHECK_EQUAL_TEXT(sse_slice(error.text), sse_slice(message));
}

TEST(a_value_is_the_rest_of_the_line_as_it_stands)
{
	check_lines(SLICE("a = b"), "1 a=b;");
	check_lines(SLICE("a=b\n"), "1 a=b;");
	check_lines(SLICE(" \ta \t=\t b  c = \"d\" # e ; f\\ \t\n"),
	    "1 a=b  c = \"d\" # e ; f\\;");
	check_lines(SLICE("a =\nb = \t\n"), "1 a=;2 b=;");
	check_lines(SLICE("a b=[c]\n"), "1 a b=[c];");
}

TEST(sections_comments_and_empty_lines)
{
	check_lines(SLICE(""), "");
	check_lines(SLICE("\n\n \t\n"), "");
	check_lines(SLICE("#!/usr/bin/sse-cgi -f\n ; x\n\t#\n[s]\na=1\n[]\n"),
	    "4[s]5 a=1;6[]");
	check_lines(SLICE("  [ s ]\t\n"), "1[ s ]");
}

TEST(lines_end_in_lf_or_crlf)
{
	check_lines(SLICE("[s]\r\na = b\r\n\r\nc=d\r\n"), "1[s]2 a=b;4 c=d;");
	/* Some editors begin a file with a byte order mark. */
	check_lines(SLICE("\xef\xbb\xbf[s]\r\na = b\r\n"), "1[s]2 a=b;");
	/* A CR elsewhere is a byte as any other. */
	check_lines(SLICE("a=b\rc\n"), "1 a=b\rc;");
	check_lines(SLICE("a=b\r"), "1 a=b\r;");
}

TEST(what_is_no_line_is_refused_with_its_number)
{
	check_refused(SLICE("\nword\n"),
	    "/c:2: \"word\" is neither \"key = value\", \"[name]\" nor a"
	    " comment");
	check_refused(SLICE("= b"),
	    "/c:1: \"= b\" is neither \"key = value\", \"[name]\" nor a"
	    " comment");
	check_refused(SLICE("[a\nb = c\n"),
	    "/c:1: \"[a\" begins a section, which is \"[name]\"");
	check_refused(
	    SLICE("["), "/c:1: \"[\" begins a section, which is \"[name]\"");
	check_refused(SLICE("[a] # b\n"),
	    "/c:1: \"[a] # b\" begins a section, which is \"[name]\"");
}

TEST(odd_bytes_are_refused_also_in_comments)
{
	check_refused(SLICE("a=b\n# \0\n"),
	    "/c:2: there is a NUL in the line; UTF-8 without NUL, up to 4096"
	    " bytes, is allowed");
	check_refused(SLICE("a=\xff\n"),
	    "/c:1: the line is no valid UTF-8; UTF-8 without NUL, up to 4096"
	    " bytes, is allowed");
	check_lines(SLICE("a=\xc3\xa4\n"), "1 a=\xc3\xa4;");
}

TEST(the_longest_line_and_one_byte_more)
{
	char *line = malloc(CONF_LINE_SIZE_MAX + 3);

	CHECK(line != NULL);
	memset(line, '#', CONF_LINE_SIZE_MAX + 3);
	memcpy(line + CONF_LINE_SIZE_MAX, "\r\n", 2);
	check_lines((struct sse_slice){line, CONF_LINE_SIZE_MAX + 2}, "");
	check_lines((struct sse_slice){line, CONF_LINE_SIZE_MAX}, "");
	memcpy(line + CONF_LINE_SIZE_MAX, "#\n", 2);
	check_refused((struct sse_slice){line, CONF_LINE_SIZE_MAX + 2},
	    "/c:1: the line is too long; UTF-8 without NUL, up to 4096"
	    " bytes, is allowed");
	free(line);
}

TEST(a_line_of_100_kib_is_told_in_a_few_words)
{
	static char text[(100 << 10) + 8];

	memset(text, 'x', sizeof(text));
	memcpy(text, "a=b\n", 4);
	memcpy(text + sizeof(text) - 4, "\nc=d", 4);
	check_refused((struct sse_slice){text, sizeof(text)},
	    "/c:2: the line is too long; UTF-8 without NUL, up to 4096"
	    " bytes, is allowed");
}

TEST(messages_show_hostile_bytes_escaped_and_cut)
{
	struct conf_error error;
	char text[1000];

	check_refused(SLICE("\x1b[31m\rx\n"),
	    "/c:1: \"\\x1b[31m\\x0dx\" is neither \"key = value\", \"[name]\""
	    " nor a comment");
	memset(text, '\x01', sizeof(text));
	CHECK(lines_of((struct sse_slice){text, sizeof(text)}, &error) == NULL);
	CHECK(strlen(error.text) < 200);
	CHECK(strstr(error.text, "\\x01...\"") != NULL);
}
