/*
 * file.c - following a log: the passes over its open files.
 *
 * One pass reads the files of the chain in their order, each to its end.
 * Lines that come late to a file behind the lead have no position.  A newer
 * file is read when the lead has been read to its end and left alone for
 * rotate-wait.  What is claimed in an id is only what a whole pass has shown:
 * the stamp stays below the time at which the pass began.
 */
#include "config.h"

#include "file.h"

#include <errno.h>
#include <stdlib.h>

#include "start.h"

/* After so many waits a newer file is read, even if the old one still grows. */
#define PATIENCE 10

/* A file system's clock ticks each 1 to 10 ms: no wait can be shorter. */
#define WAIT_MIN_MS 10

struct file {
	struct chain chain;
	uint64_t changes; /* of the chain, that this pass knows of */
	bool mark;        /* the position has moved without a record */
	bool ended;       /* SOURCE_END was given */

	bool passing;
	size_t at;   /* open[at] is being read */
	bool looked; /* it has been read from in this pass */
	int64_t pass_ms;
	bool may_read; /* one read for each call */
	bool more;     /* the call ended because of that */

	int64_t blocked_ms; /* monotonic: newer files wait since; 0: none */
	int64_t wait_ms;    /* until the lead may be at rest; -1: not waiting */
	int error;
	struct generation_buffer buffer;
};

int
file_new(const char *path, const struct source_options *options,
    struct file **ret_file)
{
	struct file *file = calloc(1, sizeof(*file));

	if (file == NULL)
		return -ENOMEM;
	if (chain_init(&file->chain, path, options) != 0) {
		free(file);
		return -ENOMEM;
	}
	file->wait_ms = -1;
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
	file->passing = false;
	return start_chain(&file->chain, start);
}

bool
file_is_done(const struct file *file)
{
	const struct chain *chain = &file->chain;

	return !chain->options.follow && !chain_is_nothing(chain) &&
	       chain->gaps_count == 0 && start_unread(chain) == 0;
}

struct sse_position
file_position(const struct file *file)
{
	return chain_position(&file->chain);
}

static struct source_item
item_at(const struct file *file, enum source_kind kind)
{
	return (struct source_item){
	    .kind = kind,
	    .has_position = true,
	    .position = chain_position(&file->chain),
	};
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
	file->mark = false;
	return true;
}

static bool
take_mark(struct file *file, struct source_item *ret_item)
{
	if (!file->mark)
		return false;
	*ret_item = item_at(file, SOURCE_MARK);
	file->mark = false;
	return true;
}

/* The lead is done with, or the chain is another: nothing blocks any more. */
static void
unblock(struct file *file)
{
	file->blocked_ms = 0;
	file->changes = file->chain.changes;
}

static void
begin_pass(struct file *file)
{
	struct chain *chain = &file->chain;
	int error;

	watch_drain(chain->watch);
	file->pass_ms = sse_clock_file_time_ms(chain->options.clock);
	error = chain_look(chain);
	file->error = error == -EAGAIN ? 0 : error;
	file->mark = file->mark || chain->appeared;
	chain->appeared = false;
	if (file->changes != chain->changes)
		unblock(file);
	file->wait_ms = -1;
	file->at = 0;
	file->looked = false;
	file->passing = !chain_is_nothing(chain);
}

/*
 * The stamp rises to the newest modification of the files that this pass has
 * read to their ends, but stays below the beginning of the pass, and below
 * what is still unread: an octet that comes later is newer than the stamp.
 */
static void
raise_stamp(struct file *file, size_t count)
{
	struct chain *chain = &file->chain;
	int64_t limit = file->pass_ms;

	for (size_t i = 0; i < count; i++)
		if (!chain->open[i]->at_end && chain->open[i]->mtime_ms < limit)
			limit = chain->open[i]->mtime_ms;
	for (size_t i = 0; i < count; i++) {
		int64_t mtime_ms = chain->open[i]->mtime_ms;

		if (mtime_ms < limit && mtime_ms > (int64_t)chain->stamp_ms)
			chain->stamp_ms = (uint64_t)mtime_ms;
	}
}

