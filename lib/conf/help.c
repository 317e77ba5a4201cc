/*
 * help.c - the text of --help.  What it says of a key is in the table.
 */
#include "config.h"

#include "conf/help.h"

#include <string.h>

#include "base/print.h"

static int
help_own(struct sse_buf *out, const struct own_option *option)
{
	char letter[] = {'-', option->letter, ',', ' ', '\0'};

	return print_text(out, "  %s--%s%s%-*s %s\n",
	    option->letter != 0 ? letter : "    ", option->name,
	    option->takes != NULL ? " " : "",
	    (int)(22 - strlen(option->name) - (option->takes != NULL)),
	    option->takes != NULL ? option->takes : "", option->summary);
}

static int
help_key(struct sse_buf *out, const struct conf_key *key)
{
	const char *value = key->default_text;
	bool said = value != NULL && value[0] != '\0' && !key->is_flag;

	return print_text(out, "      --%s %-*s %s%s%s%s\n", key->name,
	    (int)(21 - strlen(key->name)), key->is_flag ? "" : key->takes,
	    key->summary, said ? " (" : "", said ? value : "", said ? ")" : "");
}

/* Those of streams, or those of the whole program. */
static int
help_keys(struct sse_buf *out, enum options_program program, bool of_streams)
{
	int error = 0;

	for (int i = 0; i < CONF_KEY_COUNT && error == 0; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);

		if ((key->size > 0) == of_streams &&
		    option_is_obeyed(program, key))
			error = help_key(out, key);
	}
	return error;
}

int
help_print(enum options_program program, struct sse_buf *out)
{
	bool is_cgi = program == OPTIONS_CGI;
	const char *manual = is_cgi ? "sse-cgi(1)" : "sse-fcgi(8)";
	const char *example = is_cgi
				  ? "sse-cgi /var/log/dpkg.log"
				  : "sse-fcgi --listen=unix:/run/sse-fcgi.sock"
				    " /var/log/dpkg.log";
	int error = print_text(out,
	    "Usage: %s [OPTION]... [[NAME=]SOURCE]...\n"
	    "Serves log files as streams of Server-Sent Events.\n\n",
	    is_cgi ? "sse-cgi" : "sse-fcgi");

	for (int i = 0; i < OPTION_OWN_COUNT && error == 0; i++)
		error = help_own(out, option_own((enum option_own)i));
	if (error == 0)
		error = help_keys(out, program, false);
	if (error == 0)
		error = print_text(out,
		    "\nFor all streams of the command line (and as \"key ="
		    " value\" in FILE):\n");
	if (error == 0)
		error = help_keys(out, program, true);
	if (error == 0)
		error = print_text(out,
		    "\nSIZE is in bytes, or with K, M, G or T; TIME in"
		    " seconds, or with ms, s, m,\nh or d.  Without SOURCE and"
		    " FILE: the file that SSE_CONFIG names, else\n%s.\n\n"
		    "Example: %s\n"
		    "Manual: %s, ssekit.conf(5)\n",
		    OPTION_DEFAULT_PATH, example, manual);
	return error;
}
