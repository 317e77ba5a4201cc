/*
 * listen_unix.h - a listening socket in a folder.
 */
#ifndef LISTEN_UNIX_H
#define LISTEN_UNIX_H

#include <stdbool.h>
#include <sys/un.h>

#include "conf/conf_error.h"

/* Bytes of its path, with a NUL. */
#define LISTEN_PATH_SIZE sizeof(((struct sockaddr_un *)NULL)->sun_path)

/*
 * Listens at "unix:PATH[,mode=0660][,user=U][,group=G]".  A socket at PATH that
 * nobody listens at is removed, nothing else ever is.  The descriptor, which
 * does not block, and the path; -EINVAL and a line in *ret_error; -ENOMEM.
 */
int listen_unix(const struct conf_place *place, const char *address,
    char ret_path[LISTEN_PATH_SIZE], struct conf_error *ret_error);

/*
 * Whether it is such an address: 0; errors as above.  Nothing is touched, and
 * by its form alone nobody is looked up.
 */
int listen_unix_check(const struct conf_place *place, const char *address,
    bool by_form, struct conf_error *ret_error);

#endif
