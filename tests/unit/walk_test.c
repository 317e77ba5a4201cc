/*
 * walk_test.c - which links are followed, and what is opened.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/walk.h"

#define APP 1111   /* who may write in the folder of its log */
#define OTHER 2222 /* whose files it may not read */

/* As in a chroot that has no /proc. */
static bool proc_is_missing;

/* As on a kernel that cannot say whether there are links on a way. */
static bool links_are_unknown;

static unsigned steps; /* names that were opened one by one */

int __real_sse_fd_open(const char *path, int flags);
int __wrap_sse_fd_open(const char *path, int flags);

int
__wrap_sse_fd_open(const char *path, int flags)
{
	return proc_is_missing && strncmp(path, "/proc/", 6) == 0
		   ? -ENOENT
		   : __real_sse_fd_open(path, flags);
}

int __real_sse_fd_open_unlinked(int directory, const char *path, int flags);
int __wrap_sse_fd_open_unlinked(int directory, const char *path, int flags);

int
__wrap_sse_fd_open_unlinked(int directory, const char *path, int flags)
{
	return links_are_unknown
		   ? -ENOSYS
		   : __real_sse_fd_open_unlinked(directory, path, flags);
}

int __real_sse_fd_open_at(int directory, const char *name, int flags);
int __wrap_sse_fd_open_at(int directory, const char *name, int flags);

int
__wrap_sse_fd_open_at(int directory, const char *name, int flags)
{
	steps++;
	return __real_sse_fd_open_at(directory, name, flags);
}

/* So often a signal comes first, as a file system in user space may say. */
static unsigned interruptions;

ssize_t __real_readlinkat(int fd, const char *name, char *text, size_t size);
ssize_t __wrap_readlinkat(int fd, const char *name, char *text, size_t size);

ssize_t
__wrap_readlinkat(int fd, const char *name, char *text, size_t size)
{
	if (interruptions == 0)
		return __real_readlinkat(fd, name, text, size);
	interruptions--;
	errno = EINTR;
	return -1;
}

static bool
is_root(void)
{
	if (geteuid() == 0)
		return true;
	printf("# needs root: skipped\n");
	return false;
}

static void
give(const char *name, uid_t owner)
{
	CHECK(lchown(test_path(name), owner, (gid_t)-1) == 0);
}

static void
make_file(const char *name, uid_t owner)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT, 0600);

	CHECK(fd >= 0);
	close(fd);
	give(name, owner);
}

static void
make_link(const char *name, const char *target, uid_t owner)
{
	CHECK(symlink(target, test_path(name)) == 0);
	give(name, owner);
}

static void
make_folder(const char *name, uid_t owner)
{
	CHECK(mkdir(test_path(name), 0755) == 0);
	give(name, owner);
}

/* A folder of each, with a file in it, and links to them. */
static void
make_world(void)
{
	make_folder("app", APP);
	make_file("app/log", APP);
	make_folder("other", OTHER);
	make_file("other/log", OTHER);
	make_file("root", 0);
	make_folder("app/deep", APP);

	make_link("app/to-own", "log", APP);
	make_link("app/to-other", "../other/log", APP);
	make_link("app/to-root", "../root", APP);
	make_link("app/by-root", "../other/log", 0);
	make_link("app/by-other", "../other/log", OTHER);
	make_link("app/folder", "../other", APP);
	make_link("app/own-folder", "deep/..", APP);
	make_link("app/twice", "to-other", APP);
	make_link("app/twice-own", "to-own", APP);
	make_link("app/trusted-twice", "to-other", 0);
	make_link("app/nowhere", "missing", APP);
	make_link("app/nowhere-there", "../other/missing", APP);
	make_link("app/circle", "circle", APP);
	make_link("app/through", "folder/log", APP);
}

