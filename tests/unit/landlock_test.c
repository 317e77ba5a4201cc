/*
 * Each case is tried by a process of its own.  Where the kernel has no
 * Landlock, there is nothing to be tried.
 */
#include "config.h"

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "confined.h"
#include "fdio.h"
#include "program/landlock.h"

static char path[4096]; /* what an attempt is about */
static char folder[4096];
static unsigned rights; /* that are given to the folder */
static uint16_t port;   /* 0: none is allowed */
static struct sockaddr_in server;
static struct sockaddr_un nameless;
static socklen_t nameless_size;

static bool
has(int version)
{
	int got = landlock_version();

	if (got < version)
		printf("# Landlock %d, and %d is needed\n", got, version);
	return got >= version;
}

static int
confine_to_folder(void)
{
	struct landlock landlock;
	int error = landlock_init(&landlock, false);
	int fd;

	if (error != 0)
		return -error;
	fd = sse_fd_open(folder, O_PATH);
	error = landlock_allow(&landlock, fd, rights);
	if (error == 0 && port != 0)
		error = landlock_allow_port(&landlock, port);
	if (error == 0)
		error = landlock_enter(&landlock);
	sse_fd_close(fd);
	landlock_done(&landlock);
	return -error;
}

static int
try_read(void)
{
	int fd = open(path, O_RDONLY);

	return fd >= 0 ? 0 : errno;
}

static int
try_append(void)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	return fd >= 0 ? 0 : errno;
}

static int
try_make(void)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	return fd >= 0 ? 0 : errno;
}

static int
try_remove(void)
{
	return unlink(path) == 0 ? 0 : errno;
}

static int
try_folder(void)
{
	return mkdir(path, 0700) == 0 ? 0 : errno;
}

static int
try_execute(void)
{
	(void)execl(path, path, (char *)NULL);
	return errno;
}

static int
connect_to(int family, const void *address, socklen_t size)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return connect(fd, address, size) == 0 ? 0 : errno;
}

static int
try_connect(void)
{
	return connect_to(AF_INET, &server, sizeof(server));
}

static int
try_abstract(void)
{
	return connect_to(AF_UNIX, &nameless, nameless_size);
}

static int
try_signal(void)
{
	return kill(getppid(), 0) == 0 ? 0 : errno;
}

static void
write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0700);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	(void)close(fd);
}

/* in/ is what is allowed, out/ is beside it; both have a file. */
static void
prepare(void)
{
	(void)snprintf(folder, sizeof(folder), "%s", test_path("in"));
	CHECK(mkdir(folder, 0700) == 0);
	CHECK(mkdir(test_path("out"), 0700) == 0);
	write_file(test_path("in/log"), "#!/bin/true\n");
	write_file(test_path("out/log"), "#!/bin/true\n");
	CHECK(symlink("../out/log", test_path("in/link")) == 0);
}

/* Files that may be read, written, made and removed; all else is refused. */
TEST(what_is_allowed_is_all_that_can_be_done)
{
	static const struct {
		const char *name;
		unsigned rights;
		confined_function *attempt;
		int error;
	} table[] = {
	    {"in/log", LANDLOCK_READ, try_read, 0},
	    {"in", LANDLOCK_READ, try_read, 0},
	    {"in/link", LANDLOCK_READ, try_read, EACCES},
	    {"out/log", LANDLOCK_READ, try_read, EACCES},
	    {"out", LANDLOCK_READ, try_read, EACCES},
	    {"in/../out/log", LANDLOCK_READ, try_read, EACCES},
	    {"in/log", LANDLOCK_READ, try_append, EACCES},
	    {"in/log", LANDLOCK_READ, try_remove, EACCES},
	    {"in/log", LANDLOCK_READ, try_execute, EACCES},
	    {"in/new", LANDLOCK_READ, try_make, EACCES},
	    {"in/new", LANDLOCK_READ, try_folder, EACCES},
	    {"in/log", LANDLOCK_WRITE, try_append, 0},
	    {"in/log", LANDLOCK_WRITE, try_read, EACCES},
	    {"in/new", LANDLOCK_WRITE, try_make, EACCES},
	    {"in/made", LANDLOCK_WRITE | LANDLOCK_MAKE, try_make, 0},
	    {"out/new", LANDLOCK_WRITE | LANDLOCK_MAKE, try_make, EACCES},
	    {"in/log", LANDLOCK_WRITE | LANDLOCK_MAKE, try_remove, EACCES},
	    {"out/log", LANDLOCK_REMOVE, try_remove, EACCES},
	    {"in/log", LANDLOCK_REMOVE, try_remove, 0},
	};

	if (!has(1))
		return;
	prepare();
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		printf("# %zu: %s\n", i, table[i].name);
		(void)snprintf(
		    path, sizeof(path), "%s", test_path(table[i].name));
		rights = table[i].rights;
		CHECK_EQUAL_INT(confined(confine_to_folder, table[i].attempt),
		    table[i].error);
	}
}

