#include "config.h"

#include "test.h"

#include "record/record_start.h"

#ifdef WITH_PCRE2

static bool
begins(const char *pattern, bool keep_sequences, struct sse_slice line)
{
	struct record_start *start;
	bool got;

	CHECK_EQUAL_INT(
	    record_start_new(pattern, 1000, keep_sequences, &start), 0);
	got = record_start_begins(start, line);
	record_start_free(start);
	return got;
}

TEST(a_line_that_matches_begins_a_record)
{
	CHECK(begins("^[0-9]{4}-", false, SLICE("2026-11-20 a")));
	CHECK(!begins("^[0-9]{4}-", false, SLICE("\tat app.Main")));
	CHECK(!begins("^[0-9]{4}-", false, SLICE("")));
}

TEST(it_is_looked_at_as_it_would_be_sent)
{
	CHECK(begins("^a", false, SLICE("\x1b[31ma")));
	CHECK(!begins("^a", true, SLICE("\x1b[31ma")));
	/* What is no UTF-8 is U+FFFD by then. */
	CHECK(begins("^\\x{fffd}a", false,
	    SLICE("\xff"
		  "a")));
}

TEST(where_nobody_knows_it_begins_one)
{
	static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";

	CHECK(begins("(a+)+$", false, sse_slice(text)));
	record_start_free(NULL);
}

#else

TEST(there_are_none_without_pcre2)
{
	record_start_free(NULL);
}

#endif
