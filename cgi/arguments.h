/*
 * arguments.h - the command line as web servers hand it on.  Pure.
 */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stdbool.h>

/* "-", "NAME=-" or "--source=-": standard input holds no request's body. */
bool arguments_read_stdin(int argc, char *const argv[]);

/*
 * Some servers hand on an empty query as an empty argument: how many stay, with
 * NULL behind them.  argc is at least 1.
 */
int arguments_drop_empty(int argc, char **argv);

#endif
