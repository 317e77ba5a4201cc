/*
 * notes_test.c - what is told beside the records, each thing once.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "hand_clock.h"
#include "stream/notes.h"

static struct stream_conf conf = {
    .name = "log",
    .generations = "",
    .record_size_max = 1024,
    .event = "",
    .follow = true,
    .ids = CONF_IDS_POSITION,
    .heartbeat_ms = 1000,
};

static struct stages stages;
static struct notes notes;
static struct stream_item item;

/* Of a log that is there, some records of which may not be sent. */
static void
begin(void)
{
	const struct source_start start = {.records = 0};

	conf.source = test_path("log");
	CHECK_EQUAL_INT(
	    stages_init(&stages, &(struct stages_options){.conf = &conf,
				     .clock = sse_clock_system()}),
	    0);
	CHECK_EQUAL_INT(source_start(stages.source, &start), 0);
	stages.is_filtered = true;
	notes_init(&notes, &stages);
	notes_begin(&notes, &hand_clock);
}

/* A record that is not sent. */
static void
pass_over(void)
{
	const struct source_position position = source_position(stages.source);

	notes_pass_over(&notes, &position);
}

TEST(an_id_that_is_owed_is_told_once)
{
	begin();
	CHECK_EQUAL_INT(notes_take_id(&notes, sse_slice("a"), &item), 0);
	notes_owe_id(&notes);
	CHECK_EQUAL_INT(notes_take_id(&notes, sse_slice("a"), &item), 1);
	CHECK_EQUAL_TEXT(item.event.id, SLICE("a"));
	CHECK_EQUAL_INT(notes_take_id(&notes, sse_slice("a"), &item), 0);
	/* Before a gap there is none. */
	notes_owe_id(&notes);
	CHECK_EQUAL_INT(notes_take_id(&notes, sse_slice(NULL), &item), 0);
	stages_done(&stages);
}

TEST(another_wait_is_told_once)
{
	struct sse_event first;

	begin();
	notes_first(&notes, 0, sse_slice(NULL), 0, &first);
	CHECK_EQUAL_INT(notes_take_rest(&notes, 0, &item), 0);
	CHECK_EQUAL_INT(notes_take_rest(&notes, -ENOENT, &item), 1);
	CHECK(item.event.comment.size > 0 && item.event.id.data == NULL);
	CHECK_EQUAL_INT(notes_take_rest(&notes, -ENOENT, &item), 0);
	stages_done(&stages);
}

TEST(a_position_that_was_not_sent_is_told_after_a_heartbeat)
{
	begin();
	CHECK(!notes_hurry(&notes));
	pass_over();
	CHECK_EQUAL_INT(notes_left_ms(&notes), 1000);
	CHECK_EQUAL_INT(notes_take_rest(&notes, 0, &item), 0);
	now_ms += 1000;
	CHECK_EQUAL_INT(notes_take_rest(&notes, 0, &item), 1);
	CHECK(item.event.id.size > 0 && item.event.comment.data == NULL);
	CHECK_EQUAL_INT(notes_take_rest(&notes, 0, &item), 0);
	/* At once for who wants to join another. */
	pass_over();
	CHECK(notes_hurry(&notes));
	CHECK_EQUAL_INT(notes_left_ms(&notes), 0);
	/* An event's id knows of all before it. */
	notes_sent(&notes, true);
	CHECK(!notes_hurry(&notes));
	stages_done(&stages);
}

/* The ids are the records'. */
TEST(where_ids_are_not_positions_nothing_is_left_unsent)
{
	conf.ids = CONF_IDS_NONE;
	begin();
	pass_over();
	CHECK(!notes_hurry(&notes));
	stages_done(&stages);
	conf.ids = CONF_IDS_POSITION;
}
