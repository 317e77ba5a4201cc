/*
 * journal_place_test.c - which journal a text names.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "source/journal_place.h"

static void
check(const char *got, const char *want)
{
	CHECK((got == NULL) == (want == NULL));
	CHECK(got == NULL || strcmp(got, want) == 0);
}

TEST(a_text_names_a_journal)
{
	const struct {
		const char *text, *name_space, *directory;
	} cases[] = {
	    {"journal:", NULL, NULL},
	    {"journal:web", "web", NULL},
	    {"journal:a-b.c_1@2", "a-b.c_1@2", NULL},
	    {"journal:/", NULL, "/"},
	    {"journal:/var/log/journal/x y", NULL, "/var/log/journal/x y"},
	};
	char reason[SOURCE_REASON_SIZE_MAX];
	struct journal_place place;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_EQUAL_INT(
		    journal_place_read(cases[i].text, &place, reason), 0);
		check(place.name_space, cases[i].name_space);
		check(place.directory, cases[i].directory);
	}
}

TEST(other_texts_name_none)
{
	static const char *const texts[] = {"journal:a/b", "journal:..",
	    "journal: ", "journal:a b", "journal:*", "journal:\xc3\xa9",
	    "journal:.a"};
	char reason[SOURCE_REASON_SIZE_MAX] = "";
	struct journal_place place;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK_EQUAL_INT(
		    journal_place_read(texts[i], &place, reason), -EINVAL);
		CHECK(strstr(reason, "namespace") != NULL);
	}
}
