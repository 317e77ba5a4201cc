/*
 * conf_error.h - errors of a configuration: where, what, what is allowed.
 */
#ifndef CONF_ERROR_H
#define CONF_ERROR_H

#include "ssekit.h"

#define CONF_ERROR_SIZE_MAX 512 /* bytes */

/* One line, without LF, for the administrator: where, what, what is allowed. */
struct conf_error {
	char text[CONF_ERROR_SIZE_MAX];
};

/* What an error is about.  All zeros: the command line as a whole. */
struct conf_place {
	const char *path;     /* of a file; NULL: the command line */
	unsigned line;        /* of the file; 0: none */
	const char *key;      /* or NULL */
	const char *argument; /* of the command line; or NULL */
};

/*
 * Writes "PATH:LINE: KEY: ", "--KEY: " or "\"ARGUMENT\": ", and the formatted
 * text; what is too long is cut.  Bytes from outside go through conf_quote().
 * Returns -EINVAL.
 */
int conf_refuse(struct conf_error *ret_error, const struct conf_place *place,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

struct conf_quoted {
	char text[72];
};

/* The text between double quotes, escaped, and cut where it is long. */
struct conf_quoted conf_quote(struct sse_slice text);

#endif
