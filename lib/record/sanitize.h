/*
 * sanitize.h - the text of a record as it may be sent: valid UTF-8, and without
 * escape sequences of terminals, or with whole ones.
 */
#ifndef SANITIZE_H
#define SANITIZE_H

#include "buf.h"

#define SANITIZE_GROWTH 3 /* U+FFFD in place of one invalid byte */

struct sanitize {
	bool keep_sequences;
	struct sse_buf repaired; /* a text that was no UTF-8 */
	struct sse_buf stripped; /* a text that had escape sequences */
};

/* Owns memory only when a text has to be copied. */
void sanitize_init(
    struct sanitize *sanitize, size_t text_size_max, bool keep_sequences);
void sanitize_done(struct sanitize *sanitize);

/* The last text is not needed any more: what memory it took is given back. */
void sanitize_forget(struct sanitize *sanitize);

/*
 * Makes a text clean: where it lies, if it is, or in memory that lives until
 * the next call.  Of *left_out bytes, that were cut off behind it, there are
 * more where the cut was in a sequence.  0, or -ENOMEM.
 */
int sanitize_text(
    struct sanitize *sanitize, struct sse_slice *text, uint64_t *left_out);

#endif
