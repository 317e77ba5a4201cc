#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "fdio.h"

/* So often a signal comes first, as a file system in user space may say. */
static unsigned interruptions;

static bool
is_interrupted(void)
{
	errno = EINTR;
	return interruptions > 0 && interruptions-- > 0;
}

int __real_statx(
    int folder, const char *name, int flags, unsigned mask, struct statx *st);
int __wrap_statx(
    int folder, const char *name, int flags, unsigned mask, struct statx *st);

int
__wrap_statx(
    int folder, const char *name, int flags, unsigned mask, struct statx *st)
{
	return is_interrupted() ? -1
				: __real_statx(folder, name, flags, mask, st);
}

int __real_faccessat(int folder, const char *name, int mode, int flags);
int __wrap_faccessat(int folder, const char *name, int mode, int flags);

int
__wrap_faccessat(int folder, const char *name, int mode, int flags)
{
	return is_interrupted() ? -1
				: __real_faccessat(folder, name, mode, flags);
}

/* Lives until the next call. */
static const char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", test_directory(), name);
	return path;
}

static int
new_file(const char *name)
{
	int fd = sse_fd_open(path_of(name), O_RDWR | O_CREAT | O_EXCL);

	CHECK(fd >= 0);
	return fd;
}

TEST(opened_for_no_one_else)
{
	int fd = new_file("file");
	struct sse_file_stat st;

	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CHECK_EQUAL_INT(sse_fd_stat(fd, &st), 0);
	CHECK((st.mode & 07137) == 0); /* 0640, less the umask */
	CHECK_EQUAL_INT(
	    sse_fd_open(path_of("file"), O_RDWR | O_CREAT | O_EXCL), -EEXIST);
	CHECK_EQUAL_INT(sse_fd_open(path_of("none"), O_RDONLY), -ENOENT);
	sse_fd_close(fd);
	sse_fd_close(-1);
}

TEST(opened_in_a_directory)
{
	int directory = sse_fd_open(test_directory(), O_RDONLY | O_DIRECTORY);
	int fd = new_file("file");
	int same = sse_fd_open_at(directory, "file", O_RDONLY);

	CHECK(directory >= 0 && same >= 0);
	CHECK(sse_fd_same(fd, same));
	CHECK(!sse_fd_same(fd, directory));
	CHECK(!sse_fd_same(fd, -1));
	CHECK_EQUAL_INT(sse_fd_open_at(directory, "none", O_RDONLY), -ENOENT);
	sse_fd_close(same);
	sse_fd_close(fd);
	sse_fd_close(directory);
}

/* Member by member: what lies between members may differ. */
static bool
same_stat(const struct sse_file_stat *a, const struct sse_file_stat *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && a->birth_ns == b->birth_ns &&
	       a->mtime_ms == b->mtime_ms && a->ctime_ms == b->ctime_ms &&
	       a->mode == b->mode && a->owner == b->owner &&
	       a->touched == b->touched;
}

TEST(what_a_file_is)
{
	int fd = new_file("file");
	struct sse_file_stat st, of_path;
	struct stat want;

	CHECK_EQUAL_INT(sse_fd_write(fd, "12345", 5), 5);
	CHECK_EQUAL_INT(sse_fd_stat(fd, &st), 0);
	CHECK_EQUAL_INT(fstat(fd, &want), 0);
	CHECK(st.device == want.st_dev && st.inode == want.st_ino);
	CHECK(st.mode == want.st_mode && st.owner == want.st_uid);
	CHECK_EQUAL_INT(st.size, 5);
	CHECK_EQUAL_INT(st.mtime_ms,
	    want.st_mtim.tv_sec * 1000LL + want.st_mtim.tv_nsec / 1000000);
	CHECK_EQUAL_INT(st.ctime_ms,
	    want.st_ctim.tv_sec * 1000LL + want.st_ctim.tv_nsec / 1000000);
	CHECK(st.birth_ns == -1 || st.birth_ns / 1000000 <= st.ctime_ms);
	CHECK_EQUAL_INT(sse_path_stat(path_of("file"), &of_path), 0);
	CHECK(same_stat(&st, &of_path));
	sse_fd_close(fd);
}

/* A file in memory keeps whatever time it is given. */
TEST(the_furthest_times_are_far_from_now)
{
	const time_t most =
	    (time_t)(sizeof(time_t) > 4 ? INT64_MAX : INT32_MAX);
	const struct timespec late = {.tv_sec = most, .tv_nsec = 999999999};
	const struct timespec early = {.tv_sec = -most - 1};
	int fd = memfd_create("file", MFD_CLOEXEC);
	struct sse_file_stat st;

	CHECK(fd >= 0);
	CHECK_EQUAL_INT(futimens(fd, (const struct timespec[]){late, late}), 0);
	CHECK_EQUAL_INT(sse_fd_stat(fd, &st), 0);
	CHECK(st.mtime_ms > st.ctime_ms);
	CHECK_EQUAL_INT(
	    futimens(fd, (const struct timespec[]){early, early}), 0);
	CHECK_EQUAL_INT(sse_fd_stat(fd, &st), 0);
	CHECK(st.mtime_ms < 0);
	sse_fd_close(fd);
}

