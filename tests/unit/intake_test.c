#include "test.h"

#include <errno.h>

#include "intake.h"
#include "random.h"
#include "records.h"

/*
 * What an intake makes of a stream, as text: each event, each reply, in their
 * order.  A request is ended at once, or held until it is aborted.
 */
struct play {
	struct intake intake;
	struct sse_buf replies;
	struct sse_buf text;
	bool hold;
	int error;
};

static struct sse_buf stream; /* what the server sends */

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

static void
begin(void)
{
	sse_buf_init(&stream, RECORDS_SIZE_MAX);
}

static void
play_init(struct play *play, bool hold)
{
	*play = (struct play){.hold = hold};
	intake_init(&play->intake, 10);
	sse_buf_init(&play->replies, 1 << 20);
	sse_buf_init(&play->text, RECORDS_SIZE_MAX);
}

static void
play_done(struct play *play)
{
	intake_done(&play->intake);
	sse_buf_done(&play->replies);
	sse_buf_done(&play->text);
}

static bool
holds_memory(const struct intake *intake)
{
	return intake->records.data != NULL || intake->content.data != NULL;
}

static void
on_event(struct play *play, int event)
{
	struct intake *intake = &play->intake;

	if (event == INTAKE_REQUEST) {
		CHECK_EQUAL_INT(intake->state, INTAKE_ACTIVE);
		say_records(&play->text, sse_buf_slice(&intake->records));
		if (play->hold) {
			intake_forget(intake);
			CHECK(!holds_memory(intake));
			return;
		}
	} else {
		CHECK_EQUAL_INT(event, INTAKE_ABORTED);
		CHECK_EQUAL_INT(intake->state, INTAKE_ACTIVE);
		say(&play->text, "aborted\n");
	}
	intake_end(intake);
	CHECK_EQUAL_INT(intake->state, INTAKE_IDLE);
	CHECK(!holds_memory(intake));
}

/* Feeds a copy that ends where its memory ends. */
static void
play_piece(struct play *play, struct sse_slice piece)
{
	char *copy = malloc(piece.size + 1);
	struct sse_slice rest = {copy + 1, piece.size};
	int got;

	CHECK(copy != NULL);
	if (piece.size > 0)
		memcpy(copy + 1, piece.data, piece.size);
	while (play->error == 0) {
		got = intake_feed(&play->intake, &rest, &play->replies);
		say_records(&play->text, sse_buf_slice(&play->replies));
		sse_buf_clear(&play->replies);
		if (got < 0)
			play->error = got;
		if (got <= 0)
			break;
		on_event(play, got);
	}
	CHECK(play->error != 0 || rest.size == 0);
	free(copy);
}

static void
play_pieces(struct play *play, struct sse_slice all, size_t size)
{
	while (all.size > 0) {
		struct sse_slice piece = all;

		piece.size = all.size < size ? all.size : size;
		play_piece(play, piece);
		all.data += piece.size;
		all.size -= piece.size;
	}
}

/* After an error: for ever, and without memory. */
static void
check_broken(struct play *play)
{
	struct sse_slice rest = SLICE("\1\11\0\0\0\0\0\0");

	CHECK(!holds_memory(&play->intake));
	CHECK_EQUAL_INT(
	    intake_feed(&play->intake, &rest, &play->replies), -EPROTO);
	rest.size = 0;
	CHECK_EQUAL_INT(
	    intake_feed(&play->intake, &rest, &play->replies), -EPROTO);
	CHECK_EQUAL_INT(play->replies.size, 0);
}

static void
check_play(struct play *play, const char *want, int want_error)
{
	CHECK_EQUAL_TEXT(sse_buf_slice(&play->text), sse_slice(want));
	CHECK_EQUAL_INT(play->error, want_error);
	if (want_error != 0)
		check_broken(play);
	play_done(play);
}

static void
check_once(bool hold, const char *want, int want_error)
{
	struct play play;

	play_init(&play, hold);
	play_piece(&play, sse_buf_slice(&stream));
	check_play(&play, want, want_error);
}

/*
 * The stream makes this text, and error: whole, cut into two anywhere, and in
 * small pieces.
 */
static void
check_held(bool hold, const char *want, int want_error)
{
	struct sse_slice all = sse_buf_slice(&stream);
	struct play play;

	check_once(hold, want, want_error);
	for (size_t cut = 1; cut < all.size; cut++) {
		play_init(&play, hold);
		play_piece(&play, (struct sse_slice){all.data, cut});
		play_piece(
		    &play, (struct sse_slice){all.data + cut, all.size - cut});
		check_play(&play, want, want_error);
	}
	for (size_t size = 1; size < 20; size++) {
		play_init(&play, hold);
		play_pieces(&play, all, size);
		check_play(&play, want, want_error);
	}
	sse_buf_done(&stream);
}

