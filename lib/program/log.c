/*
 * log.c - one line for the administrator.
 *
 * It never blocks and never fails: a log that nobody reads must not stop a
 * stream.  A line is one write, and shorter than PIPE_BUF, so that the lines
 * of many processes do not mix in one pipe or file.
 */
#include "config.h"

#include "program/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "base/escape.h"
#include "fdio.h"
#include "program/system_log.h"
#include "source/reach.h"

/* A whole line is written at once, or not at all. */
static_assert(LOG_LINE_SIZE_MAX <= PIPE_BUF, "a line is one write");

enum log_target {
	TO_NOWHERE,
	TO_STDERR,
	TO_SYSLOG,
	TO_FILE
};

struct log {
	enum log_target target;
	enum log_target reached; /* by the last line */
	int fd;                  /* of TO_STDERR and TO_FILE */
	struct system_log system;
	const char *ident;
	bool stdout_is_served;
};

static bool
stderr_is_served(bool stdout_is_served)
{
	return stdout_is_served && !isatty(STDERR_FILENO) &&
	       sse_fd_same(STDOUT_FILENO, STDERR_FILENO);
}

/* Closed, /dev/null, or a folder, which stands for it: nobody would see it. */
static bool
stderr_is_nothing(void)
{
	struct stat st;

	if (fstat(STDERR_FILENO, &st) != 0)
		return true;
	return S_ISDIR(st.st_mode) ||
	       (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3));
}

static enum log_target
choose(const char *where, bool stdout_is_served)
{
	if (where == NULL)
		return stderr_is_nothing() || stderr_is_served(stdout_is_served)
			   ? TO_SYSLOG
			   : TO_STDERR;
	if (strcmp(where, "syslog") == 0)
		return TO_SYSLOG;
	if (strcmp(where, "stderr") != 0)
		return TO_FILE;
	return stderr_is_served(stdout_is_served) ? TO_NOWHERE : TO_STDERR;
}

/*
 * The descriptors 0 to 2 belong to the web server, even where it has left
 * them closed: a log that is opened as one of them would be served.
 */
static int
above_standard(int fd)
{
	int higher;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (higher < 0)
		higher = -errno;
	sse_fd_close(fd);
	return higher;
}

static void
close_target(struct log *log)
{
	system_log_done(&log->system);
	if (log->target == TO_FILE)
		sse_fd_close(log->fd);
	log->target = TO_NOWHERE;
}

/* What was open before is closed only when this has gone well. */
static int
open_target(struct log *log, const char *where)
{
	/* O_NONBLOCK: a FIFO that nobody reads is an error, not a wait. */
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK;
	enum log_target target = choose(where, log->stdout_is_served);
	int fd = STDERR_FILENO;

	if (target == TO_FILE)
		fd = above_standard(sse_fd_open(where, flags));
	if (fd < 0)
		return fd;
	close_target(log);
	assert(target != TO_FILE || fd > STDERR_FILENO);
	log->target = log->reached = target;
	log->fd = fd;
	return 0;
}

int
log_open(const char *where, const char *ident, bool stdout_is_served,
    struct log **ret_log)
{
	struct log *log = calloc(1, sizeof(*log));
	int error;

	if (log == NULL)
		return -ENOMEM;
	log->ident = ident;
	log->stdout_is_served = stdout_is_served;
	system_log_init(&log->system, SYSTEM_LOG_PATH);
	error = open_target(log, where);
	if (error != 0) {
		free(log);
		return error;
	}
	*ret_log = log;
	return 0;
}

int
log_reopen(struct log *log, const char *where)
{
	return open_target(log, where);
}

static void
reach_syslog(struct reaches *reaches)
{
	reaches->local = true;
	reaches_add(reaches, LOG_LAST_PATH, REACH_WRITE);
}

void
log_reach(const struct log *log, struct reaches *reaches)
{
	if (log->target == TO_SYSLOG)
		reach_syslog(reaches);
}

