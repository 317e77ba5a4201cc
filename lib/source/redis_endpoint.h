/*
 * redis_endpoint.h - where a Redis Stream is, as an administrator writes it:
 * redis:unix:PATH#KEY, or redis:tcp:ADDRESS:PORT#KEY.
 *
 * The address is a number, as nobody here waits for names to be looked up; one
 * of IPv6 stands in brackets.  The key is all behind the first "#": any bytes,
 * of which \xHH writes one and \\ a backslash.
 */
#ifndef REDIS_ENDPOINT_H
#define REDIS_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "ssekit.h"

#define REDIS_SCHEME "redis:"

struct redis_endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_un local;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} address;
	socklen_t address_size;
	char *key; /* is its own; it may have NULs */
	size_t key_size;
};

/*
 * Reads such a text: 0; -EINVAL and *ret_reason, a clause that stands behind
 * it; -ENOMEM.
 */
int redis_endpoint_parse(const char *text, struct redis_endpoint *ret_endpoint,
    const char **ret_reason);

/*
 * Where a node of a cluster says that the key is, "MOVED SLOT ADDRESS:PORT":
 * whether one may go there.  The port has to be the one that is configured, as
 * a sandbox allows no other.  *ret_endpoint has no key.
 */
bool redis_endpoint_moved(const struct redis_endpoint *endpoint,
    struct sse_slice answer, struct redis_endpoint *ret_endpoint);

void redis_endpoint_done(struct redis_endpoint *endpoint);

struct sse_slice redis_endpoint_key(const struct redis_endpoint *endpoint);

#endif
