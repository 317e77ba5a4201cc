/*
 * A log that may not be read, for an instant or for longer: as an ordinary
 * user, since root may do all.
 *
 * A reader writes down what it is given: lines as they are, "<REASON>" for a
 * gap, and "[why]" where it waits.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ahead_clock.h"
#include "file_source.h"
#include "source/gap.h"
#include "source/search.h"

struct reader {
	struct file *file;
	struct sse_clock clock;
	int64_t ahead_ms; /* of the file system's clock */
	struct source_position position;
	struct sse_buf got;
};

static void
become_ordinary(void)
{
	if (geteuid() != 0)
		return;
	CHECK(chown(test_directory(), 65534, 65534) == 0);
	CHECK(setgid(65534) == 0 && setuid(65534) == 0);
}

/* ---------------------------------------------------------- the reader -- */

static void
note(struct reader *reader, const char *before, struct sse_slice text,
    const char *after)
{
	CHECK_EQUAL_INT(sse_buf_add(&reader->got, before, strlen(before)), 0);
	CHECK_EQUAL_INT(sse_buf_add(&reader->got, text.data, text.size), 0);
	CHECK_EQUAL_INT(sse_buf_add(&reader->got, after, strlen(after)), 0);
}

static void
note_item(struct reader *reader, const struct source_item *item)
{
	if (item->kind == SOURCE_GAP)
		note(
		    reader, "<", sse_slice(gap_reason_text(item->reason)), ">");
	else if (item->kind == SOURCE_RECORD)
		note(reader, "", item->record.text, " ");
	if (item->has_position)
		reader->position = item->position;
}

static int
begin(struct reader *reader, const struct source_start *start)
{
	struct source_options options = {.clock = &reader->clock,
	    .follow = true,
	    .record_size_max = 1024,
	    .replay_size = UINT64_MAX,
	    .rotate_wait_ms = 0};
	int error;

	CHECK_EQUAL_INT(file_new(test_path("log"), &options, &reader->file), 0);
	error = file_start(reader->file, start);
	if (error == 0)
		reader->position = file_position(reader->file);
	return error;
}

static int
come(struct reader *reader)
{
	struct source_start start = {.records = SOURCE_RECORDS_ALL};

	reader->clock = ahead_clock(&reader->ahead_ms);
	sse_buf_init(&reader->got, 4096);
	return begin(reader, &start);
}

static int
come_back(struct reader *reader)
{
	struct source_position position = reader->position;
	struct source_start start = {.position = &position};

	return begin(reader, &start);
}

static void
hang_up(struct reader *reader)
{
	file_free(reader->file);
	reader->file = NULL;
}

static bool
comes_soon(const struct reader *reader)
{
	struct pollfd fd = {.fd = file_fd(reader->file), .events = POLLIN};
	int64_t timeout_ms = file_timeout_ms(reader->file);
	bool is_short = timeout_ms < WATCH_POLL_MS;

	return poll(&fd, 1, is_short ? (int)timeout_ms : 0) > 0 || is_short;
}

/* All that comes soon, and what it waits for then. */
static void
take_all(struct reader *reader)
{
	struct source_item item;
	int got;

	do {
		got = file_next(reader->file, &item);
		if (got == 1)
			note_item(reader, &item);
	} while (got == 1 || (got == 0 && comes_soon(reader)));
	CHECK_EQUAL_INT(got, 0);
	if (file_error(reader->file) != -EACCES)
		return;
	note(reader, "[", SLICE("EACCES"), "]");
	/* What becomes readable elsewhere brings no hint. */
	CHECK(file_timeout_ms(reader->file) <= WATCH_POLL_MS);
}

static void
leave(struct reader *reader)
{
	hang_up(reader);
	sse_buf_done(&reader->got);
}

