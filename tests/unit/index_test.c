#include "test.h"

#include <errno.h>

#include "confs.h"
#include "stream/index.h"

static const char three[] =
    "index=yes\n[a]\nsource=/a\n[b]\nsource=/b\nindex=no\n"
    "[c.d-e_f]\nsource=/c\n[g]\nsource=/g\nselect=query\n";

TEST(the_names_of_those_that_are_listed)
{
	struct conf *conf = conf_of(sse_slice(three));
	struct sse_buf out;

	sse_buf_init(&out, INDEX_SIZE_MAX);
	CHECK_EQUAL_INT(index_print_names(conf, &out), 0);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&out), SLICE("{\"streams\": [\n{\"name\": \"a\"},\n"
				       "{\"name\": \"c.d-e_f\"}]}\n"));
	sse_buf_done(&out);
	conf_free(conf);
}

TEST(what_is_known_of_them)
{
	const struct index_entry entry = {
	    .name = "a", .source = "open", .frames = UINT64_MAX};
	struct sse_buf out;

	sse_buf_init(&out, INDEX_SIZE_MAX);
	CHECK_EQUAL_INT(index_print_begin(&out), 0);
	CHECK_EQUAL_INT(index_print_entry(&entry, &out), 0);
	CHECK_EQUAL_INT(index_print_end(&out), 0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&out),
	    SLICE("{\"streams\": [\n{\"name\": \"a\", \"source\": \"open\","
		  " \"frames\": 18446744073709551615}]}\n"));
	sse_buf_done(&out);
}

TEST(a_list_that_is_too_long_is_an_error)
{
	struct conf *conf = conf_of(sse_slice(three));
	struct sse_buf out;

	sse_buf_init(&out, 20);
	CHECK_EQUAL_INT(index_print_names(conf, &out), -ENOBUFS);
	sse_buf_done(&out);
	conf_free(conf);
}

TEST(one_stream_alone_needs_no_list)
{
	struct conf *conf = conf_of(SLICE("[a]\nsource=/a\nindex=yes\n"));

	CHECK(!index_has_streams(conf));
	conf_free(conf);
	conf = conf_of(sse_slice(three));
	CHECK(index_has_streams(conf) && index_has_pages(conf));
	conf_free(conf);
}
