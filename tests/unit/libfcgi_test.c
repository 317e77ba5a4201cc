#include "test.h"

#include <errno.h>
#include <fcgiapp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "intake.h"
#include "libfcgi.h"
#include "random.h"
#include "records.h"
#include "wire.h"

static struct libfcgi *libfcgi;
static struct sse_buf records, out;

static void
begin(void)
{
	CHECK_EQUAL_INT(libfcgi_new(&libfcgi), 0);
	sse_buf_init(&records, RECORDS_SIZE_MAX);
	sse_buf_init(&out, RECORDS_SIZE_MAX);
}

static void
end(void)
{
	libfcgi_free(libfcgi);
	sse_buf_done(&records);
	sse_buf_done(&out);
}

/* Takes a request into hand. */
static void
begin_request(int id, const char *lines)
{
	sse_buf_clear(&records);
	add_request(&records, id, 0, lines);
	CHECK_EQUAL_INT(libfcgi_begin(libfcgi, sse_buf_slice(&records)), 0);
}

static void
check_param(const char *name, const char *want)
{
	CHECK_EQUAL_TEXT(
	    sse_slice(libfcgi_param(libfcgi, name)), sse_slice(want));
}

/* A request and its reply: nothing of another one is left. */
static void
check_works(void)
{
	sse_buf_clear(&out);
	begin_request(259, "A=1\nB=\n");
	check_param("A", "1");
	check_param("B", "");
	check_param("C", NULL);
	CHECK_EQUAL_INT(libfcgi_reply(libfcgi, SLICE("12345678"), &out), 0);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&out), SLICE("\1\6\1\3\0\10\0\0"
				       "12345678\1\6\1\3\0\0\0\0"
				       "\1\3\1\3\0\10\0\0\0\0\0\0\0\0\0\0"));
	sse_buf_clear(&out);
}

TEST(requests_one_after_another)
{
	begin();
	for (int i = 0; i < 1000; i++)
		check_works();
	end();
}

TEST(parameters)
{
	begin();
	begin_request(1, "A=1\nA=2\nREQUEST_METHOD=GET\nEMPTY=\nE=x=y\n");
	check_param("A", "1"); /* of duplicates the first counts */
	check_param("REQUEST_METHOD", "GET");
	check_param("EMPTY", "");
	check_param("E", "x=y");
	check_param("REQUEST", NULL);
	check_param("a", NULL);
	libfcgi_drop(libfcgi);
	begin_request(1, ""); /* P1; those of before are gone */
	check_param("A", NULL);
	libfcgi_drop(libfcgi);
	end();
}

TEST(without_a_request)
{
	begin();
	libfcgi_drop(libfcgi);
	libfcgi_drop(libfcgi);
	check_works();
	end();
	libfcgi_free(NULL);
}

TEST(freed_with_a_request_in_hand)
{
	begin();
	begin_request(1, "A=1\n");
	end();
}

TEST(dropped_and_nothing_is_left)
{
	begin();
	for (int i = 0; i < 100; i++) {
		begin_request(1, "X=1\nY=2\n");
		libfcgi_drop(libfcgi);
		check_works();
	}
	end();
}

/* The bytes of all STDOUT records for the id; none may be longer. */
static void
take_stdout(
    struct sse_slice from, int id, size_t record_max, struct sse_buf *to)
{
	while (from.size > 0) {
		const unsigned char *at = (const unsigned char *)from.data;
		size_t size;

		CHECK(from.size >= 8);
		size = (size_t)(at[4] << 8 | at[5]);
		CHECK_EQUAL_INT(at[2] << 8 | at[3], id);
		CHECK(size <= record_max && 8 + size + at[6] <= from.size);
		if (at[1] == WIRE_STDOUT)
			sse_buf_add(to, from.data + 8, size);
		from.data += 8 + size + at[6];
		from.size -= 8 + size + at[6];
	}
}

static char bytes[2 * LIBFCGI_REPLY_MAX];

