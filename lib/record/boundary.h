/*
 * boundary.h - where the records of an open file begin, by their rule.
 */
#ifndef BOUNDARY_H
#define BOUNDARY_H

#include "record/record_rule.h"

#include <stdint.h>

/*
 * Of processor time, for a pattern.  When it is used up, each line counts as a
 * record: so a pattern that backtracks stops nobody for long.
 */
#define BOUNDARY_EFFORT_MS 8

struct boundary_file {
	int fd;                         /* borrowed */
	const struct record_rule *rule; /* borrowed; NULL: each line is one */
	size_t record_size_max;
	bool is_over; /* nothing more comes: what has no end is a record, too */
	bool
	    goes_on; /* there is an older file: a record may have begun in it */
	/* When the effort of several calls is used up; 0: each has its own. */
	int64_t effort_end_ns;
};

/* The end of an effort that begins now, for this thread. */
int64_t boundary_effort_end(void);

/*
 * As seek_back_over(), for records.  One that is over record_size_max does not
 * count, nor does what may be the rest of one that begins in an older file, and
 * of an event that a blank line has not ended nobody knows.
 */
int boundary_back(const struct boundary_file *file, uint64_t end,
    uint64_t *count, uint64_t bytes_max, uint64_t *ret_offset);

/*
 * As seek_forward(), for records: after record_size_max bytes without one, it
 * is a line.
 */
int boundary_forward(const struct boundary_file *file, uint64_t offset,
    uint64_t end, uint64_t *ret_offset);

#endif
