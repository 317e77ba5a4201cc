/*
 * conf_error.c - errors of a configuration.  One line each, of printable
 * ASCII whatever the configuration held, since it ends in a log.
 */
#include "config.h"

#include "conf/conf_error.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

struct conf_quoted
conf_quote(struct sse_slice text)
{
	struct conf_quoted quoted = {"\""};
	size_t size = 1;

	/* Two bytes less: for the quote behind it, and its NUL. */
	size += escape_text(text, quoted.text + 1, sizeof(quoted.text) - 2);
	quoted.text[size] = '"';
	quoted.text[size + 1] = '\0';
	return quoted;
}

static struct conf_quoted
escaped(const char *text)
{
	struct conf_quoted out = {""};

	escape_text(sse_slice(text), out.text, sizeof(out.text));
	return out;
}

/* Returns the bytes used, which are fewer than the text has. */
static size_t
put_place(char text[CONF_ERROR_SIZE_MAX], const struct conf_place *place)
{
	char where[384] = "";
	int size;

	if (place->path != NULL)
		escape_text(sse_slice(place->path), where, 256);
	if (place->line > 0)
		(void)snprintf(where + strlen(where), 16, ":%u", place->line);
	if (place->argument != NULL)
		(void)snprintf(where, sizeof(where), "%s",
		    conf_quote(sse_slice(place->argument)).text);
	size = snprintf(text, CONF_ERROR_SIZE_MAX, "%s%s%s%s%s", where,
	    where[0] != '\0' ? ": " : "",
	    place->path == NULL && place->key != NULL ? "--" : "",
	    place->key != NULL ? escaped(place->key).text : "",
	    place->key != NULL ? ": " : "");
	/* Each of its parts was cut. */
	assert(size >= 0 && (size_t)size < CONF_ERROR_SIZE_MAX);
	return (size_t)size;
}

int
conf_refuse(struct conf_error *ret_error, const struct conf_place *place,
    const char *format, ...)
{
	size_t used = put_place(ret_error->text, place);
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(ret_error->text + used, sizeof(ret_error->text) - used,
	    format, arguments);
	va_end(arguments);
	return -EINVAL;
}
