#include "test.h"

#include <string.h>

#include "source/link_pattern.h"

static const struct {
	const char *target;
	enum link_kind kind;
	const char *older; /* of the same log */
	const char *other; /* of another one */
} targets[] = {
    {"app-2026-11-24.log", LINK_DATE, "app-2026-11-23.log",
	"app-2026-11-23.log.1"},
    {"app-20261124.log", LINK_DATE, "app-20261031.log", "app-20261131.log"},
    {"app.2026.11.24", LINK_DATE, "app.2025.12.31", "app.2025-12-31"},
    {"app_2026_11_24.log", LINK_DATE, "app_2026_11_23.log",
	"apq_2026_11_23.log"},
    {"app-2026112413.log", LINK_DATE, "app-2026112412.log", "app-20261124.log"},
    {"app-20261124131415", LINK_DATE, "app-20261124131414",
	"app-20261124131460x"},
    {"app-2026-11-24T13-14-15.log", LINK_DATE, "app-2026-11-24T13-14-14.log",
	"app-2026-11-24T13-14.log"},
    {"app-2026-11-24T13.log", LINK_DATE, "app-2026-11-24T12.log",
	"app-2026-11-24T24.log"},
    {"app.1764000000", LINK_DATE, "app.1763913600", "app.17639136"},
    /* glog: a start of the program, and its process. */
    {"app.host.log.INFO.20261124-101112.4711", LINK_DATE,
	"app.host.log.INFO.20261123-101112.4242",
	"app.host.log.INFO.20261124-101112.4242"},
    /* What the digits behind a date are nobody knows: the same they are. */
    {"app-2026-11-24-1.log", LINK_DATE, "app-2026-11-23-1.log",
	"app-2026-11-23-2.log"},
    {"app-2026-11-24-01.log", LINK_DATE, "app-2026-11-23-01.log",
	"app-2026-11-24-02.log"},
    {"app-2026-11-24-8080.log", LINK_DATE, "app-2026-11-23-8080.log",
	"app-2026-11-24-8081.log"},
    {"php8.2-2026-11-24.log", LINK_DATE, "php8.2-2026-11-23.log",
	"php8.1-2026-11-23.log"},
    {"0.log", LINK_NUMBER, "1.log", "1.log.1"},
    {"worker-3.log", LINK_NUMBER, "worker-2.log", "worker-.log"},
    {"php8.2-fpm.log", LINK_NONE, NULL, "php8.1-fpm.log"},
    {"app-2026-13-45.log", LINK_NONE, NULL, "app-2026-13-44.log"},
    {"app.log", LINK_NONE, NULL, "apq.log"},
    {"", LINK_NONE, NULL, "1"},
};

TEST(dates_change_and_other_digits_do_not)
{
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		const char *older = targets[i].older, *other = targets[i].other;
		struct link_pattern link;
		struct name_values values;

		link_pattern_read(&link, targets[i].target);
		if (link.kind != targets[i].kind)
			test_fail(__FILE__, __LINE__, "%s", targets[i].target);
		if (older != NULL &&
		    !link_pattern_match(&link, older, strlen(older), &values))
			test_fail(__FILE__, __LINE__, "%s", older);
		if (link_pattern_match(&link, other, strlen(other), &values))
			test_fail(__FILE__, __LINE__, "%s", other);
	}
}

TEST(a_folder_of_numbers_has_names_of_the_log_alone)
{
	struct link_pattern link;

	link_pattern_read(&link, "0.log");
	CHECK(link_pattern_is_own(&link, "0.log"));
	CHECK(link_pattern_is_own(&link, "17.log"));
	CHECK(link_pattern_is_own(&link, "0.log.20261124-101112.gz"));
	CHECK(link_pattern_is_own(&link, "1.log.tmp"));
	CHECK(!link_pattern_is_own(&link, "1.logs"));
	CHECK(!link_pattern_is_own(&link, "a.log"));
	CHECK(!link_pattern_is_own(&link, "readme"));
}

TEST(a_target_with_percent_signs_is_taken_as_it_is)
{
	struct link_pattern link;
	struct name_values values;

	link_pattern_read(&link, "100%Y-20261124");
	CHECK_EQUAL_INT(link.kind, LINK_DATE);
	CHECK(link_pattern_match(&link, "100%Y-20261123", 14, &values));
	CHECK(!link_pattern_match(&link, "1002026-20261123", 16, &values));
}
