/*
 * log_names_rank.c - which names are a log's.
 *
 * What is a log's is read and sent to clients.  So a name is one by the whole
 * name of the log, or because an administrator said so; never because it looks
 * like it.
 */
#include "config.h"

#include "source/log_names_rank.h"

#include <stdio.h>
#include <string.h>

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
	if (names->by_default && strcmp(names->name, target) != 0)
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
