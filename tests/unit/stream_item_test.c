/*
 * stream_item_test.c - events of what the multiline gave.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "stream/stream_item.h"

static struct stream_conf conf = {
    .name = "log",
    .generations = "",
    .record_size_max = 1024,
    .event = "",
    .follow = true,
    .ids = CONF_IDS_POSITION,
};

static struct stages stages;
static struct stream_item_words words;
static struct held held;

static void
begin(const char *source)
{
	conf.source = source;
	held.clock = sse_clock_system();
	CHECK_EQUAL_INT(
	    stages_init(&stages,
		&(struct stages_options){
		    .conf = &conf, .clock = sse_clock_system(), .random = 7}),
	    0);
}

static int
try_to_make(const struct source_item *from, struct stream_item *item)
{
	return stream_item_try(&stages, &words, &held, from, item);
}

TEST(a_gap_counts_in_the_unit_of_its_source)
{
	static const struct source_item gap = {
	    .kind = SOURCE_GAP, .reason = GAP_LIMIT, .skipped = 7};
	static const struct {
		const char *source;
		const char *unit;
	} cases[] = {{"/nowhere", "\"bytes\""}, {"-", "\"records\""}};
	struct stream_item item;

	for (size_t i = 0; i < 2; i++) {
		begin(cases[i].source);
		CHECK_EQUAL_INT(try_to_make(&gap, &item), 1);
		CHECK_EQUAL_INT(item.kind, STREAM_GAP);
		CHECK_EQUAL_INT(item.gap, GAP_LIMIT);
		CHECK(memmem(item.event.data.data, item.event.data.size,
			  cases[i].unit, strlen(cases[i].unit)) != NULL);
		stages_done(&stages);
	}
}

TEST(a_mark_is_an_id_and_nothing_else)
{
	const struct source_start start = {.records = 0};
	struct source_item mark = {.kind = SOURCE_MARK, .has_position = true};
	struct stream_item item;

	begin(test_path("log"));
	CHECK_EQUAL_INT(source_start(stages.source, &start), 0);
	mark.position = source_position(stages.source);
	CHECK_EQUAL_INT(try_to_make(&mark, &item), 1);
	CHECK_EQUAL_INT(item.kind, STREAM_NOTE);
	CHECK(item.event.id.size > 0 && item.event.data.data == NULL);
	conf.ids = CONF_IDS_NONE;
	CHECK_EQUAL_INT(try_to_make(&mark, &item), 0);
	stages_done(&stages);
}

TEST(the_end_has_an_id_of_its_own)
{
	const struct source_item end = {.kind = SOURCE_END};
	struct stream_item item;

	begin("-");
	CHECK_EQUAL_INT(try_to_make(&end, &item), 1);
	CHECK_EQUAL_INT(item.kind, STREAM_END);
	CHECK_EQUAL_TEXT(item.event.id, SLICE("end"));
	stages_done(&stages);
}

TEST(what_is_left_out_keeps_an_id_that_can_be_sent)
{
	struct stream_item item = {
	    .event = {.id = SLICE("7"), .data = SLICE("x")}};

	stream_item_leave_out(&item, &words, -EMSGSIZE);
	CHECK_EQUAL_INT(item.kind, STREAM_LEFT_OUT);
	CHECK_EQUAL_TEXT(item.event.id, SLICE("7"));
	CHECK(item.event.data.data == NULL);
	CHECK(item.event.comment.size > 0);
	item.event.id = SLICE("a\nb");
	stream_item_leave_out(&item, &words, -EMSGSIZE);
	CHECK(item.event.id.data == NULL);
}
