/*
 * What listening sockets of all kinds need.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listen_socket.h"

static const struct conf_place place = {.key = "listen"};

TEST(a_socket_does_not_block_and_is_not_handed_on)
{
	static const int families[] = {AF_UNIX, AF_INET};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		int fd = listen_socket(families[i]);
		int type = 0;
		socklen_t size = sizeof(type);

		CHECK(fd >= 0);
		CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
		CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
		CHECK(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0);
		CHECK_EQUAL_INT(type, SOCK_STREAM);
		close(fd);
	}
	CHECK_EQUAL_INT(listen_socket(-1), -EAFNOSUPPORT);
}

TEST(what_is_refused_names_the_address_and_why)
{
	const struct conf_place written = {
	    .path = "/c", .line = 7, .key = "listen"};
	struct conf_error error = {""};

	CHECK_EQUAL_INT(
	    listen_refuse(&error, &place, "unix:/s\n", "has no path"), -EINVAL);
	CHECK(strncmp(error.text, "--listen: ", 10) == 0);
	CHECK(strstr(error.text, "has no path") != NULL);
	/* It is what an administrator typed, and goes to a terminal. */
	CHECK(strchr(error.text, '\n') == NULL);
	CHECK_EQUAL_INT(
	    listen_refuse(&error, &written, "unix:", "has no path"), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text),
	    SLICE("/c:7: listen: \"unix:\" has no path"));
}

TEST(only_a_lack_of_memory_is_no_refusal)
{
	static const struct {
		int error, got;
		const char *text;
	} cases[] = {
	    {-ENOMEM, -ENOMEM, ""},
	    {-EADDRINUSE, -EINVAL, "Address already in use"},
	    {-EMFILE, -EINVAL, "Too many open files"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_error error = {""};

		CHECK_EQUAL_INT(listen_refuse_system(
				    &error, &place, "tcp:x:1", cases[i].error),
		    cases[i].got);
		CHECK(strstr(error.text, cases[i].text) != NULL);
	}
}
