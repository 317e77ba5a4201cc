/*
 * ansi_fuzz.c - without its sequences a text has none, and is a part of what it
 * was.
 *
 *	input: text
 */
#include "config.h"

#include "fuzz.h"

#include "record/ansi.h"
#include "utf8.h"

/* Whether it is what some bytes were taken away from. */
static bool
is_left_of(struct sse_slice text, struct sse_slice whole)
{
	size_t at = 0;

	for (size_t i = 0; i < whole.size && at < text.size; i++)
		at += whole.data[i] == text.data[at];
	return at == text.size;
}

static void
check_stripped(struct sse_slice text, struct sse_slice stripped)
{
	size_t first = ansi_find(text);

	REQUIRE(sse_utf8_valid(stripped) == stripped.size);
	REQUIRE(ansi_find(stripped) == stripped.size);
	REQUIRE(is_left_of(stripped, text));
	REQUIRE(first <= text.size && first <= stripped.size);
	if (first > 0)
		REQUIRE(memcmp(stripped.data, text.data, first) == 0);
	REQUIRE((stripped.size == text.size) == (first == text.size));
	REQUIRE(!ansi_is_plain(text) || first == text.size);
	REQUIRE(ansi_whole(text) <= text.size);
	REQUIRE(text.size - ansi_whole(text) <= ANSI_SEQUENCE_MAX);
}

void
ansi_fuzz(struct sse_slice input)
{
	struct sse_slice text = fuzz_valid(input);
	struct sse_buf stripped = {.size_max = text.size};

	REQUIRE(ansi_strip(text, &stripped) == 0);
	check_stripped(text, sse_buf_slice(&stripped));
	sse_buf_done(&stripped);
	fuzz_free(text);
}
