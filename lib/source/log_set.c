/*
 * log_set.c - the open files of one log.
 */
#include "config.h"

#include "source/log_set.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/lines_before.h"
#include "source/file_shared.h"

static int64_t
file_time_ms(const struct log_set *set)
{
	return sse_clock_file_time_ms(set->options.clock);
}

static bool
is_birth(void *context, const char *name)
{
	const struct log_set *set = context;

	return log_path_is_born(&set->path, name, file_time_ms(set));
}

static struct watch *
new_watch(const struct log_set *set)
{
	const char *path = log_names_path(set->names);
	const struct source_shared *shared = set->options.shared;

	if (set->options.unwatched)
		return watch_new(NULL);
	return shared != NULL && shared->waiter != NULL
		   ? watch_new_shared(path, shared->hints, shared->waiter)
		   : watch_new(path);
}

static int
init(struct log_set *set, const char *source)
{
	const char *generations = set->options.generations;
	int error = log_names_new(
	    source, generations != NULL ? generations : "", &set->names);

	if (error == 0)
		error = log_path_init(&set->path, set->names,
		    file_shared_listing(set->options.shared));
	if (error != 0)
		return error;
	set->watch = new_watch(set);
	if (set->watch == NULL)
		return -ENOMEM;
	watch_count_names(set->watch, is_birth, set);
	return 0;
}

int
log_set_init(struct log_set *set, const char *source,
    const struct source_options *options)
{
	int error;

	*set = (struct log_set){.options = *options};
	error = init(set, source);
	if (error != 0)
		log_set_done(set);
	return error;
}

void
log_set_close_all(struct log_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		log_file_free(set->open[i]);
	free(set->open);
	free(set->due);
	due_names_done(&set->due_names);
	set->open = NULL;
	set->due = NULL;
	set->count = set->lead = set->due_count = 0;
}

void
log_set_done(struct log_set *set)
{
	log_set_close_all(set);
	watch_free(set->watch);
	log_path_done(&set->path);
	log_names_free(set->names);
}

bool
log_set_is_nothing(const struct log_set *set)
{
	return set->count == 0;
}

void
log_set_position(
    const struct log_set *set, struct source_position *ret_position)
{
	struct sse_position position = {.stamp_ms = set->stamp_ms};

	assert(set->count == 0 || set->lead < set->count);
	if (!log_set_is_nothing(set)) {
		const struct log_file *lead = set->open[set->lead];

		position.file = lead->file;
		position.offset = lead->offset;
		position.check = lead->check;
	}
	*ret_position = sse_position_pack(&position);
}

uint64_t
log_set_due_size(const struct log_set *set)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < set->due_count; i++)
		bytes += set->due[i].size;
	return bytes;
}

uint64_t
log_set_unread_size(const struct log_set *set)
{
	uint64_t bytes = log_set_due_size(set);

	for (size_t i = set->lead; i < set->count; i++)
		bytes += log_file_unread_size(set->open[i]);
	return bytes;
}

bool
log_set_is_all_read(const struct log_set *set)
{
	return !log_set_has_gaps(set) && log_set_unread_size(set) == 0;
}

bool
log_set_take_gap(struct log_set *set, struct gap *ret_gap)
{
	return gap_queue_take(&set->gaps, ret_gap);
}

bool
log_set_owes_gap(const struct log_set *set)
{
	return log_set_has_gaps(set) ||
	       (!log_set_is_nothing(set) &&
		   set->open[set->lead]->gap != GAP_NONE);
}

int
log_set_lines_before(const struct log_set *set,
    const struct sse_position *position, struct sse_buf *lines)
{
	struct lines_part parts[LOG_SET_BEHIND_MAX + 1];
	size_t i = 0, count = 0;

	while (i < set->count && set->open[i]->file != position->file)
		i++;
	if (i == set->count)
		return 0;
	/* A record goes on in the next file. */
	for (size_t j = i < LOG_SET_BEHIND_MAX ? 0 : i - LOG_SET_BEHIND_MAX;
	     j < i; j++)
		parts[count++] = (struct lines_part){
		    set->open[j]->fd, set->open[j]->fingerprint.offset};
	parts[count++] =
	    (struct lines_part){set->open[i]->fd, position->offset};
	return lines_before(parts, count, lines);
}

int64_t
log_set_look_ms(const struct log_set *set)
{
	return watch_works(set->watch) ? WATCH_LOOK_MS : WATCH_POLL_MS;
}

int
log_set_fd(const struct log_set *set)
{
	return watch_fd(set->watch);
}

void
log_set_add_gap(struct log_set *set, enum gap_reason reason)
{
	gap_queue_add(&set->gaps, reason, SOURCE_SKIPPED_UNKNOWN);
}

const struct log_file *
log_set_find(const struct log_set *set, const struct sse_file_stat *stat)
{
	for (size_t i = 0; i < set->count; i++)
		if (fingerprint_same_file(&set->open[i]->stat, stat))
			return set->open[i];
	return NULL;
}

bool
log_set_is_due(const struct log_set *set, const struct sse_file_stat *stat)
{
	for (size_t i = 0; i < set->due_count; i++)
		if (fingerprint_same_file(&set->due[i], stat))
			return true;
	return false;
}

void
log_set_close_behind(struct log_set *set, size_t index)
{
	assert(index < set->lead && set->lead < set->count);
	log_file_free(set->open[index]);
	set->count--;
	memmove(set->open + index, set->open + index + 1,
	    (set->count - index) * sizeof(struct log_file *));
	set->lead--;
}

void
log_set_close_old(struct log_set *set)
{
	size_t i = 0;

	while (i < set->lead) {
		const struct log_file *old = set->open[i];

		if (!old->copy && set->lead - i <= LOG_SET_BEHIND_MAX) {
			i++;
			continue;
		}
		if (old->copy)
			set->copy = fingerprint_file(&old->stat);
		search_remember(&set->known, fingerprint_file(&old->stat));
		log_set_close_behind(set, i);
	}
}
