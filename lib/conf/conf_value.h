/*
 * conf_value.h - numbers as an administrator writes them: 256K, 15s.
 */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include <stdint.h>

enum conf_unit {
	CONF_UNIT_NONE,  /* 10 */
	CONF_UNIT_BYTES, /* 256K: powers of 1024 */
	CONF_UNIT_MS     /* 15s, and a bare number is seconds, too */
};

/*
 * Reads digits and at most one unit: 0; -EINVAL when it is anything else;
 * -ERANGE when the number has no room in 64 bits.
 */
int conf_value_read(enum conf_unit unit, const char *text, uint64_t *ret_value);

struct conf_value_text {
	char text[24];
};

/* The shortest form that conf_value_read() reads as this value. */
struct conf_value_text conf_value_print(enum conf_unit unit, uint64_t value);

#endif
