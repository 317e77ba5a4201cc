/*
 * log_set_due.h - coming to the files that are due.
 */
#ifndef LOG_SET_DUE_H
#define LOG_SET_DUE_H

#include "source/log_set.h"

/*
 * The lead is the last that is open, and was read to its end: opens the next
 * ones by their names, and goes on there.  False where these names may be
 * others by now, or the files are not what they were: then log_set_go_on()
 * looks for them, and says what is missing.
 */
bool log_set_open_due(struct log_set *set);

#endif
