/*
 * clean.c - the text of a record as it may be sent.
 *
 * Nearly all texts are clean where they lie; only others are copied.  Most are
 * plain, too, which is quickly seen.
 */
#include "record/clean.h"

#include <assert.h>
#include <errno.h>

#include "record/ansi.h"
#include "utf8.h"

#define KEPT_MAX 65536 /* bytes of memory, from text to text */

void
clean_init(struct clean *clean, size_t text_size_max, bool keep_sequences)
{
	assert(text_size_max <= SIZE_MAX / CLEAN_GROWTH);
	clean->keep_sequences = keep_sequences;
	sse_buf_init(&clean->repaired, text_size_max * CLEAN_GROWTH);
	sse_buf_init(&clean->stripped, text_size_max * CLEAN_GROWTH);
}

void
clean_done(struct clean *clean)
{
	sse_buf_done(&clean->repaired);
	sse_buf_done(&clean->stripped);
}

/* A long one would else stay for as long as the client does. */
static void
forget(struct sse_buf *text)
{
	if (text->capacity > KEPT_MAX)
		sse_buf_done(text);
	else
		sse_buf_clear(text);
}

void
clean_forget(struct clean *clean)
{
	forget(&clean->repaired);
	forget(&clean->stripped);
}

static int
repair(struct clean *clean, struct sse_slice *text)
{
	int error = sse_utf8_repair(*text, &clean->repaired);

	/* No text is longer than was said, so there is room. */
	assert(error != -ENOBUFS);
	if (error == 0)
		*text = sse_buf_slice(&clean->repaired);
	return error;
}

static int
strip(struct clean *clean, struct sse_slice *text)
{
	int error = ansi_strip(*text, &clean->stripped);

	/* It is no longer than the text. */
	assert(error != -ENOBUFS);
	if (error == 0)
		*text = sse_buf_slice(&clean->stripped);
	return error;
}

/* Escape sequences go; one that was cut goes in any case. */
static inline int
treat_sequences(struct clean *clean, struct sse_slice *text, uint64_t *left_out)
{
	if (*left_out > 0) {
		size_t whole = ansi_whole(*text);

		*left_out += text->size - whole;
		text->size = whole;
	}
	if (clean->keep_sequences || ansi_find(*text) == text->size)
		return 0;
	return strip(clean, text);
}

int
clean_text(struct clean *clean, struct sse_slice *text, uint64_t *left_out)
{
	struct sse_slice made = *text;
	int error = 0;

	if (clean->repaired.capacity > 0 || clean->stripped.capacity > 0)
		clean_forget(clean);
	if (ansi_is_plain(made))
		return 0;
	if (sse_utf8_valid(made) < made.size)
		error = repair(clean, &made);
	if (error == 0)
		error = treat_sequences(clean, &made, left_out);
	if (error == 0)
		*text = made;
	return error;
}
