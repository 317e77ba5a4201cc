/*
 * journal_items.c - the items of a journal, from where they begin.
 *
 * An entry that was found and cannot be given yet is the first one that is
 * given later: it stays the library's current entry until then.
 */
#include "config.h"

#include "source/journal_items.h"

#include <errno.h>

#include "source/journal_access.h"
#include "source/journal_repair.h"
#include "base/result.h"

/* How often it is told where a stream is that has no record to send. */
#define PASS_OVER_MS 10000
/*
 * While there is nothing, notices are taken when their descriptor seems to have
 * woken it, long before its time.  That it does once more at once, where it was
 * late; and this often they are taken in any case.
 */
#define NOTICES_MS 1000

/* ------------------------------------------------------------ starting -- */

/* A turn towards the start; it stays to be done while there are no entries. */
static int
go_on(struct journal_items *items)
{
	struct journal_begin begin;
	int got = journal_start_step(&items->start, &items->reader.log,
	    &items->reader.record, items->options->clock, &begin);

	if (got != 0)
		return got;
	items->is_done = begin.is_end && gap_queue_is_empty(&items->gaps);
	journal_reader_begin(&items->reader, &begin);
	return 0;
}

/* Nothing is there: it is waited for, unless it may just not be read. */
static int
start_empty(struct journal_items *items)
{
	items->has_given_all = true;
	journal_start_wait(&items->start);
	return journal_access_error(&items->place);
}

int
journal_items_step(struct journal_items *items)
{
	int got = go_on(items);

	return got == RESULT_NONE ? start_empty(items) : got;
}

int
journal_items_begin(
    struct journal_items *items, const struct source_start *start)
{
	int error;

	journal_log_close(&items->reader.log);
	error = journal_log_open(&items->reader.log, &items->place,
	    items->match, journal_record_value_size(&items->reader.record));
	if (error != 0)
		return error;
	items->start = (struct journal_start){
	    .wish = journal_wish_of(start, &items->gaps),
	    .replay_size = items->options->replay_size,
	    /* Entries that may not be read have numbers, too. */
	    .is_counted = items->match[0] == '\0' &&
			  journal_access_is_whole(&items->place),
	    .gaps = &items->gaps,
	};
	items->gaps.comment = start->comment;
	return journal_items_step(items);
}

/* ------------------------------------------------------------- reading -- */

struct source_position
journal_items_position(const struct journal_items *items)
{
	struct sse_position position = items->start.wish.position;

	if (items->reader.is_begun)
		position = journal_cursor_position(&items->reader.last);
	return sse_position_pack(&position);
}

static bool
take_gap(struct journal_items *items, struct source_item *ret_item)
{
	struct gap gap;

	if (!gap_queue_take(&items->gaps, &gap))
		return false;
	*ret_item = source_item_gap(&gap, journal_items_position(items));
	return true;
}

/* The first entry is the next record, or what its number tells. */
static int
give_first(struct journal_items *items, struct source_item *ret_item)
{
	struct journal_reader *reader = &items->reader;
	struct record record;
	uint64_t missing = 0;
	int error;

	if (items->start.is_counted)
		missing = journal_reader_take_hole(reader);
	if (missing > 0) {
		gap_queue_add(&items->gaps, GAP_ROTATED, missing);
		return take_gap(items, ret_item);
	}
	error = journal_reader_take(reader, &record);
	if (error != 0)
		return error;
	items->has_strange |= !journal_cursor_is_known(&reader->last);
	*ret_item = (struct source_item){
	    .kind = SOURCE_RECORD,
	    .record = record,
	    .has_position = journal_cursor_is_known(&reader->last),
	    .position = journal_items_position(items),
	};
	return 1;
}

/* Whether what was there when it began is over, without a follower. */
static bool
is_at_end(const struct journal_items *items)
{
	return !items->options->follow &&
	       (!items->reader.has_first ||
		   journal_cursor_is_after(
		       &items->reader.first, &items->start.tail));
}

static const struct journal_reader *
leader_of(const struct journal_items *items)
{
	return items->leader != NULL ? &items->leader->reader : NULL;
}

