#include "test.h"

#include "source/rotation.h"

static bool
is_generation(const char *base, const char *name)
{
	struct rotation rotation;

	return rotation_read(sse_slice(base), sse_slice(name), &rotation);
}

/* Less than 0: a is older. */
static int
compare(const char *a, const char *b)
{
	struct rotation of_a, of_b;

	CHECK(rotation_read(sse_slice("log"), sse_slice(a), &of_a));
	CHECK(rotation_read(sse_slice("log"), sse_slice(b), &of_b));
	return rotation_compare(&of_a, &of_b);
}

TEST(accepts_the_suffixes_that_rotation_programs_add)
{
	static const char *const names[] = {"log.1", "log.10", "log.0",
	    "log.old", "log-20261120", "log.2026-11-20", "log-20261120-0315",
	    "log-1763683200", "log.1763683200", "log.2026-11-20T03:15",
	    "log-2026112613", "log.2026-11-26_13:00:00", "log.2026-11-26-13",
	    "log.20261126-130000", "log.2026-11-26T13-00-00"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!is_generation("log", names[i]))
			test_fail(__FILE__, __LINE__, "%s", names[i]);
}

TEST(refuses_every_other_file_beside_the_log)
{
	static const char *const names[] = {"log", "log.conf", "log2",
	    "log.bak", "log~", "log.swp", ".log.1", "log.1.conf", "log.1~",
	    "log-1", "log.", "log-", "log..1", "log.1.", "log.1-2", "log.-1",
	    "log.1.2", "xlog.1", "log.gz", "log.1.tar", "log.12345678a",
	    "log.123456789012345678901234567890123",
	    "log.12345678901234567890123456789012-3", "log-2026112", "log.+1",
	    "log. 1", "log.1\n", "log.old.1", "log.oldest", "log-20261120.conf",
	    "LOG.1", ""};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_generation("log", names[i]))
			test_fail(__FILE__, __LINE__, "%s", names[i]);
}

/* Whether a is the older one, and not the other way round. */
static void
check_older(const char *a, const char *b)
{
	if (compare(a, b) >= 0 || compare(b, a) <= 0)
		test_fail(__FILE__, __LINE__, "%s, %s", a, b);
}

/* The digits of two words, with zeros on both sides of where they meet. */
TEST(orders_the_longest_suffixes_by_all_of_their_digits)
{
	static const char *const names[][2] = {
	    {"log-20291231-235959-999999999", "log-20300101-000000-000000000"},
	    {"log-20261120-031500-000000001", "log-20261120-031500-000000002"},
	    {"log-20261120031500000000000", "log-20261120031500000000100"},
	    {"log-9999999999999999", "log-10000000000000000"},
	    {"log-10000000000000000", "log-10000000000000001"},
	    {"log-10000000000000001", "log-100000000000000001"},
	    {"log-00000000000000000001", "log-20000000000"},
	    {"log-99999999999999999999999999999998",
		"log-99999999999999999999999999999999"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_older(names[i][0], names[i][1]);
}

/* Another program's log, whose name has other digits. */
TEST(digits_of_the_log_itself_are_part_of_its_name)
{
	static const char *const names[][2] = {
	    {"php8.2-fpm.log", "php8.1-fpm.log"},
	    {"php8.2-fpm.log", "php8.1-fpm.log.1"},
	    {"php8.2-fpm.log", "php8.3-fpm.log"},
	    {"postgresql-15-main.log", "postgresql-14-main.log"},
	    {"redis-server-6379.log", "redis-server-6380.log"},
	    {"Xorg.0.log", "Xorg.1.log"}, {"Xorg.0.log", "Xorg.1.log.old"},
	    {"worker-1.log", "worker-2.log"}, {"worker-1.log", "worker-11.log"},
	    {"app-out-0.log", "app-out-1.log"}, {"app.0.log", "app.1.log"},
	    {"app-8080.log", "app-8081.log.1"}, {"log.1", "log.2"},
	    {"0.log", "1.log"}, {"0", "1"}, {"2026-11-20", "2026-11-19"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_generation(names[i][0], names[i][1]))
			test_fail(__FILE__, __LINE__, "%s", names[i][1]);
	CHECK(is_generation("php8.2-fpm.log", "php8.2-fpm.log.1"));
	CHECK(is_generation("log.1", "log.1.1"));
}

TEST(orders_numbers_downwards_and_dates_upwards)
{
	CHECK(compare("log.2", "log.1") < 0);
	CHECK(compare("log.10", "log.9") < 0);
	CHECK(compare("log.2", "log.old") < 0);
	CHECK(compare("log-20261119", "log-20261120") < 0);
	CHECK(compare("log.2026-11-19", "log.2026-11-20") < 0);
	CHECK(compare("log-20261120-0315", "log-20261120-0316") < 0);
	CHECK(compare("log.1", "log.01") == 0);
	CHECK(compare("log.0", "log.00") == 0);
	CHECK(compare("log.1", "log.0") < 0);
}

/* More digits than one number of the machine has. */
TEST(orders_dates_of_many_digits)
{
	static const char *const dates[] = {"log-0000000000000000",
	    "log-00000000000000000000000000000001", "log-9999999999999999",
	    "log-10000000000000000", "log-10000000000000001",
	    "log-20261120031501123456", "log-20261120031501123457",
	    "log-20261120031501123456789",
	    "log-20261120031501123456789012345678",
	    "log-20261120031501223456789012345678",
	    "log-99999999999999999999999999999999"};
	size_t count = sizeof(dates) / sizeof(dates[0]);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++) {
			int got = compare(dates[i], dates[j]);

			if ((got < 0) != (i < j) || (got > 0) != (i > j))
				test_fail(__FILE__, __LINE__, "%s and %s",
				    dates[i], dates[j]);
		}
}

/* As logback, log4j2 and others name the files of a day or an hour. */
TEST(orders_files_of_one_date_by_their_number)
{
	static const char *const names[][2] = {
	    {"log.2026-11-30.9", "log.2026-11-30.10"},
	    {"log.2026-11-30.10", "log.2026-12-01.1"},
	    {"log.2026-11-30", "log.2026-11-30.0"},
	    {"log.2026-11-30.99", "log.2026-12-01"},
	    {"log-20261130.9", "log-20261130.10"},
	    {"log-20261130-9", "log-20261130-10"},
	    {"log.2026-11-30-09.9", "log.2026-11-30-09.10"},
	    {"log.2026-11-30-09.10", "log.2026-11-30-10.1"},
	    {"log.20261130-235959.12", "log.20261201-000000.1"},
	    {"log-20261120-031501-999", "log-20261120-031501-1000"},
	    {"log-20261130.9", "log-20261130.1234567890123456789"},
	    {"log-1763683200.9", "log-1763683200.10"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_older(names[i][0], names[i][1]);
}

TEST(says_nothing_about_a_number_and_a_date)
{
	CHECK_EQUAL_INT(compare("log.1", "log-20261120"), 0);
}
