/*
 * multiline.c - lines into records.
 *
 * One item is held back at most: the one that ended a record.  The source is
 * not asked again before it was used, so its text stays where it is.
 */
#include "config.h"

#include "stream/multiline.h"

#include <assert.h>
#include <errno.h>

#include "base/budget.h"

void
multiline_init(struct multiline *multiline, struct source *source,
    const struct multiline_options *options)
{
	*multiline = (struct multiline){.source = source, .options = *options};
	joined_init(&multiline->joined, options->record_size_max);
	context_init(&multiline->context, options->record_size_max);
}

void
multiline_done(struct multiline *multiline)
{
	joined_done(&multiline->joined);
	context_done(&multiline->context);
}

static bool
is_lines(const struct multiline *multiline)
{
	return multiline->options.rule->kind == RECORD_IS_LINE ||
	       !source_has_lines(multiline->source);
}

static bool
has_context(const struct multiline *multiline)
{
	return multiline->options.has_context &&
	       multiline->options.rule->kind == RECORD_HAS_START;
}

/* What was given may go on: 0 or -ENOMEM. */
static int
keep_context(struct multiline *multiline)
{
	if (!has_context(multiline) || !multiline->joined.last.has_position)
		return 0;
	if (!multiline->ended)
		return context_add(&multiline->context,
		    sse_buf_slice(&multiline->joined.text));
	context_forget(&multiline->context);
	return 0;
}

void
multiline_restart(struct multiline *multiline)
{
	joined_clear(&multiline->joined);
	multiline->holds = multiline->inside = false;
	multiline->records = 0;
	if (is_lines(multiline))
		return;
	multiline->given = multiline->place =
	    source_position(multiline->source);
	context_lose(&multiline->context, multiline->source, &multiline->given);
}

struct source_position
multiline_position(const struct multiline *multiline)
{
	return is_lines(multiline) ? source_position(multiline->source)
				   : multiline->given;
}

bool
multiline_ended(const struct multiline *multiline)
{
	return source_ended(multiline->source) && !multiline->holds;
}

bool
multiline_has_given_all(const struct multiline *multiline)
{
	return multiline->joined.lines == 0 && !multiline->holds &&
	       source_has_given_all(multiline->source);
}

bool
multiline_owes_gap(const struct multiline *multiline)
{
	return (multiline->holds && multiline->held.kind == SOURCE_GAP) ||
	       source_owes_gap(multiline->source);
}

/* ---------------------------------------------------------- a record -- */

/* A source counts its lines, and here are records. */
static void
number(struct multiline *multiline, struct source_item *item)
{
	if (!item->has_position)
		return;
	source_count(multiline->source, &item->position, multiline->records);
	multiline->given = item->position;
}

/* Hands out the record that has begun; unfinished: nothing has ended it. */
static int
give(struct multiline *multiline, bool unfinished, struct source_item *ret_item)
{
	joined_take(&multiline->joined, unfinished, ret_item);
	if (has_context(multiline) && ret_item->has_position)
		ret_item->record.before = context_lines(&multiline->context);
	/* Who comes back may find it whole. */
	ret_item->has_position = ret_item->has_position && !unfinished;
	multiline->records++;
	number(multiline, ret_item);
	return 1;
}

/* Whether the record that has begun ends before this line. */
static bool
ends_before(struct multiline *multiline, const struct source_item *line)
{
	const struct record_rule *rule = multiline->options.rule;

	multiline->ended = false;
	if (multiline->joined.lines == 0)
		return false;
	/* Late lines of an old file stand for themselves. */
	if (line->has_position != multiline->joined.last.has_position)
		return true;
	if (rule->kind != RECORD_HAS_START)
		return false;
	if (joined_is_full_for(&multiline->joined, line))
		return true;
	multiline->ended = rule->begins(rule->context, line->record.text);
	return multiline->ended;
}

