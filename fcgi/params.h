/*
 * params.h - the parameters of a request: are they such as an environment can
 * hold?  Pure.
 */
#ifndef PARAMS_H
#define PARAMS_H

#include "buf.h"

/*
 * Keeps of the name-value pairs those with a name, without "=" and NUL in it,
 * and without NUL in the value: as they stand, in their order.  Duplicates are
 * kept, too: who looks one up takes the first.  0, -EPROTO when a length leads
 * out of the bytes, -EMSGSIZE for more than so many pairs; then what is in
 * the buffer is of no use.
 */
int params_check(struct sse_buf *pairs, size_t pairs_max);

#endif
