#include "test.h"

#include <signal.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "loop.h"

#define LONG_MS (2 * LOOP_TURN_MS)
#define LONG_COUNT 20

struct play {
	struct loop *loop;
	struct loop_timer *timer;
	struct loop_watch *watch;
	int ready;
	int times;
	int pipe[2];
};

static void
count_time(void *context)
{
	struct play *play = context;

	play->times++;
	loop_stop(play->loop);
}

/* Sets the timer to 0 each time, and never reads: it must be called anyway. */
static void
put_off(void *context, bool readable, bool writable)
{
	struct play *play = context;

	CHECK(readable && !writable);
	CHECK(++play->ready < 1000);
	loop_timer_set(play->timer, 0);
}

static void
play_init(struct play *play, loop_ready_function *ready)
{
	*play = (struct play){.ready = 0};
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	CHECK(pipe(play->pipe) == 0);
	play->timer = loop_timer_new(play->loop, count_time, play);
	play->watch = loop_watch_new(play->loop, play->pipe[0], ready, play);
	CHECK(play->timer != NULL && play->watch != NULL);
}

static void
play_done(struct play *play)
{
	loop_watch_free(play->watch);
	loop_timer_free(play->timer);
	loop_free(play->loop);
	close(play->pipe[0]);
	close(play->pipe[1]);
}

TEST(a_timer_of_0_is_called_however_often_it_is_set)
{
	struct play play;

	play_init(&play, put_off);
	CHECK_EQUAL_INT(loop_watch_set(play.watch, true, false), 0);
	CHECK(write(play.pipe[1], "x", 1) == 1);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.times, 1);
	/* 0 stays, whatever is set meanwhile. */
	CHECK_EQUAL_INT(loop_watch_set(play.watch, false, false), 0);
	loop_timer_set(play.timer, 0);
	loop_timer_set(play.timer, 3600000);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.times, 2);
	/* A later time gives way to an earlier one. */
	loop_timer_set(play.timer, 3600000);
	loop_timer_set(play.timer, 1);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.times, 3);
	play_done(&play);
}

static void
free_itself(void *context, bool readable, bool writable)
{
	struct play *play = context;

	(void)readable;
	(void)writable;
	play->ready++;
	loop_watch_free(play->watch);
	play->watch = NULL;
	loop_timer_set(play->timer, 0);
}

TEST(a_watch_may_be_freed_in_its_own_function)
{
	struct play play;

	play_init(&play, free_itself);
	CHECK_EQUAL_INT(loop_watch_set(play.watch, true, false), 0);
	CHECK(write(play.pipe[1], "x", 1) == 1);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.ready, 1);
	play_done(&play);
}

static void
stop(void *context)
{
	loop_stop(context);
}

#define SOME 3

struct some {
	struct loop *loop;
	struct loop_watch *watches[SOME];
	int fds[SOME][2];
	int told;
	int first;  /* of these, the first one */
	bool stays; /* it is not freed, and waits for nothing */
};

/* Who is told is the only one. */
static void
be_alone(void *context, bool readable, bool writable)
{
	struct some *some = context;

	CHECK(readable && !writable);
	some->told++;
	for (int i = 0; i < SOME; i++) {
		(void)loop_watch_set(some->watches[i], false, false);
		if (some->stays)
			continue;
		loop_watch_free(some->watches[i]);
		some->watches[i] = NULL;
	}
	loop_stop(some->loop);
}

/* All of them are ready. */
static void
some_begin(struct some *some, loop_ready_function *ready)
{
	CHECK_EQUAL_INT(loop_new(&some->loop), 0);
	for (int i = 0; i < SOME; i++) {
		CHECK(pipe(some->fds[i]) == 0);
		some->watches[i] =
		    loop_watch_new(some->loop, some->fds[i][0], ready, some);
		CHECK_EQUAL_INT(
		    loop_watch_set(some->watches[i], true, false), 0);
		CHECK(write(some->fds[i][1], "x", 1) == 1);
	}
}

