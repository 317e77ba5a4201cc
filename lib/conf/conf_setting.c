/*
 * conf_setting.c - one value as it was written, and where.  The text is kept,
 * so that --check prints what the administrator wrote.
 */
#include "config.h"

#include "conf/conf_setting.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/conf_allowed.h"
#include "conf/conf_path.h"
#include "base/nearest.h"
#include "source/source.h"

void
conf_settings_done(struct conf_settings *settings)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++)
		free(settings->of[i].text);
	*settings = (struct conf_settings){0};
}

static int
refuse_key(const struct conf_place *place, struct sse_slice name,
    struct conf_error *ret_error)
{
	struct nearest nearest = {.said = name};
	char known[512] = "";
	size_t used = 0;

	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *row =
		    conf_key_at((enum conf_key_index)i);
		struct sse_slice key = sse_slice(row->name);

		/* The table's names are short, and this holds them all. */
		assert(used + key.size + 3 <= sizeof(known));
		memcpy(known + used, " ", 1);
		memcpy(known + used + 1, key.data, key.size + 1);
		used += key.size + 1;
		nearest_consider(&nearest, key.data);
	}
	return conf_refuse(ret_error, place, "unknown key %s%s; the keys are%s",
	    conf_quote(name).text, nearest_question(&nearest, "").text, known);
}

int
conf_setting_find(const struct conf_place *place, struct sse_slice name,
    enum conf_key_index *ret_index, struct conf_error *ret_error)
{
	int found = conf_key_find(name);

	if (found < 0)
		return refuse_key(place, name, ret_error);
	*ret_index = (enum conf_key_index)found;
	return 0;
}

/* "journald:", "Redis:...", "file:///...": no path, and no other source. */
static bool
is_meant_for_a_scheme(const char *value)
{
	size_t letters = strspn(value, "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return letters > 1 &&
	       (value[letters] == ':' || strcasecmp(value, "journal") == 0 ||
		   strcasecmp(value, "journald") == 0);
}

/* A stream of a file has many clients, and standard input is read once. */
static int
check_source(const struct conf_place *place, const char *value,
    struct conf_error *ret_error)
{
	if (!source_is_path(value))
		return 0;
	if (place->path != NULL && is_meant_for_a_scheme(value))
		return conf_refuse(ret_error, place,
		    "%s is no source: a path begins with /, the journal is"
		    " journal:, and a Redis Stream redis:unix:PATH#KEY or"
		    " redis:tcp:ADDRESS:PORT#KEY",
		    conf_quote(sse_slice(value)).text);
	if (!source_is_stdin(value))
		return conf_path_check(place, value, ret_error);
	if (place->path == NULL)
		return 0;
	return conf_refuse(ret_error, place,
	    "\"-\" is standard input, which no file can name; write a path");
}

static bool
has_quotes(const char *value)
{
	size_t size = strlen(value);

	return size > 1 && (value[0] == '"' || value[0] == '\'') &&
	       value[size - 1] == value[0];
}

static bool
has_comment(const char *value)
{
	return strstr(value, " #") != NULL;
}

static int
refuse_comment(const struct conf_place *place, const char *value,
    struct conf_error *ret_error)
{
	return conf_refuse(ret_error, place,
	    "%s has a comment, which stands on a line of its own",
	    conf_quote(sse_slice(value)).text);
}

static int
check_log(const struct conf_place *place, const char *value,
    struct conf_error *ret_error)
{
	if (strcmp(value, "stderr") == 0 || strcmp(value, "syslog") == 0)
		return 0;
	return has_comment(value) ? refuse_comment(place, value, ret_error)
				  : conf_path_check(place, value, ret_error);
}

/* What an administrator would not write on purpose. */
static int
check_word(const struct conf_place *place, const char *value,
    struct conf_error *ret_error)
{
	if (has_comment(value))
		return refuse_comment(place, value, ret_error);
	if (!has_quotes(value))
		return 0;
	return conf_refuse(ret_error, place,
	    "%s has quotes, which would be a part of it; values are written"
	    " without quotes",
	    conf_quote(sse_slice(value)).text);
}

/* A value in quotes that is none with them may be one without. */
static const char *
advice(const char *value)
{
	return value[0] == '"' || value[0] == '\''
		   ? "; values are written without quotes"
		   : "";
}

int
conf_setting_check(const struct conf_place *place, enum conf_key_index index,
    const char *value, struct conf_error *ret_error)
{
	const struct conf_key *key = conf_key_at(index);
	struct stream_conf nowhere = {0};
	int error = conf_key_read(key, value, &nowhere);

	if (error == -ENOMEM)
		return error;
	if (error != 0)
		return conf_refuse(ret_error, place, "%s is %s%s",
		    conf_quote(sse_slice(value)).text,
		    conf_allowed(key, value).text, advice(value));
	switch (index) {
	case CONF_KEY_SOURCE:
		return check_source(place, value, ret_error);
	case CONF_KEY_LOG:
		return check_log(place, value, ret_error);
	case CONF_KEY_EVENT:
	case CONF_KEY_FIELD:
	case CONF_KEY_GENERATIONS:
	case CONF_KEY_SOURCE_USER:
		return check_word(place, value, ret_error);
	default:
		return 0;
	}
}

int
conf_settings_set(struct conf_settings *settings,
    const struct conf_place *place, enum conf_key_index index,
    struct sse_slice value, struct conf_error *ret_error)
{
	struct conf_setting *setting = &settings->of[index];
	int error;
	char *text;

	/* A line is one of a file. */
	assert(place->line == 0 || place->path != NULL);
	if (setting->text != NULL && setting->line > 0)
		return conf_refuse(ret_error, place,
		    "is already set in line %u", setting->line);
	if (setting->text != NULL)
		return conf_refuse(ret_error, place, "is given twice");
	text = strndup(value.data, value.size);
	if (text == NULL)
		return -ENOMEM;
	error = conf_setting_check(place, index, text, ret_error);
	if (error != 0) {
		free(text);
		return error;
	}
	*setting = (struct conf_setting){text, place->path, place->line};
	return 0;
}
