/*
 * pattern.c - PCRE2.  Nothing else knows it.
 */
#include "config.h"

#include "pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef WITH_PCRE2

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

typedef int match_function(const pcre2_code *code, PCRE2_SPTR8 text,
    PCRE2_SIZE size, PCRE2_SIZE start, uint32_t options, pcre2_match_data *data,
    pcre2_match_context *context);

struct pattern {
	pcre2_code *code;
	match_function *match;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

static void
tell(struct pattern_error *error, int number, size_t offset)
{
	PCRE2_UCHAR8 message[sizeof(error->text) - 32];

	(void)pcre2_get_error_message(number, message, sizeof(message));
	(void)snprintf(error->text, sizeof(error->text), "%s (after %zu bytes)",
	    (const char *)message, offset);
}

static int
compile(struct pattern *pattern, const char *text, struct pattern_error *error)
{
	size_t size = strlen(text), offset;
	int number;

	if (size > PATTERN_SIZE_MAX) {
		(void)snprintf(error->text, sizeof(error->text),
		    "it has more than %d bytes", PATTERN_SIZE_MAX);
		return -EINVAL;
	}
	pattern->code = pcre2_compile(
	    (PCRE2_SPTR8)text, size, PCRE2_UTF, &number, &offset, NULL);
	if (pattern->code != NULL)
		return 0;
	if (number == PCRE2_ERROR_HEAP_FAILED)
		return -ENOMEM;
	tell(error, number, offset);
	return -EINVAL;
}

/*
 * It works without the JIT compiler, too, where that may not be used.  With it
 * the checks of arguments that pcre2_match() makes for each text are spared.
 */
static int
prepare(struct pattern *pattern)
{
	size_t jit_size = 0;

	/* It succeeds without doing anything for a pattern with (*NO_JIT). */
	(void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	(void)pcre2_pattern_info(pattern->code, PCRE2_INFO_JITSIZE, &jit_size);
	pattern->match = jit_size > 0 ? pcre2_jit_match : pcre2_match;
	pattern->data = pcre2_match_data_create(1, NULL);
	pattern->context = pcre2_match_context_create(NULL);
	if (pattern->data == NULL || pattern->context == NULL)
		return -ENOMEM;
	(void)pcre2_set_match_limit(pattern->context, PATTERN_MATCH_LIMIT);
	return 0;
}

int
pattern_new(const char *text, struct pattern **ret_pattern,
    struct pattern_error *ret_error)
{
	struct pattern *pattern = calloc(1, sizeof(*pattern));
	int error;

	if (pattern == NULL)
		return -ENOMEM;
	error = compile(pattern, text, ret_error);
	if (error == 0)
		error = prepare(pattern);
	if (error != 0) {
		pattern_free(pattern);
		return error;
	}
	*ret_pattern = pattern;
	return 0;
}

void
pattern_free(struct pattern *pattern)
{
	if (pattern == NULL)
		return;
	pcre2_match_context_free(pattern->context);
	pcre2_match_data_free(pattern->data);
	pcre2_code_free(pattern->code);
	free(pattern);
}

enum pattern_result
pattern_find(struct pattern *pattern, struct sse_slice text)
{
	const char *bytes = text.size > 0 ? text.data : "";
	int got = pattern->match(pattern->code, (PCRE2_SPTR8)bytes, text.size,
	    0, PCRE2_NO_UTF_CHECK, pattern->data, pattern->context);

	if (got == PCRE2_ERROR_NOMATCH)
		return PATTERN_MISSES;
	/* Its match limit, its stack, its memory: all of them are limits. */
	return got >= 0 ? PATTERN_MATCHES : PATTERN_LIMIT;
}

#else

int
pattern_new(const char *text, struct pattern **ret_pattern,
    struct pattern_error *ret_error)
{
	(void)text;
	(void)ret_pattern;
	(void)snprintf(ret_error->text, sizeof(ret_error->text),
	    "this program was built without PCRE2");
	return -EINVAL;
}

void
pattern_free(struct pattern *pattern)
{
	(void)pattern;
}

enum pattern_result
pattern_find(struct pattern *pattern, struct sse_slice text)
{
	(void)pattern;
	(void)text;
	return PATTERN_LIMIT;
}

#endif
