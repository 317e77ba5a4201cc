#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/help.h"

#define WIDTH_MAX 79 /* columns of a terminal, without the last */

/* The text, with a NUL behind it. */
static struct sse_buf
help_of(enum options_program program)
{
	struct sse_buf out;

	sse_buf_init(&out, 100000);
	CHECK_EQUAL_INT(help_print(program, &out), 0);
	CHECK_EQUAL_INT(sse_buf_add(&out, "", 1), 0);
	return out;
}

/* Whether a line is that of the option. */
static bool
names(const struct sse_buf *help, const char *option)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "--%s ", option);
	return strstr(help->data, text) != NULL;
}

TEST(each_line_fits_a_terminal)
{
	struct sse_buf help = help_of(OPTIONS_FCGI);
	size_t begin = 0;

	for (size_t i = 0; i < help.size; i++) {
		if (help.data[i] != '\n')
			continue;
		CHECK(i - begin <= WIDTH_MAX);
		begin = i + 1;
	}
	CHECK_EQUAL_INT(begin, help.size - 1);
	sse_buf_done(&help);
}

TEST(an_own_option_has_its_letter_and_what_it_takes)
{
	struct sse_buf help = help_of(OPTIONS_CGI);

	CHECK(strstr(help.data, "  -f, --config FILE ") != NULL);
	CHECK(strstr(help.data, "      --check ") != NULL);
	CHECK(strstr(help.data, "      --as USER ") != NULL);
	CHECK(strstr(help.data, "  -h, --help ") != NULL);
	CHECK(strstr(help.data, "  -V, --version ") != NULL);
	sse_buf_done(&help);
}

TEST(a_key_has_its_default_and_a_flag_takes_nothing)
{
	struct sse_buf help = help_of(OPTIONS_FCGI);

	CHECK(strstr(help.data, "--heartbeat TIME ") != NULL);
	CHECK(strstr(help.data, "(15s)\n") != NULL);
	CHECK(strstr(help.data, "--quiet    ") != NULL);
	CHECK(strstr(help.data, "disconnects\n") != NULL);
	CHECK(strstr(help.data, "()") == NULL);
	sse_buf_done(&help);
}

TEST(each_program_names_what_it_obeys)
{
	struct sse_buf cgi = help_of(OPTIONS_CGI);
	struct sse_buf fcgi = help_of(OPTIONS_FCGI);

	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);

		CHECK(names(&fcgi, key->name));
		CHECK_EQUAL_INT(
		    names(&cgi, key->name), option_is_obeyed(OPTIONS_CGI, key));
	}
	CHECK(strstr(cgi.data, "sse-fcgi") == NULL);
	CHECK(strstr(fcgi.data, "sse-cgi") == NULL);
	CHECK(strstr(cgi.data, OPTION_DEFAULT_PATH) != NULL);
	sse_buf_done(&cgi);
	sse_buf_done(&fcgi);
}

TEST(a_text_that_has_no_room_is_an_error)
{
	struct sse_buf out;

	sse_buf_init(&out, 1000);
	CHECK_EQUAL_INT(help_print(OPTIONS_FCGI, &out), -ENOBUFS);
	sse_buf_done(&out);
}
