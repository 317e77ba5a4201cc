#include "test.h"

#include <errno.h>

#include "conf/conf_value.h"

static void
check_value(enum conf_unit unit, const char *text, uint64_t want)
{
	uint64_t value = 0;

	CHECK_EQUAL_INT(conf_value_read(unit, text, &value), 0);
	CHECK_EQUAL_INT(value, want);
}

static void
check_refused(enum conf_unit unit, const char *text, int error)
{
	uint64_t value = 77;

	CHECK_EQUAL_INT(conf_value_read(unit, text, &value), error);
	CHECK_EQUAL_INT(value, 77);
}

TEST(sizes_are_powers_of_1024)
{
	check_value(CONF_UNIT_BYTES, "0", 0);
	check_value(CONF_UNIT_BYTES, "17", 17);
	check_value(CONF_UNIT_BYTES, "3K", 3 * 1024);
	check_value(CONF_UNIT_BYTES, "3M", 3 * 1048576);
	check_value(CONF_UNIT_BYTES, "3G", INT64_C(3) << 30);
	check_value(CONF_UNIT_BYTES, "3T", INT64_C(3) << 40);
	check_value(CONF_UNIT_BYTES, "007", 7);
}

TEST(times_are_milliseconds_and_a_bare_number_seconds)
{
	check_value(CONF_UNIT_MS, "0", 0);
	check_value(CONF_UNIT_MS, "2", 2000);
	check_value(CONF_UNIT_MS, "2s", 2000);
	check_value(CONF_UNIT_MS, "200ms", 200);
	check_value(CONF_UNIT_MS, "2m", 120000);
	check_value(CONF_UNIT_MS, "2h", 7200000);
	check_value(CONF_UNIT_MS, "2d", 172800000);
}

TEST(anything_else_is_refused)
{
	static const char *const texts[] = {"", " 1", "1 ", "1 K", "+1", "-1",
	    "1.5", "0x10", "1e3", "K", "1k", "1KB", "1KK", "1\xc2\xa0", "1,5",
	    "\xd9\xa1", "1s", "inf", "1\n"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_refused(CONF_UNIT_BYTES, texts[i], -EINVAL);
	check_refused(CONF_UNIT_MS, "1K", -EINVAL);
	check_refused(CONF_UNIT_MS, "1S", -EINVAL);
	check_refused(CONF_UNIT_MS, "1 s", -EINVAL);
	check_refused(CONF_UNIT_MS, "s", -EINVAL);
	check_refused(CONF_UNIT_MS, "1m30s", -EINVAL);
	check_refused(CONF_UNIT_NONE, "1K", -EINVAL);
}

TEST(what_has_no_room_is_refused_and_never_wraps)
{
	check_value(CONF_UNIT_NONE, "18446744073709551615", UINT64_MAX);
	check_refused(CONF_UNIT_NONE, "18446744073709551616", -ERANGE);
	check_refused(CONF_UNIT_NONE, "18446744073709551620", -ERANGE);
	check_refused(CONF_UNIT_NONE, "99999999999999999999999", -ERANGE);
	check_value(CONF_UNIT_BYTES, "16777215T", UINT64_C(16777215) << 40);
	check_refused(CONF_UNIT_BYTES, "16777216T", -ERANGE);
	check_refused(CONF_UNIT_BYTES, "18446744073709551615K", -ERANGE);
	check_refused(CONF_UNIT_MS, "18446744073709551615", -ERANGE);
}

static void
check_printed(enum conf_unit unit, uint64_t value, const char *want)
{
	struct conf_value_text text = conf_value_print(unit, value);
	uint64_t again = 1;

	CHECK_EQUAL_TEXT(sse_slice(text.text), sse_slice(want));
	CHECK_EQUAL_INT(conf_value_read(unit, text.text, &again), 0);
	CHECK_EQUAL_INT(again, value);
}

TEST(printed_as_short_as_it_can_be_read)
{
	check_printed(CONF_UNIT_BYTES, 0, "0");
	check_printed(CONF_UNIT_BYTES, 1, "1");
	check_printed(CONF_UNIT_BYTES, 262144, "256K");
	check_printed(CONF_UNIT_BYTES, 262145, "262145");
	check_printed(CONF_UNIT_BYTES, UINT64_C(1) << 40, "1T");
	check_printed(CONF_UNIT_BYTES, UINT64_MAX, "18446744073709551615");
	check_printed(CONF_UNIT_MS, 0, "0");
	check_printed(CONF_UNIT_MS, 100, "100ms");
	check_printed(CONF_UNIT_MS, 90000, "90s");
	check_printed(CONF_UNIT_MS, 3600000, "1h");
	check_printed(CONF_UNIT_MS, 86400000, "1d");
	check_printed(CONF_UNIT_NONE, 1000000, "1000000");
}
