/*
 * time_piece.c - what a text has of one piece of a time_format.
 *
 * strptime(3) reads the fields, since administrators know its forms; what it
 * has no conversion for is read here.
 */
#include "config.h"

#include "record/time_piece.h"

#include <assert.h>
#include <string.h>

#include "hex.h"

#define TAI_EPOCH (UINT64_C(1) << 62) /* 1970, in a label of TAI64N */
/* Seconds of TAI before UTC, as labels have them: svlogd's, not s6-log's 37. */
#define TAI_AHEAD_S 10

/* ------------------------------------------------------------- pieces -- */

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static const char *
take_fraction(const char *text, struct time_found *found)
{
	int worth = 100, ms = 0;

	if (*text != '.' && *text != ',')
		return text;
	for (text++; is_digit(*text); text++) {
		ms += worth * (*text - '0');
		worth /= 10;
	}
	if (!found->is_fine)
		found->fraction_ms = ms;
	return text;
}

/* Digits before a letter of base 16 are not a number of base 10. */
static const char *
take_epoch(const char *text, struct time_found *found)
{
	size_t digits = strspn(text, "0123456789");
	int64_t number = 0, unit = 1;

	if (sse_hex_value(text[digits]) >= 0 ||
	    (digits != 10 && digits != 13 && digits != 16 && digits != 19))
		return NULL;
	if (digits == 19 && *text > '8')
		return NULL; /* it does not fit */
	for (size_t i = 0; i < digits; i++)
		number = 10 * number + (text[i] - '0');
	for (size_t i = 10; i < digits; i++)
		unit *= 10;
	found->moment_s = number / unit;
	found->is_fine = unit > 1;
	if (found->is_fine)
		found->fraction_ms = (int)(number % unit / (unit / 1000));
	return text + digits;
}

/* So many digits of base 16; NULL when they are fewer. */
static const char *
take_hex(const char *text, int digits, uint64_t *ret_number)
{
	*ret_number = 0;
	for (; digits > 0; digits--, text++) {
		int value = sse_hex_value(*text);

		if (value < 0)
			return NULL;
		*ret_number = *ret_number << 4 | (uint64_t)value;
	}
	return text;
}

/* "@", seconds and nanoseconds. */
static const char *
take_label(const char *text, struct time_found *found)
{
	uint64_t seconds, nanoseconds;

	if (*text++ != '@')
		return NULL;
	text = take_hex(text, 16, &seconds);
	if (text != NULL)
		text = take_hex(text, 8, &nanoseconds);
	if (text == NULL || sse_hex_value(*text) >= 0 || seconds < TAI_EPOCH ||
	    seconds - TAI_EPOCH > INT32_MAX * INT64_C(4) ||
	    nanoseconds > 999999999)
		return NULL;
	found->moment_s = (int64_t)(seconds - TAI_EPOCH) - TAI_AHEAD_S;
	found->fraction_ms = (int)(nanoseconds / 1000000);
	found->is_fine = true;
	return text;
}

/* "AM" or "PM", in any case. */
static const char *
take_half(const char *text, struct time_found *found)
{
	while (*text == ' ')
		text++;
	if ((text[0] != 'A' && text[0] != 'a' && text[0] != 'P' &&
		text[0] != 'p') ||
	    (text[1] != 'M' && text[1] != 'm'))
		return NULL;
	found->is_pm = text[0] == 'P' || text[0] == 'p';
	return text + 2;
}

/* As strptime(3) reads it: up to three digits, perhaps behind blanks. */
static const char *
take_year_day(const char *text, struct time_found *found)
{
	int day = 0;

	while (*text == ' ')
		text++;
	for (int i = 0; i < 3 && is_digit(*text); i++)
		day = 10 * day + (*text++ - '0');
	if (day < 1 || day > 366)
		return NULL;
	found->year_day = day;
	return text;
}

static bool
is_greenwich(const char *name)
{
	return strcmp(name, "UTC") == 0 || strcmp(name, "GMT") == 0 ||
	       strcmp(name, "UT") == 0 || strcmp(name, "Z") == 0;
}

/* strptime(3) passes over a name, whatever it says. */
static const char *
take_zone(const char *text, struct time_found *found)
{
	size_t size = 0;

	while (*text == ' ')
		text++;
	found->is_offset = *text == '+' || *text == '-';
	if (found->is_offset)
		return strptime(text, "%z", &found->fields);
	while (size < TIME_ZONE_SIZE_MAX && is_letter(text[size]))
		size++;
	memcpy(found->zone, text, size);
	found->zone[size] = '\0';
	found->fields.tm_gmtoff = 0;
	found->is_offset = is_greenwich(found->zone);
	return size > 0 && !is_letter(text[size]) ? text + size : NULL;
}

const char *
time_piece_take(const struct time_format *format,
    const struct time_piece *piece, const char *text, struct time_found *found)
{
	assert(piece->kind != TIME_PIECE_SKIP);
	switch (piece->kind) {
	case TIME_PIECE_FIELDS:
		return strptime(
		    text, format->text + piece->begin, &found->fields);
	case TIME_PIECE_FRACTION:
		return take_fraction(text, found);
	case TIME_PIECE_EPOCH:
		return take_epoch(text, found);
	case TIME_PIECE_LABEL:
		return take_label(text, found);
	case TIME_PIECE_HALF:
		return take_half(text, found);
	case TIME_PIECE_YEAR_DAY:
		return take_year_day(text, found);
	case TIME_PIECE_ZONE:
		return take_zone(text, found);
	case TIME_PIECE_SKIP:
		break;
	}
	return NULL;
}

char
time_piece_letter(
    const struct time_format *format, const struct time_piece *piece)
{
	switch (piece->kind) {
	case TIME_PIECE_FIELDS:
		return format->text[piece->begin + 1];
	case TIME_PIECE_EPOCH:
		return 's';
	case TIME_PIECE_HALF:
		return 'p';
	case TIME_PIECE_YEAR_DAY:
		return 'j';
	case TIME_PIECE_ZONE:
	case TIME_PIECE_LABEL:
	case TIME_PIECE_FRACTION:
	case TIME_PIECE_SKIP:
		break;
	}
	return '@';
}
