/*
 * name_order.h - whether names of a pattern sort as what they say does.  Pure.
 *
 * Of very many names nearly all are older than those that are wanted.  Where
 * bytes tell that, none of these has to be read.
 */
#ifndef NAME_ORDER_H
#define NAME_ORDER_H

#include "source/name_pattern.h"

/*
 * How many first bytes two names that match have to be compared by, as
 * strncmp() does, to know which one is older; 0: that does not tell.
 */
size_t name_order_size(const struct name_pattern *pattern);

#endif
