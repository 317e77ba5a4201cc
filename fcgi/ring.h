/*
 * ring.h - memory of which any range is in one piece, wherever it begins: it
 * is mapped twice, one mapping behind the other.
 */
#ifndef RING_H
#define RING_H

#include <stddef.h>
#include <stdint.h>

struct ring {
	char *bytes; /* NULL: there is none */
	size_t size; /* bytes; whole pages */
};

/*
 * Of at least so many bytes, which are 0.  Memory is used when it is written
 * to.  0, -ENOMEM, -EMFILE, ..., and then it is as after ring_done().
 */
int ring_init(struct ring *ring, size_t size);
void ring_done(struct ring *ring);

/* Where the byte of that offset is: size bytes from there on are in a row. */
char *ring_at(const struct ring *ring, uint64_t offset);

#endif
