/*
 * NULL is treated alike everywhere: each function of ssekit.h has a row for
 * each thing that can be NULL.  tests/library/symbols.sh looks that none is
 * missing.
 */
#include "test.h"

#include <errno.h>
#include <stdio.h>

#define NOTHING 0

static char buffer[SSE_HEAD_SIZE_MAX];
static const struct sse_event event = {.data = {"x", 1}};
static const struct sse_request request = {.method = SSE_METHOD_GET};
static const struct sse_response response = {
    .status = 200, .event_stream = true};
static struct sse_event got;
static struct sse_decoder *decoder;
static struct sse_writer *fresh;     /* without a head */
static struct sse_writer *streaming; /* behind one */
static struct sse_writer *mute;      /* without a write function */

static ssize_t
take(void *context, const void *bytes, size_t size)
{
	(void)context;
	(void)bytes;
	return (ssize_t)size;
}

/* A slice that should not be: absent, for all that it has a size. */
static const struct sse_slice absent = {NULL, 5};

static int64_t
is_absent(struct sse_slice slice)
{
	return slice.data == NULL && slice.size == 0;
}

static int64_t
nothing_is_asked(sse_getenv_function *get)
{
	struct sse_request none;

	sse_request_read(&none, get, NULL);
	return none.method == SSE_METHOD_NONE && !none.from_server &&
	       none.naming == SSE_NAMING_NONE;
}

static int64_t
frame_of_absent(void)
{
	const struct sse_event all = {
	    .comment = absent, .id = absent, .type = absent, .data = absent};

	return sse_event_check(&all) == 0 && sse_encode_size(&all) == 1
		   ? sse_encode(&all, buffer, sizeof(buffer))
		   : -1;
}

static int64_t
head_of_absent(void)
{
	struct sse_response nobody = response;

	nobody.origin = absent;
	return sse_response_head(&nobody, buffer, sizeof(buffer)) ==
	       sse_response_head(&response, buffer, sizeof(buffer));
}

#define NO_RESULT(call) ((call), NOTHING)

struct row {
	const char *call;
	int64_t got, want;
};

#define ROW(call, want) ((struct row){#call, (int64_t)(call), want})

static void
check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].got != rows[i].want)
			(void)printf("# %s\n", rows[i].call);
		CHECK_EQUAL_INT(rows[i].got, rows[i].want);
	}
}

static void
check_writers(void)
{
	const struct row rows[] = {
	    ROW(NO_RESULT(sse_writer_free(NULL)), NOTHING),
	    ROW(sse_writer_answer(NULL, &request, NULL, 0), -ENOMEM),
	    ROW(sse_writer_answer(fresh, NULL, NULL, 0), -EINVAL),
	    ROW(sse_writer_answer(mute, &request, NULL, 0), -EINVAL),
	    ROW(sse_writer_refuse(NULL, &request, NULL), -ENOMEM),
	    ROW(sse_writer_refuse(fresh, NULL, NULL), -EINVAL),
	    ROW(sse_writer_refuse(mute, &request, NULL), -EINVAL),
	    ROW(sse_writer_head(NULL, &response), -ENOMEM),
	    ROW(sse_writer_head(fresh, NULL), -EINVAL),
	    ROW(sse_writer_head(mute, &response), -EINVAL),
	    ROW(sse_writer_add(NULL, &event), -ENOMEM),
	    ROW(sse_writer_add(streaming, NULL), -EINVAL),
	    ROW(sse_writer_flush(NULL), -ENOMEM),
	    ROW(sse_writer_flush(mute), -EINVAL),
	    ROW(sse_writer_publish(NULL, &event), -ENOMEM),
	    ROW(sse_writer_publish(streaming, NULL), -EINVAL),
	    ROW(sse_writer_heartbeat(NULL, 0), -ENOMEM),
	    ROW(sse_writer_heartbeat(mute, 0), -EINVAL),
	    ROW(sse_writer_heartbeat_in_ms(NULL, 1000), 0),
	    ROW(sse_writer_pending(NULL), 0),
	};

	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

static void
check_others(void)
{
	const struct row rows[] = {
	    ROW(is_absent(sse_slice(NULL)), 1),
	    ROW(sse_slice_equal(absent, sse_slice(NULL)), true),
	    ROW(sse_slice_equal(absent, sse_slice("")), false),
	    ROW(sse_event_check(NULL), -EINVAL),
	    ROW(sse_encode_size(NULL), 0),
	    ROW(sse_encode(NULL, buffer, sizeof(buffer)), -EINVAL),
	    ROW(sse_encode(&event, NULL, 64), -EINVAL),
	    ROW(frame_of_absent(), 1),
	    ROW(NO_RESULT(sse_decoder_free(NULL)), NOTHING),
	    ROW(sse_decoder_restart(NULL, sse_slice("")), -ENOMEM),
	    ROW(sse_decoder_restart(decoder, absent), 0),
	    ROW(NO_RESULT(sse_decoder_feed(NULL, "x", 1)), NOTHING),
	    ROW(NO_RESULT(sse_decoder_feed(decoder, NULL, 1)), NOTHING),
	    ROW(sse_decoder_next(NULL, &got), -ENOMEM),
	    ROW(sse_decoder_next(decoder, NULL), -EINVAL),
	    ROW(is_absent(sse_decoder_last_event_id(NULL)), 1),
	    ROW(is_absent(sse_decoder_retry(NULL)), 1),
	    ROW(sse_getenv(NULL, NULL) == NULL, 1),
	    ROW(NO_RESULT(sse_request_read(NULL, sse_getenv, NULL)), NOTHING),
	    ROW(nothing_is_asked(NULL), 1),
	    ROW(sse_name_valid(absent), false),
	    ROW(sse_response_head(NULL, buffer, sizeof(buffer)), -EINVAL),
	    ROW(sse_response_head(&response, NULL, 64), -EINVAL),
	    ROW(head_of_absent(), 1),
	    ROW(sse_response_to(NULL, "*").status, 0),
	    ROW(sse_response_to(&request, NULL).status, 200),
	    ROW(sse_write_descriptor(NULL, "x", 1), -EINVAL),
	    ROW(sse_write_descriptor(&(int){-1}, NULL, 1), -EINVAL),
	    ROW(sse_write_stdio(NULL, "x", 1), -EINVAL),
	    ROW(sse_write_stdio(stdout, NULL, 1), -EINVAL),
	};

	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

TEST(each_function_says_of_null_what_the_others_say)
{
	decoder = sse_decoder_new(0);
	fresh = sse_writer_new(take, NULL, 0);
	streaming = sse_writer_new(take, NULL, 0);
	mute = sse_writer_new(NULL, NULL, 0);
	CHECK(decoder != NULL && fresh != NULL && streaming != NULL &&
	      mute != NULL);
	CHECK_EQUAL_INT(sse_writer_head(streaming, &response), 0);
	check_writers();
	check_others();
	/* They are as they were. */
	CHECK_EQUAL_INT(sse_writer_answer(fresh, &request, NULL, 0), 1);
	CHECK_EQUAL_INT(sse_writer_publish(streaming, &event), 0);
	CHECK_EQUAL_INT(sse_decoder_next(decoder, &got), 0);
	sse_decoder_free(decoder);
	sse_writer_free(fresh);
	sse_writer_free(streaming);
	sse_writer_free(mute);
}
