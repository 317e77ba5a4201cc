/*
 * journal_test.c - a journal as a source, over a fake of libsystemd.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal_source.h"

TEST(it_begins_with_the_newest)
{
	void *self = journal_newest(2);

	CHECK_GIVEN(self, "");
	write_all("a b c");
	CHECK_GIVEN(self, "a b c ");
	journal_ops.free(self);
	self = journal_newest(2);
	CHECK_GIVEN(self, "b c ");
	write_all("d");
	CHECK_GIVEN(self, "d ");
	journal_ops.free(self);
	self = journal_newest(0);
	CHECK_GIVEN(self, "");
	write_all("e");
	CHECK_GIVEN(self, "e ");
	journal_ops.free(self);
	self = journal_newest(SOURCE_RECORDS_ALL);
	CHECK_GIVEN(self, "a b c d e ");
	journal_ops.free(self);
	self = journal_newest(99);
	CHECK_GIVEN(self, "a b c d e ");
	journal_ops.free(self);
}

/* Each row: what is done behind an id at b, and what it gives then. */
TEST(it_resumes_behind_an_entry)
{
	char id[65];
	void *self;

	write_all("a b");
	self = journal_newest(0);
	journal_id(self, id);
	journal_ops.free(self);
	write_all("c d");
	self = journal_behind(id);
	CHECK(!journal_ops.owes_gap(self));
	CHECK_GIVEN(self, "c d ");
	journal_ops.free(self);
	/* It is the last one that went: nothing is missing. */
	fake_journal_vacuum(2);
	self = journal_behind(id);
	CHECK_GIVEN(self, "c d ");
	journal_ops.free(self);
	fake_journal_vacuum(1);
	self = journal_behind(id);
	CHECK(journal_ops.owes_gap(self));
	CHECK_GIVEN(self, "(rotated 1) d ");
	journal_ops.free(self);
}

TEST(where_a_gap_begins_is_a_position_too)
{
	struct source_item item;
	char id[65];
	void *self;

	write_all("a b");
	self = journal_newest(0);
	journal_id(self, id);
	journal_ops.free(self);
	write_all("c d e");
	fake_journal_vacuum(3);
	self = journal_behind(id);
	CHECK_EQUAL_INT(journal_ops.next(self, &item), 1);
	CHECK(item.kind == SOURCE_GAP && item.skipped == 1);
	journal_id(self, id);
	journal_ops.free(self);
	self = journal_behind(id);
	CHECK_GIVEN(self, "d e ");
	journal_ops.free(self);
	fake_journal_vacuum(1);
	self = journal_behind(id);
	CHECK_GIVEN(self, "(rotated 1) e ");
	journal_ops.free(self);
}

TEST(what_is_another_entry_is_told)
{
	char id[65];
	void *self;

	write_all("a b c");
	self = journal_newest(0);
	journal_id(self, id);
	journal_ops.free(self);
	fake_journal_lose(1);
	self = journal_behind(id);
	CHECK_GIVEN(self, "(truncated) ");
	write_all("d");
	CHECK_GIVEN(self, "d ");
	journal_ops.free(self);
	/* The number is taken anew. */
	self = journal_behind(id);
	CHECK_GIVEN(self, "(truncated) d ");
	journal_ops.free(self);
	fake_journal_new_sequence();
	fake_journal_vacuum(99);
	write_all("e");
	self = journal_behind(id);
	CHECK_GIVEN(self, "(truncated) e ");
	journal_ops.free(self);
}

/* Time and content are the same, though sequence and number are not. */
TEST(a_copy_proves_a_position)
{
	char id[65];
	void *self;

	write_all("a b c");
	self = journal_newest(1);
	journal_id(self, id);
	journal_ops.free(self);
	fake_journal_copy();
	self = journal_behind(id);
	CHECK_GIVEN(self, "c ");
	journal_ops.free(self);
}

/* Of several of the same microsecond the right one. */
TEST(entries_of_one_time_are_told_apart)
{
	char ids[3][65];
	void *self;

	write_all("a b");
	fake_journal_same_time();
	for (int i = 0; i < 2; i++) {
		self = journal_newest((uint64_t)(1 - i));
		journal_id(self, ids[i]);
		journal_ops.free(self);
	}
	write_all("c");
	fake_journal_copy();
	self = journal_behind(ids[0]);
	CHECK_GIVEN(self, "b c ");
	journal_ops.free(self);
	self = journal_behind(ids[1]);
	CHECK_GIVEN(self, "c ");
	journal_ops.free(self);
}

