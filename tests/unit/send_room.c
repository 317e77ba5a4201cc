#include "config.h"

#include "send_room.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "wire.h"

long send_room = -1;
bool send_interrupted;

ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);

ssize_t
__wrap_send(int fd, const void *bytes, size_t size, int flags)
{
	ssize_t put;

	if (send_interrupted) {
		send_interrupted = false;
		errno = EINTR;
		return -1;
	}
	if (send_room == 0) {
		errno = EAGAIN;
		return -1;
	}
	if (send_room > 0 && (size_t)send_room < size)
		size = (size_t)send_room;
	put = __real_send(fd, bytes, size, flags);
	if (send_room > 0 && put > 0)
		send_room -= put;
	return put;
}

ssize_t
__wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
	char all[WIRE_HEADER_SIZE + WIRE_STDOUT_MAX];
	size_t size = 0;

	for (size_t i = 0; i < (size_t)message->msg_iovlen; i++) {
		memcpy(all + size, message->msg_iov[i].iov_base,
		    message->msg_iov[i].iov_len);
		size += message->msg_iov[i].iov_len;
	}
	return __wrap_send(fd, all, size, flags);
}
