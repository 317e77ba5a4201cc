/*
 * obstacle.h - what on the way to a file keeps the program from it, and what
 * an administrator writes to mend that.
 */
#ifndef OBSTACLE_H
#define OBSTACLE_H

#include <stdbool.h>

#define OBSTACLE_TEXT_SIZE_MAX 600 /* bytes, with a NUL */
#define OBSTACLE_NAMES_MAX 256     /* of one way, with those behind links */

/* It is in a clause about what only the program's sandbox forbids. */
#define OBSTACLE_SANDBOX "it needs a restart, which allows what is there then"

/*
 * Looks for what made a call on the path fail with that error (-ENOENT,
 * -EACCES, -ENOTDIR or RESULT_WRONG_KIND), and writes a clause about it: "the
 * folder /var/log/app does not exist".  False where there is no more to say
 * than the error does, it is over by now, or the way is too long.
 */
bool obstacle_explain(
    const char *path, int error, char text[OBSTACLE_TEXT_SIZE_MAX]);

#endif