static const struct {
	const char *path;
	int error;
	uint32_t owner; /* of what is there */
} ways[] = {
    {"app/log", 0, APP},
    {"app//deep/.././log", 0, APP},
    {"app/to-own", 0, APP},
    {"app/twice-own", 0, APP},
    {"app/by-root", 0, OTHER},
    {"app/by-other", 0, OTHER},
    {"app/own-folder/log", 0, APP},
    {"app/to-other", RESULT_REFUSED, 0},
    {"app/to-root", RESULT_REFUSED, 0},
    {"app/twice", RESULT_REFUSED, 0},
    {"app/trusted-twice", RESULT_REFUSED, 0},
    {"app/folder/log", RESULT_REFUSED, 0},
    {"app/folder/missing", RESULT_REFUSED, 0},
    {"app/through", RESULT_REFUSED, 0},
    {"app/own-folder/to-other", RESULT_REFUSED, 0},
    {"app/nowhere", -ENOENT, 0},
    {"app/circle", -ELOOP, 0},
    {"app/missing", -ENOENT, 0},
    {"missing/log", -ENOENT, 0},
    {"app/log/", -ENOTDIR, 0},
    {"app/log/log", -ENOTDIR, 0},
    {"app/to-own/", -ENOTDIR, 0},
};

static void
check_ways(void)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *path = test_path(ways[i].path);
		struct sse_file_stat stat = {.owner = 0};
		struct walk walk;
		int got = walk_stat(path, &stat);

		printf("# %s\n", ways[i].path);
		CHECK_EQUAL_INT(got, ways[i].error);
		CHECK_EQUAL_INT(walk_to(&walk, path), ways[i].error);
		if (got != 0) {
			CHECK_EQUAL_INT(
			    walk_open(path, S_IFREG, O_RDONLY), got);
			continue;
		}
		CHECK_EQUAL_INT(stat.owner, ways[i].owner);
		CHECK_EQUAL_INT(walk.stat.inode, stat.inode);
		CHECK(strcmp(walk.name, "log") == 0);
		walk_done(&walk);
	}
}

TEST(a_link_is_followed_for_root_for_us_and_for_the_owner_of_its_target)
{
	if (!is_root())
		return;
	make_world();
	check_ways();
	links_are_unknown = true;
	check_ways();
	links_are_unknown = false;
}

TEST(a_way_without_links_is_gone_in_one_step)
{
	struct walk walk, again;

	CHECK(mkdir(test_path("a"), 0700) == 0);
	CHECK(mkdir(test_path("a/b"), 0700) == 0);
	CHECK(mkdir(test_path("a/b/c"), 0700) == 0);
	steps = 0;
	CHECK_EQUAL_INT(walk_to(&walk, test_path("a/b/c")), 0);
	CHECK_EQUAL_INT(steps, 1);
	links_are_unknown = true;
	CHECK_EQUAL_INT(walk_to(&again, test_path("a/b/c")), 0);
	links_are_unknown = false;
	CHECK(steps > 3);
	CHECK_EQUAL_INT(walk.stat.inode, again.stat.inode);
	walk_done(&walk);
	walk_done(&again);
}

/* So it is for each of many: root's links, and links of root. */
TEST(our_own_links_are_followed_to_others_files)
{
	struct sse_file_stat stat;

	if (!is_root())
		return;
	make_world();
	CHECK(chmod(test_directory(), 0755) == 0);
	CHECK(chmod(test_path("other"), 0755) == 0);
	CHECK(seteuid(APP) == 0);
	CHECK_EQUAL_INT(walk_stat(test_path("app/to-other"), &stat), 0);
	CHECK_EQUAL_INT(
	    walk_open(test_path("app/to-other"), S_IFREG, O_RDONLY), -EACCES);
	CHECK(seteuid(0) == 0);
	give("app/to-other", 3333);
	CHECK(seteuid(APP) == 0);
	CHECK_EQUAL_INT(
	    walk_stat(test_path("app/to-other"), &stat), RESULT_REFUSED);
	CHECK(seteuid(0) == 0);
}

