/*
 * pump_test.c - a stream that is pumped to standard output, by a process whose
 * other end is the test.  The source answers when the test says so.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hand_clock.h"
#include "pump.h"
#include "slow_ways.h"
#include "stream_confs.h"

#define TEXT_SIZE_MAX 4000000

static struct stream_conf conf = {
    STREAM_CONF_OF_TESTS,
    .name = "slow",
    .from = CONF_FROM_END,
    .backlog_size = 65536,
};

/* ----------------------------------------------------------------- pipe -- */

int __real_fcntl64(int fd, int command, long argument);
int __wrap_fcntl(int fd, int command, long argument);
int __wrap_fcntl64(int fd, int command, long argument);

static bool may_grow = true;

/* As the kernel, where a user's pipes have had their room. */
int
__wrap_fcntl64(int fd, int command, long argument)
{
	if (command == F_SETPIPE_SZ && !may_grow) {
		errno = EPERM;
		return -1;
	}
	return __real_fcntl64(fd, command, argument);
}

int
__wrap_fcntl(int fd, int command, long argument)
{
	return __wrap_fcntl64(fd, command, argument);
}

/* ----------------------------------------------------------------- play -- */

/* However slow the machine is, a turn takes all there is. */
static bool time_stands_still;

struct play {
	pid_t child;
	int out;           /* what the client gets */
	int size_at_first; /* of a pipe */
	int signal;        /* written to: the end */
	char *text;
	size_t size;
};

static int
pump_here(int signal_fd)
{
	const struct stream_start none = {.since_ms = STREAM_SINCE_NONE};
	const struct sse_response response = {
	    .status = 200, .event_stream = true};
	const struct pump_options options = {
	    .response = &response,
	    .conf = &conf,
	    .clock = time_stands_still ? &hand_clock : sse_clock_system(),
	    .signal_fd = signal_fd,
	    .random = 7,
	};
	struct stream *stream;
	int error = stream_new(&conf, options.clock, 7, NULL, &stream);

	if (error == 0)
		error = stream_start(stream, &none);
	if (error >= 0)
		error = pump_run(stream, &options);
	stream_free(stream);
	return error;
}

/* The descriptors of the source are both processes'. */
static void
begin_on(struct play *play, const int out[2])
{
	int ends[2];

	play->text = test_zeroed(TEXT_SIZE_MAX);
	play->size = 0;
	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	play->child = fork();
	CHECK(play->child >= 0);
	if (play->child == 0) {
		(void)signal(SIGPIPE, SIG_IGN);
		(void)dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		_exit(pump_here(ends[0]) == 0 ? 0 : 1);
	}
	close(out[1]);
	close(ends[0]);
	play->out = out[0];
	play->signal = ends[1];
}

static void
begin(struct play *play)
{
	int out[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out) == 0);
	begin_on(play, out);
}

static void
begin_on_pipe(struct play *play)
{
	int out[2];

	CHECK(pipe2(out, O_CLOEXEC) == 0);
	play->size_at_first = fcntl(out[0], F_GETPIPE_SZ);
	begin_on(play, out);
}

/* Until these words have come, or the end. */
static void
wait_for(struct play *play, const char *words)
{
	const char *from = play->text; /* before that they are not */

	while (words == NULL || strstr(from, words) == NULL) {
		ssize_t got = read(play->out, play->text + play->size,
		    TEXT_SIZE_MAX - 1 - play->size);

		if (got <= 0) {
			if (words != NULL)
				test_fail(__FILE__, __LINE__, "%s", play->text);
			return;
		}
		if (words != NULL && play->size > strlen(words))
			from = play->text + play->size - strlen(words);
		play->size += (size_t)got;
		play->text[play->size] = '\0';
	}
}

static void
check_ends(struct play *play)
{
	int status;

	CHECK(waitpid(play->child, &status, 0) == play->child);
	CHECK_EQUAL_INT(status, 0);
}

static void
end(struct play *play)
{
	close(play->out);
	close(play->signal);
}

static void
stop(struct play *play)
{
	CHECK_EQUAL_INT(write(play->signal, "", 1), 1);
	check_ends(play);
	end(play);
	slow_end();
}

