/*
 * The files of a log as they were: what is opened of them, by whom, and
 * whether they still are these.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/snapshot.h"

static void
make(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* The file of that name, which is not open. */
static void
add(struct snapshot *snapshot, const char *name)
{
	struct candidate candidate = {.fd = -1};

	(void)snprintf(candidate.name, sizeof(candidate.name), "%s", name);
	CHECK_EQUAL_INT(sse_path_stat(test_path(name), &candidate.stat), 0);
	candidate.file = fingerprint_file(&candidate.stat);
	CHECK_EQUAL_INT(
	    snapshot_insert(snapshot, snapshot->count, &candidate), 0);
}

static void
set(struct snapshot *snapshot, const char *name)
{
	*snapshot = (struct snapshot){.has_folder = true};
	snapshot->folder = open(test_directory(), O_RDONLY | O_DIRECTORY);
	CHECK(snapshot->folder >= 0);
	add(snapshot, name);
}

static bool
is_file(int fd, const char *name)
{
	struct sse_file_stat one, other;

	return sse_fd_stat(fd, &one) == 0 &&
	       sse_path_stat(test_path(name), &other) == 0 &&
	       fingerprint_same_file(&one, &other);
}

TEST(candidates_stand_where_they_are_put)
{
	struct snapshot snapshot = {0};
	const size_t count = 25;

	/* Each in the middle of those before. */
	for (size_t i = 0; i < count; i++) {
		struct candidate one = {.fd = -1, .file = (uint64_t)i};

		CHECK_EQUAL_INT(snapshot_insert(&snapshot, i / 2, &one), 0);
	}
	for (size_t i = 0; i < count; i++)
		CHECK_EQUAL_INT(snapshot.candidates[i].file,
		    i < count / 2 ? 2 * i + 1 : 2 * (count - 1 - i));
	snapshot_remove(&snapshot, 0);
	snapshot_remove(&snapshot, snapshot.count - 1);
	CHECK_EQUAL_INT(snapshot.count, count - 2);
	CHECK_EQUAL_INT(snapshot.candidates[0].file, 3);
	snapshot_done(&snapshot);
	CHECK_EQUAL_INT(snapshot.count, 0);
}

TEST(a_candidate_is_opened_for_a_moment_or_for_good)
{
	struct snapshot snapshot;
	struct candidate *at;
	int fd;

	make("log", "a\n");
	set(&snapshot, "log");
	at = snapshot.candidates;
	fd = snapshot_open(&snapshot, at);
	CHECK(is_file(fd, "log"));
	CHECK_EQUAL_INT(at->fd, -1);
	snapshot_leave(at, fd);
	CHECK(fcntl(fd, F_GETFD) < 0);
	fd = snapshot_take_fd(&snapshot, at);
	CHECK(is_file(fd, "log"));
	/* It is another's now. */
	CHECK_EQUAL_INT(snapshot_open(&snapshot, at), RESULT_NONE);
	snapshot_done(&snapshot);
	CHECK(is_file(fd, "log"));
	close(fd);
}

TEST(what_is_open_stays_so_and_what_is_lent_is_anothers)
{
	struct snapshot snapshot;
	struct candidate *at;
	int own, fd;

	make("log", "a\n");
	set(&snapshot, "log");
	at = snapshot.candidates;
	own = at->fd = open(test_path("log"), O_RDONLY);
	fd = snapshot_open(&snapshot, at);
	CHECK_EQUAL_INT(fd, own);
	snapshot_leave(at, fd);
	CHECK(is_file(own, "log"));
	CHECK_EQUAL_INT(snapshot_take_fd(&snapshot, at), own);
	CHECK_EQUAL_INT(at->fd, -1);
	at->taken = false;
	at->fd = own;
	at->lent = true;
	fd = snapshot_take_fd(&snapshot, at);
	CHECK(fd >= 0 && fd != own);
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	close(fd);
	at->taken = false;
	at->lent = true;
	at->fd = own;
	snapshot_done(&snapshot);
	CHECK(is_file(own, "log"));
	close(own);
}

