/*
 * journal.c - a journal as a source, whose files may be cut while they are
 * read.
 */
#include "config.h"

#include "source/journal.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "source/journal_config.h"
#include "source/journal_items.h"
#include "base/result.h"

#define STRANGE                                                            \
	"entries have no ids: the journal's cursors have a form that this" \
	" program does not know"

struct journal {
	struct source_options options;
	char *text; /* the place's */
	struct journal_items items;
	int error; /* of the last look */
	struct sse_position_text id;
};

static void
free_journal(void *self)
{
	struct journal *journal = self;

	if (journal == NULL)
		return;
	journal_log_close(&journal->items.reader.log);
	journal_record_done(&journal->items.reader.record);
	free(journal->text);
	free(journal);
}

static int
new_journal(
    const char *text, const struct source_options *options, void **ret_self)
{
	struct journal *journal = calloc(1, sizeof(*journal));
	char reason[SOURCE_REASON_SIZE_MAX];
	int error;

	if (journal == NULL)
		return -ENOMEM;
	journal->options = *options;
	journal->items.options = &journal->options;
	journal->items.reader.log.fd = -1;
	journal->items.match = options->match != NULL ? options->match : "";
	journal_record_init(&journal->items.reader.record, options->field,
	    options->record_size_max);
	journal->text = strdup(text);
	error = journal->text == NULL ? -ENOMEM
				      : journal_place_read(journal->text,
					    &journal->items.place, reason);
	if (error != 0) {
		free_journal(journal);
		return error;
	}
	*ret_self = journal;
	return 0;
}

/* ------------------------------------------------------------ starting -- */

static int
start_journal(void *self, const struct source_start *start)
{
	struct journal *journal = self;
	int got;

	journal_fault_begin(&journal->items.reader.log.is_damaged);
	got = journal_items_begin(&journal->items, start);
	journal_fault_end();
	return got;
}

static int
step(void *self)
{
	struct journal *journal = self;
	int got;

	journal_fault_begin(&journal->items.reader.log.is_damaged);
	got = journal_items_step(&journal->items);
	journal_fault_end();
	return got;
}

/* Nobody waits for entries that are not there. */
static bool
is_missing(const void *self)
{
	const struct journal *journal = self;

	return !journal->items.reader.is_begun && !journal->options.follow;
}

/* Whoever has seen all of it, and nothing will follow. */
static bool
is_done(const void *self)
{
	const struct journal *journal = self;

	return journal->items.is_done && !journal->options.follow &&
	       journal->items.start.wish.kind == JOURNAL_BY_POSITION;
}

/* ------------------------------------------------------------- reading -- */

static struct source_position
position_of(const void *self)
{
	const struct journal *journal = self;

	return journal_items_position(&journal->items);
}

static struct sse_slice
id_of(void *self, const struct source_position *position)
{
	struct journal *journal = self;

	return sse_position_id(&journal->id, position);
}

/* What went wrong in the journal is told by poll_of(). */
static int
next_item(void *self, struct source_item *ret_item)
{
	struct journal *journal = self;
	int got;

	journal_fault_begin(&journal->items.reader.log.is_damaged);
	got = journal_items_next(&journal->items, ret_item);
	journal_fault_end();
	journal->error =
	    got < 0 && got > -RESULT_ERRNO_MAX && got != -ENOMEM ? got : 0;
	return journal->error != 0 ? 0 : got;
}

/* However seldom it is looked at, in time to be opened anew. */
static int64_t
look_ms(const struct source_options *options)
{
	int64_t poll_ms = options->journal_poll_ms > 0
			      ? options->journal_poll_ms
			      : SOURCE_FOREVER_MS;

	return options->follow && poll_ms > JOURNAL_REOPEN_MS
		   ? JOURNAL_REOPEN_MS
		   : poll_ms;
}

static struct source_poll
poll_of(const void *self)
{
	const struct journal *journal = self;
	const struct source_options *options = &journal->options;
	struct source_poll poll = {.fd = journal->items.reader.log.fd,
	    .opened = journal->items.reader.log.opened,
	    .events = POLLIN};
	int64_t library_ms;

	if (journal->items.start.is_walking)
		return (struct source_poll){.fd = -1};
	poll.error = journal->error;
	poll.remark = journal->items.has_strange ? STRANGE : NULL;
	poll.timeout_ms = poll.error != 0 ? SOURCE_RETRY_MS : look_ms(options);
	library_ms =
	    journal_log_timeout_ms(&journal->items.reader.log, options->clock);
	if (library_ms < poll.timeout_ms)
		poll.timeout_ms = library_ms;
	return poll;
}

static bool
owes_gap(const void *self)
{
	const struct journal *journal = self;

	return !gap_queue_is_empty(&journal->items.gaps);
}

static bool
has_given_all(const void *self)
{
	const struct journal *journal = self;

	return journal->items.has_given_all;
}

/* ------------------------------------------------------ with a leader -- */

static void
follow(void *self, const void *leader)
{
	const struct journal *other = leader;
	struct journal *journal = self;

	journal->items.leader = other != NULL ? &other->items : NULL;
}

static bool
meets(void *self)
{
	const struct journal *journal = self;
	const struct journal_items *items = &journal->items;
	const struct journal_items *leader = items->leader;

	if (leader == NULL || !gap_queue_is_empty(&items->gaps) ||
	    !gap_queue_is_empty(&leader->gaps))
		return false;
	/* For both, all that comes is new. */
	if (!items->reader.is_begun && !leader->reader.is_begun)
		return items->start.wish.kind == JOURNAL_BY_RECORDS;
	return journal_reader_meets(&items->reader, &leader->reader);
}

const struct source_ops journal_ops = {
    .is_durable = true,
    .unit = "records",
    .scheme = JOURNAL_SCHEME,
    .keys = JOURNAL_KEYS,
    .default_name = journal_config_default_name,
    .check_key = journal_config_check_key,
    .json_names = {.event = "SYSLOG_IDENTIFIER", .data = "MESSAGE"},
    .check = journal_config_check,
    .explain = journal_config_explain,
    .reach = journal_config_reach,
    .denied_text = "waiting for the log: it may not be read (Permission "
		   "denied): members of systemd-journal and adm may",
    .has_times = true,
    .peek = journal_config_peek,
    .descriptors = journal_config_descriptors,
    .new = new_journal,
    .free = free_journal,
    .start = start_journal,
    .step = step,
    .is_missing = is_missing,
    .is_done = is_done,
    .next = next_item,
    .poll = poll_of,
    .position = position_of,
    .id = id_of,
    .owes_gap = owes_gap,
    .has_given_all = has_given_all,
    .follow = follow,
    .meets = meets,
};
