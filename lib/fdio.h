/*
 * fdio.h - the system calls on descriptors that the inputs and programs use,
 * without EINTR, and with errors as negative errno values.  It is also the
 * one place where a test can put a failing or slow system.
 */
#ifndef SSE_FDIO_H
#define SSE_FDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a file is, in units that do not depend on the system's types. */
struct sse_file_stat {
	uint64_t device;
	uint64_t inode;
	uint64_t size;    /* bytes */
	int64_t birth_ns; /* since 1970; -1: the file system does not say */
	int64_t mtime_ms; /* modification of the content */
	int64_t ctime_ms; /* of anything: a rename, too */
	uint32_t mode;    /* as st_mode */
	uint32_t owner;
	bool touched; /* its times of access and modification are one */
};

/* open(2), always with O_CLOEXEC and O_NOCTTY. */
int sse_fd_open(const char *path, int flags);

/* openat(2), likewise. */
int sse_fd_open_at(int directory, const char *name, int flags);

/*
 * The same for a path without symbolic links: -ELOOP where it has some, and
 * -ENOSYS, or perhaps -EPERM, where the kernel cannot say.
 */
int sse_fd_open_unlinked(int directory, const char *path, int flags);

/* close(2).  A negative descriptor is allowed. */
void sse_fd_close(int fd);

/* statx(2) of a descriptor, of a path (following links), of a name. */
int sse_fd_stat(int fd, struct sse_file_stat *ret_stat);
int sse_path_stat(const char *path, struct sse_file_stat *ret_stat);
int sse_name_stat(
    int directory, const char *name, struct sse_file_stat *ret_stat);

/*
 * Whether it is in /proc, /sys or the like, whose files the kernel makes up as
 * they are read: they have no size, and nothing is added to them.
 */
bool sse_fd_is_of_kernel(int fd);

/* Whether a name in a folder, which may be a link, may be read: 0 or -errno. */
int sse_name_readable(int directory, const char *name);

/* read(2), write(2), pread(2): the bytes, fewer than asked for perhaps. */
ssize_t sse_fd_read(int fd, void *bytes, size_t size);
ssize_t sse_fd_write(int fd, const void *bytes, size_t size);
ssize_t sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);

/*
 * pread(2) until size bytes or the end of the file: the bytes read, fewer
 * only at the end.
 */
ssize_t sse_fd_pread_all(int fd, void *bytes, size_t size, uint64_t offset);

/*
 * lseek(2) for holes, of a file that is read by pread(2) alone: where data, and
 * where a hole, begin at or after an offset, at most end.  Where the file
 * system does not say, all is data.
 */
uint64_t sse_fd_data_from(int fd, uint64_t offset, uint64_t end);
uint64_t sse_fd_hole_from(int fd, uint64_t offset, uint64_t end);

/* Sets or clears O_NONBLOCK; *ret_was says how it was.  0 or -errno. */
int sse_fd_nonblocking(int fd, bool nonblocking, bool *ret_was);

/* Whether two descriptors are the same file, pipe or socket. */
bool sse_fd_same(int a, int b);

#endif
