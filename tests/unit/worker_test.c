/*
 * A whole worker, whose loop is its own.
 */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/budget.h"
#include "worker.h"

#define MANY 100
#define LOOKS 7 /* until a budget is over */

/* ------------------------------------------------- budgets of the worker -- */

static int looks;       /* at the budget that was begun last */
static size_t accepted; /* of it */
static size_t accepted_most;
static size_t accepted_all;

struct budget __real_budget_begin(const struct sse_clock *clock, int64_t ms);
struct budget __wrap_budget_begin(const struct sse_clock *clock, int64_t ms);
bool __wrap_budget_is_over(const struct budget *budget);
int __real_listener_accept(struct listener *listener);
int __wrap_listener_accept(struct listener *listener);

struct budget
__wrap_budget_begin(const struct sse_clock *clock, int64_t ms)
{
	looks = 0;
	accepted = 0;
	return __real_budget_begin(clock, ms);
}

bool
__wrap_budget_is_over(const struct budget *budget)
{
	(void)budget;
	return ++looks >= LOOKS;
}

int
__wrap_listener_accept(struct listener *listener)
{
	int fd = __real_listener_accept(listener);

	if (fd < 0)
		return fd;
	if (++accepted > accepted_most)
		accepted_most = accepted;
	if (++accepted_all == MANY)
		raise(SIGTERM);
	return fd;
}

/* ----------------------------------------------------------- the worker -- */

static struct listener *
listen_here(void)
{
	struct listener *listener;
	struct conf_error error;
	char address[200];

	(void)snprintf(address, sizeof(address), "unix:%s", test_path("s"));
	CHECK_EQUAL_INT(listener_open(address, NULL, &listener, &error), 0);
	return listener;
}

static struct conf *
configure(void)
{
	struct conf *conf = conf_new();
	struct conf_error error;

	CHECK_EQUAL_INT(conf_add_text(conf, "/c",
			    SLICE("[log]\nsource = /nowhere\n"), &error),
	    0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	return conf;
}

static int
connect_here(void)
{
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(
	    path.sun_path, sizeof(path.sun_path), "%s", test_path("s"));
	CHECK(connect(fd, (const struct sockaddr *)&path, sizeof(path)) == 0);
	return fd;
}

TEST(connections_are_accepted_for_so_long_in_a_turn)
{
	struct worker_options options = {
	    .setup = {.conf = configure(),
		.share = {.clients = MANY, .readers = 1, .spare = 8}},
	    .listener = listen_here(),
	};
	struct worker *worker;
	int peers[MANY];

	for (int i = 0; i < MANY; i++)
		peers[i] = connect_here();
	CHECK_EQUAL_INT(worker_new(&options, &worker), 0);
	CHECK_EQUAL_INT(worker_run(worker), 0);
	CHECK_EQUAL_INT(accepted_all, MANY);
	CHECK_EQUAL_INT(accepted_most, LOOKS);
	worker_free(worker);
	listener_close(options.listener);
	conf_free(options.setup.conf);
	for (int i = 0; i < MANY; i++)
		close(peers[i]);
}