/* A folder is what it was, and what has its name now is another one. */
TEST(a_folder_made_anew_is_read_through_the_one_above)
{
	if (!has(1))
		return;
	prepare();
	(void)snprintf(folder, sizeof(folder), "%s", test_directory());
	(void)snprintf(path, sizeof(path), "%s", test_path("in/log"));
	rights = LANDLOCK_READ;
	CHECK_EQUAL_INT(confined(confine_to_folder, try_read), 0);
	CHECK(rename(test_path("in"), test_path("old")) == 0);
	CHECK(rename(test_path("out"), test_path("in")) == 0);
	CHECK_EQUAL_INT(confined(confine_to_folder, try_read), 0);
}

/* Rights that only folders have are not asked for a file. */
TEST(a_file_alone_can_be_allowed)
{
	if (!has(1))
		return;
	prepare();
	(void)snprintf(folder, sizeof(folder), "%s", test_path("in/log"));
	(void)snprintf(path, sizeof(path), "%s", test_path("in/log"));
	rights = LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_MAKE;
	CHECK_EQUAL_INT(confined(confine_to_folder, try_read), 0);
	CHECK_EQUAL_INT(confined(confine_to_folder, try_append), 0);
	(void)snprintf(path, sizeof(path), "%s", test_path("in"));
	CHECK_EQUAL_INT(confined(confine_to_folder, try_read), EACCES);
	rights = LANDLOCK_MAKE;
	CHECK_EQUAL_INT(confined(confine_to_folder, try_read), EACCES);
}

static int
listen_at(int family, void *address, socklen_t *size, socklen_t room)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0);
	CHECK(bind(fd, address, *size) == 0);
	CHECK(listen(fd, 8) == 0);
	*size = room;
	CHECK(getsockname(fd, address, size) == 0);
	return fd;
}

TEST(a_port_is_allowed_by_itself)
{
	socklen_t size = sizeof(server);
	int fd;

	if (!has(4))
		return;
	prepare();
	server = (struct sockaddr_in){
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	fd = listen_at(AF_INET, &server, &size, sizeof(server));
	rights = LANDLOCK_READ;
	CHECK_EQUAL_INT(confined(confine_to_folder, try_connect), EACCES);
	port = ntohs(server.sin_port);
	CHECK_EQUAL_INT(confined(confine_to_folder, try_connect), 0);
	port = (uint16_t)(port == 1 ? 2 : 1);
	CHECK_EQUAL_INT(confined(confine_to_folder, try_connect), EACCES);
	sse_fd_close(fd);
}

/* The kernel chooses the name: no other test has it. */
TEST(neither_abstract_sockets_nor_processes_of_others_are_reached)
{
	int fd;

	if (!has(6))
		return;
	prepare();
	nameless = (struct sockaddr_un){.sun_family = AF_UNIX};
	nameless_size = offsetof(struct sockaddr_un, sun_path);
	fd = listen_at(AF_UNIX, &nameless, &nameless_size, sizeof(nameless));
	rights = LANDLOCK_READ;
	CHECK_EQUAL_INT(confined(confine_to_folder, try_abstract), EPERM);
	CHECK_EQUAL_INT(confined(confine_to_folder, try_signal), EPERM);
	sse_fd_close(fd);
}

TEST(what_older_kernels_lack_is_said)
{
	CHECK(strcmp(landlock_lacks(1),
		  "ports, abstract sockets and signals") == 0);
	CHECK(strcmp(landlock_lacks(4), "abstract sockets and signals") == 0);
	CHECK(landlock_lacks(6) == NULL);
}
