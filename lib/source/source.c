/*
 * source.c - a source that was started, and what comes later.
 *
 * Which kind it is, is decided when it is started, and only then.  What has
 * begun as a file stays one, since its ids are positions, and a FIFO stays one,
 * whatever takes the name later.  What does not exist yet is waited for by the
 * file, too, until it turns out to be another kind's.
 */
#include "config.h"

#include "source/source.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/shortage.h"

struct source {
	char *text; /* as it is configured */
	struct source_options options;
	const struct source_ops *ops;
	void *self;    /* NULL: it was not started */
	bool starting; /* steps have to follow */
	bool ended;    /* SOURCE_END was given */

	/* To start it again, or for a FIFO that comes later. */
	struct source_start start;
	char *id;                        /* of the start, if it has one */
	struct source_position position; /* likewise */
	int error; /* why it cannot be read; 0: it can, or is not there */

	const struct source *leader; /* whom it will join; or NULL */
};

int
source_new(const char *text, const struct source_options *options,
    struct source **ret_source)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return -ENOMEM;
	source->options = *options;
	source->ops = options->ops != NULL ? options->ops : source_kind(text);
	source->text = strdup(text);
	if (source->text == NULL) {
		source_free(source);
		return -ENOMEM;
	}
	*ret_source = source;
	return 0;
}

static void
close_source(struct source *source)
{
	source->ops->free(source->self);
	source->self = NULL;
	source->starting = source->ended = false;
}

void
source_free(struct source *source)
{
	if (source == NULL)
		return;
	close_source(source);
	free(source->text);
	free(source->id);
	free(source);
}

bool
source_can_end(const struct source *source)
{
	return !source->options.follow ||
	       (source->ops->can_end != NULL &&
		   source->ops->can_end(source->text));
}

const struct source_ops *
source_ops(const struct source *source)
{
	return source->ops;
}

/* As one of a kind, in place of what it was, or of nothing: as its start(). */
static int
start_as(struct source *source, const struct source_ops *ops)
{
	struct source_options options = source->options;
	void *self = NULL;
	int error;

	if (options.shared != NULL && options.shared->ops != ops)
		options.shared = NULL;
	error = ops->new (source->text, &options, &self);
	if (error == 0)
		error = ops->start(self, &source->start);
	if (error != 0 && error != RESULT_PARTIAL) {
		ops->free(self);
		return error;
	}
	close_source(source);
	source->ops = ops;
	source->self = self;
	source->starting = error == RESULT_PARTIAL;
	return error;
}

static int
keep_id(struct source *source, struct sse_slice id)
{
	free(source->id);
	source->id = NULL;
	if (id.size == 0)
		return 0;
	source->id = malloc(id.size);
	if (source->id == NULL)
		return -ENOMEM;
	memcpy(source->id, id.data, id.size);
	source->start.id.data = source->id;
	return 0;
}

static int
keep_start(struct source *source, const struct source_start *start)
{
	source->error = 0;
	source->start = *start;
	if (start->position != NULL) {
		source->position = *start->position;
		source->start.position = &source->position;
	}
	return keep_id(source, start->id);
}

static int
start_anew(struct source *source)
{
	close_source(source);
	if (source->options.ops == NULL)
		source->ops = source_kind(source->text);
	return start_as(source, source->ops);
}

int
source_start(struct source *source, const struct source_start *start)
{
	int error = keep_start(source, start);

	return error != 0 ? error : start_anew(source);
}

int
source_go_on(struct source *source)
{
	int error;

	if (!source->starting)
		return start_anew(source);
	error = source->ops->step(source->self);
	source->starting = error == RESULT_PARTIAL || is_shortage(error);
	return error;
}

bool
source_is_missing(const struct source *source)
{
	return source->ops->is_missing != NULL &&
	       source->ops->is_missing(source->self);
}

bool
source_is_done(const struct source *source)
{
	return source->ops->is_done != NULL &&
	       source->ops->is_done(source->self);
}

bool
source_has_given_all(const struct source *source)
{
	return source->ops->has_given_all(source->self);
}

bool
source_unread(const struct source *source, uint64_t *ret_count)
{
	return source->ops->unread != NULL &&
	       source->ops->unread(source->self, ret_count);
}

struct source_position
source_position(const struct source *source)
{
	return source->ops->position(source->self);
}

struct sse_slice
source_id(struct source *source, const struct source_position *position)
{
	return source->ops->id(source->self, position);
}

bool
source_owes_gap(const struct source *source)
{
	return source->ops->owes_gap(source->self);
}

/*
 * What the leader was may be gone since it was followed: it was started anew,
 * perhaps as another kind, which cannot be followed.
 */
