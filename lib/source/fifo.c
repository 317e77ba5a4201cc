/*
 * fifo.c - opening and locking.
 */
#include "config.h"

#include "source/fifo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/log_names.h"
#include "source/walk.h"

int
fifo_init(struct fifo *fifo, const char *text)
{
	*fifo = (struct fifo){
	    .path = log_names_unescape(text), .fd = -1, .lock_fd = -1};
	return fifo->path != NULL ? 0 : -ENOMEM;
}

/* The one that is read, but not the lock. */
static void
close_read(struct fifo *fifo)
{
	if (fifo->fd != fifo->lock_fd)
		sse_fd_close(fifo->fd);
}

void
fifo_done(struct fifo *fifo)
{
	close_read(fifo);
	sse_fd_close(fifo->lock_fd);
	free(fifo->path);
}

/* A FIFO at the end of a path, or why it is none. */
static int
look_at(const char *path)
{
	struct sse_file_stat stat;
	int error = path != NULL ? walk_stat(path, &stat) : -ENOMEM;

	if (error == 0 && !S_ISFIFO(stat.mode))
		error = RESULT_WRONG_KIND;
	return error;
}

bool
fifo_is_there(const char *text)
{
	char *path = log_names_unescape(text);
	bool is_there = look_at(path) == 0;

	free(path);
	return is_there;
}

int
fifo_look(const char *text)
{
	char *path = log_names_unescape(text);
	int error = look_at(path);

	if (error == 0 && faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
		error = -errno;
	free(path);
	return error;
}

/* A descriptor of the FIFO, or -errno. */
static int
open_path(const char *path)
{
	int fd = walk_open(path, S_IFIFO, O_RDWR);

	return fd < 0 ? walk_open(path, S_IFIFO, O_RDONLY) : fd;
}

/* Only one of those that open a FIFO reads it: 0, RESULT_BUSY, -errno. */
static int
lock(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK ? RESULT_BUSY : -errno;
}

int
fifo_open(struct fifo *fifo)
{
	int fd = open_path(fifo->path);
	bool same = fd >= 0 && sse_fd_same(fd, fifo->lock_fd);
	int error = fd < 0 ? fd : same ? 0 : lock(fd);

	if (error != 0) {
		sse_fd_close(fd);
		return error;
	}
	close_read(fifo);
	if (!same) {
		sse_fd_close(fifo->lock_fd);
		fifo->lock_fd = fd;
	}
	fifo->fd = fd;
	return 0;
}

bool
fifo_is_replaced(const struct fifo *fifo)
{
	struct sse_file_stat there, open;

	return walk_stat(fifo->path, &there) == 0 && S_ISFIFO(there.mode) &&
	       sse_fd_stat(fifo->fd, &open) == 0 &&
	       (there.device != open.device || there.inode != open.inode);
}
