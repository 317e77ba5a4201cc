/*
 * file.h - a log file as a source of records: through appends, rotations,
 * truncations, and a file that comes later.
 *
 * Nothing here blocks longer than one read of GENERATION_READ_SIZE, or one
 * search of the directory.
 */
#ifndef FILE_H
#define FILE_H

#include "item.h"

struct file;

/*
 * A file that was not looked at yet, of a source as in log_names.h.  path and
 * options are copied, the clock in them is not.  0 and *ret_file; -ENOMEM, or
 * -EINVAL for names that are none.
 */
int file_new(const char *path, const struct source_options *options,
    struct file **ret_file);

/* NULL is allowed. */
void file_free(struct file *file);

/*
 * Finds where to begin.  0, also when the file does not exist yet;
 * RESULT_WRONG_KIND when it is no regular file, or what opening it said
 * (-EACCES, -ELOOP, ...), RESULT_UNSETTLED when the log never was at rest; then
 * the file can only be freed, or started again.
 */
int file_start(struct file *file, const struct source_start *start);

/*
 * Whether the reader, once started, has everything, and what it has will not
 * be followed.
 */
bool file_is_done(const struct file *file);

/*
 * Whether all that was there at its last look has been given: what comes now is
 * new.
 */
bool file_has_given_all(const struct file *file);

/* The position where the next item begins. */
struct sse_position file_position(const struct file *file);

/*
 * What seek_lines_before() says of a position in a file that is open; 0 and
 * nothing where it is in none.
 */
int file_lines_before(const struct file *file,
    const struct sse_position *position, struct sse_buf *lines);

/* Whether the next item is a gap. */
bool file_owes_gap(const struct file *file);

/*
 * Takes one item: 1, or 0 when there is none now: then wait for file_fd() or
 * file_timeout_ms(), whichever comes first.  -ENOMEM: nothing is lost, call
 * again.
 */
int file_next(struct file *file, struct source_item *ret_item);

/*
 * The file will join the leader, which follows the same log: it reads no
 * further than that one has.  NULL: none.  The leader has to live until the
 * next call.
 */
void file_follow(struct file *file, const struct file *leader);

/*
 * Whether what it gives next is what its leader gives next.  To be asked when
 * file_next() had nothing; it may queue a gap, which comes next then.
 */
bool file_meets(struct file *file);

/* What to poll for reading, or -1. */
int file_fd(const struct file *file);

/* How long to wait at most before the next file_next(); milliseconds. */
int64_t file_timeout_ms(const struct file *file);

/* Why the log cannot be read just now, as -errno; 0: it can, or waits. */
int file_error(const struct file *file);

#endif
