/*
 * json_text.h - a JSON value as it is written: what a parser does not keep.
 * Pure.
 */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include "base/pause.h"
#include "buf.h"

#define JSON_TEXT_DEPTH_MAX 128   /* objects and arrays in each other */
#define JSON_TEXT_VALUES_MAX 4096 /* of a text; they cost time */

enum json_text_excess {
	JSON_TEXT_NO_EXCESS,
	JSON_TEXT_TOO_DEEP, /* over JSON_TEXT_DEPTH_MAX */
	JSON_TEXT_TOO_MANY  /* over JSON_TEXT_VALUES_MAX */
};

/*
 * What any text has more of than a parser should build a tree of.  Its values
 * are the text itself, what a bracket begins with, and what a comma does.
 * pause may be NULL.
 */
enum json_text_excess json_text_excess(
    struct sse_slice text, const struct pause *pause);

/*
 * The value of an object's member, in the order of the text, from 0: without
 * the blanks around it.  The object is valid, and has that member.
 */
struct sse_slice json_text_member(struct sse_slice object, size_t member);

/*
 * Adds a valid value without the blanks between its tokens.  Errors as
 * sse_buf_reserve(); then out is as it was.
 */
int json_text_compact(struct sse_slice value, struct sse_buf *out);

/* Whether it is digits, and a minus before them or none. */
bool json_text_is_integer(struct sse_slice value);

#endif
