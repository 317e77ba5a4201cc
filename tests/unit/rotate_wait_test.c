/*
 * How long a newer file waits for an older one.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "fake_chain.h"
#include "source/rotate_wait.h"

#define WAIT_MS 1000

/* Both clocks of it stand at these times. */
struct times {
	int64_t file_ms;
	int64_t monotonic_ms;
};

static int64_t
file_time_ms(void *context)
{
	return ((const struct times *)context)->file_ms;
}

static int64_t
monotonic_ms(void *context)
{
	return ((const struct times *)context)->monotonic_ms;
}

/* A set with a clock, and a scan that has begun now. */
struct setting {
	struct fake_set fake;
	struct times times;
	struct sse_clock clock;
	struct rotate_wait wait;
};

static void
begin(struct setting *setting, int64_t file_ms, int64_t monotonic)
{
	setting->times = (struct times){file_ms, monotonic};
	rotate_wait_begin(&setting->wait, &setting->clock);
}

static void
set(struct setting *setting, const char *open)
{
	*setting = (struct setting){0};
	fake_chain_init(&setting->fake, open, "");
	setting->clock =
	    (struct sse_clock){monotonic_ms, file_time_ms, &setting->times};
	setting->fake.set.options = (struct source_options){
	    .clock = &setting->clock,
	    .rotate_wait_ms = WAIT_MS,
	    .follow = true,
	};
	begin(setting, 50000, 70000);
}

static bool
await_rest(struct setting *setting, size_t at)
{
	return rotate_wait_await_rest(&setting->wait, &setting->fake.set, at);
}

static bool
await_turn(struct setting *setting)
{
	return rotate_wait_await_turn(
	    &setting->wait, &setting->fake.set, 0, setting->fake.open[1]);
}

TEST(a_file_is_left_when_it_was_left_alone_for_rotate_wait)
{
	static const struct {
		int64_t mtime_ms, ctime_ms;
		bool copy;
		int64_t want_ms; /* to wait; -1: it is at rest */
	} table[] = {
	    {49000, 49000, false, -1},
	    {49001, 49000, false, 1},
	    {49000, 49300, false, 300},
	    {50000, 50000, false, 1000},
	    {60000, 50000, false, 11000},
	    /* nobody writes to a copy: the clock has to go on */
	    {49999, 49999, true, -1},
	    {50000, 50000, true, 1},
	    {50010, 50000, true, 11},
	    {52000, 50000, true, -1},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct setting setting;

		printf("# case %zu\n", i);
		set(&setting, "Ab");
		setting.fake.files[0].stat.mtime_ms = table[i].mtime_ms;
		setting.fake.files[0].stat.ctime_ms = table[i].ctime_ms;
		setting.fake.files[0].copy = table[i].copy;
		CHECK_EQUAL_INT(await_rest(&setting, 0), table[i].want_ms < 0);
		CHECK_EQUAL_INT(setting.wait.look_ms, table[i].want_ms);
		setting.fake.set.options.follow = false;
		CHECK(await_rest(&setting, 0));
	}
}

/* A shorter wait than a file system's clock can show is none. */
TEST(rotate_wait_is_at_least_a_tick)
{
	struct setting setting;

	set(&setting, "A");
	setting.fake.set.options.rotate_wait_ms = 0;
	CHECK_EQUAL_INT(rotate_wait_ms(&setting.fake.set), ROTATE_WAIT_MIN_MS);
}

TEST(a_copy_waits_for_an_older_file_that_has_more_but_not_for_ever)
{
	struct setting setting;

	set(&setting, "aB");
	setting.fake.files[0].mtime_ms = 10;
	setting.fake.files[1].copy = true;
	setting.fake.files[1].stat.mtime_ms = 20;
	CHECK(!await_rest(&setting, 1));
	CHECK_EQUAL_INT(setting.wait.look_ms, ROTATE_WAIT_MIN_MS);
	setting.times.monotonic_ms += ROTATE_WAIT_PATIENCE * WAIT_MS - 1;
	CHECK(!await_rest(&setting, 1));
	setting.times.monotonic_ms++;
	CHECK(await_rest(&setting, 1));
	/* Nor for one that was read. */
	rotate_wait_unblock(&setting.wait);
	CHECK(!await_rest(&setting, 1));
	setting.fake.files[0].at_end = true;
	CHECK(await_rest(&setting, 1));
}

