/*
 * fence.c - __assert_fail() of the Linux Standard Base, in the program itself.
 *
 * It is found before the C library's by all that is loaded.  <assert.h> is not
 * included: the type of the line differs from library to library.
 */
#include "config.h"

#include "fence.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Where the fence is left; NULL: there is none.  This process has one thread.
 */
static jmp_buf *way_out;

_Noreturn void __assert_fail(const char *assertion, const char *file,
    unsigned int line, const char *function)
    __attribute__((visibility("default")));

/* Outside of a fence it is what it always was. */
_Noreturn void
__assert_fail(const char *assertion, const char *file, unsigned int line,
    const char *function)
{
	jmp_buf *out = way_out;

	way_out = NULL;
	if (out != NULL)
		longjmp(*out, 1);
	(void)fprintf(stderr, "%s:%u: %s: assertion failed: %s\n", file, line,
	    function != NULL ? function : "", assertion);
	abort();
}

bool
fence(void (*call)(void *context), void *context)
{
	jmp_buf out;

	if (setjmp(out) != 0)
		return false;
	way_out = &out;
	call(context);
	way_out = NULL;
	return true;
}
