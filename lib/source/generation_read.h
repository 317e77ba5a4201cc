/*
 * generation_read.h - one read of a file of a log.
 *
 * What is read is proven before it is used: first the data, then once more
 * the window before them.  A truncation in between cannot slip through, as it
 * would in any other order.
 */
#ifndef GENERATION_READ_H
#define GENERATION_READ_H

#include "source/generation.h"

/*
 * One read, proven, into the buffer, of nothing behind the offset limit: the
 * bytes, 0 at the end for now, RESULT_CHANGED when the file is not what it was
 * (truncated, refilled), -errno; -ESTALE: there is no such file any more.
 * Nothing has moved yet: generation_take() must follow before records are
 * taken.  Never more than the look at its size just before has shown, and no
 * NULs before data follow them.
 */
ssize_t generation_read(struct generation *generation,
    struct generation_buffer *buffer, uint64_t limit);

#endif
