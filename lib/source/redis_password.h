/*
 * redis_password.h - the secret that a Redis server wants, from the file that
 * only those may read who need it.
 */
#ifndef REDIS_PASSWORD_H
#define REDIS_PASSWORD_H

#include "buf.h"

#define REDIS_PASSWORD_SIZE_MAX 4096 /* bytes */

/*
 * Adds what the file has, without the end of its line: 0; or -errno, and
 * *ret_reason says what is wrong with the file.
 */
int redis_password_read(
    const char *path, struct sse_buf *secret, const char **ret_reason);

/* Forgets it: the memory has it no more. */
void redis_password_done(struct sse_buf *secret);

#endif
