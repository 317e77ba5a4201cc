/*
 * seek.h - boundaries of records in an open file.
 *
 * NULs at the beginning of a record are none of it, so it may as well be begun
 * inside a run of them.  Holes are passed over, and do not count.
 */
#ifndef SEEK_H
#define SEEK_H

#include <stdbool.h>

#include "buf.h"

#define SEEK_READ_SIZE 16384 /* bytes of one read */
#define SEEK_EXTENTS_MAX 64  /* of data between holes; else holes are data */
#define SEEK_END_MAX (UINT64_C(4) << 20) /* bytes of NULs at an end */

/*
 * The first record that begins at or after offset and before end; end when
 * there is none.  0 and *ret_offset, or -errno.
 */
int seek_forward(int fd, uint64_t offset, uint64_t end, uint64_t *ret_offset);

/* The same, read by read: RESULT_PARTIAL: call again.  It owns nothing. */
struct seek_forward {
	uint64_t offset;
	uint64_t at;
	uint64_t end;
};

void seek_forward_begin(
    struct seek_forward *forward, uint64_t offset, uint64_t end);
int seek_forward_step(
    struct seek_forward *forward, int fd, uint64_t *ret_offset);

/*
 * Where the last count records before end begin, or the unfinished one there
 * when count is 0; at most bytes_max before end.  When that is in the middle
 * of a record, the one after it.  0 and *ret_offset, or -errno.
 */
int seek_back(int fd, uint64_t end, uint64_t count, uint64_t bytes_max,
    uint64_t *ret_offset);

/*
 * The same, read by read, where *count becomes less by the records that it went
 * back over: what is left of it was not there.  It owns nothing.
 */
struct seek_back {
	uint64_t at;
	uint64_t first;
	uint64_t end;
	bool turned; /* from first on forwards */
	struct seek_forward forward;
};

void seek_back_begin(struct seek_back *back, uint64_t end, uint64_t bytes_max);
int seek_back_step(
    struct seek_back *back, int fd, uint64_t *count, uint64_t *ret_offset);

/*
 * Where data end before an offset, without the NULs that follow them; at most
 * bytes_max and SEEK_END_MAX before it.  0 and *ret_end, or -errno.
 */
int seek_end(int fd, uint64_t offset, uint64_t bytes_max, uint64_t *ret_end);

/* Where the hole begins that lasts up to end; end when there is none. */
uint64_t seek_hole(int fd, uint64_t end);

/*
 * Where the last *left bytes of data before end begin, not before begin; *left
 * is less by those that were there when it is begin.
 */
uint64_t seek_data(int fd, uint64_t begin, uint64_t end, uint64_t *left);

#endif
