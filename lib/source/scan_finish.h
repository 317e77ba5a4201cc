/*
 * scan_finish.h - what a scan does when it has come to the end of a file: a
 * newer one is read when the lead has been read to its end and left alone for
 * rotate-wait.
 */
#ifndef SCAN_FINISH_H
#define SCAN_FINISH_H

#include "source/scan.h"

/*
 * The file at has been read to its end, or as far as a leader has, to this
 * limit: 1 and its unfinished record if that is all there will be; else 0, and
 * either the next one is at, or the scan is over.  -ENOMEM: call again.
 */
int scan_finish(struct scan *scan, uint64_t limit, struct source_item *item);

/*
 * The same where it cannot be read: what it has is missing once a newer one is
 * due.
 */
int scan_finish_broken(struct scan *scan, struct source_item *item);

#endif
