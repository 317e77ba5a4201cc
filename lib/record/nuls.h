/*
 * nuls.h - runs of NUL bytes: what a file has where nothing was written.
 *
 * A writer that goes on at its old offset after a truncation leaves them, and
 * so does a file system that grows a file before its data come.
 */
#ifndef NULS_H
#define NULS_H

#include <stdbool.h>

#include "ssekit.h"

/* How many NULs the text begins with, and how many it ends with. */
size_t nuls_before(struct sse_slice text);
size_t nuls_behind(struct sse_slice text);

/*
 * Whether it begins with so many, or is nothing else, that they are not text: a
 * record may begin behind any of them.
 */
#define NULS_RUN_SIZE 16
bool nuls_begin(struct sse_slice text);

#endif
