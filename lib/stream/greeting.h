/*
 * greeting.h - what a client is told at the beginning: the event that every
 * connection begins with, and, as long as there is nothing to read, what it
 * waits for.
 */
#ifndef GREETING_H
#define GREETING_H

#include "record/stream_conf.h"
#include "ssekit.h"

#define GREETING_SIZE_MAX 320 /* bytes of the comment, with a NUL */

/* All zeros: nothing was told yet. */
struct greeting {
	bool has_begun; /* the first event was given */
	int told_wait;  /* what was told last of a wait; 0: none */
	char comment[GREETING_SIZE_MAX];
};

/*
 * The first event: see stream_first().  The id is absent where there is none;
 * wait is why there is nothing to read yet, as -errno, or 0.  Its comment lives
 * as long as the greeting, until the next call.
 */
void greeting_first(struct greeting *greeting, const struct stream_conf *conf,
    uint64_t random, struct sse_slice id, int wait,
    struct sse_event *ret_event);

/*
 * What a client has to be told of a wait: a static text, or NULL when it knows,
 * or had no first event.
 */
const char *greeting_of_wait(
    struct greeting *greeting, const struct stream_conf *conf, int wait);

#endif
