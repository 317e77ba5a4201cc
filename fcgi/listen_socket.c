/*
 * listen_socket.c - what listening sockets of all kinds need.
 */
#include "config.h"

#include "listen_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

int
listen_socket(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd >= 0 ? fd : -errno;
}

int
listen_refuse(struct conf_error *ret_error, const struct conf_place *place,
    const char *address, const char *reason)
{
	return conf_refuse(ret_error, place, "%s %s",
	    conf_quote(sse_slice(address)).text, reason);
}

int
listen_refuse_system(struct conf_error *ret_error,
    const struct conf_place *place, const char *address, int error)
{
	return error == -ENOMEM
		   ? error
		   : listen_refuse(ret_error, place, address, strerror(-error));
}
