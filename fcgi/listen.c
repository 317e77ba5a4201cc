/*
 * listen.c - listening sockets, of our own or inherited.
 */
#include "config.h"

#include "listen.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "conf/conf_value.h"
#include "fdio.h"
#include "listen_socket.h"
#include "listen_tcp.h"
#include "listen_unix.h"

#define SYSTEMD_FD 3
#define WORD_SIZE_MAX 256 /* bytes of an address of a web server */

struct listener {
	int fd;
	char *path; /* of a socket that we have made; or NULL */
	struct sse_file_stat stat;
	char *servers; /* FCGI_WEB_SERVER_ADDRS; or NULL */
};

void
listener_close(struct listener *listener)
{
	struct sse_file_stat stat;

	if (listener == NULL)
		return;
	if (listener->path != NULL &&
	    sse_path_stat(listener->path, &stat) == 0 &&
	    stat.device == listener->stat.device &&
	    stat.inode == listener->stat.inode)
		(void)unlink(listener->path);
	sse_fd_close(listener->fd);
	free(listener->path);
	free(listener->servers);
	free(listener);
}

const char *
listener_path(const struct listener *listener)
{
	return listener->path;
}

static bool
names_servers(const char *servers)
{
	return servers != NULL && servers[0] != '\0';
}

/* The descriptor is its own from here on, and is closed on an error. */
static int
make_listener(int fd, const char *path, const char *servers,
    struct listener **ret_listener)
{
	struct listener *listener = calloc(1, sizeof(*listener));
	int error = 0;

	assert(fd >= 0);
	if (listener == NULL) {
		sse_fd_close(fd);
		return -ENOMEM;
	}
	listener->fd = fd;
	if (path != NULL) {
		error = sse_path_stat(path, &listener->stat);
		listener->path = error == 0 ? strdup(path) : NULL;
	}
	if (names_servers(servers))
		listener->servers = strdup(servers);
	if (error != 0 || (path != NULL && listener->path == NULL) ||
	    (names_servers(servers) && listener->servers == NULL)) {
		listener_close(listener);
		return error != 0 ? error : -ENOMEM;
	}
	*ret_listener = listener;
	return 0;
}

static bool
is_unix(const char *address)
{
	return strncmp(address, "unix:", 5) == 0;
}

static bool
is_tcp(const char *address)
{
	return strncmp(address, "tcp:", 4) == 0;
}

static int
refuse_kind(struct conf_error *ret_error, const struct conf_place *place,
    const char *address)
{
	return listen_refuse(ret_error, place, address,
	    "is neither unix:PATH[,mode=0660][,user=U][,group=G] nor"
	    " tcp:HOST:PORT");
}

int
listener_check(const struct conf_place *place, const char *address,
    const char *servers, struct conf_error *ret_error)
{
	if (is_unix(address))
		return listen_unix_check(place, address, false, ret_error);
	if (is_tcp(address))
		return listen_tcp_check(
		    place, address, names_servers(servers), ret_error);
	return refuse_kind(ret_error, place, address);
}

int
listener_check_form(const struct conf_place *place, const char *address,
    const char *servers, struct conf_error *ret_error)
{
	if (is_unix(address))
		return listen_unix_check(place, address, true, ret_error);
	if (is_tcp(address))
		return listen_tcp_check_form(
		    place, address, names_servers(servers), ret_error);
	return refuse_kind(ret_error, place, address);
}

int
listener_open(const struct conf_place *place, const char *address,
    const char *servers, struct listener **ret_listener,
    struct conf_error *ret_error)
{
	char path[LISTEN_PATH_SIZE];
	int fd;

	if (is_unix(address)) {
		fd = listen_unix(place, address, path, ret_error);
		return fd < 0 ? fd
			      : make_listener(fd, path, servers, ret_listener);
	}
	if (is_tcp(address)) {
		fd = listen_tcp(
		    place, address, names_servers(servers), ret_error);
		return fd < 0 ? fd
			      : make_listener(fd, NULL, servers, ret_listener);
	}
	return refuse_kind(ret_error, place, address);
}

/* ----------------------------------------------------------- inherited -- */

static bool
is_listening(int fd)
{
	int listening = 0;
	socklen_t size = sizeof(listening);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) ==
		   0 &&
	       listening != 0;
}

