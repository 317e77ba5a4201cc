/*
 * program.h - what the programs do in the same way.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdint.h>

#include "options.h"

enum program_exit {
	PROGRAM_DONE = 0,
	PROGRAM_CHECK = 1,   /* --check: a stream could deliver nothing now */
	PROGRAM_USAGE = 100, /* wrong use, or a bad configuration */
	PROGRAM_SYSTEM = 111
};

/* --check, --help, --version, on standard output: what to exit with. */
enum program_exit program_tell(const struct conf *conf,
    enum options_program program, enum options_action action);

/* Unlike that of every other start; 0 where the system has none to give. */
uint64_t program_random(void);

#endif
