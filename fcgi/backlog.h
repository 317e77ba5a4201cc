/*
 * backlog.h - the ring of recent frames that the subscribers of a stream
 * share.
 *
 * A place in it is an absolute offset: the bytes of all frames before it
 * since the backlog was made.  What is in the ring is contiguous in memory,
 * wherever it begins.
 *
 *	tail                                head
 *	 |  frame  | frame |  frame  | frame |
 *	 ^ id_before                         ^ the next frame comes here
 */
#ifndef BACKLOG_H
#define BACKLOG_H

#include "ssekit.h"
#include "record/stream_conf.h"

/* Small frames: at most one for so many bytes of the ring. */
#define BACKLOG_FRAME_BYTES 32

enum backlog_kind {
	BACKLOG_RECORD, /* the event of a record */
	BACKLOG_OTHER   /* a heartbeat, a gap, an id without data, the end */
};

struct backlog;

/*
 * A ring of size bytes, rounded up to whole pages.  Memory is used as frames
 * come.  0 and *ret_backlog, -ENOMEM, -EMFILE, ...
 */
int backlog_new(size_t size, struct backlog **ret_backlog);

/* NULL is allowed. */
void backlog_free(struct backlog *backlog);

/* The longest frame that it takes, in bytes. */
size_t backlog_frame_size_max(const struct backlog *backlog);

/*
 * Room for a frame of at most size bytes at the head; the oldest frames make
 * room.  NULL: it is too long.
 */
char *backlog_reserve(struct backlog *backlog, size_t size);

/*
 * The size bytes that were written there are the newest frame.  id is the one
 * in the frame, or absent.
 */
void backlog_commit(struct backlog *backlog, size_t size,
    enum backlog_kind kind, struct sse_slice id);

/* So many records have come since then that have no frame. */
void backlog_pass(struct backlog *backlog, uint64_t records);

uint64_t backlog_tail(const struct backlog *backlog);
uint64_t backlog_head(const struct backlog *backlog);

/* The bytes from there to the head; offset is from tail to head. */
struct sse_slice backlog_read(const struct backlog *backlog, uint64_t offset);

/* Says which id leads to the place where the first frame will be. */
int backlog_begin(struct backlog *backlog, struct sse_slice id);

/*
 * Where a client goes on that has the id: behind the last frame with it.  0, or
 * -ENODATA when a record without an id follows, so that nobody knows whether
 * the client has it; both with the offset.  -ENOENT: it is not there.
 */
int backlog_find(
    const struct backlog *backlog, struct sse_slice id, uint64_t *ret_offset);

/*
 * Where the newest so many records begin, those without a frame among them: 0,
 * or -ENOENT when there are fewer, or nobody knows; then *ret_offset is the
 * tail.
 */
int backlog_last(
    const struct backlog *backlog, uint64_t records, uint64_t *ret_offset);

/* Whether nothing has had to make room yet. */
bool backlog_is_complete(const struct backlog *backlog);

/* The records that are in it, and that were ever. */
uint64_t backlog_records(const struct backlog *backlog);
uint64_t backlog_records_ever(const struct backlog *backlog);

/*
 * The id of a client that has everything before the offset; absent when no
 * frame had one.  It lives until the next backlog_reserve().
 */
struct sse_slice backlog_id_before(
    const struct backlog *backlog, uint64_t offset);

/*
 * How many frames there were before the offset, ever.  Of an offset before the
 * tail: before the tail.
 */
uint64_t backlog_frames_before(const struct backlog *backlog, uint64_t offset);

/* The end of the frame that the byte before the offset belongs to. */
uint64_t backlog_frame_end(const struct backlog *backlog, uint64_t offset);

#endif
