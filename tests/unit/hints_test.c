/*
 * Who is due, and who is woken: of many who watch by the same hints.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/watch.h"

#define SLEEPERS 3

struct sleeper {
	struct hint_waiter waiter;
	struct watch *watch;
	struct watch_file file;
	int fd;
	int woken;
	struct sleeper *stops; /* one who rests when this one is woken */
	struct source_hints *hints;
};

static int told;

static void
tell(void *context)
{
	(void)context;
	told++;
}

static void
wake(void *context)
{
	struct sleeper *sleeper = context;

	sleeper->woken++;
	if (sleeper->stops != NULL)
		hint_waiter_rest(sleeper->hints, &sleeper->stops->waiter);
}

static int
make(const char *name)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	return fd;
}

static void
sleeper_begin(
    struct sleeper *sleeper, struct source_hints *hints, const char *name)
{
	*sleeper = (struct sleeper){.hints = hints, .fd = make(name)};
	sleeper->waiter =
	    (struct hint_waiter){.wake = wake, .context = sleeper};
	sleeper->watch =
	    watch_new_shared(test_path(name), hints, &sleeper->waiter);
	CHECK(sleeper->watch != NULL);
	watch_file(sleeper->watch, sleeper->fd, &sleeper->file);
	CHECK(watch_works(sleeper->watch));
	CHECK_EQUAL_INT(watch_fd(sleeper->watch), -1);
}

static struct source_hints *
begin(struct sleeper *sleepers)
{
	static const char *const names[] = {"a", "b", "c"};
	struct source_hints *hints = source_hints_new();

	CHECK(hints != NULL);
	told = 0;
	for (int i = 0; i < SLEEPERS; i++)
		sleeper_begin(&sleepers[i], hints, names[i]);
	/* The files came to a folder that was watched already. */
	source_hints_drain(hints);
	while (source_hints_wake(hints))
		;
	hints->told = tell;
	for (int i = 0; i < SLEEPERS; i++)
		sleepers[i].woken = 0;
	return hints;
}

static void
end(struct source_hints *hints, struct sleeper *sleepers)
{
	for (int i = 0; i < SLEEPERS; i++) {
		watch_forget(&sleepers[i].file);
		watch_free(sleepers[i].watch);
		hint_waiter_rest(hints, &sleepers[i].waiter);
		close(sleepers[i].fd);
	}
	source_hints_free(hints);
}

static void
write_to(const struct sleeper *sleeper)
{
	CHECK(write(sleeper->fd, "x\n", 2) == 2);
}

TEST(only_those_whose_log_changed_are_woken_and_once)
{
	struct sleeper sleepers[SLEEPERS];
	struct source_hints *hints = begin(sleepers);

	write_to(&sleepers[0]);
	write_to(&sleepers[2]);
	write_to(&sleepers[0]);
	source_hints_drain(hints);
	CHECK_EQUAL_INT(told, 1);
	CHECK(source_hints_wake(hints));
	CHECK(source_hints_wake(hints));
	CHECK(!source_hints_wake(hints));
	CHECK_EQUAL_INT(sleepers[0].woken, 1);
	CHECK_EQUAL_INT(sleepers[1].woken, 0);
	CHECK_EQUAL_INT(sleepers[2].woken, 1);
	end(hints, sleepers);
}

/* What one takes of the hints is not lost for the others. */
TEST(who_looks_by_itself_leaves_the_others_due)
{
	struct sleeper sleepers[SLEEPERS];
	struct source_hints *hints = begin(sleepers);

	CHECK(rename(test_path("a"), test_path("b")) == 0);
	close(make("a"));
	watch_drain(sleepers[1].watch);
	CHECK_EQUAL_INT(watch_births(sleepers[1].watch), 1);
	CHECK_EQUAL_INT(watch_births(sleepers[0].watch), 1);
	CHECK_EQUAL_INT(watch_births(sleepers[2].watch), 0);
	CHECK_EQUAL_INT(told, 1);
	while (source_hints_wake(hints))
		;
	CHECK_EQUAL_INT(sleepers[0].woken, 1);
	CHECK_EQUAL_INT(sleepers[1].woken, 0);
	end(hints, sleepers);
}

TEST(who_is_woken_may_keep_others_from_it)
{
	struct sleeper sleepers[SLEEPERS];
	struct source_hints *hints = begin(sleepers);

	sleepers[0].stops = &sleepers[1];
	sleepers[1].stops = &sleepers[0];
	write_to(&sleepers[0]);
	write_to(&sleepers[1]);
	source_hints_drain(hints);
	while (source_hints_wake(hints))
		;
	CHECK_EQUAL_INT(sleepers[0].woken + sleepers[1].woken, 1);
	end(hints, sleepers);
}

/* However much is written, births are counted: they have a queue of their own.
 */
TEST(a_flood_of_writes_costs_no_birth)
{
	struct sleeper sleepers[SLEEPERS];
	struct source_hints *hints = begin(sleepers);
	FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
	int most = 0;

	CHECK(file != NULL && fscanf(file, "%d", &most) == 1);
	(void)fclose(file);
	/* In turns, or the kernel makes one hint of those of a file. */
	for (int i = 0; i < most + 2; i++)
		write_to(&sleepers[i % 2]);
	CHECK(rename(test_path("a"), test_path("c")) == 0);
	source_hints_drain(hints);
	while (source_hints_wake(hints))
		;
	/* Of the third nobody knows. */
	for (int i = 0; i < SLEEPERS; i++) {
		CHECK_EQUAL_INT(sleepers[i].woken, 1);
		CHECK(watch_counts_births(sleepers[i].watch));
		CHECK(watch_works(sleepers[i].watch));
	}
	CHECK_EQUAL_INT(watch_births(sleepers[2].watch), 1);
	end(hints, sleepers);
}

/* The log's own folder, too. */
TEST(two_watches_of_the_same_log_count_for_themselves)
{
	struct sleeper sleepers[SLEEPERS], twin;
	struct source_hints *hints = begin(sleepers);

	sleeper_begin(&twin, hints, "a");
	CHECK(rename(test_path("a"), test_path("a.1")) == 0);
	close(make("a"));
	source_hints_drain(hints);
	while (source_hints_wake(hints))
		;
	CHECK_EQUAL_INT(watch_births(twin.watch), 1);
	CHECK_EQUAL_INT(watch_births(sleepers[0].watch), 1);
	CHECK_EQUAL_INT(twin.woken, 1);
	watch_forget(&twin.file);
	watch_free(twin.watch);
	close(twin.fd);
	write_to(&sleepers[0]);
	source_hints_drain(hints);
	while (source_hints_wake(hints))
		;
	CHECK_EQUAL_INT(twin.woken, 1);
	CHECK_EQUAL_INT(sleepers[0].woken, 2);
	end(hints, sleepers);
}