static void
fill_bytes(void)
{
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 ^ i >> 8);
}

static const size_t sizes[] = {0, 1, 7, 8, 9, 400, 8183, 8184, 8185, 16368,
    16369, 65527, 65528, 65535, 65536};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* O2: as many records as are needed, and behind them nothing. */
TEST(streams_of_any_size)
{
	struct sse_buf got;

	begin();
	fill_bytes();
	sse_buf_init(&got, RECORDS_SIZE_MAX);
	for (size_t i = 0; i < SIZES; i++) {
		struct sse_slice sent = {bytes, sizes[i]};

		begin_request(513, "A=1\n");
		CHECK_EQUAL_INT(libfcgi_stream(libfcgi, sent, &out), 0);
		sse_buf_clear(&got);
		take_stdout(sse_buf_slice(&out), 513, LIBFCGI_RECORD_MAX, &got);
		CHECK_EQUAL_TEXT(sse_buf_slice(&got), sent);
		if (sent.size == 0)
			CHECK_EQUAL_INT(out.size, 0);
		else if (sent.size <= LIBFCGI_RECORD_MAX)
			CHECK_EQUAL_INT(out.size, 8 + (sent.size + 7) / 8 * 8);
		check_works();
	}
	sse_buf_done(&got);
	end();
}

/* O5, O6: ours and theirs are the same but for padding and records. */
TEST(replies_are_like_ours)
{
	struct sse_buf got, ours;
	char finish[WIRE_FINISH_SIZE];

	begin();
	fill_bytes();
	sse_buf_init(&got, RECORDS_SIZE_MAX);
	sse_buf_init(&ours, RECORDS_SIZE_MAX);
	for (size_t i = 0; i < SIZES; i++) {
		struct sse_slice sent = {bytes, sizes[i]};

		begin_request(513, "A=1\n");
		CHECK_EQUAL_INT(libfcgi_reply(libfcgi, sent, &out), 0);
		sse_buf_clear(&ours);
		CHECK_EQUAL_INT(wire_finish(&ours, 513), 0);
		memcpy(finish, ours.data, sizeof(finish));
		CHECK(out.size >= sizeof(finish));
		CHECK(memcmp(out.data + out.size - sizeof(finish), finish,
			  sizeof(finish)) == 0);
		sse_buf_clear(&ours);
		CHECK_EQUAL_INT(wire_stdout(&ours, 513, sent), 0);
		CHECK_EQUAL_INT(wire_finish(&ours, 513), 0);
		sse_buf_clear(&got);
		take_stdout(sse_buf_slice(&ours), 513, WIRE_STDOUT_MAX, &got);
		CHECK_EQUAL_TEXT(sse_buf_slice(&got), sent);
		if (sent.size % 8 == 0 && sent.size <= LIBFCGI_RECORD_MAX)
			CHECK_EQUAL_TEXT(
			    sse_buf_slice(&out), sse_buf_slice(&ours));
		sse_buf_clear(&got);
		take_stdout(sse_buf_slice(&out), 513, LIBFCGI_RECORD_MAX, &got);
		CHECK_EQUAL_TEXT(sse_buf_slice(&got), sent);
		check_works();
	}
	sse_buf_done(&got);
	sse_buf_done(&ours);
	end();
}