static void
check_stream(const char *want, int want_error)
{
	check_held(false, want, want_error);
}

#define VALUES "\16\0FCGI_MAX_CONNS\17\0FCGI_MPXS_CONNS"
#define SAID_VALUES "values 0:\nFCGI_MAX_CONNS=10\nFCGI_MPXS_CONNS=0\n"
#define SAID_ONE "begin 1 role 1 flags 0\nA=1\nparams 1 end\n"

/* ------------------------------------------------------------ framing -- */

/* Some of everything: F1, F2, F3, F5, I2, I3, M1, S1 to S5, K2. */
TEST(a_connection_is_the_same_however_it_is_cut)
{
	begin();
	add_record(&stream, 9, 0, SLICE(VALUES));
	add_begin(&stream, 1, 1, 1);
	add_padded(&stream, 4, 1, SLICE("\1\1A1\2"), 3);
	add_padded(&stream, 12, 0, SLICE("\7\2ENVOYEDno"), 5);
	add_empty(&stream, 4, 2);
	add_record(&stream, 4, 1, SLICE("\3BC234\4"));
	add_record(&stream, 4, 2, SLICE("\1\1X1"));
	add_record(&stream, 99, 1, SLICE("\1\1Y1"));
	add_begin(&stream, 3, 1, 0);
	add_padded(&stream, 4, 1, SLICE("\x80\0\0\1NAMEv"), 1);
	add_padded(&stream, 4, 1, SLICE(""), 9);
	add_padded(&stream, 5, 1, SLICE("body"), 4);
	add_empty(&stream, 5, 1);
	add_record(&stream, 8, 1, SLICE("data"));
	add_record(&stream, 5, 1, SLICE("more"));
	add_padded(&stream, 9, 0, SLICE(""), 2);
	add_request(&stream, 258, 0, "Q=r\n");
	add_empty(&stream, 5, 258);
	check_stream("values 0:\nFCGI_MAX_CONNS=10\nFCGI_MPXS_CONNS=0\n"
		     "unknown 12\nend 3 app 0 status 1\n"
		     "begin 1 role 1 flags 1\nA=1\nBC=234\nNAME=v\n"
		     "params 1 end\nvalues 0:\n"
		     "begin 258 role 1 flags 0\nQ=r\nparams 258 end\n",
	    0);
}

/* F4 */
TEST(padding_of_each_type)
{
	for (int padding = 0; padding < 256; padding++) {
		begin();
		add_padded(&stream, 9, 0, SLICE(VALUES), padding);
		add_padded(&stream, 12, 0, SLICE("?"), padding);
		add_padded(&stream, 1, 1, SLICE("\0\1\0\0\0\0\0\0"), padding);
		add_padded(&stream, 4, 1, SLICE("\1\1A1"), padding);
		add_padded(&stream, 4, 1, SLICE(""), padding);
		add_padded(&stream, 5, 1, SLICE("x"), padding);
		add_padded(&stream, 8, 1, SLICE("x"), padding);
		add_padded(&stream, 2, 1, SLICE(""), padding);
		add_request(&stream, 2, 0, "");
		check_once(true,
		    SAID_VALUES "unknown 12\n" SAID_ONE "aborted\n"
				"begin 2 role 1 flags 0\nparams 2 end\n",
		    0);
		sse_buf_done(&stream);
	}
}

/* F5: each byte of the PARAMS is a record. */
TEST(params_in_records_of_any_size)
{
	struct sse_buf pairs;

	for (size_t size = 1; size < 40; size++) {
		begin();
		sse_buf_init(&pairs, RECORDS_SIZE_MAX);
		add_pairs(&pairs, "A=1\nREQUEST_METHOD=GET\nEMPTY=\n");
		add_begin(&stream, 1, 1, 0);
		add_params(&stream, 1, sse_buf_slice(&pairs), size);
		check_once(false,
		    "begin 1 role 1 flags 0\nA=1\nREQUEST_METHOD=GET\n"
		    "EMPTY=\nparams 1 end\n",
		    0);
		sse_buf_done(&pairs);
		sse_buf_done(&stream);
	}
}

