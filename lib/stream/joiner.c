/*
 * joiner.c - lines into records.
 *
 * One item is held back at most: the one that ended a record.  The source is
 * not asked again before it was used, so its text stays where it is.
 */
#include "config.h"

#include "stream/joiner.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/budget.h"
#include "utf8.h"

#define KEPT_MAX 65536 /* bytes of memory, from record to record */

void
joiner_init(struct joiner *joiner, struct source *source,
    const struct joiner_options *options)
{
	*joiner = (struct joiner){.source = source, .options = *options};
	/* One byte more says whether a cut is between two characters. */
	sse_buf_init(&joiner->text, options->record_size_max + 1);
	context_init(&joiner->context, options->record_size_max);
}

void
joiner_done(struct joiner *joiner)
{
	sse_buf_done(&joiner->text);
	context_done(&joiner->context);
}

static bool
is_lines(const struct joiner *joiner)
{
	return joiner->options.rule->kind == RECORD_IS_LINE;
}

static bool
has_context(const struct joiner *joiner)
{
	return joiner->options.has_context &&
	       joiner->options.rule->kind == RECORD_HAS_START;
}

/* What was given may go on: 0 or -ENOMEM. */
static int
keep_context(struct joiner *joiner)
{
	if (!has_context(joiner) || !joiner->last.has_position)
		return 0;
	if (!joiner->ended)
		return context_add(
		    &joiner->context, sse_buf_slice(&joiner->text));
	context_forget(&joiner->context);
	return 0;
}

static void
forget(struct joiner *joiner)
{
	/* A long one would else stay for as long as the client does. */
	if (joiner->text.capacity > KEPT_MAX)
		sse_buf_done(&joiner->text);
	else
		sse_buf_clear(&joiner->text);
	joiner->lines = 0;
	joiner->left_out = joiner->nuls = 0;
	joiner->taken = false;
}

void
joiner_restart(struct joiner *joiner)
{
	forget(joiner);
	joiner->holds = joiner->inside = false;
	joiner->records = 0;
	if (is_lines(joiner))
		return;
	joiner->given = joiner->place = source_position(joiner->source);
	context_lose(&joiner->context, &joiner->given);
}

struct sse_position
joiner_position(const struct joiner *joiner)
{
	return is_lines(joiner) ? source_position(joiner->source)
				: joiner->given;
}

bool
joiner_ended(const struct joiner *joiner)
{
	return source_ended(joiner->source) && !joiner->holds;
}

bool
joiner_has_given_all(const struct joiner *joiner)
{
	return joiner->lines == 0 && !joiner->holds &&
	       source_has_given_all(joiner->source);
}

bool
joiner_owes_gap(const struct joiner *joiner)
{
	return (joiner->holds && joiner->held.kind == SOURCE_GAP) ||
	       source_owes_gap(joiner->source);
}

/* ---------------------------------------------------------- a record -- */

/* A source counts its lines, and here are records. */
static void
number(struct joiner *joiner, struct source_item *item)
{
	if (!item->has_position)
		return;
	sse_position_count(&item->position, joiner->records);
	joiner->given = item->position;
}

/* The limit is kept at a character; the text has one byte more, or fits. */
static void
cut(struct joiner *joiner, struct record *record)
{
	size_t limit = joiner->options.record_size_max;
	size_t size = record->text.size;

	if (size > limit) {
		record->text.size = sse_utf8_cut(record->text, limit);
		record->left_out += size - record->text.size;
	}
}

/* Hands out the record that has begun; unfinished: nothing has ended it. */
static int
give(struct joiner *joiner, bool unfinished, struct source_item *ret_item)
{
	struct record record = {
	    .text = sse_buf_slice(&joiner->text),
	    .left_out = joiner->left_out,
	    .nuls = joiner->nuls,
	    .end = joiner->last.record.end,
	    .unfinished = unfinished,
	};

	assert(joiner->lines > 0 && !joiner->taken);
	cut(joiner, &record);
	assert(record.text.size <= joiner->options.record_size_max);
	if (has_context(joiner) && joiner->last.has_position)
		record.before = sse_buf_slice(&joiner->context.lines);
	*ret_item = joiner->last;
	ret_item->record = record;
	/* Who comes back may find it whole. */
	ret_item->has_position = ret_item->has_position && !unfinished;
	joiner->records++;
	number(joiner, ret_item);
	joiner->lines = 0;
	joiner->taken = true;
	return 1;
}

/* Whether the line, which begins no record by itself, must not be joined. */
static bool
is_too_much(const struct joiner *joiner, const struct source_item *line)
{
	size_t size = joiner->text.size + 1 + line->record.text.size;

	return joiner->left_out > 0 || line->record.left_out > 0 ||
	       size > joiner->options.record_size_max;
}

