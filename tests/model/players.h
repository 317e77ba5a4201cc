/*
 * players.h - workers that follow the log, and clients that read it: by a
 * worker, or each for itself.
 *
 * A worker follows with a leader; a client that has an id reads for itself
 * until it meets its worker's leader, and gets what the leader gets from then
 * on.  So do sse-fcgi and its readers; a client without a worker is sse-cgi.
 */
#ifndef PLAYERS_H
#define PLAYERS_H

#include "client.h"
#include "world.h"

#define PLAYERS_WORKERS 2
#define PLAYERS_CLIENTS 4

struct worker {
	struct reader *leader;        /* NULL: it does not run */
	struct source_shared *shared; /* of its leader, and of its readers */
};

/* How they are played. */
struct players_options {
	bool is_traced; /* what they get is printed */
	bool records;   /* of several lines are read, not lines */
};

struct players {
	struct players_options options;
	struct world *world;
	struct source_hints *hints;
	struct worker workers[PLAYERS_WORKERS];
	struct client clients[PLAYERS_CLIENTS];
};

/* All clients are there before the first line. */
void players_begin(struct players *players, struct world *world,
    const struct players_options *options);
void players_end(struct players *players);

void players_read(struct players *players, int client, int items);
void players_lead(struct players *players, int worker, int items);
void players_drop(struct players *players, int client);
void players_connect(struct players *players, int client, int worker);
void players_kill(struct players *players, int worker);
void players_stall(struct players *players, int client, bool stalled);

/* Who reads hangs up, and comes back with its id. */
void players_come_back(struct players *players);

/* Everybody reads until nothing comes any more. */
void players_settle(struct players *players);

/*
 * Whether no client got a line twice, or lines of a file out of their order,
 * or was told of a gap that nothing has made.  NULL, or what is wrong.
 */
const char *players_check_what_came(const struct players *players);

/*
 * Whether each client got each line, or was told that something may be missing
 * where the line is.  NULL, or what is wrong.
 */
const char *players_check_what_is_missing(const struct players *players);

#endif
