/*
 * All streams of a worker, as its configuration changes.  Nobody reads them: a
 * visitor is a number of the hub.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confs.h"
#include "hubs.h"

struct play {
	struct loop *loop;
	struct readers readers;
	struct hub_options options;
	struct hubs hubs;
};

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
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	play->options = (struct hub_options){.loop = play->loop,
	    .clock = sse_clock_system(),
	    .random = any,
	    .moved = take_moved};
	CHECK_EQUAL_INT(
	    log_open(test_path("told"), "p", false, &play->options.log), 0);
	CHECK_EQUAL_INT(
	    readers_init(&play->readers, play->loop, play->options.clock), 0);
	CHECK_EQUAL_INT(
	    hubs_init(&play->hubs, &play->options, &play->readers), 0);
}

static void
end(struct play *play)
{
	hubs_done(&play->hubs);
	readers_done(&play->readers);
	log_close(play->options.log);
	loop_free(play->loop);
}

/* Each time a text of its own: the conf is held by the hubs alone. */
static void
load(struct play *play, const char *text)
{
	char copy[500];
	struct conf *conf;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	conf = conf_of(sse_slice(copy));
	CHECK_EQUAL_INT(hubs_load(&play->hubs, conf), 0);
	conf_free(conf);
	memset(copy, 'x', sizeof(copy));
}

static void
stop(void *context)
{
	loop_stop(context);
}

static void
turn(struct play *play)
{
	struct loop_timer *timer = loop_timer_new(play->loop, stop, play->loop);

	loop_timer_set(timer, 0);
	CHECK_EQUAL_INT(loop_run(play->loop), 0);
	loop_timer_free(timer);
}

static struct hub *
found(const struct play *play, const char *name)
{
	struct hub *hub = hubs_find(&play->hubs, name);

	CHECK(hub != NULL);
	CHECK_EQUAL_TEXT(sse_slice(hub->conf->name), sse_slice(name));
	return hub;
}

#define A "[a]\nsource = /nowhere/a\n"
#define B "[b]\nsource = /nowhere/b\n"
#define C "[c]\nsource = /nowhere/c\n"

TEST(a_stream_is_found_by_its_name)
{
	struct play play;

	begin(&play);
	CHECK(hubs_find(&play.hubs, "a") == NULL);
	load(&play, A B);
	CHECK_EQUAL_INT(play.hubs.count, 2);
	CHECK(found(&play, "a") != found(&play, "b"));
	CHECK(hubs_find(&play.hubs, "A") == NULL);
	CHECK(hubs_find(&play.hubs, "") == NULL);
	CHECK_EQUAL_INT(hubs_clients(&play.hubs), 0);
	end(&play);
}

/* In whatever order they are written. */
TEST(a_stream_that_is_as_it_was_goes_on)
{
	static const struct {
		const char *text;
		size_t count;
		bool a, b; /* they are the same as before */
	} cases[] = {
	    {A B, 2, true, true},
	    {B A, 2, true, true},
	    {C B A, 3, true, true},
	    {"# a comment\n" A "\n" B, 2, true, true},
	    {A, 1, true, false},
	    {B C, 2, false, true},
	    {"retry = 7s\n" A B, 2, false, false},
	    {A "retry = 7s\n" B, 2, false, true},
	    {"[b]\nsource = /nowhere/a\n[a]\nsource = /nowhere/b\n", 2, false,
		false},
	    {"", 0, false, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;
		const struct hub *a, *b;

		begin(&play);
		load(&play, A B);
		a = found(&play, "a");
		b = found(&play, "b");
		load(&play, cases[i].text);
		CHECK_EQUAL_INT(play.hubs.count, cases[i].count);
		CHECK_EQUAL_INT(
		    play.hubs.leaving_count, 2 - cases[i].a - cases[i].b);
		CHECK_EQUAL_INT(hubs_find(&play.hubs, "a") == a, cases[i].a);
		CHECK_EQUAL_INT(hubs_find(&play.hubs, "b") == b, cases[i].b);
		end(&play);
	}
}

/* The list is in the order of the conf: the status page relies on it. */
TEST(streams_are_in_the_order_of_the_configuration)
{
	struct play play;

	begin(&play);
	load(&play, A B C);
	load(&play, C "[d]\nsource = /nowhere/d\n" A B);
	for (size_t i = 0; i < play.hubs.count; i++)
		CHECK(strcmp(play.hubs.list[i].hub->conf->name,
			  conf_stream(play.hubs.conf, i)->name) == 0);
	end(&play);
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
		turn(&play);
	/* It is there as long as the visitor is, whatever comes meanwhile. */
	load(&play, A);
	CHECK(found(&play, "a") != a);
	for (int i = 0; i < 3; i++)
		turn(&play);
	CHECK_EQUAL_TEXT(sse_slice(a->conf->source), SLICE("/nowhere/a"));
	a->visitors = 0;
	while (play.hubs.leaving_count > 0)
		turn(&play);
	CHECK(hubs_find(&play.hubs, "c") == NULL);
	end(&play);
}

TEST(a_pipe_is_read_before_anybody_comes)
{
	char text[600];
	struct play play;

	CHECK(mkfifo(test_path("pipe"), 0600) == 0);
	(void)snprintf(
	    text, sizeof(text), A "[p]\nsource = %s\n", test_path("pipe"));
	begin(&play);
	load(&play, text);
	CHECK(found(&play, "p")->stream == NULL);
	hubs_begin(&play.hubs);
	CHECK(found(&play, "p")->stream != NULL);
	/* A file is only looked at: the log says what keeps it. */
	CHECK(found(&play, "a")->stream == NULL);
	CHECK(hub_error(found(&play, "a")) != 0);
	end(&play);
}
