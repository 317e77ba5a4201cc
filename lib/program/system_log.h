/*
 * system_log.h - lines for the system's log, as syslog(3) sends them, but
 * without ever waiting: a log daemon that is stuck must not stop a stream.
 */
#ifndef SYSTEM_LOG_H
#define SYSTEM_LOG_H

#define SYSTEM_LOG_PATH "/dev/log"
#define SYSTEM_LOG_SIZE_MAX 2048 /* bytes of a datagram */

struct system_log {
	const char *path; /* of the daemon's socket */
	int fd;           /* -1: not connected */
};

/* Nothing is opened yet.  The path is borrowed. */
void system_log_init(struct system_log *log, const char *path);

void system_log_done(struct system_log *log);

/*
 * Sends one line, as a notice of a daemon: RFC 3164, 4.1.  It connects as often
 * as the daemon has been started anew.  0, or -errno: the line is lost, since
 * the daemon is not there or does not keep up.
 */
int system_log_send(
    struct system_log *log, const char *ident, const char *text);

#endif
