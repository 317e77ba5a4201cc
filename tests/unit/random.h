/*
 * random.h - numbers that look random and are the same in every run.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state; /* the seed; any value */
};

/* splitmix64 */
static inline uint64_t
random_next(struct random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0 .. limit - 1; the limit is not 0. */
static inline size_t
random_below(struct random *random, size_t limit)
{
	return (size_t)(random_next(random) % limit);
}

#endif
