/*
 * All streams of a worker, as its configuration changes.  The hubs are the
 * test's own: they tell what is done with them, and in which order.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "confs.h"
#include "hubs.h"
#include "peers.h"

/* ------------------------------------------------- hubs of the test's own --
 */

static char done[1000]; /* "make:a begin:a ..." */
static int made;        /* that are not freed */
static int fail_at;     /* so many are made before there is no memory; -1 */
static int to_dismiss;  /* steps until a hub has no clients */
static int64_t clock_ms;

static void
note(const char *what, const struct hub *hub)
{
	size_t size = strlen(done);

	(void)snprintf(done + size, sizeof(done) - size, "%s%s:%s",
	    size > 0 ? " " : "", what, hub->conf->name);
}

static int
make(const struct stream_conf *conf, const struct hub_options *options,
    struct hub **ret_hub)
{
	struct hub *hub;

	if (fail_at == 0)
		return -ENOMEM;
	fail_at--;
	hub = calloc(1, sizeof(*hub));
	CHECK(hub != NULL);
	hub->conf = conf;
	hub->options = options;
	made++;
	*ret_hub = hub;
	return 0;
}

static void
free_hub(struct hub *hub)
{
	CHECK_EQUAL_INT(hub->visitors, 0);
	CHECK_EQUAL_INT(hub->readers, 0);
	/* As closing a backlog's memory does. */
	clock_ms += HUBS_TURN_MS / 2;
	made--;
	free(hub);
}

static void
begin_hub(struct hub *hub)
{
	note("begin", hub);
}

static void
look_at(struct hub *hub)
{
	note("look", hub);
	/* Each takes a while: no more than a few in a turn. */
	clock_ms += HUBS_TURN_MS / 2;
}

/* The longer its name, the more. */
static size_t
clients(const struct hub *hub)
{
	return strlen(hub->conf->name);
}

static void
retire(struct hub *hub)
{
	note("retire", hub);
	hub->retired = true;
}

static bool
dismiss(struct hub *hub, const struct budget *budget)
{
	(void)budget;
	CHECK(hub->retired);
	return to_dismiss-- > 0;
}

static const struct hub_ops ops = {
    make, free_hub, begin_hub, look_at, clients, retire, dismiss};

/* -------------------------------------------------------------- the play -- */

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return clock_ms;
}

static const struct sse_clock hand = {monotonic_ms, monotonic_ms, NULL};

struct play {
	struct loop *loop;
	struct hub_options options;
	struct hubs hubs;
};

static void
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	done[0] = '\0';
	fail_at = -1;
	to_dismiss = 0;
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	play->options =
	    (struct hub_options){.loop = play->loop, .clock = &hand};
	CHECK_EQUAL_INT(hubs_init(&play->hubs, &play->options, &ops), 0);
}

static void
end(struct play *play)
{
	hubs_done(&play->hubs);
	loop_free(play->loop);
	CHECK_EQUAL_INT(made, 0);
}

/* Each time a text of its own: the conf is held by the hubs alone. */
static int
try_to_load(struct play *play, const char *text)
{
	char copy[500];
	struct conf *conf;
	int error;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	conf = conf_of(sse_slice(copy));
	error = hubs_load(&play->hubs, conf);
	conf_free(conf);
	memset(copy, 'x', sizeof(copy));
	return error;
}

static void
load(struct play *play, const char *text)
{
	CHECK_EQUAL_INT(try_to_load(play, text), 0);
}

static struct hub *
found(const struct play *play, const char *name)
{
	struct hub *hub = hubs_find(&play->hubs, name);

	CHECK(hub != NULL);
	CHECK_EQUAL_TEXT(sse_slice(hub->conf->name), sse_slice(name));
	return hub;
}

/* What has been done since it was asked before. */
static void
check_done(const char *want)
{
	CHECK_EQUAL_TEXT(sse_slice(done), sse_slice(want));
	done[0] = '\0';
}

#define A "[a]\nsource = /nowhere/a\n"
#define B "[b]\nsource = /nowhere/b\n"
#define C "[c]\nsource = /nowhere/c\n"
#define D "[d]\nsource = /nowhere/d\n"

TEST(a_stream_is_found_by_its_name)
{
	struct play play;

	begin(&play);
	CHECK(hubs_find(&play.hubs, "a") == NULL);
	CHECK_EQUAL_INT(hubs_clients(&play.hubs), 0);
	load(&play, A B "[long]\nsource = /nowhere/long\n");
	CHECK_EQUAL_INT(play.hubs.count, 3);
	CHECK(found(&play, "a") != found(&play, "b"));
	CHECK(hubs_find(&play.hubs, "A") == NULL);
	CHECK(hubs_find(&play.hubs, "") == NULL);
	CHECK_EQUAL_INT(hubs_clients(&play.hubs), 6);
	end(&play);
}

