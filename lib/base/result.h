/*
 * result.h - what a call found, where no errno value says it.
 *
 * Negative, as errors are, and outside the range of the kernel's (1 to 4095):
 * an errno value that a function returns is always the system's own.
 */
#ifndef RESULT_H
#define RESULT_H

#define RESULT_ERRNO_MAX 4095 /* of the kernel's errno values */

enum result {
	/* A file is not what it was: shorter, filled anew, or replaced. */
	RESULT_CHANGED = -RESULT_ERRNO_MAX - 1,
	/* The log changed whenever it was looked at: ask again later. */
	RESULT_UNSETTLED = -RESULT_ERRNO_MAX - 2,
	/* It is there, and is not what can be read. */
	RESULT_WRONG_KIND = -RESULT_ERRNO_MAX - 3,
	/* Another one has it, and only one may. */
	RESULT_BUSY = -RESULT_ERRNO_MAX - 4,
	/* There is nothing more, or no such thing. */
	RESULT_NONE = -RESULT_ERRNO_MAX - 5,
	/* A symbolic link on the way to it is not followed: see walk.h. */
	RESULT_REFUSED = -RESULT_ERRNO_MAX - 6,
	/*
	 * A part of the work is done: ask again, at once if nothing says when.
	 */
	RESULT_PARTIAL = -RESULT_ERRNO_MAX - 7
};

#endif
