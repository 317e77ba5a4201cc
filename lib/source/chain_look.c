/*
 * chain_look.c - where the path of a log leads now.
 */
#include "config.h"

#include "source/chain_look.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "source/chain_resolve.h"
#include "source/walk.h"

int
chain_check_path(struct chain *chain)
{
	int fd, error = log_path_look(
		    &chain->path, sse_clock_file_time_ms(chain->options.clock));

	if (error != 0 || chain->path.text == NULL)
		return error;
	fd = walk_open(chain->path.text, S_IFREG, O_RDONLY);
	sse_fd_close(fd);
	return fd == -ENOENT || fd >= 0 ? 0 : fd;
}

/* Whether the path leads to another file than the newest that is open. */
static bool
leads_elsewhere(const struct chain *chain, const struct sse_file_stat *stat)
{
	const struct generation *last;

	if (chain_is_nothing(chain))
		return true;
	last = chain->open[chain->count - 1];
	return !last->current || !evidence_same_file(&last->stat, stat);
}

/* What is at the path; -ENOENT: nothing. */
static int
stat_current(struct chain *chain, struct sse_file_stat *ret_stat)
{
	int error = log_path_look(
	    &chain->path, sse_clock_file_time_ms(chain->options.clock));

	if (error != 0)
		return error;
	if (chain->path.text == NULL)
		return -ENOENT;
	return walk_stat(chain->path.text, ret_stat);
}

/* Whether the file that was not to be read is still there, and still so. */
static bool
waits_on(struct chain *chain, const struct sse_file_stat *stat)
{
	return evidence_same_file(&chain->awaited, stat) &&
	       chain_check_path(chain) == -EACCES;
}

/* The path leads to another file than the newest that is open. */
static int
take_new(struct chain *chain, const struct sse_file_stat *stat)
{
	bool nothing = chain_is_nothing(chain);
	int error = chain_resolve_read(chain);

	if (error == 0) {
		chain->appeared = nothing && !chain_is_nothing(chain);
		if (!leads_elsewhere(chain, stat))
			return 0;
	}
	if (error == 0 || error == -EACCES) {
		int why = chain_check_path(chain);

		if (why == -EACCES)
			chain->awaited = *stat;
		error = error != 0 ? error : why;
	}
	return error;
}

int
chain_look(struct chain *chain)
{
	struct sse_file_stat stat;
	int error;

	if (chain->due_count > 0)
		return 0;
	error = stat_current(chain, &stat);
	if (error != 0) {
		if (!chain_is_nothing(chain) && error == -ENOENT)
			chain->open[chain->count - 1]->current = false;
		return error == -ENOENT ? 0 : error;
	}
	if (!S_ISREG(stat.mode))
		return RESULT_WRONG_KIND;
	if (!leads_elsewhere(chain, &stat))
		return 0;
	return waits_on(chain, &stat) ? -EACCES : take_new(chain, &stat);
}
