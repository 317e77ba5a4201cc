/*
 * log.h - one line for the administrator.  Only the programs log.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

#define LOG_LINE_SIZE_MAX 1024   /* bytes; the rest of a longer line is cut */
#define LOG_REFUSAL_SIZE_MAX 160 /* bytes, with a NUL */

/*
 * Where a line for syslog goes when no daemon takes it, if the file is there:
 * lighttpd hands out no standard error, and a container has no daemon.
 */
#define LOG_LAST_PATH "/var/log/ssekit.log"

struct log;
struct reaches;

/*
 * where: "stderr", "syslog", a path (appended to, made with mode 0640), or
 * NULL: stderr, but syslog where stderr is closed or /dev/null, as spawn-fcgi
 * leaves it.  ident is the program's name, and has to outlive the log.
 * stdout_is_served says that stdout goes to a client: then a stderr that is
 * the same file and no terminal is never written to (mini_httpd makes it so).
 * 0 and *ret_log; -ENOMEM; for a path that cannot be opened, its error.
 */
int log_open(const char *where, const char *ident, bool stdout_is_served,
    struct log **ret_log);

/*
 * The same once more: a file that was moved away is made anew.  After an error,
 * which is as above, the log is what it was.
 */
int log_reopen(struct log *log, const char *where);

/* Adds what log_line() reaches; and what log_reopen() of such a log does. */
void log_reach(const struct log *log, struct reaches *reaches);
void log_reach_anew(const char *where, struct reaches *reaches);

/* NULL is allowed. */
void log_close(struct log *log);

/*
 * Writes one line: "IDENT: TEXT" (with the time in a file).  Bytes that are
 * no printable ASCII are written as \xHH, so that a client's words cannot
 * forge a line or steer a terminal.  It never fails: what cannot be written is
 * gone, and log_refusal() says so.  NULL logs nowhere.
 */
void log_line(struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * What a client is told that was refused for what the last line said: that the
 * stream cannot be served, and which log says why, or that there is none.  A
 * line with its LF, and never a path.  NULL: none.
 */
void log_refusal(const struct log *log, char text[LOG_REFUSAL_SIZE_MAX]);

#endif
