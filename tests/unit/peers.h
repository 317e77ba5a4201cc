/*
 * peers.h - what the tests of the worker have in common: a turn of the loop,
 * and clients on socket pairs, whose other ends are the test's.
 */
#ifndef PEERS_H
#define PEERS_H

#include "clients.h"
#include "test.h"

/* What a peer says: a request with one parameter, and no more. */
#define PEERS_REQUEST             \
	SLICE("\1\1\0\1\0\10\0\0" \
	      "\0\1\0\0\0\0\0\0"  \
	      "\1\4\0\1\0\4\0\0"  \
	      "\1\1ab"            \
	      "\1\4\0\1\0\0\0\0")

/* One turn of the loop; or so many milliseconds. */
void turn_loop(struct loop *loop);
void run_loop(struct loop *loop, int64_t ms);

/* Clients who forget their requests, and of whose end nobody is told. */
void peers_init(struct clients *clients, struct loop *loop,
    const struct sse_clock *clock, uint32_t clients_max);

/*
 * One comes, and has said that already: it is the first of the clients.
 * Returns the peer's end, which does not block; to be closed.
 */
int peers_connect(struct clients *clients, struct sse_slice said);

/* For struct hub_options. */
uint64_t peers_random(void);

#endif
