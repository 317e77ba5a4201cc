/*
 * conf.c - what an administrator wrote: streams and their values.
 *
 * Values wait as texts until conf_finish(), each with the place that it came
 * from: a stream's own, those that hold for all streams of its origin (a file
 * before its first section, or the options of the command line), and then the
 * default of the table.  A text is read by the table when it is added, so
 * that an error names its line; the second reading cannot fail.
 *
 * After an error the object is dead: each later call gives the same error.
 */
#include "config.h"

#include "conf/conf.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf_check.h"
#include "conf/conf_error.h"
#include "conf/conf_file.h"
#include "conf/conf_key.h"
#include "conf/conf_setting.h"

struct conf {
	size_t holders;
	struct conf_origin command_line;
	struct conf_origin *files;
	struct conf_settings program; /* keys of no stream, from files */
	struct conf_entries entries;
	bool finished;
	int error;
	struct conf_error why;
};

struct conf *
conf_new(void)
{
	struct conf *conf = calloc(1, sizeof(*conf));

	if (conf != NULL)
		conf->holders = 1;
	return conf;
}

struct conf *
conf_hold(struct conf *conf)
{
	conf->holders++;
	return conf;
}

void
conf_free(struct conf *conf)
{
	if (conf == NULL || --conf->holders > 0)
		return;
	while (conf->files != NULL) {
		struct conf_origin *next = conf->files->next;

		conf_settings_done(&conf->files->common);
		free(conf->files->path);
		free(conf->files);
		conf->files = next;
	}
	conf_settings_done(&conf->command_line.common);
	conf_settings_done(&conf->program);
	conf_entries_done(&conf->entries);
	free(conf);
}

/* What a public function answers. */
static int
answer(const struct conf *conf, struct conf_error *ret_error)
{
	if (conf->error == -EINVAL)
		*ret_error = conf->why;
	return conf->error;
}

static int
add_file(struct conf *conf, const char *path, struct sse_slice bytes)
{
	struct conf_place place = {.path = path};
	struct conf_origin *origin;
	struct conf_file file;

	if (bytes.size > CONF_TEXT_SIZE_MAX)
		return conf_refuse(&conf->why, &place,
		    "is too large; %d bytes are allowed", CONF_TEXT_SIZE_MAX);
	origin = calloc(1, sizeof(*origin));
	if (origin == NULL)
		return -ENOMEM;
	origin->next = conf->files;
	conf->files = origin;
	origin->path = strdup(path);
	if (origin->path == NULL)
		return -ENOMEM;
	file = (struct conf_file){origin, &conf->program, &conf->entries};
	return conf_file_read(&file, bytes, &conf->why);
}

int
conf_add_text(struct conf *conf, const char *path, struct sse_slice text,
    struct conf_error *ret_error)
{
	assert(!conf->finished);
	if (conf->error == 0)
		conf->error = add_file(conf, path, text);
	return answer(conf, ret_error);
}

int
conf_add_option(struct conf *conf, const char *key, const char *value,
    struct conf_error *ret_error)
{
	const struct conf_place nowhere = {0};
	struct conf_place place = {.key = key};
	enum conf_key_index index;

	assert(!conf->finished);
	if (conf->error == 0)
		conf->error = conf_setting_find(
		    &nowhere, sse_slice(key), &index, &conf->why);
	if (conf->error == 0)
		conf->error = conf_settings_set(&conf->command_line.common,
		    &place, index, sse_slice(value), &conf->why);
	return answer(conf, ret_error);
}

