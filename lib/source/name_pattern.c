/*
 * name_pattern.c - forms of file names.
 *
 * A match never tries a second way: numbers end where their digits end, so a
 * number must not stand right before digits.  Dates have their full width, as
 * the programs that rotate logs write them.
 */
#include "source/name_pattern.h"

#include <errno.h>
#include <string.h>

#define DATES "YmdHMS" /* in the order of enum name_field */
#define OF_SOURCE DATES
#define OF_GENERATIONS DATES "yftiI"
#define VARIABLE "fiI" /* as long as there are digits */

#define TAI64_DIGITS 16
#define TAI64_EPOCH (UINT64_C(1) << 62)
#define NANOSECONDS_DIGITS 8
#define FRACTION_DIGITS_MAX 9

static bool
is_one_of(char letter, const char *letters)
{
	return letter != '\0' && strchr(letters, letter) != NULL;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
name_pattern_is_variable(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] != '%')
			continue;
		if (i + 1 == size || text[i + 1] != '%')
			return true;
		i++;
	}
	return false;
}

/* ------------------------------------------------------------- reading -- */

static int
refuse(struct name_pattern_error *ret_error, const char *why)
{
	ret_error->text = why;
	return -EINVAL;
}

static bool
has(const struct name_pattern *pattern, char conversion)
{
	for (size_t i = 0; i < pattern->parts_count; i++)
		if (pattern->parts[i].conversion == conversion)
			return true;
	return false;
}

/* A literal byte joins the literal before it. */
static bool
add_literal(struct name_pattern *pattern, char byte)
{
	size_t used = strlen(pattern->text);
	struct name_part *last = pattern->parts + pattern->parts_count - 1;

	if (pattern->parts_count == 0 || last->conversion != '\0') {
		if (pattern->parts_count == NAME_PATTERN_PARTS_MAX)
			return false;
		last = &pattern->parts[pattern->parts_count++];
		*last = (struct name_part){.at = (unsigned char)used};
	}
	pattern->text[used] = byte;
	pattern->text[used + 1] = '\0';
	last->size++;
	return true;
}

static bool
add_conversion(struct name_pattern *pattern, char conversion)
{
	const char *field = strchr(DATES, conversion == 'y' ? 'Y' : conversion);
	struct name_part part = {.conversion = conversion};

	if (pattern->parts_count == NAME_PATTERN_PARTS_MAX)
		return false;
	if (field != NULL) {
		part.field = (enum name_field)(field - DATES);
		part.size = conversion == 'Y' ? 4 : 2;
	}
	pattern->parts[pattern->parts_count++] = part;
	return true;
}

static int
read_conversion(struct name_pattern *pattern, enum name_pattern_use use,
    char letter, struct name_pattern_error *ret_error)
{
	bool of_source = use == NAME_PATTERN_OF_SOURCE;

	if (!is_one_of(letter, of_source ? OF_SOURCE : OF_GENERATIONS))
		return refuse(ret_error,
		    of_source ? "a % in it is one of %Y %m %d %H %M %S, or %%"
			      : "a % in it is one of %Y %y %m %d %H %M %S %f "
				"%t %i %I, or %%");
	if (has(pattern, letter))
		return refuse(ret_error, "each % may stand in it once");
	if (is_one_of(letter, "iI") && (has(pattern, 'i') || has(pattern, 'I')))
		return refuse(
		    ret_error, "it may have one number, %i or %I, not two");
	if (!add_conversion(pattern, letter))
		return refuse(ret_error, "it has too many parts");
	return 0;
}

static int
read_parts(struct name_pattern *pattern, enum name_pattern_use use,
    struct name_pattern_error *ret_error, const char *text, size_t size)
{
	int error = 0;

	for (size_t i = 0; i < size && error == 0; i++) {
		bool escaped = text[i] == '%' && i + 1 < size;

		if (text[i] == '/' || text[i] == '\0')
			return refuse(ret_error, "it is no name of a file");
		if (text[i] == '*')
			return refuse(ret_error,
			    "a * has no meaning; write %Y-%m-%d for a date");
		if (text[i] == '%' && !(escaped && text[i + 1] == '%'))
			error = read_conversion(pattern, use,
			    escaped ? text[i + 1] : '\0', ret_error);
		else if (!add_literal(pattern, text[i]))
			error = refuse(ret_error, "it has too many parts");
		i += escaped;
	}
	return error;
}

/* Where the digits of a number end has to be seen. */
static bool
numbers_end(const struct name_pattern *pattern)
{
	for (size_t i = 0; i + 1 < pattern->parts_count; i++) {
		const struct name_part *next = &pattern->parts[i + 1];

		if (is_one_of(pattern->parts[i].conversion, VARIABLE) &&
		    (next->conversion != '\0' ||
			is_digit(pattern->text[next->at])))
			return false;
	}
	return true;
}

/* A date is ordered from its year on: none of the fields before is missing. */
static bool
is_date(const struct name_pattern *pattern)
{
	bool open = has(pattern, 'Y') || has(pattern, 'y');

	for (const char *field = &DATES[1]; *field != '\0'; field++) {
		if (has(pattern, *field) && !open)
			return false;
		open = has(pattern, *field);
	}
	return !(has(pattern, 'Y') && has(pattern, 'y'));
}

/* How many of the fields of a date are said: each follows the one before. */
static size_t
count_fields(const struct name_pattern *pattern)
{
	size_t count = has(pattern, 'Y') || has(pattern, 'y');

	for (const char *field = &DATES[1]; *field != '\0'; field++)
		count += has(pattern, *field);
	return count;
}

