/*
 * chain.c - the open files of one log.
 */
#include "config.h"

#include "source/chain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int64_t
file_time_ms(const struct chain *chain)
{
	return sse_clock_file_time_ms(chain->options.clock);
}

static bool
is_birth(void *context, const char *name)
{
	const struct chain *chain = context;

	return log_path_is_born(&chain->path, name, file_time_ms(chain));
}

static int
init(struct chain *chain, const char *source)
{
	const char *generations = chain->options.generations;
	int error = log_names_new(
	    source, generations != NULL ? generations : "", &chain->names);

	if (error == 0)
		error = log_path_init(
		    &chain->path, chain->names, chain->options.listing);
	if (error != 0)
		return error;
	chain->watch = watch_new(
	    chain->options.unwatched ? NULL : log_names_path(chain->names));
	if (chain->watch == NULL)
		return -ENOMEM;
	watch_count_names(chain->watch, is_birth, chain);
	return 0;
}

int
chain_init(struct chain *chain, const char *source,
    const struct source_options *options)
{
	int error;

	*chain = (struct chain){.options = *options};
	error = init(chain, source);
	if (error != 0)
		chain_done(chain);
	return error;
}

void
chain_close_all(struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		generation_free(chain->open[i]);
	free(chain->open);
	free(chain->due);
	chain->open = NULL;
	chain->due = NULL;
	chain->count = chain->lead = chain->due_count = 0;
}

void
chain_done(struct chain *chain)
{
	chain_close_all(chain);
	watch_free(chain->watch);
	log_path_done(&chain->path);
	log_names_free(chain->names);
}

bool
chain_is_nothing(const struct chain *chain)
{
	return chain->count == 0;
}

void
chain_position(const struct chain *chain, struct sse_position *ret_position)
{
	*ret_position = (struct sse_position){.stamp_ms = chain->stamp_ms};
	if (!chain_is_nothing(chain)) {
		const struct generation *lead = chain->open[chain->lead];

		ret_position->file = lead->file;
		ret_position->offset = lead->offset;
		ret_position->check = lead->check;
	}
}

uint64_t
chain_due_size(const struct chain *chain)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < chain->due_count; i++)
		bytes += chain->due[i].size;
	return bytes;
}

uint64_t
chain_unread_size(const struct chain *chain)
{
	uint64_t bytes = chain_due_size(chain);

	for (size_t i = chain->lead; i < chain->count; i++)
		bytes += generation_unread_size(chain->open[i]);
	return bytes;
}

void
chain_add_gap(struct chain *chain, enum gap_reason reason)
{
	gap_queue_add(&chain->gaps, reason, SOURCE_SKIPPED_UNKNOWN);
}

const struct generation *
chain_find(const struct chain *chain, const struct sse_file_stat *stat)
{
	for (size_t i = 0; i < chain->count; i++)
		if (evidence_same_file(&chain->open[i]->stat, stat))
			return chain->open[i];
	return NULL;
}

bool
chain_is_due(const struct chain *chain, const struct sse_file_stat *stat)
{
	for (size_t i = 0; i < chain->due_count; i++)
		if (evidence_same_file(&chain->due[i], stat))
			return true;
	return false;
}

void
chain_close_behind(struct chain *chain, size_t index)
{
	generation_free(chain->open[index]);
	chain->count--;
	memmove(chain->open + index, chain->open + index + 1,
	    (chain->count - index) * sizeof(struct generation *));
	if (index < chain->lead)
		chain->lead--;
}

void
chain_close_old(struct chain *chain)
{
	size_t i = 0;

	while (i < chain->lead) {
		const struct generation *old = chain->open[i];

		if (!old->copy && chain->lead - i <= CHAIN_BEHIND_MAX) {
			i++;
			continue;
		}
		if (old->copy)
			chain->copy = evidence_file(&old->stat);
		search_remember(&chain->known, evidence_file(&old->stat));
		chain_close_behind(chain, i);
	}
}