TEST(what_is_no_id_of_ours_begins_elsewhere)
{
	static const char *const ids[] = {"x", "0", "AAAAAAAAAB-7",
	    "1.AAAAAAAA-1", "1.AAAAAAAA-1-AAAAAAAAAA ",
	    "-1.AAAAAAAA-1-AAAAAAAAAA", "1y2p0ij32e8e8.AAAAAAAA-1-AAAAAAAAAA"};
	void *self;

	write_all("a b c d");
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		self = journal_behind(ids[i]);
		CHECK_GIVEN(self, "(unknown) c d ");
		journal_ops.free(self);
	}
}

/* Each is of the form, and none is an entry of this journal. */
TEST(forged_ids_are_told_and_give_nothing_twice)
{
	const struct {
		const char *id, *given;
	} cases[] = {
	    {"1y2p0ij32e8e7.________-9223372036854775807-__________",
		"(truncated) "},
	    {"0.________-9223372036854775807-__________", "(truncated) a b "},
	    {"0.AAAAAAAA-1-AAAAAAAAAB", "(truncated) a b "},
	    {"0.AAAAAAAA-0-AAAAAAAAAA", "a b "},
	    {"0.AAAAAAAA-9223372036854775807-AAAAAAAAAA", "(truncated) a b "},
	};
	void *self;

	write_all("a b");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		self = journal_behind(cases[i].id);
		CHECK_GIVEN(self, cases[i].given);
		write_all("c");
		CHECK_GIVEN(self, "c ");
		journal_ops.free(self);
		fake_journal_lose(1);
	}
}

TEST(an_empty_journal_is_a_position)
{
	char id[65];
	void *self = journal_newest(1);

	journal_id(self, id);
	CHECK_GIVEN(self, "");
	journal_ops.free(self);
	self = journal_behind(id);
	CHECK_GIVEN(self, "");
	write_all("a b");
	CHECK_GIVEN(self, "a b ");
	journal_ops.free(self);
	self = journal_behind(id);
	CHECK_GIVEN(self, "a b ");
	journal_ops.free(self);
	fake_journal_vacuum(1);
	self = journal_behind(id);
	CHECK_GIVEN(self, "(rotated) b ");
	journal_ops.free(self);
}

/* What a client had is gone with all the rest: it is judged by what comes. */
TEST(a_position_outlives_an_empty_journal)
{
	char id[65];
	void *self;

	write_all("a b");
	self = journal_newest(1);
	journal_id(self, id);
	journal_ops.free(self);
	fake_journal_vacuum(2);
	self = journal_behind(id);
	CHECK_GIVEN(self, "");
	write_all("c");
	CHECK_GIVEN(self, "(rotated 1) c ");
	journal_ops.free(self);
}

TEST(what_goes_unread_is_counted)
{
	void *self;

	write_all("a");
	self = journal_newest(1);
	CHECK_GIVEN(self, "a ");
	write_all("b c d");
	fake_journal_vacuum(3);
	CHECK_GIVEN(self, "(rotated 2) d ");
	journal_ops.free(self);
}

/* A file is only seen with its notice, and another one has later entries. */
TEST(a_new_file_is_no_hole)
{
	void *self;

	write_all("a");
	self = journal_newest(1);
	CHECK_GIVEN(self, "a ");
	for (int i = 0; i < 5; i++) {
		fake_journal_rotate();
		write_all("b");
		fake_journal_rotate();
		write_all("c d");
		CHECK_GIVEN(self, "b c d ");
	}
	journal_ops.free(self);
}

TEST(it_begins_at_a_time)
{
	struct source_options options = journal_options();
	struct source_start start = {.has_time = true, .records = 1};
	const struct {
		int64_t time_ms;
		const char *given;
	} cases[] = {
	    {-5, "a b c "},
	    {0, "a b c "},
	    {1700000000002, "b c "},
	    {1700000000003, "c "},
	    {1700000000004, ""},
	    {INT64_MAX / 1000, ""},
	};
	void *self;

	write_all("a b c");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start.time_ms = cases[i].time_ms;
		self = journal_start_at(&options, &start);
		CHECK_GIVEN(self, cases[i].given);
		journal_ops.free(self);
	}
}

