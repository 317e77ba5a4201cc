#include "test.h"

#include <errno.h>
#include <string.h>

#include "source/name_pattern.h"

static int
read_as(struct name_pattern *pattern, enum name_pattern_use use,
    const char *text, struct name_pattern_error *why)
{
	return name_pattern_read(pattern, use, text, strlen(text), why);
}

static bool
matches(const char *text, const char *name, struct name_values *values)
{
	struct name_pattern pattern;
	struct name_pattern_error why;

	if (read_as(&pattern, NAME_PATTERN_OF_GENERATIONS, text, &why) != 0)
		test_fail(__FILE__, __LINE__, "%s: %s", text, why.text);
	return name_pattern_match(&pattern, name, strlen(name), values);
}

/* A pattern, and names from the oldest to the newest. */
static const struct {
	const char *pattern;
	const char *names[4];
} orders[] = {
    {"app.%i.log", {"app.10.log", "app.2.log", "app.01.log", "app.0.log"}},
    {"app.%I.log", {"app.0.log", "app.1.log", "app.2.log", "app.10.log"}},
    {"%Y-%m-%d.log", {"1999-12-31.log", "2026-11-09.log", "2026-11-10.log",
			 "2027-01-01.log"}},
    {"%d.%m.%Y", {"31.12.2025", "30.01.2026", "01.02.2026", "02.02.2026"}},
    {"%m%d%Y-%i", {"12312025-1", "01012026-3", "01012026-2", "01022026-9"}},
    {"a%y%m", {"a2512", "a2601", "a2602", "a9901"}},
    {"%Y%m%dT%H%M%S.%f", {"20261126T130000.099", "20261126T130000.1",
			     "20261126T130000.123456", "20261126T130001.0"}},
    {"@%t.s",
	{"@400000003b4a39c23294b13c.s", "@400000003b4a39c23294b13d.s",
	    "@400000003b4a39c300000000.s", "@400000006924f3e500000000.s"}},
    {"%t", {"@400000003b4a39c23294b13c", "400000003b4a39c23294b13d",
	       "@400000003b4a39c300000000", "@400000006924f3e500000000"}},
    {"100%%%I", {"100%0", "100%1", "100%2", "100%999999999999999999"}},
};

TEST(orders_names_by_date_and_then_by_number)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		bool grows = strstr(orders[i].pattern, "%I") != NULL;
		struct name_values older, newer;

		for (size_t j = 0; j + 1 < 4; j++) {
			const char *const *names = orders[i].names;

			if (!matches(orders[i].pattern, names[j], &older) ||
			    !matches(orders[i].pattern, names[j + 1], &newer) ||
			    name_values_compare(&older, &newer, grows) >= 0 ||
			    name_values_compare(&newer, &older, grows) <= 0)
				test_fail(__FILE__, __LINE__, "%s %s", names[j],
				    names[j + 1]);
		}
	}
}

static const struct {
	const char *pattern;
	const char *name;
} others[] = {
    {"app.%i.log", "app..log"},
    {"app.%i.log", "app.1.log2"},
    {"app.%i.log", "app.-1.log"},
    {"app.%i.log", "app.+1.log"},
    {"app.%i.log", "app. 1.log"},
    {"app.%i.log", "app.1x.log"},
    {"app.%i.log", "app.1.1.log"},
    {"app.%i.log", "app.log"},
    {"app.%i.log", ""},
    {"app.%i.log", "app.1234567890123456789.log"}, /* 19 digits */
    {"app-%Y-%m-%d.log", "app-2026-13-45.log"},
    {"app-%Y-%m-%d.log", "app-2026-00-10.log"},
    {"app-%Y-%m-%d.log", "app-2026-11-00.log"},
    {"app-%Y-%m-%d.log", "app-2026-11-31.log"},
    {"app-%Y-%m-%d.log", "app-2026-02-29.log"},
    {"app-%Y-%m-%d.log", "app-1900-02-29.log"},
    {"app-%Y-%m-%d.log", "app-1969-12-31.log"},
    {"app-%Y-%m-%d.log", "app-0000-01-01.log"},
    {"app-%Y-%m-%d.log", "app-2026-1-5.log"},
    {"app-%Y-%m-%d.log", "app-12026-01-05.log"},
    {"app-%Y-%m-%d.log", "app-2026-11-2x.log"},
    {"app-%Y-%m-%d.log", "app-2026-11-20.log.1"},
    {"%Y%m%d%H%M%S", "20261120240000"},
    {"%Y%m%d%H%M%S", "20261120006000"},
    {"%Y%m%d%H%M%S", "20261120000061"},
    {"%Y.%f", "2026."},
    {"%Y.%f", "2026.1234567890"},
    {"@%t.s", "@400000003b4a39c23294b13.s"},
    {"@%t.s", "@400000003B4A39C23294B13C.s"},
    {"@%t.s", "@400000003b4a39c23b9aca00.s"}, /* a whole second of ns */
    {"@%t.s", "@c00000003b4a39c23294b13c.s"}, /* beyond TAI64 */
    {"app.old", "app.older"},
};

