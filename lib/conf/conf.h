/*
 * conf.h - what an administrator wrote: streams and their values.
 *
 * conf_table.c holds the one table of keys, with their defaults, units and
 * limits.
 * Nothing here opens a file or looks at the environment.
 */
#ifndef CONF_H
#define CONF_H

#include "buf.h"
#include "conf/conf_error.h"
#include "record/stream_conf.h"

#define CONF_TEXT_SIZE_MAX 1048576 /* bytes of a configuration file */

/* What sse-fcgi needs beside its streams. */
struct worker_conf {
	const char *listen; /* NULL: unsaid */
	size_t clients_max; /* 0: unsaid */
	size_t readers_max;
	const char *status; /* name of the status page; NULL: none */
	bool quiet;         /* clients that come and go are not told */
};

struct conf;

/* NULL when memory is used up. */
struct conf *conf_new(void);

/* One more will call conf_free(); the conf itself is returned. */
struct conf *conf_hold(struct conf *conf);

/* It is freed when all that hold it have called this.  NULL is allowed. */
void conf_free(struct conf *conf);

/*
 * Adds the text of a configuration file; path is for messages only.  0, or
 * -EINVAL with a line in *ret_error, or -ENOMEM.
 */
int conf_add_text(struct conf *conf, const char *path, struct sse_slice text,
    struct conf_error *ret_error);

/* --KEY VALUE: for all streams of the command line.  Errors as before. */
int conf_add_option(struct conf *conf, const char *key, const char *value,
    struct conf_error *ret_error);

/* [NAME=]SOURCE of the command line.  Errors as before. */
int conf_add_source(
    struct conf *conf, const char *argument, struct conf_error *ret_error);

/*
 * After everything was added: fills in what was not said, and checks what
 * spans keys.  Errors as before.  Then the functions below may be used.
 */
int conf_finish(struct conf *conf, struct conf_error *ret_error);

size_t conf_streams(const struct conf *conf);
const struct stream_conf *conf_stream(const struct conf *conf, size_t index);

/* The stream of that name, or NULL. */
const struct stream_conf *conf_find(
    const struct conf *conf, struct sse_slice name);

/* Whether the streams have the same name and the same values. */
bool conf_stream_equal(
    const struct stream_conf *a, const struct stream_conf *b);

/* Where to log, from "log" before the first section or --log; NULL: unsaid. */
const char *conf_log(const struct conf *conf);

enum conf_sandbox conf_sandbox(const struct conf *conf);

/* Folders with blanks between, that it lets be read; NULL: unsaid. */
const char *conf_sandbox_read(const struct conf *conf);

/* The path of a file that was read, by its index; NULL: there are no more. */
const char *conf_file(const struct conf *conf, size_t index);

/* What was said for sse-fcgi.  The text belongs to the conf. */
struct worker_conf conf_worker(const struct conf *conf);

/*
 * Every stream with every value and where it came from, as a configuration
 * that can be read again: "key = value", then "; default" or "; FILE:LINE" or
 * "; command line" on a line of its own before it.  Errors of sse_buf_add().
 */
int conf_print(const struct conf *conf, struct sse_buf *out);

/* The name of the key with that index, or NULL after the last. */
const char *conf_key(size_t index);

#endif
