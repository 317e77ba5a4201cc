/*
 * moods.c - the table of moods.
 */
#include "config.h"

#include "moods.h"

#include <string.h>

#include "files.h"

static const struct mood moods[] = {
    /* Rotations; nothing may be told as missing. */
    {"calm", {0}, {[STEP_ROTATE] = 4}},

    /* Copies and truncations. */
    {"copy", {0}, {[STEP_COPYTRUNCATE] = 3, [STEP_COPYTRUNCATE_BUSY] = 2}},

    /* Rotations in any way, truncations, deletions. */
    {"rename", {0},
	{[STEP_REOPEN] = 4,
	    [STEP_ROTATE] = 3,
	    [STEP_RENAME] = 3,
	    [STEP_TRUNCATE] = 1,
	    [STEP_DELETE] = 1}},

    /* All of it with the same log. */
    {"mixed", {0},
	{[STEP_REOPEN] = 4,
	    [STEP_ROTATE] = 3,
	    [STEP_RENAME] = 2,
	    [STEP_COPYTRUNCATE] = 1,
	    [STEP_COPYTRUNCATE_BUSY] = 1,
	    [STEP_TRUNCATE] = 1,
	    [STEP_DELETE] = 1}},

    /* Replaced by longer copies of itself, and rotated. */
    {"replaced", {0},
	{[STEP_REPLACE] = 3, [STEP_REWRITE] = 3, [STEP_ROTATE] = 2}},

    /* Other logs beside it, whose names have other digits. */
    {"neighbours", {.log = "app-2.1.log"},
	{[STEP_NEIGHBOUR] = 20, [STEP_ROTATE] = 4}},

    /* Files with two names. */
    {"links", {0},
	{[STEP_LINK] = 2, [STEP_SWITCH_LINK] = 3, [STEP_ROTATE] = 1}},

    /* A new log that may not be read at once. */
    {"private", {0},
	{[STEP_ROTATE_PRIVATELY] = 4, [STEP_PERMIT] = 6, [STEP_ROTATE] = 1}},

    /* Names of the day, and others that are none. */
    {"dated", {.source = WORLD_DATED},
	{[STEP_MIDNIGHT] = 4, [STEP_NEIGHBOUR] = 5}},

    /* Generations as their writer names them, where a pattern says so. */
    {"older",
	{.log = "app.log",
	    .generations = "app.%i.log",
	    .before = "app.",
	    .after = ".log"},
	{[STEP_ROTATE] = 4, [STEP_RENAME] = 2, [STEP_REOPEN] = 2}},
    {"newer",
	{.log = "app.log",
	    .generations = FILES_OLDER "/app.%I.log",
	    .before = FILES_OLDER "/app.",
	    .after = ".log",
	    .greater_is_newer = true},
	{[STEP_ROTATE] = 4, [STEP_RENAME] = 2, [STEP_REOPEN] = 2}},

    /* NULs: writers that stay at their offset, and sizes before the data. */
    {"nuls", {.at_offset = true},
	{[STEP_COPYTRUNCATE] = 3,
	    [STEP_COPYTRUNCATE_BUSY] = 1,
	    [STEP_AHEAD] = 6}},

    /* Over a network: what has lost its name is gone at once. */
    {"stale", {.stale_handles = true},
	{[STEP_ROTATE] = 4,
	    [STEP_DELETE] = 1,
	    [STEP_REOPEN] = 2,
	    [STEP_REPLACE] = 1}},

    /* Sizes that are older than the data. */
    {"lag", {.size_lag_ms = 20}, {[STEP_ROTATE] = 4}},
};

const struct mood *
moods_find(const char *name)
{
	for (size_t i = 0; i < sizeof(moods) / sizeof(moods[0]); i++)
		if (strcmp(moods[i].name, name) == 0)
			return &moods[i];
	return NULL;
}
