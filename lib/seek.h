/*
 * seek.h - boundaries of records in an open file.
 */
#ifndef SEEK_H
#define SEEK_H

#include "buf.h"

#define SEEK_READ_SIZE 16384 /* octets of one read */

/*
 * Where the last count records before end begin, or the unfinished one there
 * when count is 0; at most octets_max before end.  When that is in the middle
 * of a record, the one after it.  0 and *ret_offset, or -errno.
 */
int seek_back(int fd, uint64_t end, uint64_t count, uint64_t octets_max,
    uint64_t *ret_offset);

/*
 * The same, where *count becomes less by the records that it went back over:
 * what is left of it was not there.
 */
int seek_back_over(int fd, uint64_t end, uint64_t *count, uint64_t octets_max,
    uint64_t *ret_offset);

/*
 * The first record that begins at or after offset and before end; end when
 * there is none.  0 and *ret_offset, or -errno.
 */
int seek_forward(int fd, uint64_t offset, uint64_t end, uint64_t *ret_offset);

/*
 * The whole lines before an offset that is behind a LF, as many as the buffer
 * may hold: with a LF between, and without CR before it.  0; -ENOMEM, -EINVAL
 * where it is not, RESULT_NONE past the end of the file, or -errno; then the
 * buffer is empty.
 */
int seek_lines_before(int fd, uint64_t offset, struct sse_buf *lines);

#endif
