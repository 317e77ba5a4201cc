/*
 * How many files a log may need to have open: each folder of its names counts.
 */
#include "config.h"

#include "test.h"

#include "source/file_descriptors.h"

/* Of a log whose files are in one folder. */
#define OPEN 10
#define SEARCH 23

TEST(each_folder_may_be_open_while_it_is_read)
{
	static const struct {
		const char *text, *generations;
		size_t open;
	} cases[] = {
	    {"/var/log/app.log", "", OPEN},
	    {"/var/log/app.log", "none", OPEN},
	    {"/var/log/app.log", "app.log.%i app.log.%i.gz", OPEN},
	    {"/var/log/app.log", "old/app.log.%i", OPEN + 1},
	    {"/var/log/app.log", "old/app.log.%i old/app-%Y%m%d.log", OPEN + 1},
	    {"/var/log/app.log", "old/app.log.%i older/app.log.%i", OPEN + 2},
	    {"/var/log/app-%Y-%m-%d.log", "", OPEN},
	    /* What is no pattern is refused elsewhere, and has one folder. */
	    {"/var/log/app.log", "../app.log.%i", OPEN},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source_descriptors got =
		    file_descriptors(cases[i].text, cases[i].generations);

		CHECK_EQUAL_INT(got.open, cases[i].open);
		CHECK_EQUAL_INT(got.search, SEARCH);
	}
}