TEST(a_replay_has_a_limit)
{
	struct source_options options = journal_options();
	char id[65];
	struct source_start start = {.id = {id, 0}, .records = 9};
	const struct {
		uint64_t size;
		const char *given;
	} cases[] = {
	    {0, "(limit 3) "},
	    {1, "(limit 3) "},
	    {2, "(limit 2) d "},
	    {5, "(limit 1) c d "},
	    {6, "b c d "},
	};
	void *self;

	write_all("a");
	self = journal_newest(0);
	journal_id(self, id);
	journal_ops.free(self);
	start.id = sse_slice(id);
	write_all("b c d");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		options.replay_size = cases[i].size;
		self = journal_start_at(&options, &start);
		CHECK_GIVEN(self, cases[i].given);
		journal_ops.free(self);
	}
}

/* Who wants all is told, and who wants so many of the newest is not. */
TEST(a_replay_of_all_has_a_limit)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = SOURCE_RECORDS_ALL};
	void *self;

	write_all("- a b c");
	fake_journal_vacuum(1);
	options.replay_size = 3;
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "(limit 2) c ");
	journal_ops.free(self);
	start.records = 2;
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "c ");
	journal_ops.free(self);
	options.replay_size = 6;
	start.records = SOURCE_RECORDS_ALL;
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "a b c ");
	journal_ops.free(self);
	options.match = "KIND=x";
	options.replay_size = 3;
	(void)fake_journal_write_with("d", SLICE("KIND=x"));
	(void)fake_journal_write_with("e", SLICE("KIND=x"));
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "(limit) e ");
	journal_ops.free(self);
	options.match = "";
	fake_journal_strange_cursors(true);
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "(limit) e ");
	journal_ops.free(self);
}

/* A sequence of zeros begins again: its numbers tell nothing. */
TEST(what_is_over_the_limit_is_not_counted_without_a_sequence)
{
	struct source_options options = journal_options();
	char id[65];
	struct source_start start = {.id = {id, 0}};
	void *self;

	fake_journal_no_sequence();
	write_all("a b c d e");
	self = journal_newest(0);
	journal_id(self, id);
	journal_ops.free(self);
	start.id = sse_slice(id);
	fake_journal_new_sequence();
	fake_journal_no_sequence();
	write_all("f g h");
	options.replay_size = 2;
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "(limit) h ");
	journal_ops.free(self);
}

TEST(without_follow_it_ends_where_it_ended)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 1};
	char id[65];
	void *self;

	options.follow = false;
	write_all("a b");
	self = journal_start_at(&options, &start);
	write_all("c");
	CHECK(!journal_ops.is_done(self));
	CHECK_GIVEN(self, "b end ");
	journal_ops.free(self);
	self = journal_newest(0);
	journal_id(self, id);
	journal_ops.free(self);
	start.id = sse_slice(id);
	self = journal_start_at(&options, &start);
	CHECK(journal_ops.is_done(self));
	journal_ops.free(self);
	fake_journal_vacuum(9);
	self = journal_start_at(&options, &start);
	CHECK(journal_ops.is_missing(self));
	journal_ops.free(self);
}

/* Their number is not that of the records. */
TEST(matches_are_not_counted)
{
	struct source_options options = journal_options();
	char id[65];
	struct source_start start = {.records = 9};
	void *self;

	options.match = "KIND=x";
	(void)fake_journal_write_with("a", SLICE("KIND=x"));
	(void)fake_journal_write_with("b", SLICE("KIND=y"));
	(void)fake_journal_write_with("c", SLICE("KIND=x"));
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "a c ");
	journal_id(self, id);
	journal_ops.free(self);
	start.id = sse_slice(id);
	/* One that does not match proves as well. */
	(void)fake_journal_write_with("d", SLICE("KIND=y"));
	(void)fake_journal_write_with("e", SLICE("KIND=x"));
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "e ");
	journal_ops.free(self);
	fake_journal_vacuum(4);
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "(rotated) e ");
	journal_ops.free(self);
}

