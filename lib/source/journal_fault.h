/*
 * journal_fault.h - pages of a journal's files that cannot be read.
 *
 * libsystemd maps the files into memory.  Where one was cut meanwhile, or its
 * disk fails, the kernel sends SIGBUS to whoever reads that, which would end
 * the program and the streams of all clients.  Here the page is one of zeros
 * instead, and it is noted that it is: libsystemd's own programs do so, too.
 */
#ifndef JOURNAL_FAULT_H
#define JOURNAL_FAULT_H

#include <signal.h>

/*
 * Until journal_fault_end(), pages that cannot be read are zeros, and the flag
 * becomes 1.  Faults outside end the program as ever.
 */
void journal_fault_begin(volatile sig_atomic_t *flag);
void journal_fault_end(void);

#endif
