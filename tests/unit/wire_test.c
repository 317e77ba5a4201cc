#include "test.h"

#include <errno.h>

#include "records.h"
#include "wire.h"

static struct sse_buf out, text;

static void
begin(void)
{
	sse_buf_init(&out, RECORDS_SIZE_MAX);
	sse_buf_init(&text, RECORDS_SIZE_MAX);
}

static void
end(void)
{
	sse_buf_done(&out);
	sse_buf_done(&text);
}

static void
check_out(const char *want)
{
	sse_buf_clear(&text);
	say_records(&text, sse_buf_slice(&out));
	CHECK_EQUAL_TEXT(sse_buf_slice(&text), sse_slice(want));
	sse_buf_clear(&out);
}

TEST(a_header)
{
	char header[WIRE_HEADER_SIZE];

	wire_header(header, WIRE_STDOUT, 0x1234, 0xfedc);
	CHECK_EQUAL_TEXT(((struct sse_slice){header, sizeof(header)}),
	    SLICE("\1\6\x12\x34\xfe\xdc\0\0"));
	wire_header(header, WIRE_BEGIN_REQUEST, 0, WIRE_CONTENT_MAX);
	CHECK_EQUAL_TEXT(((struct sse_slice){header, sizeof(header)}),
	    SLICE("\1\1\0\0\xff\xff\0\0"));
}

TEST(the_end_of_a_request)
{
	begin();
	CHECK_EQUAL_INT(wire_end_request(&out, 258, WIRE_OVERLOADED), 0);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&out), SLICE("\1\3\1\2\0\10\0\0\0\0\0\0\2\0\0\0"));
	sse_buf_clear(&out);
	CHECK_EQUAL_INT(wire_finish(&out, 65535), 0);
	CHECK_EQUAL_INT(out.size, WIRE_FINISH_SIZE);
	CHECK_EQUAL_TEXT(sse_buf_slice(&out),
	    SLICE("\1\6\xff\xff\0\0\0\0"
		  "\1\3\xff\xff\0\10\0\0\0\0\0\0\0\0\0\0"));
	end();
}

TEST(an_unknown_type)
{
	begin();
	CHECK_EQUAL_INT(wire_unknown_type(&out, 200), 0);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&out), SLICE("\1\13\0\0\0\10\0\0\xc8\0\0\0\0\0\0\0"));
	end();
}

/* O1: the bytes come out again, in as few records as there can be. */
TEST(stdout_of_any_size)
{
	static const size_t sizes[] = {0, 1, 7, 8, 65527, 65528, 65529, 65535,
	    65536, 131056, 131057, 200000};
	static char bytes[200000];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 31 >> 3);
	begin();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t at = 0, taken = 0, records = 0;

		sse_buf_clear(&out);
		CHECK_EQUAL_INT(
		    wire_stdout(&out, 1, (struct sse_slice){bytes, sizes[i]}),
		    0);
		for (; at < out.size; records++) {
			const unsigned char *header =
			    (const unsigned char *)out.data + at;
			size_t size = (size_t)(header[4] << 8 | header[5]);

			CHECK(size > 0 && size <= WIRE_STDOUT_MAX);
			CHECK_EQUAL_INT(header[6], 0);
			CHECK(memcmp(header, "\1\6\0\1", 4) == 0);
			CHECK(memcmp(header + 8, bytes + taken, size) == 0);
			at += 8 + size;
			taken += size;
		}
		CHECK_EQUAL_INT(taken, sizes[i]);
		CHECK_EQUAL_INT(records, (sizes[i] + 65527) / 65528);
	}
	end();
}

TEST(a_request)
{
	struct sse_buf pairs;

	begin();
	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	add_pairs(&pairs, "A=1\nBC=\n");
	CHECK_EQUAL_INT(wire_begin_request(&out, 7, WIRE_KEEP_CONN), 0);
	CHECK_EQUAL_INT(wire_params(&out, 7, sse_buf_slice(&pairs)), 0);
	check_out("begin 7 role 1 flags 1\nA=1\nBC=\nparams 7 end\n");
	CHECK_EQUAL_INT(wire_params(&out, 7, SLICE("")), 0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&out), SLICE("\1\4\0\7\0\0\0\0"));
	sse_buf_done(&pairs);
	end();
}

/* What is not added whole is not added. */
TEST(a_full_buffer_stays_as_it_was)
{
	begin();
	sse_buf_init(&out, 23);
	CHECK_EQUAL_INT(wire_finish(&out, 1), -ENOBUFS);
	CHECK_EQUAL_INT(wire_params(&out, 1, SLICE("12345678")), -ENOBUFS);
	CHECK_EQUAL_INT(
	    wire_stdout(&out, 1, SLICE("1234567890123456")), -ENOBUFS);
	CHECK_EQUAL_INT(
	    wire_stdout(&out, 1, (struct sse_slice){"", SIZE_MAX}), -ENOBUFS);
	CHECK_EQUAL_INT(
	    wire_values(&out, SLICE("\16\0FCGI_MAX_CONNS"), 1), -ENOBUFS);
	CHECK_EQUAL_INT(out.size, 0);
	CHECK_EQUAL_INT(wire_stdout(&out, 1, SLICE("123456789012345")), 0);
	CHECK_EQUAL_INT(wire_end_request(&out, 1, 0), -ENOBUFS);
	CHECK_EQUAL_INT(wire_begin_request(&out, 1, 0), -ENOBUFS);
	CHECK_EQUAL_INT(wire_unknown_type(&out, 1), -ENOBUFS);
	CHECK_EQUAL_INT(out.size, 23);
	end();
}

