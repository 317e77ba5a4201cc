/*
 * file.c - a log file as a source: passes over its open files, and between
 * them what has to be told.
 */
#include "config.h"

#include "source/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fdio.h"
#include "source/catch_up.h"
#include "source/log_path.h"
#include "source/opening.h"
#include "source/pass_step.h"
#include "source/walk.h"
#include "record/seek.h"

struct file {
	struct chain chain;
	struct pass pass;
	struct opening opening;
	struct sse_position_text id;
};

static int
new_file(
    const char *text, const struct source_options *options, void **ret_self)
{
	struct file *file = calloc(1, sizeof(*file));
	int error;

	if (file == NULL)
		return -ENOMEM;
	error = chain_init(&file->chain, text, options);
	if (error != 0) {
		free(file);
		return error;
	}
	pass_init(&file->pass, &file->chain);
	*ret_self = file;
	return 0;
}

static void
free_file(void *self)
{
	struct file *file = self;

	if (file == NULL)
		return;
	opening_done(&file->opening);
	chain_done(&file->chain);
	free(file);
}

static int
start_file(void *self, const struct source_start *start)
{
	struct file *file = self;

	file->pass.running = false;
	return opening_begin(&file->opening, &file->chain, start);
}

static int
step(void *self)
{
	struct file *file = self;

	return opening_step(&file->opening, &file->chain);
}

static bool
has_position(const struct file *file)
{
	return file->opening.start.position != NULL;
}

static bool
is_done(const void *self)
{
	const struct file *file = self;
	const struct chain *chain = &file->chain;

	return !chain->options.follow && has_position(file) &&
	       !chain_is_nothing(chain) && chain->gaps.count == 0 &&
	       chain_unread_size(chain) == 0;
}

static bool
has_given_all(const void *self)
{
	const struct file *file = self;

	return !file->pass.running && file->chain.gaps.count == 0 &&
	       chain_unread_size(&file->chain) == 0;
}

static struct sse_position
position_of(const void *self)
{
	const struct file *file = self;
	struct sse_position position;

	chain_position(&file->chain, &position);
	return position;
}

static struct sse_slice
id_of(void *self, const struct sse_position *position)
{
	struct file *file = self;

	return sse_position_text(&file->id, position);
}

/* 0 and nothing where it is in none that is open. */
static int
lines_before(const void *self, const struct sse_position *position,
    struct sse_buf *lines)
{
	const struct file *file = self;
	const struct chain *chain = &file->chain;

	sse_buf_clear(lines);
	for (size_t i = 0; i < chain->count; i++)
		if (chain->open[i]->file == position->file)
			return seek_lines_before(
			    chain->open[i]->fd, position->offset, lines);
	return 0;
}

static bool
owes_gap(const void *self)
{
	const struct file *file = self;
	const struct chain *chain = &file->chain;

	return chain->gaps.count > 0 ||
	       (!chain_is_nothing(chain) &&
		   chain->open[chain->lead]->gap != GAP_NONE);
}

/* It is too early to say that what a client has seen is gone. */
static bool
is_missing(const void *self)
{
	const struct file *file = self;
	const struct source_start *start = &file->opening.start;

	if (!chain_is_nothing(&file->chain) || file->pass.error != 0)
		return false;
	return !file->chain.options.follow || start->is_record_id ||
	       (has_position(file) && owes_gap(file));
}

/* Opens what a FIFO's writers would not notice. */
static int
open_regular(const char *path)
{
	struct sse_file_stat stat;
	int error = walk_stat(path, &stat);

	if (error != 0)
		return error;
	return S_ISREG(stat.mode) ? walk_open(path, S_IFREG, O_RDONLY)
				  : RESULT_WRONG_KIND;
}

/* The current file. */
static int
peek(const char *text, const char *generations, struct listing_cache *listing)
{
	struct log_names *names;
	struct log_path path;
	int64_t now_ms = sse_clock_file_time_ms(sse_clock_system());
	int fd = log_names_new(text, generations, &names);

	if (fd != 0)
		return fd;
	fd = log_path_init(&path, names, listing);
	if (fd == 0)
		fd = log_path_look(&path, now_ms);
	if (fd == 0)
		fd = path.text != NULL ? open_regular(path.text) : -ENOENT;
	log_path_done(&path);
	log_names_free(names);
	return fd;
}