/* F6 */
TEST(the_largest_records)
{
	static char bytes[65535];
	struct sse_slice largest = {bytes, sizeof(bytes)};

	/* One pair: a 5-byte header, a name, and the rest is its value. */
	memset(bytes, 'x', sizeof(bytes));
	memcpy(bytes, "\1\x80\0\xff\xf9", 5);
	begin();
	add_padded(&stream, 5, 1, largest, 255);
	add_padded(&stream, 9, 0, largest, 255);
	add_padded(&stream, 77, 0, largest, 255);
	add_begin(&stream, 1, 1, 0);
	add_padded(&stream, 4, 1, largest, 255);
	add_padded(&stream, 4, 1, SLICE(""), 255);
	for (size_t size = 1; size < 70000; size = size * 3 + 1) {
		struct play play;

		play_init(&play, false);
		play_pieces(&play, sse_buf_slice(&stream), size);
		check_play(&play,
		    "values 0:\nunknown 77\nbegin 1 role 1 flags 0\n"
		    "(1)=(65529)\nparams 1 end\n",
		    0);
	}
	sse_buf_done(&stream);
}

/* F7, F8 */
TEST(a_version_or_a_reserved_byte_at_each_place)
{
	static const unsigned char others[] = {0, 2, 255};
	static const size_t records[] = {0, 41, 57, 69, 77};
	static const char *const said[] = {
	    "", SAID_VALUES, SAID_VALUES, SAID_VALUES, SAID_VALUES SAID_ONE};

	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 3; j++) {
			begin();
			add_record(&stream, 9, 0, SLICE(VALUES));
			add_request(&stream, 1, 0, "A=1\n");
			add_record(&stream, 5, 1, SLICE("abc"));
			CHECK_EQUAL_INT(stream.data[records[i]], 1);
			stream.data[records[i]] = (char)others[j];
			check_stream(said[i], -EPROTO);
		}
	begin();
	add_record(&stream, 9, 0, SLICE(VALUES));
	add_request(&stream, 1, 0, "A=1\n");
	add_record(&stream, 5, 1, SLICE("abc"));
	for (size_t i = 0; i < 5; i++)
		stream.data[records[i] + 7] = '\xff';
	check_stream(SAID_VALUES SAID_ONE, 0);
}

TEST(nothing_at_all)
{
	struct sse_slice none = {NULL, 0};
	struct play play;

	play_init(&play, false);
	CHECK_EQUAL_INT(intake_feed(&play.intake, &none, &play.replies), 0);
	check_play(&play, "", 0);
}

/* -------------------------------------------------------------- begin -- */

/* B1 */
TEST(begin_of_a_wrong_size)
{
	static const size_t sizes[] = {0, 7, 9, 16, 1000, 65535};
	static const char body[65535] = {0, 1};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		begin();
		add_record(&stream, 1, 1, (struct sse_slice){body, sizes[i]});
		check_once(false, "", -EPROTO);
		sse_buf_clear(&stream);
		add_request(&stream, 2, 0, "");
		add_record(&stream, 1, 1, (struct sse_slice){body, sizes[i]});
		check_once(
		    true, "begin 2 role 1 flags 0\nparams 2 end\n", -EPROTO);
		sse_buf_done(&stream);
	}
}

/* B3 */
TEST(ids)
{
	static const int ids[] = {1, 2, 3, 127, 128, 255, 256, 32768, 65535};
	char want[200];

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		begin();
		add_request(&stream, ids[i], 0, "A=1\n");
		add_empty(&stream, 2, ids[i]);
		add_begin(&stream, ids[i], 1, 0);
		add_empty(&stream, 2, ids[i]);
		snprintf(want, sizeof(want),
		    "begin %d role 1 flags 0\nA=1\nparams %d end\naborted\n"
		    "stdout %d 0\nend %d app 0 status 0\n",
		    ids[i], ids[i], ids[i], ids[i]);
		check_held(true, want, 0);
	}
}

/* B4: the request is refused, and its PARAMS are nobody's. */
TEST(roles)
{
	static const int roles[] = {0, 2, 3, 9, 255, 256, 257, 65535};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		begin();
		add_begin(&stream, 3, roles[i], 1);
		add_params(&stream, 3, SLICE("\1\1A0"), 100);
		add_empty(&stream, 5, 3);
		add_request(&stream, 1, 0, "A=1\n");
		check_stream("end 3 app 0 status 3\n" SAID_ONE, 0);
	}
}

/* B5, B6 of a refused role, and what is kept of the flags. */
TEST(flags)
{
	struct play play;

	for (int flags = 0; flags < 256; flags++) {
		begin();
		add_request(&stream, 1, flags, "");
		play_init(&play, true);
		play_piece(&play, sse_buf_slice(&stream));
		CHECK_EQUAL_INT(play.intake.keep_conn, flags & 1);
		CHECK_EQUAL_INT(play.intake.request_id, 1);
		check_play(&play,
		    flags & 1 ? "begin 1 role 1 flags 1\nparams 1 end\n"
			      : "begin 1 role 1 flags 0\nparams 1 end\n",
		    0);
		sse_buf_done(&stream);
	}
}

