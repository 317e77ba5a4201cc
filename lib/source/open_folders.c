#include "config.h"

#include "source/open_folders.h"

#include <errno.h>
#include <fcntl.h>

#include "base/result.h"
#include "base/shortage.h"
#include "source/walk.h"

/* The log's own folder, or one below, to be read. */
static int
open_folder(int directory, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY;
	struct walk walk;
	int fd, error;

	if (name[0] == '\0')
		return sse_fd_open_at(directory, ".", flags);
	error = walk_from(&walk, directory, name);
	if (error != 0)
		return error;
	fd = sse_fd_open_at(walk.fd, ".", flags);
	walk_done(&walk);
	return fd;
}

/*
 * Where the log's own folder may not be read, the log itself is all that can
 * be seen; with dates not even that.  A folder below may be missing.
 */
static bool
may_be_missing(const struct log_names *names, size_t folder, int error)
{
	if (folder == 0)
		return error == -EACCES && !log_names_are_dated(names);
	return !is_shortage(error);
}

/* The next one; with an error it is not there. */
static int
add_folder(struct open_folders *open, int directory)
{
	size_t i = open->count++;
	int error;

	open->fds[i] = open_folder(directory, log_names_folder(open->names, i));
	error = open->fds[i] < 0 ? open->fds[i]
				 : sse_fd_stat(open->fds[i], &open->stats[i]);
	if (error == 0)
		return 0;
	sse_fd_close(open->fds[i]);
	open->fds[i] = -1;
	return may_be_missing(open->names, i, error) ? 0 : error;
}

int
open_folders_open(
    struct open_folders *open, const struct log_names *names, int directory)
{
	int error = 0;

	*open = (struct open_folders){.names = names};
	while (error == 0 && open->count < log_names_folders(names))
		error = add_folder(open, directory);
	if (error != 0)
		open_folders_close(open);
	return error;
}

void
open_folders_close(struct open_folders *open)
{
	for (size_t i = 0; i < open->count; i++)
		sse_fd_close(open->fds[i]);
	open->count = open->at = 0;
}

int
open_folders_begin(struct open_folders *open)
{
	int error = 0;

	for (size_t i = 0; i < open->count && error == 0; i++)
		if (open->fds[i] >= 0)
			error = folder_begin(open->fds[i]);
	open->at = 0;
	return error;
}

/* One read of a folder, or the end of it: how many names, or an error. */
static int
read_some(struct open_folders *open, const struct folder_taker *taker)
{
	int fd = open->fds[open->at];
	int got = fd >= 0 ? folder_read(fd, taker) : 0;

	if (got < 0 && may_be_missing(open->names, open->at, got))
		got = 0;
	open->at += got == 0;
	return got;
}

int
open_folders_read(
    struct open_folders *open, int names_max, const struct folder_taker *taker)
{
	int got = 0, count = 0;

	while (open->at < open->count && got >= 0) {
		if (count >= names_max)
			return RESULT_PARTIAL;
		got = read_some(open, taker);
		count += got;
	}
	return got < 0 ? got : 0;
}