void
log_reach_anew(const char *where, struct reaches *reaches)
{
	enum log_target target = choose(where, false);
	struct stat st;

	if (target == TO_SYSLOG)
		reach_syslog(reaches);
	if (target != TO_FILE)
		return;
	/* A device stays, and those beside it are no logs. */
	if (stat(where, &st) == 0 && !S_ISREG(st.st_mode))
		reaches_add(reaches, where, REACH_WRITE);
	else
		reaches_add_file(reaches, where, REACH_WRITE | REACH_MAKE);
}

void
log_close(struct log *log)
{
	if (log == NULL)
		return;
	close_target(log);
	free(log);
}

/* "2026-11-20T12:00:00Z " into the buffer; returns its size. */
static size_t
put_time(char *buffer, size_t size)
{
	int64_t now_ms = sse_clock_file_time_ms(sse_clock_system());
	time_t now = (time_t)(now_ms / 1000);
	struct tm utc;

	if (gmtime_r(&now, &utc) == NULL)
		return 0;
	return strftime(buffer, size, "%Y-%m-%dT%H:%M:%SZ ", &utc);
}

/* Whether it was written. */
static bool
write_line(const struct log *log, int fd, bool has_time, struct sse_slice text)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	char line[LOG_LINE_SIZE_MAX];
	size_t room = sizeof(line) - 1; /* for the LF; the NUL's place is it */
	size_t used = 0;

	if (has_time)
		used = put_time(line, room);
	used += escape_text(sse_slice(log->ident), line + used, room / 4);
	memcpy(line + used, ": ", 2);
	used += 2;
	used += escape_text(text, line + used, room - used + 1);
	assert(used < sizeof(line));
	line[used++] = '\n';
	return poll(&ready, 1, 0) == 1 && ready.revents == POLLOUT &&
	       sse_fd_write(fd, line, used) > 0;
}

/* To the file that is there for what the system's log does not take. */
static bool
write_last(const struct log *log, struct sse_slice text)
{
	const int flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOFOLLOW;
	int fd = above_standard(sse_fd_open(LOG_LAST_PATH, flags));
	bool written = fd >= 0 && write_line(log, fd, true, text);

	sse_fd_close(fd);
	return written;
}

static void
write_system(struct log *log, struct sse_slice text)
{
	char line[LOG_LINE_SIZE_MAX];

	escape_text(text, line, sizeof(line));
	if (system_log_send(&log->system, log->ident, line) == 0)
		log->reached = TO_SYSLOG;
	else
		log->reached = write_last(log, text) ? TO_FILE : TO_NOWHERE;
}

void
log_line(struct log *log, const char *format, ...)
{
	char text[LOG_LINE_SIZE_MAX + 1];
	va_list arguments;
	int size;

	if (log == NULL || log->target == TO_NOWHERE)
		return;
	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (size < 0)
		return;
	if (log->target == TO_SYSLOG)
		write_system(log, sse_slice(text));
	else
		log->reached = write_line(log, log->fd, log->target == TO_FILE,
				   sse_slice(text))
				   ? log->target
				   : TO_NOWHERE;
}

void
log_refusal(const struct log *log, char text[LOG_REFUSAL_SIZE_MAX])
{
	enum log_target reached = log != NULL ? log->reached : TO_NOWHERE;
	const char *before = "; the log of ", *after = " says why";

	if (reached == TO_NOWHERE) {
		before = ", and ";
		after = " has no log that says why: set its key \"log\"";
	} else if (reached == TO_SYSLOG) {
		before = "; the system log (syslog, ";
		after = ") says why";
	} else if (reached == TO_STDERR && log->stdout_is_served) {
		before = "; the server's log (";
		after = ") says why";
	}
	(void)snprintf(text, LOG_REFUSAL_SIZE_MAX,
	    "The stream cannot be served%s%s%s.\n", before,
	    log != NULL ? log->ident : PACKAGE_NAME, after);
}
