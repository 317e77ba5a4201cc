/*
 * ledger.h - what all clients of a worker hold together.
 *
 * It has a limit in common, not one for each: ten thousand small buffers are
 * as bad as a large one.  Where the limit is passed some clients are closed
 * for all the others.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "client.h"

/* What waits in it to be sent is so much of what waits in all. */
void ledger_count_out(struct client *client, size_t size);

/* Closes who has most of it; a timer's function, of struct clients. */
void ledger_relieve(void *context);

/* Its unfinished request is so much of those of all. */
void ledger_count_params(struct client *client);

/* Closes clients, of which any may be the one that said more. */
void ledger_limit_params(struct clients *clients);

#endif
