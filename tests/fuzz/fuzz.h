/*
 * fuzz.h - what the fuzz targets and their drivers share.  All targets are in
 * one program: with replay.c for `make check`, with libfuzzer.c for a fuzzer.
 *
 * A new target is a file NAME_fuzz.c with a function of that name, a row in
 * targets.c, its corpus in corpus/NAME, and perhaps dictionaries/NAME.dict.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ssekit.h"

/* Takes an input, and aborts where a property does not hold. */
typedef void fuzz_function(struct sse_slice input);

struct fuzz_target {
	const char *name;
	fuzz_function *run;
	int mutations; /* for `make check`: fewer where an input costs more */
};

/* The targets; targets.c says which of them a build has. */
fuzz_function admit_fuzz;
fuzz_function ansi_fuzz;
fuzz_function conf_fuzz;
fuzz_function cursor_fuzz;
fuzz_function decode_fuzz;
fuzz_function encode_fuzz;
fuzz_function endpoint_fuzz;
fuzz_function entry_fuzz;
fuzz_function format_fuzz;
fuzz_function intake_fuzz;
fuzz_function journal_match_fuzz;
fuzz_function json_fuzz;
fuzz_function log_names_fuzz;
fuzz_function lookback_fuzz;
fuzz_function name_pattern_fuzz;
fuzz_function options_fuzz;
fuzz_function origin_fuzz;
fuzz_function params_fuzz;
fuzz_function pattern_fuzz;
fuzz_function position_fuzz;
fuzz_function query_fuzz;
fuzz_function record_time_fuzz;
fuzz_function redis_position_fuzz;
fuzz_function reply_fuzz;
fuzz_function request_fuzz;
fuzz_function sanitize_fuzz;
fuzz_function since_fuzz;
fuzz_function splitter_fuzz;
fuzz_function sse_fuzz;
fuzz_function stream_fuzz;
fuzz_function time_fuzz;
fuzz_function value_fuzz;
fuzz_function watch_fuzz;
fuzz_function wire_fuzz;

/* NULL behind the last one. */
const struct fuzz_target *fuzz_target_at(size_t index);

/* NULL: there is none of that name. */
const struct fuzz_target *fuzz_target_named(const char *name);

/* What is the same for all targets: to be called before the first input. */
void fuzz_begin(void);

/* Unlike assert() also there with NDEBUG. */
#define REQUIRE(condition)                                                 \
	((condition) ? (void)0                                             \
		     : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
			    #condition),                                   \
			   abort()))

/* Takes up to so many bytes from the front of the input. */
static inline struct sse_slice
fuzz_take(struct sse_slice *input, size_t size)
{
	struct sse_slice front = *input;

	front.size = size < input->size ? size : input->size;
	input->data += front.size;
	input->size -= front.size;
	return front;
}

/* Takes a byte as a number; 0 at the end. */
static inline unsigned char
fuzz_number(struct sse_slice *input)
{
	struct sse_slice byte = fuzz_take(input, 1);

	return byte.size > 0 ? (unsigned char)*byte.data : 0;
}

/* Takes a number of so many bytes, at most 8. */
static inline uint64_t
fuzz_large(struct sse_slice *input, unsigned bytes)
{
	uint64_t number = 0;

	while (bytes-- > 0)
		number = number << 8 | fuzz_number(input);
	return number;
}

/* Takes what stands before a separator, which goes, too; or all. */
static inline struct sse_slice
fuzz_part(struct sse_slice *input, char separator)
{
	const char *end = input->size > 0
			      ? memchr(input->data, separator, input->size)
			      : NULL;
	struct sse_slice part = fuzz_take(
	    input, end != NULL ? (size_t)(end - input->data) : SIZE_MAX);

	(void)fuzz_take(input, 1);
	return part;
}

/*
 * A copy in memory of its own, which ends with it: a byte read too far is seen.
 * It is given back by fuzz_free().
 */
static inline struct sse_slice
fuzz_copy(struct sse_slice text)
{
	char *copy = malloc(text.size + (text.size == 0));

	REQUIRE(copy != NULL);
	if (text.size > 0)
		memcpy(copy, text.data, text.size);
	return (struct sse_slice){copy, text.size};
}

static inline void
fuzz_free(struct sse_slice copy)
{
	free((void *)(uintptr_t)copy.data);
}

/* A copy with a NUL behind it, up to the first NUL in it. */
static inline char *
fuzz_string(struct sse_slice text)
{
	char *copy = text.size > 0 ? strndup(text.data, text.size) : strdup("");

	REQUIRE(copy != NULL);
	return copy;
}

/* fuzz_copy() of the text with U+FFFD for what is no UTF-8 in it. */
struct sse_slice fuzz_valid(struct sse_slice text);

#endif