/* Nobody knows how many of them would have matched. */
TEST(with_matches_what_goes_unread_is_told)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 9};
	void *self;

	options.match = "KIND=x";
	(void)fake_journal_write_with("a", SLICE("KIND=x"));
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "a ");
	/* The first that went is the one that was read. */
	(void)fake_journal_write_with("b", SLICE("KIND=x"));
	fake_journal_vacuum(1);
	CHECK_GIVEN(self, "b ");
	(void)fake_journal_write_with("c", SLICE("KIND=y"));
	(void)fake_journal_write_with("d", SLICE("KIND=x"));
	fake_journal_vacuum(2);
	CHECK_GIVEN(self, "(rotated) d ");
	/* All is gone, and so it is judged by what comes. */
	fake_journal_vacuum(1);
	CHECK_GIVEN(self, "");
	(void)fake_journal_write_with("e", SLICE("KIND=y"));
	(void)fake_journal_write_with("f", SLICE("KIND=x"));
	CHECK_GIVEN(self, "f ");
	journal_ops.free(self);
}

/* Entries in their order: "a" of nobody, "1" of a user, each with its files. */
static void
write_mixed(const char *messages)
{
	for (; *messages != '\0'; messages++) {
		const char message[2] = {*messages, '\0'};
		bool is_user = *messages <= '9';

		fake_journal_user(is_user);
		(void)fake_journal_write(message);
	}
	fake_journal_user(0);
}

/* Each row: what is there, of that removed, and what a client at a or 1 gets.
 */
TEST(files_of_users_share_the_counter)
{
	static const struct {
		const char *before, *behind;
		size_t removed;
		const char *given;
	} cases[] = {
	    {"a", "1b2", 0, "1 b 2 "},
	    {"1", "ab2", 0, "a b 2 "},
	    {"a", "1bc", 1, "1 b c "},
	    {"a", "1b2c", 2, "(rotated 1) b 2 c "},
	    {"a", "b12c", 2, "(rotated 1) 1 2 c "},
	    {"a", "b12c3", 3, "(rotated 2) 2 c 3 "},
	    {"1", "2ab3", 2, "(rotated 1) a b 3 "},
	    {"1", "ab23c", 3, "(rotated 2) 2 3 c "},
	    /* Nothing is left of its sequence: nobody knows. */
	    {"1", "abc", 2, "(truncated) b c "},
	    {"a", "12", 1, "(truncated) 1 2 "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char id[65];
		void *self;

		write_mixed(cases[i].before);
		self = journal_newest(0);
		journal_id(self, id);
		journal_ops.free(self);
		write_mixed(cases[i].behind);
		fake_journal_vacuum(cases[i].removed);
		self = journal_behind(id);
		CHECK_GIVEN(self, cases[i].given);
		journal_ops.free(self);
		fake_journal_vacuum(99);
	}
}

/* Where one has gone on where another was, a hole between both is one. */
TEST(what_goes_unread_in_files_of_users_is_counted)
{
	void *self;

	write_mixed("a");
	self = journal_newest(1);
	CHECK_GIVEN(self, "a ");
	write_mixed("1b2");
	CHECK_GIVEN(self, "1 b 2 ");
	write_mixed("3cd4e");
	fake_journal_vacuum(7);
	CHECK_GIVEN(self, "(rotated 3) 4 e ");
	write_mixed("f5");
	fake_journal_vacuum(3);
	CHECK_GIVEN(self, "(rotated 1) 5 ");
	/* Another counter has begun: its numbers tell nothing of the other. */
	fake_journal_new_sequence();
	write_mixed("g");
	CHECK_GIVEN(self, "g ");
	journal_ops.free(self);
}

/* Numbers of a sequence of zeros are of any journal: content alone proves. */
TEST(without_a_sequence_content_proves)
{
	char id[65];
	void *self;

	write_all("a");
	self = journal_newest(1);
	CHECK_GIVEN(self, "a ");
	fake_journal_no_sequence();
	write_all("b c");
	CHECK_GIVEN(self, "b c ");
	journal_id(self, id);
	CHECK(id[0] != '\0');
	journal_ops.free(self);
	write_all("d e");
	self = journal_behind(id);
	CHECK_GIVEN(self, "d e ");
	journal_ops.free(self);
	fake_journal_vacuum(4);
	self = journal_behind(id);
	CHECK_GIVEN(self, "(truncated) e ");
	journal_ops.free(self);
}

/* Each row: how many looks meet a file that was cut. */
TEST(a_file_that_is_cut_ends_nothing)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 9};

	options.match = "KIND=x";
	(void)fake_journal_write_with("-", SLICE("KIND=x"));
	for (unsigned cuts = 1; cuts < 6; cuts++) {
		char given[GIVEN_SIZE_MAX];
		void *counted = journal_newest(0);
		void *matched = journal_start_at(&options, &start);

		(void)journal_given(matched);
		(void)fake_journal_write_with("a", SLICE("KIND=x"));
		fake_journal_cut(cuts);
		given[0] = '\0';
		while (strstr(given, "a ") == NULL)
			strcat(given, journal_given(counted));
		CHECK_EQUAL_TEXT(sse_slice(given), SLICE("a "));
		fake_journal_cut(cuts);
		given[0] = '\0';
		while (strstr(given, "a ") == NULL)
			strcat(given, journal_given(matched));
		CHECK_EQUAL_TEXT(sse_slice(given), SLICE("(truncated) a "));
		journal_ops.free(counted);
		journal_ops.free(matched);
	}
}

