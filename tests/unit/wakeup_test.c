/*
 * Hints in a loop: whose log has changed is woken, beside whatever others do,
 * and however many there are.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "peers.h"
#include "source/watch.h"
#include "wakeup.h"

#define LOGS 50

struct party;

struct guest {
	struct party *party;
	struct hint_waiter waiter;
	struct watch *watch;
	struct watch_file file;
	int fd;
	int woken;
};

/* A clock that goes on with each one who is woken. */
struct party {
	struct loop *loop;
	struct wakeup wakeup;
	struct sse_clock clock;
	struct guest guests[LOGS];
	int woken;     /* in a turn */
	int64_t takes; /* each: milliseconds */
	int64_t now_ms;
};

static int64_t
monotonic_ms(void *context)
{
	return ((struct party *)context)->now_ms;
}

static int64_t
file_time_ms(void *context)
{
	(void)context;
	return 0;
}

static void
wake(void *context)
{
	struct guest *guest = context;

	guest->woken++;
	guest->party->woken++;
	guest->party->now_ms += guest->party->takes;
	/* As a look does. */
	watch_drain(guest->watch);
}

static void
invite(struct party *party, struct guest *guest, int number)
{
	struct source_hints *hints = party->wakeup.hints;
	char name[32];

	(void)snprintf(name, sizeof(name), "log.%d", number);
	*guest = (struct guest){.party = party};
	guest->fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);
	CHECK(guest->fd >= 0);
	guest->waiter = (struct hint_waiter){.wake = wake, .context = guest};
	guest->watch = watch_new_shared(test_path(name), hints, &guest->waiter);
	CHECK(guest->watch != NULL);
	watch_file(guest->watch, guest->fd, &guest->file);
}

static void
begin(struct party *party)
{
	*party = (struct party){.now_ms = 1000};
	party->clock = (struct sse_clock){monotonic_ms, file_time_ms, party};
	CHECK_EQUAL_INT(loop_new(&party->loop), 0);
	CHECK_EQUAL_INT(
	    wakeup_init(&party->wakeup, party->loop, &party->clock), 0);
	for (int i = 0; i < LOGS; i++)
		invite(party, &party->guests[i], i);
	do {
		party->woken = 0;
		turn_loop(party->loop);
	} while (party->woken > 0);
	for (int i = 0; i < LOGS; i++)
		party->guests[i].woken = 0;
}

static void
end(struct party *party)
{
	for (int i = 0; i < LOGS; i++) {
		struct guest *guest = &party->guests[i];

		watch_forget(&guest->file);
		watch_free(guest->watch);
		hint_waiter_rest(party->wakeup.hints, &guest->waiter);
		close(guest->fd);
	}
	wakeup_done(&party->wakeup);
	loop_free(party->loop);
}

static void
write_to(const struct guest *guest)
{
	CHECK(write(guest->fd, "x\n", 2) == 2);
}

TEST(who_has_something_to_look_at_is_woken_and_nobody_else)
{
	static struct party party;

	begin(&party);
	CHECK(wakeup_works(&party.wakeup));
	write_to(&party.guests[7]);
	turn_loop(party.loop);
	CHECK_EQUAL_INT(party.guests[7].woken, 1);
	CHECK_EQUAL_INT(party.woken, 1);
	turn_loop(party.loop);
	CHECK_EQUAL_INT(party.woken, 1);
	end(&party);
}

/* Whatever one finds for the others while it looks. */
TEST(all_who_are_due_are_woken_once)
{
	static struct party party;

	begin(&party);
	for (int i = 0; i < LOGS; i++)
		write_to(&party.guests[i]);
	CHECK(rename(test_path("log.1"), test_path("log.2")) == 0);
	for (int i = 0; i < 4; i++)
		turn_loop(party.loop);
	for (int i = 0; i < LOGS; i++)
		CHECK(party.guests[i].woken > 0);
	CHECK(party.woken <= 2 * LOGS);
	end(&party);
}

TEST(a_turn_of_waking_is_bounded_and_goes_on)
{
	static struct party party;
	int turns = 0;

	begin(&party);
	party.takes = WAKEUP_TURN_MS;
	for (int i = 0; i < LOGS; i++)
		write_to(&party.guests[i]);
	for (int all = 0; all < LOGS; all += party.woken) {
		CHECK(++turns < 1000);
		party.woken = 0;
		turn_loop(party.loop);
		/* What came of files, and the timer. */
		CHECK(party.woken <= 2);
	}
	for (int i = 0; i < LOGS; i++)
		CHECK_EQUAL_INT(party.guests[i].woken, 1);
	end(&party);
}

/* What somebody else took of the hints wakes the others all the same. */
TEST(what_was_told_between_turns_wakes_in_the_next)
{
	static struct party party;

	begin(&party);
	CHECK(rename(test_path("log.1"), test_path("log.2")) == 0);
	watch_drain(party.guests[0].watch);
	CHECK_EQUAL_INT(party.woken, 0);
	turn_loop(party.loop);
	CHECK_EQUAL_INT(party.guests[1].woken, 1);
	CHECK_EQUAL_INT(party.guests[2].woken, 1);
	CHECK_EQUAL_INT(party.guests[0].woken, 0);
	end(&party);
}

TEST(without_an_instance_there_is_nothing_to_wait_for)
{
	struct rlimit none = {0, 0}, before;
	struct wakeup wakeup;
	struct loop *loop;

	CHECK_EQUAL_INT(loop_new(&loop), 0);
	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none.rlim_max = before.rlim_max;
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK_EQUAL_INT(wakeup_init(&wakeup, loop, sse_clock_system()), 0);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	CHECK(!wakeup_works(&wakeup));
	wakeup_done(&wakeup);
	loop_free(loop);
}