/* B6 */
TEST(begin_with_another_id)
{
	begin();
	add_begin(&stream, 1, 1, 0);
	add_begin(&stream, 2, 1, 1);
	add_record(&stream, 4, 2, SLICE("\1\1B2"));
	add_record(&stream, 4, 1, SLICE("\1\1A1"));
	add_empty(&stream, 4, 2);
	add_begin(&stream, 3, 9, 1);
	add_empty(&stream, 4, 1);
	add_begin(&stream, 2, 1, 1);
	add_empty(&stream, 4, 2);
	add_empty(&stream, 2, 2);
	add_empty(&stream, 2, 1);
	check_held(true,
	    "end 2 app 0 status 1\nend 3 app 0 status 1\n" SAID_ONE
	    "end 2 app 0 status 1\naborted\n",
	    0);
}

/* B7 */
TEST(begin_with_the_same_id)
{
	begin();
	add_begin(&stream, 1, 1, 0);
	add_begin(&stream, 1, 1, 0);
	check_stream("", -EPROTO);
	begin();
	add_begin(&stream, 1, 1, 0);
	add_record(&stream, 4, 1, SLICE("\1\1A1"));
	add_begin(&stream, 1, 2, 0);
	check_stream("", -EPROTO);
	begin();
	add_request(&stream, 1, 0, "A=1\n");
	add_begin(&stream, 1, 1, 0);
	check_held(true, SAID_ONE, -EPROTO);
}

/* B8 */
TEST(records_before_begin)
{
	begin();
	for (int type = 2; type < 16; type++) {
		add_record(&stream, type, 1, SLICE("\1\1X1"));
		add_empty(&stream, type, 1);
	}
	add_request(&stream, 1, 0, "A=1\n");
	check_stream(SAID_ONE, 0);
}

/* ------------------------------------------------------------- params -- */

/* The request's PARAMS are these bytes. */
static void
check_params(struct sse_slice pairs, const char *want_pairs, int want_error)
{
	char want[500] = "";

	begin();
	add_begin(&stream, 1, 1, 0);
	add_params(&stream, 1, pairs, 65535);
	if (want_error == 0)
		snprintf(want, sizeof(want),
		    "begin 1 role 1 flags 0\n%sparams 1 end\n", want_pairs);
	if (pairs.size < 100)
		check_stream(want, want_error);
	else
		check_once(false, want, want_error);
	sse_buf_done(&stream);
}

/* P1, P2, P6 */
TEST(params_that_are_kept_and_left_out)
{
	check_params(SLICE(""), "", 0);
	check_params(SLICE("\1\0A"), "A=\n", 0);
	check_params(SLICE("\x80\0\0\1\x80\0\0\2A12\1\1B3"), "A=12\nB=3\n", 0);
	check_params(SLICE("\1\1A1\1\1A2\1\1a3"), "A=1\nA=2\na=3\n", 0);
	check_params(SLICE("\0\1?\1\1A1"), "A=1\n", 0);
	check_params(SLICE("\0\0\1\1A1\0\0"), "A=1\n", 0);
	check_params(SLICE("\3\1A=BC\1\1A1"), "A=1\n", 0);
	check_params(SLICE("\1\1=C\1\1A1"), "A=1\n", 0);
	check_params(SLICE("\1\1A1\3\1B\0Cx\1\1D2"), "A=1\nD=2\n", 0);
	check_params(SLICE("\1\1\0x\1\1A1"), "A=1\n", 0);
	check_params(SLICE("\1\3Ax\0y\1\1A1"), "A=1\n", 0);
	check_params(SLICE("\1\1A\0\1\1A1"), "A=1\n", 0);
	check_params(SLICE("\1\3Ab=c\1\1B1"), "A=b=c\nB=1\n", 0);
	check_params(SLICE("\1\2A\r\n\1\1B\xff"), "A=\r\n\nB=\xff\n", 0);
}

/* P3, P7 */
TEST(params_that_lead_out)
{
	check_params(SLICE("\1"), "", -EPROTO);
	check_params(SLICE("\1\1"), "", -EPROTO);
	check_params(SLICE("\1\1A1\1\1B"), "", -EPROTO);
	check_params(SLICE("\1\1A1\x80\0\0"), "", -EPROTO);
	check_params(SLICE("\1\1A1\1\x80\0\0"), "", -EPROTO);
	check_params(SLICE("\xff\xff\xff\xff\1A"), "", -EPROTO);
	check_params(SLICE("\xff\xff\xff\xfe\xff\xff\xff\xfe"
			   "AB"),
	    "", -EPROTO);
	check_params(SLICE("\x80\0\0\0\x80\0\0\1"), "", -EPROTO);
	check_params(SLICE("\1\1A1\x7f"), "", -EPROTO);
}

