/*
 * What an intake makes of a connection: records, and requests as they begin, go
 * on and are aborted.  The PARAMS, management records and memory have files of
 * their own.
 */
#include "test.h"

#include <errno.h>

#include "intake_play.h"
#include "random.h"
#include "records.h"

/* ------------------------------------------------------------ framing -- */

/* Some of everything. */
ENDED(a_connection_is_the_same_however_it_is_cut,
    VALUES SAYS_VALUES "begin 1 flags 1; "
		       "params 1 \1\1A1\2 +3; "
		       "12 0 \7\2ENVOYEDno +5; > unknown 12; "
		       "params 2; params 1 \3BC234\4; params 2 \1\1X1; "
		       "99 1 \1\1Y1; "
		       "begin 3; > end 3 app 0 status 1; "
		       "params 1 \x80@@\1NAMEv +1; params 1 +9; "
		       "> begin 1 role 1 flags 1|A=1|BC=234|NAME=v|"
		       "params 1 end; "
		       "stdin 1 body +4; stdin 1; data 1 data; stdin 1 more; "
		       "9 0 +2; > values 0:; "
		       "begin 258; params 258 \1\1Qr; params 258; "
		       "> begin 258 role 1 flags 0|Q=r|params 258 end; "
		       "stdin 258")

TEST(padding_of_each_type)
{
	for (int padding = 0; padding < 256; padding++) {
		struct sse_buf bytes;

		sse_buf_init(&bytes, RECORDS_SIZE_MAX);
		add_padded(&bytes, 9, 0, SLICE("\16\0FCGI_MAX_CONNS"), padding);
		add_padded(&bytes, 12, 0, SLICE("?"), padding);
		add_padded(&bytes, 1, 1, SLICE("\0\1\0\0\0\0\0\0"), padding);
		add_padded(&bytes, 4, 1, SLICE("\1\1A1"), padding);
		add_padded(&bytes, 4, 1, SLICE(""), padding);
		add_padded(&bytes, 5, 1, SLICE("x"), padding);
		add_padded(&bytes, 8, 1, SLICE("x"), padding);
		add_padded(&bytes, 2, 1, SLICE(""), padding);
		add_request(&bytes, 2, 0, "");
		play_once(true, &bytes,
		    "values 0:\nFCGI_MAX_CONNS=10\nunknown 12\n"
		    "begin 1 role 1 flags 0\nA=1\nparams 1 end\naborted\n"
		    "begin 2 role 1 flags 0\nparams 2 end\n",
		    0);
		sse_buf_done(&bytes);
	}
}

TEST(the_largest_records)
{
	static char filled[65535];
	struct sse_slice largest = {filled, sizeof(filled)};
	struct sse_buf bytes;

	/* One pair: a 5-byte header, a name, and the rest is its value. */
	memset(filled, 'x', sizeof(filled));
	memcpy(filled, "\1\x80\0\xff\xf9", 5);
	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	add_padded(&bytes, 5, 1, largest, 255);
	add_padded(&bytes, 9, 0, largest, 255);
	add_padded(&bytes, 77, 0, largest, 255);
	add_begin(&bytes, 1, 1, 0);
	add_padded(&bytes, 4, 1, largest, 255);
	add_padded(&bytes, 4, 1, SLICE(""), 255);
	for (size_t size = 1; size < 70000; size = size * 3 + 1) {
		struct play play;

		play_init(&play, false);
		play_pieces(&play, sse_buf_slice(&bytes), size);
		play_check(&play,
		    "values 0:\nunknown 77\nbegin 1 role 1 flags 0\n"
		    "(1)=(65529)\nparams 1 end\n",
		    0);
	}
	sse_buf_done(&bytes);
}

/* GET_VALUES, a request of three records, and STDIN. */
static void
add_five_records(struct sse_buf *bytes)
{
	sse_buf_clear(bytes);
	add_record(bytes, 9, 0, SLICE("\16\0FCGI_MAX_CONNS"));
	add_request(bytes, 1, 0, "A=1\n");
	add_record(bytes, 5, 1, SLICE("abc"));
}

TEST(a_version_or_a_reserved_byte_at_each_place)
{
	static const char others[] = {0, 2, '\xff'};
	static const size_t records[] = {0, 24, 40, 52, 60};
	const char *said = "values 0:\nFCGI_MAX_CONNS=10\n";
	const char *all = "values 0:\nFCGI_MAX_CONNS=10\n"
			  "begin 1 role 1 flags 0\nA=1\nparams 1 end\n";
	const char *const want[] = {"", said, said, said, all};
	struct sse_buf bytes;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 3; j++) {
			add_five_records(&bytes);
			CHECK_EQUAL_INT(bytes.data[records[i]], 1);
			bytes.data[records[i]] = others[j];
			play_cut(false, &bytes, want[i], -EPROTO);
		}
	add_five_records(&bytes);
	for (size_t i = 0; i < 5; i++)
		bytes.data[records[i] + 7] = '\xff';
	play_cut(false, &bytes, all, 0);
	sse_buf_done(&bytes);
}

