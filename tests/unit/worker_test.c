/*
 * A whole worker, whose loop is its own.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/budget.h"
#include "client.h"
#include "signals.h"
#include "worker.h"

#define MANY 100
#define LOOKS 7 /* until a budget is over */

/* ------------------------------------------------- budgets of the worker -- */

static int looks;       /* at the budget that was begun last */
static size_t accepted; /* of it */
static size_t accepted_most;
static size_t accepted_all;
static size_t stop_at; /* of them */

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
	if (++accepted_all == stop_at)
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
	CHECK_EQUAL_INT(listener_open(&(struct conf_place){.key = "listen"},
			    address, NULL, &listener, &error),
	    0);
	return listener;
}

/* Of that text, and with the log of the test: a reload opens it anew. */
static struct conf *
conf_of(const char *text)
{
	struct conf *conf = conf_new();
	struct conf_error error;
	char whole[600];

	(void)snprintf(
	    whole, sizeof(whole), "log = %s\n%s", test_path("told"), text);
	CHECK_EQUAL_INT(conf_add_text(conf, "/c", sse_slice(whole), &error), 0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	return conf;
}

static struct conf *
configure(void)
{
	return conf_of("[log]\nsource = /nowhere\n");
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

	stop_at = MANY;
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

/* Who has no request is closed at once. */
TEST(a_worker_that_is_stopped_closes_what_is_open)
{
	struct worker_options options = {
	    .setup = {.conf = configure(),
		.share = {.clients = MANY, .readers = 1, .spare = 8}},
	    .listener = listen_here(),
	};
	struct worker *worker;
	int peer = connect_here();
	char byte;

	stop_at = 1;
	CHECK_EQUAL_INT(worker_new(&options, &worker), 0);
	CHECK_EQUAL_INT(worker_run(worker), 0);
	CHECK_EQUAL_INT(read(peer, &byte, 1), 0);
	worker_free(worker);
	listener_close(options.listener);
	conf_free(options.setup.conf);
	close(peer);
}

#define STOP_EVERY_MS 100
#define STOPS_MAX (CLIENT_LINGER_MS / STOP_EVERY_MS)

static int staying; /* the peer's end */
static volatile int stops;

/* Once it has its stream. */
static void
stop_again(int signal)
{
	int size = 0;

	(void)signal;
	if (ioctl(staying, FIONREAD, &size) != 0 || size == 0)
		return;
	stops = stops + 1;
	raise(SIGTERM);
}

static void
stop_every(int ms)
{
	const struct itimerval every = {
	    .it_interval.tv_usec = ms * 1000, .it_value.tv_usec = ms * 1000};

	CHECK(signal(SIGALRM, stop_again) != SIG_ERR);
	CHECK(setitimer(ITIMER_REAL, &every, NULL) == 0);
}

/*
 * Who waits for its end may tell it more than once; and a web server may leave
 * its connection open when the stream has ended.
 */
TEST(a_worker_that_is_stopped_again_and_again_stops)
{
	struct worker_options options = {
	    .setup = {.conf = configure(),
		.share = {.clients = 1, .readers = 1, .spare = 1}},
	    .listener = listen_here(),
	};
	static const char request[] = "\1\1\0\1\0\10\0\0"
				      "\0\1\0\0\0\0\0\0"
				      "\1\4\0\1\0\23\0\0"
				      "\16\3REQUEST_METHODGET"
				      "\1\4\0\1\0\0\0\0";
	struct worker *worker;

	staying = connect_here();
	CHECK(write(staying, request, sizeof(request) - 1) ==
	      (ssize_t)sizeof(request) - 1);
	CHECK_EQUAL_INT(worker_new(&options, &worker), 0);
	stop_every(STOP_EVERY_MS);
	CHECK_EQUAL_INT(worker_run(worker), 0);
	stop_every(0);
	printf("# it was told %d times\n", stops);
	CHECK(stops > 0 && stops < STOPS_MAX * 3 / 4);
	worker_free(worker);
	listener_close(options.listener);
	conf_free(options.setup.conf);
	close(staying);
}

/* ------------------------------------------------------ read once more -- */

struct again {
	int error;        /* that reading ends with */
	const char *text; /* of the configuration */
	int reads;
};

static int
read_again(
    void *context, struct worker_setup *ret_setup, struct conf_error *ret_error)
{
	struct again *again = context;

	again->reads++;
	raise(SIGTERM);
	(void)snprintf(ret_error->text, sizeof(ret_error->text), "%s", "why");
	if (again->error != 0)
		return again->error;
	*ret_setup = (struct worker_setup){.conf = conf_of(again->text),
	    .share = {.clients = 1, .readers = 1, .spare = 1}};
	return 0;
}

static bool
was_told(const char *words)
{
	static char text[4096];
	FILE *file = fopen(test_path("told"), "r");
	size_t size = fread(text, 1, sizeof(text) - 1, file);

	text[size] = '\0';
	fclose(file);
	return strstr(text, words) != NULL;
}

static void
reload(struct again *again)
{
	struct worker_options options = {
	    .setup = {.conf = configure(),
		.share = {.clients = 1, .readers = 1, .spare = 1}},
	    .listener = listen_here(),
	    .read = read_again,
	    .context = again,
	};
	struct worker *worker;

	(void)unlink(test_path("told"));
	CHECK_EQUAL_INT(
	    log_open(test_path("told"), "p", false, &options.log), 0);
	CHECK_EQUAL_INT(signals_hold(), 0);
	/* It is obeyed when it serves. */
	raise(SIGHUP);
	CHECK_EQUAL_INT(worker_new(&options, &worker), 0);
	CHECK_EQUAL_INT(again->reads, 0);
	CHECK_EQUAL_INT(worker_run(worker), 0);
	CHECK_EQUAL_INT(again->reads, 1);
	worker_free(worker);
	listener_close(options.listener);
	conf_free(options.setup.conf);
	log_close(options.log);
}

TEST(what_became_of_a_reload_is_told)
{
	static const struct {
		int error;
		const char *words;
	} cases[] = {
	    {0, "the configuration is read anew"},
	    {-EINVAL,
		"nothing is changed, as the configuration is refused: why"},
	    {-ENOMEM, "nothing is changed, as the configuration is not taken: "
		      "Cannot allocate memory"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct again again = {.error = cases[i].error,
		    .text = "[other]\nsource = /nowhere\n"};

		reload(&again);
		CHECK(was_told(cases[i].words));
		CHECK(!was_told("the socket stays"));
	}
}

TEST(the_socket_stays_whatever_is_said)
{
	struct again again = {
	    .text = "listen = unix:/other\n[log]\nsource = /nowhere\n"};

	reload(&again);
	CHECK(was_told("listen: the socket stays as it is until a restart"));
}
