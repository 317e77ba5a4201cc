/*
 * conf_value.c - numbers as an administrator writes them.
 *
 * No sign, no blank, no fraction, no other base: what strtol(3) would let
 * pass is an error here, so that nobody gets a value that he did not mean.
 */
#include "config.h"

#include "conf/conf_value.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct suffix {
	const char *text;
	uint64_t factor;
};

/* The largest first, since printing takes the first one that divides. */
static const struct suffix suffixes_none[] = {{"", 1}, {NULL, 0}};
static const struct suffix suffixes_bytes[] = {{"T", UINT64_C(1) << 40},
    {"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}, {"", 1}, {NULL, 0}};
static const struct suffix suffixes_ms[] = {{"d", 86400000}, {"h", 3600000},
    {"m", 60000}, {"s", 1000}, {"ms", 1}, {"", 1000}, {NULL, 0}};

static const struct suffix *
suffixes_of(enum conf_unit unit)
{
	switch (unit) {
	case CONF_UNIT_BYTES:
		return suffixes_bytes;
	case CONF_UNIT_MS:
		return suffixes_ms;
	case CONF_UNIT_NONE:
		break;
	}
	return suffixes_none;
}

/* Returns what follows the digits, or NULL when they are too many. */
static const char *
read_digits(const char *text, uint64_t *ret_number)
{
	uint64_t number = 0;

	for (; *text >= '0' && *text <= '9'; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (number > (UINT64_MAX - digit) / 10)
			return NULL;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return text;
}

int
conf_value_read(enum conf_unit unit, const char *text, uint64_t *ret_value)
{
	const struct suffix *suffix = suffixes_of(unit);
	uint64_t number = 0;
	const char *rest = read_digits(text, &number);

	if (rest == NULL)
		return -ERANGE;
	if (rest == text)
		return -EINVAL;
	while (suffix->text != NULL && strcmp(suffix->text, rest) != 0)
		suffix++;
	if (suffix->text == NULL)
		return -EINVAL;
	if (number > UINT64_MAX / suffix->factor)
		return -ERANGE;
	*ret_value = number * suffix->factor;
	return 0;
}

struct conf_value_text
conf_value_print(enum conf_unit unit, uint64_t value)
{
	const struct suffix *suffix = suffixes_of(unit);
	struct conf_value_text out = {"0"};

	if (value == 0)
		return out;
	while (value % suffix->factor != 0)
		suffix++;
	assert(suffix->text != NULL); /* one of them has the factor 1 */
	(void)snprintf(out.text, sizeof(out.text), "%" PRIu64 "%s",
	    value / suffix->factor, suffix->text);
	return out;
}
