/*
 * random.c - the kernel's random numbers.
 */
#include "config.h"

#include "random.h"

#include <sys/random.h>

uint64_t
sse_random(void)
{
	uint64_t number = 0;

	/* Without it all clients come back at the same moment, no worse. */
	(void)!getrandom(&number, sizeof(number), GRND_NONBLOCK);
	return number;
}
