/*
 * Where the path of a log leads, look by look.
 */
#include "config.h"

#include "test.h"

#include "log_sets.h"
#include "source/log_set_look.h"

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
