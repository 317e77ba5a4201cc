#include "test.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"

/* A service manager; "@" and a name is an abstract one. */
static int
listen_at(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t size = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, name, size);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	CHECK(bind(fd, (const void *)&address,
		  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size)) ==
	      0);
	return fd;
}

static struct sse_slice
received(int fd)
{
	static char text[1024];
	ssize_t size = recv(fd, text, sizeof(text), 0);

	return (struct sse_slice){text, size > 0 ? (size_t)size : 0};
}

TEST(the_service_manager_is_told)
{
	char abstract[64], path[256];
	const char *names[2] = {path, abstract};

	snprintf(path, sizeof(path), "%s", test_path("notify"));
	snprintf(abstract, sizeof(abstract), "@ssekit-test-%d", (int)getpid());
	for (int i = 0; i < 2; i++) {
		int fd = listen_at(names[i]);
		struct sse_slice got;

		CHECK_EQUAL_INT(notify_send(names[i], "READY=1"), 0);
		CHECK_EQUAL_TEXT(received(fd), SLICE("READY=1"));
		CHECK_EQUAL_INT(notify_reloading(names[i]), 0);
		got = received(fd);
		got.size = got.size > 27 ? 27 : 0;
		CHECK_EQUAL_TEXT(got, SLICE("RELOADING=1\nMONOTONIC_USEC="));
		close(fd);
	}
}

TEST(nobody_needs_to_be_told)
{
	char longest[200];

	CHECK_EQUAL_INT(notify_send(NULL, "READY=1"), 0);
	CHECK_EQUAL_INT(notify_send("", "READY=1"), 0);
	CHECK_EQUAL_INT(notify_send(test_path("none"), "READY=1"), -ENOENT);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	CHECK_EQUAL_INT(notify_send(longest, "READY=1"), -ENAMETOOLONG);
}

TEST(a_service_manager_that_does_not_read_is_not_waited_for)
{
	char path[256];
	int fd, sent = 0;

	snprintf(path, sizeof(path), "%s", test_path("notify"));
	fd = listen_at(path);
	while (sent < 100000 && notify_send(path, "READY=1") == 0)
		sent++;
	CHECK(sent > 0 && sent < 100000);
	CHECK_EQUAL_INT(notify_send(path, "READY=1"), -EAGAIN);
	close(fd);
}
