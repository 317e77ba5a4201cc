/*
 * The PARAMS of a request, as an intake takes them.
 */
#include "test.h"

#include <errno.h>

#include "intake_play.h"
#include "records.h"

/* The request's PARAMS are these bytes. */
static void
check_params(struct sse_slice pairs, const char *want_pairs, int error)
{
	struct sse_buf bytes;
	char want[500] = "";

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	add_begin(&bytes, 1, 1, 0);
	add_params(&bytes, 1, pairs, 65535);
	if (error == 0)
		snprintf(want, sizeof(want),
		    "begin 1 role 1 flags 0\n%sparams 1 end\n", want_pairs);
	if (pairs.size < 100)
		play_cut(false, &bytes, want, error);
	else
		play_once(false, &bytes, want, error);
	sse_buf_done(&bytes);
}

TEST(what_is_kept_and_left_out)
{
	const struct {
		struct sse_slice pairs;
		const char *want;
	} cases[] = {
	    {SLICE(""), ""},
	    {SLICE("\1\0A"), "A=\n"},
	    {SLICE("\x80\0\0\1\x80\0\0\2A12\1\1B3"), "A=12\nB=3\n"},
	    {SLICE("\1\1A1\1\1A2\1\1a3"), "A=1\nA=2\na=3\n"},
	    {SLICE("\0\1?\1\1A1"), "A=1\n"},
	    {SLICE("\0\0\1\1A1\0\0"), "A=1\n"},
	    {SLICE("\3\1A=BC\1\1A1"), "A=1\n"},
	    {SLICE("\1\1=C\1\1A1"), "A=1\n"},
	    {SLICE("\1\1A1\3\1B\0Cx\1\1D2"), "A=1\nD=2\n"},
	    {SLICE("\1\1\0x\1\1A1"), "A=1\n"},
	    {SLICE("\1\3Ax\0y\1\1A1"), "A=1\n"},
	    {SLICE("\1\1A\0\1\1A1"), "A=1\n"},
	    {SLICE("\1\3Ab=c\1\1B1"), "A=b=c\nB=1\n"},
	    {SLICE("\1\2A\r\n\1\1B\xff"), "A=\r\n\nB=\xff\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_params(cases[i].pairs, cases[i].want, 0);
}

TEST(sizes_that_lead_out)
{
	const struct sse_slice cases[] = {
	    SLICE("\1"),
	    SLICE("\1\1"),
	    SLICE("\1\1A1\1\1B"),
	    SLICE("\1\1A1\x80\0\0"),
	    SLICE("\1\1A1\1\x80\0\0"),
	    SLICE("\xff\xff\xff\xff\1A"),
	    SLICE("\xff\xff\xff\xfe\xff\xff\xff\xfe"
		  "AB"),
	    SLICE("\x80\0\0\0\x80\0\0\1"),
	    SLICE("\1\1A1\x7f"),
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_params(cases[i], "", -EPROTO);
}

static void
check_sizes(size_t name, size_t value)
{
	char bytes[300], want[100];
	struct sse_buf pairs;

	CHECK(name + value <= sizeof(bytes));
	memset(bytes, 'N', sizeof(bytes));
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	add_pair(&pairs, (struct sse_slice){bytes, name},
	    (struct sse_slice){bytes, value});
	snprintf(want, sizeof(want), "(%zu)=(%zu)\n", name, value);
	check_params(sse_buf_slice(&pairs), want, 0);
	sse_buf_done(&pairs);
}

TEST(around_the_border_of_short_sizes)
{
	for (size_t name = 125; name < 131; name++)
		for (size_t value = 125; value < 131; value++)
			check_sizes(name, value);
}

TEST(in_records_of_any_size)
{
	struct sse_buf bytes, pairs;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	add_pairs(&pairs, "A=1\nREQUEST_METHOD=GET\nEMPTY=\n");
	for (size_t size = 1; size < 40; size++) {
		sse_buf_clear(&bytes);
		add_begin(&bytes, 1, 1, 0);
		add_params(&bytes, 1, sse_buf_slice(&pairs), size);
		play_once(false, &bytes,
		    "begin 1 role 1 flags 0\nA=1\nREQUEST_METHOD=GET\n"
		    "EMPTY=\nparams 1 end\n",
		    0);
	}
	sse_buf_done(&pairs);
	sse_buf_done(&bytes);
}

/* PARAMS of this size, in records of at most so many bytes. */
static void
check_limit(size_t size, size_t size_max)
{
	static char value[INTAKE_PARAMS_MAX + 1];
	struct sse_buf bytes, pairs;
	bool fits = size <= INTAKE_PARAMS_MAX;
	char want[200];

	memset(value, 'v', sizeof(value));
	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	add_pair(&pairs, SLICE("A"), (struct sse_slice){value, size - 6});
	CHECK_EQUAL_INT(pairs.size, size);
	add_begin(&bytes, 1, 1, 0);
	add_params(&bytes, 1, sse_buf_slice(&pairs), size_max);
	snprintf(want, sizeof(want),
	    "begin 1 role 1 flags 0\n(1)=(%zu)\nparams 1 end\n", size - 6);
	play_once(false, &bytes, fits ? want : "", fits ? 0 : -EMSGSIZE);
	sse_buf_done(&pairs);
	sse_buf_done(&bytes);
}

/* The limit is on the bytes as they come, in records of any size. */
TEST(params_around_their_limit)
{
	static const size_t size_max[] = {65535, 65528, 32768, 1000, 1};
	static char value[1 << 20];

	for (size_t i = 0; i < sizeof(size_max) / sizeof(size_max[0]); i++)
		for (size_t size = INTAKE_PARAMS_MAX - 1;
		     size <= INTAKE_PARAMS_MAX + 1; size++)
			check_limit(size, size_max[i]);
	memset(value, 'v', sizeof(value));
	check_params((struct sse_slice){value, sizeof(value)}, "", -EMSGSIZE);
}

/* A size that is only claimed takes no memory. */
TEST(memory_grows_with_what_has_come)
{
	struct sse_buf bytes;
	struct play play;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	play_init(&play, false);
	add_begin(&bytes, 1, 1, 0);
	sse_buf_add(&bytes, "\1\4\0\1\xff\xff\0\0abcde", 13);
	play_bytes(&play, sse_buf_slice(&bytes));
	CHECK(play.intake.records.capacity <= 256);
	CHECK(play.intake.content.data == NULL);
	play_check(&play, "", 0);
	sse_buf_done(&bytes);
}

TEST(params_of_many_pairs)
{
	struct sse_buf bytes, pairs, want;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	sse_buf_init(&want, RECORDS_SIZE_MAX);
	say(&want, "begin 1 role 1 flags 0\n");
	for (int i = 0; i < INTAKE_NAMES_MAX; i++) {
		add_pair(&pairs, SLICE("A"), SLICE(""));
		say(&want, "A=\n");
	}
	say(&want, "params 1 end\n%c", 0);
	add_begin(&bytes, 1, 1, 0);
	add_params(&bytes, 1, sse_buf_slice(&pairs), 65535);
	play_once(false, &bytes, want.data, 0);
	add_pair(&pairs, SLICE(""), SLICE("")); /* left out, and counts */
	check_params(sse_buf_slice(&pairs), "", -EMSGSIZE);
	sse_buf_done(&bytes);
	sse_buf_done(&pairs);
	sse_buf_done(&want);
}

/* The request is there with the last byte of the header of their end. */
TEST(the_last_byte_completes_a_request)
{
	struct sse_buf bytes;
	struct play play;
	size_t last;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	add_request(&bytes, 1, 0, "A=1\n");
	last = bytes.size - 1;
	play_init(&play, true);
	play_bytes(&play, (struct sse_slice){bytes.data, last});
	CHECK_EQUAL_INT(play.text.size, 0);
	play_bytes(&play, (struct sse_slice){bytes.data + last, 1});
	play_check(&play, "begin 1 role 1 flags 0\nA=1\nparams 1 end\n", 0);
	sse_buf_done(&bytes);
}

HELD(after_their_end, REQUEST "params 1 \1\1B2; params 1")