/* P2 */
TEST(params_around_the_border_of_short_lengths)
{
	struct sse_buf pairs;
	char want[100];

	for (size_t name = 125; name < 131; name++)
		for (size_t value = 125; value < 131; value++) {
			char *bytes = malloc(name + value);

			memset(bytes, 'N', name + value);
			sse_buf_init(&pairs, RECORDS_SIZE_MAX);
			add_pair(&pairs, (struct sse_slice){bytes, name},
			    (struct sse_slice){bytes, value});
			snprintf(
			    want, sizeof(want), "(%zu)=(%zu)\n", name, value);
			check_params(sse_buf_slice(&pairs), want, 0);
			sse_buf_done(&pairs);
			free(bytes);
		}
}

/* P4: the limit is on the bytes as they come, in records of any size. */
TEST(params_around_their_limit)
{
	static const size_t pieces[] = {65535, 65528, 32768, 1000, 1};
	static char value[1 << 20];
	char want[200];

	memset(value, 'v', sizeof(value));
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		for (size_t size = INTAKE_PARAMS_MAX - 1;
		     size <= INTAKE_PARAMS_MAX + 1; size++) {
			struct sse_buf pairs;

			begin();
			sse_buf_init(&pairs, RECORDS_SIZE_MAX);
			add_pair(&pairs, SLICE("A"),
			    (struct sse_slice){value, size - 6});
			CHECK_EQUAL_INT(pairs.size, size);
			add_begin(&stream, 1, 1, 0);
			add_params(
			    &stream, 1, sse_buf_slice(&pairs), pieces[i]);
			snprintf(want, sizeof(want),
			    "begin 1 role 1 flags 0\n(1)=(%zu)\n"
			    "params 1 end\n",
			    size - 6);
			check_once(false, size <= INTAKE_PARAMS_MAX ? want : "",
			    size <= INTAKE_PARAMS_MAX ? 0 : -EMSGSIZE);
			sse_buf_done(&pairs);
			sse_buf_done(&stream);
		}
	check_params((struct sse_slice){value, sizeof(value)}, "", -EMSGSIZE);
}

/* A size that is only claimed takes no memory. */
TEST(params_grow_with_what_has_come)
{
	struct play play;

	begin();
	play_init(&play, false);
	add_begin(&stream, 1, 1, 0);
	sse_buf_add(&stream, "\1\4\0\1\xff\xff\0\0abcde", 13);
	play_piece(&play, sse_buf_slice(&stream));
	CHECK(play.intake.records.capacity <= 256);
	CHECK(play.intake.content.data == NULL);
	check_play(&play, "", 0);
	sse_buf_done(&stream);
}

/* P5 */
TEST(params_of_many_pairs)
{
	struct sse_buf pairs, want;

	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	sse_buf_init(&want, RECORDS_SIZE_MAX);
	begin();
	for (int i = 0; i < INTAKE_NAMES_MAX; i++)
		add_pair(&pairs, SLICE("A"), SLICE(""));
	say(&want, "begin 1 role 1 flags 0\n");
	for (int i = 0; i < INTAKE_NAMES_MAX; i++)
		say(&want, "A=\n");
	say(&want, "params 1 end\n%c", 0);
	add_begin(&stream, 1, 1, 0);
	add_params(&stream, 1, sse_buf_slice(&pairs), 65535);
	check_once(false, want.data, 0);
	sse_buf_done(&stream);
	add_pair(&pairs, SLICE(""), SLICE("")); /* left out, and counts */
	check_params(sse_buf_slice(&pairs), "", -EMSGSIZE);
	sse_buf_done(&pairs);
	sse_buf_done(&want);
}

/* P9, S1: the request is there with the last byte of the end's header. */
TEST(params_after_their_end)
{
	struct play play;

	begin();
	add_request(&stream, 1, 0, "A=1\n");
	play_init(&play, true);
	play_piece(&play, (struct sse_slice){stream.data, stream.size - 1});
	CHECK_EQUAL_INT(play.text.size, 0);
	play_piece(&play, (struct sse_slice){stream.data + stream.size - 1, 1});
	check_play(&play, SAID_ONE, 0);
	add_record(&stream, 4, 1, SLICE("\1\1B2"));
	add_empty(&stream, 4, 1);
	check_held(true, SAID_ONE, 0);
}

/* --------------------------------------------------------- management -- */

