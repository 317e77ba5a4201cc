/*
 * conf_entry.c - the streams of a configuration while it is being read.  The
 * list is short, and read once: it is searched from its beginning.
 */
#include "config.h"

#include "conf/conf_entry.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/source.h"

#define ENTRIES_FIRST 4 /* room for so many at first, and then for twice */

void
conf_entries_done(struct conf_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		conf_settings_done(&entries->list[i].own);
		free(entries->list[i].name);
	}
	free(entries->list);
	*entries = (struct conf_entries){0};
}

struct conf_entry *
conf_entries_find(const struct conf_entries *entries, struct sse_slice name)
{
	for (size_t i = 0; i < entries->count; i++)
		if (sse_slice_equal(sse_slice(entries->list[i].name), name))
			return &entries->list[i];
	return NULL;
}

struct conf_entry *
conf_entries_last(
    const struct conf_entries *entries, const struct conf_origin *origin)
{
	struct conf_entry *last;

	if (entries->count == 0)
		return NULL;
	last = &entries->list[entries->count - 1];
	return last->origin == origin ? last : NULL;
}

static int
refuse_twice(const struct conf_entry *first, const struct conf_place *place,
    struct conf_error *ret_error)
{
	const char *name = first->name; /* valid, so it needs no quoting */

	if (first->origin->path == NULL)
		return conf_refuse(ret_error, place,
		    "the command line already has a stream \"%s\"", name);
	return conf_refuse(ret_error, place,
	    "there is already a stream \"%s\", in line %u", name, first->line);
}

static int
check_new(const struct conf_entries *entries, const struct conf_place *place,
    struct sse_slice name, struct conf_error *ret_error)
{
	const struct conf_entry *first = conf_entries_find(entries, name);

	if (!sse_name_valid(name))
		return conf_refuse(ret_error, place,
		    "%s is no name of a stream (1 to %d of A-Z, a-z, 0-9,"
		    " \".\", \"_\" and \"-\", the first a letter or digit)",
		    conf_quote(name).text, SSE_NAME_SIZE_MAX);
	if (first != NULL)
		return refuse_twice(first, place, ret_error);
	if (entries->count == CONF_STREAMS_MAX)
		return conf_refuse(ret_error, place,
		    "too many streams; %d are allowed", CONF_STREAMS_MAX);
	return 0;
}

/* An entry is large: a list that grew one by one would be copied each time. */
static int
reserve(struct conf_entries *entries)
{
	size_t capacity =
	    entries->capacity > 0 ? 2 * entries->capacity : ENTRIES_FIRST;
	struct conf_entry *list;

	if (entries->count < entries->capacity)
		return 0;
	list = reallocarray(entries->list, capacity, sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	entries->list = list;
	entries->capacity = capacity;
	return 0;
}

int
conf_entries_add(struct conf_entries *entries, const struct conf_origin *origin,
    const struct conf_place *place, struct sse_slice name,
    struct conf_error *ret_error)
{
	int error = check_new(entries, place, name, ret_error);
	char *copy;

	if (error == 0)
		error = reserve(entries);
	if (error != 0)
		return error;
	copy = strndup(name.data, name.size);
	if (copy == NULL)
		return -ENOMEM;
	entries->list[entries->count++] = (struct conf_entry){
	    .name = copy, .origin = origin, .line = place->line};
	return 0;
}

int
conf_entries_add_source(struct conf_entries *entries,
    const struct conf_origin *origin, const struct conf_place *place,
    const char *source, struct conf_error *ret_error)
{
	struct sse_slice name = sse_slice(source_default_name(source));

	if (sse_name_valid(name))
		return conf_entries_add(
		    entries, origin, place, name, ret_error);
	if (origin->path != NULL && strstr(source, " #") != NULL)
		return conf_refuse(ret_error, place,
		    "source: %s has a comment behind it; comments stand on"
		    " lines of their own",
		    conf_quote(sse_slice(source)).text);
	return conf_refuse(ret_error, place,
	    "%s, the last part of the source, is no name of a stream; write %s",
	    conf_quote(name).text,
	    origin->path != NULL ? "\"[name]\" in a line above the source"
				 : "NAME=SOURCE");
}

const struct conf_setting *
conf_entry_said(const struct conf_entry *entry, enum conf_key_index index)
{
	if (entry->own.of[index].text != NULL)
		return &entry->own.of[index];
	if (entry->origin->common.of[index].text != NULL)
		return &entry->origin->common.of[index];
	return NULL;
}

int
conf_entry_fill_in(struct conf_entry *entry)
{
	int error = 0;

	entry->stream.name = entry->name;
	for (int i = 0; i < CONF_KEY_COUNT && error == 0; i++) {
		enum conf_key_index index = (enum conf_key_index)i;
		const struct conf_key *key = conf_key_at(index);
		const struct conf_setting *said = conf_entry_said(entry, index);

		if (key->size > 0)
			error = conf_key_read(key,
			    said != NULL ? said->text : key->default_text,
			    &entry->stream);
		/* It was read before, or is a default of the table. */
		assert(error != -EINVAL);
	}
	return error;
}
