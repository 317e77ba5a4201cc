/*
 * value_fuzz.c - a number of a configuration that is printed is read as the
 * same number.
 *
 *	input: unit (1 byte, modulo 3), a number (8 bytes), text
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "conf/conf_value.h"

static void
check_printed(enum conf_unit unit, uint64_t value)
{
	struct conf_value_text printed = conf_value_print(unit, value);
	uint64_t again = ~value;

	REQUIRE(strlen(printed.text) < sizeof(printed.text));
	REQUIRE(conf_value_read(unit, printed.text, &again) == 0);
	REQUIRE(again == value);
}

void
value_fuzz(struct sse_slice input)
{
	static const enum conf_unit units[] = {
	    CONF_UNIT_NONE, CONF_UNIT_BYTES, CONF_UNIT_MS};
	enum conf_unit unit = units[fuzz_number(&input) % 3];
	uint64_t value = fuzz_large(&input, 8);
	char *text = fuzz_string(input);
	int error;

	check_printed(unit, value);
	error = conf_value_read(unit, text, &value);
	REQUIRE(error == 0 || error == -EINVAL || error == -ERANGE);
	if (error == 0)
		check_printed(unit, value);
	free(text);
}
