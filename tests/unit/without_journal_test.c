/*
 * without_journal_test.c - what a program says of a journal that was built
 * --without-journal.
 */
#include "config.h"

#include "test.h"

#include <string.h>

#include "confs.h"
#include "source/journal_library.h"
#include "source/source_kind.h"

TEST(it_has_no_library)
{
	const char *why = NULL;

	CHECK(journal_library_load(&why) == NULL);
	CHECK_EQUAL_TEXT(sse_slice(why),
	    SLICE("this program was built without the journal"));
}

/* With the line, as of each wrong value; not when the first client comes. */
TEST(a_journal_is_a_wrong_source)
{
	static const char *const sources[] = {
	    "journal:", "journal:web", "journal:/var/log/journal"};

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		check_bad_value("source", sources[i],
		    "not a source: this program was built without the journal");
}

/* On the command line of both programs, too. */
TEST(an_argument_is_refused_as_well)
{
	static const char *const none[] = {NULL};
	static const char *const sources[] = {"log=journal:", NULL};
	struct conf *conf = conf_new();
	struct conf_error error = {""};

	CHECK(conf != NULL);
	CHECK_EQUAL_INT(command_line(conf, none, sources, &error), -EINVAL);
	CHECK(strstr(error.text, "built without the journal") != NULL);
	conf_free(conf);
}

TEST(other_sources_are_as_they_are)
{
	struct conf *conf = conf_of(SLICE("[s]\nsource = /journal:\n"));

	CHECK_EQUAL_TEXT(
	    sse_slice(stream_of(conf, "s")->source), SLICE("/journal:"));
	conf_free(conf);
}