/* Who judges has to look again then. */
TEST(a_name_that_leads_elsewhere_is_not_settled)
{
	struct snapshot snapshot;

	make("log", "a\n");
	make("other", "b\n");
	set(&snapshot, "log");
	CHECK(rename(test_path("other"), test_path("log")) == 0);
	CHECK_EQUAL_INT(
	    snapshot_open(&snapshot, snapshot.candidates), RESULT_UNSETTLED);
	CHECK(unlink(test_path("log")) == 0);
	CHECK_EQUAL_INT(
	    snapshot_open(&snapshot, snapshot.candidates), RESULT_UNSETTLED);
	CHECK(symlink("/dev/null", test_path("log")) == 0);
	CHECK_EQUAL_INT(
	    snapshot_take_fd(&snapshot, snapshot.candidates), RESULT_UNSETTLED);
	CHECK(!snapshot.candidates[0].taken);
	snapshot.candidates[0].compressed = true;
	CHECK_EQUAL_INT(
	    snapshot_open(&snapshot, snapshot.candidates), RESULT_NONE);
	snapshot_done(&snapshot);
}

TEST(the_current_file_is_the_last_one_or_none)
{
	struct snapshot snapshot;
	struct candidate *last;
	int fd;

	make("log", "a\n");
	make("log.1", "b\n");
	set(&snapshot, "log.1");
	CHECK(snapshot_current(&snapshot) == NULL);
	CHECK(!snapshot_awaits_current(&snapshot));
	add(&snapshot, "log");
	last = &snapshot.candidates[1];
	CHECK(snapshot_current(&snapshot) == NULL);
	last->current = true;
	CHECK(snapshot_current(&snapshot) == last);
	CHECK(!snapshot_awaits_current(&snapshot));
	last->compressed = true;
	CHECK(snapshot_awaits_current(&snapshot));
	last->rank.compressed = true;
	CHECK(!snapshot_awaits_current(&snapshot));
	CHECK(snapshot_has(&snapshot, &last->stat));
	fd = snapshot.candidates[0].fd = open(test_path("log.1"), O_RDONLY);
	snapshot_remove(&snapshot, 0);
	CHECK(fcntl(fd, F_GETFD) < 0);
	CHECK_EQUAL_INT(snapshot.count, 1);
	snapshot_done(&snapshot);
	CHECK(snapshot_current(&snapshot) == NULL);
}

TEST(a_position_has_the_stamp_of_what_was_read_before_it)
{
	struct sse_position position = {.offset = 77};
	struct fingerprint fingerprint;
	struct snapshot snapshot;

	make("log.2", "a\n");
	make("log.1", "b\n");
	make("log", "one\n");
	set(&snapshot, "log.2");
	add(&snapshot, "log.1");
	add(&snapshot, "log");
	snapshot.candidates[0].stat.mtime_ms = 50;
	snapshot.candidates[1].stat.mtime_ms = 40;
	snapshot.candidates[2].stat.mtime_ms = 90;
	CHECK_EQUAL_INT(
	    snapshot_position(&snapshot, 2, 5, &position), RESULT_CHANGED);
	CHECK_EQUAL_INT(position.offset, 77);
	CHECK_EQUAL_INT(snapshot_position(&snapshot, 2, 4, &position), 0);
	CHECK_EQUAL_INT(position.offset, 4);
	CHECK_EQUAL_INT(position.stamp_ms, 50);
	CHECK(position.file == snapshot.candidates[2].file);
	snapshot.candidates[2].fd = open(test_path("log"), O_RDONLY);
	CHECK(fingerprint_proves(
	    &fingerprint, snapshot.candidates[2].fd, 4, position.check));
	CHECK_EQUAL_INT(snapshot_position(&snapshot, 0, 0, &position), 0);
	CHECK_EQUAL_INT(position.stamp_ms, 0);
	snapshot_done(&snapshot);
}

TEST(two_are_equal_until_a_size_time_or_file_changes)
{
	for (int i = 0; i < 5; i++) {
		struct snapshot a, b;

		make("log", "a\n");
		set(&a, "log");
		set(&b, "log");
		CHECK(snapshot_equal(&a, &b));
		if (i == 0)
			b.candidates[0].stat.size++;
		if (i == 1)
			b.candidates[0].stat.mtime_ms++;
		if (i == 2)
			b.candidates[0].stat.birth_ns++;
		if (i == 3)
			add(&b, "log");
		if (i == 4)
			snapshot_remove(&b, 0);
		CHECK(!snapshot_equal(&a, &b));
		CHECK(!snapshot_equal(&b, &a));
		snapshot_done(&a);
		snapshot_done(&b);
	}
}

TEST(who_holds_a_file_is_found_by_it)
{
	struct log_file one = {.stat = {.inode = 1}};
	struct log_file two = {.stat = {.inode = 2}};
	struct log_file *const list[] = {&one, &two};
	const struct snapshot_held held = {list, 2};
	struct sse_file_stat stat = two.stat;

	CHECK(snapshot_find_held(&held, &stat) == &two);
	stat.birth_ns++;
	CHECK(snapshot_find_held(&held, &stat) == NULL);
}
