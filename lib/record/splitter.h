/*
 * splitter.h - bytes into records: lines that end in LF, and CRs before it.
 *
 * A byte order mark at the very beginning of the source is not a part of the
 * first line, and NULs at the beginning of a record are none of it: they stand
 * for what was never written.
 */
#ifndef SPLITTER_H
#define SPLITTER_H

#include "buf.h"

struct record {
	struct sse_slice text; /* without its delimiter, cut to the limit */
	uint64_t left_out;     /* bytes of the text that were cut off */
	uint64_t nuls;         /* that were left out before it */
	uint64_t end;          /* offset in the source after the delimiter */
	bool unfinished;       /* what ends it has not come, and will not */
	/* Lines of the same record that were given before, or nothing. */
	struct sse_slice before;
	bool late;     /* of bytes that were passed over before */
	bool is_whole; /* JSON that is valid, whatever was left out in it */
};

struct splitter {
	size_t record_size_max;
	struct sse_buf held;  /* the beginning of an unfinished record */
	uint64_t not_held;    /* bytes of it after those */
	uint64_t crs;         /* with which it ends so far */
	uint64_t nuls;        /* before the next record */
	uint64_t begin;       /* offset in the source of the next record */
	uint64_t offset;      /* in the source, of fed.data[0] */
	struct sse_slice fed; /* what is still to be split */
	bool discarding;      /* up to the next delimiter */
	bool unfinished;      /* a record has begun */
};

/* Owns memory only while a record is cut by the end of what was fed. */
void splitter_init(struct splitter *splitter, size_t record_size_max);
void splitter_done(struct splitter *splitter);

/*
 * Goes on at that offset and forgets the unfinished record.  With discard,
 * the bytes up to and with the next delimiter are passed over: they belong
 * to a record that began before.
 */
void splitter_reset(struct splitter *splitter, uint64_t offset, bool discard);

/* The next bytes; borrowed until splitter_next() has returned 0. */
void splitter_feed(struct splitter *splitter, struct sse_slice bytes);

/*
 * Passes over the rest of a record that began before: whether its end was just
 * found.  splitter_next() does the same, and says nothing.
 */
bool splitter_discard(struct splitter *splitter);

/*
 * Passes over NULs that need not be fed.  Those inside a record are left out of
 * it, with all that follows.  Only after splitter_next() has returned 0.
 */
void splitter_skip(struct splitter *splitter, uint64_t nuls);

/*
 * Takes one whole record: 1, 0 when there is none, -ENOMEM (call again when
 * there is memory).  CRs before the LF are part of the delimiter.  NULs at the
 * beginning are left out, and do not count for record_size_max.  What is
 * over record_size_max is left out, and never cuts a character in two.  The
 * text lives until the next call on this splitter.
 */
int splitter_next(struct splitter *splitter, struct record *ret_record);

/*
 * The bytes in which the next records begin, one behind the other; none where
 * more is to be said of the next one than what is fed.  Who has found whole
 * records there passes over them, and their delimiters.
 */
struct sse_slice splitter_lines(const struct splitter *splitter);
void splitter_pass(struct splitter *splitter, size_t size);

/* Whether there is an unfinished record.  A byte order mark alone is none. */
bool splitter_has_rest(const struct splitter *splitter);

/*
 * Takes the unfinished record as it is: 1, or 0 when there is none.  A byte
 * order mark alone is none.  Only after splitter_next() has returned 0.
 */
int splitter_rest(struct splitter *splitter, struct record *ret_record);

#endif
