/*
 * rotation.h - the names that rotation gives to the generations of a log, and
 * their order.  Pure.
 *
 *	BASE.1 BASE.2 ...            numbers: a larger one is older
 *	BASE.old                     as BASE.1
 *	BASE-20261120 BASE.2026-11-20 BASE-20261120-0315 BASE-1763683200
 *	                             dates: a smaller one is older
 *	app-7.log beside app-8.log   where BASE itself has digits
 *
 * each also with .gz, .bz2, .xz or .zst behind it.  Nothing else is a
 * generation: BASE.conf, BASE2, BASE.bak, BASE~ are other files.
 */
#ifndef ROTATION_H
#define ROTATION_H

#include <stdbool.h>
#include <stdint.h>

#define ROTATION_DIGITS_MAX 32 /* of one name; more make it another file */

enum rotation_scheme {
	ROTATION_NUMBER,
	ROTATION_DATE,
	ROTATION_TEMPLATE
};

struct rotation_rank {
	enum rotation_scheme scheme;
	bool compressed;
	char digits[ROTATION_DIGITS_MAX + 1]; /* without leading zeros */
};

/* Whether name is a generation of the log called base; base itself is not. */
bool rotation_name(
    const char *base, const char *name, struct rotation_rank *ret_rank);

/*
 * Less than 0 when a is the older one, more when b is; 0 when the names do not
 * say (unlike schemes, or the same one compressed).
 */
int rotation_compare(
    const struct rotation_rank *a, const struct rotation_rank *b);

#endif