/* M1, M2 */
TEST(values_in_every_state)
{
	begin();
	add_record(&stream, 9, 0, SLICE(VALUES));
	add_begin(&stream, 1, 1, 1);
	add_record(&stream, 9, 0, SLICE(VALUES));
	add_record(&stream, 4, 1, SLICE("\1\1"));
	add_padded(&stream, 9, 0, SLICE(VALUES), 7);
	add_record(&stream, 4, 1, SLICE("A1"));
	add_empty(&stream, 4, 1);
	add_record(&stream, 9, 0, SLICE(VALUES));
	add_empty(&stream, 2, 1);
	add_record(&stream, 9, 0, SLICE("\1\0X\1\1YZ"));
	add_record(&stream, 9, 0, SLICE("\1"));
	check_held(true,
	    SAID_VALUES SAID_VALUES SAID_VALUES
	    "begin 1 role 1 flags 1\nA=1\nparams 1 end\n" SAID_VALUES
	    "aborted\nvalues 0:\nvalues 0:\n",
	    0);
}

TEST(values_asked_for_forty_times)
{
	struct sse_buf asked;

	begin();
	sse_buf_init(&asked, RECORDS_SIZE_MAX);
	for (int i = 0; i < 40; i++)
		sse_buf_add(&asked, VALUES, sizeof(VALUES) - 1);
	CHECK(asked.size > INTAKE_VALUES_MAX);
	add_record(&stream, 9, 0, sse_buf_slice(&asked));
	add_request(&stream, 1, 0, "A=1\n");
	sse_buf_done(&asked);
	check_stream(SAID_VALUES SAID_ONE, 0);
}

/* The limit cuts the first name that does not fit: it is passed over. */
TEST(values_around_their_limit)
{
	static char asked[INTAKE_VALUES_MAX + 1];
	size_t before = INTAKE_VALUES_MAX - 16; /* bytes of the name's pair */

	for (size_t more = 0; more < 2; more++) {
		begin();
		memset(asked, 'x', sizeof(asked));
		memcpy(asked, "\x80\0\3\xea\0", 5);
		CHECK_EQUAL_INT(5 + 0x3ea, before - 1);
		memcpy(asked + before - 1 + more, "\16\0FCGI_MAX_CONNS", 16);
		if (more)
			asked[3]++;
		add_record(&stream, 9, 0,
		    (struct sse_slice){asked, before - 1 + more + 16});
		check_once(false, "values 0:\nFCGI_MAX_CONNS=10\n", 0);
		sse_buf_done(&stream);
	}
	begin();
	asked[3]++;
	memcpy(asked + before + 1, "\16\0FCGI_MAX_CONNS", 16);
	add_record(&stream, 9, 0, (struct sse_slice){asked, sizeof(asked)});
	check_once(false, "values 0:\n", 0);
	sse_buf_done(&stream);
}

/* M3, M4, and that none of it gets into the PARAMS. */
TEST(management_of_unknown_types)
{
	struct sse_buf want;

	begin();
	sse_buf_init(&want, RECORDS_SIZE_MAX);
	add_begin(&stream, 1, 1, 0);
	for (int type = 0; type < 256; type++) {
		if (type == 9)
			continue;
		add_padded(&stream, type, 0, SLICE("\1\1X1\0\0\0\0"), type % 9);
		add_empty(&stream, type, 0);
		say(&want, "unknown %d\nunknown %d\n", type, type);
	}
	add_params(&stream, 1, SLICE("\1\1A1"), 100);
	say(&want, "%s%c", SAID_ONE, 0);
	for (size_t size = 1; size < 20; size++) {
		struct play play;

		play_init(&play, false);
		play_pieces(&play, sse_buf_slice(&stream), size);
		check_play(&play, want.data, 0);
	}
	sse_buf_done(&want);
	sse_buf_done(&stream);
}

/* A server that asks and does not read is not kept. */
TEST(replies_around_their_limit)
{
	struct play play;
	struct sse_slice rest;
	int got = 0;

	begin();
	play_init(&play, false);
	add_empty(&stream, 77, 0);
	for (int i = 0; i < INTAKE_REPLIES_MAX / 16; i++) {
		rest = sse_buf_slice(&stream);
		got = intake_feed(&play.intake, &rest, &play.replies);
		CHECK_EQUAL_INT(got, 0);
	}
	CHECK_EQUAL_INT(play.replies.size, INTAKE_REPLIES_MAX);
	sse_buf_clear(&stream);
	add_request(&stream, 1, 0, "A=1\n"); /* no reply: no error */
	rest = sse_buf_slice(&stream);
	got = intake_feed(&play.intake, &rest, &play.replies);
	CHECK_EQUAL_INT(got, INTAKE_REQUEST);
	sse_buf_clear(&stream);
	add_begin(&stream, 2, 1, 0);
	rest = sse_buf_slice(&stream);
	got = intake_feed(&play.intake, &rest, &play.replies);
	CHECK_EQUAL_INT(got, -ENOBUFS);
	sse_buf_clear(&play.replies);
	check_broken(&play);
	play_done(&play);
	sse_buf_done(&stream);
}

