/*
 * rotation.h - the suffixes that rotation programs give to the generations of
 * a log, and their order.  Pure.
 *
 *	BASE.1 BASE.2 ...            numbers: a larger one is older
 *	BASE.old                     as BASE.1
 *	BASE-20261120 BASE.2026-11-20 BASE-20261120-0315 BASE-1763683200
 *	                             dates: a smaller one is older
 *
 * Nothing else is a generation: BASE.conf, BASE2, BASE.bak, BASE~ are other
 * files.
 */
#ifndef ROTATION_H
#define ROTATION_H

#include <stdbool.h>
#include <stddef.h>

#define ROTATION_DIGITS_MAX 32 /* of one suffix; more make it another file */

struct rotation {
	bool is_date;
	char digits[ROTATION_DIGITS_MAX + 1]; /* without leading zeros */
};

/* Whether a name of that size is a generation of the log called base. */
bool rotation_read(
    const char *base, const char *name, size_t size, struct rotation *ret);

/*
 * Less than 0 when a is the older one, more when b is; 0 when the names do not
 * say: one is a number, and the other one a date.
 */
int rotation_compare(const struct rotation *a, const struct rotation *b);

#endif
