/*
 * redis_check.h - what an administrator writes of a Redis Stream, and a look at
 * where the server is: functions of a struct source_ops.
 */
#ifndef REDIS_CHECK_H
#define REDIS_CHECK_H

#include "source/source_ops.h"

const char *redis_default_name(const char *text);
int redis_check(const char *text, char reason[SOURCE_REASON_SIZE_MAX]);
int redis_check_key(enum source_key key, const char *value,
    char reason[SOURCE_REASON_SIZE_MAX]);
int redis_peek(const char *text, const char *generations,
    const struct source_shared *shared);
void redis_reach(const char *text, const struct source_reach *source,
    struct reaches *reaches);

#endif
