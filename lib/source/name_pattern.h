/*
 * name_pattern.h - a form that names of files have: app-%Y-%m-%d.%i.log.  Pure.
 *
 *	%Y %m %d %H %M %S   date and time of day, with leading zeros
 *	%%                  a percent sign
 *
 * and in the names of generations also
 *
 *	%y   the last two digits of a year from 2000 on
 *	%f   a fraction of a second, 1 to 9 digits
 *	%t   a TAI64N label, with its "@" or without
 *	%i   a number; a greater one is older
 *	%I   a number; a greater one is newer
 *
 * Everything else stands for itself.  A date is a real one, or the name does
 * not match.
 */
#ifndef NAME_PATTERN_H
#define NAME_PATTERN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/name_values.h"

#define NAME_PATTERN_PARTS_MAX 32
#define NAME_PATTERN_DIGITS_MAX 18 /* of a number */

enum name_pattern_use {
	NAME_PATTERN_OF_SOURCE,     /* dates alone */
	NAME_PATTERN_OF_GENERATIONS /* all conversions, one at least */
};

struct name_part {
	char conversion;       /* '\0': literal */
	unsigned char at;      /* of a literal, in the text */
	unsigned char size;    /* of a literal; digits of a field of a date */
	enum name_field field; /* of a date */
};

struct name_pattern {
	char text[NAME_MAX + 1]; /* the literals, one behind the other */
	struct name_part parts[NAME_PATTERN_PARTS_MAX];
	size_t parts_count;
	size_t date_fields; /* how many are said; 0: it has no date */
	bool grows;         /* a greater number is newer */
};

/* Why a text cannot be a pattern; a clause for the administrator. */
struct name_pattern_error {
	const char *text; /* static */
};

/* Whether a text of that size has a percent sign that is not written twice. */
bool name_pattern_is_variable(const char *text, size_t size);

/*
 * Reads a pattern of that size: 0, or -EINVAL with *ret_error.  A pattern of
 * generations without a conversion is one name, which has to end in ".old" or
 * ".bak".
 */
int name_pattern_read(struct name_pattern *pattern, enum name_pattern_use use,
    const char *text, size_t size, struct name_pattern_error *ret_error);

/* Whether a name has that form; then its values. */
bool name_pattern_match(const struct name_pattern *pattern, const char *name,
    size_t size, struct name_values *ret_values);

#endif
