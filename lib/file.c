/*
 * file.c - a log file as a source: passes over its open files, and between
 * them what has to be told.
 */
#include "config.h"

#include "file.h"

#include <errno.h>
#include <stdlib.h>

#include "pass.h"
#include "seek.h"
#include "start.h"

struct file {
	struct chain chain;
	struct pass pass;
	bool ended; /* SOURCE_END was given */
};

int
file_new(const char *path, const struct source_options *options,
    struct file **ret_file)
{
	struct file *file = calloc(1, sizeof(*file));
	int error;

	if (file == NULL)
		return -ENOMEM;
	error = chain_init(&file->chain, path, options);
	if (error != 0) {
		free(file);
		return error;
	}
	file->pass.chain = &file->chain;
	file->pass.wait_ms = -1;
	*ret_file = file;
	return 0;
}

void
file_free(struct file *file)
{
	if (file == NULL)
		return;
	chain_done(&file->chain);
	free(file);
}

int
file_start(struct file *file, const struct source_start *start)
{
	file->pass.running = false;
	return start_chain(&file->chain, start);
}

bool
file_is_done(const struct file *file)
{
	const struct chain *chain = &file->chain;

	return !chain->options.follow && !chain_is_nothing(chain) &&
	       chain->gaps_count == 0 && start_unread(chain) == 0;
}

bool
file_has_given_all(const struct file *file)
{
	return !file->pass.running && file->chain.gaps_count == 0 &&
	       start_unread(&file->chain) == 0;
}

struct sse_position
file_position(const struct file *file)
{
	struct sse_position position;

	chain_position(&file->chain, &position);
	return position;
}

int
file_lines_before(const struct file *file, const struct sse_position *position,
    struct sse_buf *lines)
{
	const struct chain *chain = &file->chain;

	sse_buf_clear(lines);
	for (size_t i = 0; i < chain->count; i++)
		if (chain->open[i]->file == position->file)
			return seek_lines_before(
			    chain->open[i]->fd, position->offset, lines);
	return 0;
}

bool
file_owes_gap(const struct file *file)
{
	const struct chain *chain = &file->chain;

	return chain->gaps_count > 0 ||
	       (!chain_is_nothing(chain) &&
		   chain->open[chain->lead]->gap != GAP_NONE);
}

static struct source_item
item_at(const struct file *file, enum source_kind kind)
{
	struct source_item item = {.kind = kind, .has_position = true};

	chain_position(&file->chain, &item.position);
	return item;
}

static bool
take_gap(struct file *file, struct source_item *ret_item)
{
	struct chain_gap gap;

	if (!chain_take_gap(&file->chain, &gap))
		return false;
	*ret_item = item_at(file, SOURCE_GAP);
	ret_item->reason = gap.reason;
	ret_item->skipped = gap.skipped;
	file->pass.mark = false;
	return true;
}

static bool
take_mark(struct file *file, struct source_item *ret_item)
{
	if (!file->pass.mark)
		return false;
	*ret_item = item_at(file, SOURCE_MARK);
	file->pass.mark = false;
	return true;
}

/* A log that is not there, and will not be waited for. */
static bool
has_nothing(const struct file *file)
{
	return !file->chain.options.follow && chain_is_nothing(&file->chain);
}

static int
give_end(struct file *file, struct source_item *ret_item)
{
	file->ended = true;
	*ret_item = (struct source_item){.kind = SOURCE_END};
	return 1;
}

int
file_next(struct file *file, struct source_item *ret_item)
{
	struct pass *pass = &file->pass;
	int got = 0;

	pass->more = false;
	pass->may_read = true;
	if (file->ended)
		return 0;
	if (!pass->running && file->chain.gaps_count == 0)
		pass_begin(pass);
	while (got == 0 && !pass->more) {
		if (take_gap(file, ret_item) || take_mark(file, ret_item))
			return 1;
		if (!pass->running)
			return has_nothing(file) ? give_end(file, ret_item) : 0;
		got = pass_step(pass, ret_item);
	}
	if (got == 1)
		file->ended = ret_item->kind == SOURCE_END;
	return got;
}

void
file_follow(struct file *file, const struct file *leader)
{
	file->pass.leader = leader != NULL ? &leader->chain : NULL;
}

bool
file_meets(struct file *file)
{
	struct pass *pass = &file->pass;

	return pass->leader != NULL && !pass->running && !pass->mark &&
	       chain_meets(&file->chain, pass->leader);
}

int
file_fd(const struct file *file)
{
	return watch_fd(file->chain.watch);
}

int64_t
file_timeout_ms(const struct file *file)
{
	int64_t look_ms =
	    watch_works(file->chain.watch) ? WATCH_LOOK_MS : WATCH_POLL_MS;

	if (file->pass.more || file->pass.running || file->chain.gaps_count > 0)
		return 0;
	/* What cannot be read may be able to be soon. */
	if (file->pass.error != 0)
		look_ms = WATCH_POLL_MS;
	if (file->pass.wait_ms >= 0 && file->pass.wait_ms < look_ms)
		return file->pass.wait_ms;
	return look_ms;
}

int
file_error(const struct file *file)
{
	return file->pass.error;
}