static int64_t
rotate_wait_ms(const struct file *file)
{
	int64_t wait_ms = file->chain.options.rotate_wait_ms;

	return wait_ms > WAIT_MIN_MS ? wait_ms : WAIT_MIN_MS;
}

/*
 * Nothing has touched it for rotate-wait before this pass began, so that the
 * stamp can rise over it; a copy is never touched.
 */
static bool
is_left_alone(struct file *file, const struct generation *generation)
{
	const struct sse_file_stat *stat = &generation->stat;
	int64_t touched =
	    stat->mtime_ms > stat->ctime_ms ? stat->mtime_ms : stat->ctime_ms;
	int64_t left = touched + rotate_wait_ms(file) - file->pass_ms;

	if (generation->copy || left <= 0 || !file->chain.options.follow)
		return true;
	file->wait_ms = left;
	return false;
}

/* The first newer file with content; its size is from a look at it now. */
static const struct generation *
first_newer(const struct file *file)
{
	for (size_t i = file->at + 1; i < file->chain.count; i++) {
		struct generation *newer = file->chain.open[i];

		if (sse_fd_stat(newer->fd, &newer->stat) == 0 &&
		    newer->stat.size > 0)
			return newer;
	}
	return NULL;
}

/* Whether the newer file has waited long enough for an old one that grows. */
static bool
patience_is_over(struct file *file, const struct generation *newer)
{
	const struct sse_clock *clock = file->chain.options.clock;
	int64_t patience_ms = PATIENCE * rotate_wait_ms(file);
	int64_t waited_ms;

	if (file->blocked_ms == 0)
		file->blocked_ms = sse_clock_monotonic_ms(clock);
	if (newer->stat.birth_ns >= 0)
		waited_ms = sse_clock_file_time_ms(clock) -
			    newer->stat.birth_ns / 1000000;
	else
		waited_ms = sse_clock_monotonic_ms(clock) - file->blocked_ms;
	if (waited_ms >= patience_ms)
		return true;
	if (file->wait_ms < 0 || patience_ms - waited_ms < file->wait_ms)
		file->wait_ms = patience_ms - waited_ms;
	return false;
}

/* Old files that need not be kept: copies, and all but the newest few. */
static void
close_old(struct file *file)
{
	size_t i = 0;

	while (i < file->chain.lead)
		if (file->chain.open[i]->copy ||
		    file->chain.lead - i > FILE_BEHIND_MAX)
			chain_close(&file->chain, i);
		else
			i++;
}

static void
end_pass(struct file *file)
{
	close_old(file);
	file->passing = false;
}

static int
deliver(struct file *file, struct source_item *item)
{
	item->kind = SOURCE_RECORD;
	item->has_position = file->at >= file->chain.lead;
	if (!item->has_position)
		return 1;
	file->chain.lead = file->at;
	unblock(file);
	item->position = chain_position(&file->chain);
	return 1;
}

static int
give_end(struct file *file, struct source_item *item)
{
	file->ended = true;
	*item = (struct source_item){.kind = SOURCE_END};
	return 1;
}

static void
go_to_next(struct file *file)
{
	file->at++;
	file->looked = false;
}

/* open[at] is behind, and has been read to its end. */
static int
finish_behind(struct file *file)
{
	uint64_t stamp_ms = file->chain.stamp_ms;

	go_to_next(file);
	if (file->at == file->chain.lead) {
		raise_stamp(file, file->chain.lead);
		file->mark = file->mark || file->chain.stamp_ms != stamp_ms;
	}
	return 0;
}

/* Nothing is followed: the unfinished record, then the end. */
static int
finish_last(struct file *file, struct source_item *item)
{
	struct generation *generation = file->chain.open[file->at];

	if (generation->at_end &&
	    generation_rest(generation, &item->record) == 1)
		return deliver(file, item);
	end_pass(file);
	return give_end(file, item);
}

/*
 * open[at] has been read to its end: 1 and its unfinished record if that is
 * all there will be, else 0, and either the next one is at, or the pass is
 * over.
 */