TEST(what_the_source_gives_is_sent)
{
	struct play play;

	slow_begin();
	conf.source = slow_text();
	slow_say(SLOW_LEADER, "sr");
	begin(&play);
	wait_for(&play, "data: 1\n\n");
	CHECK(strncmp(play.text, "Content-Type: text/event-stream", 31) == 0);
	CHECK(strstr(play.text, "\nretry: ") != NULL);
	slow_say(SLOW_LEADER, ".rr");
	wait_for(&play, "data: 3\n\n");
	CHECK(strstr(play.text, "data: 2\n\n") != NULL);
	CHECK_EQUAL_INT(write(play.signal, "", 1), 1);
	wait_for(&play, NULL);
	check_ends(&play);
	end(&play);
	slow_end();
}

/* It has its head and an event before anybody knows where it begins. */
TEST(a_source_that_takes_its_time_is_waited_for)
{
	struct play play;

	slow_begin();
	conf.source = slow_text();
	begin(&play);
	wait_for(&play, "\nretry: ");
	slow_say(SLOW_LEADER, "..");
	slow_say(SLOW_LEADER, "sr");
	wait_for(&play, "data: 1\n\n");
	stop(&play);
}

TEST(a_client_hears_that_the_connection_lives)
{
	struct play play;

	slow_begin();
	conf.source = slow_text();
	slow_say(SLOW_LEADER, "s");
	conf.heartbeat_ms = 100;
	begin(&play);
	wait_for(&play, "\n\n" SSE_HEARTBEAT SSE_HEARTBEAT);
	stop(&play);
}

TEST(it_ends_when_its_time_is_over)
{
	struct play play;

	slow_begin();
	conf.source = slow_text();
	slow_say(SLOW_LEADER, "sr");
	conf.max_age_ms = 100;
	begin(&play);
	wait_for(&play, NULL);
	CHECK(strstr(play.text, "retry: ") != NULL);
	check_ends(&play);
	end(&play);
	slow_end();
}

TEST(it_ends_when_the_client_has_gone)
{
	struct play play;

	slow_begin();
	conf.source = slow_text();
	slow_say(SLOW_LEADER, "s");
	begin(&play);
	wait_for(&play, "\nretry: ");
	close(play.out);
	/* Nothing is written: the end of the socket shows it. */
	check_ends(&play);
	play.out = -1;
	close(play.signal);
	slow_end();
}

/* It is a file, and no client has gone. */
TEST(standard_output_without_room_is_an_error)
{
	int out[2] = {open("/dev/null", O_RDONLY | O_CLOEXEC),
	    open("/dev/full", O_WRONLY | O_CLOEXEC)};
	struct play play;
	int status;

	CHECK(out[0] >= 0 && out[1] >= 0);
	slow_begin();
	conf.source = slow_text();
	slow_say(SLOW_LEADER, "s");
	begin_on(&play, out);
	CHECK(waitpid(play.child, &status, 0) == play.child);
	CHECK(WIFEXITED(status));
	CHECK_EQUAL_INT(WEXITSTATUS(status), 1);
	end(&play);
	slow_end();
}

#define RECORDS 20000 /* more than the socket and the pump hold */

static void
say_many(int count)
{
	char commands[1000];

	while (count > 0) {
		int size = count < (int)sizeof(commands) - 1
			       ? count
			       : (int)sizeof(commands) - 1;

		memset(commands, 'r', (size_t)size);
		commands[size] = '\0';
		slow_say(SLOW_LEADER, commands);
		count -= size;
	}
}

TEST(a_client_that_takes_nothing_is_given_up)
{
	struct play play;

	slow_begin();
	conf.source = slow_text();
	slow_say(SLOW_LEADER, "s");
	say_many(RECORDS);
	conf.write_timeout_ms = 100;
	begin(&play);
	check_ends(&play);
	end(&play);
	slow_end();
}

static void
prepare_many(enum conf_flush flush, int64_t flush_ms)
{
	slow_begin();
	conf.source = slow_text();
	slow_say(SLOW_LEADER, "s");
	conf.flush = flush;
	conf.flush_ms = flush_ms;
	say_many(RECORDS);
}

