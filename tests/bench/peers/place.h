/*
 * place.h - where a server is subscribed to and where it is published to.
 *
 * Any '@' in the text of a place stands for the number of a stream.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stddef.h>

/*
 * fcgi:SOCKET/PATH or http:PORT/PATH; a descriptor, on which the stream has
 * been asked for.  -1: nobody is there.
 */
int place_subscribe(const char *place, unsigned stream);

/* The path of a log or FIFO, or post:PORT/PATH. */
struct place_publisher {
	const char *place;
	int *logs; /* of each stream; of post: one */
};

void place_open(
    struct place_publisher *publisher, const char *place, unsigned streams);

/* One line, with its LF. */
void place_publish(const struct place_publisher *publisher, unsigned stream,
    const char *line, size_t size);

/* Where answers to it come, which are to be read; -1: there are none. */
int place_answers(const struct place_publisher *publisher);

#endif