static int
add_argument(struct conf *conf, const char *argument)
{
	const struct conf_origin *origin = &conf->command_line;
	const struct conf_place place = {.argument = argument};
	const char *equals = strchr(argument, '=');
	const char *source = argument;
	struct sse_slice name = {argument, 0};
	int error;

	if (equals != NULL)
		name.size = (size_t)(equals - argument);
	if (sse_name_valid(name))
		source = equals + 1;
	else
		name.size = 0;
	error = conf_setting_check(&place, CONF_KEY_SOURCE, source, &conf->why);
	if (error != 0)
		return error;
	if (name.size > 0)
		error = conf_entries_add(
		    &conf->entries, origin, &place, name, &conf->why);
	else
		error = conf_entries_add_source(
		    &conf->entries, origin, &place, source, &conf->why);
	if (error != 0)
		return error;
	return conf_settings_set(
	    &conf_entries_last(&conf->entries, origin)->own, &place,
	    CONF_KEY_SOURCE, sse_slice(source), &conf->why);
}

int
conf_add_source(
    struct conf *conf, const char *argument, struct conf_error *ret_error)
{
	assert(!conf->finished);
	if (conf->error == 0)
		conf->error = add_argument(conf, argument);
	return answer(conf, ret_error);
}

/* Whether the command line has arguments that name streams. */
static bool
has_arguments(const struct conf *conf)
{
	for (size_t i = 0; i < conf->entries.count; i++)
		if (conf->entries.list[i].origin == &conf->command_line)
			return true;
	return false;
}

/* Options wait for the end, since they hold wherever they stand. */
static int
finish_command_line(struct conf *conf)
{
	const struct conf_setting *common = conf->command_line.common.of;
	const char *source = common[CONF_KEY_SOURCE].text;
	struct conf_place place = {.key = conf_key(CONF_KEY_SOURCE)};
	bool arguments = has_arguments(conf);

	if (source != NULL && arguments)
		return conf_refuse(&conf->why, &place,
		    "there is a SOURCE argument, too; give only one of them");
	if (source != NULL)
		return conf_entries_add_source(&conf->entries,
		    &conf->command_line, &place, source, &conf->why);
	for (int i = 0; i < CONF_KEY_COUNT && !arguments; i++) {
		place.key = conf_key((size_t)i);
		if (common[i].text != NULL &&
		    conf_key_at((enum conf_key_index)i)->size > 0)
			return conf_refuse(&conf->why, &place,
			    "holds for streams of the command line, and there"
			    " is none; add a SOURCE, or write the key into"
			    " the file");
	}
	return 0;
}

/* The name of the status page is a name, and that of no stream. */
static int
check_status(struct conf *conf)
{
	const struct conf_setting *said = conf_said(conf, 0, CONF_KEY_STATUS);
	struct conf_place place = {.key = conf_key(CONF_KEY_STATUS)};

	if (said == NULL)
		return 0;
	place.path = said->path;
	place.line = said->line;
	if (!sse_name_valid(sse_slice(said->text)))
		return conf_refuse(&conf->why, &place,
		    "%s is no name (1 to %d of A-Z, a-z, 0-9, \".\", \"_\""
		    " and \"-\", the first a letter or digit)",
		    conf_quote(sse_slice(said->text)).text, SSE_NAME_SIZE_MAX);
	if (conf_entries_find(&conf->entries, sse_slice(said->text)) != NULL)
		return conf_refuse(&conf->why, &place,
		    "%s is the name of a stream, too",
		    conf_quote(sse_slice(said->text)).text);
	return 0;
}

static int
check_streams(struct conf *conf)
{
	int error = check_status(conf);

	for (size_t i = 0; i < conf->entries.count && error == 0; i++)
		error = conf_check_entry(&conf->entries.list[i], &conf->why);
	return error;
}

int
conf_finish(struct conf *conf, struct conf_error *ret_error)
{
	assert(!conf->finished);
	if (conf->error == 0)
		conf->error = finish_command_line(conf);
	if (conf->error != 0)
		return answer(conf, ret_error);
	for (size_t i = 0; i < conf->entries.count && conf->error == 0; i++)
		conf->error = conf_entry_fill_in(&conf->entries.list[i]);
	if (conf->error == 0)
		conf->error = check_streams(conf);
	conf->finished = conf->error == 0;
	return answer(conf, ret_error);
}

