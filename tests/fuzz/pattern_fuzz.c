/*
 * pattern_fuzz.c - any pattern is compiled or refused with a reason, and any
 * text matches it or not; where it has no operators, it is found where its
 * bytes are.
 *
 *	input: size of the pattern (1 byte), pattern, text
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "record/pattern.h"

static bool
is_literal(const char *pattern)
{
	return *pattern != '\0' && strpbrk(pattern, "\\^$.[]|()?*+{}#") == NULL;
}

static void
check_find(struct pattern *pattern, const char *written, struct sse_slice text)
{
	enum pattern_result got = pattern_find(pattern, text);
	bool is_there;

	REQUIRE(got == PATTERN_MISSES || got == PATTERN_MATCHES ||
		got == PATTERN_LIMIT);
	REQUIRE(pattern_find(pattern, text) == got);
	REQUIRE(
	    pattern_take_given_up(pattern) == (got == PATTERN_LIMIT ? 2 : 0));
	if (!is_literal(written))
		return;
	is_there =
	    memmem(text.data, text.size, written, strlen(written)) != NULL;
	REQUIRE(got == (is_there ? PATTERN_MATCHES : PATTERN_MISSES));
}

void
pattern_fuzz(struct sse_slice input)
{
	size_t size = fuzz_number(&input);
	char *written = fuzz_string(fuzz_take(&input, size));
	struct sse_slice text = fuzz_valid(input);
	struct pattern_error why = {""};
	struct pattern *pattern;
	int error = pattern_new(written, &pattern, &why);

	REQUIRE(error == 0 || (error == -EINVAL && why.text[0] != '\0'));
	if (error == 0) {
		check_find(pattern, written, text);
		pattern_free(pattern);
	}
	fuzz_free(text);
	free(written);
}