static void
check_got(int line, struct reader *reader, const char *want)
{
	take_all(reader);
	test_equal_text(
	    __FILE__, line, sse_buf_slice(&reader->got), sse_slice(want));
	sse_buf_clear(&reader->got);
}

#define CHECK_GOT(reader, want) check_got(__LINE__, reader, want)

/* ------------------------------------------------------- the log's side -- */

/* Writes as one who has had the file open since it was made. */
static void
append(const char *name, const char *text)
{
	struct stat before;
	int fd;

	CHECK(stat(test_path(name), &before) == 0);
	CHECK(chmod(test_path(name), 0600) == 0);
	fd = open(test_path(name), O_WRONLY | O_APPEND);
	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	CHECK(chmod(test_path(name), before.st_mode & 07777) == 0);
}

static void
make(const char *name, mode_t mode, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_EXCL, mode);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void
move(const char *from, const char *to)
{
	CHECK(rename(test_path(from), test_path(to)) == 0);
}

static void
mode(const char *name, mode_t mode)
{
	CHECK(chmod(test_path(name), mode) == 0);
}

/* ------------------------------------------------------ at its birth -- */

/* How a new log comes that may not be read yet. */
static void
by_create(void)
{
	make("log", 0, "");
}

static void
by_create_with_content(void)
{
	make("log", 0, "b1\n");
}

static void
by_rename(void)
{
	make("new", 0, "");
	move("new", "log");
}

static void
by_link_of_the_name(void)
{
	make("elsewhere", 0, "");
	CHECK(symlink("elsewhere", test_path("log")) == 0);
}

