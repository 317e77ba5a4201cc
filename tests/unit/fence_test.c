#include "test.h"

/* An assertion that fails, whatever the build says of assertions. */
#undef NDEBUG
#include <assert.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fence.h"

struct walk {
	bool holds;
	int begun;
	int ended;
};

static void
walk(void *context)
{
	struct walk *walk = context;

	walk->begun++;
	assert(walk->holds);
	walk->ended++;
}

TEST(an_assertion_ends_the_call)
{
	struct walk good = {.holds = true}, bad = {.holds = false};

	for (int i = 1; i <= 3; i++) {
		CHECK(fence(walk, &good));
		CHECK_EQUAL_INT(good.ended, i);
		CHECK(!fence(walk, &bad));
		CHECK_EQUAL_INT(bad.begun, i);
		CHECK_EQUAL_INT(bad.ended, 0);
	}
}

TEST(outside_it_ends_the_process)
{
	struct walk good = {.holds = true}, bad = {.holds = false};
	int status = 0;
	pid_t child;

	CHECK(fence(walk, &good));
	CHECK(!fence(walk, &bad));
	child = fork();
	if (child == 0) {
		(void)close(STDERR_FILENO);
		walk(&bad);
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
