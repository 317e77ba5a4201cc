/*
 * A hub in its loop: beside one that always has more to do, and of a source
 * that answers when the test says so, with a clock that goes on likewise.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clients.h"
#include "conf/conf.h"
#include "hub.h"
#include "peers.h"
#include "slow_ways.h"
#include "source/folder.h"
#include "stream_confs.h"
#include "wakeup.h"

#define LINES 20

struct play {
	struct loop *loop;
	struct clients clients;
	struct conf *conf;
	struct sse_clock clock; /* stands still: no budget is ever over */
	struct wakeup wakeup;
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

static void
wake(void *context)
{
	(void)context;
}

static bool
dismiss(void *context, const struct hub *hub, const struct budget *budget)
{
	(void)context;
	(void)hub;
	(void)budget;
	return false;
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
	CHECK_EQUAL_INT(
	    wakeup_init(&play->wakeup, play->loop, &play->clock), 0);
	CHECK(wakeup_works(&play->wakeup));
	play->options = (struct hub_options){.loop = play->loop,
	    .clock = &play->clock,
	    .hints = play->wakeup.hints,
	    .random = peers_random,
	    .followers = {wake, dismiss, NULL}};
	CHECK_EQUAL_INT(
	    hub_new(conf_stream(play->conf, 0), &play->options, &play->hub), 0);
	CHECK_EQUAL_INT(hub_open(play->hub), 0);
}

static void
join(struct play *play)
{
	peers_init(&play->clients, play->loop, sse_clock_system(), 1);
	play->peer = peers_connect(&play->clients, PEERS_REQUEST);
	CHECK_EQUAL_INT(hub_join(play->hub, play->clients.first,
			    backlog_head(play->hub->feed.backlog)),
	    0);
}

/* Until the source is waited for. */
static void
come_to_rest(struct play *play)
{
	while (stream_poll(play->hub->feed.stream).timeout_ms == 0)
		turn_loop(play->loop);
	turn_loop(play->loop);
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
	wakeup_done(&play->wakeup);
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
	    .hints = source_hints_new(),
	    .clock = sse_clock_system(),
	    .random = peers_random,
	    .followers = {wake, dismiss, NULL}};
	CHECK_EQUAL_INT(
	    hub_new(conf_stream(play->conf, 0), &play->options, &play->hub), 0);
}

/* What looks read of the folder. */
static int
look(struct play *play, int times)
{
	reads = 0;
	for (int i = 0; i < times; i++)
		hub_look(play->hub);
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
	CHECK_EQUAL_INT(feed_error(&play.hub->feed), 0);
	CHECK(unlink(test_path("app-2020-01-01.log")) == 0);
	CHECK_EQUAL_INT(look(&play, 1), 0);
	CHECK_EQUAL_INT(feed_error(&play.hub->feed), -ENOENT);
	make("app-2020-01-02.log");
	CHECK_EQUAL_INT(look(&play, 1), 0);
	CHECK_EQUAL_INT(feed_error(&play.hub->feed), 0);
	hub_free(play.hub);
	source_hints_free(play.options.hints);
	conf_free(play.conf);
	loop_free(play.loop);
}

/* ------------------------------------------ a source that is the test's -- */

static struct stream_conf slow_conf = {
    STREAM_CONF_OF_TESTS,
    .name = "slow",
    .from = CONF_FROM_END,
    .backlog_size = 65536,
};

static int64_t hand_ms;

static int64_t
read_hand(void *context)
{
	(void)context;
	return hand_ms;
}

static void
begin(struct play *play)
{
	*play = (struct play){.peer = -1};
	hand_ms = 1000;
	play->clock = *sse_clock_system();
	play->clock.monotonic_ms = read_hand;
	slow_begin();
	slow_conf.source = slow_text();
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	play->options = (struct hub_options){.loop = play->loop,
	    .clock = &play->clock,
	    .random = peers_random,
	    .followers = {wake, dismiss, NULL}};
	CHECK_EQUAL_INT(hub_new(&slow_conf, &play->options, &play->hub), 0);
	CHECK_EQUAL_INT(hub_open(play->hub), 0);
}

