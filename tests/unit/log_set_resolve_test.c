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
