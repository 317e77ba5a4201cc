/*
 * notes.c - what is told beside the records, each thing once.
 */
#include "config.h"

#include "stream/notes.h"

void
notes_init(struct notes *notes, struct stages *stages)
{
	*notes = (struct notes){.stages = stages};
}

void
notes_begin(struct notes *notes, const struct sse_clock *clock)
{
	unsent_init(&notes->unsent, clock, notes->stages->conf->heartbeat_ms);
}

void
notes_first(struct notes *notes, uint64_t random, struct sse_slice id, int wait,
    struct sse_event *ret_event)
{
	greeting_first(
	    &notes->greeting, notes->stages->conf, random, id, wait, ret_event);
}

void
notes_owe_id(struct notes *notes)
{
	notes->owes_id = true;
}

void
notes_pass_over(struct notes *notes, const struct source_position *position)
{
	if (notes->stages->conf->ids == CONF_IDS_POSITION)
		unsent_move(&notes->unsent, position);
}

int
notes_take_id(
    struct notes *notes, struct sse_slice id, struct stream_item *ret_item)
{
	if (!notes->owes_id)
		return 0;
	notes->owes_id = false;
	*ret_item = stream_item_note(id, sse_slice(NULL));
	return id.data != NULL;
}

int
notes_take_wait(struct notes *notes, int wait, struct stream_item *ret_item)
{
	const char *text =
	    greeting_of_wait(&notes->greeting, notes->stages->conf, wait);

	if (text == NULL)
		return 0;
	*ret_item = stream_item_note(sse_slice(NULL), sse_slice(text));
	return 1;
}

int
notes_take_rest(struct notes *notes, int wait, struct stream_item *ret_item)
{
	if (unsent_left_ms(&notes->unsent) > 0)
		return notes_take_wait(notes, wait, ret_item);
	*ret_item = stream_item_note(
	    stages_id(notes->stages, &notes->unsent.position), sse_slice(NULL));
	notes_sent(notes, true);
	return 1;
}

int64_t
notes_left_ms(const struct notes *notes)
{
	return unsent_left_ms(&notes->unsent);
}

bool
notes_hurry(struct notes *notes)
{
	if (!notes->unsent.is_set)
		return false;
	unsent_hurry(&notes->unsent);
	return true;
}
