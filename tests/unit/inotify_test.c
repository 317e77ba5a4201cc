/*
 * One instance, and several who watch by it: the same file or folder, or others
 * that come and go.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fdio.h"
#include "source/inotify.h"

#define MANY 500

ssize_t __real_sse_fd_read(int fd, void *buf, size_t size);
ssize_t __wrap_sse_fd_read(int fd, void *buf, size_t size);

static int error; /* of reading; 0: none */
static bool floods;
static int reads;

/* Of what there is no end of: hints of nothing, up to the last byte. */
static ssize_t
flood(void *buf, size_t size)
{
	memset(buf, 0, size);
	return (ssize_t)size;
}

ssize_t
__wrap_sse_fd_read(int fd, void *buf, size_t size)
{
	reads++;
	if (floods)
		return flood(buf, size);
	return error != 0 ? error : __real_sse_fd_read(fd, buf, size);
}

/* What one was told: the first letter of each kind, and names. */
struct ear {
	struct inotify *inotify;
	struct inotify_user user;
	char heard[4096];
	bool forgets; /* when it hears something */
};

static void
hear(void *context, const struct hint *hint)
{
	static const char *const letters[] = {[HINT_CHANGED] = "changed",
	    [HINT_CAME] = "came",
	    [HINT_WENT] = "went",
	    [HINT_MOVED] = "moved",
	    [HINT_OVER] = "over",
	    [HINT_LOST] = "lost"};
	struct ear *ear = context;
	size_t size = strlen(ear->heard);

	(void)snprintf(ear->heard + size, sizeof(ear->heard) - size,
	    "%s%s%s%s ", letters[hint->kind], hint->name[0] != '\0' ? ":" : "",
	    hint->name, hint->is_folder ? "/" : "");
	if (ear->forgets)
		inotify_forget(ear->inotify, &ear->user);
}

static void
ear_init(struct ear *ear, struct inotify *inotify)
{
	*ear = (struct ear){.inotify = inotify};
	ear->user.tell = hear;
	ear->user.context = ear;
}

/* What it has heard since it was asked before. */
static const char *
news(struct ear *ear)
{
	static char heard[4096];

	inotify_drain(ear->inotify);
	(void)snprintf(heard, sizeof(heard), "%s", ear->heard);
	ear->heard[0] = '\0';
	return heard;
}

#define CHECK_HEARD(ear, want) CHECK(strcmp(news(ear), want) == 0)

static int
make(const char *name)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	return fd;
}

static void
write_to(int fd)
{
	CHECK(write(fd, "x", 1) == 1);
}

TEST(all_who_watch_a_file_are_told)
{
	struct inotify *inotify = inotify_new();
	int fd = make("log"), again = make("log");
	struct ear one, other;

	CHECK(inotify_fd(inotify) >= 0);
	ear_init(&one, inotify);
	ear_init(&other, inotify);
	CHECK(inotify_watch_file(inotify, fd, &one.user));
	CHECK(inotify_watch_file(inotify, again, &other.user));
	CHECK(one.user.mark == other.user.mark);
	write_to(fd);
	CHECK_HEARD(&one, "changed ");
	CHECK_HEARD(&other, "changed ");
	/* One that goes does not take it with it. */
	inotify_forget(inotify, &one.user);
	write_to(fd);
	CHECK_HEARD(&other, "changed ");
	CHECK_HEARD(&one, "");
	inotify_forget(inotify, &other.user);
	write_to(fd);
	CHECK_HEARD(&other, "");
	close(fd);
	close(again);
	inotify_free(inotify);
}

