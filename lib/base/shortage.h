/*
 * shortage.h - errors that pass by themselves.
 */
#ifndef SHORTAGE_H
#define SHORTAGE_H

#include <stdbool.h>

/*
 * Whether descriptors or memory were used up, which others may give back: what
 * failed so may be had later, and is not given up.
 */
bool is_shortage(int error);

/* Likewise, or what was asked for changed just then: it is worth asking again.
 */
bool error_passes(int error);

#endif
