/*
 * sanitize_fuzz.c - whatever a text was, it is clean afterwards; and what is
 * clean stays as it is, and where it is.
 *
 *	input: whether sequences are kept (1 byte, its lowest bit), bytes that
 *	were cut off behind the text (1), text
 */
#include "config.h"

#include "fuzz.h"

#include "record/ansi.h"
#include "record/sanitize.h"
#include "utf8.h"

static void
check_clean(struct sse_slice text, bool keep)
{
	struct sanitize again;
	struct sse_slice same = text;
	uint64_t left_out = 0;

	REQUIRE(sse_utf8_valid(text) == text.size);
	REQUIRE(keep || ansi_find(text) == text.size);
	sanitize_init(&again, text.size, keep);
	REQUIRE(sanitize_text(&again, &same, &left_out) == 0);
	REQUIRE(same.data == text.data && same.size == text.size);
	REQUIRE(left_out == 0);
	sanitize_done(&again);
}

void
sanitize_fuzz(struct sse_slice input)
{
	bool keep = (fuzz_number(&input) & 1) != 0;
	uint64_t cut = fuzz_number(&input), left_out = cut;
	struct sse_slice raw = fuzz_copy(input), text = raw;
	struct sanitize sanitize;

	sanitize_init(&sanitize, raw.size, keep);
	REQUIRE(sanitize_text(&sanitize, &text, &left_out) == 0);
	REQUIRE(text.size <= SANITIZE_GROWTH * raw.size);
	REQUIRE(left_out >= cut);
	check_clean(text, keep);
	sanitize_done(&sanitize);
	fuzz_free(raw);
}
