/*
 * One way through the open files of a log, step by step.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/log_set_resolve.h"
#include "source/scan_step.h"
#include "source/start.h"

static struct source_options options = {
    .follow = true, .record_size_max = 1024, .replay_size = UINT64_MAX};

struct setting {
	struct log_set set;
	struct scan scan;
};

static void
append(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* All turns of a start. */
static int
start_at_once(struct log_set *set, const struct source_start *wanted)
{
	struct start start = {0};
	int error;

	do
		error = start_set(&start, set, wanted);
	while (error == RESULT_PARTIAL);
	start_done(&start);
	return error;
}

/* A reader of all that the log has. */
static struct setting *
begin(void)
{
	const struct source_start start = {.records = SOURCE_RECORDS_ALL};
	struct setting *setting = calloc(1, sizeof(*setting));

	options.clock = sse_clock_system();
	CHECK(setting != NULL);
	CHECK_EQUAL_INT(
	    log_set_init(&setting->set, test_path("log"), &options), 0);
	CHECK_EQUAL_INT(start_at_once(&setting->set, &start), 0);
	scan_init(&setting->scan, &setting->set);
	return setting;
}

static void
end(struct setting *setting)
{
	log_set_done(&setting->set);
	free(setting);
}

/* What one scan gives, "a b "; an end is "." */
static void
check_scan(struct setting *setting, const char *want)
{
	struct source_item item;
	char text[1000] = "";
	int reads = 0;

	scan_begin(&setting->scan);
	while (setting->scan.running) {
		size_t size = strlen(text);
		int got;

		setting->scan.may_read = true;
		got = scan_step(&setting->scan, &item);
		CHECK(got >= 0);
		CHECK(++reads < 100);
		if (got == 1 && item.kind == SOURCE_RECORD)
			(void)snprintf(text + size, sizeof(text) - size,
			    item.has_position ? "%.*s " : "(%.*s) ",
			    (int)item.record.text.size, item.record.text.data);
		else if (got == 1 && item.kind == SOURCE_END)
			(void)snprintf(text + size, sizeof(text) - size, ".");
	}
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
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

TEST(a_log_that_is_not_there_has_no_scan)
{
	struct setting *setting = begin();

	check_scan(setting, "");
	CHECK(!scan_take_mark(&setting->scan));
	append("log", "a\n");
	check_scan(setting, "a ");
	/* That it appeared is a place that a reader can come back to. */
	CHECK(scan_take_mark(&setting->scan));
	CHECK(!scan_take_mark(&setting->scan));
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

TEST(a_shortage_is_no_reason_to_pass_over_a_file)
{
	static const struct {
		int error;
		bool want;
	} table[] = {
	    {-EMFILE, true},
	    {-ENFILE, true},
	    {-ENOMEM, true},
	    {-EAGAIN, true},
	    {RESULT_UNSETTLED, true},
	    {-EIO, false},
	    {-EACCES, false},
	    {-ESTALE, false},
	    {RESULT_CHANGED, false},
	    {0, false},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		CHECK_EQUAL_INT(
		    scan_is_shortage(table[i].error), table[i].want);
}
