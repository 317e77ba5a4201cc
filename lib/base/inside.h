/*
 * inside.h - what is known of the machine once the program is in its sandbox,
 * where it can look up neither users nor groups.
 *
 * It is of the process, as the sandbox is.
 */
#ifndef INSIDE_H
#define INSIDE_H

#include <stdbool.h>
#include <sys/types.h>

#define INSIDE_NAMES_MAX 4096 /* users, and as many groups */

/* Reads the names of users and groups: so many are known from then on. */
void inside_learn(void);

/* The program is inside from now on. */
void inside_enter(void);
bool inside_is(void);

/* The name, before and after; NULL: nobody knows. */
const char *inside_user(uid_t user);
const char *inside_group(gid_t group);

#endif
