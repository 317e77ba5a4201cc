/*
 * notify.h - telling the service manager how we are: sd_notify(3).
 */
#ifndef NOTIFY_H
#define NOTIFY_H

/*
 * Sends the lines, such as "READY=1", to the socket: a path, or '@' and an
 * abstract name; NULL: there is no service manager.  It does not wait.  0, or
 * -errno: it is gone, which is not a reason to stop.
 */
int notify_send(const char *socket, const char *lines);

/* The same with "RELOADING=1" and the time, which systemd wants with it. */
int notify_reloading(const char *socket);

#endif