/* Whether it is opened anew: what is new is looked for once more. */
static bool
reopen(struct journal_items *items)
{
	int64_t now_ms = sse_clock_monotonic_ms(items->options->clock);
	int64_t since_ms = now_ms - items->opened_ms;
	bool is_first = items->opened_ms == 0;

	if (!items->options->follow ||
	    (!is_first && since_ms < JOURNAL_REOPEN_MS))
		return false;
	items->opened_ms = now_ms;
	/* Without numbers nobody could find the place in it. */
	if (is_first || (items->reader.is_begun &&
			    !journal_cursor_is_known(&items->reader.last)))
		return false;
	if (journal_log_reopen(&items->reader.log) != 0)
		return false;
	journal_reader_displace(&items->reader);
	items->reader.is_unproven = true;
	return true;
}

/*
 * Nothing matches: now and then it tells where it is all the same, or the
 * entry that it is behind would be gone one day.
 */
static int
rest(struct journal_items *items, struct source_item *ret_item)
{
	const struct journal_reader *leader = leader_of(items);
	int64_t now_ms = sse_clock_monotonic_ms(items->options->clock);

	if (items->match[0] == '\0' || items->reader.has_first ||
	    (leader == NULL && now_ms - items->passed_ms < PASS_OVER_MS))
		return 0;
	items->passed_ms = now_ms;
	if (!journal_reader_pass_over(&items->reader, leader))
		return items->reader.has_first ? RESULT_PARTIAL : 0;
	*ret_item = source_item_mark(journal_items_position(items));
	return 1;
}

/* What may have gone unread is looked for: 0: the next one is as it was. */
static int
prove(struct journal_items *items)
{
	bool is_counted = items->start.is_counted;
	int got;

	if (!journal_repair_needs_proof(&items->reader, is_counted))
		return 0;
	got = journal_repair_prove(&items->reader, is_counted, &items->gaps);
	return got == 0 ? RESULT_PARTIAL : got;
}

/* Whether it may be a notice that has woken it: to ask is a system call. */
static bool
may_have_notice(struct journal_items *items)
{
	int64_t now_ms = sse_clock_monotonic_ms(items->options->clock);
	int64_t poll_ms = items->options->journal_poll_ms;
	bool is_early = poll_ms == 0 || now_ms - items->looked_ms < poll_ms / 2;

	items->looked_ms = now_ms;
	if (!is_early && now_ms - items->noticed_ms < NOTICES_MS)
		return false;
	items->noticed_ms = now_ms;
	return true;
}

/* A record, or what its number tells: as journal_items_next(). */
static int
next_record(struct journal_items *items, struct source_item *ret_item)
{
	bool has_notice = items->reader.is_idle && may_have_notice(items);
	int got = journal_reader_look(&items->reader, has_notice);
	int proven = got >= 0 ? prove(items) : got;

	/* It may have been found where its place cannot be. */
	if (proven == RESULT_NONE)
		got = 0;
	else if (proven < 0)
		return proven;
	if (is_at_end(items)) {
		*ret_item = source_item_end();
		return 1;
	}
	items->has_given_all =
	    got == 0 ||
	    (items->leader != NULL &&
		journal_reader_is_ahead(&items->reader, leader_of(items)));
	if (got == 0 && reopen(items))
		return RESULT_PARTIAL;
	return items->has_given_all ? rest(items, ret_item)
				    : give_first(items, ret_item);
}

/* It was empty: 0, and there may be something now; as journal_items_next(). */
static int
begin_late(struct journal_items *items)
{
	int got;

	if (!items->start.is_walking)
		journal_reader_process(&items->reader);
	got = go_on(items);
	if (got == RESULT_NONE)
		return reopen(items) ? RESULT_PARTIAL : 0;
	return got == 0 ? RESULT_PARTIAL : got;
}

int
journal_items_next(struct journal_items *items, struct source_item *ret_item)
{
	int error = 0;

	if (items->reader.log.is_damaged)
		error = journal_repair_log(
		    &items->reader, items->start.is_counted, &items->gaps);
	if (error != 0)
		return error;
	if (take_gap(items, ret_item))
		return 1;
	return items->reader.is_begun ? next_record(items, ret_item)
				      : begin_late(items);
}
