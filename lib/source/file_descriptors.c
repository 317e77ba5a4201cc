/*
 * file_descriptors.c - counting what a log has open.
 */
#include "config.h"

#include "source/file_descriptors.h"

#include "source/judge.h"
#include "source/log_set.h"

/* The current file, and the older ones that are kept. */
#define OPEN_FILES (1 + LOG_SET_BEHIND_MAX)

/*
 * The folders on the way to a log, the few generations that are looked at, and
 * those that are read then: however many there are.
 */
#define SEARCH_FILES \
	(6 + SNAPSHOT_OPEN_MAX + JUDGE_BEHIND_MAX + 1 + JUDGE_AHEAD_MAX)

/* That the names are in: each may be open while it is read. */
static size_t
count_folders(const char *text, const char *generations)
{
	struct log_names *names;
	size_t count;

	if (log_names_new(text, generations, &names) != 0)
		return 1;
	count = log_names_folders(names);
	log_names_free(names);
	return count;
}

struct source_descriptors
file_descriptors(const char *text, const char *generations)
{
	return (struct source_descriptors){
	    .open = OPEN_FILES + count_folders(text, generations),
	    .search = SEARCH_FILES,
	};
}
