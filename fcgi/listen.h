/*
 * listen.h - the socket that web servers connect to.
 */
#ifndef LISTEN_H
#define LISTEN_H

#include "conf/conf.h"

/*
 * Bytes of a client's socket, as the kernel counts them: about 30 KB of
 * memory for one that takes nothing, instead of 214.
 */
#define LISTEN_SEND_SIZE 16384

struct listener;

/*
 * Listens at "unix:PATH[,mode=0660][,user=U][,group=G]" or "tcp:HOST:PORT".
 * A socket at PATH that nobody listens at is removed, nothing else ever is.
 * servers is FCGI_WEB_SERVER_ADDRS, or NULL: without it TCP is for addresses
 * of this machine only.  0 and *ret_listener; -EINVAL and a line in
 * *ret_error, which begins with the place where it is said; -ENOMEM.
 */
int listener_open(const struct conf_place *place, const char *address,
    const char *servers, struct listener **ret_listener,
    struct conf_error *ret_error);

/* Whether the address is one of these.  Errors as above; nothing is touched. */
int listener_check(const struct conf_place *place, const char *address,
    const char *servers, struct conf_error *ret_error);

/*
 * The same by its form alone, for who may look up nobody any more: names of
 * users, groups, hosts and ports are taken for such.
 */
int listener_check_form(const struct conf_place *place, const char *address,
    const char *servers, struct conf_error *ret_error);

/*
 * Takes over the socket that was given: descriptor 3 of systemd (which says
 * so: listen_fds and listen_pid are its variables, or NULL), else descriptor
 * 0.  Errors as above; -EINVAL also when there is none.
 */
int listener_inherit(const char *listen_fds, const char *listen_pid,
    const char *servers, struct listener **ret_listener,
    struct conf_error *ret_error);

/* A socket that it made is removed, if it still is the one at its path. */
void listener_close(struct listener *listener);

/* The path of the socket that it made, which is removed; NULL: none. */
const char *listener_path(const struct listener *listener);

int listener_fd(const struct listener *listener);

/* Whether it is descriptor 0. */
bool listener_is_stdin(const struct listener *listener);

/*
 * Takes a connection: its descriptor, -EAGAIN when none waits, -EACCES when
 * the peer may not connect (it is closed), -EMFILE, ...
 */
int listener_accept(struct listener *listener);

/*
 * Whether an address may connect: FastCGI 1.0, 3.2.  servers is a list with
 * commas; NULL or empty allows all, and what is not an address matches none.
 */
bool listen_allows(const char *servers, const char *address);

#endif