static void
some_end(struct some *some)
{
	for (int i = 0; i < SOME; i++) {
		loop_watch_free(some->watches[i]);
		close(some->fds[i][0]);
		close(some->fds[i][1]);
	}
	loop_free(some->loop);
}

/* Those that were ready at the same time are told nothing any more. */
TEST(a_watch_may_be_freed_in_the_function_of_another_one)
{
	for (int stays = 0; stays < 2; stays++) {
		struct some some = {.stays = stays == 1};
		struct loop_timer *timer;

		some_begin(&some, be_alone);
		CHECK_EQUAL_INT(loop_run(some.loop), 0);
		timer = loop_timer_new(some.loop, stop, some.loop);
		loop_timer_set(timer, 0);
		CHECK_EQUAL_INT(loop_run(some.loop), 0);
		CHECK_EQUAL_INT(some.told, 1);
		loop_timer_free(timer);
		some_end(&some);
	}
}

static void
see_end(void *context, bool readable, bool writable)
{
	struct play *play = context;

	(void)writable;
	CHECK(readable);
	play->ready++;
	loop_stop(play->loop);
}

TEST(a_hang_up_is_readable)
{
	struct play play;

	play_init(&play, see_end);
	CHECK_EQUAL_INT(loop_watch_set(play.watch, true, false), 0);
	close(play.pipe[1]);
	play.pipe[1] = dup(0);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.ready, 1);
	play_done(&play);
}

TEST(a_signal_is_an_event)
{
	struct play play;

	play_init(&play, put_off);
	CHECK_EQUAL_INT(loop_signal(play.loop, SIGUSR2, count_time, &play), 0);
	CHECK(raise(SIGUSR2) == 0);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.times, 1);
	play_done(&play);
}

/* How often the loop has looked what is ready: it calls this one. */
static int looks;

__attribute__((visibility("default"))) int
epoll_wait(int epoll, struct epoll_event *events, int max, int timeout_ms)
{
	looks++;
	return epoll_pwait(epoll, events, max, timeout_ms, NULL);
}

/* What libevent looks at: a clock that moves on when the kernel ticks. */
static int64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void
work_long(void *context)
{
	struct play *play = context;
	int64_t end = now_ns() + LONG_MS * INT64_C(1000000);

	while (now_ns() < end)
		;
	if (++play->times == LONG_COUNT)
		loop_stop(play->loop);
}

/* However many have something to do, what is ready waits for one of them. */
TEST(a_turn_has_one_long_piece_of_work)
{
	struct loop_timer *timers[LONG_COUNT];
	struct play play;

	play_init(&play, put_off);
	for (int i = 0; i < LONG_COUNT; i++) {
		timers[i] = loop_timer_new(play.loop, work_long, &play);
		CHECK(timers[i] != NULL);
		loop_timer_set(timers[i], 0);
	}
	looks = 0;
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK(looks >= LONG_COUNT);
	for (int i = 0; i < LONG_COUNT; i++)
		loop_timer_free(timers[i]);
	play_done(&play);
}

static void
work_long_on(void *context, bool readable, bool writable)
{
	struct some *some = context;
	int64_t end = now_ns() + LONG_MS * INT64_C(1000000);

	CHECK(readable && !writable);
	while (now_ns() < end)
		;
	if (++some->told == LONG_COUNT * SOME)
		loop_stop(some->loop);
}

static void
work_long_anew(void *context, bool readable, bool writable)
{
	struct some *some = context;
	char byte;

	/* The first one has more to do each time, and comes no sooner. */
	work_long_on(some, readable, writable);
	some->first++;
	CHECK(read(some->fds[0][0], &byte, 1) == 1);
	CHECK(write(some->fds[0][1], "x", 1) == 1);
}

