/*
 * random.h - a number that others cannot foresee, so that clients who come back
 * together do not do so again.
 */
#ifndef SSE_RANDOM_H
#define SSE_RANDOM_H

#include <stdint.h>

/* Does not wait: 0 where the kernel has none yet. */
uint64_t sse_random(void);

#endif
