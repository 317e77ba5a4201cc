/*
 * redis_reader.h - from the bytes of a connection to a Redis server to what it
 * answers.
 *
 * A server may send any number of bytes.  How many a text has is said before
 * it, and nothing waits until it is whole: what there is no room for is read,
 * and left out.  What is left out is marked, and the answer goes on behind it.
 *
 * An answer is an array, mostly, of which the last item is what is wanted, and
 * has all of the room.  Of the lists of fields in those before it a beginning
 * is enough, which proves an entry; and then it is the same whatever the room.
 */
#ifndef REDIS_READER_H
#define REDIS_READER_H

#include "source/redis_value.h"

/* Of a list of fields before the last item. */
#define REDIS_BRIEF_COUNT 256  /* names and values */
#define REDIS_BRIEF_SIZE 65536 /* bytes of these */

#define REDIS_DEPTH_MAX 8   /* arrays in arrays */
#define REDIS_LINE_MAX 4096 /* bytes of a status or an error */

struct redis_reader;

/* With room for so many bytes; a value counts as one of sizeof.  NULL: none. */
struct redis_reader *redis_reader_new(size_t room_size);

/* NULL is allowed. */
void redis_reader_free(struct redis_reader *reader);

/*
 * Takes bytes until an answer is whole, which lives until the next call: 1; 0:
 * it has taken all of them, and more are needed; -EPROTO: it is no answer of
 * Redis's; -ENOMEM.  After an error it can only be freed.
 */
int redis_reader_take(struct redis_reader *reader, struct sse_slice *bytes,
    const struct redis_value **ret_answer);

#endif
