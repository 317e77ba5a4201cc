/*
 * source_ops.h - what a kind of source does: each of file.h and pipe.h is a
 * table of it, and a row in source_kind.c.
 *
 * What only some kinds can do is NULL in the tables of the others.
 */
#ifndef SOURCE_OPS_H
#define SOURCE_OPS_H

#include "record/format_json.h"
#include "record/plain_frames.h"
#include "record/plain_line.h"
#include "source/hints.h"
#include "source/item.h"
#include "source/reach.h"

/* A comment for one who wants to begin at a time. */
#define SOURCE_NO_TIME "since: this source cannot begin at a time"

#define SOURCE_REASON_SIZE_MAX 200 /* bytes, with a NUL: of a wrong text */
#define SOURCE_CLAUSE_SIZE_MAX 600 /* likewise: of what was in the way */

/* What could not be opened is tried again. */
#define SOURCE_RETRY_MS 250

/* Only what is polled is waited for: a look without reason is no harm. */
#define SOURCE_FOREVER_MS 3600000

/* When to look again. */
struct source_poll {
	int fd; /* what to poll, or -1: it may change with each step */
	/* Of those that were opened: another one may have the same number. */
	uint64_t opened;
	short events;       /* for these of poll() */
	int64_t timeout_ms; /* a look is due then in any case; 0: at once */
	/*
	 * Why it cannot be read just now, as -errno; 0: it can, or nothing is
	 * there to be read.  Of a source that is awaited never 0: -ENOENT.
	 */
	int error;
	bool awaited; /* nothing of it was there yet, to be read or not */
	/* What an administrator should know of what was read; NULL: nothing. */
	const char *remark;
};

/*
 * What is asked where several lines are a record: of positions of one source,
 * and of the lines themselves.  What is NULL is never so.
 */
struct source_lines {
	/* Whether there are lines before it that can be read again. */
	bool (*has_before)(const struct source_position *position);

	/* Whether nothing else stands between both; NULL: it is always so. */
	bool (*same_run)(
	    const struct source_position *a, const struct source_position *b);

	bool (*same_place)(
	    const struct source_position *a, const struct source_position *b);

	/*
	 * Whether what is behind one goes on with what was before the other:
	 * the same lines are before both.
	 */
	bool (*goes_on)(
	    const struct source_position *a, const struct source_position *b);

	/* What the newer one knows that is true at the other, that knows. */
	void (*renew)(struct source_position *position,
	    const struct source_position *newer);

	/* It is behind so many records, where that is what is counted. */
	void (*count)(struct source_position *position, uint64_t records);

	/* What lines_before() says of a position. */
	int (*before)(const void *self, const struct source_position *position,
	    struct sse_buf *lines);
};

/* What all sources of one text share. */
struct source_sharing {
	/*
	 * The instance tells of changes in folders; it is borrowed, and may be
	 * NULL.  0 and *ret_context; -ENOMEM; -EINVAL for a text that is none.
	 */
	int (*new)(const char *text, const char *generations,
	    struct inotify *names, void **ret_context);
	void (*free)(void *context);

	/* Gives up what was begun, and nobody goes on with. */
	void (*rest)(void *context);
};

struct source_shared {
	const struct source_ops *ops; /* whose they are */
	void *context;
	struct source_hints *hints; /* borrowed; NULL: each has its own */
	/* Who reads the source on and on; borrowed; NULL: it polls. */
	struct hint_waiter *waiter;
};

/* How many descriptors a source needs. */
struct source_descriptors {
	size_t open;   /* while it is open, whoever reads it */
	size_t search; /* beside those for a while, mostly while it starts */
};

/* What is said of a source beside its text, and has to be reached. */
struct source_reach {
	const char *generations;
	const char *password_file; /* "": none */
};

/* Keys that only some kinds take. */
enum source_key {
	SOURCE_KEY_FIELD = 1,
	SOURCE_KEY_MATCH = 2,
	SOURCE_KEY_JOURNAL_POLL = 4,
	SOURCE_KEY_USER = 8,
	SOURCE_KEY_PASSWORD_FILE = 16
};

struct source_ops {
	/* What was read can be read again; so its positions outlive it. */
	bool is_durable;
	const char *unit; /* of what a gap has skipped: "bytes", "records" */

	/*
	 * What the text of one begins with, as "journal:"; NULL: it is a path,
	 * and claims() says whether what is there now is one.
	 */
	const char *scheme;
	bool (*claims)(const char *text);

	/* As source_default_name(); NULL: as of a path. */
	const char *(*default_name)(const char *text);

	unsigned keys; /* of enum source_key: a set of those that it takes */

