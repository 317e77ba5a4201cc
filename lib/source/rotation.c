/*
 * rotation.c - suffixes of generations.
 *
 * A name is accepted by its form alone, and strictly, since what is accepted
 * is read and sent to clients.  Modification times are not the order: a writer
 * that is stuck on the oldest file makes it the newest.
 */
#include "source/rotation.h"

#include <string.h>

#define NUMBER_DIGITS_MAX 7 /* BASE.20261120 is a date */
#define DATE_DIGITS_MIN 8

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Behind so many: there may be very many names, so these are counted. */
static bool
add_digit(struct rotation *rotation, size_t *count, char digit)
{
	if (*count == ROTATION_DIGITS_MAX)
		return false;
	rotation->digits[(*count)++] = digit;
	return true;
}

/* "1", "2026-11-20", "20261120-0315": digits, single separators between. */
static bool
read_digits(
    const char *text, size_t size, struct rotation *rotation, size_t *count)
{
	for (size_t i = 0; i < size; i++) {
		bool inside = i > 0 && i + 1 < size && is_digit(text[i - 1]);

		if (is_digit(text[i])) {
			if (!add_digit(rotation, count, text[i]))
				return false;
		} else if (!inside || strchr("-_.T:", text[i]) == NULL) {
			return false;
		}
	}
	return size > 0;
}

static bool
only_digits(const char *text, size_t size)
{
	while (size > 0 && is_digit(*text)) {
		text++;
		size--;
	}
	return size == 0;
}

/* What stands behind BASE in the name of a numbered or dated generation. */
static bool
read_suffix(const char *suffix, size_t size, struct rotation *rotation)
{
	size_t count = 0;

	if (size == 4 && memcmp(suffix, ".old", 4) == 0)
		return add_digit(rotation, &count, '1');
	if (size < 2 || (suffix[0] != '.' && suffix[0] != '-') ||
	    !read_digits(suffix + 1, size - 1, rotation, &count))
		return false;
	if (count >= DATE_DIGITS_MIN) {
		rotation->is_date = true;
		return true;
	}
	return suffix[0] == '.' && only_digits(suffix + 1, size - 1) &&
	       size - 1 <= NUMBER_DIGITS_MAX;
}

static void
drop_leading_zeros(char *digits)
{
	size_t zeros = strspn(digits, "0");

	if (zeros > 0)
		memmove(digits, digits + zeros, strlen(digits + zeros) + 1);
}

bool
rotation_read(
    const char *base, const char *name, size_t size, struct rotation *ret)
{
	size_t base_size = strlen(base);
	struct rotation rotation = {.is_date = false};

	if (size <= base_size || memcmp(name, base, base_size) != 0 ||
	    !read_suffix(name + base_size, size - base_size, &rotation))
		return false;
	drop_leading_zeros(rotation.digits);
	*ret = rotation;
	return true;
}

static int
compare_numbers(const char *a, const char *b)
{
	size_t a_size = strlen(a), b_size = strlen(b);

	if (a_size != b_size)
		return a_size < b_size ? -1 : 1;
	return memcmp(a, b, a_size);
}

int
rotation_compare(const struct rotation *a, const struct rotation *b)
{
	int order = compare_numbers(a->digits, b->digits);

	if (a->is_date != b->is_date)
		return 0;
	return a->is_date ? order : -order;
}
