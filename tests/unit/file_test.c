/*
 * What a reader of a log gets, through everything that happens to the log: most
 * of it as the sequences of log_sequence.h, the rest where that has no words.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log_sequence.h"
#include "source/judge.h"

/* A file that the disk does not give back. */
static uint64_t broken_inode;

ssize_t __real_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);
ssize_t __wrap_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);

ssize_t
__wrap_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset)
{
	struct sse_file_stat stat;

	if (sse_fd_stat(fd, &stat) == 0 && stat.inode == broken_inode)
		return -EIO;
	return __real_sse_fd_pread(fd, bytes, size, offset);
}

ssize_t __real_sse_fd_pread_all(
    int fd, void *bytes, size_t size, uint64_t offset);
ssize_t __wrap_sse_fd_pread_all(
    int fd, void *bytes, size_t size, uint64_t offset);

ssize_t
__wrap_sse_fd_pread_all(int fd, void *bytes, size_t size, uint64_t offset)
{
	struct sse_file_stat stat;

	if (sse_fd_stat(fd, &stat) == 0 && stat.inode == broken_inode)
		return -EIO;
	return __real_sse_fd_pread_all(fd, bytes, size, offset);
}

static uint64_t
inode_of(const char *name)
{
	struct sse_file_stat stat;

	CHECK_EQUAL_INT(sse_path_stat(test_path(name), &stat), 0);
	return stat.inode;
}

/* ------------------------------------------------------------- starting -- */

SEQUENCE(begins_with_all_or_with_the_newest, "add log a/b/c/; come; got a b c; "
					     "leave; come 2; got b c; "
					     "leave; come 0; got; "
					     "add log d/; got d")

/* ------------------------------ the newest records, over generations -- */

SEQUENCE(the_newest_records_reach_into_older_generations,
    "add log.3 a/b/; add log.2 c/; add log.1 d/e/f/; add log g/; tick; "
    "newest a b c d e f g")

SEQUENCE(an_empty_log_has_the_newest_records_of_the_one_before,
    "add log.2 a/b/; add log.1; add log; tick; newest a b; come 1; got b; "
    "add log c/; got c; "
    "add log.2 late/; add log d/; got (late) d; "
    "move log.1 log.3; move log log.1; add log e/; got e")

SEQUENCE(what_an_older_generation_ends_with_is_a_record,
    "add log.1 a/b; add log c/; tick; newest a b c")

TEST(the_newest_records_are_at_most_replay)
{
	struct reader reader;

	append("log.1", "aa\nbb\n");
	append("log", "cc\n");
	for (uint64_t size = 0; size < 11; size++) {
		options.replay_size = size;
		come(&reader, 9);
		CHECK_GOT(&reader, last_words("aa bb cc ", (size_t)size / 3));
		leave(&reader);
	}
	options.replay_size = UINT64_MAX;
}

SEQUENCE(a_generation_that_cannot_be_read_ends_the_newest_records,
    "add log.3 a/; add log.2.gz; add log.1 b/; add log c/; tick; "
    "newest b c")

TEST(what_is_being_copied_is_there_once)
{
	struct reader reader;

	append("log.2", "a\n");
	append("log", "b\nc\n");
	next_tick();
	copy("log", "log.1");
	for (size_t wanted = 1; wanted < 5; wanted++) {
		come(&reader, wanted);
		CHECK_GOT(&reader, last_words("a b c ", wanted));
		leave(&reader);
	}
	/* Now it is what was before. */
	empty("log");
	append("log", "d\n");
	come(&reader, 9);
	CHECK_GOT(&reader, "a b c d ");
	append("log", "e\n");
	CHECK_GOT(&reader, "e ");
	leave(&reader);
}

/* As to who has come from there: the writer may not know of the new log yet. */
SEQUENCE(a_late_line_behind_the_newest_records_is_given,
    "add log.2 a/; add log.1 b/hal; add log c/d/; tick; come 1; got d; "
    /* Of a line whose beginning was not sent the end is not, either. */
    "add log.1 f/late/; got (late); "
    "add log.2 older/; add log e/; got (older) e; "
    "leave; come 0; add log.1 later/; got (later)")

SEQUENCE(a_late_line_before_the_newest_records_is_told_to_who_comes_back,
    "add log.2 a/; add log.1 b/c/; add log d/; tick; come 2; take; away; "
    "add log.2 late/; back; got c <late>d")

SEQUENCE(a_record_is_given_when_its_delimiter_is_there,
    "add log a/hal; come 0; got; "
    "add log f; got; "
    "add log /b/; got half b")

#define BOM "\xef\xbb\xbf"

/* A file begins with it, and so does the next one; ids count it. */
TEST(a_byte_order_mark_begins_a_file_and_no_record)
{
	struct reader reader;

	append("log", BOM "a\nb\n");
	for (uint64_t records = 1; records < 4; records++) {
		come(&reader, records);
		CHECK_EQUAL_INT(packed_offset(file_position(reader.file)),
		    records == 1 ? 5 : 0);
		CHECK_GOT(&reader, records == 1 ? "b " : "a b ");
		CHECK_EQUAL_INT(packed_offset(file_position(reader.file)), 7);
		leave(&reader);
	}
	come(&reader, 1);
	CHECK_GOT(&reader, "b ");
	move("log", "log.1");
	append("log", BOM);
	CHECK_GOT(&reader, "");
	append("log", "c\n" BOM "d\n");
	CHECK_GOT(&reader, "c " BOM "d ");
	hang_up(&reader);
	move("log.1", "log.2");
	move("log", "log.1");
	append("log", BOM "e\n");
	come_back(&reader);
	CHECK_GOT(&reader, "e ");
	leave(&reader);
}

