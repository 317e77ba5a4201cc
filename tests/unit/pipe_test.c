#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipe.h"

static struct source_options options = {
    .record_size_max = 1024, .follow = true, .epoch = 9};

static struct pipe *
start_fifo(const struct source_start *start)
{
	struct pipe *pipe;

	CHECK_EQUAL_INT(pipe_new(test_path("fifo"), &options, &pipe), 0);
	CHECK_EQUAL_INT(pipe_start(pipe, start), 0);
	return pipe;
}

static struct pipe *
new_fifo(void)
{
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	return start_fifo(&(struct source_start){0});
}

static int
open_writer(void)
{
	int fd = open(test_path("fifo"), O_WRONLY | O_NONBLOCK);

	CHECK(fd >= 0);
	return fd;
}

static void
put(int fd, const char *text)
{
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

static struct sse_slice
next(struct pipe *pipe)
{
	static struct source_item item;

	CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
	CHECK(item.kind == SOURCE_RECORD);
	CHECK(item.has_position);
	return item.record.text;
}

static void
check_nothing(struct pipe *pipe)
{
	struct source_item item;
	struct pollfd fd = {.fd = pipe_fd(pipe), .events = POLLIN};

	do
		CHECK_EQUAL_INT(pipe_next(pipe, &item), 0);
	while (pipe_timeout_ms(pipe) == 0);
	/* No busy loop: there is nothing to wake up for. */
	CHECK_EQUAL_INT(poll(&fd, 1, 0), 0);
}

TEST(writers_come_and_go_and_the_fifo_stays)
{
	struct pipe *pipe = new_fifo();
	int fd = open_writer();

	check_nothing(pipe);
	put(fd, "a\nb\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("a"));
	CHECK_EQUAL_TEXT(next(pipe), SLICE("b"));
	CHECK_EQUAL_INT(pipe_position(pipe).epoch, 9);
	CHECK_EQUAL_INT(pipe_position(pipe).offset, 2);
	close(fd);
	check_nothing(pipe);
	fd = open_writer();
	put(fd, "c\n");
	close(fd);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("c"));
	check_nothing(pipe);
	pipe_free(pipe);
}

TEST(half_a_line_of_one_writer_waits_for_its_end)
{
	struct pipe *pipe = new_fifo();
	int fd = open_writer();

	put(fd, "ha");
	close(fd);
	check_nothing(pipe);
	fd = open_writer();
	put(fd, "lf\n");
	close(fd);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("half"));
	pipe_free(pipe);
}

/* Where it may only be read: as an ordinary user, since root may do all. */
static void
read_only_child(void)
{
	struct source_start start = {0};
	struct pipe *pipe = start_fifo(&start);

	for (int i = 0; i < 3; i++) {
		pid_t writer;

		check_nothing(pipe);
		CHECK(chmod(test_path("fifo"), 0600) == 0);
		writer = fork();
		if (writer == 0) {
			int fd = open(test_path("fifo"), O_WRONLY);

			_exit(write(fd, "x\n", 2) == 2 ? 0 : 1);
		}
		CHECK(waitpid(writer, NULL, 0) == writer);
		CHECK(chmod(test_path("fifo"), 0400) == 0);
		CHECK_EQUAL_TEXT(next(pipe), SLICE("x"));
	}
	pipe_free(pipe);
}

TEST(a_fifo_that_may_only_be_read_survives_its_writers)
{
	CHECK(mkfifo(test_path("fifo"), 0400) == 0);
	if (geteuid() == 0) {
		CHECK(chown(test_directory(), 65534, 65534) == 0);
		CHECK(chown(test_path("fifo"), 65534, 65534) == 0);
		CHECK(setgid(65534) == 0 && setuid(65534) == 0);
	}
	read_only_child();
}

TEST(a_second_reader_is_refused)
{
	struct pipe *first = new_fifo(), *second;

	CHECK_EQUAL_INT(pipe_new(test_path("fifo"), &options, &second), 0);
	CHECK_EQUAL_INT(pipe_start(second, &(struct source_start){0}), -EBUSY);
	pipe_free(first);
	CHECK_EQUAL_INT(pipe_start(second, &(struct source_start){0}), 0);
	pipe_free(second);
}

TEST(what_is_no_fifo_is_refused)
{
	struct pipe *pipe;

	close(open(test_path("fifo"), O_WRONLY | O_CREAT, 0600));
	CHECK_EQUAL_INT(pipe_new(test_path("fifo"), &options, &pipe), 0);
	CHECK_EQUAL_INT(pipe_start(pipe, &(struct source_start){0}), -ENODEV);
	CHECK(unlink(test_path("fifo")) == 0);
	CHECK_EQUAL_INT(pipe_start(pipe, &(struct source_start){0}), -ENOENT);
	pipe_free(pipe);
}

TEST(who_comes_back_is_told_that_something_is_missing)
{
	const struct sse_position earlier = {.epoch = 3, .offset = 5};
	const struct sse_position durable = {.file = 3, .offset = 5};
	const struct source_start starts[] = {
	    {.position = &earlier}, {.position = &durable}, {.unknown = true}};
	const enum gap_reason reasons[] = {
	    GAP_OVERRUN, GAP_UNKNOWN, GAP_UNKNOWN};
	struct source_item item;

	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	for (size_t i = 0; i < 3; i++) {
		struct pipe *pipe = start_fifo(&starts[i]);

		CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
		CHECK(item.kind == SOURCE_GAP);
		CHECK_EQUAL_INT(item.reason, reasons[i]);
		CHECK(item.skipped == SOURCE_SKIPPED_UNKNOWN);
		check_nothing(pipe);
		pipe_free(pipe);
	}
}

TEST(standard_input_ends_with_its_last_line_and_the_end)
{
	struct source_item item;
	struct pipe *pipe;
	int ends[2], kept = dup(0);

	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	CHECK(dup2(ends[0], 0) == 0);
	close(ends[0]);
	CHECK_EQUAL_INT(pipe_new(NULL, &options, &pipe), 0);
	CHECK_EQUAL_INT(pipe_start(pipe, &(struct source_start){0}), 0);
	check_nothing(pipe);
	put(ends[1], "a\nb");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("a"));
	check_nothing(pipe);
	close(ends[1]);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("b"));
	CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
	CHECK(item.kind == SOURCE_END);
	CHECK_EQUAL_INT(pipe_next(pipe, &item), 0);
	pipe_free(pipe);
	CHECK(dup2(kept, 0) == 0);
	close(kept);
}

TEST(not_followed_a_fifo_ends_after_what_is_there)
{
	struct source_item item;
	struct pipe *pipe;
	int fd;

	options.follow = false;
	pipe = new_fifo();
	fd = open_writer();
	put(fd, "a\nhalf");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("a"));
	while (pipe_next(pipe, &item) == 0 && pipe_timeout_ms(pipe) == 0)
		;
	CHECK(item.kind == SOURCE_RECORD);
	CHECK_EQUAL_TEXT(item.record.text, SLICE("half"));
	CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
	CHECK(item.kind == SOURCE_END);
	close(fd);
	pipe_free(pipe);
}
