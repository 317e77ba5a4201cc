/*
 * log_set_look.h - where the path of a log leads now, and what is new there.
 */
#ifndef LOG_SET_LOOK_H
#define LOG_SET_LOOK_H

#include "source/log_set.h"

/* Why what the path leads to cannot be served; 0: it can, or is not there. */
int log_set_check_path(struct log_set *set);

/*
 * Looks where the path leads now, and opens what is new there, unless some are
 * due.  0, also when it leads nowhere; RESULT_WRONG_KIND, or why it cannot be
 * opened; RESULT_UNSETTLED, -ENOMEM: the set is as it was.  A file that may
 * not be read is waited for: -EACCES, and what comes before it is open.
 */
int log_set_look(struct log_set *set);

#endif
