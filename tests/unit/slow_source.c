/*
 * slow_source.c - a source that answers when a test says so.
 */
#include "config.h"

#include "slow_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define FOREVER_MS 3600000

struct slow {
	enum slow_who who;
	uint64_t records;
	struct sse_position_text id;
	char text[24];
	const struct slow *leader;
};

static int ways[SLOW_COUNT][2];
static unsigned calls[SLOW_COUNT];

void
slow_begin(void)
{
	for (int who = 0; who < SLOW_COUNT; who++) {
		CHECK_EQUAL_INT(pipe2(ways[who], O_CLOEXEC | O_NONBLOCK), 0);
		calls[who] = 0;
	}
}

void
slow_end(void)
{
	for (int who = 0; who < SLOW_COUNT; who++) {
		close(ways[who][0]);
		close(ways[who][1]);
	}
}

void
slow_say(enum slow_who who, const char *commands)
{
	ssize_t size = (ssize_t)strlen(commands);

	CHECK_EQUAL_INT(write(ways[who][1], commands, (size_t)size), size);
}

unsigned
slow_calls(enum slow_who who)
{
	return calls[who];
}

/* The next command, or NUL. */
static char
hear(const struct slow *slow)
{
	char command;

	calls[slow->who]++;
	return read(ways[slow->who][0], &command, 1) == 1 ? command : '\0';
}

static int
new_slow(
    const char *text, const struct source_options *options, void **ret_self)
{
	struct slow *slow = calloc(1, sizeof(*slow));

	(void)text;
	if (slow == NULL)
		return -ENOMEM;
	slow->who = options->unwatched ? SLOW_READER : SLOW_LEADER;
	*ret_self = slow;
	return 0;
}

static int
start(void *self, const struct source_start *start)
{
	struct slow *slow = self;
	struct sse_position position;

	if (sse_position_parse(start->id, &position) == 0)
		slow->records = position.offset;
	return RESULT_PARTIAL;
}

static int
step(void *self)
{
	switch (hear(self)) {
	case 's':
		return 0;
	case 'e':
		return -ECONNREFUSED;
	default:
		return RESULT_PARTIAL;
	}
}

static struct sse_position
position_of(const void *self)
{
	const struct slow *slow = self;

	return (struct sse_position){.file = 1, .offset = slow->records};
}

static int
next(void *self, struct source_item *ret_item)
{
	struct slow *slow = self;

	if (hear(slow) != 'r')
		return 0;
	slow->records++;
	(void)snprintf(
	    slow->text, sizeof(slow->text), "%u", (unsigned)slow->records);
	*ret_item = (struct source_item){.kind = SOURCE_RECORD,
	    .record = {.text = sse_slice(slow->text)},
	    .has_position = true,
	    .position = position_of(slow)};
	return 1;
}

static struct source_poll
poll_of(const void *self)
{
	const struct slow *slow = self;

	return (struct source_poll){.fd = ways[slow->who][0],
	    .events = POLLIN,
	    .timeout_ms = FOREVER_MS};
}

static struct sse_slice
id_of(void *self, const struct sse_position *position)
{
	struct slow *slow = self;

	return sse_position_text(&slow->id, position);
}

static bool
owes_gap(const void *self)
{
	(void)self;
	return false;
}

static bool
has_given_all(const void *self)
{
	(void)self;
	return true;
}

static void
follow(void *self, const void *leader)
{
	struct slow *slow = self;

	slow->leader = leader;
}

static bool
meets(void *self)
{
	struct slow *slow = self;

	return slow->leader != NULL && slow->leader->records == slow->records;
}

const struct source_ops slow_ops = {
    .is_durable = true,
    .new = new_slow,
    .free = free,
    .start = start,
    .step = step,
    .next = next,
    .poll = poll_of,
    .position = position_of,
    .id = id_of,
    .owes_gap = owes_gap,
    .has_given_all = has_given_all,
    .follow = follow,
    .meets = meets,
};
