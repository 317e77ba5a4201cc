/*
 * path_explain.h - what keeps a source that is a path from being opened.
 */
#ifndef PATH_EXPLAIN_H
#define PATH_EXPLAIN_H

#include "source/source_ops.h"

/* As source_explain(), of a path as in log_names.h. */
bool path_explain(
    const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX]);

#endif