/* Whether the record that has begun ends before this line. */
static bool
ends_before(struct joiner *joiner, const struct source_item *line)
{
	const struct record_rule *rule = joiner->options.rule;

	joiner->ended = false;
	if (joiner->lines == 0)
		return false;
	/* Late lines of an old file stand for themselves. */
	if (line->has_position != joiner->last.has_position)
		return true;
	if (rule->kind != RECORD_HAS_START)
		return false;
	if (is_too_much(joiner, line))
		return true;
	joiner->ended = rule->begins(rule->context, line->record.text);
	return joiner->ended;
}

static int
add_text(struct joiner *joiner, struct sse_slice text)
{
	size_t room = joiner->text.size_max - joiner->text.size;
	size_t size = text.size < room ? text.size : room;
	int error = sse_buf_add(&joiner->text, text.data, size);

	if (error == 0)
		joiner->left_out += text.size - size;
	return error;
}

/* 0, or -ENOMEM, and all is as it was. */
static int
add_line(struct joiner *joiner, const struct source_item *line)
{
	size_t size = joiner->text.size;
	uint64_t left_out = joiner->left_out;
	int error = 0;

	if (joiner->lines > 0)
		error = add_text(joiner, (struct sse_slice){"\n", 1});
	if (error == 0)
		error = add_text(joiner, line->record.text);
	if (error != 0) {
		joiner->text.size = size;
		joiner->left_out = left_out;
		return error;
	}
	assert(joiner->text.size <= joiner->text.size_max);
	joiner->left_out += line->record.left_out;
	joiner->nuls += line->record.nuls;
	joiner->moved_ms = sse_clock_monotonic_ms(joiner->options.clock);
	if (joiner->lines++ == 0)
		joiner->began_ms = joiner->moved_ms;
	joiner->last = *line;
	return 0;
}

/* --------------------------------------------------------------- items -- */

/* The line was taken. */
static void
move(struct joiner *joiner, const struct source_item *line)
{
	if (!line->has_position)
		return;
	joiner->place = line->position;
	joiner->inside = joiner->options.rule->kind == RECORD_HAS_BLANK &&
			 line->record.text.size > 0;
}

/* Whether it belongs to an event of which the beginning was given: cut. */
static bool
is_left_over(const struct joiner *joiner, const struct source_item *line)
{
	return joiner->inside && joiner->lines == 0 && line->has_position &&
	       sse_position_same_file(&line->position, &joiner->place) &&
	       line->record.text.size > 0;
}

/* A blank line ends an event, if one has begun. */
static int
take_blank(struct joiner *joiner, const struct source_item *line,
    struct source_item *ret_item)
{
	struct source_item item = *line;

	if (joiner->lines == 0) {
		number(joiner, &item);
		return 0;
	}
	joiner->last = item;
	return give(joiner, false, ret_item);
}

static void
hold(struct joiner *joiner, const struct source_item *item)
{
	assert(!joiner->holds);
	joiner->held = *item;
	joiner->holds = true;
}

/* The line may be the first of a record: as context_find(). */
static int
begin_record(struct joiner *joiner, const struct source_item *line)
{
	if (joiner->lines > 0 || !line->has_position || !has_context(joiner))
		return 1;
	return context_find(&joiner->context, joiner->options.rule,
	    joiner->source, &joiner->given, line->record.text);
}

/* 1 and a record; 0 when it goes on; -ENOMEM, and the line is held. */
static int
take_line(struct joiner *joiner, const struct source_item *line,
    struct source_item *ret_item)
{
	bool ends_by_blank = joiner->options.rule->kind == RECORD_HAS_BLANK;
	int got;

	if (ends_before(joiner, line)) {
		hold(joiner, line);
		return give(joiner, ends_by_blank, ret_item);
	}
	if (is_left_over(joiner, line)) {
		move(joiner, line);
		return 0;
	}
	if (ends_by_blank && line->record.text.size == 0) {
		move(joiner, line);
		return take_blank(joiner, line, ret_item);
	}
	got = begin_record(joiner, line);
	if (got == 1)
		got = add_line(joiner, line) == 0 ? 1 : -ENOMEM;
	if (got == 1)
		move(joiner, line);
	else
		hold(joiner, line);
	return got < 0 ? got : 0;
}

/* Whether the lines behind the item go on where those before it ended. */
static bool
goes_on(const struct joiner *joiner, const struct source_item *item)
{
	return item->has_position &&
	       sse_position_goes_on(&item->position, &joiner->place);
}

