#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "confs.h"

/* What a stream has that nothing was said about, as it is printed. */
#define FIRST_DEFAULTS                                                   \
	"; default\ngenerations =\n; default\nfield =\n"                 \
	"; default\nmatch =\n; default\njournal-poll = 100ms\n"          \
	"; default\nsource-user =\n"                                     \
	"; default\nsource-password-file =\n"                            \
	"; default\nselect = path\n; default\nfollow = yes\n"            \
	"; default\nfrom = -10\n; default\nreplay = 8M\n"                \
	"; default\nformat = lines\n; default\nrecord-start =\n"         \
	"; default\nrecord-wait = 500ms\n; default\nrecord-max = 256K\n" \
	"; default\nansi = strip\n; default\ninclude =\n"                \
	"; default\nexclude =\n; default\ntime-format =\n"
#define LAST_DEFAULTS                                               \
	"; default\nretry = 2s\n; default\nheartbeat = 15s\n"       \
	"; default\nmax-age = 0\n; default\nwrite-timeout = 30s\n"  \
	"; default\nrotate-wait = 1s\n; default\norigin =\n"        \
	"; default\ncredentials = no\n; default\nallow-headers =\n" \
	"; default\nviewer = yes\n; default\nindex = no\n"          \
	"; default\nflush = frame\n; default\nbacklog = 4M\n"       \
	"; default\nstream-clients = 0\n"

TEST(what_is_printed_says_where_it_came_from)
{
	struct conf *conf = conf_new();
	struct conf_error error;
	struct sse_buf out;

	CHECK_EQUAL_INT(
	    conf_add_text(conf, "/c\n",
		SLICE("log = /l\nids = none\n[f]\n\nsource = /f =;\n"), &error),
	    0);
	CHECK_EQUAL_INT(
	    command_line(conf, LIST("event", ""), LIST("n=/a"), &error), 0);
	sse_buf_init(&out, 100000);
	CHECK_EQUAL_INT(conf_print(conf, &out), 0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&out),
	    SLICE("; /c\\x0a:1\nlog = /l\n"
		  "\n[f]\n"
		  "; /c\\x0a:5\nsource = /f =;\n" FIRST_DEFAULTS
		  "; default\nevent =\n"
		  "; /c\\x0a:2\nids = none\n" LAST_DEFAULTS "\n[n]\n"
		  "; command line\nsource = /a\n" FIRST_DEFAULTS
		  "; command line\nevent =\n"
		  "; default\nids = position\n" LAST_DEFAULTS));
	sse_buf_done(&out);
	conf_free(conf);
}

/* Without its comments, which tell other places. */
static void
drop_comments(struct sse_buf *text)
{
	size_t kept = 0;
	bool comment = false;

	for (size_t i = 0; i < text->size; i++) {
		if (i == 0 || text->data[i - 1] == '\n')
			comment = text->data[i] == ';';
		if (!comment)
			text->data[kept++] = text->data[i];
	}
	text->size = kept;
}

TEST(what_is_printed_can_be_read_again)
{
	struct conf *conf = conf_of(SLICE(
	    "log = /a b\n[x]\nsource = /f # [x] = \"y\" ; \\ \xe2\x82\xac\n"
	    "event = \xc3\xa4\nfrom = -7\nretry = 90s\n[y]\nsource=/y\n"));
	struct conf *again;
	struct sse_buf first, second;

	sse_buf_init(&first, 100000);
	sse_buf_init(&second, 100000);
	CHECK_EQUAL_INT(conf_print(conf, &first), 0);
	again = conf_of(sse_buf_slice(&first));
	CHECK_EQUAL_INT(conf_print(again, &second), 0);
	drop_comments(&first);
	drop_comments(&second);
	CHECK_EQUAL_TEXT(sse_buf_slice(&first), sse_buf_slice(&second));
	CHECK_EQUAL_TEXT(sse_slice(stream_of(again, "x")->source),
	    SLICE("/f # [x] = \"y\" ; \\ \xe2\x82\xac"));
	sse_buf_done(&first);
	sse_buf_done(&second);
	conf_free(again);
	conf_free(conf);
}

TEST(printing_reports_that_there_is_no_room)
{
	struct conf *conf = conf_of(SLICE("source = /x\n"));
	struct sse_buf out;

	for (size_t size = 0; size < 300; size++) {
		sse_buf_init(&out, size);
		CHECK_EQUAL_INT(conf_print(conf, &out), -ENOBUFS);
		sse_buf_done(&out);
	}
	conf_free(conf);
}
