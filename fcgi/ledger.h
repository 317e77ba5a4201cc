/*
 * ledger.h - what all clients of a worker hold together, and who holds most.
 *
 * It has a limit in common, not one for each: ten thousand small buffers are
 * as bad as a large one.  Where the limit is passed the largest are closed, for
 * all the others.
 *
 * No operation looks at all clients: a holding stands among those of about its
 * size, from a power of two to the next one, and there behind those that have
 * been there for longer.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "clock.h"

#define LEDGER_CLASSES 64 /* of sizes: 1, 2 to 3, 4 to 7, ... bytes */

struct client;

/* What one client holds. */
struct holding {
	TAILQ_ENTRY(holding) link;
	struct client *client;
	size_t size;      /* bytes; 0: it is in no class */
	int64_t since_ms; /* monotonic: it has some, and none was taken */
};

TAILQ_HEAD(holding_class, holding);

struct ledger {
	const struct sse_clock *clock;
	size_t size;  /* bytes of all */
	size_t count; /* of holdings that have some of them */
	struct holding_class classes[LEDGER_CLASSES];
};

void ledger_init(struct ledger *ledger, const struct sse_clock *clock);

/* The client has so many bytes from now on; 0: it may be forgotten. */
void ledger_set(struct ledger *ledger, struct holding *holding, size_t size);

/* Some of it was taken now: its time begins anew. */
void ledger_renew(struct ledger *ledger, struct holding *holding);

/*
 * One of the largest: no other is twice as large, and none of its class has
 * been in it for longer.  NULL: nobody has anything.
 */
struct client *ledger_largest(const struct ledger *ledger);

/*
 * One that has most for longest: of those that have been longest in their
 * class, the one whose bytes times milliseconds are most.  NULL: as above.
 */
struct client *ledger_heaviest(const struct ledger *ledger);

#endif
