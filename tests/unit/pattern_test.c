#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/pattern.h"

#ifdef WITH_PCRE2

static struct pattern *
pattern_of(const char *text)
{
	struct pattern *pattern;
	struct pattern_error error;

	if (pattern_new(text, &pattern, &error) != 0)
		test_fail(__FILE__, __LINE__, "%s: %s", text, error.text);
	return pattern;
}

static enum pattern_result
find(const char *of, struct sse_slice text)
{
	struct pattern *pattern = pattern_of(of);
	enum pattern_result result = pattern_find(pattern, text);

	pattern_free(pattern);
	return result;
}

TEST(finds_it_somewhere)
{
	CHECK(find("b", SLICE("abc")) == PATTERN_MATCHES);
	CHECK(find("^b", SLICE("abc")) == PATTERN_MISSES);
	CHECK(find("x|", SLICE("")) == PATTERN_MATCHES);
	CHECK(find("x", sse_slice(NULL)) == PATTERN_MISSES);
	CHECK(find("a\\x00b", SLICE("a\0b")) == PATTERN_MATCHES);
	CHECK(find("(*NO_JIT)x", SLICE("abc")) == PATTERN_MISSES);
	/* Characters, not bytes. */
	CHECK(find("^.$", SLICE("\xc3\xa4")) == PATTERN_MATCHES);
	CHECK(find("(?i)\xc3\x84", SLICE("\xc3\xa4")) == PATTERN_MATCHES);
}

TEST(what_is_none_is_told)
{
	static const char *const wrong[] = {"(", "a{2,1}", "[z-a]", "*",
	    "(?<n>a)(?<n>b)", "\\", "(?z)", "\xff"};
	struct pattern *pattern;
	struct pattern_error error;
	char longer[PATTERN_SIZE_MAX + 2];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		error.text[0] = '\0';
		CHECK_EQUAL_INT(
		    pattern_new(wrong[i], &pattern, &error), -EINVAL);
		CHECK(error.text[0] != '\0');
	}
	memset(longer, 'a', sizeof(longer));
	longer[PATTERN_SIZE_MAX + 1] = '\0';
	CHECK_EQUAL_INT(pattern_new(longer, &pattern, &error), -EINVAL);
	longer[PATTERN_SIZE_MAX] = '\0';
	pattern_free(pattern_of(longer));
	pattern_free(NULL);
}

/* Made for each other: without limits it would take years. */
TEST(nothing_takes_long)
{
	static const char *const patterns[] = {"^(a+)+$", "(a|a)*b",
	    "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a?){30}a{30}b"};
	static char text[100000];

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '!';
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		CHECK(find(patterns[i], (struct sse_slice){text,
					    sizeof(text)}) != PATTERN_MATCHES);
	CHECK(find("^(a+)+$", (struct sse_slice){text, sizeof(text)}) ==
	      PATTERN_LIMIT);
}

/* From each place of them a search is short, but there are many places. */
TEST(all_places_have_one_limit)
{
	static const struct {
		const char *pattern;
		size_t run; /* of "a", then one "!" */
		size_t size;
		enum pattern_result result;
	} cases[] = {
	    {"(a+)+$", 14, 30, PATTERN_LIMIT},
	    {"(a+)+$", 14, 262144, PATTERN_LIMIT},
	    {"(*NO_JIT)(a+)+$", 14, 262144, PATTERN_LIMIT},
	    {"(a+)+$", 4, 20, PATTERN_MISSES},
	    {"(a|aa)+$", 3, 262144, PATTERN_LIMIT},
	    {"[a-z]+\\s", 262144, 262144, PATTERN_LIMIT},
	    {"(*NO_JIT)[a-z]+\\s", 262144, 262144, PATTERN_LIMIT},
	    /* What takes a few steps for each byte is no matter. */
	    {"a!b", 14, 262144, PATTERN_MISSES},
	    {"a.*!a", 14, 262144, PATTERN_MATCHES},
	    {"a.*b", 14, 65536, PATTERN_MISSES},
	    {"^.*!b", 14, 65536, PATTERN_MISSES},
	    {"(?C7)!a*!", 14, 4096, PATTERN_MATCHES},
	};
	static char text[262144];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t at = 0; at < cases[i].size; at++)
			text[at] =
			    (at + 1) % (cases[i].run + 1) == 0 ? '!' : 'a';
		text[cases[i].size - 1] = '!';
		CHECK_EQUAL_INT(find(cases[i].pattern,
				    (struct sse_slice){text, cases[i].size}),
		    cases[i].result);
	}
}

/* Those of both searches of a text are one. */
TEST(searches_that_are_given_up_are_counted)
{
	struct pattern *pattern = pattern_of("(a+)+$");
	char text[2000];

	memset(text, 'a', sizeof(text));
	text[40] = '!';
	text[sizeof(text) - 1] = '!';
	CHECK_EQUAL_INT(pattern_take_given_up(NULL), 0);
	CHECK(pattern_find(pattern, SLICE("a")) == PATTERN_MATCHES);
	CHECK(pattern_find(pattern, SLICE("b")) == PATTERN_MISSES);
	CHECK_EQUAL_INT(pattern_take_given_up(pattern), 0);
	CHECK(pattern_find(pattern, (struct sse_slice){text, 41}) ==
	      PATTERN_LIMIT);
	CHECK(pattern_find(pattern, (struct sse_slice){text, sizeof(text)}) ==
	      PATTERN_LIMIT);
	CHECK_EQUAL_INT(pattern_take_given_up(pattern), 2);
	CHECK_EQUAL_INT(pattern_take_given_up(pattern), 0);
	pattern_free(pattern);
}

static void
count_pause(void *context)
{
	size_t *count = context;

	++*count;
}

/* Only what takes long does. */
TEST(a_long_search_takes_pauses)
{
	size_t count = 0;
	const struct pause pause = {count_pause, &count};
	struct pattern *pattern = pattern_of("(*NO_JIT)(a+)+$");

	pattern_set_pause(pattern, &pause);
	CHECK(pattern_find(pattern, SLICE("b")) == PATTERN_MISSES);
	CHECK_EQUAL_INT(count, 0);
	CHECK(pattern_find(pattern, SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
					  "aaaaaaaaaaaaa!")) == PATTERN_LIMIT);
	CHECK(count >= 50);
	pattern_free(pattern);
}

/* Compiled once, and no other pattern's end is its end. */
TEST(what_is_kept_is_there_for_all_of_its_text)
{
	static char longer[4096];
	struct pattern *first, *second;

	memset(longer, 'a', sizeof(longer) - 1);
	pattern_keep("^a+b");
	pattern_keep("^a+b");
	pattern_keep("");
	pattern_keep("(");
	first = pattern_of("^a+b");
	second = pattern_of("^a+b");
	CHECK(pattern_find(first, SLICE("aab")) == PATTERN_MATCHES);
	pattern_free(first);
	CHECK(pattern_find(second, SLICE("aab")) == PATTERN_MATCHES);
	CHECK(pattern_find(second, SLICE("b")) == PATTERN_MISSES);
	CHECK(pattern_find(second, sse_slice(longer)) == PATTERN_MISSES);
	pattern_free(second);
	CHECK(find("^a+b", SLICE("ab")) == PATTERN_MATCHES);
	CHECK(find("^a+c", SLICE("ab")) == PATTERN_MISSES);
}

#else

TEST(there_are_none)
{
	struct pattern *pattern;
	struct pattern_error error;

	CHECK_EQUAL_INT(pattern_new("a", &pattern, &error), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text),
	    SLICE("this program was built without PCRE2"));
}

#endif