/* That is told, and tried again by and by. */
TEST(while_a_file_is_cut_it_says_so)
{
	struct source_item item;
	struct source_poll poll;
	void *self = journal_newest(0);

	write_all("a");
	fake_journal_cut(1);
	CHECK_EQUAL_INT(journal_ops.next(self, &item), 0);
	poll = journal_ops.poll(self);
	CHECK_EQUAL_INT(poll.error, -EIO);
	CHECK_EQUAL_INT(poll.timeout_ms, SOURCE_RETRY_MS);
	CHECK_GIVEN(self, "a ");
	poll = journal_ops.poll(self);
	CHECK_EQUAL_INT(poll.error, 0);
	journal_ops.free(self);
}

/* Each row: how many entries were there, and what comes behind the clock. */
TEST(a_clock_that_goes_back_loses_nothing)
{
	for (unsigned back = 0; back < 4; back++) {
		char id[65];
		void *self;

		write_all("a b c");
		self = journal_newest(0);
		journal_id(self, id);
		fake_journal_set_back(back);
		/* Of the next boot, too. */
		fake_journal_rotate();
		write_all("d e");
		CHECK_GIVEN(self, "d e ");
		journal_ops.free(self);
		self = journal_behind(id);
		CHECK_GIVEN(self, "d e ");
		journal_id(self, id);
		journal_ops.free(self);
		write_all("f");
		self = journal_behind(id);
		CHECK_GIVEN(self, "f ");
		journal_ops.free(self);
	}
}

static int64_t clock_ms = 1;

static int64_t
read_clock(void *context)
{
	(void)context;
	return clock_ms;
}

/* libsystemd says nothing where there are no more watches to have. */
TEST(without_a_watch_new_files_are_seen_in_time)
{
	static const struct sse_clock clock = {.monotonic_ms = read_clock};
	struct source_options options = journal_options();
	struct source_start start = {.records = 1};
	void *self;

	options.clock = &clock;
	fake_journal_unwatched(true);
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "");
	for (int i = 0; i < 3; i++) {
		fake_journal_rotate();
		write_all("a b");
		CHECK_GIVEN(self, "");
		/* Also where it waits for notices alone. */
		CHECK_EQUAL_INT(journal_ops.poll(self).timeout_ms, 10000);
		clock_ms += 10000;
		CHECK_GIVEN(self, "a b ");
		/* In a file that is open it is there at once. */
		write_all("c");
		CHECK_GIVEN(self, "c ");
	}
	journal_ops.free(self);
}

/* A turn so long after the one before: how often it takes notices. */
static unsigned
notices_taken(void *self, int64_t after_ms, const char *given)
{
	unsigned before = fake_journal_processed();

	clock_ms += after_ms;
	CHECK_GIVEN(self, given);
	return fake_journal_processed() - before;
}

