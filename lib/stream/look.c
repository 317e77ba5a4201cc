/*
 * look.c - what a source is just now.
 */
#include "config.h"

#include "stream/look.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "conf/conf_error.h"
#include "clock.h"
#include "fdio.h"
#include "random.h"
#include "source/source.h"
#include "stream/stream.h"

#define LOOK_ANSWER_MS 2000     /* how long an engine may take to answer */
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

/* Whether it is still to be waited for what the source says. */
static bool
waits_for_answer(const struct stream *stream, int64_t end_ms)
{
	struct source_poll next = stream_poll(stream);
	struct pollfd fd = {.fd = next.fd, .events = next.events};
	int64_t left_ms = end_ms - sse_clock_monotonic_ms(sse_clock_system());

	if (!next.awaited || next.error != 0 || left_ms <= 0)
		return false;
	(void)poll(&fd, 1,
	    (int)(next.timeout_ms < left_ms ? next.timeout_ms : left_ms));
	return true;
}

/* An engine tells only when it is asked, as the first client would ask it. */
static int
ask(const struct stream_conf *conf)
{
	const struct sse_clock *clock = sse_clock_system();
	int64_t end_ms = sse_clock_monotonic_ms(clock) + LOOK_ANSWER_MS;
	struct source_poll last;
	struct stream *stream;
	int got = stream_new(conf, clock, sse_random(), NULL, &stream);

	if (got != 0)
		return got;
	got = stream_start_newest(stream, 0);
	while (got == 0 && waits_for_answer(stream, end_ms))
		got = stream_go_on_starting(stream);
	last = stream_poll(stream);
	stream_free(stream);
	if (got < 0 || last.error != 0)
		return got < 0 ? got : last.error;
	return last.awaited ? -ETIMEDOUT : 0;
}

int
look_is_fine(const struct stream_conf *conf, char text[LOOK_TEXT_SIZE_MAX])
{
	char room[STREAM_ERROR_SIZE_MAX];
	int error = look_error(conf, NULL);
	const char *advice = "";

	if (error == 0 && !source_is_path(conf->source))
		error = ask(conf);
	if (error == 0)
		return !look_is_stream_file(conf, text);
	if (error == -ENOENT && strstr(conf->source, " #") != NULL)
		advice = "; a comment stands on a line of its own, and \" #\""
			 " is a part of the path here";
	else if ((error == -ENOENT || error == -ENODATA) && conf->follow)
		advice = "; it is waited for";
	(void)snprintf(text, LOOK_TEXT_SIZE_MAX, "%s%s",
	    stream_error_text(conf, error, room), advice);
	return error == -ENOMEM ? error : 0;
}