TEST(patience_counts_from_the_birth_of_the_newer_file)
{
	struct setting setting;

	set(&setting, "Ab");
	setting.fake.files[1].stat.birth_ns = INT64_C(45000) * 1000000;
	CHECK(!await_turn(&setting));
	CHECK_EQUAL_INT(setting.wait.look_ms, 5000);
	/* It is over when a scan begins, not when a long one goes on. */
	setting.times.file_ms += 5000;
	CHECK(!await_turn(&setting));
	CHECK_EQUAL_INT(setting.wait.look_ms, 0);
	begin(&setting, 55000, 75000);
	CHECK(await_turn(&setting));
}

TEST(patience_without_a_birth_counts_from_the_first_look)
{
	struct setting setting;

	set(&setting, "Ab");
	setting.fake.files[1].stat.birth_ns = -1;
	CHECK(!await_turn(&setting));
	CHECK_EQUAL_INT(setting.wait.look_ms, ROTATE_WAIT_PATIENCE * WAIT_MS);
	begin(&setting, 50000, 70000 + ROTATE_WAIT_PATIENCE * WAIT_MS - 1);
	CHECK(!await_turn(&setting));
	CHECK_EQUAL_INT(setting.wait.look_ms, 1);
	begin(&setting, 50000, 70000 + ROTATE_WAIT_PATIENCE * WAIT_MS);
	CHECK(await_turn(&setting));
	rotate_wait_unblock(&setting.wait);
	CHECK(!await_turn(&setting));
}

/* It was born later than now: nobody waits until the clock is there again. */
TEST(patience_ends_though_the_clock_was_put_back)
{
	struct setting setting;

	set(&setting, "Ab");
	setting.fake.files[1].stat.birth_ns = INT64_C(3650000) * 1000000;
	CHECK(!await_turn(&setting));
	CHECK_EQUAL_INT(setting.wait.look_ms, ROTATE_WAIT_PATIENCE * WAIT_MS);
	begin(&setting, 50000, 70000 + ROTATE_WAIT_PATIENCE * WAIT_MS - 1);
	CHECK(!await_turn(&setting));
	begin(&setting, 50000, 70000 + ROTATE_WAIT_PATIENCE * WAIT_MS);
	CHECK(await_turn(&setting));
}

TEST(without_a_newer_file_nothing_waits)
{
	struct setting setting;

	set(&setting, "A");
	CHECK(
	    !rotate_wait_await_turn(&setting.wait, &setting.fake.set, 0, NULL));
	CHECK_EQUAL_INT(setting.wait.look_ms, -1);
	CHECK_EQUAL_INT(setting.wait.blocked_ms, 0);
}

TEST(a_copy_in_the_making_is_waited_for)
{
	static const struct {
		int64_t ctime_ms;
		int64_t want_ms; /* -1: it is made */
	} table[] = {{49000, -1}, {49001, 1}, {50000, 1000}, {50001, -1}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct setting setting;

		set(&setting, "Ab");
		setting.fake.files[1].stat.ctime_ms = table[i].ctime_ms;
		CHECK_EQUAL_INT(rotate_wait_await_copy(&setting.wait,
				    &setting.fake.set, setting.fake.open[1]),
		    table[i].want_ms < 0);
		CHECK_EQUAL_INT(setting.wait.look_ms, table[i].want_ms);
	}
}

TEST(a_pass_that_was_stopped_for_long_gives_way_to_a_new_one)
{
	struct setting setting;

	set(&setting, "A");
	setting.fake.files[0].mtime_ms = 49999;
	CHECK(rotate_wait_await_scan(&setting.wait, &setting.fake.set, 0));
	setting.fake.files[0].mtime_ms = 50000;
	/* A new one could not rise over it, either. */
	CHECK(rotate_wait_await_scan(&setting.wait, &setting.fake.set, 0));
	setting.times.file_ms = 50001;
	CHECK(!rotate_wait_await_scan(&setting.wait, &setting.fake.set, 0));
	CHECK_EQUAL_INT(setting.wait.look_ms, 0);
}

TEST(a_late_line_of_just_now_asks_for_another_scan)
{
	struct setting setting;

	set(&setting, "abC");
	setting.fake.files[0].mtime_ms = 49999;
	setting.fake.files[1].mtime_ms = 50099;
	setting.fake.files[2].mtime_ms = 50009;
	rotate_wait_for_stamp(&setting.wait, &setting.fake.set);
	CHECK_EQUAL_INT(setting.wait.look_ms, 100);
	setting.fake.files[0].mtime_ms = 50000;
	rotate_wait_for_stamp(&setting.wait, &setting.fake.set);
	CHECK_EQUAL_INT(setting.wait.look_ms, ROTATE_WAIT_MIN_MS);
}