/* Its time has come, and nothing has woken it: that costs no system call. */
TEST(a_look_without_news_takes_no_notices)
{
	static const struct sse_clock clock = {.monotonic_ms = read_clock};
	struct source_options options = journal_options();
	struct source_start start = {.records = 1};
	void *self;

	options.clock = &clock;
	options.journal_poll_ms = 100;
	write_all("a");
	self = journal_start_at(&options, &start);
	(void)notices_taken(self, 0, "a ");
	(void)notices_taken(self, 0, "");
	for (int i = 1; i < 10; i++)
		CHECK_EQUAL_INT(notices_taken(self, 100, ""), 0);
	CHECK_EQUAL_INT(notices_taken(self, 100, ""), 1);
	CHECK_EQUAL_INT(notices_taken(self, 3, ""), 1);
	write_all("b");
	CHECK_EQUAL_INT(notices_taken(self, 100, "b "), 1);
	/* Its descriptor, which is ready, wakes it once more. */
	fake_journal_rotate();
	write_all("c");
	CHECK_EQUAL_INT(notices_taken(self, 100, ""), 0);
	CHECK(notices_taken(self, 0, "c ") > 0);
	/* Before what may not be the next one they are taken in any case. */
	write_all("d e");
	fake_journal_vacuum(4);
	CHECK(notices_taken(self, 100, "(rotated 1) e ") > 0);
	journal_ops.free(self);
}

/* It is cut, and that is told. */
TEST(a_message_may_be_as_long_as_it_likes)
{
	enum {
		SIZE = 10 << 20,
		RECORD_SIZE = 4096
	};
	char *message = malloc(SIZE + 1);
	struct source_item item;
	void *self;

	CHECK(message != NULL);
	memset(message, 'x', SIZE);
	message[SIZE] = '\0';
	(void)fake_journal_write(message);
	free(message);
	self = journal_newest(1);
	CHECK_EQUAL_INT(journal_ops.next(self, &item), 1);
	CHECK_EQUAL_INT(item.record.text.size, RECORD_SIZE);
	CHECK_EQUAL_INT(item.record.left_out, SIZE - RECORD_SIZE);
	journal_ops.free(self);
}

static void
check_joins(void *reader, const void *leader, const char *given)
{
	journal_ops.follow(reader, leader);
	CHECK_GIVEN(reader, given);
	journal_ops.follow(reader, leader);
	CHECK(journal_ops.meets(reader));
}

TEST(a_reader_joins_its_leader)
{
	void *leader, *reader;

	write_all("a b c d");
	leader = journal_newest(1);
	reader = journal_newest(3);
	/* The leader has not read d. */
	check_joins(reader, leader, "b c ");
	CHECK_GIVEN(leader, "d ");
	check_joins(reader, leader, "d ");
	journal_ops.free(reader);
	write_all("e");
	reader = journal_newest(0);
	/* It begins where the leader has not been yet. */
	journal_ops.follow(reader, leader);
	CHECK_GIVEN(reader, "");
	CHECK(!journal_ops.meets(reader));
	CHECK_GIVEN(leader, "e ");
	check_joins(reader, leader, "");
	journal_ops.free(reader);
	journal_ops.free(leader);
}

/* A source that could not be started yet is nothing that leads. */
TEST(it_needs_no_leader_that_has_not_started)
{
	struct source_options options = journal_options();
	void *reader;

	options.match = "KIND=x";
	(void)fake_journal_write_with("a", SLICE("KIND=x"));
	reader =
	    journal_start_at(&options, &(struct source_start){.records = 1});
	journal_ops.follow(reader, NULL);
	CHECK(!journal_ops.meets(reader));
	CHECK_GIVEN(reader, "a ");
	journal_ops.free(reader);
}

/* The leader has passed over what does not match. */
TEST(with_matches_it_joins_too)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 5};
	void *leader, *reader;

	options.match = "KIND=x";
	(void)fake_journal_write_with("a", SLICE("KIND=x"));
	leader = journal_start_at(&options, &start);
	CHECK_GIVEN(leader, "a ");
	(void)fake_journal_write_with("b", SLICE("KIND=x"));
	(void)fake_journal_write_with("c", SLICE("KIND=y"));
	CHECK_GIVEN(leader, "b ");
	journal_ops.free(leader);
	start.records = 0;
	leader = journal_start_at(&options, &start);
	CHECK_GIVEN(leader, "");
	start.records = 5;
	reader = journal_start_at(&options, &start);
	check_joins(reader, leader, "a b mark ");
	(void)fake_journal_write_with("d", SLICE("KIND=x"));
	CHECK_GIVEN(leader, "d ");
	check_joins(reader, leader, "d ");
	journal_ops.free(reader);
	journal_ops.free(leader);
}

TEST(both_wait_for_the_first_entry)
{
	void *leader = journal_newest(1), *reader = journal_newest(5);

	check_joins(reader, leader, "");
	write_all("a");
	CHECK_GIVEN(reader, "");
	CHECK_GIVEN(leader, "a ");
	check_joins(reader, leader, "a ");
	journal_ops.free(reader);
	journal_ops.free(leader);
}

