/*
 * rotation.c - names of generations.
 *
 * A name is accepted by its form alone, and strictly, since what is accepted
 * is read and sent to clients.  Modification times are not the order: a writer
 * that is stuck on the oldest file makes it the newest.
 */
#include "rotation.h"

#include <stddef.h>
#include <string.h>

#define NUMBER_DIGITS_MAX 7 /* BASE.20261120 is a date */
#define DATE_DIGITS_MIN 8

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes a compressor's suffix off: the size of what is left of the name. */
static size_t
plain_size(const char *name, size_t size)
{
	static const char *const suffixes[] = {".gz", ".bz2", ".xz", ".zst"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t suffix = strlen(suffixes[i]);

		if (size > suffix &&
		    memcmp(name + size - suffix, suffixes[i], suffix) == 0)
			return size - suffix;
	}
	return size;
}

static bool
add_digit(struct rotation_rank *rank, char digit)
{
	size_t size = strlen(rank->digits);

	if (size == ROTATION_DIGITS_MAX)
		return false;
	rank->digits[size] = digit;
	return true;
}

/* "1", "2026-11-20", "20261120-0315": digits, single separators between. */
static bool
read_digits(const char *text, size_t size, struct rotation_rank *rank)
{
	for (size_t i = 0; i < size; i++) {
		bool inside = i > 0 && i + 1 < size && is_digit(text[i - 1]);

		if (is_digit(text[i])) {
			if (!add_digit(rank, text[i]))
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
read_suffix(const char *suffix, size_t size, struct rotation_rank *rank)
{
	if (size == 4 && memcmp(suffix, ".old", 4) == 0) {
		rank->scheme = ROTATION_NUMBER;
		return add_digit(rank, '1');
	}
	if (size < 2 || (suffix[0] != '.' && suffix[0] != '-') ||
	    !read_digits(suffix + 1, size - 1, rank))
		return false;
	if (strlen(rank->digits) >= DATE_DIGITS_MIN) {
		rank->scheme = ROTATION_DATE;
		return true;
	}
	rank->scheme = ROTATION_NUMBER;
	return suffix[0] == '.' && only_digits(suffix + 1, size - 1) &&
	       size - 1 <= NUMBER_DIGITS_MAX;
}

static size_t
digits_at(const char *text, size_t size)
{
	size_t count = 0;

	while (count < size && is_digit(text[count]))
		count++;
	return count;
}

/* Every run of digits of BASE may be another run of digits in the name. */
static bool
read_template(const char *base, const char *name, size_t name_size,
    struct rotation_rank *rank)
{
	size_t base_size = strlen(base), i = 0, j = 0;
	bool numbered = false;

	rank->scheme = ROTATION_TEMPLATE;
	while (i < base_size && j < name_size) {
		size_t in_base = digits_at(base + i, base_size - i);
		size_t in_name = digits_at(name + j, name_size - j);

		if ((in_base > 0) != (in_name > 0))
			return false;
		if (in_base == 0 && base[i] != name[j])
			return false;
		for (size_t k = 0; k < in_name; k++)
			if (!add_digit(rank, name[j + k]))
				return false;
		numbered = numbered || in_base > 0;
		i += in_base > 0 ? in_base : 1;
		j += in_name > 0 ? in_name : 1;
	}
	return numbered && i == base_size && j == name_size;
}

static void
drop_leading_zeros(char *digits)
{
	size_t zeros = strspn(digits, "0");

	memmove(digits, digits + zeros, strlen(digits + zeros) + 1);
}

bool
rotation_name(
    const char *base, const char *name, struct rotation_rank *ret_rank)
{
	size_t base_size = strlen(base), whole = strlen(name);
	size_t size = plain_size(name, whole);
	struct rotation_rank rank = {.compressed = size < whole};

	if (strcmp(base, name) == 0)
		return false;
	if (size <= base_size || memcmp(name, base, base_size) != 0 ||
	    !read_suffix(name + base_size, size - base_size, &rank)) {
		memset(rank.digits, 0, sizeof(rank.digits));
		if (!read_template(base, name, size, &rank))
			return false;
	}
	drop_leading_zeros(rank.digits);
	*ret_rank = rank;
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
rotation_compare(const struct rotation_rank *a, const struct rotation_rank *b)
{
	int order = compare_numbers(a->digits, b->digits);

	if (a->scheme != b->scheme)
		return 0;
	return a->scheme == ROTATION_NUMBER ? -order : order;
}
