/*
 * A source that is read once for all: what stands in the backlog then.  There
 * is neither a loop nor a client.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed.h"

#define STEPS_MAX 10000

struct play {
	struct stream_conf conf;
	struct stats stats;
	struct feed feed;
};

static uint64_t
any(void)
{
	return 7;
}

static void
begin(struct play *play)
{
	*play = (struct play){.conf = {
				  .name = "s",
				  .generations = "",
				  .follow = true,
				  .from = CONF_FROM_RECORDS,
				  .from_records = 100,
				  .replay_size = 1000000,
				  .record_start = "",
				  .record_size_max = 1024,
				  .include = "",
				  .exclude = "",
				  .time_format = "",
				  .event = "",
				  .ids = CONF_IDS_NONE,
				  .retry_ms = 2000,
				  .backlog_size = 65536,
			      }};
	play->conf.source = test_path("log");
}

static void
make_feed(struct play *play)
{
	CHECK_EQUAL_INT(feed_init(&play->feed, &play->conf, sse_clock_system(),
			    NULL, NULL, &play->stats),
	    0);
}

/* In however many steps. */
static int
open_feed(struct play *play)
{
	int got = RESULT_PARTIAL;

	for (int i = 0; i < STEPS_MAX && got == RESULT_PARTIAL; i++)
		got = feed_open(&play->feed, any());
	return got;
}

static void
write_log(const char *text)
{
	FILE *file = fopen(test_path("log"), "a");

	CHECK(file != NULL);
	CHECK(fputs(text, file) >= 0);
	CHECK(fclose(file) == 0);
}

/* Frames of records, until there are so many. */
static void
pull(struct play *play, uint64_t records)
{
	int i = 0;

	while (backlog_records_ever(play->feed.backlog) < records) {
		(void)feed_pull(&play->feed, 1);
		if (++i == STEPS_MAX)
			test_fail(__FILE__, __LINE__, "not so many records");
	}
}

static bool
backlog_has(const struct play *play, const char *words)
{
	const struct backlog *backlog = play->feed.backlog;
	struct sse_slice bytes = backlog_read(backlog, backlog_tail(backlog));

	return memmem(bytes.data, bytes.size, words, strlen(words)) != NULL;
}

