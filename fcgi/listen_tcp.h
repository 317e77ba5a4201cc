/*
 * listen_tcp.h - a listening socket of TCP.
 */
#ifndef LISTEN_TCP_H
#define LISTEN_TCP_H

#include <stdbool.h>

#include "conf/conf_error.h"

/*
 * Listens at "tcp:HOST:PORT".  An address that other machines can reach is
 * refused unless it is for all, since who may connect is looked at then.  The
 * name of a host may be asked for, which blocks.  The descriptor, which does
 * not block; -EINVAL and a line in *ret_error; -ENOMEM.
 */
int listen_tcp(const struct conf_place *place, const char *address,
    bool is_for_all, struct conf_error *ret_error);

/* Whether it can be listened at so: 0; errors as above.  Nothing is bound. */
int listen_tcp_check(const struct conf_place *place, const char *address,
    bool is_for_all, struct conf_error *ret_error);

/* The same by its form alone: what a name stands for is not asked. */
int listen_tcp_check_form(const struct conf_place *place, const char *address,
    bool is_for_all, struct conf_error *ret_error);

#endif
