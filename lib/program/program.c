/*
 * program.c - what the programs do in the same way.
 */
#include "config.h"

#include "program/program.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/become.h"
#include "conf/conf_setting.h"
#include "conf/help.h"
#include "base/escape.h"
#include "stream/look.h"
#include "base/obstacle.h"
#include "fdio.h"
#include "random.h"
#include "stream/shape.h"

#define LINE_SIZE_MAX 2048 /* bytes of a line of --check */

/* 0 or -errno. */
static int
print(const struct sse_buf *text)
{
	bool done = text->size == 0 ||
		    (fwrite(text->data, 1, text->size, stdout) == text->size &&
			fflush(stdout) == 0);

	return done ? 0 : -errno;
}

/* One line on standard error, whatever is in it. */
static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
tell(const char *format, ...)
{
	char text[LINE_SIZE_MAX], line[4 * LINE_SIZE_MAX];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	escape_text(sse_slice(text), line, sizeof(line));
	(void)fprintf(stderr, "%s\n", line);
}

/* The file that a stream is configured in; NULL: the command line. */
static const char *
file_of(const struct conf *conf, size_t stream)
{
	const struct conf_setting *said =
	    conf_said(conf, stream, CONF_KEY_SOURCE);

	return said != NULL ? said->path : NULL;
}

/* Whether the user that is checked as may read the configuration itself. */
static bool
look_at_files(const struct conf *conf)
{
	char why[OBSTACLE_TEXT_SIZE_MAX] = "Permission denied";
	const char *last = NULL;
	bool fine = true;

	for (size_t i = 0; i < conf_streams(conf); i++) {
		const char *path = file_of(conf, i);

		if (path == NULL || path == last ||
		    faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0)
			continue;
		(void)obstacle_explain(path, -EACCES, why);
		tell("%s: %s", path, why);
		last = path;
		fine = false;
	}
	return fine;
}

/* Why a log could not be written there, as -errno; nothing is made. */
static int
log_error(const char *path)
{
	struct sse_file_stat stat;
	char folder[PATH_MAX] = ".";
	const char *slash = strrchr(path, '/');
	size_t size = slash != NULL ? (size_t)(slash - path) + 1 : 0;

	if (sse_path_stat(path, &stat) == 0 && S_ISDIR(stat.mode))
		return -EISDIR;
	if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
		return 0;
	if (errno != ENOENT || size >= sizeof(folder))
		return -errno;
	if (size > 0) {
		memcpy(folder, path, size);
		folder[size] = '\0';
	}
	return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0
		   ? 0
		   : -errno;
}

static bool
is_file(const char *log)
{
	return log != NULL && strcmp(log, "stderr") != 0 &&
	       strcmp(log, "syslog") != 0;
}

static bool
look_at_log(const struct conf *conf)
{
	const struct conf_place place = conf_place_of(conf, CONF_KEY_LOG);
	const char *path = conf_log(conf);
	struct conf_error why;
	int error = is_file(path) ? log_error(path) : 0;

	if (error == 0)
		return true;
	(void)conf_refuse(&why, &place, "%s: %s", path, strerror(-error));
	tell("%s", why.text);
	return false;
}

/* Whether the last lines are as the configuration has it: no error. */
static void
look_at_shape(const struct stream_conf *stream)
{
	char text[SHAPE_TEXT_SIZE_MAX];

	if (shape_of_start(stream, NULL, NULL, text) == SHAPE_DIFFERS)
		tell("%s: %s: %s", stream->name, stream->source, text);
	if (shape_of_time(stream, NULL, NULL, text) == SHAPE_DIFFERS)
		tell("%s: %s: %s", stream->name, stream->source, text);
}

/* It may be meant so, but nobody would see why nothing matches. */
static void
look_at_pattern(const struct stream_conf *stream, enum conf_key_index index,
    const char *pattern)
{
	const char *comment = strstr(pattern, " # ");

	if (comment != NULL)
		tell("%s: %s: \"%s\" is a part of the pattern; a comment stands"
		     " on a line of its own",
		    stream->name, conf_key_at(index)->name, comment);
}

/* What is wrong with the sources, on standard error: what to exit with. */
static enum program_exit
look_at_sources(const struct conf *conf)
{
	bool fine = look_at_files(conf);
	char text[LOOK_TEXT_SIZE_MAX];
	int got = 1;

	fine = look_at_log(conf) && fine;
	if (conf_streams(conf) == 0) {
		tell("%s", PROGRAM_NO_STREAM);
		return PROGRAM_USAGE;
	}
	for (size_t i = 0; i < conf_streams(conf) && got >= 0; i++) {
		const struct stream_conf *stream = conf_stream(conf, i);

		got = look_is_fine(stream, text);
		if (got == 1) {
			look_at_shape(stream);
			look_at_pattern(
			    stream, CONF_KEY_INCLUDE, stream->include);
			look_at_pattern(
			    stream, CONF_KEY_EXCLUDE, stream->exclude);
			continue;
		}
		tell("%s: %s: %s", stream->name, stream->source, text);
		fine = false;
	}
	if (got < 0)
		return PROGRAM_SYSTEM;
	return fine ? PROGRAM_DONE : PROGRAM_CHECK;
}

static enum program_exit
look(const struct conf *conf, const struct options_asked *asked)
{
	int error = asked->as != NULL ? become_user(asked->as) : 0;

	if (error == 0)
		return look_at_sources(conf);
	if (error == -EPERM)
		tell("--as: only root can look as another user; begin the"
		     " command with sudo");
	else
		tell("--as: \"%s\": %s", asked->as,
		    error == -ENOENT ? "there is no such user"
				     : strerror(-error));
	return PROGRAM_USAGE;
}

/* The text that is asked for. */
static int
add_asked(const struct conf *conf, enum options_program program,
    enum options_action action, struct sse_buf *text)
{
	if (action == OPTIONS_CHECK)
		return conf_print(conf, text);
	if (action == OPTIONS_HELP)
		return help_print(program, text);
	return sse_buf_add(
	    text, PACKAGE_STRING "\n", sizeof(PACKAGE_STRING "\n") - 1);
}

enum program_exit
program_tell(const struct conf *conf, enum options_program program,
    const struct options_asked *asked)
{
	struct sse_buf text;
	int error;

	assert(asked->action != OPTIONS_SERVE);
	sse_buf_init(&text, 16 * CONF_TEXT_SIZE_MAX);
	error = add_asked(conf, program, asked->action, &text);
	if (error == 0)
		error = print(&text);
	sse_buf_done(&text);
	if (error == 0)
		return asked->action == OPTIONS_CHECK ? look(conf, asked)
						      : PROGRAM_DONE;
	(void)fprintf(stderr, PACKAGE_NAME ": nothing can be printed: %s\n",
	    strerror(-error));
	return PROGRAM_SYSTEM;
}

uint64_t
program_random(void)
{
	return sse_random();
}

/*
 * What fails as a closed one does.  The root that a web server has changed to
 * may have no devices.
 */
static int
open_nothing(int fd)
{
	int got =
	    sse_fd_open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_WRONLY);

	return got >= 0 ? got : sse_fd_open("/", O_RDONLY | O_DIRECTORY);
}

int
program_hold_standard(void)
{
	int got = 0;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO && got >= 0; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			got = open_nothing(fd);
	return got < 0 ? got : 0;
}