/* They are added; and after an error there is what was there. */
TEST(replies_are_added_whole_or_not_at_all)
{
	struct sse_slice large = {bytes, LIBFCGI_REPLY_MAX + 1};
	struct sse_slice most = {bytes, LIBFCGI_REPLY_MAX};

	begin();
	for (int streams = 0; streams < 2; streams++) {
		int (*answer)(
		    struct libfcgi *, struct sse_slice, struct sse_buf *) =
		    streams ? libfcgi_stream : libfcgi_reply;

		sse_buf_add(&out, "before", 6);
		begin_request(1, "");
		CHECK_EQUAL_INT(answer(libfcgi, large, &out), -EMSGSIZE);
		CHECK_EQUAL_TEXT(sse_buf_slice(&out), SLICE("before"));
		begin_request(1, "");
		out.size_max = 20000;
		CHECK_EQUAL_INT(answer(libfcgi, most, &out), -ENOBUFS);
		CHECK_EQUAL_TEXT(sse_buf_slice(&out), SLICE("before"));
		begin_request(1, "");
		CHECK_EQUAL_INT(answer(libfcgi, SLICE("12345678"), &out), 0);
		CHECK_EQUAL_TEXT(((struct sse_slice){out.data, 22}),
		    SLICE("before\1\6\0\1\0\10\0\0"
			  "12345678"));
		out.size_max = RECORDS_SIZE_MAX;
		check_works();
	}
	end();
}

/* ------------------------------------------------------------- refusals -- */

static void
check_refused(struct sse_slice bytes_sent, int want)
{
	CHECK_EQUAL_INT(libfcgi_begin(libfcgi, bytes_sent), want);
	check_works();
}

/* Cut anywhere: -EPROTO, and the next request is not disturbed. */
TEST(records_that_are_cut)
{
	struct sse_buf cut;

	begin();
	sse_buf_init(&cut, RECORDS_SIZE_MAX);
	add_request(&cut, 1, 1, "A=1\nREQUEST_METHOD=GET\n");
	for (size_t size = 0; size < cut.size; size++)
		check_refused((struct sse_slice){cut.data, size}, -EPROTO);
	sse_buf_done(&cut);
	end();
}

TEST(records_that_libfcgi_refuses)
{
	struct sse_buf bad;

	begin();
	sse_buf_init(&bad, RECORDS_SIZE_MAX);
	add_request(&bad, 1, 0, "A=1\n");
	bad.data[0] = 2;
	check_refused(sse_buf_slice(&bad), -EPROTO);
	sse_buf_clear(&bad);
	add_begin(&bad, 1, 9, 0);
	add_params(&bad, 1, SLICE("\1\1A1"), 100);
	check_refused(sse_buf_slice(&bad), -EPROTO);
	sse_buf_clear(&bad);
	add_begin(&bad, 1, 1, 0);
	add_params(&bad, 1, SLICE("\1\1A1\1"), 100);
	check_refused(sse_buf_slice(&bad), -EPROTO);
	sse_buf_done(&bad);
	end();
}

/* What libfcgi does not read must not be the next request. */
TEST(records_of_two_requests)
{
	struct sse_buf two;

	begin();
	sse_buf_init(&two, RECORDS_SIZE_MAX);
	add_request(&two, 1, 0, "A=1\n");
	add_record(&two, 5, 1, (struct sse_slice){bytes, 20000});
	add_request(&two, 2, 0, "EVIL=1\n");
	check_refused(sse_buf_slice(&two), -EPROTO);
	sse_buf_done(&two);
	end();
}

/* It neither blocks nor is cut. */
TEST(records_that_do_not_fit)
{
	const size_t size = 8 << 20;
	char *large = test_zeroed(size);

	begin();
	check_refused((struct sse_slice){large, size}, -EMSGSIZE);
	end();
}

/*
 * Where sockets hold little, a reply is as large as ever, and a request that
 * does not fit is refused.
 */
TEST(a_pair_that_holds_little)
{
	const struct sse_slice sent = {bytes, LIBFCGI_REPLY_MAX};
	const size_t heads =
	    (LIBFCGI_REPLY_MAX / LIBFCGI_RECORD_MAX + 1) * WIRE_HEADER_SIZE;
	int size = 16384, shrunk = 0;

	begin();
	fill_bytes();
	for (int fd = 3; fd < 100; fd++)
		shrunk += setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size,
			      sizeof(size)) == 0;
	CHECK_EQUAL_INT(shrunk, 2);
	begin_request(1, "");
	CHECK_EQUAL_INT(libfcgi_stream(libfcgi, sent, &out), 0);
	CHECK_EQUAL_INT(out.size, sent.size + heads);
	begin_request(1, "");
	sse_buf_clear(&out);
	CHECK_EQUAL_INT(libfcgi_reply(libfcgi, sent, &out), 0);
	CHECK_EQUAL_INT(out.size, sent.size + heads + WIRE_FINISH_SIZE);
	sse_buf_clear(&records);
	add_begin(&records, 1, 1, 0);
	add_params(&records, 1, (struct sse_slice){bytes, 60000}, 65535);
	check_refused(sse_buf_slice(&records), -EMSGSIZE);
	end();
}

