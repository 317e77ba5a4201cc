#include "test.h"

#include <errno.h>
#include <string.h>

#include "conf/conf_setting.h"

static const struct conf_place of_file = {.path = "/c", .line = 2};
static const struct conf_place of_command = {0};

static int
set(struct conf_settings *settings, const struct conf_place *place,
    enum conf_key_index index, const char *value, struct conf_error *ret_error)
{
	return conf_settings_set(
	    settings, place, index, sse_slice(value), ret_error);
}

TEST(a_value_is_kept_as_it_was_written_and_where)
{
	struct conf_settings settings = {0};
	const struct conf_setting *retry = &settings.of[CONF_KEY_RETRY];
	struct conf_error error;
	char text[] = "0005s and more";

	/* A copy: the text of the file is not kept. */
	CHECK_EQUAL_INT(conf_settings_set(&settings, &of_file, CONF_KEY_RETRY,
			    (struct sse_slice){text, 5}, &error),
	    0);
	memset(text, 'x', sizeof(text));
	CHECK_EQUAL_TEXT(sse_slice(retry->text), SLICE("0005s"));
	CHECK(retry->path == of_file.path);
	CHECK_EQUAL_INT(retry->line, 2);
	for (int i = 0; i < CONF_KEY_COUNT; i++)
		CHECK((settings.of[i].text != NULL) == (i == CONF_KEY_RETRY));
	conf_settings_done(&settings);
	CHECK(retry->text == NULL);
}

TEST(what_was_said_stays)
{
	static const struct {
		const struct conf_place *first, *second;
		const char *why;
	} cases[] = {
	    {&of_file, &of_file, "/c:2: is already set in line 2"},
	    {&of_file, &of_command, "is already set in line 2"},
	    {&of_command, &of_command, "is given twice"},
	    {&of_command, &of_file, "/c:2: is given twice"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_settings settings = {0};
		struct conf_error error;

		CHECK_EQUAL_INT(set(&settings, cases[i].first, CONF_KEY_IDS,
				    "none", &error),
		    0);
		CHECK_EQUAL_INT(set(&settings, cases[i].second, CONF_KEY_IDS,
				    "record", &error),
		    -EINVAL);
		CHECK_EQUAL_TEXT(
		    sse_slice(error.text), sse_slice(cases[i].why));
		CHECK_EQUAL_TEXT(
		    sse_slice(settings.of[CONF_KEY_IDS].text), SLICE("none"));
		conf_settings_done(&settings);
	}
}

/* What is refused was not said: another value may follow. */
TEST(a_value_that_is_refused_leaves_nothing_behind)
{
	struct conf_settings settings = {0};
	struct conf_error error;

	CHECK_EQUAL_INT(
	    set(&settings, &of_file, CONF_KEY_RETRY, "soon", &error), -EINVAL);
	CHECK(settings.of[CONF_KEY_RETRY].text == NULL);
	CHECK_EQUAL_INT(
	    set(&settings, &of_file, CONF_KEY_RETRY, "5s", &error), 0);
	conf_settings_done(&settings);
}

TEST(some_values_are_right_on_the_command_line_alone)
{
	static const struct {
		enum conf_key_index index;
		const char *value;
		bool of_file, of_command; /* it is taken */
	} cases[] = {
	    {CONF_KEY_SOURCE, "/x", true, true},
	    {CONF_KEY_SOURCE, "x", false, true},
	    {CONF_KEY_SOURCE, "-", false, true},
	    {CONF_KEY_SOURCE, "~/x", false, false},
	    {CONF_KEY_SOURCE, "'/x'", false, false},
	    {CONF_KEY_LOG, "/x", true, true},
	    {CONF_KEY_LOG, "x", false, true},
	    {CONF_KEY_LOG, "stderr", true, true},
	    {CONF_KEY_LOG, "syslog", true, true},
	    {CONF_KEY_LOG, "Syslog", false, true},
	    {CONF_KEY_LOG, "-", false, true},
	    {CONF_KEY_LOG, "~/x", false, false},
	    /* It is not a path. */
	    {CONF_KEY_LISTEN, "~", true, true},
	    {CONF_KEY_EVENT, "x", true, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_error error;

		CHECK_EQUAL_INT(conf_setting_check(&of_file, cases[i].index,
				    cases[i].value, &error),
		    cases[i].of_file ? 0 : -EINVAL);
		CHECK_EQUAL_INT(conf_setting_check(&of_command, cases[i].index,
				    cases[i].value, &error),
		    cases[i].of_command ? 0 : -EINVAL);
	}
}

TEST(a_value_in_quotes_is_told_what_to_write)
{
	static const char *const values[] = {"\"5s\"", "'5s'", "\"5s", "'"};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct conf_error error;

		CHECK_EQUAL_INT(conf_setting_check(&of_file, CONF_KEY_RETRY,
				    values[i], &error),
		    -EINVAL);
		CHECK(strstr(error.text, "; values are written without "
					 "quotes") != NULL);
	}
}
