/*
 * chain_look.h - where the path of a log leads now, and what is new there.
 */
#ifndef CHAIN_LOOK_H
#define CHAIN_LOOK_H

#include "source/chain.h"

/* Why what the path leads to cannot be served; 0: it can, or is not there. */
int chain_check_path(struct chain *chain);

/*
 * Looks where the path leads now, and opens what is new there, unless some are
 * due.  0, also when it leads nowhere; RESULT_WRONG_KIND, or why it cannot be
 * opened; RESULT_UNSETTLED, -ENOMEM: the chain is as it was.  A file that may
 * not be read is waited for: -EACCES, and what comes before it is open.
 */
int chain_look(struct chain *chain);

#endif
