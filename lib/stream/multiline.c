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
#include <string.h>

#include "base/budget.h"
#include "utf8.h"

#define KEPT_MAX 65536 /* bytes of memory, from record to record */

void
multiline_init(struct multiline *multiline, struct source *source,
    const struct multiline_options *options)
{
	*multiline = (struct multiline){.source = source, .options = *options};
	/* One byte more says whether a cut is between two characters. */
	sse_buf_init(&multiline->text, options->record_size_max + 1);
	context_init(&multiline->context, options->record_size_max);
}

void
multiline_done(struct multiline *multiline)
{
	sse_buf_done(&multiline->text);
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
	if (!has_context(multiline) || !multiline->last.has_position)
		return 0;
	if (!multiline->ended)
		return context_add(
		    &multiline->context, sse_buf_slice(&multiline->text));
	context_forget(&multiline->context);
	return 0;
}

static void
forget(struct multiline *multiline)
{
	/* A long one would else stay for as long as the client does. */
	if (multiline->text.capacity > KEPT_MAX)
		sse_buf_done(&multiline->text);
	else
		sse_buf_clear(&multiline->text);
	multiline->lines = 0;
	multiline->left_out = multiline->nuls = 0;
	multiline->taken = false;
}

void
multiline_restart(struct multiline *multiline)
{
	forget(multiline);
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
	return multiline->lines == 0 && !multiline->holds &&
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

/* The limit is kept at a character; the text has one byte more, or fits. */
static void
cut(struct multiline *multiline, struct record *record)
{
	size_t limit = multiline->options.record_size_max;
	size_t size = record->text.size;

	if (size > limit) {
		record->text.size = sse_utf8_cut(record->text, limit);
		record->left_out += size - record->text.size;
	}
}

/* Hands out the record that has begun; unfinished: nothing has ended it. */
static int
give(struct multiline *multiline, bool unfinished, struct source_item *ret_item)
{
	struct record record = {
	    .text = sse_buf_slice(&multiline->text),
	    .left_out = multiline->left_out,
	    .nuls = multiline->nuls,
	    .end = multiline->last.record.end,
	    .unfinished = unfinished,
	};

	assert(multiline->lines > 0 && !multiline->taken);
	cut(multiline, &record);
	assert(record.text.size <= multiline->options.record_size_max);
	if (has_context(multiline) && multiline->last.has_position)
		record.before = context_lines(&multiline->context);
	*ret_item = multiline->last;
	ret_item->record = record;
	/* Who comes back may find it whole. */
	ret_item->has_position = ret_item->has_position && !unfinished;
	multiline->records++;
	number(multiline, ret_item);
	multiline->lines = 0;
	multiline->taken = true;
	return 1;
}

/* Whether the line, which begins no record by itself, must not be joined. */
static bool
is_too_much(const struct multiline *multiline, const struct source_item *line)
{
	size_t size = multiline->text.size + 1 + line->record.text.size;

	return multiline->left_out > 0 || line->record.left_out > 0 ||
	       size > multiline->options.record_size_max;
}

/* Whether the record that has begun ends before this line. */
static bool
ends_before(struct multiline *multiline, const struct source_item *line)
{
	const struct record_rule *rule = multiline->options.rule;

	multiline->ended = false;
	if (multiline->lines == 0)
		return false;
	/* Late lines of an old file stand for themselves. */
	if (line->has_position != multiline->last.has_position)
		return true;
	if (rule->kind != RECORD_HAS_START)
		return false;
	if (is_too_much(multiline, line))
		return true;
	multiline->ended = rule->begins(rule->context, line->record.text);
	return multiline->ended;
}

static int
add_text(struct multiline *multiline, struct sse_slice text)
{
	size_t room = multiline->text.size_max - multiline->text.size;
	size_t size = text.size < room ? text.size : room;
	int error = sse_buf_add(&multiline->text, text.data, size);

	if (error == 0)
		multiline->left_out += text.size - size;
	return error;
}

/* 0, or -ENOMEM, and all is as it was. */
static int
add_line(struct multiline *multiline, const struct source_item *line)
{
	size_t size = multiline->text.size;
	uint64_t left_out = multiline->left_out;
	int error = 0;

	if (multiline->lines > 0)
		error = add_text(multiline, (struct sse_slice){"\n", 1});
	if (error == 0)
		error = add_text(multiline, line->record.text);
	if (error != 0) {
		multiline->text.size = size;
		multiline->left_out = left_out;
		return error;
	}
	assert(multiline->text.size <= multiline->text.size_max);
	multiline->left_out += line->record.left_out;
	multiline->nuls += line->record.nuls;
	multiline->moved_ms = sse_clock_monotonic_ms(multiline->options.clock);
	if (multiline->lines++ == 0)
		multiline->began_ms = multiline->moved_ms;
	multiline->last = *line;
	return 0;
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
	return multiline->inside && multiline->lines == 0 &&
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

	if (multiline->lines == 0) {
		number(multiline, &item);
		return 0;
	}
	multiline->last = item;
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
	if (multiline->lines > 0 || !line->has_position ||
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
	bool begun = multiline->lines > 0 && multiline->last.has_position;

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
	if (item->kind == SOURCE_MARK && multiline->lines > 0 &&
	    multiline->last.has_position) {
		multiline->last.position = item->position;
		return 0;
	}
	if (is_inside(multiline, item))
		return give_inside(multiline, item, ret_item);
	if (multiline->lines == 0) {
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
	int64_t wait_ms = multiline->options.wait_ms;
	int64_t now_ms = sse_clock_monotonic_ms(multiline->options.clock);
	int64_t rest_ms = multiline->moved_ms + wait_ms - now_ms;
	int64_t all_ms =
	    multiline->began_ms + MULTILINE_WAITS_MAX * wait_ms - now_ms;

	return rest_ms < all_ms ? rest_ms : all_ms;
}

/* Whether time alone can end the record that has begun. */
static bool
waits(const struct multiline *multiline)
{
	return multiline->lines > 0 &&
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
	assert(!multiline->taken || multiline->lines == 0);
	if (multiline->taken)
		got = keep_context(multiline);
	if (got != 0)
		return got;
	if (multiline->taken)
		forget(multiline);
	budget = budget_begin(multiline->options.clock, MULTILINE_TURN_MS);
	while ((got = next_item(multiline, &item)) == 1) {
		got = item.kind == SOURCE_RECORD
			  ? take_line(multiline, &item, ret_item)
			  : take_other(multiline, &item, ret_item);
		if (got != 0)
			return got;
		if (++items == MULTILINE_ITEMS_MAX || budget_is_over(&budget))
			return RESULT_PARTIAL;
	}
	return got == 0 ? look_at_time(multiline, ret_item) : got;
}

bool
multiline_meets(struct multiline *multiline, const struct multiline *leader)
{
	bool begun = multiline->lines > 0 || multiline->holds;
	bool leader_begun = leader->lines > 0 || leader->holds;

	if (!source_meets(multiline->source) || begun != leader_begun)
		return false;
	return !begun || (multiline->last.has_position &&
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
