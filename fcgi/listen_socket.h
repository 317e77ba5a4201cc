/*
 * listen_socket.h - what listening sockets of all kinds need.
 */
#ifndef LISTEN_SOCKET_H
#define LISTEN_SOCKET_H

#include "conf/conf_error.h"

#define LISTEN_QUEUE 4096 /* connections that the kernel holds for us */

/* A socket of that family that does not block, or -errno. */
int listen_socket(int family);

/*
 * Says what is wrong with the address that "listen" has there: -EINVAL, or
 * -ENOMEM if that is the error.
 */
int listen_refuse(struct conf_error *ret_error, const struct conf_place *place,
    const char *address, const char *reason);
int listen_refuse_system(struct conf_error *ret_error,
    const struct conf_place *place, const char *address, int error);

#endif