static bool
has_conversion(const struct name_pattern *pattern)
{
	return pattern->parts_count > 1 ||
	       (pattern->parts_count == 1 &&
		   pattern->parts[0].conversion != '\0');
}

static bool
ends_in(const char *text, const char *end)
{
	size_t size = strlen(text), end_size = strlen(end);

	return size > end_size && strcmp(text + size - end_size, end) == 0;
}

int
name_pattern_read(struct name_pattern *pattern, enum name_pattern_use use,
    const char *text, size_t size, struct name_pattern_error *ret_error)
{
	int error;

	memset(pattern, 0, sizeof(*pattern));
	if (size == 0 || size > NAME_MAX)
		return refuse(
		    ret_error, "the name of a file has 1 to 255 bytes");
	error = read_parts(pattern, use, ret_error, text, size);
	if (error != 0)
		return error;
	pattern->date_fields = count_fields(pattern);
	pattern->grows = has(pattern, 'I');
	if (!is_date(pattern))
		return refuse(ret_error,
		    "a date in it begins with its year, and then has %m, %d, "
		    "%H, %M, %S as far as it goes");
	if (has(pattern, 't') &&
	    (pattern->date_fields > 0 || has(pattern, 'f')))
		return refuse(
		    ret_error, "%t is a date itself, with its fraction");
	if (!numbers_end(pattern))
		return refuse(ret_error,
		    "behind %i, %I and %f no digit and no other % can follow");
	if (use == NAME_PATTERN_OF_GENERATIONS && !has_conversion(pattern) &&
	    !ends_in(pattern->text, ".old") && !ends_in(pattern->text, ".bak"))
		return refuse(ret_error,
		    "it needs a number or a date: %i, %I, %t or %Y-%m-%d");
	return 0;
}

/* ------------------------------------------------------------ matching -- */

/* What is left of a name, and what was read of it. */
struct reading {
	const char *at;
	const char *end;
	uint64_t fields[NAME_FIELDS];
	struct name_values values;
};

static bool
take_digits(struct reading *reading, size_t count, uint64_t *ret_value)
{
	uint64_t value = 0;

	if ((size_t)(reading->end - reading->at) < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_digit(reading->at[i]))
			return false;
		value = value * 10 + (uint64_t)(reading->at[i] - '0');
	}
	reading->at += count;
	*ret_value = value;
	return true;
}

static size_t
digits_at(const struct reading *reading)
{
	const char *at = reading->at;

	while (at < reading->end && is_digit(*at))
		at++;
	return (size_t)(at - reading->at);
}

static bool
take_number(struct reading *reading)
{
	size_t count = digits_at(reading);

	return count > 0 && count <= NAME_PATTERN_DIGITS_MAX &&
	       take_digits(reading, count, &reading->values.number);
}

static bool
take_fraction(struct reading *reading)
{
	size_t count = digits_at(reading);

	if (count == 0 || count > FRACTION_DIGITS_MAX ||
	    !take_digits(reading, count, &reading->values.fraction))
		return false;
	for (; count < FRACTION_DIGITS_MAX; count++)
		reading->values.fraction *= 10;
	return true;
}

static bool
take_hex(struct reading *reading, size_t count, uint64_t *ret_value)
{
	uint64_t value = 0;

	if ((size_t)(reading->end - reading->at) < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = reading->at[i] != '\0'
					? strchr(digits, reading->at[i])
					: NULL;

		if (digit == NULL)
			return false;
		value = value << 4 | (uint64_t)(digit - digits);
	}
	reading->at += count;
	*ret_value = value;
	return true;
}

static bool
take_label(struct reading *reading)
{
	struct name_values *values = &reading->values;

	if (reading->at < reading->end && *reading->at == '@')
		reading->at++;
	return take_hex(reading, TAI64_DIGITS, &values->date) &&
	       take_hex(reading, NANOSECONDS_DIGITS, &values->fraction) &&
	       values->date < 2 * TAI64_EPOCH && values->fraction < 1000000000;
}

static bool
take_field(struct reading *reading, const struct name_part *part)
{
	if (!take_digits(reading, part->size, &reading->fields[part->field]))
		return false;
	if (part->conversion == 'y')
		reading->fields[part->field] += 2000;
	return true;
}

static bool
take_conversion(struct reading *reading, const struct name_part *part)
{
	switch (part->conversion) {
	case 'f':
		return take_fraction(reading);
	case 't':
		return take_label(reading);
	case 'i':
	case 'I':
		return take_number(reading);
	default:
		return take_field(reading, part);
	}
}

/* Most are a byte or two: that is no work for memcmp(). */
static bool
take_literal(struct reading *reading, const char *text, size_t size)
{
	if ((size_t)(reading->end - reading->at) < size)
		return false;
	for (; size > 0 && *reading->at == *text; size--, text++)
		reading->at++;
	return size == 0;
}

bool
name_pattern_match(const struct name_pattern *pattern, const char *name,
    size_t size, struct name_values *ret_values)
{
	struct reading reading = {.at = name, .end = name + size};

	for (size_t i = 0; i < pattern->parts_count; i++) {
		const struct name_part *part = &pattern->parts[i];

		if (part->conversion == '\0'
			? !take_literal(
			      &reading, pattern->text + part->at, part->size)
			: !take_conversion(&reading, part))
			return false;
	}
	if (reading.at != reading.end)
		return false;
	if (pattern->date_fields > 0 &&
	    !name_values_date(
		reading.fields, pattern->date_fields, &reading.values.date))
		return false;
	*ret_values = reading.values;
	return true;
}
