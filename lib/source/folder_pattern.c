/*
 * folder_pattern.c - a pattern of names in a folder.
 */
#include "config.h"

#include "source/folder_pattern.h"

#include <errno.h>
#include <string.h>

/* "", "archive/", "a/b/": whether generations may be there. */
static bool
is_folder(const char *text, size_t size)
{
	size_t begin = 0;

	if (size > FOLDER_PATTERN_SIZE_MAX)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (text[i] != '/')
			continue;
		if (i == begin || (i - begin <= 2 && text[begin] == '.' &&
				      text[i - 1] == '.'))
			return false;
		begin = i + 1;
	}
	return !name_pattern_is_variable(text, size) &&
	       memchr(text, '*', size) == NULL;
}

/* Bytes of a pattern that are its folder. */
static size_t
folder_size(const char *text, size_t size)
{
	const char *slash = memrchr(text, '/', size);

	return slash != NULL ? (size_t)(slash - text) + 1 : 0;
}

int
folder_pattern_read(struct folder_pattern *pattern, const char *text,
    size_t size, struct name_pattern_error *ret_error)
{
	size_t folder = folder_size(text, size);

	if (!is_folder(text, folder)) {
		ret_error->text =
		    "a folder in it is one below the log's own, as "
		    "archive/app.log.%i, without .. and without dates";
		return -EINVAL;
	}
	pattern->folder_size = folder;
	return name_pattern_read(&pattern->pattern, NAME_PATTERN_OF_GENERATIONS,
	    text + folder, size - folder, ret_error);
}
