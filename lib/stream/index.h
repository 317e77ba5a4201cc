/*
 * index.h - the list of streams that a URL without a name of one has, as JSON.
 */
#ifndef INDEX_H
#define INDEX_H

#include "buf.h"
#include "conf/conf.h"

#define INDEX_TYPE "application/json"
#define INDEX_SIZE_MAX (1 << 20) /* bytes of a list */

struct index_entry {
	const char *name;
	const char *source; /* what it is, in a word; NULL: nobody knows */
	uint64_t frames;    /* events that were made of it */
};

/* Whether the stream says so, and a client may name it by a path. */
bool index_lists(const struct stream_conf *stream);

/* Of several streams, whether one is listed. */
bool index_has_streams(const struct conf *conf);

/* Whether one of those listed is shown to browsers. */
bool index_has_pages(const struct conf *conf);

/* One behind the other; errors of print_text(). */
int index_print_begin(struct sse_buf *out);
int index_print_entry(const struct index_entry *entry, struct sse_buf *out);
int index_print_end(struct sse_buf *out);

/* The whole list where nothing else is known of the streams. */
int index_print_names(const struct conf *conf, struct sse_buf *out);

#endif
