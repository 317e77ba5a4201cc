/*
 * pattern.c - PCRE2.  Nothing else knows it.
 *
 * A match limit of PCRE2 is one for each place of the text where a match may
 * begin, and there are as many of them as bytes.  So the limit is the part of
 * such a place, and the code is as fast as it can be.  Where that part is not
 * enough the pattern is compiled anew with callouts, which count the steps from
 * all places together, and the bytes that a step goes over.  PCRE2 does not
 * count these, so a long text has its steps counted at once.
 */
#include "config.h"

#include "record/pattern.h"

#include <assert.h>
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

#define FAST_MAX 1024 /* bytes */
#define STEP_BYTES 16 /* that are gone over in the time of a step */
#define PAUSE_STEPS 256

struct search {
	pcre2_code *code; /* NULL: not yet */
	match_function *match;
	bool is_jit;
};

/* What is compiled for good. */
struct kept {
	struct kept *next;
	struct search fast;
	struct search counting;
	char text[PATTERN_SIZE_MAX + 1];
};

struct pattern {
	struct search fast;
	struct search counting;
	bool is_kept; /* both are another's */
	pcre2_match_data *data;
	pcre2_match_context *context;
	size_t effort;     /* that is left, where it is counted: bytes */
	size_t position;   /* of the last step in the text */
	uint64_t given_up; /* searches */
	bool was_slow;     /* the last one */
	size_t steps;      /* that were counted, ever */
	const struct pause *pause;
	char text[PATTERN_SIZE_MAX + 1];
};

static void
tell(struct pattern_error *error, int number, size_t offset)
{
	PCRE2_UCHAR8 message[sizeof(error->text) - 32];

	(void)pcre2_get_error_message(number, message, sizeof(message));
	(void)snprintf(error->text, sizeof(error->text), "%s (after %zu bytes)",
	    (const char *)message, offset);
}

/*
 * It works without the JIT compiler, too, where that may not be used.  With it
 * the checks of arguments that pcre2_match() makes for each text are spared.
 */
static int
compile(struct search *search, const char *text, uint32_t options,
    struct pattern_error *error)
{
	size_t offset, jit_size = 0;
	int number;

	search->code = pcre2_compile((PCRE2_SPTR8)text, strlen(text),
	    PCRE2_UTF | options, &number, &offset, NULL);
	if (search->code == NULL && number == PCRE2_ERROR_HEAP_FAILED)
		return -ENOMEM;
	if (search->code == NULL) {
		tell(error, number, offset);
		return -EINVAL;
	}
	/* It succeeds without doing anything for a pattern with (*NO_JIT). */
	(void)pcre2_jit_compile(search->code, PCRE2_JIT_COMPLETE);
	(void)pcre2_pattern_info(search->code, PCRE2_INFO_JITSIZE, &jit_size);
	search->is_jit = jit_size > 0;
	search->match = search->is_jit ? pcre2_jit_match : pcre2_match;
	return 0;
}

/* A step of the search that counts, or a callout of the pattern itself. */
static int
count_step(pcre2_callout_block *block, void *context)
{
	struct pattern *pattern = context;
	size_t size = STEP_BYTES;

	if (++pattern->steps % PAUSE_STEPS == 0)
		pause_take(pattern->pause);
	if (block->current_position > pattern->position)
		size += block->current_position - pattern->position;
	pattern->position = block->current_position;
	if (pattern->effort < size)
		return PCRE2_ERROR_CALLOUT;
	pattern->effort -= size;
	return 0;
}

static int
prepare(struct pattern *pattern)
{
	pattern->data = pcre2_match_data_create(1, NULL);
	pattern->context = pcre2_match_context_create(NULL);
	if (pattern->data == NULL || pattern->context == NULL)
		return -ENOMEM;
	(void)pcre2_set_callout(pattern->context, count_step, pattern);
	return 0;
}

/* Of the process, as is what of its memory may be executed. */
static struct kept **
kept_patterns(void)
{
	static struct kept *first;

	return &first;
}

static const struct kept *
find_kept(const char *text)
{
	const struct kept *kept = *kept_patterns();

	while (kept != NULL && strcmp(kept->text, text) != 0)
		kept = kept->next;
	return kept;
}

void
pattern_keep(const char *text)
{
	struct pattern_error why;
	struct kept *kept;

	if (text[0] == '\0' || strlen(text) > PATTERN_SIZE_MAX ||
	    find_kept(text) != NULL)
		return;
	kept = calloc(1, sizeof(*kept));
	if (kept == NULL)
		return;
	memcpy(kept->text, text, strlen(text));
	if (compile(&kept->fast, text, 0, &why) == 0 &&
	    compile(&kept->counting, text, PCRE2_AUTO_CALLOUT, &why) == 0) {
		kept->next = *kept_patterns();
		*kept_patterns() = kept;
		return;
	}
	pcre2_code_free(kept->fast.code);
	free(kept);
}

