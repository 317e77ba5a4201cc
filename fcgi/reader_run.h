/*
 * reader_run.h - what a reader sends to its client: runs of frames, and
 * heartbeats while there are none.
 */
#ifndef READER_RUN_H
#define READER_RUN_H

#include "base/budget.h"
#include "reader.h"

#define READER_RUN_SIZE 4096 /* bytes of frames that are sent together */

/* Bytes of records until the clock is read; each record counts as some more. */
#define READER_LOOK_SIZE 2048
#define READER_LOOK_RECORD_SIZE 128

/*
 * Reads and sends until the budget is over, and one run at least.  Whether it
 * can go on at once.  The reader may be gone afterwards.
 */
bool reader_run_turn(struct reader *reader, const struct budget *budget);

/*
 * Tells the client that it waits, or for what, when it is time to: whether it
 * was.  The reader may be gone then.
 */
bool reader_run_beat(struct reader *reader, int64_t now_ms);

#endif
