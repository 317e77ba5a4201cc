/*
 * log_file.h - one open file of a log, read from a position on.
 *
 * What log_file_read.h has read and proven is taken here, and given record by
 * record.
 */
#ifndef LOG_FILE_H
#define LOG_FILE_H

#include "source/fingerprint.h"
#include "source/gap.h"
#include "source/position.h"
#include "record/splitter.h"
#include "source/watch.h"

#define LOG_FILE_READ_SIZE 65536 /* bytes of one read */

/* What one read needs; shared by the generations of a log. */
struct log_file_buffer {
	char room[FINGERPRINT_WINDOW_SIZE]; /* for the window before the data */
	char data[LOG_FILE_READ_SIZE];
};

/*
 * NULs before the newest record that began with some.  They were passed over
 * since data followed; what they are filled with comes late.
 */
struct log_file_fill {
	uint64_t at;
	uint64_t end;
	size_t size; /* bytes of the last read, in the buffer */
	struct splitter splitter;
};

/*
 * Milliseconds after which a change shows as another time, however coarse those
 * of a file system are.
 */
#define LOG_FILE_REST_MS 2500

struct log_file {
	int fd;
	struct sse_file_stat stat; /* of the newest look */
	uint64_t file;       /* what ids call it: a copy keeps its original's */
	bool current;        /* the log's path leads to it */
	bool copy;           /* nobody writes to it any more */
	bool named;          /* it has had a generation's name */
	bool unsure;         /* it may be older or newer than one beside it */
	enum gap_reason gap; /* to be told before anything of it is */

	struct fingerprint fingerprint; /* of what was read */
	struct splitter splitter;
	size_t chunk_size;  /* bytes of the last read, in the buffer */
	uint64_t skip_size; /* or NULs that were passed over instead */
	uint64_t tail_size; /* or NULs that nothing follows: no data yet */
	uint64_t followed;  /* before it data were seen, behind NULs */
	struct log_file_fill fill;

	/* The end of the last record that was taken, or where it began. */
	uint64_t offset;
	uint64_t check;
	bool owes_rest; /* it began inside a line, which had been sent */
	bool inside;    /* inside a line, or event, that was not */
	bool continued; /* a newer file has its unfinished record, too */

	/*
	 * What there was to read where it was opened, if nothing before that
	 * proves anything: its end, 0 if there was nothing, and the check.
	 */
	uint64_t seen_offset;
	uint64_t seen_check;

	/* What the last look found: for the stamp of ids, and for changes. */
	int64_t mtime_ms;
	uint64_t size_seen;
	bool at_end;     /* all that was there at the last look has been read */
	int64_t rest_ms; /* its ctime as long as it rests; 0: it does not */

	struct watch_file hints; /* once log_file_watch() was called */
};

/*
 * Takes over an open descriptor and begins at an offset; with discard the
 * record there has begun before, and its rest is passed over.  0 and
 * *ret_file, RESULT_CHANGED when the file is shorter, -ENOMEM, -errno;
 * then the descriptor is still the caller's.
 */
int log_file_new(int fd, uint64_t offset, bool discard, size_t record_size_max,
    struct log_file **ret_file);

/*
 * It was found like this, before it was taken over: what has happened to it
 * since is a change to be looked into.
 */
void log_file_found(struct log_file *file, const struct sse_file_stat *stat);

/*
 * It was found like this at that time of the file system's clock, or later, and
 * on a file system of this machine.  If nothing had happened to it for a while,
 * it rests: until its ctime changes, which it does whatever happens to it then.
 */
void log_file_rest_from(
    struct log_file *file, const struct sse_file_stat *stat, int64_t now_ms);

/* Whether it is known that nothing has happened to it since; looks at it. */
bool log_file_rests(const struct log_file *file);

/*
 * It begins inside a line or event, and nothing was read yet.  The rest of the
 * line will be passed over.  If its beginning had been sent, the rest is owed
 * as a gap; if not, the position is the file's beginning until there is a line
 * end, since there is none that one can come back to.
 */
void log_file_begin_inside(struct log_file *file, bool was_sent);

/*
 * Whether there is nothing in the file, which was found like this: a network
 * file system may tell a size that is older than the data.
 */
bool log_file_is_empty(
    const struct log_file *file, const struct sse_file_stat *stat);

/* What is known of a file that was truncated, and has been filled, or not. */
enum log_file_state {
	LOG_FILE_INTACT,
	LOG_FILE_TRUNCATED,
	LOG_FILE_UNPROVEN /* nobody knows */
};

/* Whether it still has what was read of it, or there to be read. */
enum log_file_state log_file_state(const struct log_file *file);

/*
 * Whether another file has all that is known of this one, and whether that
 * proves that it is a copy.
 */
bool log_file_is_alike(const struct log_file *file, int fd, bool *ret_proven);

/* Closes the descriptor.  NULL is allowed. */
void log_file_free(struct log_file *file);

/*
 * Begins anew at another offset, where a record begins.  0, RESULT_CHANGED when
 * the file is shorter, -errno; then it is as it was.
 */
int log_file_begin_at(struct log_file *file, uint64_t offset);

/*
 * The same at its end, as it was looked at last, which may be inside a line:
 * the rest of that is passed over, too.
 */
int log_file_pass_over(struct log_file *file);

/* Hints of changes from now on. */
void log_file_watch(struct log_file *file, struct watch *watch);

/*
 * Whether the last read, see log_file_read.h, found bytes, or another
 * modification time.
 */
bool log_file_has_changed(const struct log_file *file);

/* Moves on over what was read. */
void log_file_take(struct log_file *file, struct log_file_buffer *buffer);

/*
 * Passes over the rest of the line that it began in: whether the end of that
 * was just found.  Then the position is behind it.
 */
bool log_file_skip(struct log_file *file, const struct log_file_buffer *buffer);

/*
 * The same, when nothing more will come: whether there was some of it, which
 * is owed.
 */
bool log_file_skip_rest(struct log_file *file);

/*
 * Takes the next whole record of what was read: 1, 0 when another read is
 * needed, -ENOMEM.  Position and check move to its end, but not for a record
 * that is late: it stands before them.
 */
int log_file_record(struct log_file *file, const struct log_file_buffer *buffer,
    struct record *ret_record);

/*
 * Whether something was read to the end of the file, and not taken: a record
 * that is unfinished, or the rest of one that is owed as a gap.
 */
bool log_file_has_rest(const struct log_file *file);

/*
 * Whether it may have more than what was read, or given.  What the copy that
 * took its place has, too, is read there.  A reader that is led is not to read
 * it here, and so never comes to the end.
 */
bool log_file_is_unread(const struct log_file *file);

/*
 * The bytes behind what was read, as the file was when it was opened, or last
 * looked at.
 */
uint64_t log_file_unread_size(const struct log_file *file);

/* Takes the unfinished record as it is, when nothing more will come: 1 or 0. */
int log_file_rest(struct log_file *file, struct record *ret_record);

#endif
