/*
 * child.h - what is measured from outside: a program whose standard output is
 * read, or a request to a web server on this machine.
 */
#ifndef CHILD_H
#define CHILD_H

#include <sys/types.h>

struct child {
	int fd;    /* to read from */
	pid_t pid; /* -1: a request */
};

/*
 * Starts what the words say: a program with its arguments, or one word
 * http:PORT/PATH.  Standard input is /dev/null.
 */
struct child child_start(char **words);

/* Kills the program, or closes the connection. */
void child_stop(struct child child);

/* The most memory that the program has had resident, in KiB. */
long child_peak_kib(struct child child);

/* Up to the words "--": the word after it, which becomes NULL. */
char **child_split(char **words);

#endif
