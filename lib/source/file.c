/*
 * file.c - a log file as a source: passes over its open files, and between
 * them what has to be told.
 */
#include "config.h"

#include "source/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fdio.h"
#include "source/file_descriptors.h"
#include "source/file_position.h"
#include "source/file_shared.h"
#include "source/log_path.h"
#include "source/opening.h"
#include "source/path_explain.h"
#include "source/path_reach.h"
#include "source/scan_step.h"
#include "source/walk.h"

/* The buffer at its end is not set to zeros: what is not used costs nothing. */
struct file {
	struct log_set set;
	struct opening opening;
	struct sse_position_text id;
	struct scan scan;
};

static int
new_file(
    const char *text, const struct source_options *options, void **ret_self)
{
	struct file *file = malloc(sizeof(*file));
	int error;

	if (file == NULL)
		return -ENOMEM;
	memset(file, 0, offsetof(struct file, scan.buffer));
	error = log_set_init(&file->set, text, options);
	if (error != 0) {
		free(file);
		return error;
	}
	scan_init(&file->scan, &file->set);
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
	log_set_done(&file->set);
	free(file);
}

static int
start_file(void *self, const struct source_start *start)
{
	struct file *file = self;

	scan_stop(&file->scan);
	return opening_begin(&file->opening, &file->set, start);
}

static int
step(void *self)
{
	struct file *file = self;

	return opening_step(&file->opening, &file->set);
}

static bool
is_done(const void *self)
{
	const struct file *file = self;
	const struct log_set *set = &file->set;

	return !log_set_follows(set) && opening_has_position(&file->opening) &&
	       !log_set_is_nothing(set) && log_set_is_all_read(set);
}

static bool
has_given_all(const void *self)
{
	const struct file *file = self;

	return !scan_runs(&file->scan) && log_set_is_all_read(&file->set);
}

static struct source_position
position_of(const void *self)
{
	const struct file *file = self;
	struct source_position position;

	log_set_position(&file->set, &position);
	return position;
}

static struct sse_slice
id_of(void *self, const struct source_position *position)
{
	struct file *file = self;

	return sse_position_id(&file->id, position);
}

/* 0 and nothing where it is in none that is open. */
static int
lines_before(const void *self, const struct source_position *position,
    struct sse_buf *lines)
{
	const struct file *file = self;
	const struct sse_position at = sse_position_unpack(position);

	return log_set_lines_before(&file->set, &at, lines);
}

static bool
owes_gap(const void *self)
{
	const struct file *file = self;

	return log_set_owes_gap(&file->set);
}

/* It is too early to say that what a client has seen is gone. */
static bool
is_missing(const void *self)
{
	const struct file *file = self;
	const struct opening *opening = &file->opening;

	if (!log_set_is_nothing(&file->set) || scan_error(&file->scan) != 0)
		return false;
	return !log_set_follows(&file->set) || opening_has_record_id(opening) ||
	       (opening_has_position(opening) && owes_gap(file));
}

/* The current file. */
static int
peek(const char *text, const char *generations,
    const struct source_shared *shared)
{
	struct log_names *names;
	struct log_path path;
	int64_t now_ms = sse_clock_file_time_ms(sse_clock_system());
	int fd = log_names_new(text, generations, &names);

	if (fd != 0)
		return fd;
	fd = log_path_init(&path, names, file_shared_listing(shared));
	if (fd == 0)
		fd = log_path_look(&path, now_ms);
	if (fd == 0)
		fd = path.text != NULL ? walk_open(path.text, S_IFREG, O_RDONLY)
				       : -ENOENT;
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

static int
check(const char *text, char reason[SOURCE_REASON_SIZE_MAX])
{
	struct log_names_error why;
	int error = log_names_check_source(text, &why);

	if (error == -EINVAL)
		(void)snprintf(reason, SOURCE_REASON_SIZE_MAX, "%s", why.text);
	return error;
}

static bool
take_gap(struct file *file, struct source_item *ret_item)
{
	struct gap gap;

	if (!log_set_take_gap(&file->set, &gap))
		return false;
	*ret_item = source_item_gap(&gap, position_of(file));
	/* The gap tells of the position. */
	(void)scan_take_mark(&file->scan);
	return true;
}

static bool
take_mark(struct file *file, struct source_item *ret_item)
{
	if (!scan_take_mark(&file->scan))
		return false;
	*ret_item = source_item_mark(position_of(file));
	return true;
}

/* A log that is not there, and will not be waited for. */
static bool
has_nothing(const struct file *file)
{
	return !log_set_follows(&file->set) && log_set_is_nothing(&file->set);
}

static int
next_item(void *self, struct source_item *ret_item)
{
	struct file *file = self;
	struct scan *scan = &file->scan;
	int got = 0;

	scan_begin_turn(scan);
	if (!scan_runs(scan) && !log_set_has_gaps(&file->set))
		scan_begin(scan);
	while (got == 0 && !scan_has_more(scan)) {
		if (take_gap(file, ret_item) || take_mark(file, ret_item))
			return 1;
		if (!scan_runs(scan) && !has_nothing(file))
			return 0;
		if (!scan_runs(scan)) {
			*ret_item = source_item_end();
			return 1;
		}
		got = scan_step(scan, ret_item);
	}
	return got == 0 ? RESULT_PARTIAL : got;
}

static void
make_frames(void *self, struct plain_frames *frames)
{
	struct file *file = self;

	scan_frames(&file->scan, &file->id, frames);
}

static bool
leave_out(void *self, const struct plain_judge *judge)
{
	struct file *file = self;

	return scan_leave_out(&file->scan, judge);
}

static void
follow(void *self, const void *leader)
{
	struct file *file = self;
	const struct file *other = leader;

	scan_follow(&file->scan, other != NULL ? &other->set : NULL);
}

static bool
meets(void *self)
{
	struct file *file = self;

	return scan_meets(&file->scan);
}

static struct source_poll
poll_of(const void *self)
{
	const struct file *file = self;
	struct source_poll poll = {
	    .fd = log_set_fd(&file->set),
	    .events = POLLIN,
	    .timeout_ms = scan_look_ms(&file->scan),
	    .error = scan_error(&file->scan),
	    .awaited = log_set_is_nothing(&file->set),
	};

	/* What is searched may well be there. */
	if (opening_goes_on(&file->opening))
		return (struct source_poll){.fd = -1};
	if (poll.awaited && poll.error == 0)
		poll.error = -ENOENT;
	return poll;
}

static const struct source_lines file_lines = {
    .has_before = file_position_has_before,
    .same_run = file_position_same_run,
    .same_place = file_position_same_place,
    .goes_on = file_position_goes_on,
    .renew = file_position_renew,
    .before = lines_before,
};

const struct source_ops file_ops = {
    .is_durable = true,
    .unit = "bytes",
    .claims = claims,
    .check = check,
    .explain = path_explain,
    .peek = peek,
    .descriptors = file_descriptors,
    .reach = path_reach,
    .sharing = &file_sharing,
    .new = new_file,
    .free = free_file,
    .start = start_file,
    .step = step,
    .is_missing = is_missing,
    .next = next_item,
    .frames = make_frames,
    .leave_out = leave_out,
    .poll = poll_of,
    .position = position_of,
    .id = id_of,
    .owes_gap = owes_gap,
    .has_given_all = has_given_all,
    .is_done = is_done,
    .follow = follow,
    .meets = meets,
    .lines = &file_lines,
};
