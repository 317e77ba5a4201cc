#include "test.h"

#include <errno.h>

#include "rfc3339.h"

struct row {
	const char *text;
	int64_t ms;
};

static const struct row right[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"2026-11-20T10:00:00Z", 1795168800000},
    {"2026-11-20t10:00:00z", 1795168800000},
    {"2026-11-20 10:00:00Z", 1795168800000},
    {"2026-11-20T10:00:00+00:00", 1795168800000},
    {"2026-11-20T10:00:00-00:00", 1795168800000},
    {"2026-11-20T11:30:00+01:30", 1795168800000},
    {"2026-11-20T11:30:00 01:30", 1795168800000},
    {"2026-11-20T05:00:00-05:00", 1795168800000},
    {"2026-11-20T10:00:00.5Z", 1795168800500},
    {"2026-11-20T10:00:00.123456789Z", 1795168800123},
    {"2026-11-20T10:00:00.0009+00:00", 1795168800000},
    {"2024-02-29T00:00:00Z", 1709164800000},
    {"2016-12-31T23:59:60Z", 1483228800000},
    {"1969-12-31T23:59:59Z", -1000},
};

static const char *const wrong[] = {"", "now", "2026-11-20",
    "2026-11-20T10:00Z", "2026-11-20T10:00:00", "2026-11-20T10:00:00.Z",
    "2026-11-20T10:00:00Zx", "2026-11-20T24:00:00Z", "2026-11-20T10:60:00Z",
    "2026-11-20T10:00:61Z", "2026-13-20T10:00:00Z", "2026-00-20T10:00:00Z",
    "2026-11-31T10:00:00Z", "2026-11-00T10:00:00Z", "2025-02-29T00:00:00Z",
    "2026-11-20T10:00:00+24:00", "2026-11-20T10:00:00+01:60",
    "2026-11-20T10:00:00+0100", "26-11-20T10:00:00Z", " 2026-11-20T10:00:00Z",
    "2026-11-20T10:00:00+", "2026-11-20T10:00:00+01:",
    "2026-11-20T10:00:00.0000000000000000000000000000000000000000000000000Z",
    "2026_11_20T10:00:00Z", "-026-11-20T10:00:00Z"};

TEST(reads_what_the_standard_allows)
{
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		int64_t ms = 1;

		if (sse_rfc3339_parse(sse_slice(right[i].text), &ms) != 0 ||
		    ms != right[i].ms)
			test_fail(__FILE__, __LINE__, "%s: %lld", right[i].text,
			    (long long)ms);
	}
}

TEST(refuses_what_is_none)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int64_t ms = 1;

		if (sse_rfc3339_parse(sse_slice(wrong[i]), &ms) != -EBADMSG ||
		    ms != 1)
			test_fail(__FILE__, __LINE__, "%s", wrong[i]);
	}
}

TEST(reads_nothing_behind_the_text)
{
	struct sse_slice text = SLICE("2026-11-20T10:00:00.5Z");

	for (size_t size = 0; size <= text.size; size++) {
		const char *octets = test_guarded(text.data, size);
		int64_t ms;

		CHECK_EQUAL_INT(
		    sse_rfc3339_parse((struct sse_slice){octets, size}, &ms),
		    size == text.size ? 0 : -EBADMSG);
	}
}
