/*
 * How much memory an intake holds, and what it does without.
 */
#include "test.h"

#include <errno.h>

#include "intake_play.h"
#include "records.h"

static long allocations_left = -1; /* -1: as many as there are */
void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *
__wrap_realloc(void *memory, size_t size)
{
	if (allocations_left == 0)
		return NULL;
	if (allocations_left > 0)
		allocations_left--;
	return __real_realloc(memory, size);
}

/* It takes no memory. */
TEST(a_large_body)
{
	static char zeros[65535];
	struct sse_buf bytes;
	struct play play;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	play_init(&play, true);
	add_request(&bytes, 1, 1, "A=1\n");
	play_bytes(&play, sse_buf_slice(&bytes));
	sse_buf_clear(&bytes);
	add_padded(&bytes, 5, 1, (struct sse_slice){zeros, sizeof(zeros)}, 200);
	for (int i = 0; i < 100; i++) {
		play_pieces(&play, sse_buf_slice(&bytes), 8192);
		CHECK(!play_holds_memory(&play));
	}
	play_check(&play, "begin 1 role 1 flags 1\nA=1\nparams 1 end\n", 0);
	sse_buf_done(&bytes);
}

/* The memory of PARAMS that come in is given back. */
TEST(abort_gives_the_memory_back)
{
	struct sse_buf bytes;
	struct play play;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	play_init(&play, true);
	add_begin(&bytes, 1, 1, 1);
	add_record(&bytes, 4, 1, SLICE("\1\1B2"));
	add_empty(&bytes, 2, 1);
	play_bytes(&play, sse_buf_slice(&bytes));
	CHECK_EQUAL_INT(play.intake.state, INTAKE_IDLE);
	CHECK(!play_holds_memory(&play));
	play_check(&play, "stdout 1 0\nend 1 app 0 status 0\n", 0);
	sse_buf_done(&bytes);
}

/* It leaves nothing behind. */
TEST(a_connection_that_ends_anywhere)
{
	struct sse_buf bytes;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	add_record(&bytes, 9, 0, SLICE("\16\0FCGI_MAX_CONNS"));
	add_request(&bytes, 1, 0, "A=1\n");
	for (size_t size = 0; size < bytes.size; size++) {
		struct play play;

		play_init(&play, false);
		play_bytes(&play, (struct sse_slice){bytes.data, size});
		play_done(&play);
	}
	sse_buf_done(&bytes);
}

/* At each place: GET_VALUES, BEGIN, PARAMS; and the records: BEGIN, PARAMS. */
TEST(memory_that_is_used_up)
{
	struct sse_buf bytes, pairs;
	char room[500], value[1000];

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	add_record(&bytes, 9, 0, SLICE("\16\0FCGI_MAX_CONNS"));
	memset(value, 'v', sizeof(value));
	add_pair(&pairs, SLICE("A"), (struct sse_slice){value, sizeof(value)});
	add_begin(&bytes, 1, 1, 0);
	add_params(&bytes, 1, sse_buf_slice(&pairs), 65535);
	for (long left = 0; left < 5; left++) {
		struct sse_buf replies = {room, 0, sizeof(room), sizeof(room)};
		struct sse_slice rest = sse_buf_slice(&bytes);
		struct play play;
		int got;

		play_init(&play, true);
		allocations_left = left;
		got = intake_feed(&play.intake, &rest, &replies);
		allocations_left = -1;
		CHECK_EQUAL_INT(got, -ENOMEM);
		play_check_broken(&play);
		play_done(&play);
	}
	sse_buf_done(&pairs);
	sse_buf_done(&bytes);
}
