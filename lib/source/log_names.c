/*
 * log_names.c - the source and the key generations, as they are said.
 */
#include "config.h"

#include "source/log_names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/folder_pattern.h"
#include "source/name_order.h"

static int
refuse(struct log_names_error *ret_error, const char *text)
{
	(void)snprintf(ret_error->text, sizeof(ret_error->text), "%s", text);
	return -EINVAL;
}

/* -------------------------------------------------------------- source -- */

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* The last part of a source, if it has dates: 0 or -EINVAL. */
static int
read_dates(const char *name, struct name_pattern *pattern,
    struct log_names_error *ret_error)
{
	struct name_pattern_error why;

	if (name_pattern_read(
		pattern, NAME_PATTERN_OF_SOURCE, name, strlen(name), &why) != 0)
		return refuse(ret_error, why.text);
	return 0;
}

int
log_names_check_source(const char *source, struct log_names_error *ret_error)
{
	const char *name = last_part(source);
	struct name_pattern pattern;

	if (name_pattern_is_variable(source, (size_t)(name - source)))
		return refuse(ret_error,
		    "only its last part may have dates; a percent sign in a "
		    "folder is written %%");
	if (strchr(source, '*') != NULL)
		return refuse(ret_error,
		    "a pattern is not a file, and a * has no meaning in it; "
		    "name one file, or for the newest of several write the "
		    "date, as app-%Y-%m-%d.log");
	return name_pattern_is_variable(name, strlen(name))
		   ? read_dates(name, &pattern, ret_error)
		   : 0;
}

char *
log_names_unescape(const char *text)
{
	char *copy = strdup(text), *to = copy;

	for (; copy != NULL && *text != '\0'; text++) {
		*to++ = *text;
		if (text[0] == '%' && text[1] == '%')
			text++;
	}
	if (copy != NULL)
		*to = '\0';
	return copy;
}

static int
set_source(struct log_names *names, const char *source)
{
	const char *name = last_part(source);
	struct log_names_error why;

	names->path = log_names_unescape(source);
	if (names->path == NULL)
		return -ENOMEM;
	names->name = last_part(names->path);
	names->dated = name_pattern_is_variable(name, strlen(name));
	return names->dated ? read_dates(name, &names->source, &why) : 0;
}

/* --------------------------------------------------------- generations -- */

/* The next of the words with blanks between; its size is 0 after the last. */
static size_t
next_word(const char **text)
{
	*text += strspn(*text, " \t");
	return strcspn(*text, " \t");
}

int
log_names_check_generations(
    const char *generations, struct log_names_error *ret_error)
{
	struct folder_pattern pattern;
	struct name_pattern_error why;
	size_t size, count = 0;

	if (strcmp(generations, "none") == 0)
		return 0;
	for (; (size = next_word(&generations)) > 0; generations += size) {
		if (count++ == LOG_NAMES_PATTERNS_MAX)
			return refuse(ret_error, "16 patterns are allowed");
		if (folder_pattern_read(&pattern, generations, size, &why) != 0)
			return refuse(ret_error, why.text);
	}
	return 0;
}

/* The index of a folder, or -ENOMEM. */
static int
add_folder(struct log_names *names, const char *text, size_t size)
{
	char *escaped = strndup(text, size);
	char *folder = escaped != NULL ? log_names_unescape(escaped) : NULL;

	free(escaped);
	if (folder == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < names->folders_count; i++)
		if (strcmp(names->folders[i], folder) == 0) {
			free(folder);
			return (int)i;
		}
	names->folders[names->folders_count] = folder;
	return (int)names->folders_count++;
}

static int
add_pattern(struct log_names *names, const char *text, size_t size)
{
	struct log_pattern *added = &names->patterns[names->patterns_count];
	struct folder_pattern pattern;
	struct name_pattern_error why;
	int error = folder_pattern_read(&pattern, text, size, &why);
	int folder;

	if (error != 0)
		return error;
	folder = add_folder(names, text, pattern.folder_size);
	if (folder < 0)
		return folder;
	*added = (struct log_pattern){(size_t)folder, pattern.pattern};
	names->patterns_count++;
	return 0;
}

static int
set_generations(struct log_names *names, const char *text)
{
	struct log_names_error why;
	int error = log_names_check_generations(text, &why);
	size_t size;

	names->by_default = text[0] == '\0';
	if (error == 0 && add_folder(names, "", 0) < 0)
		error = -ENOMEM;
	if (strcmp(text, "none") == 0)
		return error;
	for (; error == 0 && (size = next_word(&text)) > 0; text += size)
		error = add_pattern(names, text, size);
	return error;
}

static size_t
find_order_size(const struct log_names *names)
{
	if (names->dated && names->patterns_count == 0)
		return name_order_size(&names->source);
	if (!names->dated && names->patterns_count == 1)
		return name_order_size(&names->patterns[0].pattern);
	return 0;
}

int
log_names_new(
    const char *source, const char *generations, struct log_names **ret_names)
{
	struct log_names *names = calloc(1, sizeof(*names));
	int error = -ENOMEM;

	if (names != NULL)
		error = set_source(names, source);
	if (error == 0)
		error = set_generations(
		    names, generations != NULL ? generations : "");
	if (error != 0) {
		log_names_free(names);
		return error;
	}
	names->order_size = find_order_size(names);
	*ret_names = names;
	return 0;
}

void
log_names_free(struct log_names *names)
{
	if (names == NULL)
		return;
	for (size_t i = 0; i < names->folders_count; i++)
		free(names->folders[i]);
	free(names->path);
	free(names);
}

bool
log_names_are_dated(const struct log_names *names)
{
	return names->dated;
}

const char *
log_names_path(const struct log_names *names)
{
	return names->path;
}

size_t
log_names_folders(const struct log_names *names)
{
	return names->folders_count;
}

const char *
log_names_folder(const struct log_names *names, size_t index)
{
	return names->folders[index];
}

size_t
log_names_order_size(const struct log_names *names)
{
	return names->order_size;
}
