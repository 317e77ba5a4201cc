/*
 * look.c - what a source is just now.
 */
#include "config.h"

#include "stream/look.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/conf_error.h"
#include "fdio.h"
#include "source/source.h"
#include "stream/stream.h"

#define FIRST_LINE_SIZE_MAX 256 /* bytes of it that are looked at */

int
look_error(const struct stream_conf *conf, const struct source_shared *shared)
{
	int fd = source_peek(conf->source, conf->generations, shared);

	sse_fd_close(fd);
	return fd >= 0 || fd == RESULT_NONE ? 0 : fd;
}

/* The first line of what is open, or as much of it as is looked at. */
static void
read_first_line(int fd, char line[FIRST_LINE_SIZE_MAX])
{
	ssize_t got = sse_fd_pread(fd, line, FIRST_LINE_SIZE_MAX - 1, 0);

	line[got > 0 ? got : 0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
}

bool
look_is_stream_file(
    const struct stream_conf *conf, char text[LOOK_TEXT_SIZE_MAX])
{
	char line[FIRST_LINE_SIZE_MAX] = "";
	const char *bang = line;
	int fd = source_peek(conf->source, conf->generations, NULL);

	if (fd < 0)
		return false;
	read_first_line(fd, line);
	sse_fd_close(fd);
	if (strncmp(line, "\xef\xbb\xbf", 3) == 0)
		bang += 3;
	if (strncmp(bang, "#!", 2) != 0 ||
	    (strstr(bang, "sse-cgi") == NULL &&
		strstr(bang, "sse-fcgi") == NULL))
		return false;
	(void)snprintf(text, LOOK_TEXT_SIZE_MAX,
	    "%s is a stream file, not a log, and is not served as one: write"
	    " -f behind the program in its first line, which is %s, or before"
	    " its path on a command line",
	    conf_quote(sse_slice(conf->source)).text,
	    conf_quote(sse_slice(bang)).text);
	return true;
}

int
look_is_fine(const struct stream_conf *conf, char text[LOOK_TEXT_SIZE_MAX])
{
	char room[STREAM_ERROR_SIZE_MAX];
	int error = look_error(conf, NULL);
	const char *advice = "";

	if (error == 0)
		return !look_is_stream_file(conf, text);
	if (error == -ENOENT && strstr(conf->source, " #") != NULL)
		advice = "; a comment stands on a line of its own, and \" #\""
			 " is a part of the path here";
	else if (error == -ENOENT && conf->follow)
		advice = "; it is waited for";
	(void)snprintf(text, LOOK_TEXT_SIZE_MAX, "%s%s",
	    stream_error_text(conf, error, room), advice);
	return error == -ENOMEM ? error : 0;
}
