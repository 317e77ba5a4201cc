/*
 * scan_step.h - the steps of a pass over the open files of a log: single reads.
 */
#ifndef SCAN_STEP_H
#define SCAN_STEP_H

#include "record/plain_frames.h"
#include "record/plain_line.h"
#include "source/scan.h"

/*
 * One step, of at most one read: 1 and an item, a record or the end; 0 and
 * nothing, and perhaps a gap in the set, a mark, or an end of the scan;
 * -ENOMEM (call again).  Only while it runs.
 */
int scan_step(struct scan *scan, struct source_item *ret_item);

/*
 * The frames of the plain lines that the next steps would give as records, and
 * of no others, as many as there is room for; id is that of the newest one.
 * Nothing is read.
 */
void scan_frames(struct scan *scan, struct sse_position_text *id,
    struct plain_frames *frames);

/*
 * Plain lines that the next steps would give as records are passed over, as
 * long as the judge leaves them out: whether there were any.
 */
bool scan_leave_out(struct scan *scan, const struct plain_judge *judge);

#endif
