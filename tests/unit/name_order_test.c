/*
 * Names that sort as their dates do: that bytes tell the same as the dates.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "source/name_order.h"

static struct name_pattern
read_pattern(const char *text)
{
	struct name_pattern pattern;
	struct name_pattern_error why;

	if (name_pattern_read(&pattern, NAME_PATTERN_OF_GENERATIONS, text,
		strlen(text), &why) != 0)
		test_fail(__FILE__, __LINE__, "%s: %s", text, why.text);
	return pattern;
}

static const struct {
	const char *text;
	size_t size;
} patterns[] = {
    {"%Y", 4},
    {"log.%Y-%m-%d_%H:%M:%S", 23},
    {"app-%y%m%d.log", 14},
    {"%Y%%%m", 7},
    {"%d.%m.%Y", 0},
    {"%m-%Y", 0},
    {"log.%Y-%m-%d.%i", 0},
    {"%Y%m%d.%f", 0},
    {"log.%I", 0},
    {"log.%t", 0},
    {"log.old", 0},
};

TEST(a_date_with_its_year_first_and_nothing_else_sorts)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct name_pattern pattern = read_pattern(patterns[i].text);

		printf("# %s\n", patterns[i].text);
		CHECK_EQUAL_INT(name_order_size(&pattern), patterns[i].size);
	}
}

/* Each digit may be the one that tells. */
TEST(bytes_tell_which_date_is_older)
{
	static const char *const dates[] = {"1970-01-01", "1999-12-31",
	    "2000-01-01", "2000-01-02", "2000-01-10", "2000-02-01",
	    "2000-10-01", "2009-12-31", "2010-01-01", "9999-12-31"};
	const size_t count = sizeof(dates) / sizeof(dates[0]);
	struct name_pattern pattern = read_pattern("%Y-%m-%d");
	size_t size = name_order_size(&pattern);

	for (size_t i = 0; i < count * count; i++) {
		const char *a = dates[i / count], *b = dates[i % count];
		int bytes = strncmp(a, b, size), order;
		struct name_values of_a, of_b;

		CHECK(name_pattern_match(&pattern, a, strlen(a), &of_a));
		CHECK(name_pattern_match(&pattern, b, strlen(b), &of_b));
		order = name_values_compare(&of_a, &of_b, pattern.grows);
		CHECK((bytes < 0) == (order < 0));
		CHECK((bytes > 0) == (order > 0));
	}
}
