/*
 * conf_key.h - the table of keys.  Only conf and options look into it.
 *
 * A new key is a name here, a row in conf_table.c, a field of struct
 * stream_conf, and a text for the man page in keys.mdoc; options, --help and
 * --check follow.
 */
#ifndef CONF_KEY_H
#define CONF_KEY_H

#include "conf/conf_value.h"
#include "ssekit.h"
#include "record/stream_conf.h"

enum conf_key_index {
	CONF_KEY_SOURCE,
	CONF_KEY_GENERATIONS,
	CONF_KEY_FIELD,
	CONF_KEY_MATCH,
	CONF_KEY_JOURNAL_POLL,
	CONF_KEY_SOURCE_USER,
	CONF_KEY_SOURCE_PASSWORD_FILE,
	CONF_KEY_SELECT,
	CONF_KEY_FOLLOW,
	CONF_KEY_FROM,
	CONF_KEY_REPLAY,
	CONF_KEY_FORMAT,
	CONF_KEY_RECORD_START,
	CONF_KEY_RECORD_WAIT,
	CONF_KEY_RECORD_MAX,
	CONF_KEY_ANSI,
	CONF_KEY_INCLUDE,
	CONF_KEY_EXCLUDE,
	CONF_KEY_TIME_FORMAT,
	CONF_KEY_EVENT,
	CONF_KEY_IDS,
	CONF_KEY_RETRY,
	CONF_KEY_HEARTBEAT,
	CONF_KEY_MAX_AGE,
	CONF_KEY_WRITE_TIMEOUT,
	CONF_KEY_ROTATE_WAIT,
	CONF_KEY_ORIGIN,
	CONF_KEY_CREDENTIALS,
	CONF_KEY_ALLOW_HEADERS,
	CONF_KEY_VIEWER,
	CONF_KEY_INDEX,
	CONF_KEY_FLUSH,
	CONF_KEY_BACKLOG,
	CONF_KEY_STREAM_CLIENTS,
	CONF_KEY_LISTEN,
	CONF_KEY_MAX_CLIENTS,
	CONF_KEY_READERS,
	CONF_KEY_STATUS,
	CONF_KEY_QUIET,
	CONF_KEY_LOG,
	CONF_KEY_SANDBOX,
	CONF_KEY_SANDBOX_READ,
	CONF_KEY_COUNT
};

enum conf_kind {
	CONF_KIND_TEXT,        /* min to max bytes */
	CONF_KIND_SOURCE,      /* as source_check() says */
	CONF_KIND_GENERATIONS, /* as log_names_check_generations() says */
	CONF_KIND_PATTERN,     /* "", or as pattern_new() says */
	CONF_KIND_TIME_FORMAT, /* "", or as time_format_read() says */
	CONF_KIND_ORIGINS,     /* a list of origins, max bytes */
	CONF_KIND_FOLDERS,     /* a list of whole paths, max bytes */
	CONF_KIND_HEADERS,     /* a list of names of headers, max bytes */
	CONF_KIND_NUMBER,      /* min to max, in its unit */
	CONF_KIND_CHOICE,      /* one of the choices */
	CONF_KIND_FLUSH,       /* one of them, or a time from min to max */
	CONF_KIND_CHOICES,     /* some of the choices, as a set of bits */
	CONF_KIND_FROM         /* start, end, or -N with N from min to max */
};

struct conf_choice {
	const char *text; /* NULL after the last */
	uint64_t value;
};

struct conf_key {
	const char *name;
	const char *takes;        /* its value in --help: "TIME" */
	const char *default_text; /* NULL: none */
	enum conf_kind kind;
	enum conf_unit unit;
	uint64_t min;
	uint64_t max;
	const struct conf_choice *choices;
	const char
	    *lacks;     /* a choice that was left out at build time; or NULL */
	size_t offset;  /* of its field in struct stream_conf */
	size_t size;    /* of that field; 0: it is not a key of a stream */
	bool of_worker; /* only sse-fcgi looks at it */
	bool is_flag;   /* "--KEY" alone is "--KEY=yes" */
	const char *summary; /* for --help */
};

const struct conf_key *conf_key_at(enum conf_key_index index);

/* The index, or -ENOENT. */
int conf_key_find(struct sse_slice name);

/*
 * Reads a value into its field, if the key has one: 0; -EINVAL when it is not
 * allowed; -ENOMEM.  A text is borrowed.
 */
int conf_key_read(
    const struct conf_key *key, const char *value, struct stream_conf *stream);

/* Whether both have the same value; also where the key has no field. */
bool conf_key_equal(const struct conf_key *key, const struct stream_conf *a,
    const struct stream_conf *b);

#endif