	/* As source_check_key(), of one of those; NULL: any value is one. */
	int (*check_key)(enum source_key key, const char *value,
	    char reason[SOURCE_REASON_SIZE_MAX]);

	/* As source_check() and source_explain(); NULL: nothing is said. */
	int (*check)(const char *text, char reason[SOURCE_REASON_SIZE_MAX]);
	bool (*explain)(
	    const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX]);

	/* As source_denied_text(); NULL: as of a file. */
	const char *denied_text;

	/* What its objects, of field = *, call an event's type and data. */
	struct format_json_names json_names;

	/*
	 * Its records have times, whether or not a time-format is configured.
	 */
	bool has_times;

	/* The text says where a server is that it is read from. */
	bool is_remote;

	/* Whether it comes to an end although it is followed; NULL: never. */
	bool (*can_end)(const char *text);

	/*
	 * Opens it for a look that nobody notices, as source_peek(): the
	 * descriptor; RESULT_NONE where there is nothing to be seen; or the
	 * error that poll() would have.  NULL: there is nothing to be seen.
	 */
	int (*peek)(const char *text, const char *generations,
	    const struct source_shared *shared);

	/* As source_descriptors(); NULL: one while it is open. */
	struct source_descriptors (*descriptors)(
	    const char *text, const char *generations);

	/* Adds what it reaches once it is started; NULL: nothing. */
	void (*reach)(const char *text, const struct source_reach *source,
	    struct reaches *reaches);

	const struct source_sharing *sharing; /* NULL: they share nothing */

	/*
	 * One that was not looked at yet, of the text that is configured.  0
	 * and *ret_self, -ENOMEM, -EINVAL.
	 */
	int (*new)(const char *text, const struct source_options *options,
	    void **ret_self);
	void (*free)(void *self); /* NULL is allowed */

	/*
	 * Finds where to begin, and opens it: 0; RESULT_PARTIAL when steps have
	 * to follow, each when poll() says so, and what the start points to has
	 * to live until then; or why it cannot be, and then it can only be
	 * freed. -ENOMEM of a step: nothing is lost.
	 */
	int (*start)(void *self, const struct source_start *start);
	int (*step)(void *self);

	/*
	 * Whether it has started with nothing, and should not yet have: it is
	 * not there, and what a client has seen of it cannot be judged, or
	 * nobody will wait for it to come.
	 */
	bool (*is_missing)(const void *self);

	/*
	 * Takes one item: 1; 0: none now, then poll() says when;
	 * RESULT_PARTIAL: none yet, ask again at once; -ENOMEM: nothing is
	 * lost.  Not asked again when it has given the end.
	 */
	int (*next)(void *self, struct source_item *ret_item);

	/*
	 * The frames of the plain lines that next() would give as records, and
	 * of no others, with its positions as ids; what it would have to read
	 * or to tell before, it does.  NULL: next() gives all.
	 */
	void (*frames)(void *self, struct plain_frames *frames);

	/*
	 * Passes over such lines as long as the judge leaves them out: whether
	 * there were any.  NULL: next() gives all.
	 */
	bool (*leave_out)(void *self, const struct plain_judge *judge);

	struct source_poll (*poll)(const void *self);

	/* The position where the next item begins. */
	struct source_position (*position)(const void *self);

	/* A position as an event id; it lives until the next call. */
	struct sse_slice (*id)(
	    void *self, const struct source_position *position);

	/* Whether the next item is a gap. */
	bool (*owes_gap)(const void *self);

	/* Whether all that was there has been given: what comes now is new. */
	bool (*has_given_all)(const void *self);

	/*
	 * How many records are behind what it has given, as far as it was told:
	 * whether that is known.  NULL: it never is.
	 */
	bool (*unread)(const void *self, uint64_t *ret_count);

	/*
	 * Whether who came with a position, once it has started, has
	 * everything, and nothing will follow.
	 */
	bool (*is_done)(const void *self);

	/*
	 * Where what was read is gone: what a client lacks that comes with this
	 * id, while the first that is still kept follows another one.  The
	 * reason, and how many records, or SOURCE_SKIPPED_UNKNOWN.
	 */
	enum gap_reason (*missed)(
	    struct sse_slice id, struct sse_slice first, uint64_t *ret_skipped);

	/*
	 * It will join the leader, of the same kind, which it reads behind;
	 * NULL: that could not be started yet.
	 */
	void (*follow)(void *self, const void *leader);
	bool (*meets)(void *self);

	/* NULL: what it gives is whole records, which are never joined. */
	const struct source_lines *lines;
};

#endif
