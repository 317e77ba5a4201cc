/*
 * successor.h - whether the file that took the place of another one is a copy
 * of it: rsync, editors and all who write a new file and rename it over the
 * old one.
 *
 * Where the old file has a name as a generation, nobody asks: then the new one
 * is the next of the log, whatever it has.
 */
#ifndef SUCCESSOR_H
#define SUCCESSOR_H

#include "source/log_file.h"

enum successor_kind {
	SUCCESSOR_OTHER,    /* another log: it is read from its beginning */
	SUCCESSOR_COPY,     /* it is read from the offset on */
	SUCCESSOR_UNSETTLED /* a copy as far as it goes; it may still grow */
};

struct successor {
	enum successor_kind kind;
	uint64_t offset; /* where a line begins behind all that both have */
	bool proven;     /* the offset, by more than the beginning of a log */
	bool whole;      /* it has everything that was read of the old one */
};

/*
 * Compares what was read of a file with what the next one has now, in a few
 * reads, whatever their sizes.  0 and *ret_successor, or -errno.
 */
int successor_judge(const struct log_file *old, struct log_file *next,
    struct successor *ret_successor);

#endif
