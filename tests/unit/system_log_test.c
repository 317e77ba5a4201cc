#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "program/system_log.h"

/* A log daemon. */
static int
listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	CHECK(bind(fd, (const void *)&address, sizeof(address)) == 0);
	return fd;
}

static bool
got(int fd, const char *ending)
{
	char line[SYSTEM_LOG_SIZE_MAX + 1];
	ssize_t size = recv(fd, line, sizeof(line) - 1, 0);
	char pid[64];

	if (size < 0)
		return false;
	line[size] = '\0';
	snprintf(pid, sizeof(pid), " prog[%d]: %s", (int)getpid(), ending);
	/* <29>: a notice of a daemon; then the time, 15 bytes. */
	CHECK(strncmp(line, "<29>", 4) == 0);
	CHECK_EQUAL_TEXT(sse_slice(line + 4 + 15), sse_slice(pid));
	return true;
}

TEST(a_line_is_a_notice_of_a_daemon)
{
	struct system_log log;
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s", test_path("log"));
	fd = listen_at(path);
	system_log_init(&log, path);
	CHECK_EQUAL_INT(system_log_send(&log, "prog", "hello"), 0);
	CHECK(got(fd, "hello"));
	system_log_done(&log);
	close(fd);
}

TEST(a_daemon_that_comes_goes_and_comes_again)
{
	struct system_log log;
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s", test_path("log"));
	system_log_init(&log, path);
	CHECK_EQUAL_INT(system_log_send(&log, "prog", "lost"), -ENOENT);
	fd = listen_at(path);
	CHECK_EQUAL_INT(system_log_send(&log, "prog", "first"), 0);
	CHECK(got(fd, "first"));
	close(fd);
	CHECK_EQUAL_INT(system_log_send(&log, "prog", "lost"), -ECONNREFUSED);
	unlink(path);
	fd = listen_at(path);
	CHECK_EQUAL_INT(system_log_send(&log, "prog", "second"), 0);
	CHECK(got(fd, "second"));
	/* Started anew between two lines: none is lost. */
	close(fd);
	unlink(path);
	fd = listen_at(path);
	CHECK_EQUAL_INT(system_log_send(&log, "prog", "third"), 0);
	CHECK(got(fd, "third"));
	system_log_done(&log);
	close(fd);
}

TEST(a_daemon_that_is_stuck_is_not_waited_for)
{
	struct system_log log;
	char path[256];
	int fd, sent = 0;

	snprintf(path, sizeof(path), "%s", test_path("log"));
	fd = listen_at(path);
	system_log_init(&log, path);
	while (sent < 100000 && system_log_send(&log, "prog", "x") == 0)
		sent++;
	CHECK(sent > 0 && sent < 100000);
	CHECK_EQUAL_INT(system_log_send(&log, "prog", "lost"), -EAGAIN);
	while (got(fd, "x"))
		;
	CHECK_EQUAL_INT(system_log_send(&log, "prog", "again"), 0);
	CHECK(got(fd, "again"));
	system_log_done(&log);
	close(fd);
}
