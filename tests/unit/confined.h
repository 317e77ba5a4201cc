/*
 * confined.h - what a process can still do that has confined itself.
 */
#ifndef CONFINED_H
#define CONFINED_H

/* What is tried: 0, or an errno value below 64. */
typedef int confined_function(void);

#define CONFINED_DIED 1000 /* and the signal */

/*
 * Calls both in a process of their own, the second where the first has given
 * 0: what the last of them gave, or CONFINED_DIED and the signal that ended it.
 */
int confined(confined_function *confine, confined_function *attempt);

#endif
