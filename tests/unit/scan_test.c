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
