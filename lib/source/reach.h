/*
 * reach.h - what has to be reached after the start: files, ports, sockets.
 *
 * A list that is made before a program is put into its sandbox, and of which
 * that is made; and again for a new configuration, to see whether it has room
 * in there.
 */
#ifndef REACH_H
#define REACH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REACH_LINKS_MAX 40   /* of one way, as the kernel has it */
#define REACH_NAMES_MAX 1024 /* of what the links on one way lead to */

/* A set of bits. */
enum reach_right {
	REACH_READ = 1,   /* files, and the names in folders */
	REACH_WRITE = 2,  /* files that are there */
	REACH_MAKE = 4,   /* files that are not */
	REACH_REMOVE = 8, /* names of files and sockets */
	REACH_HOLD = 16   /* FIFOs are written, which can be done without */
};

struct reach {
	char *path;      /* of a folder with all below, or a file; it exists */
	unsigned rights; /* of enum reach_right */
	/*
	 * It may be made anew, which is another one then: so where it can be
	 * said, the folder above is allowed.
	 */
	bool may_be_anew;
};

/* All zeros: nothing.  Memory that is used up is told by reaches_error(). */
struct reaches {
	struct reach *list;
	size_t count;
	size_t capacity;
	uint16_t *ports; /* of TCP, to connect to */
	size_t port_count;
	bool local;    /* sockets of this machine */
	bool abstract; /* those without a file, too */
	int error;
};

void reaches_done(struct reaches *reaches);

/* 0 or -ENOMEM. */
int reaches_error(const struct reaches *reaches);

/* Where a path leads to, without links: whether it does. */
bool reach_find(const char *path, char real[PATH_MAX]);

/* This file or folder alone, if it is there. */
void reaches_add(struct reaches *reaches, const char *path, unsigned rights);

/*
 * A folder, or as much of the way to it as is there; never "/".  Its links are
 * gone through.
 */
void reaches_add_folder(
    struct reaches *reaches, const char *path, unsigned rights);

/*
 * The folder that a file is in, and those that what the links on the way lead
 * to is in: they may lead to others there.
 */
void reaches_add_file(
    struct reaches *reaches, const char *path, unsigned rights);

/* The same where the folder of the file may be made anew. */
void reaches_add_way(
    struct reaches *reaches, const char *path, unsigned rights);

void reaches_add_port(struct reaches *reaches, uint16_t port);

#endif