/* It waits for what is not there, and says what is wrong with what is. */
static bool
claims(const char *text)
{
	(void)text;
	return true;
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
	struct gap gap;

	if (!gap_queue_take(&file->chain.gaps, &gap))
		return false;
	*ret_item = item_at(file, SOURCE_GAP);
	ret_item->reason = gap.reason;
	ret_item->skipped = gap.skipped;
	ret_item->comment = file->opening.comment;
	file->opening.comment = NULL;
	file->pass.mark = false;
	return true;
}

static bool
take_mark(struct file *file, struct source_item *ret_item)
{
	if (!pass_take_mark(&file->pass))
		return false;
	*ret_item = item_at(file, SOURCE_MARK);
	return true;
}

/* A log that is not there, and will not be waited for. */
static bool
has_nothing(const struct file *file)
{
	return !file->chain.options.follow && chain_is_nothing(&file->chain);
}

static int
give_end(struct source_item *ret_item)
{
	*ret_item = (struct source_item){.kind = SOURCE_END};
	return 1;
}

static int
next_item(void *self, struct source_item *ret_item)
{
	struct file *file = self;
	struct pass *pass = &file->pass;
	int got = 0;

	pass->more = false;
	pass->may_read = true;
	if (!pass->running && file->chain.gaps.count == 0)
		pass_begin(pass);
	while (got == 0 && !pass->more) {
		if (take_gap(file, ret_item) || take_mark(file, ret_item))
			return 1;
		if (!pass->running)
			return has_nothing(file) ? give_end(ret_item) : 0;
		got = pass_step(pass, ret_item);
	}
	return got == 0 ? RESULT_PARTIAL : got;
}

static void
follow(void *self, const void *leader)
{
	struct file *file = self;
	const struct file *other = leader;

	file->pass.leader = other != NULL ? &other->chain : NULL;
}

static bool
meets(void *self)
{
	struct file *file = self;
	struct pass *pass = &file->pass;

	return pass->leader != NULL && !pass->running && !pass->mark &&
	       catch_up_try(&file->chain, pass->leader);
}

static int64_t
timeout_ms(const struct file *file)
{
	int64_t look_ms =
	    watch_works(file->chain.watch) ? WATCH_LOOK_MS : WATCH_POLL_MS;

	if (file->chain.gaps.count > 0)
		return 0;
	/* What cannot be read may be able to be soon. */
	if (file->pass.error != 0)
		look_ms = WATCH_POLL_MS;
	if (file->pass.wait.look_ms >= 0 && file->pass.wait.look_ms < look_ms)
		return file->pass.wait.look_ms;
	return look_ms;
}

static struct source_poll
poll_of(const void *self)
{
	const struct file *file = self;
	struct source_poll poll = {
	    .fd = watch_fd(file->chain.watch),
	    .events = POLLIN,
	    .timeout_ms = timeout_ms(file),
	    .error = file->pass.error,
	    .awaited = chain_is_nothing(&file->chain),
	};

	/* What is searched may well be there. */
	if (file->opening.goes_on)
		return (struct source_poll){.fd = -1};
	if (poll.awaited && poll.error == 0)
		poll.error = -ENOENT;
	return poll;
}

const struct source_ops file_ops = {
    .is_durable = true,
    .unit = "bytes",
    .claims = claims,
    .peek = peek,
    .new = new_file,
    .free = free_file,
    .start = start_file,
    .step = step,
    .is_missing = is_missing,
    .next = next_item,
    .poll = poll_of,
    .position = position_of,
    .id = id_of,
    .owes_gap = owes_gap,
    .has_given_all = has_given_all,
    .is_done = is_done,
    .follow = follow,
    .meets = meets,
    .lines_before = lines_before,
};
