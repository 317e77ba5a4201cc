/*
 * conf_entry.h - the streams of a configuration while it is being read.
 */
#ifndef CONF_ENTRY_H
#define CONF_ENTRY_H

#include "conf/conf_setting.h"

#define CONF_STREAMS_MAX 1024

/* What streams are named in together: a file, or the command line. */
struct conf_origin {
	struct conf_origin *next;
	char *path;                  /* NULL: the command line */
	struct conf_settings common; /* for all its streams */
};

struct conf_entry {
	char *name;
	const struct conf_origin *origin; /* borrowed */
	unsigned line;                    /* of the file */
	struct conf_settings own;
	struct stream_conf stream; /* after conf_entry_fill_in() */
};

/* All zeros: none. */
struct conf_entries {
	struct conf_entry *list;
	size_t count;
	size_t capacity;
};

void conf_entries_done(struct conf_entries *entries);

/* The stream of that name, or NULL. */
struct conf_entry *conf_entries_find(
    const struct conf_entries *entries, struct sse_slice name);

/* The stream that was added last, if it is of that origin; or NULL. */
struct conf_entry *conf_entries_last(
    const struct conf_entries *entries, const struct conf_origin *origin);

/*
 * Adds a stream: 0; -EINVAL with a line in *ret_error for a name that is none
 * or is taken, or one stream too many; -ENOMEM.
 */
int conf_entries_add(struct conf_entries *entries,
    const struct conf_origin *origin, const struct conf_place *place,
    struct sse_slice name, struct conf_error *ret_error);

/* Likewise, a stream that is called as the file of its source. */
int conf_entries_add_source(struct conf_entries *entries,
    const struct conf_origin *origin, const struct conf_place *place,
    const char *source, struct conf_error *ret_error);

/* What was said nearest to the stream, or NULL. */
const struct conf_setting *conf_entry_said(
    const struct conf_entry *entry, enum conf_key_index index);

/*
 * Makes the stream of what was said and the defaults: 0 or -ENOMEM.  There is a
 * source.
 */
int conf_entry_fill_in(struct conf_entry *entry);

#endif