static void
end(struct play *play)
{
	if (play->peer >= 0) {
		clients_done(&play->clients);
		(void)close(play->peer);
	}
	hub_free(play->hub);
	loop_free(play->loop);
	slow_end();
}

/* Turns until all that was said has been heard. */
static void
say(struct play *play, const char *commands)
{
	unsigned heard = slow_calls(SLOW_LEADER) + (unsigned)strlen(commands);

	slow_say(SLOW_LEADER, commands);
	while (slow_calls(SLOW_LEADER) < heard)
		turn_loop(play->loop);
}

TEST(what_is_read_is_counted_once_for_all)
{
	struct play play;

	begin(&play);
	say(&play, "s");
	CHECK_EQUAL_INT(backlog_records_ever(play.hub->feed.backlog), 0);
	say(&play, "rrr");
	CHECK_EQUAL_INT(backlog_records_ever(play.hub->feed.backlog), 3);
	CHECK_EQUAL_INT(
	    play.hub->stats.bytes, backlog_head(play.hub->feed.backlog));
	CHECK_EQUAL_INT(play.hub->stats.frames,
	    backlog_frames_before(
		play.hub->feed.backlog, backlog_head(play.hub->feed.backlog)));
	end(&play);
}

TEST(who_joins_is_one_of_its_clients_until_it_goes)
{
	struct play play;

	begin(&play);
	CHECK_EQUAL_INT(hub_clients(play.hub), 0);
	join(&play);
	CHECK_EQUAL_INT(hub_clients(play.hub), 1);
	hub_count_reader(play.hub, 1);
	CHECK_EQUAL_INT(hub_clients(play.hub), 2);
	hub_count_reader(play.hub, -1);
	client_close(play.clients.first, CLIENT_LEFT);
	CHECK_EQUAL_INT(hub_clients(play.hub), 0);
	end(&play);
}

/* Nobody else would hear it. */
TEST(a_heartbeat_is_for_clients_alone)
{
	struct play play;
	uint64_t frames;

	begin(&play);
	say(&play, "s");
	/* The id where it begins is a frame, too. */
	while (play.hub->stats.frames == 0)
		turn_loop(play.loop);
	hand_ms += slow_conf.heartbeat_ms;
	frames = play.hub->stats.frames;
	say(&play, ".");
	CHECK_EQUAL_INT(play.hub->stats.frames, frames);
	join(&play);
	say(&play, ".");
	CHECK_EQUAL_INT(play.hub->stats.frames, frames + 1);
	/* The time begins anew with each frame. */
	hand_ms += slow_conf.heartbeat_ms - 1;
	say(&play, ".");
	CHECK_EQUAL_INT(play.hub->stats.frames, frames + 1);
	hand_ms++;
	say(&play, ".");
	CHECK_EQUAL_INT(play.hub->stats.frames, frames + 2);
	end(&play);
}

/* So many turns in which nothing is sent. */
static void
check_waits(struct play *play, int turns)
{
	uint64_t frames = play->hub->stats.frames;

	while (turns-- > 0)
		turn_loop(play->loop);
	CHECK_EQUAL_INT(play->hub->stats.frames, frames);
	CHECK(!source_watch_is_set(&play->hub->watch));
}

static void
wait_for_window(struct play *play)
{
	while (flush_window_left_ms(&play->hub->window, hand_ms) == 0)
		turn_loop(play->loop);
}

