/*
 * log_names.c - which names are a log's.
 *
 * What is a log's is read and sent to clients.  So a name is one by the whole
 * name of the log, or because an administrator said so; never because it looks
 * like it.
 */
#include "config.h"

#include "source/log_names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/folder_pattern.h"
#include "source/name_order.h"

/* Of the key generations. */
struct log_pattern {
	size_t folder; /* index */
	struct name_pattern pattern;
};

struct log_names {
	char *path; /* without escapes */
	bool dated;
	struct name_pattern source; /* if it is dated */
	bool by_default;
	struct log_pattern patterns[LOG_NAMES_PATTERNS_MAX];
	size_t patterns_count;
	char *folders[LOG_NAMES_PATTERNS_MAX + 1];
	size_t folders_count;
	size_t order_size;
};

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

/* ------------------------------------------------------------- ranking -- */

void
log_base_init(
    struct log_base *base, const struct log_names *names, const char *target)
{
	*base = (struct log_base){.name = ""};
	if (names->dated)
		return;
	(void)snprintf(base->name, sizeof(base->name), "%s", target);
	base->size = strlen(base->name);
	if (names->by_default && strcmp(last_part(names->path), target) != 0)
		link_pattern_read(&base->link, target);
}

/* Takes a compressor's suffix off: the size of what is left of the name. */
static size_t
plain_size(const char *name, size_t size)
{
	static const char *const suffixes[] = {".gz", ".bz2", ".xz", ".zst"};
	char last = size > 1 ? name[size - 1] : '\0';

	/* Nearly all end in a number, and there may be very many. */
	if ((last != 'z' && last != '2' && last != 't') ||
	    (name[size - 2] >= '0' && name[size - 2] <= '9'))
		return size;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t suffix = strlen(suffixes[i]);

		if (size > suffix &&
		    memcmp(name + size - suffix, suffixes[i], suffix) == 0)
			return size - suffix;
	}
	return size;
}

static bool
rank_by_pattern(const struct name_pattern *pattern, const char *name,
    size_t size, struct log_rank *rank)
{
	rank->grows = pattern->grows;
	return name_pattern_match(pattern, name, size, &rank->values);
}

static bool
rank_by_patterns(const struct log_names *names, size_t folder, const char *name,
    size_t size, struct log_rank *rank)
{
	rank->scheme = LOG_PATTERN;
	for (size_t i = 0; i < names->patterns_count; i++) {
		rank->group = (unsigned char)i;
		if (names->patterns[i].folder == folder &&
		    rank_by_pattern(
			&names->patterns[i].pattern, name, size, rank))
			return true;
	}
	return false;
}

static bool
rank_by_default(const struct log_base *base, const char *name, size_t size,
    struct log_rank *rank)
{
	rank->scheme = LOG_ROTATION;
	if (rotation_read((struct sse_slice){base->name, base->size},
		(struct sse_slice){name, size}, &rank->rotation))
		return true;
	rank->scheme = LOG_LINK;
	rank->grows = base->link.pattern.grows;
	return link_pattern_match(&base->link, name, size, &rank->values);
}

static bool
rank_plain(const struct log_names *names, const struct log_base *base,
    size_t folder, const char *name, size_t size, struct log_rank *rank)
{
	rank->scheme = LOG_DATED;
	if (names->dated && folder == 0 &&
	    rank_by_pattern(&names->source, name, size, rank))
		return true;
	if (rank_by_patterns(names, folder, name, size, rank))
		return true;
	return names->by_default && !names->dated && folder == 0 &&
	       rank_by_default(base, name, size, rank);
}

/* ------------------------------------------------------------- prefix -- */

/* What some names begin with, once there is one of them. */
struct prefix {
	char *text;
	bool is_known;
};

/* There is one more, or more that begin so. */
static void
shorten(struct prefix *prefix, const char *name, size_t size)
{
	size_t same = 0;

	while (same < size &&
	       (!prefix->is_known || prefix->text[same] == name[same])) {
		prefix->text[same] = name[same];
		same++;
	}
	prefix->text[same] = '\0';
	prefix->is_known = true;
}

static void
shorten_to_pattern(struct prefix *prefix, const struct name_pattern *pattern)
{
	const struct name_part *first = &pattern->parts[0];
	bool is_literal = pattern->parts_count > 0 && first->conversion == '\0';

	shorten(prefix, pattern->text + (is_literal ? first->at : 0),
	    is_literal ? first->size : 0);
}

void
log_names_prefix(const struct log_names *names, const struct log_base *base,
    size_t folder, char ret_prefix[NAME_MAX + 1])
{
	struct prefix prefix = {.text = ret_prefix};

	ret_prefix[0] = '\0';
	if (folder == 0 && names->dated)
		shorten_to_pattern(&prefix, &names->source);
	else if (folder == 0)
		shorten(&prefix, base->name, base->size);
	if (folder == 0 && base->link.kind != LINK_NONE)
		shorten_to_pattern(&prefix, &base->link.pattern);
	for (size_t i = 0; i < names->patterns_count; i++)
		if (names->patterns[i].folder == folder)
			shorten_to_pattern(
			    &prefix, &names->patterns[i].pattern);
}

/* ------------------------------------------------------------- ranking -- */

/* Of very many names nearly all are others', most of them by this byte. */
static bool
is_others(const struct log_names *names, const struct log_base *base,
    const char *name)
{
	return name[0] != base->name[0] && !names->dated &&
	       names->patterns_count == 0 && base->link.kind == LINK_NONE;
}

/* A pattern may have the compressor's suffix itself. */
bool
log_names_rank(const struct log_names *names, const struct log_base *base,
    size_t folder, const char *name, struct log_rank *ret_rank)
{
	size_t whole, plain;

	if (is_others(names, base, name))
		return false;
	whole = strlen(name);
	if (folder == 0 && whole == base->size &&
	    memcmp(base->name, name, whole) == 0)
		return false;
	plain = plain_size(name, whole);
	for (size_t size = whole;; size = plain) {
		*ret_rank = (struct log_rank){.compressed = plain < whole};
		if (rank_plain(names, base, folder, name, size, ret_rank))
			return true;
		if (size == plain)
			return false;
	}
}
