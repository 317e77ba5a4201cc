/*
 * The open files of a log: which there are, and which are kept.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_chain.h"
#include "source/log_set_look.h"
#include "source/log_set_resolve.h"

static struct source_options options = {.follow = true,
    .record_size_max = 1024,
    .replay_size = UINT64_MAX,
    .unwatched = true};

static void
begin(struct log_set *set)
{
	options.clock = sse_clock_system();
	CHECK_EQUAL_INT(log_set_init(set, test_path("log"), &options), 0);
}

static void
append(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* Puts so many open files, of their own, into an empty set. */
static void
open_files(struct log_set *set, size_t count)
{
	char name[32];

	set->open = calloc(count, sizeof(struct log_file *));
	for (size_t i = 0; i < count; i++) {
		int fd;

		(void)snprintf(name, sizeof(name), "file%zu", i);
		append(name, "a\nb\n");
		fd = open(test_path(name), O_RDONLY);
		CHECK_EQUAL_INT(
		    log_file_new(fd, 2, false, 1024, &set->open[i]), 0);
	}
	set->count = count;
	set->lead = count - 1;
}

static struct sse_position
position_of(const struct log_set *set)
{
	struct source_position position;

	log_set_position(set, &position);
	return sse_position_unpack(&position);
}

TEST(a_position_is_in_the_lead)
{
	struct sse_position position;
	struct fake_set fake;

	fake_chain_init(&fake, "aBc", "");
	fake.files[1].offset = 7;
	fake.files[1].check = 9;
	fake.set.stamp_ms = 5;
	position = position_of(&fake.set);
	CHECK_EQUAL_INT(position.stamp_ms, 5);
	CHECK_EQUAL_INT(position.file, 'b');
	CHECK_EQUAL_INT(position.offset, 7);
	CHECK_EQUAL_INT(position.check, 9);
}

TEST(without_a_file_a_position_is_a_stamp)
{
	struct sse_position position;
	struct fake_set fake;

	fake_chain_init(&fake, "", "");
	fake.set.stamp_ms = 5;
	CHECK(log_set_is_nothing(&fake.set));
	position = position_of(&fake.set);
	CHECK_EQUAL_INT(position.stamp_ms, 5);
	CHECK_EQUAL_INT(position.file, 0);
	CHECK_EQUAL_INT(position.offset, 0);
}

TEST(a_file_is_found_by_what_it_is)
{
	struct sse_file_stat b = fake_stat('b'), c = fake_stat('c');
	struct fake_set fake;

	fake_chain_init(&fake, "aB", "c");
	CHECK(log_set_find(&fake.set, &b) == &fake.files[1]);
	CHECK(!log_set_is_due(&fake.set, &b));
	CHECK(log_set_find(&fake.set, &c) == NULL);
	CHECK(log_set_is_due(&fake.set, &c));
	/* Another file has got the number since. */
	b.birth_ns++;
	CHECK(log_set_find(&fake.set, &b) == NULL);
}

TEST(unread_is_what_the_lead_and_newer_files_have)
{
	struct fake_set fake;

	fake_chain_init(&fake, "aBc", "de");
	for (size_t i = 0; i < 3; i++) {
		fake.files[i].fingerprint.offset = 3;
		fake.files[i].stat.size = 10;
	}
	fake.due[0].size = 100;
	fake.due[1].size = 1000;
	CHECK_EQUAL_INT(log_set_due_size(&fake.set), 1100);
	CHECK_EQUAL_INT(log_set_unread_size(&fake.set), 1114);
	/* One that has become shorter has nothing. */
	fake.files[2].stat.size = 2;
	CHECK_EQUAL_INT(log_set_unread_size(&fake.set), 1107);
}