static const struct birth {
	const char *name;
	void (*happen)(void);
	const char *want; /* when it may be read */
	bool elsewhere;   /* who was away finds no generation there */
} births[] = {
    {"created", by_create, "b ", false},
    {"created with content", by_create_with_content, "b1 b ", false},
    {"renamed onto the name", by_rename, "b ", false},
    {"a link to it", by_link_of_the_name, "b ", true},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
clear(void)
{
	static const char *const names[] = {
	    "log", "log.1", "log.2", "new", "elsewhere"};

	for (size_t i = 0; i < COUNT(names); i++)
		(void)unlink(test_path(names[i]));
}

TEST(a_new_log_that_may_not_be_read_yet_is_no_gap)
{
	become_ordinary();
	for (size_t i = 0; i < COUNT(births); i++) {
		struct reader reader = {0};

		printf("# %s\n", births[i].name);
		clear();
		make("log", 0600, "a\n");
		CHECK_EQUAL_INT(come(&reader), 0);
		CHECK_GOT(&reader, "a ");
		move("log", "log.1");
		births[i].happen();
		CHECK_GOT(&reader, "[EACCES]");
		append("log.1", "a2\n");
		CHECK_GOT(&reader, "a2 [EACCES]");
		append("log", "b\n");
		mode("log", 0600);
		CHECK_GOT(&reader, births[i].want);
		append("log", "c\n");
		CHECK_GOT(&reader, "c ");
		leave(&reader);
	}
}

TEST(nor_for_one_who_was_away)
{
	become_ordinary();
	for (size_t i = 0; i < COUNT(births); i++) {
		struct reader reader = {0};

		if (births[i].elsewhere)
			continue;
		printf("# %s\n", births[i].name);
		clear();
		make("log", 0600, "a\n");
		CHECK_EQUAL_INT(come(&reader), 0);
		CHECK_GOT(&reader, "a ");
		hang_up(&reader);
		append("log", "a2\n");
		move("log", "log.1");
		births[i].happen();
		CHECK_EQUAL_INT(come_back(&reader), 0);
		CHECK_GOT(&reader, "a2 [EACCES]");
		append("log", "b\n");
		mode("log", 0600);
		CHECK_GOT(&reader, births[i].want);
		leave(&reader);
	}
}

/* Ten rotations, each seen before the log may be read and after it. */
TEST(rotation_after_rotation)
{
	struct reader reader = {0};

	become_ordinary();
	make("log", 0600, "");
	CHECK_EQUAL_INT(come(&reader), 0);
	for (int i = 0; i < 10; i++) {
		append("log", "a\n");
		CHECK_GOT(&reader, "a ");
		move("log", "log.1");
		make("log", 0, "");
		CHECK_GOT(&reader, "[EACCES]");
		mode("log", 0600);
		CHECK_GOT(&reader, "");
	}
	leave(&reader);
}

/* It has been rotated before it ever could be read, and soon can be. */
TEST(one_that_was_moved_on_meanwhile_is_read_in_its_turn)
{
	struct reader reader = {0};

	become_ordinary();
	make("log", 0600, "a\n");
	CHECK_EQUAL_INT(come(&reader), 0);
	CHECK_GOT(&reader, "a ");
	move("log", "log.2");
	make("log", 0, "b\n");
	CHECK_GOT(&reader, "[EACCES]");
	move("log", "log.1");
	make("log", 0600, "c\n");
	CHECK_GOT(&reader, "[EACCES]");
	mode("log.1", 0600);
	CHECK_GOT(&reader, "b c ");
	leave(&reader);
}

/* What never could be read is missing: but not before it is known. */
TEST(one_that_stays_out_of_reach_is_a_gap)
{
	struct reader reader = {0};

	become_ordinary();
	make("log", 0600, "a\n");
	CHECK_EQUAL_INT(come(&reader), 0);
	CHECK_GOT(&reader, "a ");
	move("log", "log.2");
	make("log", 0, "b\n");
	move("log", "log.1");
	make("log", 0600, "c\n");
	CHECK_GOT(&reader, "[EACCES]");
	reader.ahead_ms += 2000;
	CHECK_GOT(&reader, "<rotated>c ");
	leave(&reader);
}

/* Until a file that was made just now is older than what is waited for. */
static void
grow_old(const char *name)
{
	const struct sse_clock *clock = sse_clock_system();
	struct sse_file_stat stat;

	CHECK_EQUAL_INT(sse_path_stat(test_path(name), &stat), 0);
	while (sse_clock_file_time_ms(clock) <=
	       stat.birth_ns / 1000000 + SEARCH_BIRTH_MS)
		poll(NULL, 0, 10);
}

/* Its times are always those of an instant ago. */
TEST(one_that_is_written_to_all_the_time_is_not_waited_for)
{
	struct reader reader = {0};
	int fd;

	become_ordinary();
	make("log", 0600, "a\n");
	CHECK_EQUAL_INT(come(&reader), 0);
	CHECK_GOT(&reader, "a ");
	move("log", "log.2");
	make("log", 0600, "b\n");
	fd = open(test_path("log"), O_WRONLY | O_APPEND);
	mode("log", 0);
	move("log", "log.1");
	grow_old("log.1");
	CHECK(write(fd, "b\n", 2) == 2);
	close(fd);
	make("log", 0600, "c\n");
	CHECK_GOT(&reader, "<rotated>c ");
	leave(&reader);
}

TEST(one_that_came_and_went_unread_is_a_gap)
{
	struct reader reader = {0};

	become_ordinary();
	make("log", 0600, "a\n");
	CHECK_EQUAL_INT(come(&reader), 0);
	CHECK_GOT(&reader, "a ");
	move("log", "log.1");
	make("log", 0, "b\n");
	CHECK_GOT(&reader, "[EACCES]");
	CHECK(unlink(test_path("log")) == 0);
	make("log", 0600, "c\n");
	CHECK_GOT(&reader, "<rotated>c ");
	leave(&reader);
}

/* -------------------------------------------------------- in its life -- */

TEST(a_log_that_is_held_open_goes_on)
{
	struct reader reader = {0};

	become_ordinary();
	make("log", 0600, "a\n");
	CHECK_EQUAL_INT(come(&reader), 0);
	CHECK_GOT(&reader, "a ");
	mode("log", 0);
	append("log", "b\n");
	CHECK_GOT(&reader, "b ");
	/* Also when it is not a generation that could be opened any more. */
	move("log", "log.1");
	make("log", 0600, "c\n");
	append("log.1", "b2\n");
	reader.ahead_ms += 2000;
	CHECK_GOT(&reader, "b2 c ");
	leave(&reader);
}

TEST(and_is_truncated_as_any_other)
{
	struct reader reader = {0};

	become_ordinary();
	make("log", 0600, "aaaa\n");
	CHECK_EQUAL_INT(come(&reader), 0);
	CHECK_GOT(&reader, "aaaa ");
	CHECK(truncate(test_path("log"), 0) == 0);
	append("log", "b\n");
	mode("log", 0);
	CHECK_GOT(&reader, "<truncated>b ");
	leave(&reader);
}

TEST(a_folder_that_may_not_be_passed_takes_nothing_away)
{
	struct reader reader = {0};

	become_ordinary();
	make("log", 0600, "a\n");
	CHECK_EQUAL_INT(come(&reader), 0);
	CHECK_GOT(&reader, "a ");
	CHECK(chmod(test_directory(), 0600) == 0);
	CHECK_GOT(&reader, "[EACCES]");
	CHECK(chmod(test_directory(), 0700) == 0);
	append("log", "b\n");
	CHECK_GOT(&reader, "b ");
	leave(&reader);
}

/* --------------------------------------------------- at the beginning -- */

static void
forbid_log(bool forbid)
{
	mode("log", forbid ? 0 : 0600);
}

static void
forbid_folder(bool forbid)
{
	CHECK(chmod(test_directory(), forbid ? 0600 : 0700) == 0);
}

static void
forbid_target(bool forbid)
{
	if (forbid) {
		CHECK(mkdir(test_path("d"), 0700) == 0);
		move("log", "d/log");
		CHECK(symlink("d/log", test_path("log")) == 0);
	}
	CHECK(chmod(test_path("d"), forbid ? 0600 : 0700) == 0);
}

static const struct obstacle {
	const char *name;
	void (*forbid)(bool forbid);
} obstacles[] = {
    {"the log", forbid_log},
    {"its folder", forbid_folder},
    {"the folder of what it is a link to", forbid_target},
};

/* Nobody says that anything is missing that cannot be looked for. */
TEST(one_who_comes_waits_for_it)
{
	become_ordinary();
	for (size_t i = 0; i < COUNT(obstacles); i++) {
		struct reader reader = {0}, other = {0};

		printf("# %s\n", obstacles[i].name);
		clear();
		make("log", 0600, "a\n");
		CHECK_EQUAL_INT(come(&reader), 0);
		CHECK_GOT(&reader, "a ");
		hang_up(&reader);
		append("log", "b\n");
		obstacles[i].forbid(true);
		CHECK_EQUAL_INT(come_back(&reader), -EACCES);
		hang_up(&reader);
		CHECK_EQUAL_INT(come(&other), -EACCES);
		hang_up(&other);
		obstacles[i].forbid(false);
		CHECK_EQUAL_INT(come_back(&reader), 0);
		CHECK_GOT(&reader, "b ");
		leave(&reader);
		leave(&other);
	}
}

/* Its own file cannot be looked at, and one that looks alike can. */
TEST(a_position_is_not_taken_for_one_in_another_file)
{
	struct reader reader = {0};

	become_ordinary();
	make("log.1", 0600, "one\ntwo\n");
	make("log", 0600, "one\ntwo\n");
	CHECK_EQUAL_INT(come(&reader), 0);
	CHECK_GOT(&reader, "one two ");
	hang_up(&reader);
	append("log.1", "late\n");
	mode("log", 0);
	CHECK_EQUAL_INT(come_back(&reader), -EACCES);
	leave(&reader);
}
