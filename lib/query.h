/*
 * query.h - the query of a URL, as application/x-www-form-urlencoded (URL
 * standard, 5.1).
 */
#ifndef SSE_QUERY_H
#define SSE_QUERY_H

#include "ssekit.h"

/*
 * Finds the first field of that name and writes its value, decoded ("+" is a
 * space, %XX a byte; a % without two digits stays as it is), to the caller's
 * buffer.  Returns the bytes written, at most size: a longer value is cut.
 * -ENOENT when there is no such field.
 */
ssize_t sse_query_find(
    struct sse_slice query, const char *name, char *buffer, size_t size);

#endif
