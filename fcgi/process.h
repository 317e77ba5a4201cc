/*
 * process.h - what this process uses.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdint.h>

/* The descriptors that are open; 0 where the system does not tell. */
uint64_t process_descriptors(void);

/* The memory that is resident, in bytes; likewise. */
uint64_t process_resident(void);

#endif