size_t
conf_streams(const struct conf *conf)
{
	assert(conf->finished);
	return conf->entries.count;
}

const struct stream_conf *
conf_stream(const struct conf *conf, size_t index)
{
	assert(conf->finished && index < conf->entries.count);
	return &conf->entries.list[index].stream;
}

const struct stream_conf *
conf_find(const struct conf *conf, struct sse_slice name)
{
	const struct conf_entry *entry =
	    conf_entries_find(&conf->entries, name);

	assert(conf->finished);
	return entry != NULL ? &entry->stream : NULL;
}

const struct conf_setting *
conf_said(const struct conf *conf, size_t stream, enum conf_key_index index)
{
	const struct conf_setting *option =
	    &conf->command_line.common.of[index];
	const struct conf_setting *written = &conf->program.of[index];

	if (conf_key_at(index)->size > 0)
		return conf_entry_said(&conf->entries.list[stream], index);
	if (option->text != NULL)
		return option;
	return written->text != NULL ? written : NULL;
}

struct conf_place
conf_place_of(const struct conf *conf, enum conf_key_index index)
{
	const struct conf_setting *said = conf_said(conf, 0, index);

	return (struct conf_place){
	    .path = said != NULL ? said->path : NULL,
	    .line = said != NULL ? said->line : 0,
	    .key = conf_key_at(index)->name,
	};
}

bool
conf_stream_equal(const struct stream_conf *a, const struct stream_conf *b)
{
	bool equal = strcmp(a->name, b->name) == 0;

	for (int i = 0; i < CONF_KEY_COUNT && equal; i++)
		equal =
		    conf_key_equal(conf_key_at((enum conf_key_index)i), a, b);
	return equal;
}

/* What was said for the whole program; NULL: nothing. */
static const char *
program_text(const struct conf *conf, enum conf_key_index index)
{
	const struct conf_setting *said = conf_said(conf, 0, index);

	return said != NULL ? said->text : NULL;
}

const char *
conf_log(const struct conf *conf)
{
	return program_text(conf, CONF_KEY_LOG);
}

/* As the table has its words: those of a file were read before. */
enum conf_sandbox
conf_sandbox(const struct conf *conf)
{
	const struct conf_key *key = conf_key_at(CONF_KEY_SANDBOX);
	const char *text = program_text(conf, CONF_KEY_SANDBOX);
	const struct conf_choice *choice = key->choices;

	if (text == NULL)
		text = key->default_text;
	while (strcmp(choice->text, text) != 0)
		choice++;
	return (enum conf_sandbox)choice->value;
}

const char *
conf_sandbox_read(const struct conf *conf)
{
	return program_text(conf, CONF_KEY_SANDBOX_READ);
}

const char *
conf_file(const struct conf *conf, size_t index)
{
	const struct conf_origin *file = conf->files;

	while (file != NULL && index-- > 0)
		file = file->next;
	return file != NULL ? file->path : NULL;
}

/* A number of the whole program; 0 where it is not said and has no default. */
static size_t
program_number(const struct conf *conf, enum conf_key_index index)
{
	const struct conf_setting *said = conf_said(conf, 0, index);
	const struct conf_key *key = conf_key_at(index);
	const char *text = said != NULL ? said->text : key->default_text;
	uint64_t number = 0;

	if (text != NULL)
		(void)conf_value_read(key->unit, text, &number);
	return (size_t)number;
}

struct worker_conf
conf_worker(const struct conf *conf)
{
	const char *quiet = program_text(conf, CONF_KEY_QUIET);

	return (struct worker_conf){
	    .listen = program_text(conf, CONF_KEY_LISTEN),
	    .status = program_text(conf, CONF_KEY_STATUS),
	    .quiet = quiet != NULL && strcmp(quiet, "yes") == 0,
	    .clients_max = program_number(conf, CONF_KEY_MAX_CLIENTS),
	    .readers_max = program_number(conf, CONF_KEY_READERS),
	};
}
