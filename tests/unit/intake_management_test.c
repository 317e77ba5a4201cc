/*
 * Management records: what a web server asks of the program, not of a request.
 */
#include "test.h"

#include <errno.h>

#include "intake_play.h"
#include "records.h"

HELD(values_in_every_state, VALUES SAYS_VALUES
    "begin 1 flags 1; " VALUES SAYS_VALUES "params 1 \1\1; 9 0 " PAIRS_OF_VALUES
    " +7; " SAYS_VALUES "params 1 A1; params 1; "
    "> begin 1 role 1 flags 1|A=1|params 1 end; " VALUES SAYS_VALUES
    "abort 1; > aborted; "
    "9 0 \1@X\1\1YZ; > values 0:; 9 0 \1; > values 0:")

TEST(values_asked_for_forty_times)
{
	struct sse_buf asked, bytes;

	sse_buf_init(&asked, RECORDS_SIZE_MAX);
	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	for (int i = 0; i < 40; i++)
		add_pairs(&asked, "FCGI_MAX_CONNS=\nFCGI_MPXS_CONNS=\n");
	CHECK(asked.size > INTAKE_VALUES_MAX);
	add_record(&bytes, 9, 0, sse_buf_slice(&asked));
	add_request(&bytes, 1, 0, "A=1\n");
	sse_buf_done(&asked);
	play_cut(false, &bytes,
	    "values 0:\nFCGI_MAX_CONNS=10\nFCGI_MPXS_CONNS=0\n"
	    "begin 1 role 1 flags 0\nA=1\nparams 1 end\n",
	    0);
	sse_buf_done(&bytes);
}

/* A name that begins behind so many bytes, in a record of this size. */
static void
check_value_behind(size_t before, size_t size, const char *want)
{
	static char asked[INTAKE_VALUES_MAX + 1];
	struct sse_buf bytes;

	CHECK(size <= sizeof(asked) && before + 16 <= size);
	memset(asked, 'x', sizeof(asked));
	memcpy(asked, "\x80\0", 2);
	asked[2] = (char)((before - 5) >> 8);
	asked[3] = (char)(before - 5);
	asked[4] = 0;
	memcpy(asked + before, "\16\0FCGI_MAX_CONNS", 16);
	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	add_record(&bytes, 9, 0, (struct sse_slice){asked, size});
	play_once(false, &bytes, want, 0);
	sse_buf_done(&bytes);
}

/* The limit cuts the first name that does not fit: it is passed over. */
TEST(values_around_their_limit)
{
	size_t last = INTAKE_VALUES_MAX - 16; /* the name's pair fits there */

	check_value_behind(
	    last - 1, last + 15, "values 0:\nFCGI_MAX_CONNS=10\n");
	check_value_behind(last, last + 16, "values 0:\nFCGI_MAX_CONNS=10\n");
	check_value_behind(last + 1, last + 17, "values 0:\n");
}

/* None of it gets into the PARAMS, either. */
TEST(management_of_unknown_types)
{
	struct sse_buf bytes, want;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	sse_buf_init(&want, RECORDS_SIZE_MAX);
	add_begin(&bytes, 1, 1, 0);
	for (int type = 0; type < 256; type++) {
		if (type == 9)
			continue;
		add_padded(&bytes, type, 0, SLICE("\1\1X1\0\0\0\0"), type % 9);
		add_empty(&bytes, type, 0);
		say(&want, "unknown %d\nunknown %d\n", type, type);
	}
	add_params(&bytes, 1, SLICE("\1\1A1"), 100);
	say(&want, "begin 1 role 1 flags 0\nA=1\nparams 1 end\n%c", 0);
	for (size_t size = 1; size < 20; size++) {
		struct play play;

		play_init(&play, false);
		play_pieces(&play, sse_buf_slice(&bytes), size);
		play_check(&play, want.data, 0);
	}
	sse_buf_done(&want);
	sse_buf_done(&bytes);
}

static int
feed(struct play *play, const struct sse_buf *bytes)
{
	struct sse_slice rest = sse_buf_slice(bytes);

	return intake_feed(&play->intake, &rest, &play->replies);
}

/* A server that asks and does not read is not kept. */
TEST(replies_around_their_limit)
{
	struct sse_buf bytes;
	struct play play;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	play_init(&play, false);
	add_empty(&bytes, 77, 0);
	for (int i = 0; i < INTAKE_REPLIES_MAX / 16; i++)
		CHECK_EQUAL_INT(feed(&play, &bytes), 0);
	CHECK_EQUAL_INT(play.replies.size, INTAKE_REPLIES_MAX);
	sse_buf_clear(&bytes);
	add_request(&bytes, 1, 0, "A=1\n"); /* no reply: no error */
	CHECK_EQUAL_INT(feed(&play, &bytes), INTAKE_REQUEST);
	sse_buf_clear(&bytes);
	add_begin(&bytes, 2, 1, 0);
	CHECK_EQUAL_INT(feed(&play, &bytes), -ENOBUFS);
	sse_buf_clear(&play.replies);
	play_check_broken(&play);
	play_done(&play);
	sse_buf_done(&bytes);
}