TEST(a_field_is_the_record)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 9};
	void *self;

	(void)fake_journal_write_with("m", SLICE("A=1"));
	(void)fake_journal_write_with(NULL, SLICE("A=2"));
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "m  ");
	journal_ops.free(self);
	options.field = "A";
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "1 2 ");
	journal_ops.free(self);
	options.field = "*";
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self,
	    "{\"__REALTIME_TIMESTAMP\":\"1700000000001000\","
	    "\"__MONOTONIC_TIMESTAMP\":\"2\",\"MESSAGE\":\"m\",\"A\":\"1\"}"
	    " {\"__REALTIME_TIMESTAMP\":\"1700000000002000\","
	    "\"__MONOTONIC_TIMESTAMP\":\"2\",\"A\":\"2\"} ");
	journal_ops.free(self);
}

/* As journalctl shows it. */
TEST(the_text_has_a_time_and_a_name)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 9};
	void *self;

	setenv("TZ", "UTC", 1);
	options.field = "text";
	(void)fake_journal_write_with("m1\nm2", SLICE("SYSLOG_IDENTIFIER=ab"));
	(void)fake_journal_write_with("n", SLICE("_PID=12"));
	(void)fake_journal_write_with(NULL, SLICE("_HOSTNAME=h"));
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "2023-11-14T22:13:20+0000 ab: m1\n"
			  "                             m2 "
			  "2023-11-14T22:13:20+0000 unknown[12]: n "
			  "2023-11-14T22:13:20+0000 h unknown:  ");
	journal_ops.free(self);
}

/* They are given, and nobody can come back to them. */
TEST(entries_of_another_form_have_no_ids)
{
	struct source_item item;
	void *self;

	fake_journal_strange_cursors(true);
	write_all("a b");
	self = journal_newest(1);
	CHECK(journal_ops.poll(self).remark == NULL);
	CHECK_EQUAL_INT(journal_ops.next(self, &item), 1);
	CHECK(item.kind == SOURCE_RECORD && !item.has_position);
	CHECK(strstr(journal_ops.poll(self).remark, "no ids") != NULL);
	CHECK_GIVEN(self, "");
	write_all("c");
	CHECK_EQUAL_INT(journal_ops.next(self, &item), 1);
	CHECK(item.kind == SOURCE_RECORD && !item.has_position);
	journal_ops.free(self);
}

/* Nobody can look for where they are: so nothing is passed over. */
TEST(entries_of_another_form_come_once)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 2};
	void *self;

	options.match = "KIND=x";
	fake_journal_strange_cursors(true);
	(void)fake_journal_write_with("a", SLICE("KIND=x"));
	(void)fake_journal_write_with("b", SLICE("KIND=x"));
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "a b ");
	(void)fake_journal_write_with("c", SLICE("KIND=y"));
	CHECK_GIVEN(self, "");
	(void)fake_journal_write_with("d", SLICE("KIND=x"));
	CHECK_GIVEN(self, "d ");
	journal_ops.free(self);
}

/* A match finds what is not there where its place is looked for. */
TEST(what_is_found_may_be_nowhere)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 1};
	void *self;

	options.match = "KIND=x";
	(void)fake_journal_write_with("a", SLICE("KIND=x"));
	self = journal_start_at(&options, &start);
	CHECK_GIVEN(self, "a ");
	fake_journal_rotate();
	(void)fake_journal_write_with("b", SLICE("KIND=x"));
	fake_journal_vacuum(1);
	fake_journal_damage(true);
	CHECK_GIVEN(self, "");
	CHECK(journal_ops.has_given_all(self));
	fake_journal_damage(false);
	CHECK_GIVEN(self, "b ");
	journal_ops.free(self);
}

/* What was put aside to pass over the others is set again. */
TEST(matches_outlive_an_empty_journal)
{
	struct source_options options = journal_options();
	struct source_start start = {.records = 1};
	void *self;

	options.match = "KIND=x";
	(void)fake_journal_write_with("a", SLICE("KIND=x"));
	self = journal_start_at(&options, &start);
	fake_journal_vacuum(1);
	CHECK_GIVEN(self, "");
	(void)fake_journal_write_with("b", SLICE("KIND=y"));
	(void)fake_journal_write_with("c", SLICE("KIND=x"));
	CHECK_GIVEN(self, "(rotated) c ");
	journal_ops.free(self);
}