TEST(one_that_watches_something_else_leaves_what_it_watched)
{
	struct inotify *inotify = inotify_new();
	int first = make("first"), second = make("second");
	struct ear ear;

	ear_init(&ear, inotify);
	CHECK(inotify_watch_file(inotify, first, &ear.user));
	CHECK(inotify_watch_file(inotify, first, &ear.user));
	CHECK(inotify_watch_file(inotify, second, &ear.user));
	write_to(first);
	CHECK_HEARD(&ear, "");
	write_to(second);
	CHECK_HEARD(&ear, "changed ");
	/* A folder that is not there is none. */
	CHECK(!inotify_watch_path(inotify, test_path("none"), &ear.user));
	CHECK(ear.user.mark == NULL);
	write_to(second);
	CHECK_HEARD(&ear, "");
	close(first);
	close(second);
	inotify_free(inotify);
}

TEST(names_that_come_and_go_are_told_of_a_path_and_of_an_open_folder)
{
	struct inotify *inotify = inotify_new();
	struct ear path, folder;
	int fd;

	ear_init(&path, inotify);
	ear_init(&folder, inotify);
	CHECK(mkdir(test_path("d"), 0700) == 0);
	fd = open(test_path("d"), O_RDONLY | O_DIRECTORY);
	CHECK(inotify_watch_path(inotify, test_path("d"), &path.user));
	CHECK(inotify_watch_folder(inotify, fd, &folder.user));
	CHECK(path.user.mark == folder.user.mark);
	close(make("d/a"));
	CHECK(rename(test_path("d/a"), test_path("d/b")) == 0);
	CHECK(unlink(test_path("d/b")) == 0);
	CHECK(mkdir(test_path("d/c"), 0700) == 0);
	CHECK_HEARD(&path, "came:a went:a came:b went:b came:c/ ");
	CHECK_HEARD(&folder, "came:a went:a came:b went:b came:c/ ");
	/* Who forgets it meanwhile does not keep the others from hearing. */
	path.forgets = true;
	CHECK(rename(test_path("d"), test_path("e")) == 0);
	CHECK_HEARD(&path, "moved ");
	CHECK_HEARD(&folder, "moved ");
	CHECK(path.user.mark == NULL);
	folder.forgets = true;
	close(make("e/f"));
	close(make("e/g"));
	CHECK_HEARD(&folder, "came:f ");
	CHECK(folder.user.mark == NULL);
	close(fd);
	inotify_free(inotify);
}

/* One that comes to others is not told what they are still to hear. */
TEST(what_happened_before_one_came_is_told_to_the_others)
{
	struct inotify *inotify = inotify_new();
	struct ear first, last;

	ear_init(&first, inotify);
	ear_init(&last, inotify);
	CHECK(mkdir(test_path("d"), 0700) == 0);
	CHECK(inotify_watch_path(inotify, test_path("d"), &first.user));
	close(make("d/a"));
	CHECK(inotify_watch_path(inotify, test_path("d"), &last.user));
	close(make("d/b"));
	CHECK_HEARD(&last, "came:b ");
	CHECK_HEARD(&first, "came:a came:b ");
	inotify_forget(inotify, &first.user);
	inotify_forget(inotify, &last.user);
	inotify_free(inotify);
}

TEST(of_names_that_begin_otherwise_nothing_is_told)
{
	struct inotify *inotify = inotify_new();
	struct ear some, all;
	char name[NAME_MAX + 1];

	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	ear_init(&some, inotify);
	ear_init(&all, inotify);
	CHECK(mkdir(test_path("d"), 0700) == 0);
	inotify_set_prefix(&some.user, "app.log", strlen("app.log"));
	CHECK(inotify_watch_path(inotify, test_path("d"), &some.user));
	CHECK(inotify_watch_path(inotify, test_path("d"), &all.user));
	close(make("d/app.lo"));
	close(make("d/app.log"));
	close(make("d/app.log.1"));
	close(make("d/sapp.log"));
	CHECK_HEARD(&some, "came:app.log came:app.log.1 ");
	CHECK_HEARD(
	    &all, "came:app.lo came:app.log came:app.log.1 came:sapp.log ");
	/* Of a long one the beginning is looked at. */
	inotify_set_prefix(&some.user, name, NAME_MAX);
	CHECK_EQUAL_INT(some.user.prefix_size, INOTIFY_PREFIX_MAX);
	CHECK(rename(test_path("d/app.lo"), test_path("d/nn")) == 0);
	CHECK_HEARD(&some, "");
	/* That it has moved is said to all. */
	CHECK(rename(test_path("d"), test_path("e")) == 0);
	CHECK_HEARD(&some, "moved ");
	inotify_forget(inotify, &some.user);
	inotify_forget(inotify, &all.user);
	inotify_free(inotify);
}

