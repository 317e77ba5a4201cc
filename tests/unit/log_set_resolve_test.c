/*
 * Which files of a log are open, when those that were are not what they were.
 */
#include "config.h"

#include "test.h"

#include "log_sets.h"
#include "source/log_set_resolve.h"

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

static void
rotate(const char *from, const char *to)
{
	CHECK(rename(test_path(from), test_path(to)) == 0);
}

/* What a reader of all that the log itself has holds. */
static void
begin_all(struct log_set *set)
{
	const struct source_start start = {.records = SOURCE_RECORDS_ALL};

	begin(set);
	CHECK_EQUAL_INT(start_at_once(set, &start), 0);
}

TEST(what_was_read_stays_open_and_what_is_new_is_opened)
{
	const struct log_file *lead;
	struct log_set set;

	append("log", "aa\nbb\n");
	begin_all(&set);
	lead = set.open[0];
	rotate("log", "log.1");
	append("log", "cc\n");
	CHECK_EQUAL_INT(log_set_resolve_read(&set), 0);
	check_offsets(&set, ">0 0");
	CHECK(set.open[0] == lead);
	check_gaps(&set, "");
	log_set_done(&set);
}

TEST(a_lead_that_was_truncated_is_read_anew_behind_a_gap)
{
	struct log_set set;

	append("log", "aa\nbb\n");
	begin_all(&set);
	CHECK_EQUAL_INT(log_file_begin_at(set.open[0], 6), 0);
	CHECK(truncate(test_path("log"), 0) == 0);
	append("log", "new\n");
	CHECK_EQUAL_INT(log_set_moved(&set, 0), 0);
	check_offsets(&set, ">0");
	check_gaps(&set, "truncated");
	log_set_done(&set);
}

/* A few are open at once, and then the next ones. */
TEST(when_all_that_is_open_was_read_the_next_ones_are_opened)
{
	const struct source_start start = {.records = 100};
	struct log_set set;
	char name[32];
	size_t opened;

	for (int i = 12; i > 0; i--) {
		(void)snprintf(name, sizeof(name), "log.%d", i);
		append(name, "aa\nbb\n");
	}
	append("log", "cc\n");
	begin(&set);
	CHECK_EQUAL_INT(start_at_once(&set, &start), 0);
	CHECK(set.due_count > 0);
	opened = set.count - set.lead;
	while (set.due_count > 0) {
		size_t due_count = set.due_count;

		for (size_t i = set.lead; i < set.count; i++)
			CHECK_EQUAL_INT(log_file_begin_at(set.open[i],
					    set.open[i]->stat.size),
			    0);
		CHECK_EQUAL_INT(log_set_go_on(&set), 0);
		CHECK(set.due_count < due_count);
		opened += set.count - set.lead - 1;
		check_gaps(&set, "");
	}
	CHECK_EQUAL_INT(opened, 13);
	CHECK(set.open[set.count - 1]->current);
	log_set_done(&set);
}

TEST(a_copy_is_found_by_what_its_file_had)
{
	struct log_set set;

	append("log", "aa\nbb\n");
	begin_all(&set);
	CHECK_EQUAL_INT(log_file_begin_at(set.open[0], 6), 0);
	CHECK_EQUAL_INT(log_set_was_copied(&set, 0), 0);
	append("log.1", "aa\nbb\n");
	CHECK_EQUAL_INT(log_set_was_copied(&set, 0), 0);
	/* It is truncated then; and another file has what it had. */
	CHECK(truncate(test_path("log"), 0) == 0);
	CHECK_EQUAL_INT(log_set_was_copied(&set, 0), 1);
	log_set_done(&set);
}
