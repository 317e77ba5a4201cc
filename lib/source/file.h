/*
 * file.h - a log file as a source of records: through appends, rotations,
 * truncations, and a file that comes later.
 *
 * Nothing here blocks longer than one read of LOG_FILE_READ_SIZE, or one
 * search of the directory.
 */
#ifndef FILE_H
#define FILE_H

#include "source/source_ops.h"

/*
 * Of a path as in log_names.h: -EINVAL for names that are none.  To start it
 * is 0, also when the file does not exist yet; RESULT_WRONG_KIND when it is not
 * a regular file, or what opening it said (-EACCES, -ELOOP, ...);
 * RESULT_UNSETTLED when the log never was at rest.
 *
 * A follower reads no further than its leader has, which has to live until the
 * next call.  Whether it meets it, so that what it gives next is what that one
 * gives next, is to be asked when there was nothing; that may queue a gap,
 * which comes next then.
 */
extern const struct source_ops file_ops;

#endif