/* What is kept, or anew. */
static int
take_code(struct pattern *pattern, struct pattern_error *error)
{
	const struct kept *kept = find_kept(pattern->text);

	if (kept == NULL)
		return compile(&pattern->fast, pattern->text, 0, error);
	pattern->fast = kept->fast;
	pattern->counting = kept->counting;
	pattern->is_kept = true;
	return 0;
}

int
pattern_new(const char *text, struct pattern **ret_pattern,
    struct pattern_error *ret_error)
{
	struct pattern *pattern;
	int error;

	if (strlen(text) > PATTERN_SIZE_MAX) {
		(void)snprintf(ret_error->text, sizeof(ret_error->text),
		    "it has more than %d bytes", PATTERN_SIZE_MAX);
		return -EINVAL;
	}
	pattern = calloc(1, sizeof(*pattern));
	if (pattern == NULL)
		return -ENOMEM;
	memcpy(pattern->text, text, strlen(text));
	error = take_code(pattern, ret_error);
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
	if (!pattern->is_kept) {
		pcre2_code_free(pattern->fast.code);
		pcre2_code_free(pattern->counting.code);
	}
	free(pattern);
}

void
pattern_set_pause(struct pattern *pattern, const struct pause *pause)
{
	pattern->pause = pause;
}

static size_t
steps_for(struct sse_slice text)
{
	return PATTERN_STEPS + PATTERN_BYTE_STEPS * text.size;
}

static enum pattern_result
look(struct pattern *pattern, const struct search *search,
    struct sse_slice text, size_t limit)
{
	const char *bytes = text.size > 0 ? text.data : "";
	int got;

	assert(search->code != NULL);
	pattern->effort = steps_for(text) * STEP_BYTES;
	pattern->position = 0;
	(void)pcre2_set_match_limit(pattern->context, (uint32_t)limit);
	got = search->match(search->code, (PCRE2_SPTR8)bytes, text.size, 0,
	    PCRE2_NO_UTF_CHECK, pattern->data, pattern->context);
	if (got == PCRE2_ERROR_NOMATCH)
		return PATTERN_MISSES;
	/* Its match limit, its stack, its memory: all of them are limits. */
	return got >= 0 ? PATTERN_MATCHES : PATTERN_LIMIT;
}

static enum pattern_result
look_and_count(struct pattern *pattern, struct sse_slice text)
{
	struct pattern_error why;

	if (pattern->counting.code == NULL &&
	    compile(&pattern->counting, pattern->text, PCRE2_AUTO_CALLOUT,
		&why) != 0)
		return PATTERN_LIMIT;
	return look(pattern, &pattern->counting, text, steps_for(text));
}

enum pattern_result
pattern_find(struct pattern *pattern, struct sse_slice text)
{
	enum pattern_result result = PATTERN_LIMIT;

	if (text.size <= FAST_MAX)
		result = look(pattern, &pattern->fast, text,
		    (uint32_t)steps_for(text) / ((uint32_t)text.size + 1));
	pattern->was_slow = result == PATTERN_LIMIT || !pattern->fast.is_jit;
	if (result == PATTERN_LIMIT)
		result = look_and_count(pattern, text);
	pattern->given_up += result == PATTERN_LIMIT;
	return result;
}

bool
pattern_was_slow(const struct pattern *pattern)
{
	return pattern->was_slow;
}

uint64_t
pattern_take_given_up(struct pattern *pattern)
{
	uint64_t given_up = pattern != NULL ? pattern->given_up : 0;

	if (given_up > 0)
		pattern->given_up = 0;
	return given_up;
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
pattern_keep(const char *text)
{
	(void)text;
}

void
pattern_free(struct pattern *pattern)
{
	(void)pattern;
}

void
pattern_set_pause(struct pattern *pattern, const struct pause *pause)
{
	(void)pattern;
	(void)pause;
}

enum pattern_result
pattern_find(struct pattern *pattern, struct sse_slice text)
{
	(void)pattern;
	(void)text;
	return PATTERN_LIMIT;
}

bool
pattern_was_slow(const struct pattern *pattern)
{
	(void)pattern;
	return false;
}

uint64_t
pattern_take_given_up(struct pattern *pattern)
{
	(void)pattern;
	return 0;
}

#endif
