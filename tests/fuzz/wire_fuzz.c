/*
 * wire_fuzz.c - what is put into records of FastCGI is taken out of them the
 * same; and any question for values is answered within limits.
 *
 *	input: request id (2 bytes), how often the bytes are sent (1), bytes
 */
#include "config.h"

#include "fuzz.h"

#include "intake.h"

#define OUT_SIZE_MAX ((size_t)64 << 20)

/* Takes a record: its type, with its content in *ret_content. */
static int
take_record(
    struct sse_slice *wire, uint16_t request_id, struct sse_slice *ret_content)
{
	struct sse_slice header = fuzz_take(wire, WIRE_HEADER_SIZE);
	const unsigned char *bytes = (const unsigned char *)header.data;

	REQUIRE(header.size == WIRE_HEADER_SIZE);
	REQUIRE(bytes[0] == WIRE_VERSION && bytes[6] == 0);
	REQUIRE(bytes[2] * 256 + bytes[3] == request_id);
	*ret_content = fuzz_take(wire, (size_t)bytes[4] * 256 + bytes[5]);
	REQUIRE(ret_content->size == (size_t)bytes[4] * 256 + bytes[5]);
	return bytes[1];
}

static void
check_stdout(uint16_t request_id, struct sse_slice bytes)
{
	struct sse_buf out = {.size_max = OUT_SIZE_MAX};
	struct sse_slice wire, content;

	REQUIRE(wire_stdout(&out, request_id, bytes) == 0);
	REQUIRE(wire_finish(&out, request_id) == 0);
	wire = sse_buf_slice(&out);
	while (bytes.size > 0) {
		struct sse_slice sent;

		REQUIRE(
		    take_record(&wire, request_id, &content) == WIRE_STDOUT);
		REQUIRE(content.size > 0);
		sent = fuzz_take(&bytes, content.size);
		REQUIRE(sse_slice_equal(sent, content));
	}
	REQUIRE(wire.size == WIRE_FINISH_SIZE);
	REQUIRE(take_record(&wire, request_id, &content) == WIRE_STDOUT &&
		content.size == 0);
	REQUIRE(take_record(&wire, request_id, &content) == WIRE_END_REQUEST &&
		content.size == WIRE_BODY_SIZE);
	sse_buf_done(&out);
}

/* A request that we make is one that we take in. */
static void
check_request(uint16_t request_id, struct sse_slice pairs)
{
	struct sse_buf out = {.size_max = OUT_SIZE_MAX};
	struct sse_buf replies = {.size_max = OUT_SIZE_MAX};
	struct sse_slice wire;
	struct intake intake;
	int got;

	REQUIRE(wire_begin_request(&out, request_id, 0) == 0);
	REQUIRE(wire_params(&out, request_id, pairs) == 0);
	wire = sse_buf_slice(&out);
	intake_init(&intake, 1);
	got = intake_feed(&intake, &wire, &replies);
	REQUIRE(got == INTAKE_REQUEST || got < 0);
	if (got == INTAKE_REQUEST)
		REQUIRE(wire.size == 0 && replies.size == 0 &&
			intake.request_id == request_id);
	intake_done(&intake);
	sse_buf_done(&out);
	sse_buf_done(&replies);
}

static void
check_values(struct sse_slice asked)
{
	struct sse_buf out = {.size_max = OUT_SIZE_MAX};
	struct sse_slice wire, content;

	REQUIRE(wire_values(&out, asked, UINT32_MAX) == 0);
	wire = sse_buf_slice(&out);
	REQUIRE(take_record(&wire, 0, &content) == WIRE_GET_VALUES_RESULT);
	REQUIRE(wire.size == 0 && content.size <= 3 * 40);
	sse_buf_done(&out);
}

void
wire_fuzz(struct sse_slice input)
{
	uint16_t request_id = (uint16_t)fuzz_large(&input, 2);
	unsigned times = 1 + fuzz_number(&input);
	struct sse_buf bytes = {.size_max = OUT_SIZE_MAX};

	if (request_id == 0)
		request_id = 1;
	for (unsigned i = 0; i < times; i++)
		REQUIRE(sse_buf_add(&bytes, input.data, input.size) == 0);
	check_stdout(request_id, sse_buf_slice(&bytes));
	check_request(request_id, input);
	check_values(input);
	sse_buf_done(&bytes);
}
