/*
 * conf_path.h - paths as an administrator writes them, and what they are not.
 */
#ifndef CONF_PATH_H
#define CONF_PATH_H

#include "conf/conf_error.h"

/*
 * Refuses what cannot be meant as it stands: quotes around it, a "~" that
 * nobody expands, and in a file a path that is not absolute, since each web
 * server has a working directory of its own.  0 or -EINVAL.
 */
int conf_path_check(const struct conf_place *place, const char *path,
    struct conf_error *ret_error);

#endif