TEST(nothing_at_all)
{
	struct sse_slice none = {NULL, 0};
	struct play play;

	play_init(&play, false);
	CHECK_EQUAL_INT(intake_feed(&play.intake, &none, &play.replies), 0);
	play_check(&play, "", 0);
}

/* -------------------------------------------------------------- begin -- */

TEST(begin_of_a_wrong_size)
{
	static const size_t sizes[] = {0, 7, 9, 16, 1000, 65535};
	static const char body[65535] = {0, 1};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct sse_buf bytes;

		sse_buf_init(&bytes, RECORDS_SIZE_MAX);
		add_record(&bytes, 1, 1, (struct sse_slice){body, sizes[i]});
		play_once(false, &bytes, "", -EPROTO);
		sse_buf_clear(&bytes);
		add_request(&bytes, 2, 0, "");
		add_record(&bytes, 1, 1, (struct sse_slice){body, sizes[i]});
		play_once(true, &bytes,
		    "begin 2 role 1 flags 0\nparams 2 end\n", -EPROTO);
		sse_buf_done(&bytes);
	}
}

TEST(ids)
{
	static const int ids[] = {1, 2, 3, 127, 128, 255, 256, 32768, 65535};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		play_steps(true,
		    "begin #; params # \1\1A1; params #; "
		    "> begin # role 1 flags 0|A=1|params # end; "
		    "abort #; > aborted; begin #; "
		    "abort #; > stdout # 0|end # app 0 status 0",
		    ids[i]);
}

/* The request is refused, and its PARAMS are nobody's. */
TEST(roles)
{
	static const int roles[] = {0, 2, 3, 9, 255, 256, 257, 65535};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		play_steps(false,
		    "begin 3 role # flags 1; > end 3 app 0 status 3; "
		    "params 3 \1\1A0; params 3; stdin 3; " REQUEST,
		    roles[i]);
}

/* What is kept of them. */
TEST(flags)
{
	for (int flags = 0; flags < 256; flags++) {
		struct sse_buf bytes;
		struct play play;

		sse_buf_init(&bytes, RECORDS_SIZE_MAX);
		add_request(&bytes, 1, flags, "");
		play_init(&play, true);
		play_bytes(&play, sse_buf_slice(&bytes));
		CHECK_EQUAL_INT(play.intake.keep_conn, flags & 1);
		CHECK_EQUAL_INT(play.intake.request_id, 1);
		play_check(&play,
		    flags & 1 ? "begin 1 role 1 flags 1\nparams 1 end\n"
			      : "begin 1 role 1 flags 0\nparams 1 end\n",
		    0);
		sse_buf_done(&bytes);
	}
}

HELD(begin_with_another_id,
    "begin 1; begin 2 flags 1; > end 2 app 0 status 1; "
    "params 2 \1\1B2; params 1 \1\1A1; params 2; "
    "begin 3 role 9 flags 1; > end 3 app 0 status 1; "
    "params 1; " SAYS_REQUEST
    "begin 2 flags 1; > end 2 app 0 status 1; params 2; "
    "abort 2; abort 1; > aborted")

TEST(begin_with_the_same_id)
{
	play_steps(false, "begin 1; broken; begin 1", 0);
	play_steps(
	    false, "begin 1; params 1 \1\1A1; broken; begin 1 role 2", 0);
	play_steps(true, REQUEST "broken; begin 1", 0);
}

TEST(records_before_begin)
{
	for (int type = 2; type < 16; type++)
		play_steps(false, "# 1 \1\1X1; # 1; " REQUEST, type);
}

/* -------------------------------------------------------- foreign ids -- */

TEST(records_of_other_requests)
{
	for (int type = 2; type < 16; type++) {
		play_steps(false,
		    "begin 1; # 7; params 1 \1\1A1; # 7 \1\1X1; "
		    "3 1 \1\1Y1; params 1; " SAYS_REQUEST,
		    type);
		if (type != 2 && type != 4)
			play_steps(false,
			    "begin 1; # 1 \1\1Y1; # 7 \1\1X1; "
			    "params 1 \1\1A1; params 1; " SAYS_REQUEST,
			    type);
	}
}

/* -------------------------------------------------------------- abort -- */

/*
 * Before a request; of another one; at once, and twice; within a pair; when it
 * is active, and twice.
 */
