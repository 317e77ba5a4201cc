/*
 * log_names_rank.h - whether a name is a log's, and where it stands among its
 * names.  Pure.
 */
#ifndef LOG_NAMES_RANK_H
#define LOG_NAMES_RANK_H

#include <limits.h>

#include "source/link_pattern.h"
#include "source/log_names.h"
#include "source/log_rank.h"

/* The current file that generations are looked for of. */
struct log_base {
	char name[NAME_MAX + 1]; /* "": not known, the names are dated */
	size_t size;             /* of the name */
	struct link_pattern link;
};

/* Of the path's last part, and of the name that it leads to. */
void log_base_init(
    struct log_base *base, const struct log_names *names, const char *target);

/* What all names of the log in that folder begin with; "": they differ. */
void log_names_prefix(const struct log_names *names,
    const struct log_base *base, size_t folder, char ret_prefix[NAME_MAX + 1]);

/* Whether a name in the folder with that index is the log's: its rank. */
bool log_names_rank(const struct log_names *names, const struct log_base *base,
    size_t folder, const char *name, struct log_rank *ret_rank);

#endif
