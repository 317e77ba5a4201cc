/*
 * name_values.h - what the name of a file says, a date and numbers, and which
 * of two is the older one.  Pure, but for the time zone.
 */
#ifndef NAME_VALUES_H
#define NAME_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The fields of a date. */
enum name_field {
	NAME_YEAR,
	NAME_MONTH,
	NAME_DAY,
	NAME_HOUR,
	NAME_MINUTE,
	NAME_SECOND,
	NAME_FIELDS
};

/* What a name says.  What its pattern does not have is 0. */
struct name_values {
	uint64_t date;     /* YYYYMMDDhhmmss, or seconds of TAI64N */
	uint64_t fraction; /* nanoseconds */
	uint64_t number;
};

/*
 * Whether the first so many fields, the year at least, are a date that there
 * is, from 1970 on: then *ret_date, as above, with zeros for the others.
 */
bool name_values_date(
    const uint64_t fields[NAME_FIELDS], size_t count, uint64_t *ret_date);

/* The date of a time here. */
uint64_t name_values_date_at(int64_t time_ms);

/*
 * Less than 0 when a is the older one, more when b is; 0: they are alike.
 * grows: the greater number is the newer one.
 */
int name_values_compare(
    const struct name_values *a, const struct name_values *b, bool grows);

#endif