/* Each turn is over behind one of them. */
TEST(who_was_not_told_in_a_turn_is_told_in_the_next)
{
	struct some some = {.told = 0};

	some_begin(&some, work_long_on);
	loop_watch_free(some.watches[0]);
	some.watches[0] =
	    loop_watch_new(some.loop, some.fds[0][0], work_long_anew, &some);
	CHECK_EQUAL_INT(loop_watch_set(some.watches[0], true, false), 0);
	CHECK_EQUAL_INT(loop_run(some.loop), 0);
	CHECK(some.first >= LONG_COUNT - 1 && some.first <= LONG_COUNT + 1);
	some_end(&some);
}

/* What is urgent is looked at in the middle of something else. */
static void
look(void *context)
{
	struct play *play = context;

	loop_look(play->loop);
	CHECK_EQUAL_INT(play->ready, 0);
	CHECK(write(play->pipe[1], "x", 1) == 1);
	loop_look(play->loop);
	CHECK_EQUAL_INT(play->ready, 1);
	loop_look(play->loop);
	CHECK_EQUAL_INT(play->ready, 1);
	loop_stop(play->loop);
}

static struct loop_timer *
begin_urgent(struct play *play, loop_time_function *time)
{
	struct loop_timer *timer;

	play_init(play, free_itself);
	loop_watch_free(play->watch);
	play->watch =
	    loop_watch_new_urgent(play->loop, play->pipe[0], free_itself, play);
	CHECK_EQUAL_INT(loop_watch_set(play->watch, true, false), 0);
	timer = loop_timer_new(play->loop, time, play);
	CHECK(timer != NULL);
	return timer;
}

TEST(what_is_urgent_does_not_wait_for_the_end_of_a_turn)
{
	struct play play;
	struct loop_timer *timer = begin_urgent(&play, look);

	loop_timer_set(timer, 0);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.ready, 1);
	loop_timer_free(timer);
	play_done(&play);
}

/* The last one must find that the urgent one was called, and need not wait. */
static void
work_beside_urgent(void *context)
{
	struct play *play = context;
	const struct sse_clock *clock = sse_clock_system();
	int64_t end = sse_clock_monotonic_us(clock) + LONG_MS * 1000;

	if (play->times++ == 0)
		CHECK(write(play->pipe[1], "x", 1) == 1);
	else
		CHECK_EQUAL_INT(play->ready, 1);
	while (sse_clock_monotonic_us(clock) < end)
		;
	if (play->times == 2)
		loop_stop(play->loop);
}

/* All of them are ready in one turn. */
TEST(what_is_urgent_goes_between_two_others)
{
	struct play play;
	struct loop_timer *timers[2];

	timers[0] = begin_urgent(&play, work_beside_urgent);
	timers[1] = loop_timer_new(play.loop, work_beside_urgent, &play);
	CHECK(timers[1] != NULL);
	loop_timer_set(timers[0], 0);
	loop_timer_set(timers[1], 0);
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.times, 2);
	loop_timer_free(timers[0]);
	loop_timer_free(timers[1]);
	play_done(&play);
}

static void
fail(void *context)
{
	(void)context;
	test_fail(__FILE__, __LINE__, "it was waited for");
}

/* Its function is called without a look, too, and not when it is unset. */
TEST(what_is_urgent_is_waited_for)
{
	struct play play;
	struct loop_timer *timer = begin_urgent(&play, fail);

	CHECK(write(play.pipe[1], "x", 1) == 1);
	CHECK_EQUAL_INT(loop_watch_set(play.watch, false, false), 0);
	loop_look(play.loop);
	CHECK_EQUAL_INT(play.ready, 0);
	CHECK_EQUAL_INT(loop_watch_set(play.watch, true, true), 0);
	loop_timer_set(timer, 60000);
	/* It sets the timer that ends the loop. */
	CHECK_EQUAL_INT(loop_run(play.loop), 0);
	CHECK_EQUAL_INT(play.ready, 1);
	loop_timer_free(timer);
	play_done(&play);
}
