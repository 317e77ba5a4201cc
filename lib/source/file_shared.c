/*
 * file_shared.c - the names in a log's folders, for all its sources.
 */
#include "config.h"

#include "source/file_shared.h"

static int
new_listing(const char *text, const char *generations, struct inotify *names,
    void **ret_context)
{
	struct listing_cache *listing;
	int error = listing_cache_new(text, generations, names, &listing);

	if (error == 0)
		*ret_context = listing;
	return error;
}

static void
free_listing(void *context)
{
	listing_cache_free(context);
}

static void
rest(void *context)
{
	listing_cache_rest(context);
}

const struct source_sharing file_sharing = {
    .new = new_listing,
    .free = free_listing,
    .rest = rest,
};

struct listing_cache *
file_shared_listing(const struct source_shared *shared)
{
	return shared != NULL ? shared->context : NULL;
}
