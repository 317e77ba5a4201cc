/*
 * journal_access.c - which files of a journal may be read.
 *
 * They lie where journald puts them: in a folder of the machine's id, with the
 * namespace behind it, in memory and on disk; or in the folder that is named,
 * and in such folders in it.
 */
#include "config.h"

#include "source/journal_access.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/obstacle.h"

#define MACHINE_DIGITS 32
#define MACHINE_FILE "/etc/machine-id"

static_assert(
    SOURCE_CLAUSE_SIZE_MAX >= OBSTACLE_TEXT_SIZE_MAX, "a clause fits");

static bool
ends_in(const char *name, const char *end)
{
	size_t size = strlen(name), end_size = strlen(end);

	return size > end_size && strcmp(name + size - end_size, end) == 0;
}

/* One that was not closed as it should be has the second name. */
static bool
is_journal(const char *name)
{
	return ends_in(name, ".journal") || ends_in(name, ".journal~");
}

static bool
is_machine(const char *name)
{
	size_t digits = strspn(name, "0123456789abcdef");

	return digits == MACHINE_DIGITS &&
	       (name[digits] == '\0' || name[digits] == '.');
}

static void
note_denied(struct journal_access *access, const char *path)
{
	if (access->denied++ == 0)
		(void)snprintf(access->path, sizeof(access->path), "%s", path);
}

static void
look_at_file(struct journal_access *access, const char *path)
{
	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0)
		access->readable++;
	else if (errno == EACCES)
		note_denied(access, path);
}

/* Its files, and those of machines in it. */
static int
look_at_folder(
    struct journal_access *access, const char *folder, bool has_machines)
{
	DIR *names = opendir(folder);
	const struct dirent *entry;

	if (names == NULL && errno == EACCES)
		note_denied(access, folder);
	if (names == NULL)
		return -errno;
	while ((entry = readdir(names)) != NULL) {
		char path[PATH_MAX];
		int size = snprintf(
		    path, sizeof(path), "%s/%s", folder, entry->d_name);

		if (size < 0 || (size_t)size >= sizeof(path))
			continue;
		if (is_journal(entry->d_name))
			look_at_file(access, path);
		else if (has_machines && is_machine(entry->d_name))
			(void)look_at_folder(access, path, false);
	}
	(void)closedir(names);
	return 0;
}

/* This machine's id; "": it has none. */
static void
read_machine(char machine[MACHINE_DIGITS + 1])
{
	FILE *file = fopen(MACHINE_FILE, "re");
	size_t got = 0;

	if (file != NULL)
		got = fread(machine, 1, MACHINE_DIGITS, file);
	machine[got] = '\0';
	if (file != NULL)
		(void)fclose(file);
}

void
journal_access_look(
    const struct journal_place *place, struct journal_access *ret_access)
{
	static const char *const bases[] = {
	    "/run/log/journal", "/var/log/journal"};
	const char *name_space = place->name_space;
	char machine[MACHINE_DIGITS + 1];

	*ret_access = (struct journal_access){.readable = 0};
	if (place->directory != NULL) {
		ret_access->error =
		    look_at_folder(ret_access, place->directory, true);
		return;
	}
	read_machine(machine);
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		char folder[PATH_MAX];

		(void)snprintf(folder, sizeof(folder), "%s/%s%s%s", bases[i],
		    machine, name_space != NULL ? "." : "",
		    name_space != NULL ? name_space : "");
		(void)look_at_folder(ret_access, folder, false);
	}
}

static int
error_of(const struct journal_access *access)
{
	if (access->readable > 0)
		return 0;
	return access->denied > 0 ? -EACCES : access->error;
}

static bool
explain_none(
    const struct journal_place *place, char clause[SOURCE_CLAUSE_SIZE_MAX])
{
	if (place->directory != NULL)
		(void)snprintf(clause, SOURCE_CLAUSE_SIZE_MAX,
		    "there is no file of a journal in the folder");
	else if (place->name_space != NULL)
		(void)snprintf(clause, SOURCE_CLAUSE_SIZE_MAX,
		    "there is no journal of this namespace");
	else
		(void)snprintf(clause, SOURCE_CLAUSE_SIZE_MAX,
		    "this machine has no journal in /run/log/journal or"
		    " /var/log/journal");
	return true;
}

int
journal_access_error(const struct journal_place *place)
{
	struct journal_access access;

	journal_access_look(place, &access);
	return error_of(&access);
}

int
journal_access_peek(const struct journal_place *place)
{
	struct journal_access access;
	int error;

	journal_access_look(place, &access);
	error = error_of(&access);
	return error == 0 && access.readable == 0 ? -ENODATA : error;
}

bool
journal_access_is_whole(const struct journal_place *place)
{
	struct journal_access access;

	journal_access_look(place, &access);
	return access.denied == 0;
}

bool
journal_access_explain(const struct journal_place *place, int error,
    char clause[SOURCE_CLAUSE_SIZE_MAX])
{
	struct journal_access access;

	if (error == -EIO) {
		(void)snprintf(clause, SOURCE_CLAUSE_SIZE_MAX,
		    "a file of the journal was cut, or its disk fails");
		return true;
	}
	if (error == -ENODATA)
		return explain_none(place, clause);
	journal_access_look(place, &access);
	if (error != error_of(&access))
		return false;
	if (error == -EACCES)
		return obstacle_explain(access.path, error, clause);
	return place->directory != NULL &&
	       obstacle_explain(place->directory, error, clause);
}
