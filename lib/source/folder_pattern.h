/*
 * folder_pattern.h - a form of the names of older files, in the log's own
 * folder or one below: "archive/app.log.%i".  Pure.
 */
#ifndef FOLDER_PATTERN_H
#define FOLDER_PATTERN_H

#include "source/name_pattern.h"

#define FOLDER_PATTERN_SIZE_MAX 255 /* bytes of the folder */

struct folder_pattern {
	size_t folder_size; /* bytes of the text, with the last slash */
	struct name_pattern pattern;
};

/*
 * Reads a text of that size: 0, or -EINVAL with *ret_error.  In its folder a
 * percent sign is written twice.
 */
int folder_pattern_read(struct folder_pattern *pattern, const char *text,
    size_t size, struct name_pattern_error *ret_error);

#endif
