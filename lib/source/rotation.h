/*
 * rotation.h - the suffixes that rotation programs give to the generations of
 * a log, and their order.  Pure.
 *
 *	BASE.1 BASE.2 ...            numbers: a larger one is older
 *	BASE.old                     as BASE.1
 *	BASE-20261120 BASE.2026-11-20 BASE-20261120-0315 BASE-1763683200
 *	                             dates: a smaller one is older
 *	BASE.2026-11-20.1 BASE-20261120.2
 *	                             of one date: a smaller number is older
 *
 * Nothing else is a generation: BASE.conf, BASE2, BASE.bak, BASE~ are other
 * files.
 */
#ifndef ROTATION_H
#define ROTATION_H

#include "ssekit.h"

#define ROTATION_DIGITS_MAX 32 /* of one suffix; more make it another file */
#define ROTATION_LOWER_DIGITS 16

/*
 * The digits of a suffix are one number, whose last 16 are the lower word; but
 * the last ones behind a date, and a separator, are another.
 */
struct rotation {
	bool is_date;
	uint64_t upper;
	uint64_t lower;
	uint64_t behind; /* one more than that number; 0: there is none */
};

/* Whether a name is a generation of the log called base: then *ret. */
bool rotation_read(
    struct sse_slice base, struct sse_slice name, struct rotation *ret);

/*
 * Less than 0 when a is the older one, more when b is; 0 when the names do not
 * say: one is a number, and the other one a date.
 */
int rotation_compare(const struct rotation *a, const struct rotation *b);

#endif
