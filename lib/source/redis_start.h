/*
 * redis_start.h - from where a reader wants to begin in a Redis Stream to a
 * position, question by question.
 *
 *	prove   is what it knows still there, or how much is lost behind it
 *	settle  the entry before an id, or the newest
 *	walk    from the newest entry backwards: so many, of so many bytes; to
 *		a place of our own only for its number
 */
#ifndef REDIS_START_H
#define REDIS_START_H

#include "source/item.h"
#include "source/redis_ask.h"

enum redis_start_phase {
	REDIS_START_PROVE,
	REDIS_START_SETTLE,
	REDIS_START_WALK,
	REDIS_START_DONE
};

struct redis_start {
	enum redis_start_phase phase;
	struct redis_position position; /* when it is done: where it begins */
	struct gap_queue gaps;          /* and what has to be told there */
	bool has_position; /* it was brought: by a client, or by a reader */
	bool is_ours;
	/* To settle: at the newest entry; else at it, or beside it. */
	bool at_newest;
	bool beside;
	struct redis_id bound;
	/* To walk. */
	uint64_t replay_size;
	uint64_t records_left;
	uint64_t size_left;
	uint64_t newer; /* entries that were passed */
	unsigned count; /* of the next step */
	bool has_begun;
	bool has_added; /* when it began; and how many there were then */
	uint64_t added;
	struct redis_id next; /* of the entry that was passed last */
	bool has_deleted;     /* how many were, when the place was found */
	uint64_t deleted;
};

/* What it points to is used now only. */
void redis_start_begin(struct redis_start *start,
    const struct source_start *wanted, uint64_t replay_size);

/* After that, or where the connection was lost: from its first question. */
void redis_start_question(
    const struct redis_start *start, struct redis_question *ret_question);

/*
 * Takes the answer to the question: 0: it is done; RESULT_PARTIAL: another
 * question follows; -EPROTO.
 */
int redis_start_take(
    struct redis_start *start, const struct redis_answer *answer);

/*
 * Whether a position has to be settled after a loss: it is not there, and its
 * number is not known.
 */
bool redis_start_settles(
    const struct redis_loss *loss, const struct redis_look *look);

/* Begins to settle at the entry with that id, or the one before it. */
void redis_start_settle(struct redis_start *start, const struct redis_id *id);

/* Bytes of entries behind our own place, for its number. */
#define REDIS_NUMBERED_SIZE (1 << 20)

/* Bytes of entries that one answer is to have. */
#define REDIS_BATCH_SIZE 65536
#define REDIS_BATCH_MAX 512 /* entries of one answer */

/* How many to ask for, when an answer to so many had these bytes. */
unsigned redis_batch_next(unsigned asked, uint64_t got, uint64_t size);

#endif