TEST(the_position_behind_a_byte_order_mark_proves_the_first_record)
{
	struct reader reader;

	append("log", BOM "a\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_EQUAL_INT(take(&reader), 1);
	CHECK_EQUAL_INT(packed_offset(file_position(reader.file)), 5);
	hang_up(&reader);
	append("log", "b\n");
	come_back(&reader);
	CHECK_GOT(&reader, "a b ");
	leave(&reader);
}

TEST(what_is_no_regular_file_is_refused)
{
	struct source_start start = {0};
	struct reader reader = {0};

	reader_open(&reader, "log");
	CHECK(mkdir(test_path("log"), 0700) == 0);
	CHECK_EQUAL_INT(file_start(reader.file, &start), RESULT_WRONG_KIND);
	CHECK(rmdir(test_path("log")) == 0);
	CHECK(symlink("/dev/null", test_path("log")) == 0);
	CHECK_EQUAL_INT(file_start(reader.file, &start), RESULT_WRONG_KIND);
	CHECK(unlink(test_path("log")) == 0);
	CHECK(symlink("log", test_path("log")) == 0);
	CHECK_EQUAL_INT(file_start(reader.file, &start), -ELOOP);
	hang_up(&reader);
}

SEQUENCE(a_log_that_comes_later_is_given_whole, "come 0; got; "
						"add log a/b/; got a b")

SEQUENCE(a_log_that_came_while_the_reader_was_away_is_given_whole,
    "come 0; take all; away; add log a/b/; move log log.1; add log c/; "
    "back; got a b c")

TEST(a_generation_that_cannot_be_read_is_told_as_missing)
{
	struct reader reader;

	append("log", "a\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_GOT(&reader, "a ");
	append("log", "b\n");
	broken_inode = inode_of("log");
	CHECK_GOT(&reader, "");
	CHECK_EQUAL_INT(file_error(reader.file), -EIO);
	move("log", "log.1");
	append("log", "c\n");
	/* Of one that was moved just now it may be otherwise in a moment. */
	CHECK_GOT(&reader, "");
	/* The time of a file may be a tick ahead of the clock. */
	next_tick();
	reader.ahead_ms += SEARCH_BIRTH_MS;
	CHECK_GOT(&reader, "<rotated>c ");
	broken_inode = 0;
	leave(&reader);
}

TEST(a_directory_that_comes_later_will_do)
{
	struct source_start start = {0};
	struct reader reader = {0};

	sse_buf_init(&reader.got, 1000);
	reader_open(&reader, "d/log");
	CHECK_EQUAL_INT(file_start(reader.file, &start), 0);
	CHECK_GOT(&reader, "");
	CHECK_EQUAL_INT(file_timeout_ms(reader.file), WATCH_POLL_MS);
	CHECK(mkdir(test_path("d"), 0700) == 0);
	append("d/log", "a\n");
	CHECK_GOT(&reader, "a ");
	leave(&reader);
}

/* ------------------------------------------------------------- resuming -- */

TEST(comes_back_to_the_very_next_record_from_everywhere)
{
	struct reader reader;
	char line[16], want[2000] = "";

	for (int i = 0; i < 200; i++) {
		snprintf(line, sizeof(line), "%d\n", i * 37);
		append("log", line);
		snprintf(want + strlen(want), sizeof(want) - strlen(want),
		    "%d ", i * 37);
	}
	come(&reader, SOURCE_RECORDS_ALL);
	for (int i = 0; i < 200; i++) {
		CHECK_EQUAL_INT(take(&reader), 1);
		hang_up(&reader);
		come_back(&reader);
	}
	CHECK_GOT(&reader, want);
	leave(&reader);
}

SEQUENCE(a_reader_that_got_nothing_comes_back_to_where_it_began,
    "add log a/; come 0; away; add log b/; back; got b")

TEST(forged_positions_are_answered_with_a_gap)
{
	struct reader reader;
	struct sse_position position, forged[5];

	append("log", "a\nb\nc\n");
	come(&reader, SOURCE_RECORDS_ALL);
	take_all(&reader);
	CHECK_EQUAL_INT(
	    sse_position_parse(
		(struct sse_slice){reader.id, reader.id_size}, &position),
	    0);
	for (size_t i = 0; i < 5; i++)
		forged[i] = position;
	forged[0].check ^= 1;
	forged[1].offset = 3;
	forged[2].offset = INT64_MAX;
	forged[3].file ^= 1;
	forged[3].check ^= 1;
	forged[4].offset = 1000;
	for (size_t i = 0; i < 5; i++) {
		hang_up(&reader);
		sse_buf_clear(&reader.got);
		note_forged(&reader, &forged[i]);
		come_back(&reader);
		CHECK_GOT(
		    &reader, i == 3 ? "<rotated>a b c " : "<truncated>a b c ");
	}
	leave(&reader);
}

/* Comes back with an id of that check and file, less these bits. */
static void
come_with(struct reader *reader, uint64_t offset, uint64_t check, uint64_t file)
{
	struct sse_position position;

	forge(reader, "log", offset);
	CHECK_EQUAL_INT(
	    sse_position_parse(
		(struct sse_slice){reader->id, reader->id_size}, &position),
	    0);
	position.check ^= check;
	position.file ^= file;
	note_forged(reader, &position);
	hang_up(reader);
	come_back(reader);
}

/* A right guess of what is before it gets the answer that a wrong one gets. */
TEST(an_id_into_a_line_is_as_a_wrong_one)
{
	static const uint64_t inside[] = {1, 3, 4, 5, 8};
	struct reader reader;

	append("log", "a\nsecret\nb\n");
	come(&reader, 0);
	for (size_t i = 0; i < 5; i++) {
		for (uint64_t wrong = 0; wrong < 2; wrong++) {
			come_with(&reader, inside[i], wrong, 0);
			CHECK(file_owes_gap(reader.file));
			CHECK_GOT(&reader, "<truncated>a secret b ");
			come_with(&reader, inside[i], wrong, 1);
			CHECK(file_owes_gap(reader.file));
			CHECK_GOT(&reader, "<rotated>a secret b ");
		}
	}
	come_with(&reader, 9, 0, 0);
	CHECK(!file_owes_gap(reader.file));
	CHECK_GOT(&reader, "b ");
	leave(&reader);
}

/* Of a log that is not there an id has nothing before it. */
TEST(an_id_without_a_file_is_at_the_beginning_or_unknown)
{
	static const struct sse_position positions[] = {
	    {.offset = 0}, {.offset = 2}, {.check = 1}};
	struct reader reader;

	append("log", "a\nb\n");
	come(&reader, 0);
	for (size_t i = 0; i < 3; i++) {
		note_forged(&reader, &positions[i]);
		hang_up(&reader);
		come_back(&reader);
		CHECK_GOT(&reader, i == 0 ? "a b " : "<unknown>");
	}
	leave(&reader);
}

/* One of a line of another log, too. */
TEST(an_id_of_another_log_is_a_gap)
{
	struct reader reader;

	append("log", "a\nb\nc\n");
	append("other", "x\ny\nz\n");
	come(&reader, 0);
	for (uint64_t offset = 0; offset <= 6; offset++) {
		hang_up(&reader);
		forge(&reader, "other", offset);
		come_back(&reader);
		CHECK_GOT(&reader, "<rotated>a b c ");
	}
	leave(&reader);
}

TEST(an_id_that_0_1_sent_stats)
{
	static const char id[] = "mi83fuo0.EjRWeJq8-8-uF3QuQIrOp";
	struct reader reader;

	append("log", "one\ntwo\nthree\n");
	come(&reader, 0);
	hang_up(&reader);
	reader.id_size = strlen(id);
	memcpy(reader.id, id, reader.id_size);
	come_back(&reader);
	CHECK_GOT(&reader, "three ");
	leave(&reader);
}

TEST(an_unknown_id_is_a_gap_and_then_as_without)
{
	struct source_start start = {.gap = GAP_UNKNOWN, .records = 1};
	struct reader reader = {0};

	append("log", "a\nb\n");
	sse_buf_init(&reader.got, 1000);
	reader_open(&reader, "log");
	CHECK_EQUAL_INT(file_start(reader.file, &start), 0);
	CHECK_GOT(&reader, "<unknown>b ");
	leave(&reader);
}

SEQUENCE(a_replay_has_a_limit_and_says_what_it_skips,
    "add log aaa/bbb/; come; take; away; forget; add log ccc/; "
    "move log log.1; add log ddd/eee/; tick; replay 9; back; "
    "got <limit>ddd eee; "
    "skipped 8; away; add log fff/ggg/hhh/; back; got <limit>ggg hhh; "
    "skipped 4; leave; come; got <limit>ggg hhh; "
    "leave; come 5; got ggg hhh")

/* ------------------------------------------------------------- rotating -- */

SEQUENCE(follows_a_rename_without_a_gap,
    "add log a/; come; got a; "
    "add log b/; move log log.1; add log.1 c/; add log d/; got b c d; "
    "move log.1 log.2; move log log.1; got; "
    "add log e/; got e")

SEQUENCE(reads_all_generations_that_came_while_it_was_away,
    "add log a/b/; come; take; away; move log log.1; add log c/; "
    "move log.1 log.2; move log log.1; add log d/; move log.2 log.3; "
    "move log.1 log.2; move log log.1; add log e/; back; got a b c d e")

SEQUENCE(reads_generations_that_are_named_by_date,
    "add log a/; come; got a; "
    "away; add log b/; move log log-20261119; add log c/; "
    "move log log-20261120; add log d/; back; got b c d")

SEQUENCE(two_quick_rotations_lose_nothing,
    "add log a/; come; got a; "
    "move log log.1; add log b/; move log.1 log.2; move log log.1; "
    "add log c/; got b c")

SEQUENCE(a_generation_that_came_and_went_unseen_is_a_gap,
    "add log a/; come; got a; "
    "move log log.1; add log b/; delete log; add log c/; got <rotated>c")

SEQUENCE(a_file_that_is_moved_away_and_comes_back_is_no_gap,
    "add log a/; come; got a; move log x; got; "
    "move x log; add log b/; got b; move log log.1; add log c/; got c")

SEQUENCE(nor_is_one_that_is_back_before_anybody_looks,
    "add log a/; come; got a; move log x; move x log; got; "
    "move log log.1; add log b/; got b")

SEQUENCE(what_came_and_went_while_a_file_was_away_is_a_gap,
    "add log a/; come; got a; move log x; add log b/; delete log; "
    "move x log; add log c/; got <rotated>c")

SEQUENCE(a_link_that_is_switched_and_back_is_no_gap,
    "add one a/; link one log; come; got a; add two b/; "
    "link two new; move new log; got b; add two c/; got c; add one d/; "
    "link one new; move new log; got (d); add one e/; got (e)")

/* More hints than the kernel keeps; or so many that nobody would wait. */
static bool
lose_hints(void)
{
	FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
	int count = INT_MAX;

	CHECK(file != NULL && fscanf(file, "%d", &count) == 1);
	(void)fclose(file);
	for (int i = 0; count <= 65536 && i <= count / 2; i++) {
		append("other", "");
		CHECK(unlink(test_path("other")) == 0);
	}
	return count <= 65536;
}

TEST(births_are_counted_again_after_hints_were_lost)
{
	struct reader reader;

	append("log", "a\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_GOT(&reader, "a ");
	if (lose_hints()) {
		CHECK_GOT(&reader, "");
		move("log", "log.1");
		append("log", "b\n");
		CHECK(unlink(test_path("log")) == 0);
		append("log", "c\n");
		CHECK_GOT(&reader, "<rotated>c ");
	}
	leave(&reader);
}

/* As each deployment of a program switches it. */
TEST(births_are_counted_where_the_link_of_a_folder_leads)
{
	const struct source_start start = {.records = SOURCE_RECORDS_ALL};
	struct reader reader = {.file = NULL};

	sse_buf_init(&reader.got, 1000);
	CHECK(mkdir(test_path("a"), 0700) == 0);
	CHECK(mkdir(test_path("b"), 0700) == 0);
	CHECK(symlink("a", test_path("folder")) == 0);
	append("a/log", "a\n");
	reader_open(&reader, "folder/log");
	CHECK_EQUAL_INT(file_start(reader.file, &start), 0);
	CHECK_GOT(&reader, "a ");
	append("b/log", "b\n");
	CHECK(symlink("b", test_path("new")) == 0);
	move("new", "folder");
	CHECK_GOT(&reader, "b ");
	CHECK_GOT(&reader, "");
	move("b/log", "b/log.1");
	append("b/log", "c\n");
	CHECK(unlink(test_path("b/log")) == 0);
	append("b/log", "d\n");
	CHECK_GOT(&reader, "<rotated>d ");
	leave(&reader);
}

SEQUENCE(a_log_without_a_successor_is_waited_for, "add log a/; come; got a; "
						  "move log log.1; got; "
						  "add log.1 b/; got b; "
						  "add log c/; got c")

TEST(a_deleted_log_is_read_to_its_end)
{
	struct reader reader;
	int fd;

	append("log", "a\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_GOT(&reader, "a ");
	fd = open(test_path("log"), O_WRONLY | O_APPEND);
	CHECK(unlink(test_path("log")) == 0);
	CHECK(write(fd, "b\n", 2) == 2);
	append("log", "c\n");
	close(fd);
	CHECK_GOT(&reader, "b c ");
	leave(&reader);
}

SEQUENCE(a_deleted_log_is_a_gap_for_who_was_away,
    "add log a/; come; got a; "
    "away; delete log; add log c/; back; got <rotated>c")

/* ------------------------------------------- a copy in the log's place -- */

/* Other lines than these prove nothing: they are more than one, and differ. */
#define OLD "one\ntwo\nthree\nfour\n"

/* As rsync does, and who else writes a new file: the log is never absent. */
static void
rename_over(const char *text)
{
	append("new", text);
	move("new", "log");
}

/* As vi does: what the log was has another name until the new one is there. */
static void
write_in_place(const char *text)
{
	size_t half = strlen(text) / 2;
	char first[100];

	(void)snprintf(first, sizeof(first), "%.*s", (int)half, text);
	move("log", "log~");
	append("log", "");
	append("log", first);
	append("log", text + half);
	CHECK(unlink(test_path("log~")) == 0);
}

struct copy_case {
	const char *old;
	const char *after; /* what comes to the old one behind the copy */
	const char *copy;
	const char *want; /* live, of after and copy */
};

static const struct copy_case replacements[] = {
    {OLD, "", OLD "five\n", "five "},
    {OLD, "", OLD, ""},
    {OLD "ha", "", OLD "half\nfive\n", "half five "},
    {OLD "ha", "", OLD, "ha "},
    {OLD "ha", "", OLD "hollow\n", "ha hollow "},
    {OLD "half", "", OLD "hollow\n", "half hollow "},
    {OLD, "five\n", OLD "six\n", "five six "},
    {OLD, "five\n", OLD "five\nsix\n", "five six "},
    {OLD, "five\n", OLD "fine\n", "five fine "},
    /* shorter: nothing in it is new */
    {OLD, "", "one\ntwo\nthree\n", ""},
    {OLD, "", "one\ntwo\nthree\nfourth\n", "fourth "},
    /* other logs: content that proves nothing, or is not there */
    {OLD, "", "other\nlines\nin\nit\nfour\n", "other lines in it four "},
    {"all\nall\n", "", "all\nall\nnew\n", "all all new "},
    {"one\n", "", "one\ntwo\n", "one two "},
    {"one\ntwo\n" OLD, "", "one\ntwo\nother\n", "one two other "},
};

static void
check_copy(const struct copy_case *one, void (*replace)(const char *text))
{
	struct reader live;
	int fd;

	/* Patience with the old file is not to end while the test waits. */
	options.rotate_wait_ms = 60000;
	append("log", one->old);
	come(&live, SOURCE_RECORDS_ALL);
	take_all(&live);
	sse_buf_clear(&live.got);
	fd = open(test_path("log"), O_WRONLY | O_APPEND);
	next_tick();
	replace(one->copy);
	CHECK(write(fd, one->after, strlen(one->after)) ==
	      (ssize_t)strlen(one->after));
	close(fd);
	live.ahead_ms = 61000;
	CHECK_GOT(&live, one->want);
	/* What both end with is not given of the old one, too. */
	CHECK_GOT(&live, "");
	/* Who is cut off now goes on in the copy. */
	hang_up(&live);
	come_back(&live);
	CHECK_GOT(&live, "");
	append("log", "last\n");
	CHECK_GOT(&live, "last ");
	leave(&live);
	CHECK(unlink(test_path("log")) == 0);
}

TEST(a_copy_that_takes_the_log_s_place_is_read_behind_what_both_have)
{
	for (size_t i = 0; i < sizeof(replacements) / sizeof(*replacements);
	     i++) {
		check_copy(&replacements[i], rename_over);
		check_copy(&replacements[i], write_in_place);
	}
}

SEQUENCE(the_unfinished_line_of_a_replaced_file_is_given,
    "add log a/half; come; got a; "
    "move log log.1; add log b/; got half b; "
    "away; back; got")

/* Its rest would be half a line, which nobody has judged as a whole. */
TEST(the_rest_of_a_line_that_was_sent_unfinished_is_a_gap)
{
	static const struct {
		const char *more;
		const char *want;
		uint64_t skipped;
	} table[] = {
	    {"\n", "<late>", 1},
	    {"f\n", "<late>", 2},
	    {"f\nc\n", "<late>c ", 2},
	    {"f\nc\nhal", "<late>c hal ", 2},
	    {"f", "<late>", 1},
	};
	struct reader reader;

	/* Patience with the old file is not to end while the test waits. */
	options.rotate_wait_ms = 60000;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		append("log", "a\nhal");
		come(&reader, SOURCE_RECORDS_ALL);
		CHECK_GOT(&reader, "a ");
		move("log", "log.1");
		append("log", "b\n");
		reader.ahead_ms = 61000;
		CHECK_EQUAL_INT(take(&reader), 1);
		CHECK_EQUAL_TEXT(sse_buf_slice(&reader.got), SLICE("hal "));
		sse_buf_clear(&reader.got);
		hang_up(&reader);
		come_back(&reader);
		hang_up(&reader);
		append("log.1", table[i].more);
		next_tick();
		come_back(&reader);
		while (reader.got.size < strlen(table[i].want))
			CHECK_EQUAL_INT(take(&reader), 1);
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&reader.got), sse_slice(table[i].want));
		CHECK_EQUAL_INT(reader.skipped, table[i].skipped);
		sse_buf_clear(&reader.got);
		/* It is told once. */
		hang_up(&reader);
		come_back(&reader);
		CHECK_GOT(&reader, "b ");
		leave(&reader);
		CHECK(unlink(test_path("log")) == 0);
		CHECK(unlink(test_path("log.1")) == 0);
	}
}

/* It grows when the client is back, and in parts. */
SEQUENCE(the_rest_of_a_line_may_come_later,
    "rotate-wait 60000; add log a/hal; move log log.1; add log b/; come 0; "
    "away; forge log.1 5; back; owes nothing; got; "
    "add log.1 f; got; "
    "add log.1 way/; got <late>; "
    "skipped 5; add log.1 c/; got c; "
    "later 61000; got b")

/* It goes on in the copy that the position moves to. */
SEQUENCE(the_rest_of_a_line_may_be_in_a_copy,
    "rotate-wait 60000; add log a/hal; move log log.1; add log b/; come 0; "
    "away; forge log.1 5; back; add log.1 f; got; "
    "tick; copy log.1 log.2; empty log.1; later 61000; "
    "got <late><truncated>b")

SEQUENCE(an_old_file_is_left_only_when_it_is_left_alone,
    "rotate-wait 60000; add log a/; come; got a; "
    "move log log.1; add log c/; got; "
    "waits; add log.1 b/; got b; "
    "later 61000; got c")

TEST(patience_with_an_old_file_that_grows_has_an_end)
{
	struct reader reader;

	options.rotate_wait_ms = 60000;
	append("log", "a\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_GOT(&reader, "a ");
	move("log", "log.1");
	append("log", "c\n");
	CHECK_GOT(&reader, "");
	/* Modified in the future: it is never left alone. */
	CHECK(
	    utimensat(AT_FDCWD, test_path("log.1"),
		(struct timespec[2]){{INT32_MAX, 0}, {INT32_MAX, 0}}, 0) == 0);
	reader.ahead_ms = 590000;
	CHECK_GOT(&reader, "");
	reader.ahead_ms = 610000;
	CHECK_GOT(&reader, "c ");
	leave(&reader);
}

/* touch(1) sets the times of what it has made, or found. */
SEQUENCE(a_log_that_touch_made_was_not_emptied,
    "add log a/; come; got a; move log log.1; add log ; touch log 1; got; "
    "add log b/; got b")
SEQUENCE(an_empty_log_that_is_touched_was_not_emptied,
    "add log ; come; got; touch log 1; got; add log b/; got b")
SEQUENCE(a_new_log_that_was_written_to_and_emptied_is_told,
    "add log a/; come; got a; move log log.1; add log x/; tick; empty log; "
    "got <truncated>; add log b/; got b")
SEQUENCE(an_empty_log_that_was_written_to_and_emptied_is_told,
    "add log ; come; got; tick; add log x/; tick; empty log; "
    "got <truncated>; add log b/; got b")

SEQUENCE(what_an_old_file_ends_with_is_given_when_it_is_left_alone,
    "rotate-wait 60000; add log a/; come; got a; "
    "move log log.1; add log b/; add log.1 hal; touch log.1 600; got; "
    "later 630000; got b; "
    "later 700000; got (hal); "
    "away; back; got")

SEQUENCE(what_an_old_file_ends_with_is_a_gap_to_who_was_away,
    "rotate-wait 60000; add log a/; come; got a; "
    "move log log.1; add log b/; add log.1 hal; touch log.1 600; got; "
    "later 630000; got b; "
    "away; later 700000; back; got <late>; "
    "away; back; got")

SEQUENCE(the_rest_of_a_line_is_a_gap_when_its_file_is_left_alone,
    "rotate-wait 60000; add log a/hal; move log log.1; add log b/; come 0; "
    "away; forge log.1 5; add log.1 f; touch log.1 600; later 630000; "
    "back; got b; "
    "later 700000; got <late>; "
    "skipped 1")

SEQUENCE(late_lines_are_given_without_a_position,
    "add log a/; come; move log log.1; add log b/; got a b; "
    "add log.1 late/; got (late); "
    "add log c/; add log.1 later/; got (later) c")

SEQUENCE(late_lines_while_away_are_a_gap_and_only_once,
    "add log a/; come; move log log.1; add log b/; tick; got a b; "
    "tick; add log c/; got c; "
    "away; tick; add log.1 late/; add log d/; tick; back; got <late>d; "
    "away; back; got")

/* A late line that was delivered must not be told as missing afterwards. */
SEQUENCE(late_lines_that_were_given_are_no_gap_later,
    "add log a/; come; move log log.1; add log b/; got a b; "
    "tick; add log.1 late/; tick; got (late); "
    "away; back; got")

/* It came just when the reader looked, who looks again when it can be told. */
SEQUENCE(a_late_line_that_was_given_at_once_is_no_gap_later,
    "add log a/; come; move log log.1; add log b/; got a b; "
    "add log.1 late/; got (late); "
    "away; back; got")

SEQUENCE(a_link_that_is_switched_is_followed,
    "add log-20261119 a/; link log-20261119 log; come; got a; "
    "add log-20261119 b/; add log-20261120 c/; link log-20261120 new; "
    "move new log; got b c")

SEQUENCE(lines_all_alike_are_told_apart_by_their_file,
    "add log x/x/; come; got x x; "
    "move log log.1; add log x/x/x/; away; back; got x x x; "
    "move log.1 log.2; move log log.1; add log x/x/x/x/; got x x x x")

SEQUENCE(files_that_begin_alike_are_told_apart,
    "add log log opened/ready/monday/; come; take; take; away; "
    "move log log.1; add log log opened/ready/tuesday/; back; "
    "got log opened ready monday log opened ready tuesday")

SEQUENCE(an_old_generation_that_is_restored_elsewhere_proves_itself,
    "add log a/b/c/; come; take; take; away; copy log copy; move copy log; "
    "back; got a b c")

SEQUENCE(a_compressed_generation_is_a_gap,
    "add log a/b/; come; take; away; move log log.1.gz; add log c/; back; "
    "got a <rotated>c")

/* ----------------------------------------------------------- truncating -- */

/* A disk was full, and the writer cuts off what it could not write whole. */
TEST(an_unfinished_line_that_is_cut_off_is_no_gap)
{
	struct reader reader;

	append("log", "a\nb\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_GOT(&reader, "a b ");
	append("log", "unfini");
	CHECK_GOT(&reader, "");
	CHECK(truncate(test_path("log"), 4) == 0);
	CHECK_GOT(&reader, "");
	append("log", "c\n");
	CHECK_GOT(&reader, "c ");
	append("log", "unfini");
	CHECK_GOT(&reader, "");
	CHECK(truncate(test_path("log"), 6) == 0);
	append("log", "dddddddddd\ne\n");
	CHECK_GOT(&reader, "dddddddddd e ");
	leave(&reader);
}

TEST(a_line_that_is_cut_off_with_one_that_was_given_is_a_gap)
{
	struct reader reader;

	append("log", "a\nb\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_GOT(&reader, "a b ");
	append("log", "unfini");
	CHECK_GOT(&reader, "");
	CHECK(truncate(test_path("log"), 2) == 0);
	append("log", "c\n");
	CHECK_GOT(&reader, "<truncated>a c ");
	leave(&reader);
}

SEQUENCE(a_truncation_is_told_and_followed,
    "add log a/b/; come; got a b; "
    "empty log; add log c/; got <truncated>c; "
    "away; empty log; add log d/; back; got <truncated>d")

SEQUENCE(a_refill_past_the_offset_is_seen,
    "add log a/b/; come; got a b; "
    "empty log; add log cccccc/dddddd/; got <truncated>cccccc dddddd; "
    "away; empty log; add log eeeeee/ffffff/gggggg/; back; "
    "got <truncated>eeeeee ffffff gggggg")

SEQUENCE(copytruncate_loses_nothing_that_is_in_the_copy,
    "add log a/; come; got a; "
    "add log b/; tick; copy log log.1; empty log; add log c/; "
    "got b <truncated>c")

SEQUENCE(copytruncate_while_away_loses_nothing_that_is_in_the_copy,
    "add log a/b/; come; take; away; tick; copy log log.1; empty log; "
    "add log c/; back; got a b <truncated>c; "
    "away; back; got")

SEQUENCE(cut_off_inside_the_copy_the_rest_of_it_comes_first,
    "add log a/b/c/; come; take; away; tick; copy log log.1; empty log; "
    "add log d/; back; take; away; back; got a b c <truncated>d")

/* The unfinished line is in the copy: its rest must not begin a record. */
SEQUENCE(copytruncate_in_the_middle_of_a_line,
    "add log first/hal; come; got first; "
    "add log f/second/; tick; copy log log.1; empty log; add log third/; "
    "got half second <truncated>third")

/*
 * The place behind the copy has an id that is newer than the copy: who comes
 * back with it, before anything new is written, does not get the copy again.
 */
TEST(behind_a_copy_the_copy_is_not_given_again)
{
	struct reader reader;

	for (int i = 0; i < 5; i++) {
		append("log", "a\nb\n");
		come(&reader, SOURCE_RECORDS_ALL);
		CHECK_GOT(&reader, "a b ");
		copy("log", "log.1");
		empty("log");
		CHECK_GOT(&reader, "<truncated>");
		hang_up(&reader);
		come_back(&reader);
		CHECK_GOT(&reader, "");
		append("log", "c\n");
		CHECK_GOT(&reader, "c ");
		leave(&reader);
		CHECK(unlink(test_path("log")) == 0);
		CHECK(unlink(test_path("log.1")) == 0);
	}
}

/* A gap has told of it: what it has is not given once more. */
TEST(a_copy_that_may_be_read_later_is_not_read_any_more)
{
	struct reader reader;

	if (geteuid() == 0) {
		CHECK(chown(test_directory(), 65534, 65534) == 0);
		CHECK(setgid(65534) == 0 && setuid(65534) == 0);
	}
	append("log", "a\nb\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_GOT(&reader, "a b ");
	next_tick();
	copy("log", "log.1");
	CHECK(chmod(test_path("log.1"), 0) == 0);
	empty("log");
	reader.ahead_ms += 5000;
	CHECK_GOT(&reader, "<truncated>");
	CHECK(chmod(test_path("log.1"), 0600) == 0);
	reader.ahead_ms += 5000;
	append("log", "c\n");
	CHECK_GOT(&reader, "c ");
	leave(&reader);
}

/* A copy while nothing is truncated yet must not be read: it is a double. */
SEQUENCE(a_copy_in_the_making_is_not_read,
    "add log a/b/; come; take; away; tick; copy log log.1; back; got a b; "
    "empty log; add log c/; got <truncated>c")

/* Delivered after the copy was made, then truncated: nothing twice. */
SEQUENCE(a_copy_that_ends_before_the_reader_is_not_read_again,
    "add log a/; come; got a; "
    "tick; copy log log.1; add log b/; got b; "
    "empty log; add log c/; got <truncated>c")

SEQUENCE(copytruncate_before_anything_was_read,
    "add log; come; got; "
    "tick; add log a/; copy log log.1; empty log; add log b/; take all; "
    "got a <truncated>b")

/* ---------------------------------------------------------- long records -- */

TEST(a_record_over_the_limit_is_cut_and_the_next_is_whole)
{
	const size_t size = 10 << 20;
	char *bytes = test_zeroed(size);
	struct source_item item;
	struct reader reader;
	int fd, got;

	memset(bytes, 'x', size);
	fd = open(test_path("log"), O_WRONLY | O_CREAT, 0600);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	close(fd);
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_GOT(&reader, "");
	append("log", "\nnext\n");
	do
		got = file_next(reader.file, &item);
	while (got == 0 && file_timeout_ms(reader.file) == 0);
	CHECK_EQUAL_INT(got, 1);
	CHECK_EQUAL_INT(item.record.text.size, 1024);
	CHECK_EQUAL_INT(item.record.left_out, size - 1024);
	note_position(&reader, &item.position);
	hang_up(&reader);
	come_back(&reader);
	CHECK_GOT(&reader, "next ");
	leave(&reader);
}

/* ------------------------------------------------- ids that were sent -- */

/* Half a line that was passed over is not given as one when its rest comes. */
SEQUENCE(the_rest_of_a_line_that_was_passed_over_is_none,
    "add log a/bbbbbbbb/hal; come; got a bbbbbbbb; away; "
    "move log log.2; add log.1 cccc/; add log d/; replay 2; back; "
    "got <limit>d; add log.2 f/late/; got (late)")

TEST(whatever_id_was_sent_stats)
{
	struct reader reader;

	come(&reader, SOURCE_RECORDS_ALL); /* nothing yet */
	CHECK_ID(&reader, "");
	append("log", "");
	CHECK_EQUAL_INT(take(&reader), 1); /* a mark: it is there */
	CHECK_ID(&reader, "");
	append("log", "a\r\n\n\nb");
	CHECK_ID(&reader, "a   ");
	CHECK_GOT(&reader, "a   ");
	CHECK_ID(&reader, "");
	move("log", "log.1");
	append("log", "c\n");
	CHECK_EQUAL_INT(take(&reader), 1); /* a line without its end */
	CHECK_ID(&reader, "c ");
	CHECK_GOT(&reader, "b c ");
	empty("log");
	append("log", "d\nee");
	CHECK_EQUAL_INT(take(&reader), 1); /* a gap */
	CHECK_ID(&reader, "d ");
	CHECK_GOT(&reader, "<truncated>d ");
	CHECK_ID(&reader, "");
	append("log", "\n");
	CHECK_ID(&reader, "ee ");
	leave(&reader);
}

/*
 * Of a line that is not a record any more nothing is sent, and no id is in it.
 */
SEQUENCE(who_begins_in_a_line_without_an_end_leaves_it,
    "add log a/; fill log 3000; replay 500; come 1; got; "
    "id <limit>; "
    "add log y; got; "
    "add log z/; got; "
    "id; "
    "add log b/; id b; "
    "got b")

SEQUENCE(a_limit_in_a_line_without_an_end_leaves_it,
    "add log a/b/; come; take; forget; away; fill log 3000; replay 500; "
    "back; got <limit>; "
    "id <limit>; "
    "add log /; got; "
    "add log c/; got c")

/* One that may become a record is sent whole, whatever the limit. */
TEST(a_limit_in_a_line_that_may_be_a_record_begins_with_it)
{
	struct reader reader;

	append("log", "a\nb\nhal");
	options.replay_size = 1;
	for (int i = 0; i < 2; i++) {
		come(&reader, i == 0 ? SOURCE_RECORDS_ALL : 1);
		CHECK_GOT(&reader, i == 0 ? "<limit>" : "");
		CHECK_ID(&reader, "");
		append("log", i == 0 ? "f\nhal" : "f\n");
		CHECK_GOT(&reader, "half ");
		leave(&reader);
	}
}

/* Nor in an event. */
TEST(who_begins_in_an_event_has_no_id_in_it)
{
	static const struct record_rule by_blank = {.kind = RECORD_HAS_BLANK};
	struct reader reader;

	options.rule = &by_blank;
	options.replay_size = 20;
	append("log", "data: 1\n\n");
	for (int i = 0; i < 100; i++)
		append("log", "data: 2\n");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK_EQUAL_INT(packed_offset(file_position(reader.file)), 0);
	CHECK_ID(&reader, "<limit>data: 2 data: 2 ");
	CHECK_GOT(&reader, "<limit>data: 2 data: 2 ");
	append("log", "\n");
	CHECK_GOT(&reader, " ");
	CHECK_ID(&reader, "");
	leave(&reader);
}

/* ------------------------------------------------------------ at random -- */

struct world {
	uint64_t random;
	int lines;
	int generations;
	bool copies; /* copytruncate, and not rename */
	struct sse_buf want;
};

static unsigned
pick(struct world *world, unsigned count)
{
	world->random = world->random * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(world->random >> 33) % count;
}

/* One line, in one write or in two. */
static void
write_line(struct world *world, struct reader *reader)
{
	char line[128], number[32];
	int size = snprintf(number, sizeof(number), "%d.", world->lines++);
	unsigned more = pick(world, 90);

	memset(line, 'z', sizeof(line));
	memcpy(line, number, (size_t)size);
	line[(unsigned)size + more] = '\0';
	CHECK(sse_buf_add(&world->want, line, strlen(line)) == 0);
	CHECK(sse_buf_add(&world->want, " ", 1) == 0);
	append("log", line);
	if (pick(world, 4) == 0)
		(void)take(reader);
	append("log", "\n");
}

static void
shift_names(struct world *world)
{
	char from[32], to[32];

	for (int i = world->generations; i > 0; i--) {
		snprintf(from, sizeof(from), "log.%d", i);
		snprintf(to, sizeof(to), "log.%d", i + 1);
		move(from, to);
	}
	world->generations++;
}

static void
rotate(struct world *world)
{
	shift_names(world);
	if (!world->copies) {
		move("log", "log.1");
		append("log", "");
		return;
	}
	next_tick();
	copy("log", "log.1");
	empty("log");
	next_tick();
}

/* A truncation that was noticed is told; the lines themselves must be there. */
static void
forget_gaps(struct sse_buf *got)
{
	static const char gap[] = "<truncated>";
	char *found;

	while (
	    (found = memmem(got->data, got->size, gap, strlen(gap))) != NULL) {
		size_t after = (size_t)(found - got->data) + strlen(gap);

		memmove(found, got->data + after, got->size - after);
		got->size -= strlen(gap);
	}
}

static void
play(uint64_t seed, bool copies)
{
	struct world world = {.random = seed, .copies = copies};
	struct reader reader;

	printf("# seed %llu\n", (unsigned long long)seed);
	sse_buf_init(&world.want, 1000000);
	append("log", "");
	come(&reader, SOURCE_RECORDS_ALL);
	for (int i = 0; i < 400; i++) {
		unsigned step = pick(&world, 20);

		if (step < 10) {
			write_line(&world, &reader);
		} else if (step < 11 && world.generations < 30) {
			rotate(&world);
		} else if (step < 14) {
			hang_up(&reader);
			come_back(&reader);
		} else {
			(void)take(&reader);
		}
	}
	take_all(&reader);
	if (copies)
		forget_gaps(&reader.got);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&reader.got), sse_buf_slice(&world.want));
	sse_buf_done(&world.want);
	leave(&reader);
}

static void
remove_generations(void)
{
	char name[32];

	(void)unlink(test_path("log"));
	for (int i = 1; i <= 31; i++) {
		snprintf(name, sizeof(name), "log.%d", i);
		(void)unlink(test_path(name));
	}
}

TEST(random_writes_rotations_and_hang_ups_lose_and_repeat_nothing)
{
	for (uint64_t seed = 1; seed <= 10; seed++) {
		play(seed, false);
		remove_generations();
	}
}

TEST(random_copies_and_truncations_lose_and_repeat_nothing)
{
	for (uint64_t seed = 1; seed <= 10; seed++) {
		play(seed, true);
		remove_generations();
	}
}

/* ---------------------------------------------------------- not following --
 */

static void
check_end(struct reader *reader)
{
	struct source_item item = {0};
	int got;

	while (item.kind != SOURCE_END) {
		got = file_next(reader->file, &item);
		CHECK(got == 1 || file_timeout_ms(reader->file) == 0);
		if (got == 1)
			note_item(reader, &item);
	}
	CHECK(file_timeout_ms(reader->file) > 0);
}

TEST(not_followed_it_ends_after_what_is_there)
{
	struct reader reader;

	options.follow = false;
	options.rotate_wait_ms = 60000;
	append("log", "a\n");
	move("log", "log.1");
	append("log", "b\nhalf");
	come(&reader, SOURCE_RECORDS_ALL);
	CHECK(!file_is_done(reader.file));
	check_end(&reader);
	CHECK_EQUAL_TEXT(sse_buf_slice(&reader.got), SLICE("b half "));
	hang_up(&reader);
	come_back(&reader);
	CHECK(file_is_done(reader.file));
	hang_up(&reader);
	append("log", "c\n");
	move("log.1", "log.2");
	move("log", "log.1");
	append("log", "d\n");
	sse_buf_clear(&reader.got);
	come_back(&reader);
	CHECK(!file_is_done(reader.file));
	check_end(&reader);
	CHECK_EQUAL_TEXT(sse_buf_slice(&reader.got), SLICE("<late>d "));
	leave(&reader);
}

/* The end of what is not followed may be in a line, which may grow then. */
TEST(not_followed_an_id_at_the_end_stats)
{
	struct reader reader;

	options.follow = false;
	append("log", "a\nhal");
	come(&reader, SOURCE_RECORDS_ALL);
	check_end(&reader);
	CHECK_EQUAL_TEXT(sse_buf_slice(&reader.got), SLICE("a hal "));
	for (int i = 0; i < 2; i++) {
		hang_up(&reader);
		sse_buf_clear(&reader.got);
		append("log", i == 0 ? "f" : "way\nb\n");
		come_back(&reader);
		CHECK(!file_is_done(reader.file));
		check_end(&reader);
		CHECK_EQUAL_TEXT(sse_buf_slice(&reader.got),
		    i == 0 ? SLICE("<late>") : SLICE("<late>b "));
		CHECK_EQUAL_INT(reader.skipped, i == 0 ? 1 : 4);
		hang_up(&reader);
		come_back(&reader);
		CHECK(file_is_done(reader.file));
	}
	leave(&reader);
}

TEST(not_followed_a_log_that_is_not_there_ends_at_once)
{
	struct reader reader;

	options.follow = false;
	come(&reader, 0);
	CHECK(!file_is_done(reader.file));
	check_end(&reader);
	leave(&reader);
}

/* ------------------------------------------------------------- leaders -- */

SEQUENCE(a_reader_goes_no_further_than_its_leader,
    "add log a/b/hal; as leader; come; as reader; come; follow leader; "
    "got; "
    "meets; as leader; got a b; "
    "as reader; apart; add log f/c/; got a b; "
    "meets; as leader; got half c; "
    "as reader; got half c; "
    "meets")

SEQUENCE(a_reader_leaves_a_file_when_its_leader_has,
    "add log a/half; as leader; come; as reader; come; follow leader; "
    "move log log.1; add log b/; got; "
    "as leader; got a half b; "
    "add log c/; as reader; got a half b; "
    "meets; "
    /* It was ahead: it waits until the leader has passed by. */
    "follow nobody; got c; "
    "follow leader; add log d/; got; "
    "apart; as leader; got c d; "
    "as reader; got d; "
    "meets")

/*
 * The smallest case in which the same file and the same offset are not enough:
 * a late line that the leader has given, and the reader has not.
 */
/* What NULs before a line have become. */
static void
fill_nuls(uint64_t offset, const char *text)
{
	int fd = open(test_path("log"), O_WRONLY);

	next_tick();
	CHECK(pwrite(fd, text, strlen(text), (off_t)offset) ==
	      (ssize_t)strlen(text));
	close(fd);
}

/* Far from where they are, so that no fingerprint has the NULs. */
TEST(what_nuls_are_filled_with_keeps_a_reader_from_its_leader)
{
	for (int leader_first = 0; leader_first < 2; leader_first++) {
		struct reader leader, reader, *first, *second;
		char line[1501];

		memset(line, 'x', sizeof(line) - 2);
		memcpy(line + sizeof(line) - 2, "\n", 2);
		append("log", line);
		CHECK(truncate(test_path("log"), 1600) == 0);
		append("log", line);
		come(&leader, SOURCE_RECORDS_ALL);
		come(&reader, SOURCE_RECORDS_ALL);
		file_follow(reader.file, leader.file);
		take_all(&leader);
		take_all(&reader);
		CHECK(file_meets(reader.file));
		leader.got.size = reader.got.size = 0;
		first = leader_first ? &leader : &reader;
		second = leader_first ? &reader : &leader;
		fill_nuls(1500, "first\nsecond\n");
		CHECK_GOT(first, "(first) (second) ");
		CHECK(!file_meets(reader.file));
		CHECK_GOT(second, "(first) (second) ");
		CHECK(file_meets(reader.file));
		file_follow(reader.file, NULL);
		leave(&reader);
		leave(&leader);
		CHECK(unlink(test_path("log")) == 0);
	}
}

SEQUENCE(a_late_line_keeps_a_reader_from_its_leader,
    "add log a/; as leader; come; as reader; come; follow leader; "
    "move log log.1; add log b/; as leader; got a b; "
    "as reader; got a b; "
    "meets; add log.1 late/; as leader; got (late); "
    "as reader; apart; got (late); "
    "meets")

/* A file that only the leader has open came, and grew, without the reader. */
SEQUENCE(a_file_that_only_the_leader_has_is_told_as_late,
    "add log a/; as leader; come; move log log.1; add log b/; got a b; "
    "tick; got; "
    /* Under a name that is none of the log's. */
    "move log.1 elsewhere; as reader; come; follow leader; got b; "
    "apart; got <late>; "
    "meets; tick; add elsewhere late/; as leader; got (late); "
    "as reader; apart; got <late>; "
    "meets")

/* The leader has the old file open still, and who comes back has not. */
SEQUENCE(a_reader_meets_its_leader_in_a_copy_that_took_the_log_s_place,
    "add log one/two/three/four/; as away; come; got one two three four; "
    "away; as leader; come; as reader; come; follow leader; tick; "
    "add log five/; as leader; got one two three four five; "
    "tick; add new one/two/three/four/five/six/; move new log; as reader; "
    "got one two three four five; "
    "as leader; got six; "
    "as reader; got six; "
    "meets; as away; back; follow leader; got five six; "
    "meets; got")

static size_t
count_byte(struct sse_slice text, char byte)
{
	size_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += text.data[i] == byte;
	return count;
}

/* Where they meet, both have had the same, unless a gap was told. */
static void
check_same_records(const struct reader *reader, const struct reader *leader)
{
	if (count_byte(sse_buf_slice(&reader->got), '<') > 0 ||
	    count_byte(sse_buf_slice(&leader->got), '<') > 0)
		return;
	for (char byte = 'a'; byte <= 'z'; byte++)
		CHECK_EQUAL_INT(count_byte(sse_buf_slice(&reader->got), byte),
		    count_byte(sse_buf_slice(&leader->got), byte));
}

static void
meet_at_random(unsigned seed)
{
	struct reader leader, reader;
	char line[] = "a\n";
	int meetings = 0;

	append("log", "-\n");
	come(&leader, SOURCE_RECORDS_ALL);
	come(&reader, SOURCE_RECORDS_ALL);
	file_follow(reader.file, leader.file);
	for (int i = 0; i < 40; i++) {
		seed = seed * 1103515245U + 12345U;
		switch (seed >> 16 & 7) {
		case 0:
		case 1:
			append("log", line);
			line[0] = (char)(line[0] == 'z' ? 'a' : line[0] + 1);
			break;
		case 2:
			if (access(test_path("log.1"), F_OK) == 0)
				append("log.1", line);
			break;
		case 3:
			if (access(test_path("log.1"), F_OK) == 0)
				move("log.1", "log.2");
			move("log", "log.1");
			append("log", "-\n");
			break;
		case 4:
		case 5:
			take_all(&leader);
			break;
		default:
			take_all(&reader);
			if (!file_meets(reader.file))
				break;
			check_same_records(&reader, &leader);
			meetings++;
		}
	}
	take_all(&leader);
	take_all(&reader);
	CHECK(file_meets(reader.file));
	check_same_records(&reader, &leader);
	CHECK(meetings > 0);
	leave(&reader);
	leave(&leader);
	CHECK(unlink(test_path("log")) == 0);
	(void)unlink(test_path("log.1"));
	(void)unlink(test_path("log.2"));
}

TEST(readers_and_leaders_meet_only_when_both_have_had_the_same)
{
	for (unsigned seed = 1; seed <= 60; seed++)
		meet_at_random(seed);
}

/* -------------------------------------------- more files than descriptors --
 */

#define MANY 40 /* generations */

/* So many descriptors can be open besides those that are. */
#define FEW 24

/* Generation i has the lines "i.1" and "i.2", and log is generation 0. */
static void
append_numbers(const char *name, int file)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%d.1\n%d.2\n", file, file);
	append(name, text);
}

static const char *
log_file_name(int number)
{
	static char names[2][32];
	static int which;

	which = !which;
	if (number == 0)
		return "log";
	(void)snprintf(names[which], sizeof(names[which]), "log.%d", number);
	return names[which];
}

static void
make_many(void)
{
	for (int i = MANY; i >= 0; i--) {
		append_numbers(log_file_name(i), i);
		next_tick();
	}
}

/* All names move by one, and the new log is empty. */
static void
rotate_many(int oldest)
{
	for (int i = oldest; i >= 0; i--)
		if (access(test_path(log_file_name(i)), F_OK) == 0)
			move(log_file_name(i), log_file_name(i + 1));
	append("log", "");
}

/* The lines of these generations, the older first. */
static const char *
lines_of(int from, int to)
{
	static char text[16384];
	size_t size = 0;

	text[0] = '\0';
	for (int i = from; i >= to; i--)
		size += (size_t)snprintf(
		    text + size, sizeof(text) - size, "%d.1 %d.2 ", i, i);
	return text;
}

/* A client that has read the first two generations. */
static void
come_from_oldest(struct reader *reader)
{
	come(reader, UINT64_MAX - 1);
	for (int i = 0; i < 4; i++)
		CHECK_EQUAL_INT(take(reader), 1);
	hang_up(reader);
	sse_buf_clear(&reader->got);
}

static int
first_free(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

static struct rlimit
allow_few(void)
{
	struct rlimit before, few;

	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	few = before;
	few.rlim_cur = (rlim_t)first_free() + FEW;
	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	return before;
}

/* Generations without number, few descriptors, and a reader far behind. */
static struct rlimit
begin_far_behind(struct reader *reader)
{
	struct rlimit before;

	make_many();
	before = allow_few();
	come_from_oldest(reader);
	return before;
}

static void
end_far_behind(struct reader *reader, const struct rlimit *before)
{
	leave(reader);
	CHECK(setrlimit(RLIMIT_NOFILE, before) == 0);
}

static void
add_text(struct sse_buf *buf, const char *text)
{
	CHECK_EQUAL_INT(sse_buf_add(buf, text, strlen(text)), 0);
}

TEST(few_descriptors_are_enough_for_many_generations)
{
	struct reader reader, again;
	struct rlimit before = begin_far_behind(&reader);

	again = reader;
	sse_buf_init(&again.got, 100000);
	come_back(&reader);
	CHECK_GOT(&reader, lines_of(MANY - 2, 0));
	append("log", "more\n");
	CHECK_GOT(&reader, "more ");
	leave(&reader);
	options.follow = false;
	come_back(&again);
	CHECK(!file_is_done(again.file));
	check_end(&again);
	CHECK_EQUAL_INT(again.got.size, strlen(lines_of(MANY - 2, 0)) + 5);
	leave(&again);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

TEST(a_limit_of_replay_passes_over_files_that_are_not_open)
{
	struct reader reader;
	struct rlimit before = begin_far_behind(&reader);

	options.replay_size = strlen("1.1\n1.2\n0.1\n0.2\n");
	come_back(&reader);
	options.replay_size = UINT64_MAX;
	take_all(&reader);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&reader.got), sse_slice("<limit>1.1 1.2 0.1 0.2 "));
	/* Nine of one digit, and the rest of two; but for these two. */
	CHECK_EQUAL_INT(reader.skipped, 8 * 8 + (MANY - 1 - 10) * 10);
	end_far_behind(&reader, &before);
}

TEST(names_move_while_a_reader_is_far_behind)
{
	struct reader reader;
	struct rlimit before = begin_far_behind(&reader);

	come_back(&reader);
	for (int i = 0; i < 30; i++) {
		CHECK_EQUAL_INT(take(&reader), 1);
		if (i % 3 == 0)
			rotate_many(MANY + i / 3);
	}
	take_all(&reader);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&reader.got), sse_slice(lines_of(MANY - 2, 0)));
	end_far_behind(&reader, &before);
}

/* What has gone before it was opened is told where it was. */
TEST(what_is_deleted_while_a_reader_is_far_behind_is_told_in_its_place)
{
	struct reader reader;
	struct rlimit before = begin_far_behind(&reader);
	struct sse_buf want;

	come_back(&reader);
	CHECK_EQUAL_INT(take(&reader), 1);
	/* Those that are open are read, and those behind them are lost. */
	for (int i = MANY; i > 20; i--)
		CHECK(unlink(test_path(log_file_name(i))) == 0);
	move("log.10", "elsewhere");
	rotate_many(20);
	sse_buf_init(&want, 100000);
	take_all(&reader);
	for (int i = MANY - 2; i > MANY - 2 - JUDGE_AHEAD_MAX; i--)
		add_text(&want, lines_of(i, i));
	add_text(&want, "<rotated>");
	add_text(&want, lines_of(20, 11));
	add_text(&want, "<rotated>");
	add_text(&want, lines_of(9, 0));
	CHECK_EQUAL_TEXT(sse_buf_slice(&reader.got), sse_buf_slice(&want));
	sse_buf_done(&want);
	end_far_behind(&reader, &before);
}
