/*
 * What an administrator tells a loop, before and while it runs.
 */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <string.h>

#include "peers.h"
#include "signals.h"

#define TURNS_MAX 100000

struct play {
	struct loop *loop;
	int stops;
	int reloads;
};

static void
take_stop(void *context)
{
	struct play *play = context;

	play->stops++;
}

static void
take_reload(void *context)
{
	struct play *play = context;

	play->reloads++;
}

static void
wait_for_one(struct play *play)
{
	for (int i = 0; play->stops + play->reloads == 0; i++) {
		CHECK(i < TURNS_MAX);
		turn_loop(play->loop);
	}
}

static const struct {
	int number;
	int stops, reloads;
} cases[] = {{SIGTERM, 1, 0}, {SIGINT, 1, 0}, {SIGHUP, 0, 1}};

TEST(each_signal_has_its_meaning)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play = {.stops = 0};

		CHECK_EQUAL_INT(loop_new(&play.loop), 0);
		CHECK_EQUAL_INT(
		    signals_take(play.loop, take_stop, take_reload, &play), 0);
		raise(cases[i].number);
		wait_for_one(&play);
		CHECK_EQUAL_INT(play.stops, cases[i].stops);
		CHECK_EQUAL_INT(play.reloads, cases[i].reloads);
		loop_free(play.loop);
	}
}

/* Who comes between the hold and the loop would end the process. */
TEST(one_that_comes_early_is_kept)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play = {.stops = 0};

		CHECK_EQUAL_INT(signals_hold(), 0);
		raise(cases[i].number);
		CHECK_EQUAL_INT(loop_new(&play.loop), 0);
		CHECK_EQUAL_INT(
		    signals_take(play.loop, take_stop, take_reload, &play), 0);
		wait_for_one(&play);
		CHECK_EQUAL_INT(play.stops, cases[i].stops);
		CHECK_EQUAL_INT(play.reloads, cases[i].reloads);
		loop_free(play.loop);
	}
}

/* A peer that has gone, and what libfcgi has handlers for. */
TEST(others_end_nothing)
{
	struct play play = {.stops = 0};

	CHECK_EQUAL_INT(loop_new(&play.loop), 0);
	CHECK_EQUAL_INT(
	    signals_take(play.loop, take_stop, take_reload, &play), 0);
	raise(SIGPIPE);
	raise(SIGUSR1);
	raise(SIGXFSZ);
	for (int i = 0; i < 10; i++)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.stops + play.reloads, 0);
	loop_free(play.loop);
}
