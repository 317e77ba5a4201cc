#include "test.h"

#include <string.h>

#include "record/time_piece.h"

/* The first piece of a format. */
static struct time_format
format_of(const char *text)
{
	struct time_format format;

	CHECK_EQUAL_INT(time_format_read(text, &format), 0);
	return format;
}

/* How many bytes the first piece has; -1: the text does not begin with it. */
static int
take(const char *text, const char *bytes, struct time_found *found)
{
	struct time_format format = format_of(text);
	size_t size = strlen(bytes) + 1;
	const char *begin = test_guarded(bytes, size);
	const char *end =
	    time_piece_take(&format, &format.pieces[0], begin, found);

	return end != NULL ? (int)(end - begin) : -1;
}

TEST(digits_since_1970_say_their_unit)
{
	static const struct {
		const char *text;
		int size;
		int64_t moment_s;
		int fraction_ms;
	} cases[] = {
	    {"1795168800 a", 10, 1795168800, 0},
	    {"1795168800042", 13, 1795168800, 42},
	    {"1795168800042123", 16, 1795168800, 42},
	    {"1795168800042123456", 19, 1795168800, 42},
	    {"8999999999999999999", 19, INT64_C(8999999999), 999},
	    {"9000000000000000000", -1, 0, 0},
	    {"179516880", -1, 0, 0},
	    {"17951688000", -1, 0, 0},
	    {"1795168800f", -1, 0, 0},
	    {"", -1, 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct time_found found = {0};

		CHECK_EQUAL_INT(
		    take("%s", cases[i].text, &found), cases[i].size);
		CHECK_EQUAL_INT(found.moment_s, cases[i].moment_s);
		CHECK_EQUAL_INT(found.fraction_ms, cases[i].fraction_ms);
	}
}

TEST(a_fraction_may_be_absent)
{
	static const struct {
		const char *text;
		int size;
		int ms;
	} cases[] = {
	    {".042123 a", 7, 42},
	    {",7", 2, 700},
	    {".", 1, 0},
	    {" .7", 0, 0},
	    {"", 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct time_found found = {0};
		struct time_format format = format_of("%T%f");

		CHECK_EQUAL_INT(format.pieces[1].kind, TIME_PIECE_FRACTION);
		CHECK(time_piece_take(&format, &format.pieces[1], cases[i].text,
			  &found) == cases[i].text + cases[i].size);
		CHECK_EQUAL_INT(found.fraction_ms, cases[i].ms);
	}
}

/* The fraction is of the second that is already one of milliseconds. */
TEST(a_moment_that_has_a_fraction_keeps_it)
{
	struct time_format format = format_of("%s%f");
	struct time_found found = {0};
	const char *text = "1795168800042.9";

	text = time_piece_take(&format, &format.pieces[0], text, &found);
	text = time_piece_take(&format, &format.pieces[1], text, &found);
	CHECK(text != NULL && *text == '\0');
	CHECK_EQUAL_INT(found.fraction_ms, 42);
}

TEST(a_label_has_24_digits)
{
	struct time_found found = {0};

	CHECK_EQUAL_INT(take("@%t", "@400000006B001a2a1dcd6500 a", &found), 25);
	CHECK_EQUAL_INT(found.moment_s, 1795168800);
	CHECK_EQUAL_INT(found.fraction_ms, 500);
	CHECK_EQUAL_INT(take("@%t", "@400000006b001a2a1dcd650", &found), -1);
	CHECK_EQUAL_INT(take("@%t", "@400000006b001a2a1dcd65000", &found), -1);
	CHECK_EQUAL_INT(take("@%t", "400000006b001a2a1dcd6500", &found), -1);
	CHECK_EQUAL_INT(take("@%t", "@", &found), -1);
}

TEST(fields_are_those_of_strptime)
{
	struct time_found found = {0};

	CHECK_EQUAL_INT(
	    take("[%d/%b/%Y %T]", "[20/Nov/2026 10:00:00] a", &found), 22);
	CHECK_EQUAL_INT(found.fields.tm_mday, 20);
	CHECK_EQUAL_INT(found.fields.tm_hour, 10);
	CHECK_EQUAL_INT(take("[%d/%b/%Y %T]", "[20/Nov", &found), -1);
}

TEST(a_half_is_in_any_case)
{
	struct time_found found = {0};

	CHECK_EQUAL_INT(take("%p %I:%M", " Pm 10:00", &found), 3);
	CHECK(found.is_pm);
	CHECK_EQUAL_INT(take("%p %I:%M", "aM", &found), 2);
	CHECK(!found.is_pm);
	CHECK_EQUAL_INT(take("%p %I:%M", "xm", &found), -1);
	CHECK_EQUAL_INT(take("%p %I:%M", "a", &found), -1);
}

TEST(a_day_of_the_year_has_up_to_three_digits)
{
	struct time_found found = {0};

	CHECK_EQUAL_INT(take("%j", "0601", &found), 3);
	CHECK_EQUAL_INT(found.year_day, 60);
	CHECK_EQUAL_INT(take("%j", "  1:", &found), 3);
	CHECK_EQUAL_INT(found.year_day, 1);
	CHECK_EQUAL_INT(take("%j", "366", &found), 3);
	CHECK_EQUAL_INT(take("%j", "367", &found), -1);
	CHECK_EQUAL_INT(take("%j", "000", &found), -1);
	CHECK_EQUAL_INT(take("%j", "x", &found), -1);
}

TEST(a_piece_tells_with_what_it_may_begin)
{
	static const struct {
		const char *format;
		char letter;
	} cases[] = {{"%s", 's'}, {"@%t", '@'}, {"%p %I:%M", 'p'}, {"%T", 'T'},
	    {"%j", 'j'}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct time_format format = format_of(cases[i].format);

		CHECK_EQUAL_INT(time_piece_letter(&format, &format.pieces[0]),
		    cases[i].letter);
	}
}
