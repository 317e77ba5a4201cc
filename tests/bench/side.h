/*
 * side.h - the subscribers of one server, and who publishes to it.
 *
 * A side is a process of its own: two of them may each have as many descriptors
 * as a process may, and the one that waits costs the other nothing.
 */
#ifndef SIDE_H
#define SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SIDE_PIDS_MAX 4

/*
 * connect  fcgi:SOCKET, the stream "log" of a FastCGI worker; or
 *          http:PORT/PATH
 * publish  the path of a log or a FIFO, a line an event; post:PORT/PATH; or
 *          redis:SOCKET, an entry of the stream "log"
 * pids     whose processor time counts, separated by commas
 */
struct side_words {
	const char *connect;
	const char *publish;
	const char *pids;
};

struct side {
	pid_t pid;
	int orders;
	int results;
};

/* What a side is to do. */
struct side_order {
	size_t events;     /* one when the last one has come to everybody */
	double interval_s; /* but no sooner */
	bool in_time;      /* but each at its time, whatever has come */
	/*
	 * An event for which a pid waited longer for a core does not count, as
	 * others have disturbed it; 0: all count.
	 */
	double wait_s_max;
};

struct side_result {
	double cpu_s[SIDE_PIDS_MAX]; /* of each pid, by delivery */
	size_t pids;
	double bytes; /* by delivery */
	double p50_s; /* from publishing to having read it */
	double p99_s;
	size_t disturbed; /* events that do not count */
};

/*
 * Connects so many; stalled ones more never read.  Returns when all that read
 * have got something.
 */
struct side side_start(
    const struct side_words *words, size_t subscribers, size_t stalled);

struct side_result side_run(struct side side, struct side_order order);

/* Hangs up. */
void side_stop(struct side side);

#endif