/* -------------------------------------------------------- foreign ids -- */

/* I1, I2, I3 */
TEST(records_of_other_requests)
{
	begin();
	add_begin(&stream, 1, 1, 0);
	for (int type = 2; type < 16; type++) {
		add_empty(&stream, type, 7);
		add_record(&stream, 4, 1, SLICE("\1\1A1"));
		add_record(&stream, type, 7, SLICE("\1\1X1"));
		add_record(&stream, type == 2 || type == 4 ? 3 : type, 1,
		    SLICE("\1\1Y1"));
	}
	add_empty(&stream, 4, 1);
	check_stream("begin 1 role 1 flags 0\nA=1\nA=1\nA=1\nA=1\nA=1\nA=1\n"
		     "A=1\nA=1\nA=1\nA=1\nA=1\nA=1\nA=1\nA=1\nparams 1 end\n",
	    0);
}

/* ------------------------------------------------------ stdin and data -- */

/* S6: a large body takes no memory. */
TEST(a_large_body)
{
	static char bytes[65535];
	struct play play;

	begin();
	play_init(&play, true);
	add_request(&stream, 1, 1, "A=1\n");
	play_piece(&play, sse_buf_slice(&stream));
	sse_buf_clear(&stream);
	add_padded(&stream, 5, 1, (struct sse_slice){bytes, 65535}, 200);
	for (int i = 0; i < 100; i++) {
		play_pieces(&play, sse_buf_slice(&stream), 8192);
		CHECK(!holds_memory(&play.intake));
	}
	check_play(&play, "begin 1 role 1 flags 1\nA=1\nparams 1 end\n", 0);
	sse_buf_done(&stream);
}

/* -------------------------------------------------------------- abort -- */

/* A1 */
TEST(abort_in_every_state)
{
	begin();
	add_empty(&stream, 2, 1); /* before */
	add_begin(&stream, 1, 1, 1);
	add_empty(&stream, 2, 2); /* of another */
	add_empty(&stream, 2, 1); /* at once */
	add_empty(&stream, 2, 1); /* twice */
	add_params(&stream, 1, SLICE("\1\1B2"), 100);
	add_begin(&stream, 3, 1, 1);
	add_record(&stream, 4, 3, SLICE("\1\1B2\1"));
	add_padded(&stream, 2, 3, SLICE("why"), 5); /* within a pair */
	add_empty(&stream, 4, 3);
	add_request(&stream, 1, 0, "A=1\n");
	add_padded(&stream, 2, 1, SLICE("because"), 1);
	add_empty(&stream, 2, 1); /* after the end */
	add_empty(&stream, 2, 1);
	check_held(true,
	    "stdout 1 0\nend 1 app 0 status 0\n"
	    "stdout 3 0\nend 3 app 0 status 0\n" SAID_ONE "aborted\n",
	    0);
}

/* The memory of PARAMS that come in is given back. */
TEST(abort_gives_the_memory_back)
{
	struct play play;

	begin();
	play_init(&play, true);
	add_begin(&stream, 1, 1, 1);
	add_record(&stream, 4, 1, SLICE("\1\1B2"));
	add_empty(&stream, 2, 1);
	play_piece(&play, sse_buf_slice(&stream));
	CHECK_EQUAL_INT(play.intake.state, INTAKE_IDLE);
	CHECK(!holds_memory(&play.intake));
	check_play(&play, "stdout 1 0\nend 1 app 0 status 0\n", 0);
	sse_buf_done(&stream);
}

/* While the request is not ended, it is said once. */
TEST(abort_is_said_once)
{
	struct play play;
	struct sse_slice rest;

	begin();
	play_init(&play, true);
	add_request(&stream, 1, 1, "A=1\n");
	play_piece(&play, sse_buf_slice(&stream));
	sse_buf_clear(&stream);
	add_empty(&stream, 2, 1);
	add_empty(&stream, 2, 1);
	rest = sse_buf_slice(&stream);
	CHECK_EQUAL_INT(
	    intake_feed(&play.intake, &rest, &play.replies), INTAKE_ABORTED);
	CHECK_EQUAL_INT(rest.size, 8);
	CHECK_EQUAL_INT(intake_feed(&play.intake, &rest, &play.replies), 0);
	intake_end(&play.intake);
	add_request(&stream, 1, 1, "");
	add_empty(&stream, 2, 1);
	play_piece(&play, sse_buf_slice(&stream));
	check_play(&play,
	    "begin 1 role 1 flags 1\nA=1\nparams 1 end\n"
	    "begin 1 role 1 flags 1\nparams 1 end\naborted\n",
	    0);
	sse_buf_done(&stream);
}

