#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/conf_path.h"

static const struct {
	const char *path;
	const char *of_file;    /* how it is refused in a file; NULL: it is not
				 */
	const char *of_command; /* likewise, on the command line */
} cases[] = {
    {"/var/log/x", NULL, NULL},
    {"/a b/\"c\"", NULL, NULL},
    {"/~", NULL, NULL},
    {"./~x", "is not absolute, and", NULL},
    {"x.log", "is not absolute, and", NULL},
    {"", "is not absolute, and", NULL},
    {"../x", "is not absolute, and", NULL},
    {"~/x", "is not absolute, as", "is not absolute, as"},
    {"~root/x", "is not absolute, as", "is not absolute, as"},
    {"\"/x\"", "has quotes", "has quotes"},
    {"'/x'", "has quotes", "has quotes"},
    {"\"", "has quotes", "has quotes"},
    {"/var/log/", "is a folder", "is a folder"},
    {"/", "is a folder", "is a folder"},
    {"x/", "is not absolute, and", "is a folder"},
};

static void
check(const struct conf_place *place, const char *path, const char *why)
{
	struct conf_error error = {""};
	char begin[200] = "";

	CHECK_EQUAL_INT(
	    conf_path_check(place, path, &error), why != NULL ? -EINVAL : 0);
	if (why != NULL)
		(void)snprintf(begin, sizeof(begin), "%s\"%s\" %s",
		    place->path != NULL ? "/c:2: " : "", path, why);
	if (strncmp(error.text, begin, strlen(begin)) != 0 ||
	    (error.text[0] == '\0') != (why == NULL))
		test_fail(__FILE__, __LINE__, "%s: %s", path, error.text);
}

TEST(what_cannot_be_meant_as_it_stands_is_refused)
{
	const struct conf_place file = {.path = "/c", .line = 2};
	const struct conf_place command = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check(&file, cases[i].path, cases[i].of_file);
		check(&command, cases[i].path, cases[i].of_command);
	}
}
