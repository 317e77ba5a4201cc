/*
 * become.h - another user in place of root, for good.
 */
#ifndef BECOME_H
#define BECOME_H

/*
 * The process becomes the user, with all groups that it has: 0; -ENOENT where
 * there is no such user; -EPERM where the process is not root; or -errno.
 * After an error the groups may be others than before.
 */
int become_user(const char *name);

#endif
