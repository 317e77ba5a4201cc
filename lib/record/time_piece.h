/*
 * time_piece.h - what a text has of one piece of a time_format.  Pure.
 */
#ifndef TIME_PIECE_H
#define TIME_PIECE_H

#include <stdint.h>
#include <time.h>

#include "record/time_format.h"

#define TIME_ZONE_SIZE_MAX 7 /* letters of a name */

/* What has been read. */
struct time_found {
	struct tm fields;
	int64_t moment_s; /* since 1970 */
	int fraction_ms;
	int year_day; /* from 1 to 366 */
	bool is_fine; /* the moment had the fraction */
	bool is_pm;
	bool is_offset;                    /* fields.tm_gmtoff */
	char zone[TIME_ZONE_SIZE_MAX + 1]; /* else its name; "": not said */
};

/*
 * Reads a piece, which is not a %*, at the beginning of a text that ends in a
 * NUL.  What is behind it, and found has what the piece says; NULL if the text
 * does not begin with one: then found may have parts of it.
 */
const char *time_piece_take(const struct time_format *format,
    const struct time_piece *piece, const char *text, struct time_found *found);

/*
 * The letter of the conversion that a piece begins with, which is not a %*:
 * that of strptime(3), or s, p, or @ where neither a digit nor a letter has to
 * be the first.
 */
char time_piece_letter(
    const struct time_format *format, const struct time_piece *piece);

#endif
