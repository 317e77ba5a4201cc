/*
 * seccomp_program.h - a list of system calls as a program for the kernel.
 * Pure.
 */
#ifndef SECCOMP_PROGRAM_H
#define SECCOMP_PROGRAM_H

#include <linux/filter.h>
#include <stddef.h>

#define SECCOMP_PROGRAM_MAX 2048 /* instructions */

/* What is allowed beside reading; a set of bits. */
enum seccomp_need {
	SECCOMP_LOCAL = 1, /* sockets of this machine */
	SECCOMP_TCP = 2,   /* connections to others */
	SECCOMP_MAKE = 4,  /* files that are not there yet */
	SECCOMP_SERVE = 8  /* clients are taken in */
};

/* The needs that a program which serves one client can have. */
#define SECCOMP_NEEDS_OF_ONE (SECCOMP_LOCAL | SECCOMP_TCP)

struct seccomp_program {
	struct sock_filter code[SECCOMP_PROGRAM_MAX];
	size_t size; /* 0: nobody has written down this machine's calls */
	size_t self; /* whose value has to be the process's id */
};

void seccomp_program_make(struct seccomp_program *program, unsigned needs);

/* One that was made when this program was built. */
struct seccomp_made {
	const struct sock_filter *code;
	size_t size; /* 0: none was */
	size_t self;
};

struct seccomp_made seccomp_made(unsigned needs);

#endif
