/*
 * path_reach.h - what a source that is a path reaches: a log, its generations,
 * or a FIFO.
 */
#ifndef PATH_REACH_H
#define PATH_REACH_H

#include "source/source_ops.h"

/* As source_reach(), of a path as in log_names.h. */
void path_reach(const char *text, const struct source_reach *source,
    struct reaches *reaches);

#endif