/* A pair that is there, and what is behind it. */
static void
check_pair(struct sse_slice pairs, const char *want_name,
    const char *want_value, size_t want_rest)
{
	struct sse_slice name, value;
	struct sse_slice rest = {
	    test_guarded(pairs.data, pairs.size), pairs.size};

	CHECK_EQUAL_INT(wire_pair(&rest, &name, &value), 1);
	CHECK_EQUAL_TEXT(name, sse_slice(want_name));
	CHECK_EQUAL_TEXT(value, sse_slice(want_value));
	CHECK_EQUAL_INT(rest.size, want_rest);
}

TEST(pairs)
{
	struct sse_slice none = {NULL, 0};

	CHECK_EQUAL_INT(wire_pair(&none, &none, &none), 0);
	check_pair(SLICE("\1\1AB"), "A", "B", 0);
	check_pair(SLICE("\1\1AB\1"), "A", "B", 1);
	check_pair(SLICE("\0\0"), "", "", 0);
	check_pair(SLICE("\x80\0\0\1\1AB"), "A", "B", 0);
	check_pair(SLICE("\1\x80\0\0\2ABC??"), "A", "BC", 2);
}

/* 127 is the last size of one byte, and 16 MiB needs the last of four. */
TEST(pairs_with_long_lengths)
{
	static const size_t sizes[] = {
	    0, 1, 126, 127, 128, 255, 256, 65535, 65536, (size_t)1 << 24};
	struct sse_buf pairs;

	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct sse_slice rest, name, value;

		sse_buf_clear(&pairs);
		add_size(&pairs, sizes[i], false);
		add_size(&pairs, 3, true);
		CHECK_EQUAL_INT(sse_buf_reserve(&pairs, sizes[i] + 3), 0);
		memset(pairs.data + pairs.size, 'x', sizes[i] + 3);
		pairs.size += sizes[i] + 3;
		rest = sse_buf_slice(&pairs);
		CHECK_EQUAL_INT(wire_pair(&rest, &name, &value), 1);
		CHECK_EQUAL_INT(name.size, sizes[i]);
		CHECK_EQUAL_INT(value.size, 3);
		CHECK_EQUAL_INT(rest.size, 0);
	}
	sse_buf_done(&pairs);
}

/* P3, P7: nothing behind the bytes is looked at. */
TEST(pairs_that_lead_out)
{
	static const struct sse_slice cases[] = {
	    {"\1", 1},
	    {"\1\1", 2},
	    {"\1\1A", 3},
	    {"\1\x80", 2},
	    {"\x80", 1},
	    {"\x80\0\0", 3},
	    {"\x80\0\0\1", 4},
	    {"\x80\0\0\1\x80\0\0", 7},
	    {"\0\1", 2},
	    {"\xff\xff\xff\xff\xff\xff\xff\xff", 8},
	    {"\xff\xff\xff\xfe\xff\xff\xff\xfe", 8},
	    {"\xff\xff\xff\xff\0A", 6},
	    {"\0\xff\xff\xff\xff", 5},
	    {"\1\xff\xff\xff\xff"
	     "A",
		6},
	    {"\x80\0\0\0\x80\0\0\1", 8},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_slice pairs = {
		    test_guarded(cases[i].data, cases[i].size), cases[i].size};
		struct sse_slice before = pairs, name, value;

		CHECK_EQUAL_INT(wire_pair(&pairs, &name, &value), -EPROTO);
		CHECK(pairs.data == before.data && pairs.size == before.size);
	}
}

#define CONNS "\16\0FCGI_MAX_CONNS"
#define REQS "\15\0FCGI_MAX_REQS"
#define MPXS "\17\0FCGI_MPXS_CONNS"

static void
check_values(struct sse_slice asked, const char *want)
{
	char whole[200] = "values 0:\n";

	CHECK_EQUAL_INT(wire_values(&out, asked, UINT32_MAX), 0);
	snprintf(whole + 10, sizeof(whole) - 10, "%s", want);
	check_out(whole);
}

/* M2 */
TEST(values)
{
	begin();
	check_values(SLICE(""), "");
	check_values(SLICE(CONNS), "FCGI_MAX_CONNS=4294967295\n");
	check_values(SLICE(MPXS REQS CONNS),
	    "FCGI_MAX_CONNS=4294967295\nFCGI_MAX_REQS=4294967295\n"
	    "FCGI_MPXS_CONNS=0\n");
	check_values(SLICE(MPXS MPXS "\1\0A" MPXS), "FCGI_MPXS_CONNS=0\n");
	check_values(SLICE("\16\3FCGI_MAX_CONNSabc" MPXS),
	    "FCGI_MAX_CONNS=4294967295\nFCGI_MPXS_CONNS=0\n");
	check_values(SLICE("\15\0FCGI_MAX_CONN\20\0FCGI_MPXS_CONNSX\0\0"), "");
	check_values(SLICE(MPXS "\xff\xff" CONNS), "FCGI_MPXS_CONNS=0\n");
	end();
}

/* A server asks as often as it likes; libfcgi's buffer would overflow. */
TEST(values_asked_for_forty_times)
{
	struct sse_buf asked;

	begin();
	sse_buf_init(&asked, RECORDS_SIZE_MAX);
	for (int i = 0; i < 40; i++)
		sse_buf_add(&asked, CONNS REQS MPXS, 16 + 15 + 17);
	CHECK_EQUAL_INT(wire_values(&out, sse_buf_slice(&asked), 10), 0);
	check_out("values 0:\nFCGI_MAX_CONNS=10\nFCGI_MAX_REQS=10\n"
		  "FCGI_MPXS_CONNS=0\n");
	sse_buf_done(&asked);
	end();
}
