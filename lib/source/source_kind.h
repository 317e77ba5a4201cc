/*
 * source_kind.h - the kinds of sources that there are, and what can be said of
 * a source by its text, which stands where a path may, before it is started.
 */
#ifndef SOURCE_KIND_H
#define SOURCE_KIND_H

#include "source/source_ops.h"

/* Whether that text is standard input. */
bool source_is_stdin(const char *text);

/* Whether the text is a path; else it begins with the scheme of a kind. */
bool source_is_path(const char *text);

/* Whether its records have times, whatever time-format is configured. */
bool source_has_times(const char *text);

/*
 * Whether an administrator may write that text, which begins with no scheme, or
 * with that of a kind: 0; -EINVAL, and a clause with the reason; or -ENOMEM.
 */
int source_check(const char *text, char reason[SOURCE_REASON_SIZE_MAX]);

/* Whether a source of that text takes such a key. */
bool source_takes_key(const char *text, enum source_key key);

/*
 * Whether it takes that value of a key that it takes: 0; or -EINVAL, and a
 * clause with the reason.
 */
int source_check_key(const char *text, enum source_key key, const char *value,
    char reason[SOURCE_REASON_SIZE_MAX]);

/*
 * What a stream of that text is called, which may be no legal name: the last
 * part of its path, or of what stands for that.
 */
const char *source_default_name(const char *text);

/*
 * What anybody may be told who waits for one that may not be read: never a
 * path.
 */
const char *source_denied_text(const char *text);

/* What its objects call the type of an event, and its data. */
struct format_json_names source_json_names(const char *text);

/*
 * Whether it gives whole records, which are neither lines nor in files that
 * are rotated, and have ids and times of their own.
 */
bool source_gives_records(const char *text);

/*
 * What made a source of that text fail with that error, and what an
 * administrator writes to mend it: "the folder /var/log/app does not exist".
 * False where there is no more to say than the error does, or it is over by
 * now.
 */
bool source_explain(
    const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX]);

/* What a source of that text would be if it were started now. */
const struct source_ops *source_kind(const char *text);

/*
 * Opens, for reading, what a source of that text and these generations reads
 * now: the descriptor; RESULT_NONE where there is nothing to be seen, as of a
 * FIFO, whose writers would notice; or what source_poll() would say: -ENOENT
 * also where no name with dates is there yet, -EACCES, RESULT_WRONG_KIND, ...
 * Shared is what such sources share, and may make it cheaper; or NULL.
 * RESULT_PARTIAL: only a step was made, which can only be with that.
 */
int source_peek(const char *text, const char *generations,
    const struct source_shared *shared);

/*
 * How many descriptors a source of that text needs; where what it will be
 * depends on what is there, those of the one that needs most.
 */
struct source_descriptors source_descriptors(
    const char *text, const char *generations);

/*
 * Adds what a source of that text reaches once it is started, whatever it will
 * be by then.
 */
void source_reach(const char *text, const struct source_reach *source,
    struct reaches *reaches);

/* --------------------------------------- what several of them share -- */

/*
 * What all sources of that text and these generations share.  The hints are
 * borrowed; NULL is allowed.  0 and *ret_shared, which is NULL for a kind that
 * shares nothing; or -ENOMEM.
 */
int source_shared_new(const char *text, const char *generations,
    struct source_hints *hints, struct source_shared **ret_shared);

/*
 * Who reads such a source on and on: the waiter, who is borrowed, is due when
 * the hints say that there is something to look at, beside what source_poll
 * says; without hints that says all.  NULL is allowed for what is shared.
 */
void source_shared_wake(
    struct source_shared *shared, struct hint_waiter *waiter);

/* NULL is allowed. */
void source_shared_free(struct source_shared *shared);

/* Gives up what was begun in it, and nobody goes on with.  NULL is allowed. */
void source_shared_rest(struct source_shared *shared);

#endif
