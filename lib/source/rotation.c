/*
 * rotation.c - suffixes of generations.
 *
 * A name is accepted by its form alone, and strictly, since what is accepted
 * is read and sent to clients.  Modification times are not the order: a writer
 * that is stuck on the oldest file makes it the newest.
 */
#include "source/rotation.h"

#include <string.h>

#define DATE_DIGITS_MIN 8 /* BASE.20261120 is a date; fewer are a number */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_separator(char c)
{
	return c == '-' || c == '_' || c == '.' || c == 'T' || c == ':';
}

/*
 * "1", "2026-11-20", "20261120-0315": digits, single separators between.  How
 * many digits, or 0; the number is one of so many that it has room for.
 */
static size_t
read_digits(const char *text, size_t size, uint64_t *ret_number)
{
	uint64_t number = 0;
	size_t count = 0, run = 0;

	for (size_t i = 0; i < size; i++) {
		if (is_digit(text[i])) {
			number = number * 10 + (uint64_t)(text[i] - '0');
			run++;
		} else if (run > 0 && is_separator(text[i])) {
			count += run;
			run = 0;
		} else {
			return 0;
		}
	}
	*ret_number = number;
	return run > 0 ? count + run : 0;
}

/* The last digits are those of the lower word, the others of the upper one. */
static void
read_both(const char *text, size_t count, struct rotation *rotation)
{
	rotation->lower = 0;
	for (; count > 0; text++) {
		uint64_t *word = count > ROTATION_LOWER_DIGITS
				     ? &rotation->upper
				     : &rotation->lower;

		if (!is_digit(*text))
			continue;
		*word = *word * 10 + (uint64_t)(*text - '0');
		count--;
	}
}

/* What stands behind BASE in the name of a numbered or dated generation. */
static bool
read_suffix(const char *suffix, size_t size, struct rotation *rotation)
{
	size_t count;

	if (size == 4 && memcmp(suffix, ".old", 4) == 0) {
		rotation->lower = 1;
		return true;
	}
	if (size < 2 || (suffix[0] != '.' && suffix[0] != '-'))
		return false;
	count = read_digits(suffix + 1, size - 1, &rotation->lower);
	if (count > ROTATION_DIGITS_MAX)
		return false;
	if (count > ROTATION_LOWER_DIGITS)
		read_both(suffix + 1, count, rotation);
	rotation->is_date = count >= DATE_DIGITS_MIN;
	return rotation->is_date || (suffix[0] == '.' && count == size - 1);
}

bool
rotation_read(
    struct sse_slice base, struct sse_slice name, struct rotation *ret)
{
	*ret = (struct rotation){.is_date = false};
	return name.size > base.size &&
	       memcmp(name.data, base.data, base.size) == 0 &&
	       read_suffix(name.data + base.size, name.size - base.size, ret);
}

static bool
is_less(const struct rotation *a, const struct rotation *b)
{
	return a->upper != b->upper ? a->upper < b->upper : a->lower < b->lower;
}

int
rotation_compare(const struct rotation *a, const struct rotation *b)
{
	if (a->is_date != b->is_date ||
	    (a->upper == b->upper && a->lower == b->lower))
		return 0;
	return is_less(a, b) == a->is_date ? -1 : 1;
}
