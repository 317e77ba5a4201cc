/*
 * A form of names in the log's own folder, or in one below.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "source/folder_pattern.h"

static const struct {
	const char *text;
	const char *name; /* that matches; NULL: it is refused */
	size_t folder_size;
} texts[] = {
    {"app.log.%i", "app.log.3", 0},
    {"old/app.log.%i", "app.log.3", 4},
    {"a/b/%Y-%m-%d", "2026-11-29", 4},
    {"50%%/app.%i", "app.1", 5},
    {"..a/x.%i", "x.1", 4},
    {"a../x.%i", "x.1", 4},
    {".../x.%i", "x.1", 4},
    {"/x.%i", NULL, 0},
    {"a//x.%i", NULL, 0},
    {"./x.%i", NULL, 0},
    {"../x.%i", NULL, 0},
    {"a/../x.%i", NULL, 0},
    {"a/./x.%i", NULL, 0},
    {"%Y/x.%i", NULL, 0},
    {"a%/x.%i", NULL, 0},
    {"*/x.%i", NULL, 0},
    {"a/", NULL, 0},
    {"a/app.log", NULL, 0},
    {"", NULL, 0},
};

TEST(a_folder_is_below_the_logs_own)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t size = strlen(texts[i].text);
		struct folder_pattern pattern;
		struct name_pattern_error error = {NULL};
		struct name_values values;
		int got = folder_pattern_read(
		    &pattern, test_guarded(texts[i].text, size), size, &error);

		printf("# %s\n", texts[i].text);
		CHECK_EQUAL_INT(got, texts[i].name != NULL ? 0 : -EINVAL);
		CHECK((error.text != NULL) == (got != 0));
		if (got != 0)
			continue;
		CHECK_EQUAL_INT(pattern.folder_size, texts[i].folder_size);
		CHECK(name_pattern_match(&pattern.pattern, texts[i].name,
		    strlen(texts[i].name), &values));
	}
}

TEST(a_folder_has_so_many_bytes)
{
	char text[FOLDER_PATTERN_SIZE_MAX + 20];
	struct folder_pattern pattern;
	struct name_pattern_error error;

	memset(text, 'a', sizeof(text));
	memcpy(text + FOLDER_PATTERN_SIZE_MAX - 1, "/%i", 3);
	CHECK_EQUAL_INT(folder_pattern_read(&pattern, text,
			    FOLDER_PATTERN_SIZE_MAX + 2, &error),
	    0);
	memcpy(text + FOLDER_PATTERN_SIZE_MAX - 1, "a/%i", 4);
	CHECK_EQUAL_INT(folder_pattern_read(&pattern, text,
			    FOLDER_PATTERN_SIZE_MAX + 3, &error),
	    -EINVAL);
}

TEST(a_percent_sign_is_written_twice)
{
	static const struct {
		const char *text;
		bool want;
	} all[] = {{"", false}, {"a", false}, {"%", true}, {"%%", false},
	    {"%%%", true}, {"a%%b", false}, {"%Y", true}, {"%%%%Y", false},
	    {"%%%Y", true}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		CHECK_EQUAL_INT(
		    name_pattern_is_variable(
			test_guarded(all[i].text, strlen(all[i].text)),
			strlen(all[i].text)),
		    all[i].want);
}
