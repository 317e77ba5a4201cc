/*
 * fuzz.h - what a fuzz target and its drivers share.  A target is linked with
 * replay.c for `make check`, or with clang's -fsanitize=fuzzer.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "ssekit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

#endif
