/*
 * conf_print.c - a configuration as a text that can be read again, and the
 * table of keys as parts of the man pages.
 */
#include "conf/conf.h"

#include <assert.h>
#include <string.h>

#include "conf/conf_key.h"
#include "conf/conf_setting.h"
#include "base/escape.h"
#include "base/print.h"

/* A word for mdoc, where "-" alone would become a hyphen. */
static int
put_word(struct sse_buf *out, const char *word)
{
	int error = 0;

	for (; *word != '\0' && error == 0; word++)
		error = print_text(
		    out, strchr("-\\", *word) ? "\\%c" : "%c", *word);
	return error;
}

static int
put_default(struct sse_buf *out, const struct conf_key *key)
{
	int error;

	if (key->default_text == NULL)
		return 0;
	if (key->default_text[0] == '\0')
		return print_text(out, "It is not set by default.\n");
	error = print_text(out, "The default is\n.Li ");
	if (error == 0)
		error = put_word(out, key->default_text);
	return error != 0 ? error : print_text(out, " .\n");
}

static int
put_limits(struct sse_buf *out, const struct conf_key *key)
{
	enum conf_unit unit = key->unit;

	if (key->kind == CONF_KIND_TEXT || key->kind == CONF_KIND_SOURCE)
		return print_text(out, "%s bytes at most.\n",
		    conf_value_print(unit, key->max).text);
	if (key->kind == CONF_KIND_NUMBER || key->kind == CONF_KIND_FROM)
		return print_text(out, "%s%s to %s.\n",
		    key->kind == CONF_KIND_FROM ? ".Ar N\nis from " : "From ",
		    conf_value_print(unit, key->min).text,
		    conf_value_print(unit, key->max).text);
	return 0;
}

static int
put_key(struct sse_buf *out, const struct conf_key *key)
{
	int error = print_text(out, ".It Cm ");

	if (error == 0)
		error = put_word(out, key->name);
	if (error == 0)
		error = print_text(out, " No = Ar ");
	if (error == 0)
		error = put_word(out, key->takes);
	if (error == 0)
		error = print_text(out, "\n%s", key->manual);
	if (error == 0)
		error = put_limits(out, key);
	return error != 0 ? error : put_default(out, key);
}

/* The same as an option, in one line. */
static int
put_option(struct sse_buf *out, const struct conf_key *key)
{
	int error = print_text(out, ".It Fl -");

	if (error == 0)
		error = put_word(out, key->name);
	if (error == 0)
		error = print_text(out, " Ar ");
	if (error == 0)
		error = put_word(out, key->takes);
	return error != 0 ? error : print_text(out, "\n%s\n", key->summary);
}

typedef int put_function(struct sse_buf *out, const struct conf_key *key);

static int
put_list(struct sse_buf *out, put_function *put, bool of_worker)
{
	int error = 0;

	for (int i = 0; i < CONF_KEY_COUNT && error == 0; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);

		if (key->of_worker == of_worker)
			error = put(out, key);
	}
	return error != 0 ? error : print_text(out, ".El\n");
}

int
conf_print_manual(struct sse_buf *out, bool of_worker)
{
	int error = print_text(out, ".Bl -tag -width Ds\n");

	return error != 0 ? error : put_list(out, put_key, of_worker);
}

int
conf_print_options(struct sse_buf *out, bool of_worker)
{
	int error = print_text(
	    out, ".Bl -tag -width \"--ids position|record|none\" -compact\n");

	return error != 0 ? error : put_list(out, put_option, of_worker);
}

/* The line before a value that says where it came from. */
static int
put_origin(struct sse_buf *out, const struct conf_setting *said)
{
	char path[256];

	if (said == NULL)
		return print_text(out, "; default\n");
	if (said->path == NULL)
		return print_text(out, "; command line\n");
	escape_text(sse_slice(said->path), path, sizeof(path));
	return print_text(out, "; %s:%u\n", path, said->line);
}

static int
put_setting(struct sse_buf *out, const struct conf_key *key,
    const struct conf_setting *said, const char *otherwise)
{
	const char *value = said != NULL ? said->text : otherwise;
	int error = put_origin(out, said);

	/* What has no default has to be said: conf_finish() has looked. */
	assert(value != NULL);
	if (error != 0)
		return error;
	return print_text(
	    out, "%s =%s%s\n", key->name, value[0] != '\0' ? " " : "", value);
}

/* The keys of the whole program, as far as they were said. */
static int
put_program(struct sse_buf *out, const struct conf *conf)
{
	int error = 0;

	for (int i = 0; i < CONF_KEY_COUNT && error == 0; i++) {
		enum conf_key_index index = (enum conf_key_index)i;
		const struct conf_key *key = conf_key_at(index);

		if (key->size == 0 && conf_said(conf, 0, index) != NULL)
			error = put_setting(
			    out, key, conf_said(conf, 0, index), NULL);
	}
	return error;
}

/* A key of a stream, with the value that is used. */
static int
put_stream_key(struct sse_buf *out, const struct conf *conf, size_t stream,
    enum conf_key_index index)
{
	const struct conf_key *key = conf_key_at(index);
	size_t backlog_size = conf_stream(conf, stream)->backlog_size;
	struct conf_value_text size =
	    conf_value_print(CONF_UNIT_BYTES, backlog_size);

	return put_setting(out, key, conf_said(conf, stream, index),
	    index == CONF_KEY_BACKLOG ? size.text : key->default_text);
}

static int
put_stream(struct sse_buf *out, const struct conf *conf, size_t stream)
{
	int error = print_text(out, "%s[%s]\n", out->size > 0 ? "\n" : "",
	    conf_stream(conf, stream)->name);

	for (int i = 0; i < CONF_KEY_COUNT && error == 0; i++) {
		enum conf_key_index index = (enum conf_key_index)i;
		const struct conf_key *key = conf_key_at(index);

		if (key->size > 0)
			error = put_stream_key(out, conf, stream, index);
	}
	return error;
}

int
conf_print(const struct conf *conf, struct sse_buf *out)
{
	int error = put_program(out, conf);

	for (size_t i = 0; i < conf_streams(conf) && error == 0; i++)
		error = put_stream(out, conf, i);
	return error;
}
