/*
 * fingerprint.h - what proves a position in a file: who the file is, and which
 * bytes stand before the offset.
 *
 * The check is a hash of the window, up to 128 bytes before the offset,
 * seeded with a hash of the head, the file's first 1,024 bytes (fewer when
 * the offset is smaller).  A window alone proves falsely at every position of
 * logs whose lines end alike.
 */
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include "fdio.h"
#include "base/result.h"
#include "ssekit.h"

#define FINGERPRINT_WINDOW_SIZE 128 /* bytes */
#define FINGERPRINT_HEAD_SIZE 1024  /* bytes */

/* Head and window of one offset of one file. */
struct fingerprint {
	uint64_t offset;
	uint64_t seed; /* of a whole head */
	char head[FINGERPRINT_HEAD_SIZE];
	char window[FINGERPRINT_WINDOW_SIZE]; /* the last of them at its end */
};

/* The bytes that the two have at an offset. */
size_t fingerprint_head_size(uint64_t offset);
size_t fingerprint_window_size(uint64_t offset);

/*
 * A hash of bytes behind others, whose hash is the seed: ("ab", "c") and
 * ("a", "bc") have different ones.
 */
uint64_t fingerprint_bytes(uint64_t seed, struct sse_slice bytes);

/* What ids call a file: a hash of device, inode and birth time. */
uint64_t fingerprint_file(const struct sse_file_stat *stat);

/* Whether both are the same file: device, inode and birth time agree. */
bool fingerprint_same_file(
    const struct sse_file_stat *a, const struct sse_file_stat *b);

/*
 * Reads the fingerprint at an offset: 0, RESULT_CHANGED past the file's end,
 * -errno.
 */
int fingerprint_load(struct fingerprint *fingerprint, int fd, uint64_t offset);

/* Reads it, and whether it has that check. */
bool fingerprint_proves(
    struct fingerprint *fingerprint, int fd, uint64_t offset, uint64_t check);

/*
 * Goes on over bytes that were read at the offset.  In front of them, at
 * bytes[-FINGERPRINT_WINDOW_SIZE], there must be room: the window is put there,
 * so that fingerprint_check_at() finds each record's window in one piece.
 */
void fingerprint_advance(
    struct fingerprint *fingerprint, char *bytes, size_t size);

/* Goes on over NULs at the offset that were not read. */
void fingerprint_skip(struct fingerprint *fingerprint, uint64_t nuls);

/* The check of the offset. */
uint64_t fingerprint_check(const struct fingerprint *fingerprint);

/*
 * The check of an earlier offset, whose window ends at byte end of what
 * fingerprint_advance() was given last.
 */
uint64_t fingerprint_check_at(
    const struct fingerprint *fingerprint, uint64_t offset, const char *end);

/*
 * Whether the file still has these bytes: 1, 0, or -errno, and nobody knows.
 * Reads head and window again.  The
 * window alone would do for nearly all logs, but long lines that end alike may
 * end at the same offset after a truncation.
 */
int fingerprint_holds(const struct fingerprint *fingerprint, int fd);

/* Whether a file of that size begins with bytes of the head, or has none. */
bool fingerprint_begins(
    const struct fingerprint *fingerprint, int fd, uint64_t size);

/*
 * Whether the file has other bytes only where these are NULs, which were
 * filled since: 1, and then the fingerprint is what the file has now; 0, or
 * -errno.
 */
int fingerprint_follow(struct fingerprint *fingerprint, int fd);

/*
 * Whether content proves nothing here: offset 0, or all whole lines in head
 * and window are equal (or there is only one).
 */
bool fingerprint_weak(const struct fingerprint *fingerprint);

/*
 * Whether a line begins at the offset: it is 0, or behind a LF, or behind NULs
 * that the line begins with.  Whether a
 * blank line is before it besides; also when it is 0.
 */
bool fingerprint_ends_line(const struct fingerprint *fingerprint);
bool fingerprint_ends_blank(const struct fingerprint *fingerprint);

/* Whether there are NULs in head or window, which may be filled yet. */
bool fingerprint_has_nuls(const struct fingerprint *fingerprint);

/* Whether both are fingerprint of the same bytes. */
bool fingerprint_equal(
    const struct fingerprint *a, const struct fingerprint *b);

#endif
