/*
 * The steps of a scan: one read each, and what was read.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "scans.h"
#include "source/log_set_resolve.h"

/* What a look for a copy says; 0: what it finds. */
static int copy_error;

int __real_log_set_was_copied(struct log_set *set, size_t index);
int __wrap_log_set_was_copied(struct log_set *set, size_t index);

int
__wrap_log_set_was_copied(struct log_set *set, size_t index)
{
	return copy_error != 0 ? copy_error
			       : __real_log_set_was_copied(set, index);
}

TEST(a_pass_reads_what_is_there_and_ends)
{
	struct setting *setting;

	append("log", "a\nb\nhal");
	setting = begin();
	check_scan(setting, "a b ");
	check_scan(setting, "");
	append("log", "f\n");
	check_scan(setting, "half ");
	end(setting);
}

TEST(a_step_reads_only_when_it_may)
{
	struct source_item item;
	struct setting *setting;

	append("log", "a\n");
	setting = begin();
	scan_begin(&setting->scan);
	CHECK_EQUAL_INT(scan_step(&setting->scan, &item), 0);
	CHECK(setting->scan.more);
	setting->scan.may_read = true;
	CHECK_EQUAL_INT(scan_step(&setting->scan, &item), 0);
	CHECK(!setting->scan.may_read);
	/* What was read is given without another read. */
	CHECK_EQUAL_INT(scan_step(&setting->scan, &item), 1);
	CHECK_EQUAL_TEXT(item.record.text, SLICE("a"));
	end(setting);
}

/* A gap that a file owes stands before all that it has, and is told once. */
TEST(what_a_file_owes_is_told_once_and_before_it)
{
	struct setting *setting;
	struct gap gap;

	append("log", "a\n");
	setting = begin();
	setting->set.open[0]->gap = GAP_ROTATED;
	check_scan(setting, "a ");
	CHECK(gap_queue_take(&setting->set.gaps, &gap));
	CHECK_EQUAL_INT(gap.reason, GAP_ROTATED);
	CHECK_EQUAL_INT(gap.skipped, SOURCE_SKIPPED_UNKNOWN);
	check_scan(setting, "");
	CHECK(!gap_queue_take(&setting->set.gaps, &gap));
	end(setting);
}

TEST(a_truncation_ends_the_pass_and_is_owed)
{
	struct setting *setting;

	append("log", "one\ntwo\n");
	setting = begin();
	check_scan(setting, "one two ");
	CHECK(truncate(test_path("log"), 0) == 0);
	check_scan(setting, "");
	CHECK(setting->set.gaps.count == 1 ||
	      setting->set.open[setting->set.lead]->gap != GAP_NONE);
	CHECK(setting->scan.more);
	end(setting);
}

/* The lines are all alike: so it is looked for a copy. */
TEST(a_look_that_is_not_settled_is_no_error_of_the_log)
{
	struct setting *setting;

	append("log", "a\n");
	setting = begin();
	check_scan(setting, "a ");
	append("log", "a\n");
	copy_error = RESULT_UNSETTLED;
	check_scan(setting, "");
	CHECK_EQUAL_INT(scan_error(&setting->scan), 0);
	CHECK_EQUAL_INT(setting->scan.wait.look_ms, WATCH_POLL_MS);
	copy_error = -EMFILE;
	check_scan(setting, "");
	CHECK_EQUAL_INT(scan_error(&setting->scan), -EMFILE);
	copy_error = 0;
	check_scan(setting, "a ");
	CHECK_EQUAL_INT(scan_error(&setting->scan), 0);
	end(setting);
}
