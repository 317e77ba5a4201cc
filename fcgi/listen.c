/*
 * listen.c - listening sockets, of our own or inherited.
 *
 * libfcgi would remove whatever is at the path, leave the socket's mode to
 * chance and end the process on an error; so this is not left to it.
 */
#include "config.h"

#include "listen.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "conf/conf_error.h"
#include "conf/conf_value.h"
#include "fdio.h"
#include "stream/obstacle.h"

#define REASON_SIZE_MAX 700 /* bytes, with a NUL */
#define SYSTEMD_FD 3
#define MODE_DEFAULT 0660
#define WORD_SIZE_MAX 256 /* bytes of a user, a group, a host or a port */

struct listener {
	int fd;
	char *path; /* of a socket that we have made; or NULL */
	struct sse_file_stat stat;
	char *servers; /* FCGI_WEB_SERVER_ADDRS; or NULL */
};

/* "unix:PATH,..." taken apart. */
struct unix_address {
	struct sockaddr_un path;
	mode_t mode;
	uid_t user;
	gid_t group;
};

static int
refuse(struct conf_error *ret_error, const char *address, const char *reason)
{
	const struct conf_place place = {.key = "listen"};

	return conf_refuse(ret_error, &place, "%s %s",
	    conf_quote(sse_slice(address)).text, reason);
}

static int
refuse_system(struct conf_error *ret_error, const char *address, int error)
{
	return error == -ENOMEM ? error
				: refuse(ret_error, address, strerror(-error));
}

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
	if (servers != NULL && servers[0] != '\0')
		listener->servers = strdup(servers);
	if (error != 0 || (path != NULL && listener->path == NULL) ||
	    (servers != NULL && servers[0] != '\0' &&
		listener->servers == NULL)) {
		listener_close(listener);
		return error != 0 ? error : -ENOMEM;
	}
	*ret_listener = listener;
	return 0;
}

/* ---------------------------------------------------------------- unix -- */

static bool
parse_mode(const char *text, mode_t *ret_mode)
{
	unsigned long mode;
	char *end;

	if (text[0] < '0' || text[0] > '7' || strlen(text) > 4)
		return false;
	mode = strtoul(text, &end, 8);
	*ret_mode = (mode_t)mode;
	return *end == '\0' && mode <= 0777;
}

static bool
parse_user(const char *text, uid_t *ret_user)
{
	const struct passwd *user = getpwnam(text);
	uint64_t number;

	if (user != NULL)
		*ret_user = user->pw_uid;
	else if (conf_value_read(CONF_UNIT_NONE, text, &number) == 0 &&
		 number < UINT32_MAX)
		*ret_user = (uid_t)number;
	else
		return false;
	return true;
}

static bool
parse_group(const char *text, gid_t *ret_group)
{
	const struct group *group = getgrnam(text);
	uint64_t number;

	if (group != NULL)
		*ret_group = group->gr_gid;
	else if (conf_value_read(CONF_UNIT_NONE, text, &number) == 0 &&
		 number < UINT32_MAX)
		*ret_group = (gid_t)number;
	else
		return false;
	return true;
}

/* "mode=0660": what is wrong with it, or NULL. */
static const char *
parse_unix_option(const char *option, struct unix_address *address)
{
	if (strncmp(option, "mode=", 5) == 0)
		return parse_mode(option + 5, &address->mode)
			   ? NULL
			   : "has no mode from 0 to 0777";
	if (strncmp(option, "user=", 5) == 0)
		return parse_user(option + 5, &address->user)
			   ? NULL
			   : "names a user that is not known";
	if (strncmp(option, "group=", 6) == 0)
		return parse_group(option + 6, &address->group)
			   ? NULL
			   : "names a group that is not known";
	return "has something else than mode=, user= and group= behind its"
	       " path";
}

