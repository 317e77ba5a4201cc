/*
 * redis_trouble.h - what a Redis server says that keeps a source from its
 * stream, as an error and in words.
 */
#ifndef REDIS_TROUBLE_H
#define REDIS_TROUBLE_H

#include "source/redis_value.h"
#include "source/source_ops.h"

/* An error that a server answers with, as -errno. */
int redis_trouble_of(const struct redis_value *error);

/* Whether it goes only when an administrator has done something. */
bool redis_trouble_stays(int error);

/* As source_explain(): what it means, and what to do. */
bool redis_trouble_explain(
    const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX]);

#endif
