/*
 * steps.h - a sequence of things that happen, as numbers and as text.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define STEPS_MAX 400

enum step_kind {
	STEP_APPEND,
	STEP_PART,
	STEP_REOPEN,
	STEP_ROTATE, /* rename, create */
	STEP_RENAME, /* and nobody creates */
	STEP_COPYTRUNCATE,
	STEP_COPYTRUNCATE_BUSY, /* a line between copy and truncation */
	STEP_TRUNCATE,
	STEP_DELETE,
	STEP_REPLACE, /* by a longer copy of itself */
	STEP_REWRITE, /* likewise, as an editor does */
	STEP_ROTATE_PRIVATELY,
	STEP_PERMIT,
	STEP_LINK, /* a second name */
	STEP_SWITCH_LINK,
	STEP_AHEAD, /* room for a line before its bytes */
	STEP_NEIGHBOUR,
	STEP_MIDNIGHT,
	STEP_WAIT,
	STEP_READ,
	STEP_LEAD,
	STEP_DROP,
	STEP_CONNECT,
	STEP_KILL,
	STEP_STALL,
	STEP_GO_ON,
	STEP_KINDS
};

struct step {
	enum step_kind kind;
	unsigned a, b;
	uint64_t seed;   /* of the faults while it lasts; 0: none */
	uint64_t writes; /* of the short writes likewise */
};

struct steps {
	struct step list[STEPS_MAX];
	size_t count;
};

/* "append" */
const char *steps_name(enum step_kind kind);

/* How often each kind comes. */
typedef unsigned char steps_weights[STEP_KINDS];

/* A sequence that is the same for the same seed. */
void steps_make(struct steps *steps, const steps_weights weights, uint64_t seed,
    size_t count, bool with_faults);

/*
 * "append 0 1; rotate 0 0; read 2 3 @77 ~5" on one line, and back: whether it
 * is one.
 */
void steps_print(const struct steps *steps, FILE *file);
bool steps_parse(struct steps *steps, const char *text);

#endif
