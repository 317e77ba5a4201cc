/*
 * log_names.h - which names are a log's: the current file, and the generations
 * that it is kept in as it is rotated.  Pure.
 *
 * The source is a path; or, where its last part has dates, a pattern: then the
 * newest name is the current file, and the others are its generations.
 *
 * By default the generations of a path are the names that rotation.h and, of
 * the target of a link with another name, link_pattern.h have.  With patterns
 * they are the names of these alone, beside the log or in a folder below.
 * Each may have a compressor's suffix behind it: .gz, .bz2, .xz or .zst.
 */
#ifndef LOG_NAMES_H
#define LOG_NAMES_H

#include "source/log_names_part.h"

struct log_names;

/* A path as it is opened, with a % for each %%; NULL: no memory.  free() it. */
char *log_names_unescape(const char *path);

struct log_names_error {
	char text[200]; /* a clause for the administrator */
};

/* Whether a source is one, or generations are: 0, -EINVAL and *ret_error. */
int log_names_check_source(
    const char *source, struct log_names_error *ret_error);
int log_names_check_generations(
    const char *generations, struct log_names_error *ret_error);

/*
 * The names of a source and its generations ("" or NULL: as said above), which
 * have been checked.  0, -EINVAL or -ENOMEM.
 */
int log_names_new(
    const char *source, const char *generations, struct log_names **ret_names);

/* NULL is allowed. */
void log_names_free(struct log_names *names);

/* Whether the current file is the newest of several names. */
bool log_names_are_dated(const struct log_names *names);

/* The path of the current file; with dates, of none: "/var/log/app-%Y.log". */
const char *log_names_path(const struct log_names *names);

/*
 * Where generations are: folders below the log's own, "", which is the first.
 */
size_t log_names_folders(const struct log_names *names);
const char *log_names_folder(const struct log_names *names, size_t index);

/*
 * Where all names are of one pattern that sorts: as name_order_size() of it; or
 * 0.
 */
size_t log_names_order_size(const struct log_names *names);

#endif
