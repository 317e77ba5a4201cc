/*
 * An answer goes to standard output, and a body comes from standard input: each
 * test leads them to pipes of its own.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"

#define BODY_SIZE 16384 /* bytes: they fit in a pipe */

struct play {
	int in;    /* where the body is written */
	int out;   /* where the answer is read */
	int saved; /* standard output of the test */
};

static void
begin(struct play *play)
{
	int in[2], out[2];

	CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	CHECK(dup2(in[0], STDIN_FILENO) == STDIN_FILENO);
	play->saved = dup(STDOUT_FILENO);
	CHECK(dup2(out[1], STDOUT_FILENO) == STDOUT_FILENO);
	close(in[0]);
	close(out[1]);
	play->in = in[1];
	play->out = out[0];
}

/* From here on a check that fails is seen. */
static void
look(struct play *play)
{
	CHECK(dup2(play->saved, STDOUT_FILENO) == STDOUT_FILENO);
	close(play->saved);
}

static void
end(struct play *play)
{
	if (play->in >= 0)
		close(play->in);
	if (play->out >= 0)
		close(play->out);
}

static const struct admission missing = {
    .response = {.status = 404, .type = "text/plain"},
    .text = "there is none\n",
};

static void
check_answer(struct play *play)
{
	static const char text[] = "\r\n\r\nthere is none\n";
	char got[4096];
	ssize_t size = read(play->out, got, sizeof(got));

	CHECK(size > (ssize_t)sizeof(text));
	CHECK(strncmp(got, "Status: 404 ", 12) == 0);
	CHECK(memcmp(got + size - (sizeof(text) - 1), text, sizeof(text) - 1) ==
	      0);
}

/* How much of it was left. */
static int
left_in_stdin(void)
{
	int left = -1;

	CHECK(ioctl(STDIN_FILENO, FIONREAD, &left) == 0);
	return left;
}

static void
write_body(const struct play *play)
{
	static const char body[BODY_SIZE];

	CHECK(write(play->in, body, sizeof(body)) == (ssize_t)sizeof(body));
}

TEST(an_answer_is_a_head_and_its_text)
{
	const struct sse_request request = {.content_size = 0};
	struct play play;

	begin(&play);
	answer_send(&missing, &request);
	look(&play);
	check_answer(&play);
	end(&play);
}

TEST(a_body_is_taken_first_and_no_more_than_it)
{
	static const uint64_t sizes[] = {0, 1, 4095, 4096, 4097, BODY_SIZE};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const struct sse_request request = {.content_size = sizes[i]};
		struct play play;

		begin(&play);
		write_body(&play);
		answer_send(&missing, &request);
		look(&play);
		CHECK_EQUAL_INT(left_in_stdin(), BODY_SIZE - (int)sizes[i]);
		check_answer(&play);
		end(&play);
	}
}

/* The client says so much, and sends less: it closes, or it does not. */
TEST(a_body_that_does_not_come_is_not_waited_for_long)
{
	const struct sse_request request = {.content_size = UINT64_MAX};

	for (int closes = 0; closes < 2; closes++) {
		struct play play;

		begin(&play);
		write_body(&play);
		if (closes) {
			close(play.in);
			play.in = dup(play.out);
		}
		answer_send(&missing, &request);
		look(&play);
		check_answer(&play);
		end(&play);
	}
}

#define LONG_SIZE (4 * ANSWER_BODY_SIZE_MAX)

/* In a process of its own, since it has to wait for who reads. */
static void
write_long_body(const struct play *play)
{
	static const char bytes[LONG_SIZE];
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0)
		_exit(write(play->in, bytes, LONG_SIZE) == LONG_SIZE ? 0 : 1);
}

TEST(of_a_body_so_much_is_taken_at_most)
{
	const struct sse_request request = {.content_size = UINT64_MAX};
	struct play play;
	char bytes[4096];
	ssize_t got, left = 0;
	int status;

	begin(&play);
	write_long_body(&play);
	answer_send(&missing, &request);
	look(&play);
	check_answer(&play);
	close(play.in);
	play.in = -1;
	while ((got = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0)
		left += got;
	CHECK_EQUAL_INT(left, LONG_SIZE - ANSWER_BODY_SIZE_MAX);
	CHECK(wait(&status) > 0 && status == 0);
	end(&play);
}

#define PAGE_SIZE (200 * 1024) /* bytes; a pipe holds less */

static const char page_bytes[PAGE_SIZE] = "<!DOCTYPE html>";

static int
read_page(int fd)
{
	char bytes[4096];
	ssize_t got, size = 0;

	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		size += got;
	return size > PAGE_SIZE && size < PAGE_SIZE + ANSWER_HEAD_SIZE_MAX ? 0
									   : 1;
}

TEST(a_page_leaves_as_it_is_taken)
{
	const struct sse_request request = {.content_size = 0};
	const struct admission admission = {
	    .response = {.status = 200, .type = "text/html"},
	    .page = {page_bytes, PAGE_SIZE},
	};
	struct play play;
	pid_t child;
	int status;

	begin(&play);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		close(STDOUT_FILENO);
		_exit(read_page(play.out));
	}
	answer_send(&admission, &request);
	look(&play);
	CHECK(wait(&status) > 0 && status == 0);
	end(&play);
}

TEST(an_answer_that_nobody_takes_is_lost)
{
	const struct sse_request request = {.content_size = 0};
	char bytes[4096] = "";
	struct play play;

	(void)signal(SIGPIPE, SIG_IGN);
	/* The client has gone. */
	begin(&play);
	close(play.out);
	play.out = -1;
	answer_send(&missing, &request);
	look(&play);
	end(&play);
	/* It is there, and takes nothing. */
	begin(&play);
	CHECK(fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK) == 0);
	while (write(STDOUT_FILENO, bytes, sizeof(bytes)) > 0)
		;
	answer_send(&missing, &request);
	look(&play);
	end(&play);
}
