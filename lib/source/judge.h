/*
 * judge.h - what the candidates of a search mean: what was lost, and which of
 * them have to be read.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "source/search.h"

#define JUDGE_BEHIND_MAX 8 /* files before the base that are kept open */

/*
 * Files after the base that are opened at once.  Who was away long may have to
 * read more of them than there are descriptors; of those it is known which they
 * are, and they are looked for when these have been read: by what they are, as
 * their names may be others by then.  What has gone meanwhile is told of.
 */
#ifndef JUDGE_AHEAD_MAX
#define JUDGE_AHEAD_MAX 4
#endif

/*
 * Names what is missing, begins with what is certainly unseen where nothing
 * holds the position, and says from which candidate on they are due.
 */
void judge(struct search *search);

/* The part of the candidate at index, once it was judged; there is a base. */
enum search_part judge_part(struct search *search, size_t index);

/*
 * Where the base is a copy: whether this one is, too, or the original that they
 * were made of.  What has no place among the names any more cannot be told.
 */
bool judge_is_up_to_original(const struct search *search, size_t index);

/* Of one that follows the base: whether that is a copy of the same file. */
bool judge_is_copy_too(const struct search *search, size_t index);

/* Whether the candidate is a copy, of that file or of another one. */
bool judge_is_copy(const struct search *search, size_t index);

#endif