static int
add_line(struct multiline *multiline, const struct source_item *line)
{
	return joined_add(&multiline->joined, line,
	    sse_clock_monotonic_ms(multiline->options.clock));
}

/* --------------------------------------------------------------- items -- */

/* The line was taken. */
static void
move(struct multiline *multiline, const struct source_item *line)
{
	if (!line->has_position)
		return;
	multiline->place = line->position;
	multiline->inside = multiline->options.rule->kind == RECORD_HAS_BLANK &&
			    line->record.text.size > 0;
}

/* Whether it belongs to an event of which the beginning was given: cut. */
static bool
is_left_over(const struct multiline *multiline, const struct source_item *line)
{
	return multiline->inside && multiline->joined.lines == 0 &&
	       line->has_position &&
	       source_same_run(
		   multiline->source, &line->position, &multiline->place) &&
	       line->record.text.size > 0;
}

/* A blank line ends an event, if one has begun. */
static int
take_blank(struct multiline *multiline, const struct source_item *line,
    struct source_item *ret_item)
{
	struct source_item item = *line;

	if (multiline->joined.lines == 0) {
		number(multiline, &item);
		return 0;
	}
	multiline->joined.last = item;
	return give(multiline, false, ret_item);
}

static void
hold(struct multiline *multiline, const struct source_item *item)
{
	assert(!multiline->holds);
	multiline->held = *item;
	multiline->holds = true;
}

/* The line may be the first of a record: as context_find(). */
static int
begin_record(struct multiline *multiline, const struct source_item *line)
{
	if (multiline->joined.lines > 0 || !line->has_position ||
	    !has_context(multiline))
		return 1;
	return context_find(&multiline->context, multiline->options.rule,
	    multiline->source, &multiline->given, line->record.text);
}

/* 1 and a record; 0 when it goes on; -ENOMEM, and the line is held. */
static int
take_line(struct multiline *multiline, const struct source_item *line,
    struct source_item *ret_item)
{
	bool ends_by_blank = multiline->options.rule->kind == RECORD_HAS_BLANK;
	int got;

	if (ends_before(multiline, line)) {
		hold(multiline, line);
		return give(multiline, ends_by_blank, ret_item);
	}
	if (is_left_over(multiline, line)) {
		move(multiline, line);
		return 0;
	}
	if (ends_by_blank && line->record.text.size == 0) {
		move(multiline, line);
		return take_blank(multiline, line, ret_item);
	}
	got = begin_record(multiline, line);
	if (got == 1)
		got = add_line(multiline, line) == 0 ? 1 : -ENOMEM;
	if (got == 1)
		move(multiline, line);
	else
		hold(multiline, line);
	return got < 0 ? got : 0;
}

/* Whether the lines behind the item go on where those before it ended. */
static bool
goes_on(const struct multiline *multiline, const struct source_item *item)
{
	return item->has_position && source_goes_on(multiline->source,
					 &item->position, &multiline->place);
}

/* Whether it is told in a record, and does not cut it. */
static bool
is_inside(const struct multiline *multiline, const struct source_item *item)
{
	bool begun =
	    multiline->joined.lines > 0 && multiline->joined.last.has_position;

	if (begun && item->kind == SOURCE_GAP && item->reason != GAP_LATE)
		return false;
	return (begun || multiline->inside) && goes_on(multiline, item);
}

/* The lines behind the item may be elsewhere. */
static void
leave(struct multiline *multiline, const struct source_item *item)
{
	if (!item->has_position || goes_on(multiline, item))
		return;
	multiline->inside = false;
	context_lose(&multiline->context, multiline->source, &item->position);
}

/* No position is in a record: that of the item is before it. */
static int
give_inside(struct multiline *multiline, const struct source_item *item,
    struct source_item *ret_item)
{
	source_renew(multiline->source, &multiline->given, &item->position);
	*ret_item = *item;
	ret_item->position = multiline->given;
	return 1;
}

