/*
 * sanitize.c - the text of a record as it may be sent.
 *
 * Nearly all texts are clean where they lie; only others are copied.  Most are
 * plain, too, which is quickly seen.
 */
#include "record/sanitize.h"

#include <assert.h>
#include <errno.h>

#include "record/ansi.h"
#include "utf8.h"

#define KEPT_MAX 65536 /* bytes of memory, from text to text */

void
sanitize_init(
    struct sanitize *sanitize, size_t text_size_max, bool keep_sequences)
{
	assert(text_size_max <= SIZE_MAX / SANITIZE_GROWTH);
	sanitize->keep_sequences = keep_sequences;
	sse_buf_init(&sanitize->repaired, text_size_max * SANITIZE_GROWTH);
	sse_buf_init(&sanitize->stripped, text_size_max * SANITIZE_GROWTH);
}

void
sanitize_done(struct sanitize *sanitize)
{
	sse_buf_done(&sanitize->repaired);
	sse_buf_done(&sanitize->stripped);
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
sanitize_forget(struct sanitize *sanitize)
{
	forget(&sanitize->repaired);
	forget(&sanitize->stripped);
}

static int
repair(struct sanitize *sanitize, struct sse_slice *text)
{
	int error = sse_utf8_repair(*text, &sanitize->repaired);

	/* No text is longer than was said, so there is room. */
	assert(error != -ENOBUFS);
	if (error == 0)
		*text = sse_buf_slice(&sanitize->repaired);
	return error;
}

static int
strip(struct sanitize *sanitize, struct sse_slice *text)
{
	int error = ansi_strip(*text, &sanitize->stripped);

	/* It is no longer than the text. */
	assert(error != -ENOBUFS);
	if (error == 0)
		*text = sse_buf_slice(&sanitize->stripped);
	return error;
}

/* Escape sequences go; one that was cut goes in any case. */
static inline int
treat_sequences(
    struct sanitize *sanitize, struct sse_slice *text, uint64_t *left_out)
{
	if (*left_out > 0) {
		size_t whole = ansi_whole(*text);

		*left_out += text->size - whole;
		text->size = whole;
	}
	if (sanitize->keep_sequences || ansi_find(*text) == text->size)
		return 0;
	return strip(sanitize, text);
}

int
sanitize_text(
    struct sanitize *sanitize, struct sse_slice *text, uint64_t *left_out)
{
	struct sse_slice made = *text;
	int error = 0;

	if (sanitize->repaired.capacity > 0 || sanitize->stripped.capacity > 0)
		sanitize_forget(sanitize);
	if (ansi_is_plain(made))
		return 0;
	if (sse_utf8_valid(made) < made.size)
		error = repair(sanitize, &made);
	if (error == 0)
		error = treat_sequences(sanitize, &made, left_out);
	if (error == 0)
		*text = made;
	return error;
}
