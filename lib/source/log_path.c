/*
 * log_path.c - the path of a log's current file.
 */
#include "config.h"

#include "source/log_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/fingerprint.h"

int
log_path_init(struct log_path *path, const struct log_names *names,
    struct listing_cache *listing)
{
	*path = (struct log_path){.names = names, .listing = listing};
	if (log_names_are_dated(names))
		return 0;
	path->text = strdup(log_names_path(names));
	return path->text != NULL ? 0 : -ENOMEM;
}

void
log_path_done(struct log_path *path)
{
	free(path->text);
	path->text = NULL;
}

/* Bytes of the path before its last part. */
static size_t
folder_size(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static int
stat_folder(const struct log_path *path, struct sse_file_stat *ret_stat)
{
	const char *whole = log_names_path(path->names);
	size_t size = folder_size(whole);
	char *folder = size > 0 ? strndup(whole, size) : strdup(".");
	int error = folder != NULL ? sse_path_stat(folder, ret_stat) : -ENOMEM;

	free(folder);
	return error;
}

/* Whether the folder is as it was when it was listed. */
static bool
is_listed(const struct log_path *path, const struct sse_file_stat *folder,
    int64_t now_ms)
{
	return path->listed_ms > 0 && now_ms >= path->listed_ms &&
	       now_ms < path->listed_ms + LOG_PATH_AGE_MS &&
	       fingerprint_same_file(&path->folder, folder) &&
	       path->folder.ctime_ms == folder->ctime_ms &&
	       folder->ctime_ms + LOG_PATH_REST_MS < path->listed_ms;
}

static int
set_name(struct log_path *path, const char *name)
{
	const char *whole = log_names_path(path->names);
	char *text = NULL;

	if (name[0] != '\0' &&
	    asprintf(&text, "%.*s%s", (int)folder_size(whole), whole, name) < 0)
		return -ENOMEM;
	free(path->text);
	path->text = text;
	return 0;
}

int
log_path_look(struct log_path *path, int64_t now_ms)
{
	char name[NAME_MAX + 1];
	struct sse_file_stat folder;
	bool is_there;
	int error;

	if (!log_names_are_dated(path->names))
		return 0;
	error = stat_folder(path, &folder);
	if (error == 0 && is_listed(path, &folder, now_ms))
		return 0;
	if (error == 0)
		error = listing_find_current(
		    path->names, path->listing, now_ms, name);
	is_there = error != -ENOENT;
	if (!is_there)
		name[0] = '\0';
	if (error == 0 || !is_there)
		error = set_name(path, name);
	if (error != 0)
		return error;
	path->listed_ms = is_there ? now_ms : 0;
	if (is_there)
		path->folder = folder;
	return 0;
}

bool
log_path_is_born(const struct log_path *path, const char *name, int64_t now_ms)
{
	const char *whole = log_names_path(path->names);
	struct log_base none = {.name = ""};
	struct log_rank born, current;

	if (!log_names_are_dated(path->names))
		return strcmp(name, whole + folder_size(whole)) == 0;
	if (!log_names_rank(path->names, &none, 0, name, &born) ||
	    born.scheme != LOG_DATED || born.compressed ||
	    !log_rank_is_due(&born, now_ms, now_ms))
		return false;
	return path->text == NULL ||
	       !log_names_rank(path->names, &none, 0,
		   path->text + folder_size(path->text), &current) ||
	       log_rank_compare(&born, &current) >= 0;
}
