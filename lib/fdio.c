/*
 * fdio.c - system calls on descriptors, without EINTR, with negative errno.
 */
#include "config.h"

#include "fdio.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int
sse_fd_open_at(int directory, const char *name, int flags)
{
	int fd;

	do
		fd =
		    openat(directory, name, flags | O_CLOEXEC | O_NOCTTY, 0640);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

int
sse_fd_open(const char *path, int flags)
{
	return sse_fd_open_at(AT_FDCWD, path, flags);
}

int
sse_fd_open_unlinked(int directory, const char *path, int flags)
{
	struct open_how how = {
	    .flags = (unsigned)flags | O_CLOEXEC,
	    .resolve = RESOLVE_NO_SYMLINKS,
	};
	long fd;

	do
		fd = syscall(SYS_openat2, directory, path, &how, sizeof(how));
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : (int)fd;
}

void
sse_fd_close(int fd)
{
	/* EINTR too has closed it: trying again could close another's. */
	if (fd >= 0)
		(void)close(fd);
}

/*
 * A file may be given any time by who owns it, and some file systems keep
 * whatever it is: what is further off is as far, so that milliseconds, and
 * their differences, do not overflow.  The nanoseconds of a birth end in 2262.
 */
#define FILE_TIME_S_MAX (INT64_C(1) << 40)
#define BIRTH_S_MAX (INT64_MAX / 1000000000 - 1)

static int64_t
within(int64_t number, int64_t most)
{
	if (number > most)
		return most;
	return number < -most ? -most : number;
}

static int64_t
milliseconds(struct statx_timestamp time)
{
	return within(time.tv_sec, FILE_TIME_S_MAX) * 1000 +
	       time.tv_nsec / 1000000;
}

static int64_t
nanoseconds(struct statx_timestamp time)
{
	return within(time.tv_sec, BIRTH_S_MAX) * 1000000000 + time.tv_nsec;
}

static int
stat_at(int directory, const char *name, int flags, struct sse_file_stat *ret)
{
	struct statx st;
	int got;

	do
		got = statx(directory, name, flags,
		    STATX_BASIC_STATS | STATX_BTIME, &st);
	while (got != 0 && errno == EINTR);
	if (got != 0)
		return -errno;
	*ret = (struct sse_file_stat){
	    .device = makedev(st.stx_dev_major, st.stx_dev_minor),
	    .inode = st.stx_ino,
	    .size = st.stx_size,
	    .birth_ns = -1,
	    .mtime_ms = milliseconds(st.stx_mtime),
	    .ctime_ms = milliseconds(st.stx_ctime),
	    .mode = st.stx_mode,
	    .owner = st.stx_uid,
	    .touched = st.stx_atime.tv_sec == st.stx_mtime.tv_sec &&
		       st.stx_atime.tv_nsec == st.stx_mtime.tv_nsec,
	};
	if (st.stx_mask & STATX_BTIME)
		ret->birth_ns = nanoseconds(st.stx_btime);
	return 0;
}

int
sse_fd_stat(int fd, struct sse_file_stat *ret_stat)
{
	return stat_at(fd, "", AT_EMPTY_PATH, ret_stat);
}

bool
sse_fd_is_of_kernel(int fd)
{
	struct statfs file_system;

	if (fstatfs(fd, &file_system) != 0)
		return false;
	switch (file_system.f_type) {
	case PROC_SUPER_MAGIC:
	case SYSFS_MAGIC:
	case DEBUGFS_MAGIC:
	case TRACEFS_MAGIC:
	case SECURITYFS_MAGIC:
	case CGROUP_SUPER_MAGIC:
	case CGROUP2_SUPER_MAGIC:
		return true;
	default:
		return false;
	}
}

int
sse_path_stat(const char *path, struct sse_file_stat *ret_stat)
{
	return stat_at(AT_FDCWD, path, 0, ret_stat);
}

int
sse_name_stat(int directory, const char *name, struct sse_file_stat *ret_stat)
{
	return stat_at(directory, name, AT_SYMLINK_NOFOLLOW, ret_stat);
}

int
sse_name_readable(int directory, const char *name)
{
	int got;

	do
		got = faccessat(
		    directory, name, R_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW);
	while (got != 0 && errno == EINTR);
	return got == 0 ? 0 : -errno;
}

ssize_t
sse_fd_read(int fd, void *bytes, size_t size)
{
	ssize_t got;

	do
		got = read(fd, bytes, size);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

ssize_t
sse_fd_write(int fd, const void *bytes, size_t size)
{
	ssize_t put;

	do
		put = write(fd, bytes, size);
	while (put < 0 && errno == EINTR);
	return put < 0 ? -errno : put;
}

ssize_t
sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset)
{
	ssize_t got;

	if (offset > INT64_MAX)
		return -EOVERFLOW;
	do
		got = pread(fd, bytes, size, (off_t)offset);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

ssize_t
sse_fd_pread_all(int fd, void *bytes, size_t size, uint64_t offset)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = sse_fd_pread(
		    fd, (char *)bytes + done, size - done, offset + done);

		if (got < 0)
			return got;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

uint64_t
sse_fd_data_from(int fd, uint64_t offset, uint64_t end)
{
	off_t data;

	if (offset > INT64_MAX)
		return offset;
	data = lseek(fd, (off_t)offset, SEEK_DATA);
	if (data < 0)
		return errno == ENXIO && offset < end ? end : offset;
	return (uint64_t)data < end ? (uint64_t)data : end;
}

uint64_t
sse_fd_hole_from(int fd, uint64_t offset, uint64_t end)
{
	off_t hole;

	if (offset > INT64_MAX)
		return end;
	hole = lseek(fd, (off_t)offset, SEEK_HOLE);
	return hole < 0 || (uint64_t)hole > end ? end : (uint64_t)hole;
}

int
sse_fd_nonblocking(int fd, bool nonblocking, bool *ret_was)
{
	int flags = fcntl(fd, F_GETFL);
	int wanted = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;

	if (flags < 0)
		return -errno;
	if (wanted != flags && fcntl(fd, F_SETFL, wanted) != 0)
		return -errno;
	if (ret_was != NULL)
		*ret_was = (flags & O_NONBLOCK) != 0;
	return 0;
}

bool
sse_fd_same(int a, int b)
{
	struct sse_file_stat of_a, of_b;

	return sse_fd_stat(a, &of_a) == 0 && sse_fd_stat(b, &of_b) == 0 &&
	       of_a.device == of_b.device && of_a.inode == of_b.inode;
}