/* The sockets that systemd gives; 0 when it gives none. */
static uint64_t
systemd_sockets(const char *listen_fds, const char *listen_pid)
{
	uint64_t count, pid;

	if (listen_fds == NULL || listen_pid == NULL ||
	    conf_value_read(CONF_UNIT_NONE, listen_pid, &pid) != 0 ||
	    conf_value_read(CONF_UNIT_NONE, listen_fds, &count) != 0 ||
	    pid != (uint64_t)getpid())
		return 0;
	return count;
}

int
listener_inherit(const char *listen_fds, const char *listen_pid,
    const char *servers, struct listener **ret_listener,
    struct conf_error *ret_error)
{
	const struct conf_place nowhere = {0};
	uint64_t given = systemd_sockets(listen_fds, listen_pid);
	int fd = given > 0 ? SYSTEMD_FD : STDIN_FILENO;

	/* One stream has one socket: more are a mistake in the unit. */
	if (given > 1)
		return conf_refuse(ret_error, &nowhere,
		    "systemd gives %d sockets, and only one can be used",
		    (int)given);
	if (!is_listening(fd))
		return conf_refuse(ret_error, &nowhere,
		    "there is no socket to listen at: give one with --listen,"
		    " or start it with spawn-fcgi or systemd's socket");
	if (sse_fd_nonblocking(fd, true, NULL) != 0)
		return -EBADF;
	return make_listener(fd, NULL, servers, ret_listener);
}

/* ----------------------------------------------------------- accepting -- */

int
listener_fd(const struct listener *listener)
{
	return listener->fd;
}

bool
listener_is_stdin(const struct listener *listener)
{
	return listener->fd == STDIN_FILENO;
}

/* An address in its one form, so that two can be compared. */
static bool
same_address(const char *a, const char *b)
{
	struct in6_addr six_a, six_b;
	struct in_addr four_a, four_b;

	if (inet_pton(AF_INET, a, &four_a) == 1)
		return inet_pton(AF_INET, b, &four_b) == 1 &&
		       four_a.s_addr == four_b.s_addr;
	return inet_pton(AF_INET6, a, &six_a) == 1 &&
	       inet_pton(AF_INET6, b, &six_b) == 1 &&
	       memcmp(&six_a, &six_b, sizeof(six_a)) == 0;
}

bool
listen_allows(const char *servers, const char *address)
{
	char word[WORD_SIZE_MAX];

	if (servers == NULL || servers[0] == '\0')
		return true;
	while (servers != NULL) {
		const char *comma = strchr(servers, ',');
		size_t size;

		servers += strspn(servers, " ");
		size =
		    comma != NULL ? (size_t)(comma - servers) : strlen(servers);
		while (size > 0 && servers[size - 1] == ' ')
			size--;
		if (size < sizeof(word)) {
			memcpy(word, servers, size);
			word[size] = '\0';
			if (same_address(word, address))
				return true;
		}
		servers = comma != NULL ? comma + 1 : NULL;
	}
	return false;
}

union peer {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	struct sockaddr_storage storage;
};

/* IPv4 in IPv6 is IPv4: so it stands in the list. */
static bool
peer_allowed(const struct listener *listener, const union peer *peer)
{
	char address[INET6_ADDRSTRLEN] = "";
	const char *mapped = "::ffff:";

	if (listener->servers == NULL)
		return true;
	assert(listener->servers[0] != '\0');
	if (peer->any.sa_family == AF_INET)
		(void)inet_ntop(
		    AF_INET, &peer->four.sin_addr, address, sizeof(address));
	else if (peer->any.sa_family == AF_INET6)
		(void)inet_ntop(
		    AF_INET6, &peer->six.sin6_addr, address, sizeof(address));
	if (strncmp(address, mapped, strlen(mapped)) == 0 &&
	    strchr(address, '.') != NULL)
		return listen_allows(
		    listener->servers, address + strlen(mapped));
	return listen_allows(listener->servers, address);
}

int
listener_accept(struct listener *listener)
{
	const int size = LISTEN_SEND_SIZE, on = 1;
	union peer peer = {.any = {.sa_family = AF_UNSPEC}};
	socklen_t peer_size = sizeof(peer);
	int fd = accept4(
	    listener->fd, &peer.any, &peer_size, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* A list of addresses is for TCP: a unix socket has its mode. */
	if (peer.any.sa_family != AF_UNIX && !peer_allowed(listener, &peer)) {
		sse_fd_close(fd);
		return -EACCES;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (peer.any.sa_family != AF_UNIX) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	}
	return fd;
}
