/*
 * params_fuzz.c - of any name-value pairs those are left, in their order, that
 * an environment can hold; and of these all are.
 *
 *	input: how many pairs may be there (1 byte), pairs
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "params.h"
#include "wire.h"

static bool
has(struct sse_slice text, char c)
{
	return text.size > 0 && memchr(text.data, c, text.size) != NULL;
}

/* The pairs that are to be left: how many there were, or -EPROTO. */
static int
choose(struct sse_slice pairs, struct sse_buf *chosen)
{
	struct sse_slice rest = pairs, name, value;
	int got, count = 0;

	while ((got = wire_pair(&rest, &name, &value)) == 1) {
		struct sse_slice pair = {
		    pairs.data, (size_t)(rest.data - pairs.data)};

		REQUIRE(value.data + value.size == rest.data);
		REQUIRE(name.data + name.size == value.data);
		REQUIRE(rest.data + rest.size == pairs.data + pairs.size);
		if (name.size > 0 && !has(name, '=') && !has(name, '\0') &&
		    !has(value, '\0'))
			REQUIRE(sse_buf_add(chosen, pair.data, pair.size) == 0);
		pairs = rest;
		count++;
	}
	return got < 0 ? got : count;
}

void
params_fuzz(struct sse_slice input)
{
	size_t pairs_max = fuzz_number(&input);
	struct sse_slice copy = fuzz_copy(input);
	struct sse_buf pairs = {.size_max = SIZE_MAX};
	struct sse_buf chosen = {.size_max = SIZE_MAX};
	int count = choose(copy, &chosen), got;

	REQUIRE(sse_buf_add(&pairs, copy.data, copy.size) == 0);
	got = params_check(&pairs, pairs_max);
	REQUIRE(got == 0 || got == -EPROTO || got == -EMSGSIZE);
	REQUIRE(got != 0 || (count >= 0 && (size_t)count <= pairs_max));
	REQUIRE(got != -EPROTO || count < 0);
	if (got == 0) {
		REQUIRE(sse_slice_equal(
		    sse_buf_slice(&pairs), sse_buf_slice(&chosen)));
		REQUIRE(params_check(&pairs, pairs_max) == 0);
		REQUIRE(pairs.size == chosen.size);
	}
	sse_buf_done(&pairs);
	sse_buf_done(&chosen);
	fuzz_free(copy);
}
