/*
 * link_pattern.h - the names that the target of a link had before: a log whose
 * path is a link that is switched to a new file each day, or each start.  Pure.
 *
 *	app-2026-11-24.log   other dates
 *	app.20261124-101112.4711.log
 *	                     other dates with a time, and the number behind them
 *	app.1764000000       other times in seconds since 1970
 *	0.log                other numbers, if the name has one number, and if
 *	                     the folder has nothing else
 *
 * Digits that stand elsewhere in the name are part of it.
 */
#ifndef LINK_PATTERN_H
#define LINK_PATTERN_H

#include "source/name_pattern.h"

enum link_kind {
	LINK_NONE, /* nothing in the name changes */
	LINK_DATE,
	LINK_NUMBER
};

struct link_pattern {
	enum link_kind kind;
	struct name_pattern pattern;
	struct name_values own; /* of the target itself */
	size_t size;            /* of its name */
};

/* What may change in the name of a target. */
void link_pattern_read(struct link_pattern *link, const char *target);

/* Whether the target had this name, of that size; then its values. */
bool link_pattern_match(const struct link_pattern *link, const char *name,
    size_t size, struct name_values *ret_values);

/*
 * With LINK_NUMBER: whether the name is such a one, also with more behind a
 * dot.  A folder that has others is shared, and numbers say nothing there.
 */
bool link_pattern_is_own(const struct link_pattern *link, const char *name);

#endif
