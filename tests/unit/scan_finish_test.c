/*
 * What a scan does at the end of a file.
 */
#include "config.h"

#include "test.h"

#include "scans.h"
#include "source/log_set_look.h"
#include "source/scan_finish.h"

TEST(a_newer_file_waits_until_the_lead_is_left_alone)
{
	struct setting *setting;

	options.rotate_wait_ms = 60000;
	append("log", "a\n");
	setting = begin();
	check_scan(setting, "a ");
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	append("log", "b\n");
	check_scan(setting, "");
	CHECK(setting->scan.wait.look_ms > 0);
	CHECK_EQUAL_INT(setting->set.count, 2);
	CHECK_EQUAL_INT(setting->set.lead, 0);
	end(setting);
}

TEST(not_followed_what_has_no_end_is_a_record_and_then_it_ends)
{
	struct setting *setting;

	options.follow = false;
	append("log", "a\nhal");
	setting = begin();
	check_scan(setting, "a hal .");
	end(setting);
}

TEST(nothing_is_read_that_a_leader_has_not_read)
{
	struct setting *leader, *reader;

	append("log", "a\nb\n");
	leader = begin();
	reader = begin();
	reader->scan.leader = &leader->set;
	check_scan(reader, "");
	check_scan(leader, "a b ");
	append("log", "c\n");
	check_scan(reader, "a b ");
	check_scan(leader, "c ");
	check_scan(reader, "c ");
	end(reader);
	end(leader);
}

/*
 * All that scans give by and by: times of files are coarse, and a file is at
 * rest when they have gone on.
 */
static void
check_all(struct setting *setting, const char *want)
{
	int64_t end_ms = sse_clock_monotonic_ms(options.clock) + 10000;
	char text[2000] = "";

	do
		add_scan(setting, text, sizeof(text));
	while (strlen(text) < strlen(want) &&
	       sse_clock_monotonic_ms(options.clock) < end_ms);
	add_scan(setting, text, sizeof(text));
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
}

static void
rotate(const char *from, const char *to)
{
	CHECK(rename(test_path(from), test_path(to)) == 0);
}

/* Nothing will come to it any more: what has no end is a record, too. */
TEST(an_unfinished_record_is_given_before_the_next_file)
{
	struct setting *setting;

	append("log", "a\nhal");
	setting = begin();
	check_all(setting, "a ");
	rotate("log", "log.1");
	append("log", "b\n");
	check_all(setting, "hal b ");
	CHECK_EQUAL_INT(setting->set.lead, 1);
	/* The older one is kept open, and what is late is given. */
	append("log.1", "late\n");
	check_all(setting, "(late) ");
	end(setting);
}

TEST(files_are_read_one_after_the_other)
{
	struct setting *setting;

	append("log.3", "1\n");
	append("log.2", "2\n");
	append("log.1", "");
	append("log", "4\n");
	setting = begin_with(100);
	CHECK_EQUAL_INT(setting->set.count, 4);
	check_all(setting, "1 2 4 ");
	CHECK_EQUAL_INT(setting->set.lead, 3);
	end(setting);
}

/* What it has is missing when another one is due. */
TEST(what_cannot_be_read_is_left_for_the_next_file_with_a_gap)
{
	struct setting *setting;
	struct gap gap;
	int broken;

	append("log", "a\nb\n");
	setting = begin();
	check_all(setting, "a b ");
	append("log", "c\n");
	rotate("log", "log.1");
	append("log", "d\n");
	CHECK_EQUAL_INT(log_set_look(&setting->set), 0);
	CHECK_EQUAL_INT(setting->set.count, 2);
	broken = open(test_directory(), O_RDONLY | O_DIRECTORY);
	CHECK(dup2(broken, setting->set.open[0]->fd) >= 0);
	close(broken);
	check_all(setting, "d ");
	CHECK_EQUAL_INT(setting->set.lead, setting->set.count - 1);
	CHECK(gap_queue_take(&setting->set.gaps, &gap));
	CHECK_EQUAL_INT(gap.reason, GAP_ROTATED);
	CHECK(!gap_queue_take(&setting->set.gaps, &gap));
	end(setting);
}
