/*
 * seccomp_filter.c - seccomp.
 *
 * sse-cgi starts for each client: its programs were made when it was built.
 * What cannot have been is put together here.
 */
#include "config.h"

#include "program/seccomp_filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void
take_program(struct seccomp_program *program, unsigned needs)
{
	const struct seccomp_made made = seccomp_made(needs);

	if (made.size == 0) {
		seccomp_program_make(program, needs);
		return;
	}
	memcpy(program->code, made.code, made.size * sizeof(*made.code));
	program->size = made.size;
	program->self = made.self;
}

int
seccomp_filter_enter(unsigned needs)
{
	struct seccomp_program program;
	struct sock_fprog text = {.filter = program.code};

	take_program(&program, needs);
	if (program.size == 0)
		return -ENOSYS;
	program.code[program.self].k = (uint32_t)getpid();
	text.len = (unsigned short)program.size;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -errno;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &text, 0, 0) == 0)
		return 0;
	/* A kernel without filters says that it does not know the mode. */
	return errno == EINVAL ? -ENOSYS : -errno;
}
