/*
 * hubs.c - all streams of the worker.
 */
#include "config.h"

#include "hubs.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"

static void
free_served(const struct hub_ops *ops, struct served *served)
{
	ops->free(served->hub);
	conf_free(served->conf);
}

/* Clients of streams that are not served any more: whether there are more. */
static bool
dismiss_clients(const struct hubs *hubs, const struct budget *budget)
{
	bool more = false;

	for (size_t i = 0; i < hubs->leaving_count && !more; i++) {
		struct hub *hub = hubs->leaving[i].hub;

		more = hubs->ops->dismiss(hub, budget);
	}
	return more;
}

/* Who is undecided is no visitor yet, and has a reader of it. */
static bool
is_held(const struct hub *hub)
{
	return hub->visitors > 0 || hub->readers > 0;
}

/*
 * Frees those that nobody has any more, one at least, until the budget is over:
 * whether there are more.
 */
static bool
free_left(struct hubs *hubs, const struct budget *budget)
{
	size_t kept = 0;
	bool over = false, more = false;

	for (size_t i = 0; i < hubs->leaving_count; i++) {
		struct served *served = &hubs->leaving[i];
		bool held = is_held(served->hub);

		assert(served->hub->retired);
		if (held || over) {
			more = more || !held;
			hubs->leaving[kept++] = *served;
			continue;
		}
		free_served(hubs->ops, served);
		over = budget_is_over(budget);
	}
	hubs->leaving_count = kept;
	return more;
}

static void
let_leave(void *context)
{
	struct hubs *hubs = context;
	struct budget budget = budget_begin(hubs->options->clock, HUBS_TURN_MS);
	bool more = dismiss_clients(hubs, &budget);

	more = free_left(hubs, &budget) || more;
	if (hubs->leaving_count > 0)
		loop_timer_set(hubs->timer, more ? 0 : HUBS_LEAVING_MS);
}

/* A few at a time, and one at least: no turn of the loop is long. */
static void
look_at_some(void *context)
{
	struct hubs *hubs = context;
	struct budget budget = budget_begin(hubs->options->clock, HUBS_TURN_MS);
	size_t turns = hubs->count / HUBS_LOOKS_MAX + 1;

	for (size_t i = 0; i < HUBS_LOOKS_MAX && i < hubs->count; i++) {
		if (i > 0 && budget_is_over(&budget))
			break;
		hubs->looked_at = (hubs->looked_at + 1) % hubs->count;
		hubs->ops->look(hubs->list[hubs->looked_at].hub);
	}
	loop_timer_set(hubs->looks, HUBS_LOOK_MS / (int64_t)turns);
}

int
hubs_init(struct hubs *hubs, const struct hub_options *options,
    const struct hub_ops *ops)
{
	*hubs = (struct hubs){.options = options, .ops = ops};
	hubs->timer = loop_timer_new(options->loop, let_leave, hubs);
	hubs->looks = loop_timer_new(options->loop, look_at_some, hubs);
	return hubs->timer != NULL && hubs->looks != NULL ? 0 : -ENOMEM;
}

void
hubs_done(struct hubs *hubs)
{
	for (size_t i = 0; i < hubs->count; i++)
		free_served(hubs->ops, &hubs->list[i]);
	for (size_t i = 0; i < hubs->leaving_count; i++)
		free_served(hubs->ops, &hubs->leaving[i]);
	free(hubs->list);
	free(hubs->leaving);
	conf_free(hubs->conf);
	loop_timer_free(hubs->timer);
	loop_timer_free(hubs->looks);
}

static struct served *
find(const struct hubs *hubs, const char *name)
{
	for (size_t i = 0; i < hubs->count; i++)
		if (strcmp(hubs->list[i].hub->conf->name, name) == 0)
			return &hubs->list[i];
	return NULL;
}

struct hub *
hubs_find(const struct hubs *hubs, const char *name)
{
	const struct served *served = find(hubs, name);

	return served != NULL ? served->hub : NULL;
}

size_t
hubs_clients(const struct hubs *hubs)
{
	size_t count = 0;

	for (size_t i = 0; i < hubs->count; i++)
		count += hubs->ops->clients(hubs->list[i].hub);
	return count;
}

/* ------------------------------------------------------------- loading -- */

static void
free_list(const struct hub_ops *ops, struct served *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].hub != NULL)
			free_served(ops, &list[i]);
	free(list);
}

/* A hub for each stream that is not served as it is; else an empty place. */
static int
make_list(const struct hubs *hubs, struct conf *conf, struct served *list)
{
	int error = 0;

	for (size_t i = 0; i < conf_streams(conf) && error == 0; i++) {
		const struct stream_conf *stream = conf_stream(conf, i);
		const struct served *old = find(hubs, stream->name);

		if (old != NULL && conf_stream_equal(old->hub->conf, stream))
			continue;
		error = hubs->ops->make(stream, hubs->options, &list[i].hub);
		if (error == 0)
			list[i].conf = conf_hold(conf);
	}
	return error;
}

/* Those that go on take the empty places. */
static void
move_kept(struct hubs *hubs, const struct conf *conf, struct served *list)
{
	for (size_t i = 0; i < conf_streams(conf); i++) {
		struct served *old;

		if (list[i].hub != NULL)
			continue;
		old = find(hubs, conf_stream(conf, i)->name);
		/* Names are not given twice: nobody has taken it before. */
		assert(old != NULL);
		list[i] = *old;
		*old = hubs->list[--hubs->count];
	}
}

static void
retire_rest(struct hubs *hubs)
{
	for (size_t i = 0; i < hubs->count; i++) {
		hubs->ops->retire(hubs->list[i].hub);
		hubs->leaving[hubs->leaving_count++] = hubs->list[i];
	}
	if (hubs->count > 0)
		loop_timer_set(hubs->timer, 0);
}

/* Room in the list of those that leave. */
static int
reserve_leaving(struct hubs *hubs)
{
	size_t count = hubs->leaving_count + hubs->count + 1;
	struct served *leaving =
	    realloc(hubs->leaving, count * sizeof(*leaving));

	if (leaving == NULL)
		return -ENOMEM;
	hubs->leaving = leaving;
	return 0;
}

int
hubs_load(struct hubs *hubs, struct conf *conf)
{
	size_t count = conf_streams(conf);
	struct served *list = calloc(count + 1, sizeof(*list));
	int error = list != NULL ? reserve_leaving(hubs) : -ENOMEM;

	if (error == 0)
		error = make_list(hubs, conf, list);
	if (error != 0) {
		free_list(hubs->ops, list, list != NULL ? count : 0);
		return error;
	}
	move_kept(hubs, conf, list);
	retire_rest(hubs);
	free(hubs->list);
	hubs->list = list;
	hubs->count = count;
	conf_free(hubs->conf);
	hubs->conf = conf_hold(conf);
	return 0;
}

void
hubs_begin(struct hubs *hubs)
{
	assert(hubs->conf != NULL && hubs->count == conf_streams(hubs->conf));
	for (size_t i = 0; i < hubs->count; i++)
		hubs->ops->begin(hubs->list[i].hub);
	loop_timer_set(hubs->looks, HUBS_LOOK_MS);
}
