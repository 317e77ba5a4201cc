/*
 * origin.h - which other sites may read a stream (Fetch, CORS protocol).  Pure.
 *
 * A list of origins is "*", or origins as browsers send them, in lower case,
 * with blanks between: https://app.example https://admin.example:8443
 */
#ifndef SSE_ORIGIN_H
#define SSE_ORIGIN_H

#include "ssekit.h"

#define SSE_ORIGIN_SIZE_MAX 256 /* octets of one */

/* Whether a text is such a list.  "" is one that allows nobody. */
bool sse_origin_list_valid(const char *list);

/* Whether the list is "*". */
bool sse_origin_list_any(const char *list);

/* Whether the list has that origin, octet for octet. */
bool sse_origin_list_has(const char *list, struct sse_slice origin);

#endif