/* Without descriptors there is no new pair, until there is one again. */
TEST(descriptors_that_are_used_up)
{
	struct rlimit limit, none;
	struct libfcgi *another = NULL;

	begin();
	CHECK_EQUAL_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	CHECK_EQUAL_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
	CHECK_EQUAL_INT(libfcgi_new(&another), -EMFILE);
	CHECK(another == NULL);
	check_works();
	CHECK_EQUAL_INT(libfcgi_begin(libfcgi, SLICE("nothing")), -EPROTO);
	CHECK_EQUAL_INT(libfcgi_begin(libfcgi, SLICE("nothing")), -EMFILE);
	CHECK_EQUAL_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	check_works();
	end();
}

/* The descriptors of the program are not libfcgi's. */
TEST(a_web_servers_socket_is_left_alone)
{
	int pair[2];
	char byte;

	CHECK_EQUAL_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	begin();
	check_works();
	CHECK_EQUAL_INT(libfcgi_begin(libfcgi, SLICE("nothing")), -EPROTO);
	end();
	CHECK_EQUAL_INT(write(pair[0], "x", 1), 1);
	CHECK_EQUAL_INT(read(pair[1], &byte, 1), 1);
	close(pair[0]);
	close(pair[1]);
}

/* ------------------------------------------------ with what an intake made */

/* Pairs of short names and values, of bytes that an environment holds. */
static void
add_random_pairs(struct random *random, struct sse_buf *pairs)
{
	size_t count = random_below(random, 40);

	while (count-- > 0) {
		char text[400];
		size_t name_size = 1 + random_below(random, 130);
		size_t value_size = random_below(random, 260);

		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = (char)(1 + random_below(random, 255));
		for (size_t i = 0; i < name_size; i++)
			if (text[i] == '=')
				text[i] = '_';
		add_pair(pairs, (struct sse_slice){text, name_size},
		    (struct sse_slice){text + name_size, value_size});
	}
}

/* One intake, over the whole stream, to its request. */
static void
take_in(struct intake *intake, struct sse_slice stream, size_t size)
{
	struct sse_buf replies;
	int got = 0;

	sse_buf_init(&replies, 1000);
	intake_init(intake, 10);
	while (stream.size > 0 && got == 0) {
		struct sse_slice piece = stream;

		piece.size = stream.size < size ? stream.size : size;
		stream.data += piece.size;
		stream.size -= piece.size;
		got = intake_feed(intake, &piece, &replies);
	}
	CHECK_EQUAL_INT(got, INTAKE_REQUEST);
	CHECK_EQUAL_INT(stream.size, 0);
	sse_buf_done(&replies);
}

/* Each pair that was sent is there as it was sent. */
static void
check_pairs(struct sse_slice pairs)
{
	struct sse_slice name, value;

	while (wire_pair(&pairs, &name, &value) == 1) {
		char text[200];

		memcpy(text, name.data, name.size);
		text[name.size] = '\0';
		CHECK_EQUAL_TEXT(
		    sse_slice(libfcgi_param(libfcgi, text)), value);
	}
}

