#include "test.h"

#include <errno.h>
#include <string.h>

#include "record/time_format.h"

static const char *const right[] = {"%F", "%s", "%b %e %T", "100%% %T",
    "[%a %b %d %H:%M:%S%f %Y]", "%j", "%c", "%d %H:%M", "%H:%M", "%s%f", "@%t",
    "%*@%t", "%I:%M:%S%f %p", "%l:%M %P", "%r", "%*%T",
    "%*\"time\":\"%FT%T%f%z\"", "%*\"date\":\"%F\"%*\"time\":\"%T\"", "%* %T",
    "%Y-%j", "%F %T UTC", "%H:%M %p", "%Y-%m-%d %T %Z", "@%t%n"};

static const char *const wrong[] = {"", "now", "%", "%F %", "%%", "%f", "%Ey",
    "%Q", "%i", "%10d", "%Z", "%V", "%*", "%T%*", "%*%*%T", "%*%f%T", "%T%* ",
    "%T %^", "%t", "%n", "@", "%Y", "%b", "%Y-%m", "%m %T", "%Y %d", "%M:%S",
    "%p", "%a", "%z", "%I:%M", "%l", "%N", "%@", "%3f"};

TEST(knows_what_makes_a_time)
{
	struct time_format format;

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (time_format_read(right[i], &format) != 0)
			test_fail(__FILE__, __LINE__, "%s", right[i]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (time_format_read(wrong[i], &format) != -EINVAL)
			test_fail(__FILE__, __LINE__, "%s", wrong[i]);
}

TEST(its_size_and_pieces_have_a_limit)
{
	char text[TIME_FORMAT_SIZE_MAX + 2] = "%T";
	struct time_format format;

	for (size_t i = 2; i < TIME_FORMAT_SIZE_MAX; i++)
		text[i] = 'x';
	CHECK_EQUAL_INT(time_format_read(text, &format), 0);
	text[TIME_FORMAT_SIZE_MAX] = 'x';
	CHECK_EQUAL_INT(time_format_read(text, &format), -EINVAL);
	text[TIME_FORMAT_SIZE_MAX] = '\0';
	for (size_t i = 2; i < TIME_FORMAT_SIZE_MAX; i += 2)
		memcpy(text + i, i % 4 == 0 ? "%s" : "%p", 2);
	CHECK_EQUAL_INT(time_format_read(text, &format), -EINVAL);
	text[2 * TIME_FORMAT_PIECES_MAX] = '\0';
	CHECK_EQUAL_INT(time_format_read(text, &format), 0);
	CHECK_EQUAL_INT(format.count, TIME_FORMAT_PIECES_MAX);
}

TEST(keeps_what_strptime_reads_in_pieces)
{
	struct time_format format;

	CHECK_EQUAL_INT(time_format_read("%* \"t\":\"%T%f Z", &format), 0);
	CHECK_EQUAL_INT(format.count, 4);
	CHECK(format.pieces[0].kind == TIME_PIECE_SKIP);
	CHECK_EQUAL_TEXT(sse_slice(format.text + format.pieces[1].begin),
	    SLICE("\"t\":\"%T"));
	CHECK_EQUAL_INT(format.pieces[1].literal, 5);
	CHECK(format.pieces[2].kind == TIME_PIECE_FRACTION);
	CHECK_EQUAL_TEXT(
	    sse_slice(format.text + format.pieces[3].begin), SLICE(" Z"));
}

TEST(knows_words_that_are_greenwich)
{
	static const char *const utc[] = {"%TZ", "%T%fZ", "%T UTC", "%TUTC",
	    "%T%f GMT]", "[GMT] %T", "%T%z", "{\"t\":\"%FT%TZ\""};
	static const char *const local[] = {"%T", "Z%T", "%T Z", "%TZone",
	    "%T UTCX", "xUTC %T", "%*Z %T", "%T %Z"};
	struct time_format format;

	for (size_t i = 0; i < sizeof(utc) / sizeof(utc[0]); i++)
		if (time_format_read(utc[i], &format) != 0 || !format.zone)
			test_fail(__FILE__, __LINE__, "%s", utc[i]);
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		if (time_format_read(local[i], &format) != 0 || format.zone)
			test_fail(__FILE__, __LINE__, "%s", local[i]);
}
