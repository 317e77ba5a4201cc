/*
 * pass_finish.h - what a pass does when it has come to the end of a file: a
 * newer one is read when the lead has been read to its end and left alone for
 * rotate-wait.
 */
#ifndef PASS_FINISH_H
#define PASS_FINISH_H

#include "source/pass.h"

/*
 * The file at has been read to its end, or as far as a leader has, to this
 * limit: 1 and its unfinished record if that is all there will be; else 0, and
 * either the next one is at, or the pass is over.  -ENOMEM: call again.
 */
int pass_finish(struct pass *pass, uint64_t limit, struct source_item *item);

/*
 * The same where it cannot be read: what it has is missing once a newer one is
 * due.
 */
int pass_finish_broken(struct pass *pass, struct source_item *item);

#endif