static void
follow_leader(struct source *source)
{
	const struct source *leader = source->leader;

	if (leader == NULL || source->ops->follow == NULL)
		return;
	source->ops->follow(
	    source->self, leader->ops == source->ops ? leader->self : NULL);
}

/* Nothing was there yet, and now there is something else. */
static bool
waits_in_vain(const struct source *source)
{
	struct source_poll poll = source->ops->poll(source->self);

	return source->options.follow && source->options.ops == NULL &&
	       poll.awaited && poll.error == RESULT_WRONG_KIND;
}

/* It gave no record: what it waits for may turn out to be another kind's. */
static int
look_again(struct source *source, int got, struct source_item *ret_item)
{
	const struct source_ops *kind;

	/* It is told, and need not be told by another one again. */
	if (got == 1 && ret_item->kind == SOURCE_GAP)
		source->start = (struct source_start){0};
	if (got != 0 || !waits_in_vain(source))
		return got;
	kind = source_kind(source->text);
	if (kind == source->ops)
		return 0;
	/* All that comes is new. */
	source->start.has_time = false;
	source->error = start_as(source, kind);
	if (source->error != 0)
		return source->error == -ENOMEM ? -ENOMEM : 0;
	return source_next(source, ret_item);
}

int
source_next(struct source *source, struct source_item *ret_item)
{
	int got;

	if (source->ended)
		return 0;
	follow_leader(source);
	got = source->ops->next(source->self, ret_item);
	source->error = 0;
	if (got == 1 && ret_item->kind == SOURCE_RECORD)
		return got;
	source->ended = got == 1 && ret_item->kind == SOURCE_END;
	return look_again(source, got, ret_item);
}

void
source_frames(struct source *source, struct plain_frames *frames)
{
	size_t count = frames->count;

	if (source->ended || source->ops->frames == NULL)
		return;
	source->ops->frames(source->self, frames);
	if (frames->count > count)
		source->error = 0;
}

bool
source_leave_out(struct source *source, const struct plain_judge *judge)
{
	if (source->ended || source->ops->leave_out == NULL ||
	    !source->ops->leave_out(source->self, judge))
		return false;
	source->error = 0;
	return true;
}

bool
source_ended(const struct source *source)
{
	return source->ended;
}

struct source_poll
source_poll(const struct source *source)
{
	struct source_poll poll = source->ops->poll(source->self);

	if (source->error != 0) {
		poll.error = source->error;
		poll.timeout_ms = SOURCE_RETRY_MS;
	}
	return poll;
}

void
source_follow(struct source *source, const struct source *leader)
{
	source->leader = leader;
	follow_leader(source);
}

bool
source_meets(struct source *source)
{
	follow_leader(source);
	return source->ops->meets != NULL && source->ops->meets(source->self);
}

/* --------------------------------------- where lines become records -- */

bool
source_has_lines(const struct source *source)
{
	return source->ops->lines != NULL;
}

bool
source_has_before(
    const struct source *source, const struct source_position *position)
{
	const struct source_lines *lines = source->ops->lines;

	return lines != NULL && lines->has_before != NULL &&
	       lines->has_before(position);
}

bool
source_same_run(const struct source *source, const struct source_position *a,
    const struct source_position *b)
{
	const struct source_lines *lines = source->ops->lines;

	return lines != NULL &&
	       (lines->same_run == NULL || lines->same_run(a, b));
}

bool
source_same_place(const struct source *source, const struct source_position *a,
    const struct source_position *b)
{
	const struct source_lines *lines = source->ops->lines;

	return lines != NULL && lines->same_place != NULL &&
	       lines->same_place(a, b);
}

bool
source_goes_on(const struct source *source, const struct source_position *a,
    const struct source_position *b)
{
	const struct source_lines *lines = source->ops->lines;

	return lines != NULL && lines->goes_on != NULL && lines->goes_on(a, b);
}

void
source_renew(const struct source *source, struct source_position *position,
    const struct source_position *newer)
{
	const struct source_lines *lines = source->ops->lines;

	if (lines != NULL && lines->renew != NULL)
		lines->renew(position, newer);
}

void
source_count(const struct source *source, struct source_position *position,
    uint64_t records)
{
	const struct source_lines *lines = source->ops->lines;

	if (lines != NULL && lines->count != NULL)
		lines->count(position, records);
}

int
source_lines_before(const struct source *source,
    const struct source_position *position, struct sse_buf *lines)
{
	const struct source_lines *ops = source->ops->lines;

	sse_buf_clear(lines);
	return ops != NULL && ops->before != NULL
		   ? ops->before(source->self, position, lines)
		   : 0;
}
