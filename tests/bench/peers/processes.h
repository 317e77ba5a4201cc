/*
 * processes.h - what all processes of a server take together.
 */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <stddef.h>

/* The processes of these, separated by commas, and all that descend of them. */
struct processes {
	size_t count;
	double cpu_s;
	double pss_bytes; /* pages that n processes share count for 1/n */
};

struct processes processes_of(const char *roots, int with_memory);

#endif
