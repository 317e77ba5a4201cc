/*
 * system_log.c - datagrams to the system's log daemon.
 */
#include "config.h"

#include "program/system_log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

void
system_log_init(struct system_log *log, const char *path)
{
	*log = (struct system_log){.path = path, .fd = -1};
}

void
system_log_done(struct system_log *log)
{
	if (log->fd >= 0)
		(void)close(log->fd);
	log->fd = -1;
}

static int
connect_to_daemon(struct system_log *log)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t size = strlen(log->path);
	int error = 0;

	if (log->fd >= 0)
		return 0;
	if (size >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, log->path, size);
	log->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (log->fd < 0)
		return -errno;
	if (connect(log->fd, (const void *)&address, sizeof(address)) != 0)
		error = -errno;
	if (error != 0)
		system_log_done(log);
	return error;
}

static size_t
make_datagram(
    char datagram[SYSTEM_LOG_SIZE_MAX], const char *ident, const char *text)
{
	time_t now =
	    (time_t)(sse_clock_file_time_ms(sse_clock_system()) / 1000);
	char when[32] = "";
	struct tm local;
	int size;

	if (localtime_r(&now, &local) != NULL)
		(void)strftime(when, sizeof(when), "%b %e %H:%M:%S ", &local);
	size = snprintf(datagram, SYSTEM_LOG_SIZE_MAX, "<%d>%s%s[%d]: %s",
	    LOG_DAEMON | LOG_NOTICE, when, ident, (int)getpid(), text);
	if (size < 0)
		return 0;
	return size < SYSTEM_LOG_SIZE_MAX ? (size_t)size
					  : SYSTEM_LOG_SIZE_MAX - 1;
}

/* Once more where the daemon was started anew since the last line. */
int
system_log_send(struct system_log *log, const char *ident, const char *text)
{
	char datagram[SYSTEM_LOG_SIZE_MAX];
	size_t size = make_datagram(datagram, ident, text);
	int error = 0;

	for (int attempt = 0; attempt < 2; attempt++) {
		error = connect_to_daemon(log);
		if (error != 0)
			return error;
		if (send(log->fd, datagram, size, MSG_NOSIGNAL) >= 0)
			return 0;
		error = -errno;
		if (error == -EAGAIN)
			return error;
		system_log_done(log);
	}
	return error;
}
