/*
 * fifo.h - a FIFO that is read, and only by us.
 *
 * It is opened for reading and writing: with a writer of its own it never ends,
 * whatever its writers do; so one that has taken its path is looked for.  Where
 * that is not permitted it is opened for
 * reading, and opened anew when the last writer has left, before the old
 * descriptor is closed: so there is a reader all the time, and no writer gets
 * EPIPE.
 *
 * A lock belongs to what was opened, not to the FIFO: the descriptor that has
 * it stays open beside the ones that are read, so that there is no moment in
 * which another reader could take it.
 */
#ifndef FIFO_H
#define FIFO_H

#include <stdbool.h>

struct fifo {
	char *path;
	int fd;      /* is read; -1: it was not opened */
	int lock_fd; /* has the lock: fd, or an earlier one; or -1 */
};

/* One of that text, as in log_names.h, that is not open: 0 or -ENOMEM. */
int fifo_init(struct fifo *fifo, const char *text);
void fifo_done(struct fifo *fifo);

/* Whether a path leads to one now. */
bool fifo_is_there(const char *text);

/*
 * The same without being noticed by its writers, and whether it may be read: 0,
 * RESULT_WRONG_KIND, or -errno.
 */
int fifo_look(const char *text);

/*
 * Opens what the path leads to now, and takes it in place of what was open.
 * Of the same FIFO the lock is ours already; of another one it has to be had,
 * and until then it is not read.  0; RESULT_BUSY: another process reads it;
 * RESULT_WRONG_KIND, or -errno; and then all is as it was.
 */
int fifo_open(struct fifo *fifo);

/* Whether the path leads to another FIFO by now. */
bool fifo_is_replaced(const struct fifo *fifo);

#endif
