/*
 * origin.h - which other sites may read a stream, and what their pages may send
 * (Fetch, CORS protocol).  Pure.
 *
 * A list of origins is "*", or origins as browsers send them, in lower case,
 * with blanks between: https://app.example https://admin.example:8443
 */
#ifndef SSE_ORIGIN_H
#define SSE_ORIGIN_H

#include "ssekit.h"

/* The next word of a list; absent after the last. */
struct sse_slice sse_list_next(const char **at);

/* Whether a text is such a list.  "" is one that allows nobody. */
bool sse_origin_list_valid(const char *list);

/* Whether the list is "*". */
bool sse_origin_list_any(const char *list);

/* Whether the list has that origin, byte for byte. */
bool sse_origin_list_has(const char *list, struct sse_slice origin);

/* Whether a text is a list of names of headers, with blanks between. */
bool sse_header_list_valid(const char *list);

#endif
