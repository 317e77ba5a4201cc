/*
 * journal_match_test.c - matches as an administrator writes them.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "source/journal_match.h"

/* One byte too long. */
#define LONG_NAME                                 \
	"A23456789012345678901234567890123456789" \
	"01234567890123456789012345"

static char told[500];

static int
add_match(struct sd_journal *journal, const void *match, size_t size)
{
	(void)journal;
	strncat(told, "[", 2);
	strncat(told, match, size);
	strncat(told, "]", 2);
	return strstr(told, "FAIL") != NULL ? -ENOMEM : 0;
}

static int
add_disjunction(struct sd_journal *journal)
{
	(void)journal;
	strncat(told, "|", 2);
	return 0;
}

static void
flush_matches(struct sd_journal *journal)
{
	(void)journal;
	told[0] = '\0';
}

static const struct journal_library library = {.add_match = add_match,
    .add_disjunction = add_disjunction,
    .flush_matches = flush_matches};

TEST(matches_are_words)
{
	const struct {
		const char *text, *told;
	} cases[] = {
	    {"A=b", "[A=b]"},
	    {"  A=b   _C1=  ", "[A=b][_C1=]"},
	    {"A=b + C=d", "[A=b]|[C=d]"},
	    {"A=b+c", "[A=b+c]"},
	    {"A=\"b c\" D=e", "[A=b c][D=e]"},
	    {"\"A=b c\"", "[A=b c]"},
	    {"A=\"\\\"\\\\\\n\"", "[A=\"\\\\n]"},
	    {"A==", "[A==]"},
	    {"A=\xc3\xa9", "[A=\xc3\xa9]"},
	};
	char reason[SOURCE_REASON_SIZE_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_EQUAL_INT(journal_match_check(cases[i].text, reason), 0);
		CHECK_EQUAL_INT(
		    journal_match_set(&library, NULL, cases[i].text), 0);
		CHECK_EQUAL_TEXT(sse_slice(told), sse_slice(cases[i].told));
	}
	CHECK_EQUAL_INT(
	    journal_match_set(&library, NULL, "A=FAIL B=c"), -ENOMEM);
	CHECK_EQUAL_TEXT(sse_slice(told), SLICE("[A=FAIL]"));
}

TEST(what_is_no_match_is_refused)
{
	const struct {
		const char *text, *reason;
	} cases[] = {
	    {"A=\"b", "a double quote is not closed"},
	    {"+ A=b", "a match stands on each side of \"+\""},
	    {"A=b +", "a match stands on each side of \"+\""},
	    {"A=b + + C=d", "a match stands on each side of \"+\""},
	    {"A", "matches are FIELD=VALUE"},
	    {"=b", "matches are FIELD=VALUE"},
	    {"a=b", "matches are FIELD=VALUE"},
	    {"1A=b", "matches are FIELD=VALUE"},
	    {"A-B=c", "matches are FIELD=VALUE"},
	    {"A=b __CURSOR=c", "matches are FIELD=VALUE"},
	    {"A=b /usr/bin/x", "matches are FIELD=VALUE"},
	};
	char reason[SOURCE_REASON_SIZE_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_EQUAL_INT(
		    journal_match_check(cases[i].text, reason), -EINVAL);
		CHECK(strncmp(reason, cases[i].reason,
			  strlen(cases[i].reason)) == 0);
	}
}

TEST(a_field_has_a_name)
{
	static const char *const good[] = {"A", "_A", "_", "A1", "A__X_9"};
	static const char *const bad[] = {
	    "", "a", "1", "A B", "A=", "\xc3", "__", "__X_9", LONG_NAME};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(journal_field_is_name(sse_slice(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!journal_field_is_name(sse_slice(bad[i])));
}
