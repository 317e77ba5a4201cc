/*
 * record_search.h - what a search in a log looks for in its records.  What a
 * record is made of is known to its format, and not to the source.
 */
#ifndef RECORD_SEARCH_H
#define RECORD_SEARCH_H

#include "record/splitter.h"

/* The ids that records bring. */
struct record_ids {
	/* Whether the record has the id: 1, 0, -ENOMEM. */
	int (*has)(
	    void *context, const struct record *record, struct sse_slice id);
	void *context;
};

/* The times that records have. */
struct record_times {
	size_t size_max; /* bytes of a line that are looked at */
	/* Whether a line has a time: then milliseconds since 1970. */
	bool (*read)(void *context, struct sse_slice line, int64_t now_ms,
	    int64_t *ret_ms);
	void *context;
};

#endif
