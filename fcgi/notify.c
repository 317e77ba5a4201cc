/*
 * notify.c - telling the service manager how we are.
 */
#include "config.h"

#include "notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int
notify_send(const char *socket_name, const char *lines)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t size = socket_name != NULL ? strlen(socket_name) : 0;
	int error = 0, fd;

	if (size == 0)
		return 0;
	if (size >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, socket_name, size);
	if (address.sun_path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, lines, strlen(lines), MSG_NOSIGNAL | MSG_DONTWAIT,
		(const void *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + size)) < 0)
		error = -errno;
	(void)close(fd);
	return error;
}

int
notify_reloading(const char *socket_name)
{
	char lines[64];
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return -errno;
	(void)snprintf(lines, sizeof(lines),
	    "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
	    (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	return notify_send(socket_name, lines);
}