/* ---------------------------------------------------------- keep_conn -- */

/* F3, K2, K4: pipelined, with bodies that nobody reads. */
TEST(many_requests_on_one_connection)
{
	struct sse_buf want;

	begin();
	sse_buf_init(&want, RECORDS_SIZE_MAX);
	for (int i = 0; i < 100; i++) {
		int id = i % 2 == 0 ? 1 : 2 * i + 1;

		add_request(&stream, id, 1, "A=1\n");
		add_record(&stream, 5, id, SLICE("body\1\1\0\1"));
		if (i % 3 == 0)
			add_record(&stream, 9, 0, SLICE(VALUES));
		say(&want, "begin %d role 1 flags 1\nA=1\nparams %d end\n%s",
		    id, id, i % 3 == 0 ? SAID_VALUES : "");
	}
	say(&want, "%c", 0);
	check_once(false, want.data, 0);
	for (size_t size = 1; size < 300; size = size * 3 / 2 + 1) {
		struct play play;

		play_init(&play, false);
		play_pieces(&play, sse_buf_slice(&stream), size);
		check_play(&play, want.data, 0);
	}
	sse_buf_done(&want);
	sse_buf_done(&stream);
}

/* ------------------------------------------------------------- memory -- */

/* C1, P8: a connection that ends anywhere leaves nothing behind. */
TEST(a_connection_that_ends_anywhere)
{
	begin();
	add_record(&stream, 9, 0, SLICE(VALUES));
	add_request(&stream, 1, 0, "A=1\n");
	for (size_t size = 0; size < stream.size; size++) {
		struct play play;

		play_init(&play, false);
		play_piece(&play, (struct sse_slice){stream.data, size});
		play_done(&play);
	}
	sse_buf_done(&stream);
}

/* Memory that is used up, at each place. */
TEST(memory_that_is_used_up)
{
	struct sse_buf replies, pairs;
	char room[500], value[1000];

	begin();
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	add_record(&stream, 9, 0, SLICE(VALUES));
	memset(value, 'v', sizeof(value));
	add_pair(&pairs, SLICE("A"), (struct sse_slice){value, sizeof(value)});
	add_begin(&stream, 1, 1, 0);
	add_params(&stream, 1, sse_buf_slice(&pairs), 65535);
	/* GET_VALUES, BEGIN, PARAMS, and the records: BEGIN, PARAMS. */
	for (long left = 0; left < 5; left++) {
		struct play play;
		struct sse_slice rest = sse_buf_slice(&stream);
		int got;

		play_init(&play, true);
		replies = (struct sse_buf){room, 0, sizeof(room), sizeof(room)};
		allocations_left = left;
		got = intake_feed(&play.intake, &rest, &replies);
		allocations_left = -1;
		CHECK_EQUAL_INT(got, -ENOMEM);
		check_broken(&play);
		play_done(&play);
	}
	sse_buf_done(&pairs);
	sse_buf_done(&stream);
}

/* F9: any bytes in any pieces give the same, and bounded records. */
TEST(random_records)
{
	struct random random = {20261122};

	for (int i = 0; i < 3000; i++) {
		struct play whole, cut;

		begin();
		for (int j = 0; j < 12; j++) {
			char bytes[24];
			size_t size = random_below(&random, sizeof(bytes));

			for (size_t k = 0; k < size; k++)
				bytes[k] = (char)random_below(&random, 4);
			if (random_below(&random, 3) == 0)
				add_begin(&stream,
				    (int)random_below(&random, 3),
				    (int)random_below(&random, 8) == 0 ? 2 : 1,
				    (int)random_below(&random, 4));
			else
				add_padded(&stream,
				    (int)random_below(&random, 13),
				    (int)random_below(&random, 3),
				    (struct sse_slice){bytes,
					random_below(&random, 2) ? size : 0},
				    (int)random_below(&random, 5));
		}
		play_init(&whole, i % 2 == 0);
		play_piece(&whole, sse_buf_slice(&stream));
		play_init(&cut, i % 2 == 0);
		play_pieces(&cut, sse_buf_slice(&stream),
		    1 + random_below(&random, 30));
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&cut.text), sse_buf_slice(&whole.text));
		CHECK_EQUAL_INT(cut.error, whole.error);
		play_done(&whole);
		play_done(&cut);
		sse_buf_done(&stream);
	}
}