TEST(a_folder_that_is_removed_is_watched_no_more)
{
	struct inotify *inotify = inotify_new();
	struct ear one, other;

	ear_init(&one, inotify);
	ear_init(&other, inotify);
	CHECK(mkdir(test_path("d"), 0700) == 0);
	CHECK(inotify_watch_path(inotify, test_path("d"), &one.user));
	CHECK(inotify_watch_path(inotify, test_path("d"), &other.user));
	CHECK(rmdir(test_path("d")) == 0);
	CHECK_HEARD(&one, "changed over ");
	CHECK_HEARD(&other, "changed over ");
	CHECK(one.user.mark == NULL && other.user.mark == NULL);
	inotify_free(inotify);
}

TEST(each_of_many_hears_of_its_own)
{
	static struct ear ears[MANY];
	struct inotify *inotify = inotify_new();
	static int fds[MANY];
	char name[32];

	for (int i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof(name), "log.%d", i);
		fds[i] = make(name);
		ear_init(&ears[i], inotify);
		CHECK(inotify_watch_file(inotify, fds[i], &ears[i].user));
	}
	for (int i = 0; i < MANY; i += 3)
		write_to(fds[i]);
	/* A third of those that were written to. */
	for (int i = 0; i < MANY; i += 9)
		inotify_forget(inotify, &ears[i].user);
	for (int i = 0; i < MANY; i += 9)
		CHECK(inotify_watch_file(inotify, fds[i], &ears[i].user));
	for (int i = 0; i < MANY; i++)
		CHECK_HEARD(
		    &ears[i], i % 3 == 0 && i % 9 != 0 ? "changed " : "");
	for (int i = 0; i < MANY; i++) {
		inotify_forget(inotify, &ears[i].user);
		close(fds[i]);
	}
	inotify_free(inotify);
}

/* It would be ready all the time. */
TEST(what_cannot_be_read_gives_no_hints_any_more)
{
	struct inotify *inotify = inotify_new();
	int fd = make("log");
	struct ear file, folder;

	ear_init(&file, inotify);
	ear_init(&folder, inotify);
	CHECK(inotify_watch_file(inotify, fd, &file.user));
	CHECK(inotify_watch_path(inotify, test_path("."), &folder.user));
	error = -EIO;
	CHECK_HEARD(&file, "lost ");
	CHECK_HEARD(&folder, "lost ");
	CHECK_EQUAL_INT(inotify_fd(inotify), -1);
	CHECK(!inotify_drain_folder(inotify, fd));
	error = 0;
	CHECK(!inotify_watch_file(inotify, fd, &file.user));
	CHECK(file.user.mark == NULL);
	CHECK_HEARD(&folder, "");
	inotify_forget(inotify, &folder.user);
	close(fd);
	inotify_free(inotify);
}

TEST(what_comes_without_end_is_lost)
{
	struct inotify *inotify = inotify_new();
	int fd = make("log");
	struct ear ear;

	ear_init(&ear, inotify);
	CHECK(inotify_watch_file(inotify, fd, &ear.user));
	floods = true;
	reads = 0;
	CHECK_HEARD(&ear, "lost ");
	CHECK_EQUAL_INT(reads, INOTIFY_READS_MAX);
	floods = false;
	/* It goes on. */
	write_to(fd);
	CHECK_HEARD(&ear, "changed ");
	inotify_forget(inotify, &ear.user);
	close(fd);
	inotify_free(inotify);
}
