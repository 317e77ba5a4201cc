#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "listen.h"

static char address[512];

static const char *
unix_address(const char *name, const char *options)
{
	snprintf(
	    address, sizeof(address), "unix:%s%s", test_path(name), options);
	return address;
}

static const struct conf_place place = {.key = "listen"};

static struct listener *
opened(const char *text)
{
	struct listener *listener;
	struct conf_error error;

	if (listener_open(&place, text, NULL, &listener, &error) != 0)
		test_fail(__FILE__, __LINE__, "%s", error.text);
	return listener;
}

static void
check_refused(const char *text, const char *servers, const char *reason)
{
	struct listener *listener;
	struct conf_error error = {""};

	CHECK_EQUAL_INT(
	    listener_open(&place, text, servers, &listener, &error), -EINVAL);
	if (strstr(error.text, reason) == NULL)
		test_fail(__FILE__, __LINE__, "%s", error.text);
	CHECK(strncmp(error.text, "--listen: ", 10) == 0);
}

static int
connect_unix(const char *name)
{
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(path.sun_path, sizeof(path.sun_path), "%s", test_path(name));
	CHECK(connect(fd, (const void *)&path, sizeof(path)) == 0);
	return fd;
}

static unsigned
mode_of(const char *name)
{
	struct stat stat_now;

	CHECK(stat(test_path(name), &stat_now) == 0);
	return stat_now.st_mode & 0777;
}

