/*
 * help.h - the text of --help.
 */
#ifndef HELP_H
#define HELP_H

#include "buf.h"
#include "conf/option.h"

/*
 * Adds usage, and every option that the program obeys, with its default.
 * Errors of sse_buf_add().
 */
int help_print(enum options_program program, struct sse_buf *out);

#endif