static int
finish_one(struct file *file, struct source_item *item)
{
	struct generation *generation = file->chain.open[file->at];
	const struct generation *newer;
	bool alone;

	if (file->at < file->chain.lead)
		return finish_behind(file);
	if (file->at + 1 == file->chain.count && file->chain.options.follow) {
		end_pass(file);
		return 0;
	}
	if (file->at + 1 == file->chain.count)
		return finish_last(file, item);
	alone = generation->at_end && is_left_alone(file, generation);
	if (alone && generation_rest(generation, &item->record) == 1)
		return deliver(file, item);
	newer = first_newer(file);
	if (!alone && (newer == NULL || !patience_is_over(file, newer))) {
		end_pass(file);
		return 0;
	}
	raise_stamp(file, file->at + 1);
	go_to_next(file);
	return 0;
}

/* A gap that a file owes is told when everything older has been delivered. */
static bool
owes(struct file *file)
{
	struct generation *generation = file->chain.open[file->at];

	if (generation->gap == GAP_NONE)
		return false;
	chain_add_gap(&file->chain, generation->gap, SOURCE_SKIPPED_UNKNOWN);
	generation->gap = GAP_NONE;
	file->chain.lead = file->at;
	return true;
}

/*
 * Weak evidence (offset 0, lines all alike) cannot show that the current file
 * was truncated and filled again; a copy of it that was born meanwhile can.
 */
static bool
was_copied(struct file *file, bool weak)
{
	const struct generation *generation = file->chain.open[file->at];

	return weak && generation_has_changed(generation) &&
	       file->at == file->chain.lead && chain_was_copied(&file->chain);
}

/* One read of open[at], proven: the octets, 0, -ESTALE, -errno. */
static ssize_t
read_proven(struct file *file)
{
	struct generation *generation = file->chain.open[file->at];
	bool weak = generation->current && evidence_weak(&generation->evidence);
	ssize_t got = generation_read(generation, &file->buffer);

	if (got < 0)
		return got;
	if (was_copied(file, weak))
		return -ESTALE;
	generation_take(generation, &file->buffer);
	return got;
}

/* open[at] is not what it was: the pass goes on without it, or anew. */
static int
handle_moved(struct file *file)
{
	int error = chain_moved(&file->chain, file->at);

	file->looked = false;
	if (error != 0) {
		end_pass(file);
		file->wait_ms = WATCH_POLL_MS;
	} else if (file->changes != file->chain.changes) {
		file->passing = false;
		file->more = true;
	}
	return error == -ENOMEM ? error : 0;
}

/* One read of open[at], or the end of it.  1 and an item, 0, -ENOMEM. */
static int
read_one(struct file *file, struct source_item *item)
{
	struct generation *generation = file->chain.open[file->at];
	ssize_t got;

	if (file->looked && generation->at_end)
		return finish_one(file, item);
	file->more = !file->may_read;
	if (!file->may_read)
		return 0;
	file->may_read = false;
	file->looked = true;
	got = read_proven(file);
	if (got > 0)
		return 0;
	if (got == -ESTALE)
		return handle_moved(file);
	if (got < 0)
		file->error = (int)got;
	return finish_one(file, item);
}

/* One step of a pass: 1 and an item, 0 and nothing, -ENOMEM. */
static int
step(struct file *file, struct source_item *item)
{
	int got;

	if (owes(file))
		return 0;
	got = generation_record(
	    file->chain.open[file->at], &file->buffer, &item->record);
	if (got == 1)
		return deliver(file, item);
	return got < 0 ? got : read_one(file, item);
}

/* A log that is not there, and will not be waited for. */
static bool
has_nothing(const struct file *file)
{
	return !file->chain.options.follow && chain_is_nothing(&file->chain);
}

int
file_next(struct file *file, struct source_item *ret_item)
{
	int got = 0;

	file->more = false;
	file->may_read = true;
	if (file->ended)
		return 0;
	if (!file->passing && file->chain.gaps_count == 0)
		begin_pass(file);
	while (got == 0 && !file->more) {
		if (take_gap(file, ret_item) || take_mark(file, ret_item))
			return 1;
		if (!file->passing)
			return has_nothing(file) ? give_end(file, ret_item) : 0;
		got = step(file, ret_item);
	}
	return got;
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

	if (file->more || file->passing)
		return 0;
	if (file->wait_ms >= 0 && file->wait_ms < look_ms)
		return file->wait_ms;
	return look_ms;
}

int
file_error(const struct file *file)
{
	return file->error;
}
