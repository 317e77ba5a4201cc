/*
 * confined.c - a process that confines itself, tries something and is gone.
 */
#include "confined.h"

#include "test.h"

#include <sys/wait.h>
#include <unistd.h>

/* Without what runs at exit, which may not be allowed any more. */
static void
run(confined_function *confine, confined_function *attempt)
{
	int got = confine();

	_exit(got != 0 ? got : attempt());
}

int
confined(confined_function *confine, confined_function *attempt)
{
	pid_t child = fork();
	int status = 0;

	CHECK(child >= 0);
	if (child == 0)
		run(confine, attempt);
	CHECK(waitpid(child, &status, 0) == child);
	if (WIFSIGNALED(status))
		return CONFINED_DIED + WTERMSIG(status);
	return WEXITSTATUS(status);
}
