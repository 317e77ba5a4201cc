/*
 * record_rule.h - which lines of a source are one record.
 */
#ifndef RECORD_RULE_H
#define RECORD_RULE_H

#include "ssekit.h"

enum record_kind {
	RECORD_IS_LINE,   /* each line is one */
	RECORD_HAS_START, /* begins() says which lines begin one */
	RECORD_HAS_BLANK  /* a blank line ends one */
};

struct record_rule {
	enum record_kind kind;
	/* Of a line as a splitter gives it: cut to the longest record. */
	bool (*begins)(void *context, struct sse_slice line);
	void *context;
};

#endif
