/*
 * time_format.c - how the time of a record is written.
 *
 * Only what strptime(3) does not know is cut out into pieces of its own.
 */
#include "record/time_format.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* What conversions say, each for itself. */
#define SAY_YEAR "YyDFcx"
#define SAY_MONTH "mbBhDFcx"
#define SAY_DAY "deDFcx"
#define SAY_HOUR "HIklTRrcX"
#define SAY_REST "aAuwCMSnt%z"

static bool
is_one_of(char letter, const char *letters)
{
	return letter != '\0' && strchr(letters, letter) != NULL;
}

static bool
is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* What is being read. */
struct reading {
	struct time_format *format;
	const char *at;
	size_t size; /* of format->text */
	bool behind; /* a conversion was the last */
};

/* Ends the piece before, and begins one; -EINVAL: they are too many. */
static int
begin_piece(struct reading *reading, enum time_piece_kind kind)
{
	struct time_format *format = reading->format;

	if (format->count == TIME_FORMAT_PIECES_MAX)
		return -EINVAL;
	if (format->count > 0 &&
	    format->pieces[format->count - 1].kind == TIME_PIECE_FIELDS)
		format->text[reading->size++] = '\0';
	format->pieces[format->count++] = (struct time_piece){
	    .kind = kind,
	    .begin = (unsigned short)reading->size,
	};
	return 0;
}

/* So many bytes that strptime(3) reads. */
static int
add_fields(struct reading *reading, size_t size)
{
	struct time_format *format = reading->format;
	int error = 0;

	if (format->count == 0 ||
	    format->pieces[format->count - 1].kind != TIME_PIECE_FIELDS)
		error = begin_piece(reading, TIME_PIECE_FIELDS);
	if (error != 0)
		return error;
	/* There is a NUL for each piece, and one at the end. */
	assert(reading->size + size < sizeof(format->text));
	memcpy(format->text + reading->size, reading->at, size);
	reading->size += size;
	reading->at += size;
	return 0;
}

static int
add_own(struct reading *reading, enum time_piece_kind kind, size_t size)
{
	reading->at += size;
	return begin_piece(reading, kind);
}

/* "%*"; the blanks behind it are part of what it skips. */
static int
add_skip(struct reading *reading)
{
	int error = add_own(reading, TIME_PIECE_SKIP, 2);

	while (is_one_of(*reading->at, " \t"))
		reading->at++;
	reading->format->skips = true;
	return error;
}

static int
add_conversion(struct reading *reading)
{
	struct time_format *format = reading->format;
	char letter = reading->at[1];

	format->year = format->year || is_one_of(letter, SAY_YEAR);
	format->month = format->month || is_one_of(letter, SAY_MONTH);
	format->day = format->day || is_one_of(letter, SAY_DAY);
	format->hour = format->hour || is_one_of(letter, SAY_HOUR);
	format->zone = format->zone || letter == 'z';
	format->half = format->half || is_one_of(letter, "pP");
	format->twelve = format->twelve || is_one_of(letter, "Il");
	format->moment = format->moment || letter == 's';
	format->year_day = format->year_day || letter == 'j';
	if (letter == '*')
		return add_skip(reading);
	if (letter == 'f')
		return add_own(reading, TIME_PIECE_FRACTION, 2);
	if (letter == 's')
		return add_own(reading, TIME_PIECE_EPOCH, 2);
	if (is_one_of(letter, "pP"))
		return add_own(reading, TIME_PIECE_HALF, 2);
	if (letter == 'j')
		return add_own(reading, TIME_PIECE_YEAR_DAY, 2);
	if (letter == 'Z')
		return add_own(reading, TIME_PIECE_ZONE, 2);
	if (is_one_of(letter, SAY_YEAR SAY_MONTH SAY_DAY SAY_HOUR SAY_REST))
		return add_fields(reading, 2);
	return -EINVAL;
}

static bool
is_word(const char *text, const char *word)
{
	size_t size = strlen(word);

	return strncmp(text, word, size) == 0 && !is_letter(text[size]);
}

/* Whether what comes next means Greenwich. */
static bool
is_utc(const struct reading *reading, char before)
{
	if (is_word(reading->at, "Z"))
		return reading->behind;
	return (reading->behind || !is_letter(before)) &&
	       (is_word(reading->at, "UTC") || is_word(reading->at, "GMT"));
}

static int
add_next(struct reading *reading, char before)
{
	struct time_format *format = reading->format;

	if (*reading->at == '%') {
		reading->behind = reading->at[1] != '*';
		return add_conversion(reading);
	}
	format->zone = format->zone || is_utc(reading, before);
	reading->behind = false;
	if (strncmp(reading->at, "@%t", 3) != 0)
		return add_fields(reading, 1);
	format->moment = true;
	return add_own(reading, TIME_PIECE_LABEL, 3);
}

/* A day of the year is a date, unless another one is said, too. */
static void
take_year_day(struct time_format *format)
{
	format->year_day = format->year_day && !(format->month && format->day);
	format->month = format->month || format->year_day;
	format->day = format->day || format->year_day;
}

/* Whether what it says makes a time, with the rest of it as it is today. */
static bool
is_time(const struct time_format *format)
{
	bool date = format->day && (format->month || !format->year);
	bool part = (format->year || format->month) && !date;

	return format->moment || ((date || format->hour) && !part &&
				     (format->half || !format->twelve));
}

/* Whether a piece may be told from the text around it. */
static bool
can_be_found(const struct time_piece *piece)
{
	return piece->kind != TIME_PIECE_SKIP &&
	       piece->kind != TIME_PIECE_FRACTION;
}

static bool
has_targets(const struct time_format *format)
{
	for (size_t i = 0; i < format->count; i++)
		if (format->pieces[i].kind == TIME_PIECE_SKIP &&
		    (i + 1 == format->count ||
			!can_be_found(&format->pieces[i + 1])))
			return false;
	return true;
}

static void
measure_literals(struct time_format *format)
{
	assert(format->count <= TIME_FORMAT_PIECES_MAX);
	for (size_t i = 0; i < format->count; i++) {
		struct time_piece *piece = &format->pieces[i];

		if (piece->kind == TIME_PIECE_FIELDS)
			piece->literal = (unsigned short)strcspn(
			    format->text + piece->begin, "% \t");
	}
}

int
time_format_read(const char *text, struct time_format *ret_format)
{
	struct time_format format = {.count = 0};
	struct reading reading = {.format = &format, .at = text};
	char before = ' ';
	int error = 0;

	if (strlen(text) > TIME_FORMAT_SIZE_MAX)
		return -EINVAL;
	while (error == 0 && *reading.at != '\0') {
		error = add_next(&reading, before);
		if (error == 0)
			before = reading.at[-1];
	}
	take_year_day(&format);
	if (error != 0 || !is_time(&format) || !has_targets(&format))
		return -EINVAL;
	measure_literals(&format);
	*ret_format = format;
	return 0;
}
