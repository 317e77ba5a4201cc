/*
 * conf_text.h - the text of a configuration file, line by line.
 */
#ifndef CONF_TEXT_H
#define CONF_TEXT_H

#include "conf/conf_error.h"

#define CONF_LINE_SIZE_MAX 4096 /* bytes of a line of a configuration */

enum conf_line_kind {
	CONF_LINE_SECTION, /* [name] */
	CONF_LINE_SETTING  /* key = value */
};

/* One line that says something.  The slices point into the text. */
struct conf_line {
	enum conf_line_kind kind;
	unsigned number; /* from 1 */
	struct sse_slice name;
	struct sse_slice value;   /* of a setting; never absent */
	struct sse_slice written; /* the same, with the blanks that end it */
};

struct conf_text {
	const char *path; /* for messages */
	struct sse_slice rest;
	unsigned line; /* the number of the one read last */
};

/* Path and text are borrowed. */
void conf_text_init(
    struct conf_text *text, const char *path, struct sse_slice bytes);

/*
 * Takes the next line that is neither empty nor a comment: 1, or 0 after the
 * last; -EINVAL with a line in *ret_error, after which nothing is taken.  The
 * names are not judged.
 */
int conf_text_next(struct conf_text *text, struct conf_line *ret_line,
    struct conf_error *ret_error);

#endif
