/*
 * landlock.h - which files the process may open from now on, and which ports
 * of other machines it may connect to, by the Landlock of the kernel.  Nothing
 * else knows it.
 *
 * A right lies on what a descriptor is open for, and, of a folder, on all that
 * is below it, now and later.  What is made anew at the same name is another
 * thing: so who wants to follow that gives the right to the folder above.
 */
#ifndef LANDLOCK_H
#define LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* What may be done; a set of bits. */
enum landlock_right {
	LANDLOCK_READ = 1,  /* files, and the names in folders */
	LANDLOCK_WRITE = 2, /* files that are there */
	LANDLOCK_MAKE = 4,  /* files that are not */
	LANDLOCK_REMOVE = 8 /* names of files and sockets */
};

struct landlock {
	int fd;      /* of the rules */
	int version; /* of the kernel's interface */
};

/* Its version, which is 1 or more; or -errno: the kernel has none. */
int landlock_version(void);

/*
 * Begins with nothing that is allowed.  Abstract sockets of others may be
 * talked to only if that is said.  0 or -errno; after 0 landlock_done() has to
 * follow.
 */
int landlock_init(struct landlock *landlock, bool abstract_sockets);
void landlock_done(struct landlock *landlock);

/* The descriptor may be O_PATH.  0 or -errno. */
int landlock_allow(const struct landlock *landlock, int fd, unsigned rights);

/* A connection by TCP, to whatever address; the first kernels let all. */
int landlock_allow_port(const struct landlock *landlock, uint16_t port);

/* From now on nothing else, and no way back.  0 or -errno. */
int landlock_enter(const struct landlock *landlock);

/* What an interface of that version cannot keep from; NULL: all can be. */
const char *landlock_lacks(int version);

#endif
