/*
 * redis_password.c - the secret that a Redis server wants.
 */
#include "config.h"

#include "source/redis_password.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "fdio.h"

static int
refuse(const char **ret_reason, const char *reason)
{
	*ret_reason = reason;
	return -EPERM;
}

static int
check_file(int fd, const char **ret_reason)
{
	struct sse_file_stat stat;
	int error = sse_fd_stat(fd, &stat);

	if (error != 0) {
		*ret_reason = strerror(-error);
		return error;
	}
	if (!S_ISREG(stat.mode))
		return refuse(ret_reason, "it is not a regular file");
	if ((stat.mode & (S_IROTH | S_IWOTH)) != 0)
		return refuse(ret_reason,
		    "everybody may read or write it; chmod 640, say");
	return 0;
}

/* Neither LF nor CRLF is a part of it. */
static void
leave_out_end(struct sse_buf *secret)
{
	if (secret->size > 0 && secret->data[secret->size - 1] == '\n')
		secret->size--;
	if (secret->size > 0 && secret->data[secret->size - 1] == '\r')
		secret->size--;
}

static int
read_file(int fd, struct sse_buf *secret, const char **ret_reason)
{
	int error = sse_buf_reserve(secret, REDIS_PASSWORD_SIZE_MAX + 1);
	ssize_t got;

	if (error != 0)
		return error;
	got = sse_fd_pread_all(
	    fd, secret->data + secret->size, REDIS_PASSWORD_SIZE_MAX + 1, 0);
	if (got < 0) {
		*ret_reason = strerror((int)-got);
		return (int)got;
	}
	if (got > REDIS_PASSWORD_SIZE_MAX)
		return refuse(ret_reason, "it has more than 4096 bytes");
	secret->size += (size_t)got;
	leave_out_end(secret);
	return secret->size > 0 ? 0 : refuse(ret_reason, "it is empty");
}

int
redis_password_read(
    const char *path, struct sse_buf *secret, const char **ret_reason)
{
	/* A FIFO would be waited for. */
	int fd = sse_fd_open(path, O_RDONLY | O_NONBLOCK), error;

	*ret_reason = "there is no memory";
	if (fd < 0) {
		*ret_reason = strerror(-fd);
		return fd;
	}
	error = check_file(fd, ret_reason);
	if (error == 0)
		error = read_file(fd, secret, ret_reason);
	sse_fd_close(fd);
	return error;
}

void
redis_password_done(struct sse_buf *secret)
{
	if (secret->data != NULL)
		explicit_bzero(secret->data, secret->capacity);
	sse_buf_done(secret);
}
