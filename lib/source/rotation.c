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

static void
add_digit(struct rotation *rotation, char digit)
{
	rotation->lower = rotation->lower * 10 + (uint64_t)(digit - '0');
	if (rotation->lower >= ROTATION_LOWER_LIMIT) {
		rotation->upper = rotation->upper * 10 +
				  rotation->lower / ROTATION_LOWER_LIMIT;
		rotation->lower %= ROTATION_LOWER_LIMIT;
	}
}

/* How many digits there are.  Of too many the number is not used. */
static size_t
read_run(const char *text, size_t size, struct rotation *rotation)
{
	struct rotation read = *rotation;
	size_t count = 0;

	for (; count < size && is_digit(text[count]); count++)
		add_digit(&read, text[count]);
	*rotation = read;
	return count;
}

/*
 * "1", "2026-11-20", "20261120-0315": digits, single separators between.  How
 * many digits, or 0.
 */
static size_t
read_digits(const char *text, size_t size, struct rotation *rotation)
{
	size_t count = 0, run;

	while ((run = read_run(text, size, rotation)) > 0) {
		count += run;
		if (count > ROTATION_DIGITS_MAX)
			return 0;
		if (run == size)
			return count;
		if (strchr("-_.T:", text[run]) == NULL)
			return 0;
		text += run + 1;
		size -= run + 1;
	}
	return 0;
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
	count = read_digits(suffix + 1, size - 1, rotation);
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
	int order = is_less(b, a) - is_less(a, b);

	if (a->is_date != b->is_date)
		return 0;
	return a->is_date ? order : -order;
}
