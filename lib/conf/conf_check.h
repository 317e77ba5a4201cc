/*
 * conf_check.h - what a value of a stream needs of its other values.
 */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include "conf/conf_entry.h"

/*
 * Checks a stream that has been filled in, and makes a backlog that was not
 * said as large as it has to be: 0, or -EINVAL with a line in *ret_error.
 */
int conf_check_entry(struct conf_entry *entry, struct conf_error *ret_error);

#endif
