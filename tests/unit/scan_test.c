/*
 * One way through the open files of a log.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "scans.h"

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