/* In whatever order they are written. */
TEST(a_stream_that_is_as_it_was_goes_on)
{
	static const struct {
		const char *text;
		size_t count;
		bool a, b; /* they are the same as before */
		const char *done;
	} cases[] = {
	    {A B, 2, true, true, ""},
	    {B A, 2, true, true, ""},
	    {C B A, 3, true, true, ""},
	    {"# a comment\n" A "\n" B, 2, true, true, ""},
	    {A, 1, true, false, "retire:b"},
	    {B C, 2, false, true, "retire:a"},
	    {"retry = 7s\n" A B, 2, false, false, "retire:a retire:b"},
	    {A "retry = 7s\n" B, 2, false, true, "retire:a"},
	    {"[b]\nsource = /nowhere/a\n[a]\nsource = /nowhere/b\n", 2, false,
		false, "retire:a retire:b"},
	    {"", 0, false, false, "retire:a retire:b"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;
		const struct hub *a, *b;

		begin(&play);
		load(&play, A B);
		check_done("");
		a = found(&play, "a");
		b = found(&play, "b");
		load(&play, cases[i].text);
		CHECK_EQUAL_INT(play.hubs.count, cases[i].count);
		CHECK_EQUAL_INT(
		    play.hubs.leaving_count, 2 - cases[i].a - cases[i].b);
		CHECK_EQUAL_INT(hubs_find(&play.hubs, "a") == a, cases[i].a);
		CHECK_EQUAL_INT(hubs_find(&play.hubs, "b") == b, cases[i].b);
		check_done(cases[i].done);
		end(&play);
	}
}

/* The list is in the order of the conf: the status page relies on it. */
TEST(streams_are_in_the_order_of_the_configuration)
{
	struct play play;

	begin(&play);
	load(&play, A B C);
	load(&play, C D A B);
	for (size_t i = 0; i < play.hubs.count; i++)
		CHECK(strcmp(play.hubs.list[i].hub->conf->name,
			  conf_stream(play.hubs.conf, i)->name) == 0);
	end(&play);
}

/* Whichever of the new ones it is that cannot be made. */
TEST(without_memory_everything_stays_as_it_was)
{
	for (int i = 0; i < 2; i++) {
		struct play play;
		const struct hub *a;

		begin(&play);
		load(&play, A B);
		a = found(&play, "a");
		fail_at = i;
		CHECK_EQUAL_INT(try_to_load(&play, C A D), -ENOMEM);
		CHECK_EQUAL_INT(play.hubs.count, 2);
		CHECK_EQUAL_INT(play.hubs.leaving_count, 0);
		CHECK_EQUAL_INT(made, 2);
		CHECK(found(&play, "a") == a);
		CHECK(hubs_find(&play.hubs, "c") == NULL);
		check_done("");
		end(&play);
	}
}

TEST(a_stream_that_is_not_served_any_more_leaves_with_its_last_visitor)
{
	struct play play;
	struct hub *a;

	begin(&play);
	load(&play, A B);
	a = found(&play, "a");
	a->visitors = 1;
	load(&play, C);
	CHECK(hubs_find(&play.hubs, "a") == NULL);
	CHECK(a->retired);
	while (play.hubs.leaving_count == 2)
		turn_loop(play.loop);
	/* It is there as long as the visitor is, whatever comes meanwhile. */
	load(&play, A);
	CHECK(found(&play, "a") != a);
	for (int i = 0; i < 3; i++)
		turn_loop(play.loop);
	CHECK_EQUAL_TEXT(sse_slice(a->conf->source), SLICE("/nowhere/a"));
	a->visitors = 0;
	while (play.hubs.leaving_count > 0)
		turn_loop(play.loop);
	CHECK(hubs_find(&play.hubs, "c") == NULL);
	end(&play);
}

/* Its client has no head yet, and is no visitor. */
TEST(a_stream_leaves_with_its_last_reader)
{
	struct play play;
	struct hub *a;

	begin(&play);
	load(&play, A B);
	a = found(&play, "a");
	a->readers = 1;
	load(&play, C);
	while (play.hubs.leaving_count == 2)
		turn_loop(play.loop);
	for (int i = 0; i < 3; i++)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.hubs.leaving_count, 1);
	a->readers = 0;
	while (play.hubs.leaving_count > 0)
		turn_loop(play.loop);
	end(&play);
}

/* They are as many as a turn's budget is enough for, and then the others. */
TEST(clients_that_have_to_leave_do_so_in_several_turns)
{
	struct play play;
	struct hub *a;

	begin(&play);
	load(&play, A);
	a = found(&play, "a");
	a->visitors = 1;
	to_dismiss = 3;
	load(&play, C);
	while (to_dismiss >= 0)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.hubs.leaving_count, 1);
	a->visitors = 0;
	while (play.hubs.leaving_count > 0)
		turn_loop(play.loop);
	end(&play);
}

/* However many they are, and one at least in each. */
TEST(streams_that_nobody_has_any_more_leave_in_several_turns)
{
	struct play play;
	size_t before;

	begin(&play);
	load(&play, A B C D);
	load(&play, "[e]\nsource = /nowhere/e\n");
	CHECK_EQUAL_INT(play.hubs.leaving_count, 4);
	while (play.hubs.leaving_count > 0) {
		before = play.hubs.leaving_count;
		turn_loop(play.loop);
		CHECK(before - play.hubs.leaving_count <= 3);
	}
	end(&play);
}

TEST(each_stream_begins_when_all_are_there)
{
	struct play play;

	begin(&play);
	load(&play, B A C);
	check_done("");
	hubs_begin(&play.hubs);
	check_done("begin:b begin:a begin:c");
	/* After a reload all are looked at, and not the new ones alone. */
	load(&play, C B);
	check_done("retire:a");
	hubs_begin(&play.hubs);
	check_done("begin:c begin:b");
	end(&play);
}

/* One after the other, as many as a turn has time for: nobody is passed over.
 */
TEST(looks_go_round)
{
	static const char *const want[] = {"look:b look:c look:d",
	    "look:a look:b look:c", "look:d look:a look:b"};
	struct play play;

	begin(&play);
	load(&play, A B C D);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		/* When it is time. */
		loop_timer_set(play.hubs.looks, 0);
		turn_loop(play.loop);
		check_done(want[i]);
	}
	end(&play);
}
