/*
 * journal_fault.c - SIGBUS while a journal is read.
 */
#include "config.h"

#include "source/journal_fault.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* A handler is given nothing of its caller's: this is of the process. */
static struct {
	bool is_installed;
	struct sigaction before;
	uintptr_t page_size;
	volatile sig_atomic_t *volatile flag; /* NULL: no journal is read */
} fault;

/* The page stays as long as the mapping, which libsystemd takes down. */
static bool
put_zeros(uintptr_t address)
{
	void *page = (void *)(address & ~(fault.page_size - 1));

	return mmap(page, fault.page_size, PROT_READ,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page;
}

static void
handle(int number, siginfo_t *info, void *context)
{
	int error = errno;

	(void)context;
	if (fault.flag != NULL && info->si_code == BUS_ADRERR &&
	    put_zeros((uintptr_t)info->si_addr))
		*fault.flag = 1;
	else
		/* It comes again, and is what it was. */
		(void)sigaction(number, &fault.before, NULL);
	errno = error;
}

static void
install(void)
{
	struct sigaction action = {
	    .sa_sigaction = handle, .sa_flags = SA_SIGINFO};

	fault.page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	/* It cannot fail for this signal. */
	(void)sigaction(SIGBUS, &action, &fault.before);
	fault.is_installed = true;
}

void
journal_fault_begin(volatile sig_atomic_t *flag)
{
	assert(fault.flag == NULL);
	if (!fault.is_installed)
		install();
	fault.flag = flag;
}

void
journal_fault_end(void)
{
	fault.flag = NULL;
}