/* The time is the hand's; the loop only wakes up by its own. */
TEST(what_comes_within_the_time_of_flush_is_sent_together)
{
	struct play play;
	uint64_t frames;

	slow_conf.flush = CONF_FLUSH_TIME;
	slow_conf.flush_ms = 5;
	begin(&play);
	join(&play);
	say(&play, "s");
	while (play.hub->stats.frames == 0)
		turn_loop(play.loop);
	wait_for_window(&play);
	hand_ms += 5;
	say(&play, ".");
	/* The first after a quiet time goes at once. */
	frames = play.hub->stats.frames;
	say(&play, "r.");
	CHECK_EQUAL_INT(play.hub->stats.frames, frames + 1);
	wait_for_window(&play);
	slow_say(SLOW_LEADER, "rrr.");
	check_waits(&play, 3);
	hand_ms += 4;
	check_waits(&play, 3);
	hand_ms++;
	while (play.hub->stats.frames < frames + 4)
		turn_loop(play.loop);
	wait_for_window(&play);
	check_waits(&play, 3);
	/* A heartbeat is sent in time, and looks at nothing. */
	slow_conf.flush_ms = 1000000;
	hand_ms += 5;
	say(&play, "r.");
	wait_for_window(&play);
	frames = play.hub->stats.frames;
	hand_ms += slow_conf.heartbeat_ms;
	loop_timer_set(play.hub->timer, 0);
	while (play.hub->stats.frames == frames)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.hub->stats.frames, frames + 1);
	CHECK(!source_watch_is_set(&play.hub->watch));
	slow_conf.flush = CONF_FLUSH_FRAME;
	slow_conf.flush_ms = 0;
	end(&play);
}

/* The hub waits, and not its subscribers. */
TEST(who_is_behind_goes_on_within_the_time_of_flush)
{
	const int least = 1;
	char many[301] = "", text[65536];
	size_t size = 0;
	struct play play;
	ssize_t got;

	memset(many, 'r', sizeof(many) - 1);
	slow_conf.flush = CONF_FLUSH_TIME;
	slow_conf.flush_ms = 5;
	begin(&play);
	join(&play);
	CHECK(setsockopt(play.clients.first->fd, SOL_SOCKET, SO_SNDBUF, &least,
		  sizeof(least)) == 0);
	say(&play, "s");
	wait_for_window(&play);
	hand_ms += 5;
	say(&play, many);
	wait_for_window(&play);
	CHECK(play.clients.first->blocked);
	while (memmem(text, size, "data: 300\n\n", 11) == NULL) {
		turn_loop(play.loop);
		CHECK(size < sizeof(text));
		got = recv(
		    play.peer, text + size, sizeof(text) - size, MSG_DONTWAIT);
		size += got > 0 ? (size_t)got : 0;
	}
	CHECK(flush_window_left_ms(&play.hub->window, hand_ms) > 0);
	end(&play);
}

TEST(a_file_that_nobody_reads_is_closed_after_a_while)
{
	struct play play;

	begin(&play);
	say(&play, "s");
	hand_ms += HUB_LINGER_MS - 1;
	say(&play, "r");
	CHECK(play.hub->feed.stream != NULL);
	hand_ms += 2;
	slow_say(SLOW_LEADER, "r");
	while (play.hub->feed.stream != NULL)
		turn_loop(play.loop);
	CHECK(play.hub->feed.backlog == NULL);
	CHECK_EQUAL_INT(feed_error(&play.hub->feed), 0);
	/* It is opened for the next one, and what was counted stays. */
	CHECK_EQUAL_INT(hub_open(play.hub), 0);
	CHECK(play.hub->feed.stream != NULL);
	CHECK(play.hub->stats.frames > 0);
	end(&play);
}

TEST(a_hub_that_is_retired_dismisses_its_clients_in_good_order)
{
	struct budget budget;
	struct play play;
	char bytes[4096];
	ssize_t got;

	begin(&play);
	join(&play);
	say(&play, "s");
	say(&play, "r");
	hub_retire(play.hub);
	CHECK(play.hub->feed.stream == NULL);
	budget = budget_begin(&play.clock, HUB_TURN_MS);
	CHECK(!hub_dismiss(play.hub, &budget));
	CHECK_EQUAL_INT(hub_clients(play.hub), 0);
	got = recv(play.peer, bytes, sizeof(bytes), MSG_DONTWAIT);
	CHECK(got > WIRE_FINISH_SIZE);
	CHECK_EQUAL_INT(bytes[got - 15], WIRE_END_REQUEST);
	/* Its other source has begun already: nothing more is read. */
	slow_say(SLOW_LEADER, "r");
	turn_loop(play.loop);
	CHECK_EQUAL_INT(recv(play.peer, bytes, sizeof(bytes), MSG_DONTWAIT), 0);
	end(&play);
}
