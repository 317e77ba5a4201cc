/*
 * process.h - what this process uses.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#define PROCESS_COUNT_STEP 256 /* descriptors */

/* A count of the descriptors that are open.  Zeros: it has not begun. */
struct process_count {
	void *directory;
	uint64_t count; /* by now; 0 where the system does not tell */
};

/* Counts PROCESS_COUNT_STEP more: whether there may be others. */
bool process_count_more(struct process_count *count);

void process_count_done(struct process_count *count);

/* The memory that is resident, in bytes; likewise. */
uint64_t process_resident(void);

#endif