/* libfcgi alone, on a pair that blocks; returns the end to close. */
static int
accept_alone(FCGX_Request *request, struct sse_slice stream)
{
	int pair[2];

	CHECK_EQUAL_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	CHECK_EQUAL_INT(
	    write(pair[0], stream.data, stream.size), (int64_t)stream.size);
	CHECK_EQUAL_INT(FCGX_InitRequest(request, -1, 0), 0);
	request->ipcFd = pair[1];
	request->keepConnection = 1;
	FCGX_Detach(request);
	CHECK_EQUAL_INT(FCGX_Accept_r(request), 0);
	return pair[0];
}

/* What libfcgi alone finds in the stream is in the request in hand. */
static void
check_like_alone(struct sse_slice stream)
{
	FCGX_Request alone;
	int peer = accept_alone(&alone, stream);

	for (char **at = alone.envp; *at != NULL; at++) {
		char name[200];
		size_t size = strcspn(*at, "=");

		CHECK(size < sizeof(name));
		memcpy(name, *at, size);
		name[size] = '\0';
		CHECK_EQUAL_TEXT(sse_slice(libfcgi_param(libfcgi, name)),
		    sse_slice(FCGX_GetParam(name, alone.envp)));
	}
	FCGX_Free(&alone, 1);
	close(peer);
}

TEST(what_an_intake_makes_is_what_was_sent)
{
	struct random random = {20261121};
	struct sse_buf pairs;

	begin();
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	for (int i = 0; i < 300; i++) {
		struct intake intake;
		int id = 1 + (int)random_below(&random, 65535);

		sse_buf_clear(&pairs);
		sse_buf_clear(&records);
		add_random_pairs(&random, &pairs);
		add_begin(&records, id, 1, 1);
		add_params(&records, id, sse_buf_slice(&pairs),
		    1 + random_below(&random, 3000));
		take_in(&intake, sse_buf_slice(&records),
		    1 + random_below(&random, 5000));
		CHECK_EQUAL_INT(
		    libfcgi_begin(libfcgi, sse_buf_slice(&intake.records)), 0);
		check_pairs(sse_buf_slice(&pairs));
		check_like_alone(sse_buf_slice(&records));
		libfcgi_drop(libfcgi);
		intake_done(&intake);
	}
	check_works();
	sse_buf_done(&pairs);
	end();
}

/* P2, P4: the largest request that an intake lets through. */
TEST(the_largest_request)
{
	static char value[INTAKE_PARAMS_MAX];
	struct sse_buf pairs;
	struct intake intake;

	begin();
	memset(value, 'v', sizeof(value));
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	add_pair(
	    &pairs, SLICE("A"), (struct sse_slice){value, sizeof(value) - 6});
	CHECK_EQUAL_INT(pairs.size, INTAKE_PARAMS_MAX);
	add_begin(&records, 1, 1, 0);
	add_params(&records, 1, sse_buf_slice(&pairs), 65535);
	take_in(&intake, sse_buf_slice(&records), 4096);
	CHECK_EQUAL_INT(
	    libfcgi_begin(libfcgi, sse_buf_slice(&intake.records)), 0);
	check_pairs(sse_buf_slice(&pairs));
	libfcgi_drop(libfcgi);
	intake_done(&intake);
	check_works();
	sse_buf_done(&pairs);
	end();
}

/* P5: as many pairs as there may be. */
TEST(the_most_pairs)
{
	struct sse_buf pairs;
	struct intake intake;

	begin();
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	for (int i = 0; i < INTAKE_NAMES_MAX; i++) {
		char name[20];

		snprintf(name, sizeof(name), "N%d", i);
		add_pair(&pairs, sse_slice(name), sse_slice(name + 1));
	}
	add_begin(&records, 1, 1, 0);
	add_params(&records, 1, sse_buf_slice(&pairs), 65535);
	take_in(&intake, sse_buf_slice(&records), 4096);
	CHECK_EQUAL_INT(
	    libfcgi_begin(libfcgi, sse_buf_slice(&intake.records)), 0);
	check_pairs(sse_buf_slice(&pairs));
	libfcgi_drop(libfcgi);
	intake_done(&intake);
	sse_buf_done(&pairs);
	end();
}
