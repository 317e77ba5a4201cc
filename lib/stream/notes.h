/*
 * notes.h - what a stream tells beside its records: where it begins, what it
 * waits for, and how far it has come.
 */
#ifndef NOTES_H
#define NOTES_H

#include "stream/greeting.h"
#include "stream/stages.h"
#include "stream/stream_item.h"
#include "stream/unsent.h"

struct notes {
	struct stages *stages; /* borrowed */
	struct greeting greeting;
	bool owes_id;         /* there was none in the first event */
	struct unsent unsent; /* behind records that are not sent */
};

/* Nothing was told. */
void notes_init(struct notes *notes, struct stages *stages);

/* The records begin: none was left unsent. */
void notes_begin(struct notes *notes, const struct sse_clock *clock);

/*
 * The first event: see stream_first().  The id is where the records begin,
 * absent where it may not be told; wait is why there are none yet, as -errno,
 * or 0.
 */
void notes_first(struct notes *notes, uint64_t random, struct sse_slice id,
    int wait, struct sse_event *ret_event);

/* There is no id yet: it is told later. */
void notes_owe_id(struct notes *notes);

/* A record that ends there was not sent: the client's id will be told of it. */
void notes_pass_over(
    struct notes *notes, const struct source_position *position);

/* An event was sent; with an id, that knows of all before it. */
static inline void
notes_sent(struct notes *notes, bool has_id)
{
	if (notes->stages->is_filtered)
		unsent_tell(&notes->unsent, has_id);
}

/*
 * What is left to tell: 1, or 0 when there is nothing.  The id of the beginning
 * that the first event did not have; that the client waits for something else
 * than it was told; and also, after a heartbeat's time in which nothing was
 * sent, the position behind records that were not.
 */
int notes_take_id(
    struct notes *notes, struct sse_slice id, struct stream_item *ret_item);
int notes_take_wait(
    struct notes *notes, int wait, struct stream_item *ret_item);
int notes_take_rest(
    struct notes *notes, int wait, struct stream_item *ret_item);

/* How long the rest may still wait: as unsent_left_ms(). */
int64_t notes_left_ms(const struct notes *notes);

/* The position that is left unsent is to be told now: whether there is one. */
bool notes_hurry(struct notes *notes);

#endif