/* What is wrong with PATH[,OPTION]..., or NULL. */
static const char *
parse_unix(char *text, struct unix_address *ret_address)
{
	const char *wrong = NULL;
	char *option = strchr(text, ',');

	*ret_address = (struct unix_address){.path = {.sun_family = AF_UNIX},
	    .mode = MODE_DEFAULT,
	    .user = (uid_t)-1,
	    .group = (gid_t)-1};
	while (option != NULL && wrong == NULL) {
		char *next = strchr(option + 1, ',');

		*option = '\0';
		if (next != NULL)
			*next = '\0';
		wrong = parse_unix_option(option + 1, ret_address);
		if (next != NULL)
			*next = ',';
		option = next;
	}
	if (text[0] == '\0')
		return "has no path";
	if (strlen(text) >= sizeof(ret_address->path.sun_path))
		return "has a path that is too long: 107 bytes at most";
	(void)snprintf(ret_address->path.sun_path,
	    sizeof(ret_address->path.sun_path), "%s", text);
	return wrong;
}

static int
new_socket(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd >= 0 ? fd : -errno;
}

/*
 * A socket at the path that nobody listens at is removed.  What else is wrong
 * with what is there, or NULL.
 */
static const char *
clear_path(const struct sockaddr_un *path)
{
	struct sse_file_stat stat;
	int fd, error;

	if (sse_path_stat(path->sun_path, &stat) != 0)
		return NULL;
	if (!S_ISSOCK(stat.mode))
		return "is there, and is no socket";
	fd = new_socket(AF_UNIX);
	if (fd < 0)
		return "cannot be looked at: too many open files";
	error = connect(fd, (const struct sockaddr *)path, sizeof(*path)) == 0
		    ? 0
		    : errno;
	sse_fd_close(fd);
	if (error != ECONNREFUSED)
		return "is in use: another process listens there";
	(void)unlink(path->sun_path);
	return NULL;
}

/*
 * Gives the socket that was just made to its user and group, and its mode where
 * the folder has rules of its own for that.  Others may be able to write in the
 * folder: so it is changed by descriptor, and not by a name that may be another
 * one's, or a link, by now.
 */
static int
give_away(int fd, const struct unix_address *address)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	bool gives = address->user != (uid_t)-1 || address->group != (gid_t)-1;
	bool opens;
	struct sse_file_stat stat;
	int error = sse_fd_stat(fd, &stat);

	assert(address->mode <= 0777);
	if (error != 0)
		return error;
	opens = (stat.mode & 0777) != address->mode;
	if (!S_ISSOCK(stat.mode) ||
	    ((gives || opens) && stat.owner != geteuid()))
		return -EEXIST;
	if (gives && fchownat(fd, "", address->user, address->group,
			 AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) != 0)
		return -errno;
	if (!opens)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return chmod(path, address->mode) == 0 ? 0 : -errno;
}

/* Which folder it is that is missing, or may not be gone into. */
static int
refuse_path(struct conf_error *ret_error, const char *address, const char *path,
    int error)
{
	char why[OBSTACLE_TEXT_SIZE_MAX], reason[REASON_SIZE_MAX];

	if (!obstacle_explain(path, error, why)) {
		if (error != -EACCES)
			return refuse_system(ret_error, address, error);
		(void)snprintf(
		    why, sizeof(why), "this user may not write in its folder");
	}
	(void)snprintf(reason, sizeof(reason), "%s: %s", strerror(-error), why);
	return refuse(ret_error, address, reason);
}

/* Nobody can connect before listen(), whoever it belongs to until then. */
static int
bind_unix(int fd, const struct unix_address *address)
{
	const char *path = address->path.sun_path;
	mode_t before;
	int made, error;

	/* Else it had a name that is in no folder, and no mode. */
	assert(path[0] != '\0');
	before = umask(0777 & ~address->mode);
	error = bind(fd, (const struct sockaddr *)&address->path,
		    sizeof(address->path)) == 0
		    ? 0
		    : -errno;
	(void)umask(before);
	if (error != 0)
		return error;
	made = sse_fd_open(path, O_PATH | O_NOFOLLOW);
	error = made < 0 ? made : give_away(made, address);
	sse_fd_close(made);
	if (error == 0 && listen(fd, LISTEN_QUEUE) != 0)
		error = -errno;
	if (error != 0)
		(void)unlink(path);
	return error;
}

