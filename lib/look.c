/*
 * look.c - what a source is just now.
 */
#include "config.h"

#include "look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fdio.h"
#include "log_names.h"

static struct look result_of(enum look_result result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static struct look
result_of(enum look_result result, const char *format, ...)
{
	struct look look = {.result = result};
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(look.text, sizeof(look.text), format, arguments);
	va_end(arguments);
	return look;
}

/* Why the folder of the path cannot be used; 0: it can. */
static int
folder_error(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL   ? strdup(".")
		       : slash == path ? strdup("/")
				       : strndup(path, (size_t)(slash - path));
	int error = folder != NULL ? 0 : -ENOMEM;

	if (error == 0 && faccessat(AT_FDCWD, folder, X_OK, AT_EACCESS) != 0)
		error = -errno;
	free(folder);
	return error;
}

static struct look
look_missing(const struct stream_conf *conf, const char *path)
{
	int error = folder_error(path);

	if (error != 0)
		return result_of(
		    LOOK_NOTHING, "its folder: %s", strerror(-error));
	if (strstr(path, " #") != NULL)
		return result_of(LOOK_WARNING,
		    "does not exist; a comment stands on a line of its own,"
		    " and \" #\" is a part of the path here");
	return result_of(conf->follow ? LOOK_WARNING : LOOK_NOTHING,
	    "does not exist%s (its folder does)",
	    conf->follow ? "; it is waited for" : "");
}

static struct look
look_at_path(const struct stream_conf *conf, const char *path)
{
	struct sse_file_stat stat;
	int error = sse_path_stat(path, &stat);

	if (error == -ENOENT)
		return look_missing(conf, path);
	if (error != 0)
		return result_of(LOOK_NOTHING, "%s", strerror(-error));
	if (!S_ISREG(stat.mode) && !S_ISFIFO(stat.mode))
		return result_of(LOOK_NOTHING,
		    S_ISDIR(stat.mode)
			? "is a folder; write the path of a file in it"
			: "is neither a regular file nor a FIFO");
	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
		return result_of(LOOK_NOTHING,
		    "%s (user %u; the file is of user %u, with mode %04o);"
		    " write: setfacl -m u:%u:r FILE, or add the user to the"
		    " file's group",
		    strerror(errno), (unsigned)geteuid(), stat.owner,
		    stat.mode & 07777, (unsigned)geteuid());
	return result_of(LOOK_FINE, "%s", "");
}

struct look
look_at(const struct stream_conf *conf)
{
	char *path = log_names_unescape(conf->source);
	bool is_plain = path != NULL && strchr(path, '%') == NULL;
	struct look look = result_of(LOOK_FINE, "%s", "");
	int error;

	if (is_plain && strcmp(path, "-") != 0) {
		look = look_at_path(conf, path);
	} else if (path != NULL && !is_plain) {
		error = folder_error(path);
		if (error != 0)
			look = result_of(
			    LOOK_NOTHING, "its folder: %s", strerror(-error));
	}
	free(path);
	return look;
}