TEST(a_refusal_says_what_to_write)
{
	char reason[WALK_REASON_SIZE_MAX], want[WALK_REASON_SIZE_MAX];

	if (!is_root())
		return;
	make_world();
	CHECK(walk_explain(test_path("app/trusted-twice"), reason));
	snprintf(want, sizeof(want),
	    "The link %s, of user 1111, leads to a file of user 2222, and is "
	    "not followed: write the target's path instead, or chown -h root "
	    "the link",
	    test_path("app/to-other"));
	CHECK_EQUAL_TEXT(sse_slice(reason), sse_slice(want));
	CHECK(!walk_explain(test_path("app/log"), reason));
	CHECK(!walk_explain(test_path("app/missing"), reason));
}

/* A FIFO that is opened has a reader; of a device nobody knows. */
TEST(only_what_is_asked_for_is_opened)
{
	static const char *const names[] = {"file", "fifo", "folder", "device"};
	struct sse_file_stat stat;
	int folder = open(test_directory(), O_PATH), fd;

	CHECK(close(open(test_path("file"), O_WRONLY | O_CREAT, 0600)) == 0);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK(mkdir(test_path("folder"), 0700) == 0);
	CHECK(symlink("/dev/zero", test_path("device")) == 0);
	for (size_t i = 0; i < 4; i++) {
		bool is_link = i == 3;

		fd = walk_open(test_path(names[i]), S_IFREG, O_RDONLY);
		CHECK(i == 0 ? fd >= 0 : fd == RESULT_WRONG_KIND);
		CHECK(fd < 0 || close(fd) == 0);
		fd = walk_open(test_path(names[i]), S_IFIFO, O_RDONLY);
		CHECK(i == 1 ? fd >= 0 : fd == RESULT_WRONG_KIND);
		CHECK(fd < 0 || close(fd) == 0);
		fd = walk_open_name(folder, names[i], S_IFREG, O_RDONLY, &stat);
		CHECK(i == 0    ? fd >= 0
		      : is_link ? fd == -ELOOP
				: fd == RESULT_WRONG_KIND);
		CHECK(fd < 0 || close(fd) == 0);
	}
	fd = open(test_path("fifo"), O_WRONLY | O_NONBLOCK);
	CHECK(fd < 0 && errno == ENXIO);
	close(folder);
}

/* And of what was known to be a file, whatever it is by now. */
TEST(what_was_known_is_opened_in_one_call)
{
	static const char *const names[] = {"file", "fifo", "folder", "link"};
	static const int wanted[] = {
	    0, RESULT_WRONG_KIND, RESULT_WRONG_KIND, -ELOOP};
	int folder = open(test_directory(), O_PATH);
	struct sse_file_stat stat = {0};

	CHECK(close(open(test_path("file"), O_WRONLY | O_CREAT, 0600)) == 0);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK(mkdir(test_path("folder"), 0700) == 0);
	CHECK(symlink("file", test_path("link")) == 0);
	for (size_t i = 0; i < 4; i++) {
		int fd =
		    walk_open_known(folder, names[i], S_IFREG, O_RDONLY, &stat);

		CHECK(i == 0 ? fd >= 0 : fd == wanted[i]);
		CHECK(fd < 0 || close(fd) == 0);
	}
	CHECK_EQUAL_INT(
	    walk_open_known(folder, "none", S_IFREG, O_RDONLY, &stat), -ENOENT);
	close(folder);
}

