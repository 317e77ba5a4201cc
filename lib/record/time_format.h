/*
 * time_format.h - how the time of a record is written, as an administrator
 * says it.
 *
 * The form is that of strptime(3), and:
 *
 *	%*   whatever stands before: any text, up to the first place where what
 *	     comes next in the format matches
 *	%f   a fraction of a second, with its dot or comma, which may be absent
 *	%s   since 1970: 10 digits are seconds, 13, 16 or 19 milliseconds,
 *	     microseconds or nanoseconds
 *	%Z   the name of a zone: UTC, GMT, an offset, or as TZ calls it then
 *	@%t  a label of TAI64N, as svlogd, multilog and s6-log write them;
 *	     elsewhere %t is a blank, as in strptime(3)
 *
 * "Z" directly behind a conversion, and "UTC" and "GMT" as words, are that
 * zone.
 */
#ifndef TIME_FORMAT_H
#define TIME_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#define TIME_FORMAT_SIZE_MAX 128  /* bytes */
#define TIME_FORMAT_PIECES_MAX 32 /* of a format */

enum time_piece_kind {
	TIME_PIECE_FIELDS,   /* what strptime(3) reads */
	TIME_PIECE_FRACTION, /* %f */
	TIME_PIECE_EPOCH,    /* %s */
	TIME_PIECE_LABEL,    /* @%t */
	TIME_PIECE_HALF,     /* %p: its hour may be in another piece */
	TIME_PIECE_YEAR_DAY, /* %j: so may its year, which may not be said */
	TIME_PIECE_ZONE,     /* %Z */
	TIME_PIECE_SKIP      /* %* */
};

struct time_piece {
	enum time_piece_kind kind;
	unsigned short begin;   /* of fields: where in text */
	unsigned short literal; /* of fields: bytes before the first blank */
				/* or conversion */
};

/* A format in pieces. */
struct time_format {
	/* Those of each piece of fields, and a NUL. */
	char text[TIME_FORMAT_SIZE_MAX + TIME_FORMAT_PIECES_MAX + 1];
	struct time_piece pieces[TIME_FORMAT_PIECES_MAX];
	size_t count;

	/* What it says; what it does not say is what it is today. */
	bool year;
	bool month;
	bool day;
	bool
	    year_day; /* the day and its month are those of a day of the year */
	bool hour;
	bool half;   /* am or pm, of an hour from 1 to 12 */
	bool twelve; /* such an hour */
	bool zone;
	bool moment; /* since 1970: all of it */
	bool skips;
};

/*
 * Reads a format: 0, or -EINVAL when it is too long, has a conversion that is
 * not known, says no time or only a part of one, or has a %* with nothing
 * behind it to be found.
 */
int time_format_read(const char *text, struct time_format *ret_format);

#endif
