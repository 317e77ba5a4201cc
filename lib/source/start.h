/*
 * start.h - where in a log a reader begins.
 */
#ifndef START_H
#define START_H

#include "source/chain.h"

/*
 * Opens what the reader begins with, and queues the gaps that come first.
 * Errors as file_start().
 */
int start_chain(struct chain *chain, const struct source_start *start);

/*
 * The bytes from the reader's position on, as their files were when they were
 * opened, or last looked at.
 */
uint64_t start_unread(const struct chain *chain);

#endif
