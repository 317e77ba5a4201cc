/*
 * log_file_read.h - one read of a file of a log.
 *
 * What is read is proven before it is used: first the data, then once more
 * the window before them.  A truncation in between cannot slip through, as it
 * would in any other order.
 */
#ifndef LOG_FILE_READ_H
#define LOG_FILE_READ_H

#include "source/log_file.h"

/*
 * One read, proven, into the buffer, of nothing behind the offset limit: the
 * bytes, 0 at the end for now, RESULT_CHANGED when the file is not what it was
 * (truncated, refilled), -errno; -ESTALE: there is no such file any more.
 * If that is so of an unfinished record alone, it is begun anew: 1, no bytes.
 * Nothing has moved yet: log_file_take() must follow before records are
 * taken.  Never more than the look at its size just before has shown, and no
 * NULs before data follow them.
 */
ssize_t log_file_read(
    struct log_file *file, struct log_file_buffer *buffer, uint64_t limit);

#endif
