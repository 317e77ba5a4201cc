/*
 * journal_config.c - the text of a journal, and its keys.
 */
#include "config.h"

#include "source/journal_config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/result.h"
#include "source/entry.h"
#include "source/journal_access.h"
#include "source/journal_library.h"
#include "source/journal_match.h"
#include "source/journal_record.h"

#define FILES_MARGIN 16 /* descriptors: of files that are made later */

/* The namespace, the last part of a folder, or "journal". */
const char *
journal_config_default_name(const char *text)
{
	const char *rest = text + strlen(JOURNAL_SCHEME);
	const char *slash = strrchr(rest, '/');

	if (rest[0] == '\0')
		return "journal";
	return slash != NULL ? slash + 1 : rest;
}

int
journal_config_check(const char *text, char reason[SOURCE_REASON_SIZE_MAX])
{
	struct journal_place place;
	const char *why;
	int error = journal_place_read(text, &place, reason);

	/* Whoever is put into a sandbox later has it by then. */
	if (error != 0 || journal_library_load(&why) != NULL)
		return error;
	if (why == NULL)
		return -ENOMEM;
	(void)snprintf(reason, SOURCE_REASON_SIZE_MAX, "%s", why);
	return -EINVAL;
}

int
journal_config_check_key(
    enum source_key key, const char *value, char reason[SOURCE_REASON_SIZE_MAX])
{
	if (key == SOURCE_KEY_MATCH)
		return journal_match_check(value, reason);
	if (key != SOURCE_KEY_FIELD || strcmp(value, ENTRY_ALL_FIELDS) == 0 ||
	    strcmp(value, JOURNAL_FIELD_TEXT) == 0 ||
	    journal_field_is_name(sse_slice(value)))
		return 0;
	(void)snprintf(reason, SOURCE_REASON_SIZE_MAX,
	    "it is no name of a field (A-Z, 0-9 and \"_\", but no \"__\" in"
	    " front), nor \"*\" for all of them, nor \"text\" for a line as of"
	    " journalctl");
	return -EINVAL;
}

static bool
read_place(const char *text, struct journal_place *place)
{
	char reason[SOURCE_REASON_SIZE_MAX];

	return journal_place_read(text, place, reason) == 0;
}

bool
journal_config_explain(
    const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX])
{
	struct journal_place place;

	return read_place(text, &place) &&
	       journal_access_explain(&place, error, clause);
}

/* A journal is not one file that could be looked at. */
int
journal_config_peek(const char *text, const char *generations,
    const struct source_shared *shared)
{
	struct journal_place place;
	int error;

	(void)generations;
	(void)shared;
	if (!read_place(text, &place))
		return -EINVAL;
	error = journal_access_peek(&place);
	return error != 0 ? error : RESULT_NONE;
}

/* The folder of a journal in one of these has the machine's id as its name. */
void
journal_config_reach(const char *text, const struct source_reach *source,
    struct reaches *reaches)
{
	struct journal_place place;
	char file[PATH_MAX];

	(void)source;
	if (!read_place(text, &place))
		return;
	reaches_add(reaches, "/etc/machine-id", REACH_READ);
	if (place.directory == NULL) {
		reaches_add_folder(reaches, "/run/log/journal", REACH_READ);
		reaches_add_folder(reaches, "/var/log/journal", REACH_READ);
		return;
	}
	(void)snprintf(file, sizeof(file), "%s/.", place.directory);
	reaches_add_way(reaches, file, REACH_READ);
}

/* The library has all files open, and one that tells of changes. */
struct source_descriptors
journal_config_descriptors(const char *text, const char *generations)
{
	struct journal_access access = {.readable = 0};
	struct journal_place place;

	(void)generations;
	if (read_place(text, &place))
		journal_access_look(&place, &access);
	return (struct source_descriptors){
	    .open = access.readable + 1 + FILES_MARGIN, .search = 1};
}
