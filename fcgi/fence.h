/*
 * fence.h - an assertion of a library fails, and the program goes on.
 *
 * A library that asserts what it cannot be sure of, as that there is memory,
 * would end a process that serves thousands.  What it asserts inside of a fence
 * ends that call, and no more.
 */
#ifndef FENCE_H
#define FENCE_H

#include <stdbool.h>

/*
 * Calls it: false where an assertion in it has failed.  Then it went no
 * further, what it has allocated is lost, and what it worked on is in no known
 * state.  A fence has no other one inside.
 */
bool fence(void (*call)(void *context), void *context);

#endif
