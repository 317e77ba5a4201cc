/*
 * snapshot_order.h - the generations that are the log's, from the oldest on.
 */
#ifndef SNAPSHOT_ORDER_H
#define SNAPSHOT_ORDER_H

#include "source/snapshot.h"

/*
 * Drops files of other owners, each file's second name, and what is being
 * compressed at the moment; the others are in the order in which they were
 * written, and the current one is the last.
 */
void snapshot_order(struct snapshot *snapshot);

#endif