TEST(a_folder_is_guarded_where_only_root_and_we_may_write)
{
	const uint32_t us = geteuid(), others = us + 1;
	const struct {
		uint32_t mode, owner;
		bool guarded;
	} cases[] = {
	    {S_IFDIR | 0700, us, true},
	    {S_IFDIR | 0755, us, true},
	    {S_IFDIR | 0755, 0, true},
	    {S_IFDIR | 0755, others, false},
	    {S_IFDIR | 0775, us, false},
	    {S_IFDIR | 0757, 0, false},
	    {S_IFDIR | 01777, 0, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sse_file_stat stat = {
		    .mode = cases[i].mode, .owner = cases[i].owner};

		CHECK_EQUAL_INT(walk_is_guarded(&stat), cases[i].guarded);
	}
}

/* What the kernel's own links lead to has no path. */
TEST(a_descriptor_of_ours_is_a_way)
{
	char path[64];
	int ends[2], fd;

	CHECK(pipe(ends) == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	fd = walk_open(path, S_IFIFO, O_RDONLY);
	CHECK(fd >= 0);
	close(fd);
	close(ends[0]);
	close(ends[1]);
}

TEST(a_way_is_as_long_as_the_kernel_lets_it_be)
{
	char name[NAME_MAX + 2], target[16], link[16];
	struct sse_file_stat stat;

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CHECK_EQUAL_INT(walk_stat(name, &stat), -ENAMETOOLONG);
	CHECK_EQUAL_INT(walk_stat("", &stat), -ENOENT);
	CHECK_EQUAL_INT(walk_stat("/", &stat), 0);
	CHECK(close(open(test_path("0"), O_WRONLY | O_CREAT, 0600)) == 0);
	for (int i = 1; i <= WALK_LINKS_MAX + 1; i++) {
		snprintf(target, sizeof(target), "%d", i - 1);
		snprintf(link, sizeof(link), "%d", i);
		CHECK(symlink(target, test_path(link)) == 0);
		CHECK_EQUAL_INT(walk_stat(test_path(link), &stat),
		    i <= WALK_LINKS_MAX ? 0 : -ELOOP);
	}
}

/* Who may write in the folder of a log can make its way as long as he likes. */
TEST(a_way_with_links_has_so_many_names)
{
	static char target[2 * WALK_NAMES_MAX + 1];
	struct sse_file_stat stat;
	size_t names = WALK_NAMES_MAX / 2;

	CHECK(symlink(".", test_path("self")) == 0);
	memcpy(target, "self/", 5);
	for (size_t i = 0; i < names; i++)
		memcpy(target + 5 + 2 * i, "./", 2);
	CHECK(symlink(target, test_path("one")) == 0);
	CHECK_EQUAL_INT(walk_stat(test_path("one"), &stat), 0);
	memcpy(target + 5 + 2 * names, "one", 3);
	CHECK(symlink(target, test_path("two")) == 0);
	CHECK_EQUAL_INT(walk_stat(test_path("two"), &stat), -ELOOP);
}

TEST(without_proc_a_name_is_opened_again)
{
	struct sse_file_stat stat, found;
	int folder = open(test_path("."), O_RDONLY | O_DIRECTORY);
	int fd;

	make_file("log", geteuid());
	CHECK(symlink("log", test_path("link")) == 0);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	proc_is_missing = true;
	fd = walk_open(test_path("link"), S_IFREG, O_RDONLY);
	CHECK(fd >= 0);
	CHECK_EQUAL_INT(sse_fd_stat(fd, &stat), 0);
	close(fd);
	fd = walk_open_name(folder, "log", S_IFREG, O_RDONLY, &found);
	CHECK(fd >= 0);
	CHECK(stat.inode == found.inode && stat.device == found.device);
	close(fd);
	CHECK_EQUAL_INT(
	    walk_open(test_path("fifo"), S_IFREG, O_RDONLY), RESULT_WRONG_KIND);
	CHECK_EQUAL_INT(
	    walk_open_name(folder, "link", S_IFREG, O_RDONLY, NULL), -ELOOP);
	CHECK_EQUAL_INT(
	    walk_open(test_path("none"), S_IFREG, O_RDONLY), -ENOENT);
	proc_is_missing = false;
	close(folder);
}

TEST(a_signal_does_not_end_a_way)
{
	struct sse_file_stat stat;

	close(open(test_path("log"), O_WRONLY | O_CREAT, 0600));
	CHECK(symlink("log", test_path("link")) == 0);
	interruptions = 2;
	CHECK_EQUAL_INT(walk_stat(test_path("link"), &stat), 0);
	CHECK_EQUAL_INT(interruptions, 0);
	CHECK(S_ISREG(stat.mode));
}
