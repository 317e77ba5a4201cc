#include "config.h"

#include "test.h"

#include "record/filter.h"

static bool
passes(const char *include, const char *exclude, const char *text)
{
	struct filter filter;
	int got;

	filter_init(&filter, include, exclude);
	got = filter_passes(&filter, sse_slice(text));
	CHECK(got == 0 || got == 1);
	filter_done(&filter);
	return got == 1;
}

TEST(without_patterns_everything_passes)
{
	struct filter filter;

	filter_init(&filter, NULL, "");
	CHECK(!filter_is_set(&filter));
	CHECK_EQUAL_INT(filter_passes(&filter, SLICE("")), 1);
	filter_done(&filter);
}

#ifdef WITH_PCRE2
TEST(exclude_wins_over_include)
{
	CHECK(passes("a", NULL, "xa"));
	CHECK(!passes("a", NULL, "x"));
	CHECK(!passes(NULL, "a", "xa"));
	CHECK(passes("", "a", "x"));
	CHECK(passes("a", "b", "a"));
	CHECK(!passes("a", "b", "ab"));
	CHECK(!passes("a", "b", ""));
}

/* Where it lies, and once. */
TEST(a_text_that_has_passed_is_not_searched_again)
{
	char text[] = "xa";
	const struct sse_slice whole = {text, 2}, other = {text, 1};
	struct filter filter;

	filter_init(&filter, "a", NULL);
	CHECK_EQUAL_INT(filter_passes_first(&filter, whole), 1);
	text[1] = 'b'; /* nobody looks */
	CHECK_EQUAL_INT(filter_passes(&filter, whole), 1);
	CHECK_EQUAL_INT(filter_passes(&filter, whole), 0);
	text[1] = 'a';
	CHECK_EQUAL_INT(filter_passes_first(&filter, whole), 1);
	CHECK_EQUAL_INT(filter_passes(&filter, other), 0);
	CHECK_EQUAL_INT(filter_passes_first(&filter, whole), 1);
	filter_forget(&filter);
	text[1] = 'b';
	CHECK_EQUAL_INT(filter_passes(&filter, whole), 0);
	CHECK_EQUAL_INT(filter_passes_first(&filter, whole), 0);
	CHECK_EQUAL_INT(filter_passes(&filter, whole), 0);
	filter_done(&filter);
}

/* What is quick is found without counting. */
TEST(a_search_that_counts_its_steps_is_slow)
{
	struct filter filter;

	filter_init(&filter, NULL, "(a+)+$");
	CHECK_EQUAL_INT(
	    filter_passes(&filter, SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaab")), 1);
	CHECK(filter_was_slow(&filter));
	filter_done(&filter);
}

/* Nobody knows: rather one too many than one that is missing. */
TEST(a_search_that_is_given_up_lets_the_text_scan)
{
	static const char evil[] = "(a+)+$";
	static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";

	CHECK(passes(evil, NULL, text));
	CHECK(passes(NULL, evil, text));
	CHECK(!passes(evil, "b", text));
}
#else
TEST(passes_says_nothing_without_pcre2)
{
	CHECK(passes("", "", "a"));
}
#endif
