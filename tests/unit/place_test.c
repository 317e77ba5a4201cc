#include "test.h"

#include <stdio.h>

#include "source/file.h"
#include "source/pipe.h"
#include "place.h"
#include "source/position.h"

/* Ten records of an epoch, of which the first are gone where it is full. */
static struct backlog *
backlog_of(uint64_t first, uint64_t count)
{
	struct backlog *backlog;
	char id[32];

	CHECK_EQUAL_INT(backlog_new(65536, &backlog), 0);
	snprintf(id, sizeof(id), "epochepoch-%d", (int)first);
	CHECK_EQUAL_INT(backlog_begin(backlog, sse_slice(id)), 0);
	for (uint64_t i = first + 1; i <= first + count; i++) {
		struct sse_event event = {.data = sse_slice("x")};
		size_t size;
		char *room;

		snprintf(id, sizeof(id), "epochepoch-%d", (int)i);
		event.id = sse_slice(id);
		size = sse_encode_size(&event);
		room = backlog_reserve(backlog, size);
		CHECK(sse_encode(&event, room, size) > 0);
		backlog_commit(backlog, size, BACKLOG_RECORD, event.id);
	}
	return backlog;
}

/* One that has lost its oldest frames. */
static struct backlog *
full_backlog(void)
{
	struct backlog *backlog = backlog_of(0, 10000);

	CHECK(!backlog_is_complete(backlog));
	return backlog;
}

static const struct stream_conf plain = {.from = CONF_FROM_RECORDS,
    .from_records = 10,
    .replay_size = 1 << 20,
    .ids = CONF_IDS_POSITION};

static const struct source_ops *
kind(bool durable)
{
	return durable ? &file_ops : &pipe_ops;
}

static struct place
at(const struct stream_conf *conf, const struct backlog *backlog, bool durable,
    const char *id)
{
	const struct stream_start start = {
	    .last_event_id = sse_slice(id), .since_ms = STREAM_SINCE_NONE};

	return place_of(conf, backlog, kind(durable), &start);
}