TEST(links_are_followed_by_path_and_not_by_name)
{
	int fd = new_file("file");
	int directory = sse_fd_open(test_directory(), O_RDONLY | O_DIRECTORY);
	struct sse_file_stat st = {.size = 77};

	CHECK_EQUAL_INT(symlink("file", path_of("link")), 0);
	CHECK_EQUAL_INT(sse_path_stat(path_of("none"), &st), -ENOENT);
	CHECK_EQUAL_INT(sse_name_stat(directory, "none", &st), -ENOENT);
	CHECK_EQUAL_INT(sse_fd_stat(-1, &st), -EBADF);
	CHECK_EQUAL_INT(st.size, 77);
	CHECK_EQUAL_INT(sse_path_stat(path_of("link"), &st), 0);
	CHECK(S_ISREG(st.mode));
	CHECK_EQUAL_INT(sse_name_stat(directory, "link", &st), 0);
	CHECK(S_ISLNK(st.mode));
	sse_fd_close(directory);
	sse_fd_close(fd);
}

TEST(read_at_a_place)
{
	int fd = new_file("file");
	char text[16];

	CHECK_EQUAL_INT(sse_fd_write(fd, "0123456789", 10), 10);
	CHECK_EQUAL_INT(sse_fd_read(fd, text, 5), 0);
	CHECK_EQUAL_INT(sse_fd_pread(fd, text, 3, 4), 3);
	CHECK(memcmp(text, "456", 3) == 0);
	CHECK_EQUAL_INT(sse_fd_pread_all(fd, text, 16, 3), 7);
	CHECK(memcmp(text, "3456789", 7) == 0);
	CHECK_EQUAL_INT(sse_fd_pread_all(fd, text, 0, 3), 0);
	CHECK_EQUAL_INT(sse_fd_pread_all(fd, text, 16, 1000), 0);
	CHECK_EQUAL_INT(
	    sse_fd_pread(fd, text, 1, (uint64_t)INT64_MAX + 1), -EOVERFLOW);
	CHECK_EQUAL_INT(sse_fd_pread_all(fd, text, 1, UINT64_MAX), -EOVERFLOW);
	CHECK_EQUAL_INT(sse_fd_read(-1, text, 1), -EBADF);
	CHECK_EQUAL_INT(sse_fd_write(-1, text, 1), -EBADF);
	CHECK_EQUAL_INT(sse_fd_pread_all(-1, text, 1, 0), -EBADF);
	sse_fd_close(fd);
}

TEST(without_waiting)
{
	int ends[2];
	char byte;
	bool was = true;

	CHECK_EQUAL_INT(pipe(ends), 0);
	CHECK_EQUAL_INT(sse_fd_nonblocking(ends[0], true, &was), 0);
	CHECK(!was);
	CHECK_EQUAL_INT(sse_fd_read(ends[0], &byte, 1), -EAGAIN);
	CHECK_EQUAL_INT(sse_fd_nonblocking(ends[0], true, &was), 0);
	CHECK(was);
	CHECK_EQUAL_INT(sse_fd_nonblocking(ends[0], false, NULL), 0);
	CHECK((fcntl(ends[0], F_GETFL) & O_NONBLOCK) == 0);
	CHECK_EQUAL_INT(sse_fd_nonblocking(-1, true, &was), -EBADF);
	sse_fd_close(ends[0]);
	sse_fd_close(ends[1]);
}

static volatile sig_atomic_t signals;
static int pipe_ends[2];

static void
count_and_write(int number)
{
	(void)number;
	/* Only after the second signal is there something to read. */
	if (++signals == 2 && write(pipe_ends[1], "x", 1) != 1)
		_exit(2);
}

TEST(a_signal_does_not_end_a_read)
{
	struct sigaction action = {.sa_handler = count_and_write};
	struct itimerval timer = {{0, 5000}, {0, 5000}}, off = {{0, 0}, {0, 0}};
	char byte;

	CHECK_EQUAL_INT(pipe(pipe_ends), 0);
	CHECK_EQUAL_INT(sigaction(SIGALRM, &action, NULL), 0);
	CHECK_EQUAL_INT(setitimer(ITIMER_REAL, &timer, NULL), 0);
	CHECK_EQUAL_INT(sse_fd_read(pipe_ends[0], &byte, 1), 1);
	CHECK_EQUAL_INT(setitimer(ITIMER_REAL, &off, NULL), 0);
	CHECK(signals >= 2);
	sse_fd_close(pipe_ends[0]);
	sse_fd_close(pipe_ends[1]);
}

TEST(a_signal_does_not_end_a_look)
{
	int fd = new_file("file");
	struct sse_file_stat st;

	interruptions = 2;
	CHECK_EQUAL_INT(sse_fd_stat(fd, &st), 0);
	interruptions = 2;
	CHECK_EQUAL_INT(sse_path_stat(path_of("file"), &st), 0);
	interruptions = 2;
	CHECK_EQUAL_INT(sse_name_readable(AT_FDCWD, path_of("file")), 0);
	CHECK_EQUAL_INT(interruptions, 0);
	CHECK_EQUAL_INT(sse_path_stat(path_of("none"), &st), -ENOENT);
	sse_fd_close(fd);
}
