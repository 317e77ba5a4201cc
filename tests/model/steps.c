/*
 * steps.c - a sequence of things that happen.
 */
#include "config.h"

#include "steps.h"

#include <inttypes.h>
#include <string.h>

static const char *const names[STEP_KINDS] = {
    [STEP_APPEND] = "append",
    [STEP_PART] = "part",
    [STEP_REOPEN] = "reopen",
    [STEP_ROTATE] = "rotate",
    [STEP_RENAME] = "rename",
    [STEP_COPYTRUNCATE] = "copytruncate",
    [STEP_COPYTRUNCATE_BUSY] = "copytruncate-busy",
    [STEP_TRUNCATE] = "truncate",
    [STEP_DELETE] = "delete",
    [STEP_REPLACE] = "replace",
    [STEP_REWRITE] = "rewrite",
    [STEP_ROTATE_PRIVATELY] = "rotate-privately",
    [STEP_PERMIT] = "permit",
    [STEP_LINK] = "link",
    [STEP_SWITCH_LINK] = "switch-link",
    [STEP_AHEAD] = "ahead",
    [STEP_NEIGHBOUR] = "neighbour",
    [STEP_MIDNIGHT] = "midnight",
    [STEP_WAIT] = "wait",
    [STEP_READ] = "read",
    [STEP_LEAD] = "lead",
    [STEP_DROP] = "drop",
    [STEP_CONNECT] = "connect",
    [STEP_KILL] = "kill",
    [STEP_STALL] = "stall",
    [STEP_GO_ON] = "go-on",
};

/* How often each kind comes besides those of the mood. */
static const steps_weights shared_weights = {
    [STEP_APPEND] = 40,
    [STEP_PART] = 5,
    [STEP_WAIT] = 10,
    [STEP_READ] = 20,
    [STEP_LEAD] = 20,
    [STEP_DROP] = 4,
    [STEP_CONNECT] = 8,
    [STEP_KILL] = 1,
    [STEP_STALL] = 2,
    [STEP_GO_ON] = 2,
};

static uint64_t
random_next(uint64_t *random)
{
	/* xorshift64*: no two neighbouring seeds begin alike. */
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return *random * UINT64_C(2685821657736338717) >> 16;
}

static unsigned
weight_of(const steps_weights weights, int kind)
{
	return shared_weights[kind] + weights[kind];
}

static enum step_kind
pick(uint64_t *random, const steps_weights weights)
{
	unsigned sum = 0, at;
	int kind;

	for (kind = 0; kind < STEP_KINDS; kind++)
		sum += weight_of(weights, kind);
	at = (unsigned)(random_next(random) % sum);
	for (kind = 0; at >= weight_of(weights, kind); kind++)
		at -= weight_of(weights, kind);
	return (enum step_kind)kind;
}

/* A seed for one step in four, 0 for the others. */
static uint64_t
one_in_four(uint64_t *random)
{
	return random_next(random) % 4 == 0 ? random_next(random) | 1 : 0;
}

void
steps_make(struct steps *steps, const steps_weights weights, uint64_t seed,
    size_t count, bool with_faults)
{
	uint64_t random = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t writes = ~random; /* so the rest stays what it was */

	steps->count = count < STEPS_MAX ? count : STEPS_MAX;
	for (size_t i = 0; i < steps->count; i++) {
		struct step *step = &steps->list[i];

		step->kind = pick(&random, weights);
		step->a = (unsigned)(random_next(&random) % 4);
		step->b = (unsigned)(random_next(&random) % 12);
		step->seed = with_faults ? one_in_four(&random) : 0;
		step->writes = with_faults ? one_in_four(&writes) : 0;
	}
}

const char *
steps_name(enum step_kind kind)
{
	return names[kind];
}

void
steps_print(const struct steps *steps, FILE *file)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct step *step = &steps->list[i];

		(void)fprintf(file, "%s%s %u %u", i > 0 ? "; " : "",
		    names[step->kind], step->a, step->b);
		if (step->seed != 0)
			(void)fprintf(file, " @%" PRIu64, step->seed);
		if (step->writes != 0)
			(void)fprintf(file, " ~%" PRIu64, step->writes);
	}
	(void)fprintf(file, "\n");
}

static int
kind_of(const char *name)
{
	for (int kind = 0; kind < STEP_KINDS; kind++)
		if (strcmp(names[kind], name) == 0)
			return kind;
	return -1;
}

bool
steps_parse(struct steps *steps, const char *text)
{
	char name[32];
	int used;

	steps->count = 0;
	for (;;) {
		struct step *step = &steps->list[steps->count];
		int kind;

		step->seed = step->writes = 0;
		if (steps->count == STEPS_MAX ||
		    sscanf(text, " %31[a-z-] %u %u%n", name, &step->a, &step->b,
			&used) != 3)
			return false;
		kind = kind_of(name);
		if (kind < 0)
			return false;
		step->kind = (enum step_kind)kind;
		steps->count++;
		text += used;
		if (sscanf(text, " @%" SCNu64 "%n", &step->seed, &used) == 1)
			text += used;
		if (sscanf(text, " ~%" SCNu64 "%n", &step->writes, &used) == 1)
			text += used;
		if (*text == '\0' || *text == '\n')
			return true;
		if (*text++ != ';')
			return false;
	}
}
