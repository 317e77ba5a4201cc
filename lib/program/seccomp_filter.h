/*
 * seccomp_filter.h - which system calls the process may make from now on, by
 * the seccomp of the kernel.  Nothing else knows it.
 *
 * What is not on the list fails with ENOSYS, as if the kernel did not have it;
 * a call that no part of the program could ever make, as execve(), ends the
 * process.  There are no new processes, no memory that can be executed, and
 * no sockets but those that were asked for.
 */
#ifndef SECCOMP_FILTER_H
#define SECCOMP_FILTER_H

#include "program/seccomp_program.h"

/*
 * For good: 0; -ENOSYS where the kernel has none, or where this program was
 * built for a machine that nobody has written down, or by a compiler that adds
 * calls of its own (a sanitizer); or -errno.
 */
int seccomp_filter_enter(unsigned needs);

#endif