TEST(a_few_old_files_are_kept_and_the_others_remembered)
{
	struct log_set set;
	uint64_t oldest, kept;

	begin(&set);
	open_files(&set, LOG_SET_BEHIND_MAX + 4);
	oldest = fingerprint_file(&set.open[0]->stat);
	kept = fingerprint_file(&set.open[3]->stat);
	log_set_close_old(&set);
	CHECK_EQUAL_INT(set.count, LOG_SET_BEHIND_MAX + 1);
	CHECK_EQUAL_INT(set.lead, LOG_SET_BEHIND_MAX);
	CHECK(search_knows(&set.known, oldest));
	CHECK(!search_knows(&set.known, kept));
	CHECK_EQUAL_INT(fingerprint_file(&set.open[0]->stat), kept);
	log_set_done(&set);
}

TEST(a_copy_that_was_read_is_not_kept)
{
	struct log_set set;
	uint64_t copy;

	begin(&set);
	open_files(&set, 3);
	set.open[1]->copy = true;
	copy = fingerprint_file(&set.open[1]->stat);
	log_set_close_old(&set);
	CHECK_EQUAL_INT(set.count, 2);
	CHECK_EQUAL_INT(set.lead, 1);
	CHECK(set.copy == copy);
	CHECK(search_knows(&set.known, copy));
	log_set_done(&set);
}

TEST(a_look_opens_what_is_new_and_says_so_once)
{
	struct log_set set;
	uint64_t changes;

	begin(&set);
	CHECK_EQUAL_INT(log_set_look(&set), 0);
	CHECK(log_set_is_nothing(&set));
	append("log", "a\n");
	CHECK_EQUAL_INT(log_set_look(&set), 0);
	CHECK_EQUAL_INT(set.count, 1);
	CHECK(set.appeared);
	changes = set.changes;
	CHECK_EQUAL_INT(log_set_look(&set), 0);
	CHECK_EQUAL_INT(set.changes, changes);
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	CHECK_EQUAL_INT(log_set_look(&set), 0);
	CHECK(!set.open[0]->current);
	append("log", "b\n");
	CHECK_EQUAL_INT(log_set_look(&set), 0);
	CHECK_EQUAL_INT(set.count, 2);
	CHECK_EQUAL_INT(set.lead, 0);
	CHECK(set.open[1]->current);
	CHECK_EQUAL_INT(set.gaps.count, 0);
	log_set_done(&set);
}

TEST(a_file_behind_that_has_changed_is_closed_and_told)
{
	struct log_set set;
	struct gap gap;

	begin(&set);
	open_files(&set, 3);
	CHECK_EQUAL_INT(log_set_moved(&set, 0), 0);
	CHECK_EQUAL_INT(set.count, 2);
	CHECK_EQUAL_INT(set.lead, 1);
	CHECK(gap_queue_take(&set.gaps, &gap));
	CHECK_EQUAL_INT(gap.reason, GAP_TRUNCATED);
	/*
	 * One that is not a file any more, and was read to its end, is not a
	 * loss.
	 */
	set.open[0]->at_end = true;
	CHECK_EQUAL_INT(log_set_gone(&set, 0), 0);
	CHECK_EQUAL_INT(set.count, 1);
	CHECK(!gap_queue_take(&set.gaps, &gap));
	log_set_done(&set);
}

TEST(what_is_no_regular_file_is_no_log)
{
	struct log_set set;

	begin(&set);
	CHECK_EQUAL_INT(log_set_check_path(&set), 0);
	CHECK(symlink("/dev/null", test_path("log")) == 0);
	CHECK_EQUAL_INT(log_set_look(&set), RESULT_WRONG_KIND);
	CHECK_EQUAL_INT(log_set_check_path(&set), RESULT_WRONG_KIND);
	log_set_done(&set);
}

TEST(names_that_are_none_make_no_set)
{
	struct log_set set;

	options.clock = sse_clock_system();
	options.generations = "none app.%i";
	CHECK_EQUAL_INT(
	    log_set_init(&set, test_path("log"), &options), -EINVAL);
}
