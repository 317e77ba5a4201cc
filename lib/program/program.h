/*
 * program.h - what the programs do in the same way.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdint.h>

#include "conf/options.h"

/* What is said where a configuration is empty. */
#define PROGRAM_NO_STREAM                         \
	"there is no stream; give a SOURCE, or a" \
	" configuration that has one"

enum program_exit {
	PROGRAM_DONE = 0,
	PROGRAM_CHECK = 1,   /* --check: a stream could deliver nothing now */
	PROGRAM_USAGE = 100, /* wrong use, or a bad configuration */
	PROGRAM_SYSTEM = 111
};

/*
 * --check, --help, --version, on standard output: what to exit with.  What
 * --check finds wrong is on standard error; with a user to check as the process
 * is that user from then on.
 */
enum program_exit program_tell(const struct conf *conf,
    enum options_program program, const struct options_asked *asked);

/*
 * What a web server or a shell has closed of the descriptors 0 to 2 (FastCGI
 * 1.0, 2.2 allows it) is taken by what is opened next: what is sent to a client
 * would go into a source, or into the system's log.  In their places is what
 * fails to be read or written, as they do.  0 or -errno.
 */
int program_hold_standard(void);

/* Unlike that of every other start; 0 where the system has none to give. */
uint64_t program_random(void);

#endif