static void
check_many(struct play *play)
{
	const char *at;
	char words[32];

	(void)snprintf(words, sizeof(words), "data: %d\n\n", RECORDS);
	wait_for(play, words);
	at = play->text;
	for (int i = 1; i <= RECORDS; i++) {
		(void)snprintf(words, sizeof(words), "\ndata: %d\n\n", i);
		while (*at != '\0' && strncmp(at, words, strlen(words)) != 0)
			at++;
		CHECK(*at != '\0');
	}
}

/* What it was too slow for is still there when it takes bytes again. */
static void
check_order(enum conf_flush flush, int64_t flush_ms)
{
	struct play play;

	prepare_many(flush, flush_ms);
	begin(&play);
	check_many(&play);
	stop(&play);
}

TEST(a_client_that_is_slow_gets_everything_in_order)
{
	check_order(CONF_FLUSH_READY, 0);
}

TEST(a_client_that_is_slow_gets_everything_beside_a_time_of_flush)
{
	check_order(CONF_FLUSH_TIME, 1);
}

/* PUMP_FRAMES_MAX of them are more than a write. */
static void
prepare_turns(void)
{
	time_stands_still = true;
	conf.event = "a type that makes a frame longer";
	prepare_many(CONF_FLUSH_READY, 0);
}

/* Whatever is to come does not fit into it. */
TEST(a_pipe_is_wide_as_long_as_there_is_much)
{
	struct play play;

	prepare_turns();
	begin_on_pipe(&play);
	while (fcntl(play.out, F_GETPIPE_SZ) != PUMP_PIPE_SIZE_MAX)
		(void)poll(NULL, 0, 1);
	check_many(&play);
	slow_say(SLOW_LEADER, "r");
	wait_for(&play, "data: 20001\n\n");
	CHECK_EQUAL_INT(fcntl(play.out, F_GETPIPE_SZ), play.size_at_first);
	stop(&play);
}

TEST(a_pipe_that_may_not_grow_will_do)
{
	struct play play;

	may_grow = false;
	prepare_turns();
	begin_on_pipe(&play);
	check_many(&play);
	CHECK_EQUAL_INT(fcntl(play.out, F_GETPIPE_SZ), play.size_at_first);
	stop(&play);
}

/* Each frame is a write: a pipe as it comes takes many. */
TEST(a_pipe_stays_as_it_is_where_each_frame_is_a_write)
{
	struct play play;

	prepare_many(CONF_FLUSH_FRAME, 0);
	begin_on_pipe(&play);
	check_many(&play);
	CHECK_EQUAL_INT(fcntl(play.out, F_GETPIPE_SZ), play.size_at_first);
	stop(&play);
}

#define BEATS SSE_HEARTBEAT SSE_HEARTBEAT SSE_HEARTBEAT SSE_HEARTBEAT

/* An hour: of a heartbeat it is not the time yet, and the first event is sent.
 */
TEST(what_comes_within_the_time_of_flush_waits_for_it)
{
	struct play play;

	slow_begin();
	conf.source = slow_text();
	conf.flush = CONF_FLUSH_TIME;
	conf.flush_ms = 3600000;
	conf.heartbeat_ms = 50;
	slow_say(SLOW_LEADER, "sr");
	begin(&play);
	wait_for(&play, "data: 1\n\n");
	slow_say(SLOW_LEADER, "rr");
	wait_for(&play, "data: 1\n\n" BEATS BEATS);
	CHECK(strstr(play.text, "data: 2") == NULL);
	stop(&play);
}

TEST(what_came_within_the_time_of_flush_is_one_write)
{
	struct play play;

	slow_begin();
	conf.source = slow_text();
	conf.flush = CONF_FLUSH_TIME;
	conf.flush_ms = 100;
	slow_say(SLOW_LEADER, "sr");
	begin(&play);
	wait_for(&play, "data: 1\n\n");
	slow_say(SLOW_LEADER, "rrr");
	wait_for(&play, "data: 2\n\n");
	CHECK(strstr(play.text, "data: 4\n\n") != NULL);
	stop(&play);
}
