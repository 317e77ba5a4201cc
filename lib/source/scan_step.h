/*
 * scan_step.h - the steps of a pass over the open files of a log: single reads.
 */
#ifndef SCAN_STEP_H
#define SCAN_STEP_H

#include "source/scan.h"

/*
 * One step, of at most one read: 1 and an item, a record or the end; 0 and
 * nothing, and perhaps a gap in the set, a mark, or an end of the scan;
 * -ENOMEM (call again).  Only while it runs.
 */
int scan_step(struct scan *scan, struct source_item *ret_item);

#endif
