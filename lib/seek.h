/*
 * seek.h - boundaries of records in an open file.
 */
#ifndef SEEK_H
#define SEEK_H

#include <stddef.h>
#include <stdint.h>

#define SEEK_READ_SIZE 16384 /* octets of one read */

/*
 * Where the last count records before end begin, or the unfinished one there
 * when count is 0; at most octets_max before end.  When that is in the middle
 * of a record, the one after it.  0 and *ret_offset, or -errno.
 */
int seek_back(int fd, uint64_t end, uint64_t count, uint64_t octets_max,
    uint64_t *ret_offset);

/*
 * The first record that begins at or after offset and before end; end when
 * there is none.  0 and *ret_offset, or -errno.
 */
int seek_forward(int fd, uint64_t offset, uint64_t end, uint64_t *ret_offset);

#endif
