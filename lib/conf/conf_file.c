/*
 * conf_file.c - a configuration file: from its text to what it says.
 *
 *	key = value	of the program, or of all streams of the file
 *	[name]
 *	key = value	of that stream
 *
 * A file without a section is one stream, if it has a source.
 */
#include "config.h"

#include "conf/conf_file.h"

#include <assert.h>
#include <errno.h>

#include "conf/conf_text.h"

static int
add_section(const struct conf_file *file, const struct conf_line *line,
    struct conf_error *ret_error)
{
	struct conf_place place = {
	    .path = file->origin->path, .line = line->number};

	return conf_entries_add(
	    file->entries, file->origin, &place, line->name, ret_error);
}

/* Nobody sees a blank at the end of a line: there it must not mean anything. */
static struct sse_slice
value_of(const struct conf_line *line, const struct conf_key *key)
{
	bool may_mean_blank = key->kind == CONF_KIND_PATTERN ||
			      key->kind == CONF_KIND_TIME_FORMAT;

	return may_mean_blank ? line->written : line->value;
}

static int
add_setting(const struct conf_file *file, const struct conf_line *line,
    struct conf_error *ret_error)
{
	struct conf_place place = {
	    .path = file->origin->path, .line = line->number};
	struct conf_entry *section =
	    conf_entries_last(file->entries, file->origin);
	struct conf_settings *settings =
	    section != NULL ? &section->own : &file->origin->common;
	enum conf_key_index index;
	const struct conf_key *key;
	int error = conf_setting_find(&place, line->name, &index, ret_error);

	if (error != 0)
		return error;
	key = conf_key_at(index);
	place.key = key->name;
	if (key->size == 0) {
		if (section != NULL)
			return conf_refuse(ret_error, &place,
			    "stands before the first \"[name]\" only");
		settings = file->program;
	}
	return conf_settings_set(
	    settings, &place, index, value_of(line, key), ret_error);
}

/* Whether a stream of the file lacks a source; then *ret_line is its line. */
static bool
lacks_source(
    const struct conf_file *file, const char **ret_name, unsigned *ret_line)
{
	for (size_t i = 0; i < file->entries->count; i++) {
		const struct conf_entry *entry = &file->entries->list[i];

		if (entry->origin != file->origin ||
		    conf_entry_said(entry, CONF_KEY_SOURCE) != NULL)
			continue;
		*ret_name = entry->name;
		*ret_line = entry->line;
		return true;
	}
	return false;
}

/* Whether one of the file's streams has the source that holds for all. */
static bool
has_common_source(const struct conf_file *file)
{
	for (size_t i = 0; i < file->entries->count; i++)
		if (file->entries->list[i].origin == file->origin &&
		    file->entries->list[i].own.of[CONF_KEY_SOURCE].text == NULL)
			return true;
	return false;
}

/* All was read: are the streams complete? */
static int
finish(const struct conf_file *file, struct conf_error *ret_error)
{
	const struct conf_origin *origin = file->origin;
	const struct conf_setting *common = &origin->common.of[CONF_KEY_SOURCE];
	struct conf_place place = {.path = origin->path, .line = common->line};
	const char *name;

	if (common->text != NULL &&
	    conf_entries_last(file->entries, origin) == NULL)
		return conf_entries_add_source(
		    file->entries, origin, &place, common->text, ret_error);
	if (lacks_source(file, &name, &place.line))
		return conf_refuse(ret_error, &place,
		    "stream \"%s\" has no source; add \"source = PATH\"", name);
	if (common->text == NULL || has_common_source(file))
		return 0;
	place.key = conf_key_at(CONF_KEY_SOURCE)->name;
	return conf_refuse(ret_error, &place,
	    "is of no stream, since each section has its own; write \"[name]\""
	    " in a line above it");
}

int
conf_file_read(const struct conf_file *file, struct sse_slice text,
    struct conf_error *ret_error)
{
	struct conf_text lines;
	struct conf_line line;
	int error = 0;
	int got = 0;

	assert(file->origin->path != NULL);
	conf_text_init(&lines, file->origin->path, text);
	while (
	    error == 0 && (got = conf_text_next(&lines, &line, ret_error)) == 1)
		error = line.kind == CONF_LINE_SECTION
			    ? add_section(file, &line, ret_error)
			    : add_setting(file, &line, ret_error);
	if (error == 0)
		error = got;
	return error != 0 ? error : finish(file, ret_error);
}