static int
open_unix(const char *address, const char *servers,
    struct listener **ret_listener, struct conf_error *ret_error)
{
	struct unix_address parsed;
	char *text = strdup(address + strlen("unix:"));
	const char *wrong;
	int fd, error;

	if (text == NULL)
		return -ENOMEM;
	wrong = parse_unix(text, &parsed);
	free(text);
	if (wrong == NULL)
		wrong = clear_path(&parsed.path);
	if (wrong != NULL)
		return refuse(ret_error, address, wrong);
	fd = new_socket(AF_UNIX);
	error = fd < 0 ? fd : bind_unix(fd, &parsed);
	if (error != 0) {
		sse_fd_close(fd);
		return refuse_path(
		    ret_error, address, parsed.path.sun_path, error);
	}
	return make_listener(fd, parsed.path.sun_path, servers, ret_listener);
}

/* ----------------------------------------------------------------- tcp -- */

struct tcp_address {
	char host[WORD_SIZE_MAX];
	char port[WORD_SIZE_MAX];
};

/* HOST:PORT, or [HOST]:PORT with colons in the host. */
static bool
parse_tcp(const char *text, struct tcp_address *ret_address)
{
	const char *colon = strrchr(text, ':');
	size_t size;

	if (colon == NULL || colon == text || colon[1] == '\0')
		return false;
	size = (size_t)(colon - text);
	if (text[0] == '[' && colon[-1] == ']') {
		text++;
		size -= 2;
	} else if (memchr(text, ':', size) != NULL)
		return false;
	if (size == 0 || size >= WORD_SIZE_MAX ||
	    strlen(colon + 1) >= WORD_SIZE_MAX)
		return false;
	memcpy(ret_address->host, text, size);
	ret_address->host[size] = '\0';
	memcpy(ret_address->port, colon + 1, strlen(colon + 1) + 1);
	return true;
}

static bool
is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;

	if (address->sa_family == AF_INET)
		return ntohl(four->sin_addr.s_addr) >> 24 == 127;
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static int
bind_tcp(const struct addrinfo *info)
{
	const int on = 1;
	int fd = new_socket(info->ai_family), error = 0;

	if (fd < 0)
		return fd;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 ||
	    listen(fd, LISTEN_QUEUE) != 0)
		error = -errno;
	if (error == 0)
		return fd;
	sse_fd_close(fd);
	return error;
}

static int
open_tcp(const char *address, const char *servers,
    struct listener **ret_listener, struct conf_error *ret_error)
{
	const struct addrinfo hints = {
	    .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct tcp_address parsed;
	struct addrinfo *found;
	bool open_to_all;
	int fd;

	if (!parse_tcp(address + strlen("tcp:"), &parsed))
		return refuse(ret_error, address,
		    "is not tcp:HOST:PORT (an IPv6 address in brackets)");
	if (getaddrinfo(parsed.host, parsed.port, &hints, &found) != 0)
		return refuse(ret_error, address,
		    "has a host or a port that is not known");
	open_to_all = !is_loopback(found->ai_addr) &&
		      (servers == NULL || servers[0] == '\0');
	fd = open_to_all ? -EACCES : bind_tcp(found);
	freeaddrinfo(found);
	if (open_to_all)
		return refuse(ret_error, address,
		    "can be reached from other machines; set"
		    " FCGI_WEB_SERVER_ADDRS to the addresses of the web"
		    " servers that may connect");
	if (fd < 0)
		return refuse_system(ret_error, address, fd);
	return make_listener(fd, NULL, servers, ret_listener);
}

int
listener_open(const char *address, const char *servers,
    struct listener **ret_listener, struct conf_error *ret_error)
{
	if (strncmp(address, "unix:", 5) == 0)
		return open_unix(address, servers, ret_listener, ret_error);
	if (strncmp(address, "tcp:", 4) == 0)
		return open_tcp(address, servers, ret_listener, ret_error);
	return refuse(ret_error, address,
	    "is neither unix:PATH[,mode=0660][,user=U][,group=G] nor"
	    " tcp:HOST:PORT");
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
		size_t size =
		    comma != NULL ? (size_t)(comma - servers) : strlen(servers);

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
