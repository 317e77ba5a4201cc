/*
 * conf_allowed.h - what a value that was refused is, and what is allowed.
 */
#ifndef CONF_ALLOWED_H
#define CONF_ALLOWED_H

#include "conf/conf_key.h"

struct conf_allowed {
	char text[300];
};

/*
 * "no time from 100ms to 1h (...)": what a value is that conf_key_read() has
 * refused with -EINVAL, to stand behind "is".
 */
struct conf_allowed conf_allowed(const struct conf_key *key, const char *value);

#endif