TEST(without_an_id_as_from_says)
{
	struct backlog *small = backlog_of(0, 3), *full = full_backlog();
	struct stream_conf conf = plain;

	/* There were no more than three when it began. */
	CHECK_EQUAL_INT(at(&conf, small, true, NULL).kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(at(&conf, small, true, NULL).offset, 0);
	CHECK_EQUAL_INT(at(&conf, full, true, NULL).kind, PLACE_BACKLOG);
	conf.from_records = 1000000;
	CHECK_EQUAL_INT(at(&conf, full, true, NULL).kind, PLACE_PRIVATE);
	CHECK_EQUAL_INT(at(&conf, full, false, NULL).kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(
	    at(&conf, full, false, NULL).offset, (long long)backlog_tail(full));
	conf.from = CONF_FROM_START;
	CHECK_EQUAL_INT(at(&conf, small, true, NULL).kind, PLACE_PRIVATE);
	CHECK_EQUAL_INT(at(&conf, small, false, NULL).offset, 0);
	conf.from = CONF_FROM_END;
	CHECK_EQUAL_INT(at(&conf, full, true, NULL).kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(
	    at(&conf, full, true, NULL).offset, (long long)backlog_head(full));
	backlog_free(small);
	backlog_free(full);
}

static struct place
at_last(const struct stream_conf *conf, const struct backlog *backlog,
    bool durable, uint64_t records)
{
	const struct stream_start start = {
	    .since_ms = STREAM_SINCE_NONE, .has_last = true, .last = records};

	return place_of(conf, backlog, kind(durable), &start);
}

TEST(so_many_of_the_newest_are_in_the_backlog_or_in_the_file)
{
	struct backlog *small = backlog_of(0, 3), *full = full_backlog();
	struct stream_conf conf = plain;
	uint64_t head = backlog_head(small);

	CHECK_EQUAL_INT(at_last(&conf, small, true, 0).offset, (long long)head);
	CHECK_EQUAL_INT(at_last(&conf, small, true, 3).kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(at_last(&conf, small, true, 3).offset, 0);
	/* It began with at most ten: there may be more in the file. */
	CHECK_EQUAL_INT(at_last(&conf, small, true, 4).kind, PLACE_PRIVATE);
	CHECK_EQUAL_INT(at_last(&conf, small, false, 4).kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(at_last(&conf, small, false, 4).gap, GAP_NONE);
	CHECK_EQUAL_INT(at_last(&conf, small, false, 4).offset, 0);
	CHECK_EQUAL_INT(at_last(&conf, full, false, STREAM_LAST_MAX).offset,
	    (long long)backlog_tail(full));
	CHECK_EQUAL_INT(
	    at_last(&conf, full, true, STREAM_LAST_MAX).kind, PLACE_PRIVATE);
	/* At most replay; and whatever from is. */
	conf.replay_size = 60;
	conf.from = CONF_FROM_START;
	CHECK_EQUAL_INT(at_last(&conf, small, true, 3).kind, PLACE_PRIVATE);
	CHECK_EQUAL_INT(at_last(&conf, small, false, 3).kind, PLACE_BACKLOG);
	CHECK(at_last(&conf, small, false, 3).offset > 0);
	CHECK(head - at_last(&conf, small, false, 3).offset <= 60);
	conf.from = CONF_FROM_RECORDS;
	CHECK_EQUAL_INT(at(&conf, small, true, NULL).kind, PLACE_PRIVATE);
	CHECK_EQUAL_INT(at(&conf, full, false, NULL).kind, PLACE_BACKLOG);
	CHECK(backlog_head(full) - at(&conf, full, false, NULL).offset <= 60);
	conf.replay_size = 0;
	CHECK_EQUAL_INT(at(&conf, small, true, NULL).offset, (long long)head);
	backlog_free(small);
	backlog_free(full);
}

TEST(a_wish_that_cannot_be_is_told_at_the_newest)
{
	struct backlog *backlog = backlog_of(0, 3);
	struct stream_start start = {
	    .since_ms = STREAM_SINCE_NONE, .fault = "since: no"};
	struct place place = place_of(&plain, backlog, &file_ops, &start);

	CHECK_EQUAL_INT(place.kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(place.offset, 0);
	CHECK_EQUAL_INT(place.gap, GAP_UNKNOWN);
	CHECK_EQUAL_TEXT(sse_slice(place.comment), SLICE("since: no"));
	place = place_of(&plain, backlog, &pipe_ops, &start);
	CHECK_EQUAL_INT(place.gap, GAP_UNKNOWN);
	start.fault = NULL;
	start.since_ms = 0;
	CHECK_EQUAL_INT(
	    place_of(&plain, backlog, &file_ops, &start).kind, PLACE_PRIVATE);
	place = place_of(&plain, backlog, &pipe_ops, &start);
	CHECK_EQUAL_INT(place.gap, GAP_UNKNOWN);
	CHECK(place.comment != NULL);
	/* An id is stronger. */
	start.fault = "since: no";
	start.last_event_id = backlog_id_before(backlog, backlog_head(backlog));
	place = place_of(&plain, backlog, &file_ops, &start);
	CHECK_EQUAL_INT(place.gap, GAP_NONE);
	CHECK_EQUAL_INT(place.offset, (long long)backlog_head(backlog));
	backlog_free(backlog);
}

TEST(an_id_in_the_backlog_is_served_from_it)
{
	struct backlog *backlog = backlog_of(0, 10);
	struct place place = at(&plain, backlog, true, "epochepoch-10");

	CHECK_EQUAL_INT(place.kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(place.offset, (long long)backlog_head(backlog));
	CHECK_EQUAL_INT(place.gap, GAP_NONE);
	CHECK_EQUAL_INT(at(&plain, backlog, true, "epochepoch-0").offset, 0);
	backlog_free(backlog);
}

TEST(an_id_that_is_not_there_is_in_the_file_or_gone)
{
	struct backlog *backlog = full_backlog();
	struct sse_position first;
	struct place place;

	CHECK_EQUAL_INT(
	    sse_position_parse(
		backlog_id_before(backlog, backlog_tail(backlog)), &first),
	    0);
	CHECK_EQUAL_INT(
	    at(&plain, backlog, true, "epochepoch-5").kind, PLACE_PRIVATE);
	CHECK_EQUAL_INT(
	    at(&plain, backlog, true, "not one of ours").kind, PLACE_PRIVATE);
	place = at(&plain, backlog, false, "epochepoch-5");
	CHECK_EQUAL_INT(place.kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(place.gap, GAP_OVERRUN);
	CHECK_EQUAL_INT(place.skipped, (long long)first.offset - 5);
	CHECK_EQUAL_INT(place.offset, (long long)backlog_tail(backlog));
	place = at(&plain, backlog, false, "otherepoch-5");
	CHECK_EQUAL_INT(place.gap, GAP_OVERRUN);
	CHECK(place.skipped == SOURCE_SKIPPED_UNKNOWN);
	CHECK_EQUAL_INT(place.offset, (long long)backlog_tail(backlog));
	place = at(&plain, backlog, false, "not one of ours");
	CHECK_EQUAL_INT(place.gap, GAP_UNKNOWN);
	CHECK(place.offset > backlog_tail(backlog));
	/* From the future: it is none of ours, either. */
	place = at(&plain, backlog, false, "epochepoch-999999");
	CHECK_EQUAL_INT(place.gap, GAP_OVERRUN);
	CHECK(place.skipped == SOURCE_SKIPPED_UNKNOWN);
	backlog_free(backlog);
}

TEST(replay_limits_what_is_old)
{
	struct backlog *backlog = backlog_of(0, 10);
	struct stream_conf conf = plain;
	uint64_t head = backlog_head(backlog);
	struct place place;

	conf.replay_size = 100;
	CHECK_EQUAL_INT(
	    at(&conf, backlog, true, "epochepoch-1").kind, PLACE_PRIVATE);
	place = at(&conf, backlog, false, "epochepoch-1");
	CHECK_EQUAL_INT(place.kind, PLACE_BACKLOG);
	CHECK_EQUAL_INT(place.gap, GAP_LIMIT);
	CHECK(place.offset < head && head - place.offset <= 100);
	CHECK_EQUAL_INT(
	    backlog_frame_end(backlog, place.offset), (long long)place.offset);
	conf.replay_size = 0;
	place = at(&conf, backlog, false, "epochepoch-1");
	CHECK_EQUAL_INT(place.gap, GAP_LIMIT);
	CHECK_EQUAL_INT(place.offset, (long long)head);
	place = at(&conf, backlog, false, "epochepoch-10");
	CHECK_EQUAL_INT(place.gap, GAP_NONE);
	place = at(&conf, backlog, false, "otherepoch-1");
	CHECK_EQUAL_INT(place.gap, GAP_OVERRUN);
	CHECK_EQUAL_INT(place.offset, (long long)head);
	backlog_free(backlog);
}