/* Whichever call it is: nothing is lost. */
TEST(without_memory_it_is_tried_again)
{
	struct source_item item;

	write_all("a b c");
	for (unsigned call = 1; call < 20; call++) {
		struct source_options options = journal_options();
		char text[4200], given[GIVEN_SIZE_MAX] = "";
		void *self;
		int got;

		(void)snprintf(
		    text, sizeof(text), "journal:%s", test_directory());
		CHECK_EQUAL_INT(journal_ops.new(text, &options, &self), 0);
		got = journal_ops.start(
		    self, &(struct source_start){.records = 2});
		fake_journal_fail_at(call);
		while (got == RESULT_PARTIAL || got == -ENOMEM)
			got = journal_ops.step(self);
		while (got != 0 || given[0] == '\0') {
			got = journal_ops.next(self, &item);
			CHECK(got == 1 || got == 0 || got == -ENOMEM);
			if (got == 1)
				add_item(&item, given);
		}
		CHECK_EQUAL_TEXT(sse_slice(given), SLICE("b c "));
		fake_journal_fail_at(0);
		journal_ops.free(self);
	}
}

/* Some matches were set then: what is looked up without them does not see. */
TEST(without_memory_no_part_of_the_matches_stays)
{
	for (unsigned call = 1; call < 10; call++) {
		struct source_options options = journal_options();
		struct source_item item;
		char given[GIVEN_SIZE_MAX] = "";
		void *self;
		int got;

		options.match = "KIND=x KIND=y";
		self = journal_start_at(
		    &options, &(struct source_start){
				  .id = SLICE("0.AAAAAAAA-0-AAAAAAAAAA")});
		(void)fake_journal_write_with("-", SLICE("KIND=z"));
		(void)fake_journal_write_with("a", SLICE("KIND=x"));
		fake_journal_fail_at(call);
		for (int i = 0; i < 10; i++) {
			got = journal_ops.next(self, &item);
			if (got == 1)
				add_item(&item, given);
		}
		CHECK_EQUAL_TEXT(sse_slice(given), SLICE("a "));
		fake_journal_fail_at(0);
		journal_ops.free(self);
		fake_journal_vacuum(2);
		fake_journal_new_sequence();
	}
}

/* It is opened anew in vain, and what it had open is still there. */
TEST(a_folder_that_goes_is_waited_for)
{
	static const struct sse_clock clock = {.monotonic_ms = read_clock};
	struct source_options options = journal_options();
	char text[4300], folder[4200], away[4300];
	void *self;

	options.clock = &clock;
	options.match = "KIND=x";
	(void)snprintf(folder, sizeof(folder), "%s/log", test_directory());
	(void)snprintf(away, sizeof(away), "%s.away", folder);
	(void)snprintf(text, sizeof(text), "journal:%s", folder);
	CHECK_EQUAL_INT(mkdir(folder, 0700), 0);
	(void)fake_journal_write_with("a", SLICE("KIND=x"));
	CHECK_EQUAL_INT(journal_ops.new(text, &options, &self), 0);
	CHECK_EQUAL_INT(
	    journal_ops.start(self, &(struct source_start){.records = 0}), 0);
	CHECK_GIVEN(self, "");
	CHECK_EQUAL_INT(rename(folder, away), 0);
	for (int i = 0; i < 3; i++) {
		clock_ms += 10000;
		(void)journal_given(self);
		(void)fake_journal_write_with("b", SLICE("KIND=x"));
		CHECK_GIVEN(self, "b ");
	}
	CHECK_EQUAL_INT(rename(away, folder), 0);
	clock_ms += 10000;
	(void)fake_journal_write_with("c", SLICE("KIND=x"));
	CHECK_GIVEN(self, "c ");
	journal_ops.free(self);
}

TEST(a_folder_that_is_missing_is_an_error)
{
	struct source_options options = journal_options();
	void *self;

	CHECK_EQUAL_INT(
	    journal_ops.new("journal:/nowhere/at/all", &options, &self), 0);
	CHECK_EQUAL_INT(
	    journal_ops.start(self, &(struct source_start){.records = 1}),
	    -ENOENT);
	journal_ops.free(self);
}
