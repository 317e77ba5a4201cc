/*
 * stream_item.c - one step of a stream.
 */
#include "config.h"

#include "stream/stream_item.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stream/beginning.h"

/* The event of an item that is not a record; its id comes later. */
static void
make_event(struct stages *stages, struct stream_item_words *words,
    const struct source_item *from, struct stream_item *ret_item)
{
	struct sse_event *event = &ret_item->event;

	*ret_item = (struct stream_item){.kind = STREAM_NOTE};
	switch (from->kind) {
	case SOURCE_GAP:
		assert(from->reason > GAP_NONE && from->reason < GAP_REASONS);
		ret_item->kind = STREAM_GAP;
		ret_item->gap = from->reason;
		event->type = sse_slice("gap");
		event->data = gap_data(words->gap, from->reason, from->skipped,
		    source_ops(stages->source)->unit);
		event->comment = sse_slice(from->comment);
		break;
	case SOURCE_END:
		ret_item->kind = STREAM_END;
		event->type = sse_slice("end");
		event->data = sse_slice("");
		event->id = sse_slice(STREAM_END_ID);
		break;
	case SOURCE_RECORD:
	case SOURCE_MARK:
		break;
	}
}

/* The event of a record: as make_item(). */
static int
make_record(struct format *format, const struct record *record,
    struct stream_item *ret_item)
{
	int got = format_event(format, record, &ret_item->event);

	if (got <= 0)
		return got;
	ret_item->kind =
	    got == FORMAT_LEFT_OUT ? STREAM_LEFT_OUT : STREAM_RECORD;
	ret_item->cut = got == FORMAT_EVENT && record->left_out > 0;
	ret_item->gap = GAP_NONE;
	return 1;
}

/* The event of an item: 1; 0 when it is not to be sent; -ENOMEM. */
static int
make_item(struct stages *stages, struct stream_item_words *words,
    const struct source_item *from, struct stream_item *ret_item)
{
	bool positions = stages->conf->ids == CONF_IDS_POSITION;
	int got = 1;

	if (from->kind == SOURCE_RECORD)
		got = make_record(&stages->format, &from->record, ret_item);
	else if (from->kind == SOURCE_MARK && !positions)
		return 0; /* it is its id, and nothing else */
	else
		make_event(stages, words, from, ret_item);
	if (got == 1 && from->has_position && positions)
		ret_item->event.id = source_id(stages->source, &from->position);
	return got;
}

int
stream_item_try(struct stages *stages, struct stream_item_words *words,
    struct held *held, const struct source_item *from,
    struct stream_item *ret_item)
{
	int got = make_item(stages, words, from, ret_item);

	if (got != -ENOMEM) {
		held->is_set = false;
		return got;
	}
	if (held_keep(held, from))
		return -ENOMEM;
	*ret_item = (struct stream_item){.gap = GAP_NONE};
	if (from->has_position)
		ret_item->event.id = stages_id(stages, &from->position);
	stream_item_leave_out(ret_item, words, -ENOMEM);
	return 1;
}

struct stream_item
stream_item_note(struct sse_slice id, struct sse_slice comment)
{
	return (struct stream_item){
	    .kind = STREAM_NOTE, .event = {.id = id, .comment = comment}};
}

void
stream_item_leave_out(
    struct stream_item *item, struct stream_item_words *words, int error)
{
	struct sse_event told = {.id = item->event.id};

	assert(error < 0);
	if (sse_event_check(&told) != 0)
		told.id = sse_slice(NULL);
	(void)snprintf(words->left_out, sizeof(words->left_out),
	    "an event left out: it cannot be sent (%s)", strerror(-error));
	told.comment = sse_slice(words->left_out);
	item->event = told;
	item->kind = STREAM_LEFT_OUT;
}
