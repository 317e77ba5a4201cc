/*
 * What is said of one value of each kind; conf_key_test.c has each key.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "conf/conf_allowed.h"

static const struct {
	enum conf_key_index key;
	const char *value;
	const char *allowed; /* how it begins */
} cases[] = {
    {CONF_KEY_RETRY, "99ms", "less than 100ms (from 100ms to 1h is allowed)"},
    {CONF_KEY_RETRY, "2h", "more than 1h (from 100ms to 1h is allowed)"},
    {CONF_KEY_RETRY, "99999999999999999999",
	"more than 1h (from 100ms to 1h is allowed)"},
    {CONF_KEY_RETRY, "soon",
	"no time from 100ms to 1h (a number with ms, s, m, h or d)"},
    {CONF_KEY_RECORD_MAX, "x",
	"no size from 1K to 64M (a number with K, M, G or T, or of bytes)"},
    {CONF_KEY_STREAM_CLIENTS, "x", "no number from 0 to 1000000"},
    {CONF_KEY_FOLLOW, "maybe", "not one of: yes, no"},
    {CONF_KEY_SELECT, "x",
	"not some of these, with blanks between: path, query, server"},
    {CONF_KEY_FROM, "x", "none of start, end and -N with N from 1 to 1000000"},
    {CONF_KEY_ORIGIN, "x", "neither \"*\" nor origins (https://host or"},
    {CONF_KEY_ALLOW_HEADERS, "/", "no names of headers (A-Z, a-z, 0-9,"},
    {CONF_KEY_TIME_FORMAT, "%Q", "not a date or time as in strptime(3)"},
    {CONF_KEY_EVENT, "\t", "no text of 0 to 1024 bytes, in UTF-8,"},
    /* The reason is that of the names, or that of a text. */
    {CONF_KEY_SOURCE, "/var/*.log", "not a path: "},
    {CONF_KEY_SOURCE, "/x\x01", "no text of 1 to 4000 bytes, in UTF-8,"},
    {CONF_KEY_GENERATIONS, "app.log", "not \"none\" or patterns of names: "},
    {CONF_KEY_GENERATIONS, "app.log.%i\x01", "no text of "},
#ifdef WITH_PCRE2
    {CONF_KEY_INCLUDE, "(", "no regular expression: missing"},
    {CONF_KEY_INCLUDE, "a ",
	"no regular expression: it has control characters, or blanks at"},
#endif
};

TEST(a_value_that_is_refused_is_told_what_is_allowed)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct conf_key *key = conf_key_at(cases[i].key);
		const char *want = cases[i].allowed;
		struct stream_conf nowhere = {0};
		struct conf_allowed got = conf_allowed(key, cases[i].value);

		CHECK_EQUAL_INT(
		    conf_key_read(key, cases[i].value, &nowhere), -EINVAL);
		if (strncmp(got.text, want, strlen(want)) != 0)
			test_fail(__FILE__, __LINE__, "%s: %s", want, got.text);
	}
}

/* The longest of them is there to its end. */
TEST(no_answer_is_cut)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		struct conf_allowed got =
		    conf_allowed(conf_key_at((enum conf_key_index)i), "\x01");

		CHECK(got.text[0] != '\0');
		CHECK(strlen(got.text) < sizeof(got.text) - 1);
	}
}

#ifndef WITH_JSON
TEST(a_choice_that_was_left_out_is_told)
{
	struct conf_allowed got =
	    conf_allowed(conf_key_at(CONF_KEY_FORMAT), "json");

	CHECK_EQUAL_TEXT(sse_slice(got.text),
	    SLICE("not one of: lines, sse; this program was built without"
		  " json"));
}
#endif
