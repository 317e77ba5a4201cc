/*
 * pass_step.h - the steps of a pass over the open files of a log: single reads.
 */
#ifndef PASS_STEP_H
#define PASS_STEP_H

#include "source/pass.h"

/*
 * One step, of at most one read: 1 and an item, a record or the end; 0 and
 * nothing, and perhaps a gap in the chain, a mark, or an end of the pass;
 * -ENOMEM (call again).  Only while it runs.
 */
int pass_step(struct pass *pass, struct source_item *ret_item);

#endif
