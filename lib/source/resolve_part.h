/*
 * resolve_part.h - what is answered where a position is resolved, one judged
 * candidate after the other.
 */
#ifndef RESOLVE_PART_H
#define RESOLVE_PART_H

#include "source/due_names.h"
#include "source/search.h"

struct resolve_answer {
	struct log_file **generations; /* free() the array */
	size_t count;
	size_t lead; /* the one to go on in; count when there is none */
	struct sse_file_stat *due; /* newer ones, not open; free() the array */
	size_t due_count;
	struct due_names due_names; /* of these */
	enum gap_reason gap;
	uint64_t stamp_ms;
	size_t born;     /* files that were not met before */
	uint64_t births; /* counted by the watch before the files were opened */
	bool back;       /* the current file was, and may have come back */
	bool awaits;     /* the current file is not among them: it may not be
			    read yet */
};

/*
 * Adds what a candidate was judged to be, for which the arrays have room.  0;
 * RESULT_UNSETTLED where it has changed meanwhile; -EACCES, -ENOMEM, ...
 */
int resolve_part_add(
    struct search *search, size_t index, struct resolve_answer *answer);

/*
 * The file to go on in takes over what the follower's own has read, where it is
 * the one that the position moved to.
 */
void resolve_part_inherit(
    const struct search *search, const struct resolve_answer *answer);

#endif