TEST(what_is_no_date_and_no_number_does_not_match)
{
	struct name_values values;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (matches(others[i].pattern, others[i].name, &values))
			test_fail(__FILE__, __LINE__, "%s", others[i].name);
	CHECK(matches("%Y-%m-%d", "2024-02-29", &values));
	CHECK(matches("%Y-%m-%d", "2000-02-29", &values));
	CHECK(matches("app.log.bak", "app.log.bak", &values));
}

/* What cannot be a pattern, and what the line about it has to say. */
static const struct {
	const char *text;
	const char *why;
} refused[] = {
    {"", "1 to 255 bytes"},
    {"app.log", "it needs a number or a date"},
    {"app-old.log", "it needs a number or a date"},
    {".old", "it needs a number or a date"},
    {"100%%", "it needs a number or a date"},
    {"app.%i.%i", "once"},
    {"app.%i.%I", "not two"},
    {"app.%Y-%Y", "once"},
    {"app.%x", "one of %Y"},
    {"app.%", "one of %Y"},
    {"app.%Z.%i", "one of %Y"},
    {"app.*", "a * has no meaning"},
    {"a/%i", "no name of a file"},
    {"%m-%d.log", "begins with its year"},
    {"%Y-%d.log", "begins with its year"},
    {"%Y-%m-%d-%M", "begins with its year"},
    {"%H", "begins with its year"},
    {"%Y%y", "begins with its year"},
    {"%Y-%m-%d.%t", "%t is a date itself, with its fraction"},
    {"@%t.%f", "%t is a date itself, with its fraction"},
    {"%i%Y", "no digit and no other %"},
    {"%i0.log", "no digit and no other %"},
    {"%Y.%f%i", "no digit and no other %"},
};

TEST(refuses_what_cannot_be_a_pattern)
{
	struct name_pattern pattern;
	struct name_pattern_error why;
	char text[NAME_MAX + 3];

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (read_as(&pattern, NAME_PATTERN_OF_GENERATIONS,
			refused[i].text, &why) != -EINVAL ||
		    strstr(why.text, refused[i].why) == NULL)
			test_fail(__FILE__, __LINE__, "%s", refused[i].text);
	memset(text, 'a', sizeof(text));
	memcpy(text, "%i", 2);
	CHECK_EQUAL_INT(name_pattern_read(&pattern, NAME_PATTERN_OF_GENERATIONS,
			    text, NAME_MAX + 1, &why),
	    -EINVAL);
	CHECK_EQUAL_INT(name_pattern_read(&pattern, NAME_PATTERN_OF_GENERATIONS,
			    text, NAME_MAX, &why),
	    0);
}

TEST(has_a_limit_of_parts)
{
	struct name_pattern pattern;
	struct name_pattern_error why;

	CHECK_EQUAL_INT(read_as(&pattern, NAME_PATTERN_OF_GENERATIONS,
			    "a%Yb%mc%dd%He%Mf%Sg%fh%ij", &why),
	    0);
	CHECK(pattern.parts_count <= NAME_PATTERN_PARTS_MAX);
}

TEST(a_source_has_dates_alone)
{
	static const char *const names[] = {
	    "app.%i.log", "%y-%m-%d", "%t", "%Y.%f", "app-%j.log"};
	struct name_pattern pattern;
	struct name_pattern_error why;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK_EQUAL_INT(
		    read_as(&pattern, NAME_PATTERN_OF_SOURCE, names[i], &why),
		    -EINVAL);
	CHECK_EQUAL_INT(read_as(&pattern, NAME_PATTERN_OF_SOURCE,
			    "app-%Y-%m-%d_%H%M%S.log", &why),
	    0);
}
