/*
 * A hub in its loop, beside one that always has more to do.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/conf.h"
#include "hub.h"
#include "source/folder.h"

#define LINES 20

struct play {
	struct loop *loop;
	struct clients clients;
	struct conf *conf;
	struct sse_clock clock; /* stands still: no budget is ever over */
	struct hub_options options;
	struct hub *hub;
	struct loop_timer *busy;
	int log;
	int peer;
	int written;
};

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return 1000;
}

static uint64_t
any(void)
{
	return 7;
}

static void
take_moved(void *context)
{
	(void)context;
}

static void
take_closed(void *context, enum client_why why)
{
	(void)context;
	(void)why;
}

/* Bytes that have come since it was called before. */
static size_t
received(struct play *play)
{
	char bytes[4096];
	ssize_t got = recv(play->peer, bytes, sizeof(bytes), MSG_DONTWAIT);

	return got > 0 ? (size_t)got : 0;
}

/* It is called in each turn, and what it wrote in the last has to be there. */
static void
be_busy(void *context)
{
	struct play *play = context;
	size_t got = received(play);

	if (play->written > 0)
		CHECK(got > 0);
	if (play->written++ == LINES)
		loop_stop(play->loop);
	else
		CHECK(write(play->log, "line\n", 5) == 5);
	loop_timer_set(play->busy, 0);
}

static void
open_hub(struct play *play)
{
	struct conf_error why;
	char source[512];

	(void)snprintf(source, sizeof(source), "log=%s", test_path("log"));
	play->log = open(
	    test_path("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	CHECK(play->log >= 0);
	play->conf = conf_new();
	CHECK_EQUAL_INT(conf_add_source(play->conf, source, &why), 0);
	CHECK_EQUAL_INT(conf_finish(play->conf, &why), 0);
	play->clock = *sse_clock_system();
	play->clock.monotonic_ms = monotonic_ms;
	play->options = (struct hub_options){.loop = play->loop,
	    .clock = &play->clock,
	    .random = any,
	    .moved = take_moved};
	CHECK_EQUAL_INT(
	    hub_new(conf_stream(play->conf, 0), &play->options, &play->hub), 0);
	CHECK_EQUAL_INT(hub_open(play->hub), 0);
}

static void
join(struct play *play)
{
	int fds[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		  fds) == 0);
	play->peer = fds[1];
	CHECK_EQUAL_INT(
	    clients_init(&play->clients, play->loop, sse_clock_system()), 0);
	play->clients.clients_max = 1;
	play->clients.closed = take_closed;
	CHECK_EQUAL_INT(client_new(&play->clients, fds[0]), 0);
	CHECK_EQUAL_INT(hub_join(play->hub, play->clients.first,
			    backlog_head(play->hub->backlog)),
	    0);
}

static void
stop(void *context)
{
	loop_stop(context);
}

/* Until the source is waited for. */
static void
come_to_rest(struct play *play)
{
	struct loop_timer *timer = loop_timer_new(play->loop, stop, play->loop);

	while (play->hub->watched_fd < 0) {
		loop_timer_set(timer, 0);
		CHECK_EQUAL_INT(loop_run(play->loop), 0);
	}
	loop_timer_free(timer);
}

static void
play_begin(struct play *play)
{
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	open_hub(play);
	join(play);
	come_to_rest(play);
	(void)received(play);
}

static void
play_end(struct play *play)
{
	loop_timer_free(play->busy);
	clients_done(&play->clients);
	hub_free(play->hub);
	conf_free(play->conf);
	loop_free(play->loop);
	(void)close(play->peer);
	(void)close(play->log);
}

TEST(what_is_new_is_sent_before_others_have_their_turn)
{
	struct play play = {.written = 0};

	play_begin(&play);
	play.busy = loop_timer_new(play.loop, be_busy, &play);
	CHECK(play.busy != NULL);
	loop_timer_set(play.busy, 0);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.written, LINES + 1);
	play_end(&play);
}

/* Somebody who works on one thing for long has a look in between. */
TEST(what_is_new_is_sent_in_the_middle_of_a_turn)
{
	struct play play = {.written = 0};

	play_begin(&play);
	for (int i = 0; i < LINES; i++) {
		loop_look(play.loop);
		CHECK_EQUAL_INT(received(&play), 0);
		CHECK(write(play.log, "line\n", 5) == 5);
		loop_look(play.loop);
		CHECK(received(&play) > 0);
	}
	play_end(&play);
}

/* ------------------------------------------------- without a client -- */

static int reads; /* of a folder */

int __real_folder_read(int fd, const struct folder_taker *taker);
int __wrap_folder_read(int fd, const struct folder_taker *taker);

int
__wrap_folder_read(int fd, const struct folder_taker *taker)
{
	reads++;
	return __real_folder_read(fd, taker);
}

static void
make(const char *name)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	CHECK(fd >= 0);
	(void)close(fd);
}

static void
make_names(int count)
{
	char name[32];

	for (int i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), "other.%d", i);
		make(name);
	}
}

/* A hub of a log whose names are dated, and that nobody asks for. */
static void
make_dated_hub(struct play *play)
{
	struct conf_error why;
	char source[512];

	(void)snprintf(
	    source, sizeof(source), "log=%s", test_path("app-%Y-%m-%d.log"));
	play->conf = conf_new();
	CHECK_EQUAL_INT(conf_add_source(play->conf, source, &why), 0);
	CHECK_EQUAL_INT(conf_finish(play->conf, &why), 0);
	play->options = (struct hub_options){.loop = play->loop,
	    .folders = watch_new_of_folders(),
	    .clock = sse_clock_system(),
	    .random = any,
	    .moved = take_moved};
	CHECK_EQUAL_INT(
	    hub_new(conf_stream(play->conf, 0), &play->options, &play->hub), 0);
}

/* What looks read of the folder. */
static int
look(struct play *play, int times)
{
	reads = 0;
	for (int i = 0; i < times; i++)
		hub_look(play->hub, false);
	return reads;
}

/* It is read once, in steps; then inotify tells of it. */
TEST(a_look_beside_many_names_does_not_read_them_again)
{
	struct play play = {.written = 0};

	make_names(5000);
	make("app-2020-01-01.log");
	CHECK_EQUAL_INT(loop_new(&play.loop), 0);
	make_dated_hub(&play);
	CHECK(look(&play, 1) > 0);
	CHECK(look(&play, 20) > 0);
	CHECK_EQUAL_INT(look(&play, 20), 0);
	CHECK_EQUAL_INT(hub_error(play.hub), 0);
	CHECK(unlink(test_path("app-2020-01-01.log")) == 0);
	CHECK_EQUAL_INT(look(&play, 1), 0);
	CHECK_EQUAL_INT(hub_error(play.hub), -ENOENT);
	make("app-2020-01-02.log");
	CHECK_EQUAL_INT(look(&play, 1), 0);
	CHECK_EQUAL_INT(hub_error(play.hub), 0);
	hub_free(play.hub);
	watch_free(play.options.folders);
	conf_free(play.conf);
	loop_free(play.loop);
}
