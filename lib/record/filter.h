/*
 * filter.h - which records are sent: those that include matches, and exclude
 * does not.
 */
#ifndef FILTER_H
#define FILTER_H

#include "record/pattern.h"

struct filter {
	const char *include;      /* "" or NULL: all */
	const char *exclude;      /* "" or NULL: none */
	struct pattern *included; /* NULL: not compiled yet */
	struct pattern *excluded;
	const struct pause *pause; /* of its searches; NULL: none */
	struct sse_slice passed;   /* the text that the last search let pass */
};

/*
 * The texts of the patterns are borrowed, and have been compiled before: they
 * are patterns.  "" and NULL are none.
 */
void filter_init(
    struct filter *filter, const char *include, const char *exclude);
void filter_done(struct filter *filter);

/* Whether there is anything to filter by. */
bool filter_is_set(const struct filter *filter);

/*
 * Whether a text, in valid UTF-8, is to be sent: 1, 0 or -ENOMEM.  A search
 * that was given up counts as matched by include, not by exclude: rather one
 * record too many than one that is missing.
 */
int filter_passes(struct filter *filter, struct sse_slice text);

/*
 * The same, where there is something to filter by, of a text that is asked of
 * again where it lies, if it passes: that costs no search then.  What lies
 * there may only change after it is forgotten.
 */
int filter_passes_first(struct filter *filter, struct sse_slice text);
void filter_forget(struct filter *filter);

/* Whether the searches for a text may have taken long: see pattern.h. */
bool filter_was_slow(const struct filter *filter);

#endif