TEST(a_unix_socket_is_made_used_and_removed)
{
	struct listener *listener = opened(unix_address("s", ""));
	int client, server, size = 0;
	socklen_t length = sizeof(size);

	CHECK_EQUAL_INT(mode_of("s"), 0660);
	CHECK(!listener_is_stdin(listener));
	CHECK_EQUAL_INT(listener_accept(listener), -EAGAIN);
	client = connect_unix("s");
	server = listener_accept(listener);
	CHECK(server >= 0);
	CHECK((fcntl(server, F_GETFL) & O_NONBLOCK) != 0);
	CHECK((fcntl(server, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK(getsockopt(server, SOL_SOCKET, SO_SNDBUF, &size, &length) == 0);
	CHECK_EQUAL_INT(size, 2 * LISTEN_SEND_SIZE);
	close(client);
	close(server);
	listener_close(listener);
	CHECK(access(test_path("s"), F_OK) != 0 && errno == ENOENT);
	listener_close(NULL);
}

TEST(mode_user_and_group_are_as_said)
{
	char options[100];
	struct listener *listener;

	snprintf(options, sizeof(options), ",mode=0606,user=%d,group=%d",
	    (int)getuid(), (int)getgid());
	listener = opened(unix_address("s", options));
	CHECK_EQUAL_INT(mode_of("s"), 0606);
	listener_close(listener);
}

/* Bits of the mask that a process has do not count, nor do they change. */
TEST(each_mode_is_as_said_and_the_mask_as_it_was)
{
	static const struct {
		const char *options;
		unsigned mode;
	} modes[] = {{",mode=0", 0}, {",mode=0600", 0600}, {",mode=0666", 0666},
	    {",mode=0777", 0777}, {"", 0660}};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		mode_t before = umask(0027);
		struct listener *listener =
		    opened(unix_address("s", modes[i].options));

		CHECK_EQUAL_INT(mode_of("s"), modes[i].mode);
		CHECK_EQUAL_INT(umask(before), 0027);
		listener_close(listener);
	}
}

TEST(a_stale_socket_is_removed_and_nothing_else)
{
	struct listener *listener;
	int fd;

	listener = opened(unix_address("s", ""));
	check_refused(unix_address("s", ""), NULL, "another process listens");
	/* As after a SIGKILL: the socket stays, and nobody listens. */
	CHECK(rename(test_path("s"), test_path("stale")) == 0);
	listener_close(listener);
	listener = opened(unix_address("stale", ""));
	listener_close(listener);
	fd = open(test_path("file"), O_CREAT | O_WRONLY, 0600);
	close(fd);
	check_refused(unix_address("file", ""), NULL, "is no socket");
	CHECK(access(test_path("file"), F_OK) == 0);
	CHECK(mkdir(test_path("folder"), 0700) == 0);
	check_refused(unix_address("folder", ""), NULL, "is no socket");
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	check_refused(unix_address("fifo", ""), NULL, "is no socket");
	check_refused(unix_address("no/s", ""), NULL, strerror(ENOENT));
}

/* Another one has taken its place: that is not ours to remove. */
TEST(only_its_own_socket_is_removed)
{
	struct listener *first = opened(unix_address("s", "")), *second;

	CHECK(unlink(test_path("s")) == 0);
	second = opened(unix_address("s", ""));
	listener_close(first);
	close(connect_unix("s"));
	listener_close(second);
}

TEST(what_is_wrong_is_named)
{
	char path[200];

	memset(path, 'x', sizeof(path));
	memcpy(path, "unix:/", 6);
	path[sizeof(path) - 1] = '\0';
	check_refused("", NULL, "is neither unix:PATH");
	check_refused("/run/s", NULL, "is neither unix:PATH");
	check_refused("unix:", NULL, "has no path");
	check_refused("unix:,mode=0600", NULL, "has no path");
	check_refused(path, NULL, "107 bytes at most");
	check_refused("unix:s,mode=", NULL, "no mode from 0 to 0777");
	check_refused("unix:s,mode=1777", NULL, "no mode from 0 to 0777");
	check_refused("unix:s,mode=8", NULL, "no mode from 0 to 0777");
	check_refused("unix:s,mode=-1", NULL, "no mode from 0 to 0777");
	check_refused("unix:s,user=no such", NULL, "a user that is not known");
	check_refused("unix:s,user=", NULL, "a user that is not known");
	check_refused("unix:s,group=-1", NULL, "a group that is not known");
	check_refused("unix:s,x=1", NULL, "something else than mode=");
	check_refused("unix:s,", NULL, "something else than mode=");
	check_refused("tcp:", NULL, "is not tcp:HOST:PORT");
	check_refused("tcp:localhost", NULL, "is not tcp:HOST:PORT");
	check_refused("tcp::80", NULL, "is not tcp:HOST:PORT");
	check_refused("tcp:::1:80", NULL, "is not tcp:HOST:PORT");
	check_refused("tcp:[]:80", NULL, "is not tcp:HOST:PORT");
	check_refused("tcp:127.0.0.1:no-such", NULL, "that is not known");
	check_refused("tcp:no such host:1", NULL, "that is not known");
}

TEST(tcp_is_for_this_machine_unless_it_is_said_for_whom)
{
	struct listener *listener = opened("tcp:127.0.0.1:0");
	struct conf_error error;

	listener_close(listener);
	check_refused("tcp:0.0.0.0:0", NULL, "FCGI_WEB_SERVER_ADDRS");
	check_refused("tcp:0.0.0.0:0", "", "FCGI_WEB_SERVER_ADDRS");
	CHECK_EQUAL_INT(listener_open(&place, "tcp:0.0.0.0:0", "127.0.0.1",
			    &listener, &error),
	    0);
	listener_close(listener);
}

static int
connect_tcp(const struct listener *listener)
{
	struct sockaddr_in name;
	socklen_t size = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	CHECK(getsockname(listener_fd(listener), (void *)&name, &size) == 0);
	CHECK(connect(fd, (const void *)&name, sizeof(name)) == 0);
	return fd;
}

TEST(who_is_not_in_the_list_may_not_connect)
{
	struct listener *listener;
	struct conf_error error;
	int client, server;

	CHECK_EQUAL_INT(listener_open(&place, "tcp:127.0.0.1:0", "127.0.0.1",
			    &listener, &error),
	    0);
	client = connect_tcp(listener);
	server = listener_accept(listener);
	CHECK(server >= 0);
	close(server);
	close(client);
	listener_close(listener);
	CHECK_EQUAL_INT(listener_open(&place, "tcp:127.0.0.1:0", "10.0.0.1",
			    &listener, &error),
	    0);
	client = connect_tcp(listener);
	CHECK_EQUAL_INT(listener_accept(listener), -EACCES);
	close(client);
	CHECK_EQUAL_INT(listener_accept(listener), -EAGAIN);
	listener_close(listener);
}

TEST(the_list_of_addresses)
{
	char longer[600];

	memset(longer, '1', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	CHECK(listen_allows(NULL, "10.0.0.1"));
	CHECK(listen_allows("", "10.0.0.1"));
	CHECK(listen_allows("10.0.0.1", "10.0.0.1"));
	CHECK(listen_allows("1.2.3.4,10.0.0.1", "10.0.0.1"));
	CHECK(listen_allows("::1,10.0.0.1", "0:0:0:0:0:0:0:1"));
	CHECK(listen_allows("1.2.3.4, 10.0.0.1", "10.0.0.1"));
	CHECK(listen_allows(" 10.0.0.1 ,1.2.3.4", "10.0.0.1"));
	CHECK(listen_allows("1.2.3.4 ,  ::1 ", "::1"));
	CHECK(!listen_allows("10.0.0.1 10.0.0.2", "10.0.0.1"));
	CHECK(!listen_allows(" , ", "10.0.0.1"));
	CHECK(!listen_allows("10.0.0.1", "10.0.0.2"));
	CHECK(!listen_allows("10.0.0.1", "::1"));
	CHECK(!listen_allows("10.0.0.12", "10.0.0.1"));
	CHECK(!listen_allows(",", "10.0.0.1"));
	CHECK(!listen_allows("*", "10.0.0.1"));
	CHECK(!listen_allows("10.0.0.0/8", "10.0.0.1"));
	CHECK(!listen_allows("localhost", "127.0.0.1"));
	CHECK(!listen_allows(longer, "1.1.1.1"));
	CHECK(!listen_allows("10.0.0.1", ""));
}

static int
listening_socket(const char *name)
{
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(path.sun_path, sizeof(path.sun_path), "%s", test_path(name));
	CHECK(bind(fd, (const void *)&path, sizeof(path)) == 0);
	CHECK(listen(fd, 5) == 0);
	return fd;
}

/*
 * What was at the descriptor stands aside; -1: nothing.  Where that was free,
 * the new one may be there already.
 */
static int
put_at(int fd, int at)
{
	int aside;

	if (fd == at)
		return -1;
	aside = fcntl(at, F_DUPFD_CLOEXEC, 100);
	CHECK(dup2(fd, at) == at);
	close(fd);
	return aside;
}

static void
put_back(int aside, int at)
{
	if (aside < 0)
		return;
	CHECK(dup2(aside, at) == at);
	close(aside);
}

TEST(descriptor_0_is_taken_over)
{
	struct listener *listener;
	struct conf_error error;
	int aside = put_at(listening_socket("a"), 0);

	CHECK_EQUAL_INT(
	    listener_inherit(NULL, NULL, NULL, &listener, &error), 0);
	CHECK(listener_is_stdin(listener));
	CHECK_EQUAL_INT(listener_accept(listener), -EAGAIN);
	listener_close(listener);
	put_back(aside, 0);
	/* It was not made here, so it is not removed. */
	CHECK(access(test_path("a"), F_OK) == 0);
}

TEST(the_socket_of_systemd_is_taken_over)
{
	struct listener *listener;
	struct conf_error error;
	char pid[32];
	int aside = put_at(listening_socket("b"), 3);

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	CHECK_EQUAL_INT(listener_inherit("1", pid, NULL, &listener, &error), 0);
	CHECK_EQUAL_INT(listener_fd(listener), 3);
	CHECK(!listener_is_stdin(listener));
	listener_close(listener);
	put_back(aside, 3);
	CHECK_EQUAL_INT(
	    listener_inherit("2", pid, NULL, &listener, &error), -EINVAL);
	CHECK(strstr(error.text, "only one") != NULL);
}

TEST(without_a_socket_it_says_how_to_get_one)
{
	struct listener *listener;
	struct conf_error error;

	/* Those variables are another process's. */
	CHECK_EQUAL_INT(
	    listener_inherit("1", "1", NULL, &listener, &error), -EINVAL);
	CHECK(strstr(error.text, "--listen") != NULL);
	CHECK_EQUAL_INT(
	    listener_inherit(NULL, NULL, NULL, &listener, &error), -EINVAL);
}
