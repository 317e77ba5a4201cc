/*
 * The open files of a log: which there are, and which are kept.
 */
#include "config.h"

#include "positions.h"
#include "test.h"

#include <errno.h>

#include "fake_chain.h"
#include "log_sets.h"

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

TEST(names_that_are_none_make_no_set)
{
	struct log_set set;

	options.clock = sse_clock_system();
	options.generations = "none app.%i";
	CHECK_EQUAL_INT(
	    log_set_init(&set, test_path("log"), &options), -EINVAL);
}