TEST(what_cannot_be_opened_yet_is_waited_for)
{
	static const struct {
		const char *kind; /* of what is there */
		bool waits;       /* before it has started */
		bool fails;
		bool is_volatile;
	} cases[] = {
	    {"nothing", false, true, false},
	    {"file", false, false, false},
	    {"pipe", false, false, true},
	    {"folder", true, true, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		begin(&play);
		if (strcmp(cases[i].kind, "file") == 0)
			write_log("one\n");
		else if (strcmp(cases[i].kind, "pipe") == 0) {
			CHECK(unlink(test_path("log")) == 0);
			CHECK(mkfifo(test_path("log"), 0600) == 0);
		} else if (strcmp(cases[i].kind, "folder") == 0) {
			CHECK(unlink(test_path("log")) == 0);
			CHECK(mkdir(test_path("log"), 0700) == 0);
		}
		make_feed(&play);
		CHECK(!feed_is_open(&play.feed));
		CHECK_EQUAL_INT(
		    feed_is_volatile(&play.feed), cases[i].is_volatile);
		CHECK_EQUAL_INT(open_feed(&play), 0);
		CHECK(feed_is_open(&play.feed));
		CHECK_EQUAL_INT(feed_waits(&play.feed) != 0, cases[i].waits);
		CHECK_EQUAL_INT(feed_error(&play.feed) != 0, cases[i].fails);
		CHECK_EQUAL_INT(
		    feed_is_volatile(&play.feed), cases[i].is_volatile);
		feed_done(&play.feed);
	}
}

/* It can tell two: the other would get a part of the lines each. */
TEST(a_pipe_that_another_one_reads_cannot_be_opened)
{
	struct play play, other;

	begin(&play);
	other = play;
	CHECK(mkfifo(test_path("log"), 0600) == 0);
	make_feed(&play);
	make_feed(&other);
	CHECK_EQUAL_INT(open_feed(&play), 0);
	CHECK_EQUAL_INT(open_feed(&other), RESULT_BUSY);
	CHECK(!feed_is_open(&other.feed));
	CHECK(other.feed.backlog == NULL);
	CHECK_EQUAL_INT(feed_error(&other.feed), RESULT_BUSY);
	feed_close(&play.feed);
	CHECK_EQUAL_INT(open_feed(&other), 0);
	feed_done(&other.feed);
	feed_done(&play.feed);
}

TEST(each_frame_is_in_the_backlog_and_counted)
{
	static const char want[] = "data: one\n\ndata: two\n\n";
	struct play play;
	const struct backlog *backlog;

	begin(&play);
	write_log("one\ntwo\n");
	make_feed(&play);
	CHECK_EQUAL_INT(open_feed(&play), 0);
	backlog = play.feed.backlog;
	pull(&play, 2);
	CHECK(!feed_pull(&play.feed, 1));
	CHECK_EQUAL_TEXT(backlog_read(backlog, backlog_tail(backlog)),
	    ((struct sse_slice){want, sizeof(want) - 1}));
	CHECK_EQUAL_INT(play.stats.frames, 2);
	CHECK_EQUAL_INT(play.stats.bytes, sizeof(want) - 1);
	write_log("three\n");
	pull(&play, 3);
	CHECK(backlog_has(&play, "data: three\n\n"));
	feed_done(&play.feed);
}

TEST(a_heartbeat_is_a_frame_without_an_id)
{
	struct play play;
	uint64_t before;
	struct sse_slice id;

	begin(&play);
	play.conf.ids = CONF_IDS_POSITION;
	write_log("one\n");
	make_feed(&play);
	CHECK_EQUAL_INT(open_feed(&play), 0);
	pull(&play, 1);
	before = backlog_head(play.feed.backlog);
	id = backlog_id_before(play.feed.backlog, before);
	CHECK(id.size > 0);
	CHECK(feed_beat(&play.feed));
	CHECK_EQUAL_TEXT(
	    backlog_read(play.feed.backlog, before), SLICE(SSE_HEARTBEAT));
	CHECK_EQUAL_TEXT(backlog_id_before(play.feed.backlog,
			     backlog_head(play.feed.backlog)),
	    id);
	CHECK_EQUAL_INT(backlog_records_ever(play.feed.backlog), 1);
	CHECK_EQUAL_INT(play.stats.bytes, backlog_head(play.feed.backlog));
	feed_done(&play.feed);
}

/* With the gap comes the id, and not before. */
TEST(a_client_begins_with_the_id_of_its_place)
{
	static const struct {
		enum conf_ids ids;
		enum gap_reason gap;
		bool has_id;
	} cases[] = {
	    {CONF_IDS_POSITION, GAP_NONE, true},
	    {CONF_IDS_POSITION, GAP_LIMIT, false},
	    {CONF_IDS_NONE, GAP_NONE, false},
	    {CONF_IDS_RECORD, GAP_NONE, false},
	};

	write_log("one\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct place place = {
		    .kind = PLACE_BACKLOG, .gap = cases[i].gap};
		struct sse_event first;
		struct play play;

		begin(&play);
		play.conf.ids = cases[i].ids;
		make_feed(&play);
		CHECK_EQUAL_INT(open_feed(&play), 0);
		pull(&play, 1);
		place.offset = backlog_head(play.feed.backlog);
		feed_first(&play.feed, &place, any(), &first);
		CHECK(first.has_retry);
		CHECK_EQUAL_INT(first.id.data != NULL, cases[i].has_id);
		if (cases[i].has_id)
			CHECK_EQUAL_TEXT(first.id,
			    backlog_id_before(play.feed.backlog, place.offset));
		feed_done(&play.feed);
	}
}

TEST(what_was_counted_outlives_what_is_open)
{
	struct play play;

	begin(&play);
	write_log("one\n");
	make_feed(&play);
	CHECK_EQUAL_INT(open_feed(&play), 0);
	pull(&play, 1);
	/* What was pulled can still be sent, and nothing more comes. */
	feed_stop(&play.feed);
	CHECK(!feed_is_open(&play.feed));
	CHECK(backlog_has(&play, "data: one\n\n"));
	feed_close(&play.feed);
	CHECK(play.feed.backlog == NULL);
	CHECK_EQUAL_INT(open_feed(&play), 0);
	pull(&play, 1);
	CHECK_EQUAL_INT(play.stats.frames, 2);
	feed_done(&play.feed);
}

/* In the log at once, or when it has lasted; and known in any case. */
TEST(a_look_says_whether_it_could_be_opened)
{
	struct play play;

	begin(&play);
	make_feed(&play);
	CHECK_EQUAL_INT(feed_error(&play.feed), 0);
	CHECK_EQUAL_INT(feed_look(&play.feed, true), -ENOENT);
	CHECK_EQUAL_INT(feed_error(&play.feed), -ENOENT);
	CHECK(!play.feed.judged);
	write_log("one\n");
	CHECK_EQUAL_INT(feed_look(&play.feed, true), 0);
	CHECK_EQUAL_INT(feed_error(&play.feed), 0);
	CHECK(!feed_is_open(&play.feed));
	feed_done(&play.feed);
}