/* What is not a record stands for itself; a mark moves the record's end. */
static int
take_other(struct multiline *multiline, const struct source_item *item,
    struct source_item *ret_item)
{
	if (item->kind == SOURCE_MARK && multiline->joined.lines > 0 &&
	    multiline->joined.last.has_position) {
		multiline->joined.last.position = item->position;
		return 0;
	}
	if (is_inside(multiline, item))
		return give_inside(multiline, item, ret_item);
	if (multiline->joined.lines == 0) {
		leave(multiline, item);
		*ret_item = *item;
		number(multiline, ret_item);
		return 1;
	}
	hold(multiline, item);
	return give(multiline,
	    multiline->options.rule->kind == RECORD_HAS_BLANK, ret_item);
}

static int64_t
left_to_wait_ms(const struct multiline *multiline)
{
	return joined_left_ms(&multiline->joined, multiline->options.wait_ms,
	    MULTILINE_WAITS_MAX,
	    sse_clock_monotonic_ms(multiline->options.clock));
}

/* Whether time alone can end the record that has begun. */
static bool
waits(const struct multiline *multiline)
{
	return multiline->joined.lines > 0 &&
	       multiline->options.rule->kind == RECORD_HAS_START;
}

/* The source has nothing now: 1 and the record that has waited for more. */
static int
look_at_time(struct multiline *multiline, struct source_item *ret_item)
{
	if (!waits(multiline) ||
	    source_poll(multiline->source).timeout_ms == 0 ||
	    left_to_wait_ms(multiline) > 0)
		return 0;
	return give(multiline, false, ret_item);
}

/* What was held, or what the source gives. */
static int
next_item(struct multiline *multiline, struct source_item *ret_item)
{
	if (!multiline->holds)
		return source_next(multiline->source, ret_item);
	multiline->holds = false;
	*ret_item = multiline->held;
	return 1;
}

int
multiline_next(struct multiline *multiline, struct source_item *ret_item)
{
	struct source_item item;
	struct budget budget;
	int got = 0, items = 0;

	if (is_lines(multiline))
		return source_next(multiline->source, ret_item);
	assert(!multiline->joined.taken || multiline->joined.lines == 0);
	if (multiline->joined.taken)
		got = keep_context(multiline);
	if (got != 0)
		return got;
	if (multiline->joined.taken)
		joined_clear(&multiline->joined);
	while ((got = next_item(multiline, &item)) == 1) {
		got = item.kind == SOURCE_RECORD
			  ? take_line(multiline, &item, ret_item)
			  : take_other(multiline, &item, ret_item);
		if (got != 0)
			return got;
		/* Most records are one line: they need no clock for it. */
		if (items++ == 0)
			budget = budget_begin(
			    multiline->options.clock, MULTILINE_TURN_MS);
		else if (items == MULTILINE_ITEMS_MAX ||
			 budget_is_over(&budget))
			return RESULT_PARTIAL;
	}
	return got == 0 ? look_at_time(multiline, ret_item) : got;
}

bool
multiline_meets(struct multiline *multiline, const struct multiline *leader)
{
	bool begun = multiline->joined.lines > 0 || multiline->holds;
	bool leader_begun = leader->joined.lines > 0 || leader->holds;

	if (!source_meets(multiline->source) || begun != leader_begun)
		return false;
	return !begun || (multiline->joined.last.has_position &&
			     source_same_place(multiline->source,
				 &multiline->given, &leader->given));
}

struct source_poll
multiline_poll(const struct multiline *multiline)
{
	struct source_poll poll = source_poll(multiline->source);
	int64_t left_ms;

	if (multiline->holds)
		poll.timeout_ms = 0;
	else if (waits(multiline)) {
		left_ms = left_to_wait_ms(multiline);
		if (left_ms < poll.timeout_ms)
			poll.timeout_ms = left_ms < 0 ? 0 : left_ms;
	}
	return poll;
}
