/*
 * crowd.h - many subscribers of one server, and who publishes to it.
 *
 * Each line has the byte MARK once, at its end, and so what is counted needs no
 * understanding of what is around it.  A log has one line at the start, which
 * each subscriber is sent: who has had it is there.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <stddef.h>

#include "place.h"

#define CROWD_SAMPLES_MAX 4000000
#define CROWD_FDS_MAX 65536
#define CROWD_LINE_MAX 262144 /* bytes, LF and all */

struct crowd {
	/* Wishes. */
	const char *connect; /* places */
	const char *publish;
	size_t subscribers;
	size_t streams; /* subscribers and events are spread over so many */
	size_t size;    /* of a line, LF and all */
	size_t patience_s;
	bool any;          /* who has had anything is there */
	const char *roots; /* the server's processes */
	const char *rates;
	size_t seconds; /* of each rate */

	int epoll;
	struct place_publisher publisher;
	size_t there;
	size_t gone;
	bool greeted[CROWD_FDS_MAX];
	size_t stream[CROWD_FDS_MAX];

	/* Of the events in hand. */
	size_t deliveries;
	size_t published;
	size_t had[CROWD_FDS_MAX];
	double *published_s;
	double *samples; /* seconds that each delivery took */
};

/* Where wishes are set. */
void crowd_init(struct crowd *crowd);

void crowd_publish_to(struct crowd *crowd);

/* Until all subscribers are there, or nothing happens for too long. */
void crowd_gather(struct crowd *crowd);

/* Deliveries of so many events, which go round the streams. */
size_t crowd_expected(const struct crowd *crowd, size_t events);

/* Each at its time, whatever has come of those before: whether all came. */
bool crowd_deliver(struct crowd *crowd, size_t events, double interval_s);

/* Only publishes so many lines, as fast as may be. */
void crowd_fill(struct crowd *crowd, size_t lines);

/* How many marks there are. */
size_t crowd_marks(const char *bytes, size_t size);

#endif
