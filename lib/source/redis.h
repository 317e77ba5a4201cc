/*
 * redis.h - a Redis Stream as a source of records: each entry is one.
 *
 * Many hosts can read the same stream, and give the same ids.  What was deleted
 * unread is counted, and a server that goes and comes back is waited for.
 */
#ifndef REDIS_H
#define REDIS_H

#include "source/source_ops.h"

/* Of texts as in redis_endpoint.h. */
extern const struct source_ops redis_ops;

#endif
