/*
 * file_shared.h - what all sources of one log share: the names in its folders,
 * which are read once for all of them.
 */
#ifndef FILE_SHARED_H
#define FILE_SHARED_H

#include "source/listing_cache.h"
#include "source/source_ops.h"

extern const struct source_sharing file_sharing;

/* The names; NULL: the folders are read for each look at them. */
struct listing_cache *file_shared_listing(const struct source_shared *shared);

#endif
