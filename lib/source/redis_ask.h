/*
 * redis_ask.h - what is asked of a Redis server about a stream, and what it
 * answers: the stream as it is at one moment, with some of its entries.
 */
#ifndef REDIS_ASK_H
#define REDIS_ASK_H

#include "source/redis_entry.h"
#include "source/redis_link.h"
#include "source/redis_loss.h"

#define REDIS_BOUND_SIZE_MAX (1 + REDIS_ID_SIZE_MAX) /* bytes, with a NUL */
#define REDIS_BLOCK_MS 5000 /* so long a server waits for something new */

/* What is between these, which are ends of a range as XRANGE has them. */
struct redis_range {
	char from[REDIS_BOUND_SIZE_MAX];
	char to[REDIS_BOUND_SIZE_MAX];
	bool backwards; /* the newest first */
	unsigned count; /* at most; 0: nothing is asked */
};

struct redis_question {
	/*
	 * What is asked is answered when there is an entry behind that id, or
	 * after a while.
	 */
	bool waits;
	struct redis_id behind;
	bool proves; /* what the entry with that id is */
	struct redis_id id;
	struct redis_range range;
};

/* It lives as long as the answer that it is of. */
struct redis_answer {
	struct redis_look look;
	/* Of the oldest and the newest entry that there are, where is_filled */
	bool is_filled;
	struct redis_id first, newest;
	/*
	 * Of the range; NULL: none.  Those that are whole, and were sent before
	 * one for which there was no room; or, where the first was too large
	 * for that, this one alone, cut.
	 */
	const struct redis_value *entries;
	size_t count;
	uint64_t sent; /* so many entries the server gave */
	bool is_cut;
};

/* The ends of a range. */
void redis_bound_at(
    char bound[REDIS_BOUND_SIZE_MAX], const struct redis_id *id);
void redis_bound_beside(
    char bound[REDIS_BOUND_SIZE_MAX], const struct redis_id *id);
void redis_bound_open(char bound[REDIS_BOUND_SIZE_MAX], char sign);

/*
 * The end of a range that is behind an entry; the other one is set before.  A
 * server takes the last id that there can be for no end that has something
 * behind it: then the range is an empty one.
 */
void redis_range_behind(struct redis_range *range, const struct redis_id *id);

/* Sends a question; *ret_answers: so many answers come. */
int redis_ask(struct redis_link *link, struct sse_slice key,
    const struct redis_question *question, unsigned *ret_answers);

/*
 * Reads the last of these answers, which is all of it.  0; -EPROTO; or what
 * redis_trouble_of() says of an error in it.
 */
int redis_answer_read(const struct redis_value *value,
    const struct redis_question *question, struct redis_answer *ret_answer);

#endif
