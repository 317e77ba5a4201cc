/*
 * listen_tcp.c - a socket of TCP, which by itself is for this machine only.
 */
#include "config.h"

#include "listen_tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fdio.h"
#include "listen_socket.h"

#define PART_SIZE_MAX 256 /* bytes of a host or a port, with a NUL */

struct tcp_address {
	char host[PART_SIZE_MAX];
	char port[PART_SIZE_MAX];
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
	if (size == 0 || size >= PART_SIZE_MAX ||
	    strlen(colon + 1) >= PART_SIZE_MAX)
		return false;
	memcpy(ret_address->host, text, size);
	ret_address->host[size] = '\0';
	memcpy(ret_address->port, colon + 1, strlen(colon + 1) + 1);
	return true;
}

/* A name is looked up; libc takes a number for what its last 16 bits are. */
static bool
is_port_too_large(const char *port)
{
	char *end;

	return strtoul(port, &end, 10) > UINT16_MAX && *end == '\0';
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
	int fd = listen_socket(info->ai_family), error = 0;

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
read_address(const struct conf_place *place, const char *address,
    struct tcp_address *ret_address, struct conf_error *ret_error)
{
	if (!parse_tcp(address + strlen("tcp:"), ret_address))
		return listen_refuse(ret_error, place, address,
		    "is not tcp:HOST:PORT (an IPv6 address in brackets)");
	if (is_port_too_large(ret_address->port))
		return listen_refuse(
		    ret_error, place, address, "has a port over 65535");
	return 0;
}

static int
refuse_reach(struct conf_error *ret_error, const struct conf_place *place,
    const char *address)
{
	return listen_refuse(ret_error, place, address,
	    "can be reached from other machines; set FCGI_WEB_SERVER_ADDRS to"
	    " the addresses of the web servers that may connect");
}

/* What it is called on this machine; to be given back; untouched: refused. */
static int
look_up(const struct conf_place *place, const char *address, bool is_for_all,
    struct addrinfo **ret_found, struct conf_error *ret_error)
{
	const struct addrinfo hints = {
	    .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct tcp_address parsed;
	struct addrinfo *found;
	int error = read_address(place, address, &parsed, ret_error);

	if (error != 0)
		return error;
	if (getaddrinfo(parsed.host, parsed.port, &hints, &found) != 0)
		return listen_refuse(ret_error, place, address,
		    "has a host or a port that is not known");
	if (is_for_all || is_loopback(found->ai_addr)) {
		*ret_found = found;
		return 0;
	}
	freeaddrinfo(found);
	return refuse_reach(ret_error, place, address);
}

int
listen_tcp_check(const struct conf_place *place, const char *address,
    bool is_for_all, struct conf_error *ret_error)
{
	struct addrinfo *found = NULL;
	int error = look_up(place, address, is_for_all, &found, ret_error);

	if (found != NULL)
		freeaddrinfo(found);
	return error;
}

int
listen_tcp_check_form(const struct conf_place *place, const char *address,
    bool is_for_all, struct conf_error *ret_error)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	const struct sockaddr *known = NULL;
	struct tcp_address parsed;
	int error = read_address(place, address, &parsed, ret_error);

	if (error != 0)
		return error;
	if (inet_pton(AF_INET, parsed.host, &four.sin_addr) == 1)
		known = (const void *)&four;
	else if (inet_pton(AF_INET6, parsed.host, &six.sin6_addr) == 1)
		known = (const void *)&six;
	if (known != NULL && !is_for_all && !is_loopback(known))
		return refuse_reach(ret_error, place, address);
	return 0;
}

int
listen_tcp(const struct conf_place *place, const char *address, bool is_for_all,
    struct conf_error *ret_error)
{
	struct addrinfo *found = NULL;
	int error = look_up(place, address, is_for_all, &found, ret_error);
	int fd;

	if (found == NULL)
		return error;
	fd = bind_tcp(found);
	freeaddrinfo(found);
	return fd >= 0 ? fd
		       : listen_refuse_system(ret_error, place, address, fd);
}
