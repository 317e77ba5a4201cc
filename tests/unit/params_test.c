/*
 * Parameters as a web server sends them, and as one must not.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "params.h"
#include "random.h"
#include "records.h"

#define SIZE_MAX_HERE 100000

static struct sse_buf
buffer(void)
{
	struct sse_buf buf;

	sse_buf_init(&buf, SIZE_MAX_HERE);
	return buf;
}

/* What is kept of the one pair between two others that are in order. */
static void
check_between(struct sse_slice name, struct sse_slice value, bool kept)
{
	struct sse_buf pairs = buffer(), want = buffer();

	add_pair(&pairs, SLICE("A"), SLICE("1"));
	add_pair(&pairs, name, value);
	add_pair(&pairs, SLICE("B"), SLICE(""));
	add_pair(&want, SLICE("A"), SLICE("1"));
	if (kept)
		add_pair(&want, name, value);
	add_pair(&want, SLICE("B"), SLICE(""));
	CHECK_EQUAL_INT(params_check(&pairs, 3), 0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&pairs), sse_buf_slice(&want));
	sse_buf_done(&pairs);
	sse_buf_done(&want);
}

TEST(what_no_environment_can_hold_is_left_out)
{
	static char many[300];
	const struct {
		struct sse_slice name, value;
		bool kept;
	} cases[] = {
	    {SLICE("NAME"), SLICE("value"), true},
	    {SLICE("NAME"), SLICE(""), true},
	    {SLICE("NAME"), SLICE("a=b"), true},
	    {SLICE("NAME"), SLICE("\r\n\x1b\xff"), true},
	    {SLICE(" "), SLICE(" "), true},
	    {SLICE("A"), SLICE("the second of that name"), true},
	    {SLICE("LONG"), {many, sizeof(many)}, true},
	    {SLICE(""), SLICE("value"), false},
	    {SLICE(""), SLICE(""), false},
	    {SLICE("A=B"), SLICE("C"), false},
	    {SLICE("="), SLICE(""), false},
	    {SLICE("NA\0ME"), SLICE("value"), false},
	    {SLICE("\0"), SLICE("value"), false},
	    {SLICE("NAME"), SLICE("\0"), false},
	    {SLICE("NAME"), SLICE("value\0"), false},
	};

	memset(many, 'x', sizeof(many));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_between(cases[i].name, cases[i].value, cases[i].kept);
}

TEST(no_parameters_are_in_order)
{
	struct sse_buf pairs = buffer();

	CHECK_EQUAL_INT(params_check(&pairs, 0), 0);
	CHECK_EQUAL_INT(pairs.size, 0);
	sse_buf_done(&pairs);
}

/* Those that are left out count, too: they cost as much. */
TEST(pairs_are_counted_whether_they_are_kept_or_not)
{
	for (size_t most = 0; most < 6; most++) {
		struct sse_buf pairs = buffer();

		for (int i = 0; i < 2; i++) {
			add_pair(&pairs, SLICE("A"), SLICE("1"));
			add_pair(&pairs, SLICE("A=B"), SLICE(""));
		}
		CHECK_EQUAL_INT(
		    params_check(&pairs, most), most < 4 ? -EMSGSIZE : 0);
		sse_buf_done(&pairs);
	}
}

/* A request is cut off at any byte: between two pairs it is a shorter one. */
TEST(a_length_that_leads_out_is_refused)
{
	struct sse_buf whole = buffer();
	size_t ends[3];

	add_pair(&whole, SLICE("NAME"), SLICE("value"));
	ends[0] = whole.size;
	add_size(&whole, 1, true);
	add_size(&whole, 2, true);
	CHECK_EQUAL_INT(sse_buf_add(&whole, "Xyz", 3), 0);
	ends[1] = whole.size;
	for (size_t size = 1; size <= whole.size; size++) {
		bool fits = size == ends[0] || size == ends[1];
		struct sse_buf pairs = {.data = malloc(size),
		    .size = size,
		    .capacity = size,
		    .size_max = size};

		memcpy(pairs.data, whole.data, size);
		CHECK_EQUAL_INT(params_check(&pairs, 10), fits ? 0 : -EPROTO);
		sse_buf_done(&pairs);
	}
	sse_buf_done(&whole);
}

TEST(lengths_that_together_are_more_than_a_number_holds_are_refused)
{
	const struct sse_slice cases[] = {
	    SLICE("\xff\xff\xff\xff\xff\xff\xff\xff"
		  "A"),
	    SLICE("\1\xff\xff\xff\xff"
		  "A"),
	    SLICE("\xff\xff\xff\xff\1"
		  "A"),
	    SLICE("\x80\0\0\1\xff\xff\xff\xff"
		  "A"),
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_buf pairs = buffer();

		CHECK_EQUAL_INT(
		    sse_buf_add(&pairs, cases[i].data, cases[i].size), 0);
		CHECK_EQUAL_INT(params_check(&pairs, 10), -EPROTO);
		sse_buf_done(&pairs);
	}
}

/* Whatever comes in: what is left never grows, and is left as it is again. */
TEST(what_was_checked_is_in_order)
{
	struct random random = {1};

	for (int i = 0; i < 20000; i++) {
		struct sse_buf pairs = buffer();
		size_t size = random_below(&random, 40), left;

		for (size_t at = 0; at < size; at++) {
			char byte = "\0\1\2\3=Ax\x80"[random_below(&random, 8)];

			CHECK_EQUAL_INT(sse_buf_add(&pairs, &byte, 1), 0);
		}
		if (params_check(&pairs, 100) == 0) {
			left = pairs.size;
			CHECK(left <= size);
			CHECK_EQUAL_INT(params_check(&pairs, 100), 0);
			CHECK_EQUAL_INT(pairs.size, left);
		}
		sse_buf_done(&pairs);
	}
}
