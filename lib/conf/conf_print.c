/*
 * conf_print.c - a configuration as a text that can be read again.
 */
#include "conf/conf.h"

#include <assert.h>

#include "conf/conf_key.h"
#include "conf/conf_setting.h"
#include "base/escape.h"
#include "base/print.h"

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
