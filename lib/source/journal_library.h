/*
 * journal_library.h - libsystemd's functions that read the journal.
 *
 * It is loaded when the first stream of a journal is configured, and stays:
 * whoever has none does not pay for it.  It has no header here, since a program
 * that is built without libsystemd may run where that is: the functions are
 * declared as its manual, sd-journal(3), has them, which never changes.
 */
#ifndef JOURNAL_LIBRARY_H
#define JOURNAL_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sd_journal;

#define JOURNAL_LOCAL_ONLY 1 /* SD_JOURNAL_LOCAL_ONLY */
#define JOURNAL_APPEND 1     /* SD_JOURNAL_APPEND, of process() */
#define JOURNAL_INVALIDATE 2 /* SD_JOURNAL_INVALIDATE, of process() */

/* Each is called as the one with sd_journal_ before its name. */
struct journal_library {
	int (*open_namespace)(
	    struct sd_journal **ret, const char *name_space, int flags);
	int (*open_directory)(
	    struct sd_journal **ret, const char *path, int flags);
	void (*close)(struct sd_journal *);
	int (*set_data_threshold)(struct sd_journal *, size_t size);
	int (*get_usage)(struct sd_journal *, uint64_t *ret_bytes);
	int (*get_fd)(struct sd_journal *);
	int (*get_events)(struct sd_journal *);
	int (*get_timeout)(struct sd_journal *, uint64_t *ret_us);
	int (*process)(struct sd_journal *);
	int (*next)(struct sd_journal *);
	int (*previous)(struct sd_journal *);
	int (*seek_head)(struct sd_journal *);
	int (*seek_tail)(struct sd_journal *);
	int (*seek_cursor)(struct sd_journal *, const char *cursor);
	int (*seek_realtime_usec)(struct sd_journal *, uint64_t us);
	int (*get_cursor)(struct sd_journal *, char **ret_cursor);
	int (*get_data)(struct sd_journal *, const char *field,
	    const void **ret_data, size_t *ret_size);
	void (*restart_data)(struct sd_journal *);
	int (*enumerate_available_data)(
	    struct sd_journal *, const void **ret_data, size_t *ret_size);
	int (*add_match)(struct sd_journal *, const void *match, size_t size);
	int (*add_disjunction)(struct sd_journal *);
	void (*flush_matches)(struct sd_journal *);
};

/*
 * The functions; they are loaded by the first call that can.  NULL: there are
 * none, and *ret_why says why and what to do about it; it lives until the next
 * call; or it is NULL: there was no memory.
 */
const struct journal_library *journal_library_load(const char **ret_why);

#endif
