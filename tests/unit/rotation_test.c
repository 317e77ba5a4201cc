#include "test.h"

#include <stdio.h>

#include "rotation.h"

static bool
is_generation(const char *base, const char *name)
{
	struct rotation_rank rank;

	return rotation_name(base, name, &rank);
}

/* Less than 0: a is older. */
static int
compare(const char *base, const char *a, const char *b)
{
	struct rotation_rank of_a, of_b;

	CHECK(rotation_name(base, a, &of_a));
	CHECK(rotation_name(base, b, &of_b));
	return rotation_compare(&of_a, &of_b);
}

TEST(accepts_the_names_that_rotation_tools_give)
{
	static const char *const names[] = {"log.1", "log.10", "log.old",
	    "log-20261120", "log.2026-11-20", "log-20261120-0315",
	    "log-1763683200", "log.2026-11-20T03:15", "log.1.gz",
	    "log-20261120.xz", "log.old.zst", "log.2.bz2"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!is_generation("log", names[i]))
			test_fail(__FILE__, __LINE__, "%s", names[i]);
}

TEST(refuses_every_other_file_beside_the_log)
{
	static const char *const names[] = {"log", "log.conf", "log2",
	    "log.bak", "log~", "log.swp", ".log.1", "log.1.conf", "log.1~",
	    "log-1", "log.", "log-", "log..1", "log.1.", "log.1-2", "log.-1",
	    "log.1.2", "xlog.1", "log.gz", "log.1.tar",
	    "log.123456789012345678901234567890123", "log-2026112", "log.+1",
	    "log. 1", "log.1\n", "log.old.1", "log.oldest", "log-20261120.conf",
	    "LOG.1", ""};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_generation("log", names[i]))
			test_fail(__FILE__, __LINE__, "%s", names[i]);
}

TEST(orders_numbers_downwards_and_dates_upwards)
{
	CHECK(compare("log", "log.2", "log.1") < 0);
	CHECK(compare("log", "log.10", "log.9") < 0);
	CHECK(compare("log", "log.2", "log.old") < 0);
	CHECK(compare("log", "log-20261119", "log-20261120") < 0);
	CHECK(compare("log", "log.2026-11-19", "log.2026-11-20") < 0);
	CHECK(compare("log", "log-20261120-0315", "log-20261120-0316") < 0);
	CHECK(compare("log", "log.1", "log.1.gz") == 0);
}

TEST(says_nothing_about_unlike_schemes)
{
	CHECK_EQUAL_INT(compare("log", "log.1", "log-20261120"), 0);
}

TEST(a_log_with_digits_in_its_name_has_siblings)
{
	CHECK(is_generation("app-8.log", "app-7.log"));
	CHECK(is_generation("app-8.log", "app-10.log.gz"));
	CHECK(is_generation("app-8.log", "app-8.log.1"));
	CHECK(!is_generation("app-8.log", "app-8.log"));
	CHECK(!is_generation("app-8.log", "app-.log"));
	CHECK(!is_generation("app-8.log", "app-7.logs"));
	CHECK(!is_generation("app-8.log", "app-7.conf"));
	CHECK(!is_generation("app.log", "apq.log"));
	CHECK(compare("app-8.log", "app-7.log", "app-10.log") < 0);
	CHECK(compare("a-2026-11-20", "a-2026-11-18", "a-2026-11-19") < 0);
}
