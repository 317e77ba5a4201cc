/*
 * log_set_look.c - where the path of a log leads now.
 */
#include "config.h"

#include "source/log_set_look.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "source/log_set_resolve.h"
#include "source/walk.h"

int
log_set_check_path(struct log_set *set)
{
	int fd, error = log_path_look(
		    &set->path, sse_clock_file_time_ms(set->options.clock));

	if (error != 0 || set->path.text == NULL)
		return error;
	fd = walk_open(set->path.text, S_IFREG, O_RDONLY);
	sse_fd_close(fd);
	return fd == -ENOENT || fd >= 0 ? 0 : fd;
}

/* Whether the path leads to another file than the newest that is open. */
static bool
leads_elsewhere(const struct log_set *set, const struct sse_file_stat *stat)
{
	const struct log_file *last;

	if (log_set_is_nothing(set))
		return true;
	last = set->open[set->count - 1];
	return !last->current || !fingerprint_same_file(&last->stat, stat);
}

/* What is at the path; -ENOENT: nothing. */
static int
stat_current(struct log_set *set, struct sse_file_stat *ret_stat)
{
	int error = log_path_look(
	    &set->path, sse_clock_file_time_ms(set->options.clock));

	if (error != 0)
		return error;
	if (set->path.text == NULL)
		return -ENOENT;
	return walk_stat(set->path.text, ret_stat);
}

/* Whether the file that was not to be read is still there, and still so. */
static bool
waits_on(struct log_set *set, const struct sse_file_stat *stat)
{
	return fingerprint_same_file(&set->awaited, stat) &&
	       log_set_check_path(set) == -EACCES;
}

/* The path leads to another file than the newest that is open, or may have. */
static int
take_new(struct log_set *set, const struct sse_file_stat *stat)
{
	bool nothing = log_set_is_nothing(set);
	int error = log_set_resolve_read(set);

	if (error == 0) {
		set->appeared = nothing && !log_set_is_nothing(set);
		if (!leads_elsewhere(set, stat))
			return 0;
	}
	if (error == 0 || error == -EACCES) {
		int why = log_set_check_path(set);

		if (why == -EACCES)
			set->awaited = *stat;
		error = error != 0 ? error : why;
	}
	return error;
}

/*
 * The path leads where it did.  If hints were lost nobody knows which files it
 * had meanwhile; but from here on they can be counted.
 */
static void
count_anew(struct log_set *set)
{
	if (watch_counts_births(set->watch))
		return;
	set->births = watch_births(set->watch);
	set->owes_birth = false;
	watch_count_anew(set->watch);
}

/* Whether the name was given since, be it to the file that has it still. */
static bool
was_born(const struct log_set *set)
{
	return watch_counts_births(set->watch) &&
	       watch_births(set->watch) != set->births;
}

/*
 * Whether a file may have come whose date is before that of the newest, which
 * was made ahead and is empty: it is not current, and no birth tells of it.
 */
static bool
may_have_older(const struct log_set *set, int64_t listed_ms)
{
	return set->path.listed_ms != listed_ms &&
	       set->lead + 2 == set->count &&
	       set->open[set->lead + 1]->stat.size == 0;
}

int
log_set_look(struct log_set *set)
{
	int64_t listed_ms = set->path.listed_ms;
	struct sse_file_stat stat;
	int error;

	if (set->due_count > 0)
		return 0;
	error = stat_current(set, &stat);
	if (error != 0) {
		if (!log_set_is_nothing(set) && error == -ENOENT)
			set->open[set->count - 1]->current = false;
		return error == -ENOENT ? 0 : error;
	}
	if (!S_ISREG(stat.mode))
		return RESULT_WRONG_KIND;
	if (!leads_elsewhere(set, &stat) && !was_born(set) &&
	    !may_have_older(set, listed_ms)) {
		count_anew(set);
		return 0;
	}
	return waits_on(set, &stat) ? -EACCES : take_new(set, &stat);
}
