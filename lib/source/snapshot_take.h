/*
 * snapshot_take.h - looking at a log and its generations.
 *
 * All are looked at before any is judged; then the directory is listed again.
 * Only two listings that agree are a state that existed.
 */
#ifndef SNAPSHOT_TAKE_H
#define SNAPSHOT_TAKE_H

#include "source/snapshot.h"

#define SNAPSHOT_TRIES_MAX 6 /* for listings that do not agree */

/*
 * Takes a snapshot of the log with these names, at that time of the file
 * system's clock.  Symbolic links of the path are followed.  Generations are
 * looked for beside the file that it leads to, or in a folder below: regular
 * files of the same owner, and each once; none where the directory may not be
 * read.  What may not be read is among them, without a descriptor; what is held
 * has the descriptor of who holds it.  The names are kept in the cache; NULL:
 * nowhere.  0, also where there is no log; -ENOMEM; -EACCES where nobody can
 * say whether the log is there; or the error of opening the directory.
 */
int snapshot_take(struct snapshot *snapshot, const struct log_names *names,
    int64_t now_ms, struct listing_cache *cache,
    const struct snapshot_held *held);

/*
 * The same for who searches all that there is, and holds nothing: RESULT_NONE
 * too, where there is no file, and -EACCES where the current one may not be
 * read (yet).  What was taken is in *snapshot then, too.
 */
int snapshot_take_searched(struct snapshot *snapshot,
    const struct log_names *names, int64_t now_ms, struct listing_cache *cache);

/*
 * Whether another one would be equal: the names are what they were, and so are
 * the files.  False also when that cannot be said without taking it.
 */
bool snapshot_is_still(const struct snapshot *snapshot,
    const struct log_names *names, struct listing_cache *cache, int64_t now_ms);

#endif