/* Whether it is told in a record, and does not cut it. */
static bool
is_inside(const struct joiner *joiner, const struct source_item *item)
{
	bool begun = joiner->lines > 0 && joiner->last.has_position;

	if (begun && item->kind == SOURCE_GAP && item->reason != GAP_LATE)
		return false;
	return (begun || joiner->inside) && goes_on(joiner, item);
}

/* The lines behind the item may be elsewhere. */
static void
leave(struct joiner *joiner, const struct source_item *item)
{
	if (!item->has_position || goes_on(joiner, item))
		return;
	joiner->inside = false;
	context_lose(&joiner->context, &item->position);
}

/* No position is in a record: that of the item is before it. */
static int
give_inside(struct joiner *joiner, const struct source_item *item,
    struct source_item *ret_item)
{
	sse_position_renew(&joiner->given, &item->position);
	*ret_item = *item;
	ret_item->position = joiner->given;
	return 1;
}

/* What is no record stands for itself; a mark moves the record's end. */
static int
take_other(struct joiner *joiner, const struct source_item *item,
    struct source_item *ret_item)
{
	if (item->kind == SOURCE_MARK && joiner->lines > 0 &&
	    joiner->last.has_position) {
		joiner->last.position = item->position;
		return 0;
	}
	if (is_inside(joiner, item))
		return give_inside(joiner, item, ret_item);
	if (joiner->lines == 0) {
		leave(joiner, item);
		*ret_item = *item;
		number(joiner, ret_item);
		return 1;
	}
	hold(joiner, item);
	return give(
	    joiner, joiner->options.rule->kind == RECORD_HAS_BLANK, ret_item);
}

static int64_t
left_to_wait_ms(const struct joiner *joiner)
{
	int64_t wait_ms = joiner->options.wait_ms;
	int64_t now_ms = sse_clock_monotonic_ms(joiner->options.clock);
	int64_t rest_ms = joiner->moved_ms + wait_ms - now_ms;
	int64_t all_ms = joiner->began_ms + JOINER_WAITS_MAX * wait_ms - now_ms;

	return rest_ms < all_ms ? rest_ms : all_ms;
}

/* Whether time alone can end the record that has begun. */
static bool
waits(const struct joiner *joiner)
{
	return joiner->lines > 0 &&
	       joiner->options.rule->kind == RECORD_HAS_START;
}

/* The source has nothing now: 1 and the record that has waited for more. */
static int
look_at_time(struct joiner *joiner, struct source_item *ret_item)
{
	if (!waits(joiner) || source_poll(joiner->source).timeout_ms == 0 ||
	    left_to_wait_ms(joiner) > 0)
		return 0;
	return give(joiner, false, ret_item);
}

/* What was held, or what the source gives. */
static int
next_item(struct joiner *joiner, struct source_item *ret_item)
{
	if (!joiner->holds)
		return source_next(joiner->source, ret_item);
	joiner->holds = false;
	*ret_item = joiner->held;
	return 1;
}

int
joiner_next(struct joiner *joiner, struct source_item *ret_item)
{
	struct source_item item;
	struct budget budget;
	int got = 0, items = 0;

	if (is_lines(joiner))
		return source_next(joiner->source, ret_item);
	assert(!joiner->taken || joiner->lines == 0);
	if (joiner->taken)
		got = keep_context(joiner);
	if (got != 0)
		return got;
	if (joiner->taken)
		forget(joiner);
	budget = budget_begin(joiner->options.clock, JOINER_TURN_MS);
	while ((got = next_item(joiner, &item)) == 1) {
		got = item.kind == SOURCE_RECORD
			  ? take_line(joiner, &item, ret_item)
			  : take_other(joiner, &item, ret_item);
		if (got != 0)
			return got;
		if (++items == JOINER_ITEMS_MAX || budget_is_over(&budget))
			return RESULT_PARTIAL;
	}
	return got == 0 ? look_at_time(joiner, ret_item) : got;
}

bool
joiner_meets(struct joiner *joiner, const struct joiner *leader)
{
	bool begun = joiner->lines > 0 || joiner->holds;
	bool leader_begun = leader->lines > 0 || leader->holds;

	if (!source_meets(joiner->source) || begun != leader_begun)
		return false;
	return !begun ||
	       (joiner->last.has_position &&
		   sse_position_same_place(&joiner->given, &leader->given));
}

struct source_poll
joiner_poll(const struct joiner *joiner)
{
	struct source_poll poll = source_poll(joiner->source);
	int64_t left_ms;

	if (joiner->holds)
		poll.timeout_ms = 0;
	else if (waits(joiner)) {
		left_ms = left_to_wait_ms(joiner);
		if (left_ms < poll.timeout_ms)
			poll.timeout_ms = left_ms < 0 ? 0 : left_ms;
	}
	return poll;
}
