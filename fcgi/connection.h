/*
 * connection.h - a connection from a web server: what is said on it.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "client.h"

/*
 * Takes over an open connection, and what it has said: 0 or -ENOMEM, and then
 * it is closed.
 */
int connection_new(struct clients *clients, int fd);

#endif
