/*
 * boundary.h - where the records of an open file begin, by their rule.
 */
#ifndef BOUNDARY_H
#define BOUNDARY_H

#include "record/reverse_reader.h"
#include "record/seek.h"

#include <stdint.h>

struct boundary_file {
	int fd;                         /* borrowed */
	const struct record_rule *rule; /* borrowed; NULL: each line is one */
	size_t record_size_max;
	bool is_over; /* nothing more comes: what has no end is a record, too */
	bool goes_on; /* a record may have begun in an older file */
	bool is_ended; /* what no blank line ends here a newer file ends */
	struct effort *effort; /* borrowed; NULL: there are no turns */
};

/*
 * As seek_back_step(), for records.  One that is over record_size_max does not
 * count, nor does what may be the rest of one that begins in an older file, and
 * of an event that a blank line has not ended nobody knows.
 */
struct boundary_back {
	struct boundary_file file;
	uint64_t end;
	uint64_t bytes_max;
	bool begun; /* the lines */
	struct seek_back lines;
	bool turned; /* it is looked for from the bound on */
	struct seek_forward forward;
	struct reverse_reader reverse;
};

/* Goes back from the offset end. */
void boundary_back_begin(struct boundary_back *back,
    const struct boundary_file *file, uint64_t end, uint64_t bytes_max);
void boundary_back_done(struct boundary_back *back);

/* Of a file gone back over: whether it ends what an older one began. */
bool boundary_back_ends(const struct boundary_back *back);

/*
 * A turn, until that of the effort is over: 0 and *ret_offset; RESULT_PARTIAL:
 * call again; RESULT_CHANGED when the file has become shorter; -ENOMEM,
 * -errno.  Who rests in between has to see that the file is what it was.
 */
int boundary_back_next(
    struct boundary_back *back, uint64_t *count, uint64_t *ret_offset);

/*
 * As seek_forward(), for records: after record_size_max bytes without one, it
 * is a line.
 */
struct boundary_forward {
	struct boundary_file file;
	uint64_t offset;
	uint64_t end;
	struct seek_forward lines;
	uint64_t line;  /* the first that begins there or behind */
	uint64_t begin; /* the lines before it begin no record */
	bool has_line;
};

/* It owns nothing. */
void boundary_forward_begin(struct boundary_forward *forward,
    const struct boundary_file *file, uint64_t offset, uint64_t end);

/* As boundary_back_next(). */
int boundary_forward_next(
    struct boundary_forward *forward, uint64_t *ret_offset);

#endif