HELD(abort_in_every_state,
    "abort 1; begin 1 flags 1; abort 2; "
    "abort 1; > stdout 1 0|end 1 app 0 status 0; "
    "abort 1; params 1 \1\1B2; params 1; "
    "begin 3 flags 1; params 3 \1\1B2\1; "
    "abort 3 why +5; > stdout 3 0|end 3 app 0 status 0; "
    "params 3; " REQUEST "abort 1 because +1; > aborted; abort 1; abort 1")

/* While the request is not ended, it is said once. */
TEST(abort_is_said_once)
{
	struct sse_buf bytes;
	struct play play;
	struct sse_slice rest;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	play_init(&play, true);
	add_request(&bytes, 1, 1, "A=1\n");
	play_bytes(&play, sse_buf_slice(&bytes));
	sse_buf_clear(&bytes);
	add_empty(&bytes, 2, 1);
	add_empty(&bytes, 2, 1);
	rest = sse_buf_slice(&bytes);
	CHECK_EQUAL_INT(
	    intake_feed(&play.intake, &rest, &play.replies), INTAKE_ABORTED);
	CHECK_EQUAL_INT(rest.size, 8);
	CHECK_EQUAL_INT(intake_feed(&play.intake, &rest, &play.replies), 0);
	intake_end(&play.intake);
	add_request(&bytes, 1, 1, "");
	add_empty(&bytes, 2, 1);
	play_bytes(&play, sse_buf_slice(&bytes));
	play_check(&play,
	    "begin 1 role 1 flags 1\nA=1\nparams 1 end\n"
	    "begin 1 role 1 flags 1\nparams 1 end\naborted\n",
	    0);
	sse_buf_done(&bytes);
}

/* ---------------------------------------------------------- keep_conn -- */

/* One behind the other, with bodies that nobody reads. */
TEST(many_requests_on_one_connection)
{
	struct sse_buf bytes, want;

	sse_buf_init(&bytes, RECORDS_SIZE_MAX);
	sse_buf_init(&want, RECORDS_SIZE_MAX);
	for (int i = 0; i < 100; i++) {
		int id = i % 2 == 0 ? 1 : 2 * i + 1;

		add_request(&bytes, id, 1, "A=1\n");
		add_record(&bytes, 5, id, SLICE("body\1\1\0\1"));
		say(&want, "begin %d role 1 flags 1\nA=1\nparams %d end\n", id,
		    id);
		if (i % 3 != 0)
			continue;
		add_record(&bytes, 9, 0, SLICE("\16\0FCGI_MAX_CONNS"));
		say(&want, "values 0:\nFCGI_MAX_CONNS=10\n");
	}
	say(&want, "%c", 0);
	play_once(false, &bytes, want.data, 0);
	for (size_t size = 1; size < 300; size = size * 3 / 2 + 1) {
		struct play play;

		play_init(&play, false);
		play_pieces(&play, sse_buf_slice(&bytes), size);
		play_check(&play, want.data, 0);
	}
	sse_buf_done(&want);
	sse_buf_done(&bytes);
}

/* ------------------------------------------------------------- random -- */

static void
add_random_record(struct sse_buf *to, struct random *random)
{
	char content[24];
	size_t size = random_below(random, sizeof(content));

	for (size_t i = 0; i < size; i++)
		content[i] = (char)random_below(random, 4);
	if (random_below(random, 3) == 0)
		add_begin(to, (int)random_below(random, 3),
		    (int)random_below(random, 8) == 0 ? 2 : 1,
		    (int)random_below(random, 4));
	else
		add_padded(to, (int)random_below(random, 13),
		    (int)random_below(random, 3),
		    (struct sse_slice){
			content, random_below(random, 2) ? size : 0},
		    (int)random_below(random, 5));
}

/* Any bytes in any pieces give the same, and bounded records. */
TEST(random_records)
{
	struct random random = {20261122};

	for (int i = 0; i < 3000; i++) {
		struct sse_buf bytes;
		struct play whole, cut;

		sse_buf_init(&bytes, RECORDS_SIZE_MAX);
		for (int j = 0; j < 12; j++)
			add_random_record(&bytes, &random);
		play_init(&whole, i % 2 == 0);
		play_bytes(&whole, sse_buf_slice(&bytes));
		play_init(&cut, i % 2 == 0);
		play_pieces(
		    &cut, sse_buf_slice(&bytes), 1 + random_below(&random, 30));
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&cut.text), sse_buf_slice(&whole.text));
		CHECK_EQUAL_INT(cut.error, whole.error);
		play_done(&whole);
		play_done(&cut);
		sse_buf_done(&bytes);
	}
}
