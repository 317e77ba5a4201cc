/*
 * client.h - a client of the model: what waits for it, what it takes of that,
 * and what it has got.
 *
 * It has what has arrived whole.  The rest of what was written to it is lost
 * when it hangs up, and has to come again.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "../unit/positions.h"
#include "reader.h"
#include "wire.h"
#include "world.h"

#define CLIENT_EVENTS_MAX 8192
#define CLIENT_QUEUE_MAX 20 /* items that wait for one that is behind */

/* Of a record: its lines have ten bytes and more, and a LF between. */
#define CLIENT_LINES_MAX (READER_RECORD_SIZE_MAX / 10)

/* What a client got: a line, or a gap. */
struct event {
	int line;    /* its number; -1: a gap */
	bool placed; /* it has a position */
	int64_t when_ms;
	int64_t since_ms; /* it was connected */
	enum gap_reason reason;
};

/* A record, a gap, or a mark: then it has no lines. */
struct waiting {
	enum gap_reason gap; /* GAP_NONE: it is none */
	bool placed;
	int lines[CLIENT_LINES_MAX]; /* of a record */
	int lines_count;
	char id[SSE_POSITION_SIZE_MAX];
	size_t id_size; /* 0: none */
};

struct client {
	int number;
	bool is_traced;
	int worker; /* -1: it reads for itself, always */
	const struct world *world;
	struct wire wire; /* while it is connected */
	bool connected;
	int64_t since_ms;      /* it is, or was */
	struct reader *reader; /* while it reads for itself */
	bool stalled;
	struct waiting queue[CLIENT_QUEUE_MAX];
	int queue_count;
	char id[SSE_POSITION_SIZE_MAX]; /* of what has arrived whole */
	size_t id_size;
	struct event events[CLIENT_EVENTS_MAX];
	int events_count;
};

/* What it will be for a client, as it is given. */
void waiting_trace(const char *who, int number, const struct waiting *waiting);

/* A mark has an id, and is not an event. */
struct waiting waiting_of(const struct source_item *item);

/* It comes with its id. */
void client_connect(struct client *client);
void client_hang_up(struct client *client);
void client_stall(struct client *client, bool stalled);

/* Whether the client, which is connected, has taken it all. */
bool client_send(struct client *client, const struct waiting *waiting);

/* What waits for the client, as far as it takes it: whether that was all. */
bool client_drain(struct client *client);

/* It takes it, or has it waiting, or has too much waiting and is hung up on. */
void client_give(struct client *client, const struct waiting *waiting);

#endif
