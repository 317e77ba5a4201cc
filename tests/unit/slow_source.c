/*
 * slow_source.c - a source that answers when a test says so.
 */
#include "config.h"

#include "slow_source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fdio.h"

#define SCHEME "test:"
#define LOOK_MS 100 /* while it has failed */

struct slow {
	enum slow_who who;
	char path[PATH_MAX]; /* of the commands */
	int fd;
	int error;
	bool at_once; /* it waits for nothing */
	bool is_done;
	bool owes_gap; /* it was to begin at an id that it does not know */
	uint64_t records;
	char id[sizeof("slow-18446744073709551615")];
	char text[24];
	bool has_leader;
	uint64_t leader_records; /* when it was told to follow */
};

static unsigned calls[SLOW_COUNT];

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
	return read(slow->fd, &command, 1) == 1 ? command : '\0';
}

static int
new_slow(
    const char *text, const struct source_options *options, void **ret_self)
{
	struct slow *slow = calloc(1, sizeof(*slow));

	if (slow == NULL)
		return -ENOMEM;
	slow->fd = -1;
	slow->who = options->unwatched ? SLOW_READER : SLOW_LEADER;
	(void)snprintf(slow->path, sizeof(slow->path), "%s.%s",
	    text + strlen(SCHEME),
	    slow->who == SLOW_READER ? "reader" : "leader");
	*ret_self = slow;
	return 0;
}

static void
free_slow(void *self)
{
	struct slow *slow = self;

	if (slow == NULL)
		return;
	sse_fd_close(slow->fd);
	free(slow);
}

/* An id is "slow-" and how many records are before it. */
static bool
parse_id(struct sse_slice id, uint64_t *ret_records)
{
	char text[sizeof("slow-18446744073709551615")];

	if (id.size >= sizeof(text))
		return false;
	(void)snprintf(text, sizeof(text), "%.*s", (int)id.size, id.data);
	return sscanf(text, "slow-%" SCNu64, ret_records) == 1;
}

static int
start(void *self, const struct source_start *start)
{
	struct slow *slow = self;

	if (start->position != NULL)
		slow->records = start->position->words[0];
	else if (parse_id(start->id, &slow->records))
		slow->owes_gap = false;
	else if (start->id.size == 0 && start->has_time)
		slow->records = (uint64_t)(start->time_ms / 1000) - 1;
	else
		slow->owes_gap = start->id.size > 0;
	/* With a writer of its own it is never at its end. */
	slow->fd = open(slow->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return slow->fd >= 0 ? RESULT_PARTIAL : -errno;
}

static int
step(void *self)
{
	struct slow *slow = self;

	slow->at_once = false;
	switch (hear(slow)) {
	case 'c':
		sse_fd_close(slow->fd);
		slow->fd = -1;
		slow->at_once = true;
		return RESULT_PARTIAL;
	case 'd':
		slow->is_done = true;
		return 0;
	case 's':
		slow->error = 0;
		return 0;
	case 'e':
		return -ECONNREFUSED;
	case 'w':
		slow->error = -ETIMEDOUT;
		return RESULT_PARTIAL;
	default:
		return RESULT_PARTIAL;
	}
}

static struct source_position
position_of(const void *self)
{
	const struct slow *slow = self;

	return (struct source_position){{slow->records}};
}

static int
give_gap(struct slow *slow, struct source_item *ret_item)
{
	const struct gap gap = {
	    .reason = GAP_UNKNOWN, .skipped = SOURCE_SKIPPED_UNKNOWN};

	slow->owes_gap = false;
	*ret_item = source_item_gap(&gap, position_of(slow));
	return 1;
}

static int
give_record(struct slow *slow, struct source_item *ret_item)
{
	slow->records++;
	slow->error = 0;
	(void)snprintf(
	    slow->text, sizeof(slow->text), "%u", (unsigned)slow->records);
	*ret_item = (struct source_item){.kind = SOURCE_RECORD,
	    .record = {.text = sse_slice(slow->text)},
	    .has_position = true,
	    .position = position_of(slow)};
	return 1;
}

static int
next(void *self, struct source_item *ret_item)
{
	struct slow *slow = self;

	if (slow->owes_gap)
		return give_gap(slow, ret_item);
	switch (hear(slow)) {
	case 'r':
		return give_record(slow, ret_item);
	case 'e':
		slow->error = -ECONNRESET;
		return 0;
	case '.':
		return RESULT_PARTIAL;
	default:
		return 0;
	}
}

static struct source_poll
poll_of(const void *self)
{
	const struct slow *slow = self;
	struct source_poll poll = {.fd = slow->fd,
	    .events = POLLIN,
	    .timeout_ms = slow->error != 0 ? LOOK_MS : SOURCE_FOREVER_MS,
	    .error = slow->error};

	if (slow->at_once)
		poll.timeout_ms = 0;
	return poll;
}

static struct sse_slice
id_of(void *self, const struct source_position *position)
{
	struct slow *slow = self;

	(void)snprintf(
	    slow->id, sizeof(slow->id), "slow-%" PRIu64, position->words[0]);
	return sse_slice(slow->id);
}

static bool
owes_gap(const void *self)
{
	const struct slow *slow = self;

	return slow->owes_gap;
}

static bool
has_given_all(const void *self)
{
	(void)self;
	return true;
}

static bool
is_done(const void *self)
{
	const struct slow *slow = self;

	return slow->is_done;
}

static void
follow(void *self, const void *leader)
{
	struct slow *slow = self;
	const struct slow *other = leader;

	slow->has_leader = other != NULL;
	slow->leader_records = slow->has_leader ? other->records : 0;
}

static bool
meets(void *self)
{
	struct slow *slow = self;

	return slow->has_leader && slow->leader_records == slow->records;
}

const struct source_ops slow_ops = {
    .is_durable = true,
    .unit = "records",
    .scheme = SCHEME,
    .has_times = true,
    .is_remote = true,
    .new = new_slow,
    .free = free_slow,
    .start = start,
    .step = step,
    .next = next,
    .poll = poll_of,
    .position = position_of,
    .id = id_of,
    .owes_gap = owes_gap,
    .has_given_all = has_given_all,
    .is_done = is_done,
    .follow = follow,
    .meets = meets,
};
