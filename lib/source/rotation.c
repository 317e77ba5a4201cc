/*
 * rotation.c - suffixes of generations.
 *
 * A name is accepted by its form alone, and strictly, since what is accepted
 * is read and sent to clients.  Modification times are not the order: a writer
 * that is stuck on the oldest file makes it the newest.
 */
#include "source/rotation.h"

#include <string.h>

#define DATE_DIGITS_MIN 8    /* BASE.20261120 is a date; fewer are a number */
#define BEHIND_DIGITS_MAX 19 /* of a number that a word has room for */

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

/* Digits with single separators between, in runs. */
struct digits {
	size_t count;
	uint64_t number; /* if there are not too many for one */
	uint64_t run;    /* the last one */
	size_t before;   /* it: so many digits, and their number */
	uint64_t number_before;
};

static void
take_digit(struct digits *digits, char digit, bool begins)
{
	unsigned value = (unsigned)(digit - '0');

	if (begins) {
		digits->before = digits->count;
		digits->number_before = digits->number;
		digits->run = 0;
	}
	digits->count++;
	digits->number = digits->number * 10 + value;
	digits->run = digits->run * 10 + value;
}

/* "1", "2026-11-20", "20261120-0315". */
static bool
read_digits(const char *text, size_t size, struct digits *digits)
{
	bool begins = true;

	for (size_t i = 0; i < size; i++) {
		if (is_digit(text[i])) {
			take_digit(digits, text[i], begins);
			begins = false;
		} else if (!begins && is_separator(text[i])) {
			begins = true;
		} else {
			return false;
		}
	}
	return !begins;
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

/*
 * What is behind a date is a number of its own: the tenth file of a day, or
 * hour, comes after the ninth, and before the first of the next.
 */
static size_t
split_date(const struct digits *digits, struct rotation *rotation)
{
	rotation->lower = digits->number;
	if (digits->before < DATE_DIGITS_MIN ||
	    digits->count - digits->before > BEHIND_DIGITS_MAX)
		return digits->count;
	rotation->lower = digits->number_before;
	rotation->behind = digits->run + 1;
	return digits->before;
}

/* What stands behind BASE in the name of a numbered or dated generation. */
static bool
read_suffix(const char *suffix, size_t size, struct rotation *rotation)
{
	struct digits digits = {.count = 0};
	size_t count;

	if (size == 4 && memcmp(suffix, ".old", 4) == 0) {
		rotation->lower = 1;
		return true;
	}
	if (size < 2 || (suffix[0] != '.' && suffix[0] != '-'))
		return false;
	if (!read_digits(suffix + 1, size - 1, &digits) ||
	    digits.count > ROTATION_DIGITS_MAX)
		return false;
	count = split_date(&digits, rotation);
	if (count > ROTATION_LOWER_DIGITS)
		read_both(suffix + 1, count, rotation);
	rotation->is_date = digits.count >= DATE_DIGITS_MIN;
	return rotation->is_date ||
	       (suffix[0] == '.' && digits.count == size - 1);
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

static int
compare_words(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_digits(const struct rotation *a, const struct rotation *b)
{
	int order = compare_words(a->upper, b->upper);

	if (order == 0)
		order = compare_words(a->lower, b->lower);
	return order != 0 ? order : compare_words(a->behind, b->behind);
}

int
rotation_compare(const struct rotation *a, const struct rotation *b)
{
	int order = compare_digits(a, b);

	if (a->is_date != b->is_date)
		return 0;
	return a->is_date ? order : -order;
}
