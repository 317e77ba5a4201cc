/*
 * Who holds most, against a look at all of them.
 */
#include "config.h"

#include "test.h"

#include "client.h"
#include "random.h"

#define MANY 500

static struct client clients[MANY];
static struct holding held[MANY];

static int64_t clock_ms;

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return clock_ms;
}

static const struct sse_clock hand = {.monotonic_ms = monotonic_ms};

static void
begin(struct ledger *ledger)
{
	clock_ms = 0;
	ledger_init(ledger, &hand);
	for (size_t i = 0; i < MANY; i++)
		held[i] = (struct holding){.client = &clients[i]};
}

TEST(nobody_has_anything)
{
	struct ledger ledger;

	begin(&ledger);
	CHECK(ledger_largest(&ledger) == NULL);
	ledger_set(&ledger, &held[0], 1);
	CHECK(ledger_largest(&ledger) == &clients[0]);
	ledger_set(&ledger, &held[0], 0);
	ledger_set(&ledger, &held[1], 0);
	CHECK(ledger_largest(&ledger) == NULL);
	CHECK(ledger_heaviest(&ledger) == NULL);
	CHECK_EQUAL_INT(ledger.size, 0);
	CHECK_EQUAL_INT(ledger.count, 0);
}

TEST(the_largest_goes_first_and_of_a_class_the_one_that_was_first)
{
	static const struct {
		size_t sizes[3];
		size_t largest;
	} cases[] = {
	    {{1, 2, 3}, 1}, /* 2 and 3 are of one class */
	    {{1, 3, 4}, 2},
	    {{7, 4, 5}, 0},
	    {{4, 5, 8}, 2},
	    {{65535, 65536, 65535}, 1},
	    {{0, 0, 1}, 2},
	    {{SIZE_MAX / 4, 1, SIZE_MAX / 2}, 2},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ledger ledger;

		begin(&ledger);
		for (size_t j = 0; j < 3; j++)
			ledger_set(&ledger, &held[j], cases[i].sizes[j]);
		CHECK(ledger_largest(&ledger) == &clients[cases[i].largest]);
	}
}

/* Within its class one keeps its place, also when it grows. */
TEST(growing_a_little_is_no_way_to_the_end)
{
	struct ledger ledger;

	begin(&ledger);
	ledger_set(&ledger, &held[0], 1024);
	ledger_set(&ledger, &held[1], 1024);
	ledger_set(&ledger, &held[0], 1500);
	CHECK(ledger_largest(&ledger) == &clients[0]);
	ledger_set(&ledger, &held[1], 2048);
	CHECK(ledger_largest(&ledger) == &clients[1]);
}

/* Bytes, and for how long: who has them at 0 and at 1 s, and is it at 2 s. */
TEST(the_heaviest_has_most_for_longest)
{
	static const struct {
		size_t early, late;
		bool early_is_heavier;
	} cases[] = {
	    {1000, 1000, true},
	    {1000, 1001, true},
	    {65536, 65537, true},
	    {1000, 1900, true},
	    {1000, 2048, false},
	    {1, 500000, false},
	    {500000, 1, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const bool early = cases[i].early_is_heavier;
		struct ledger ledger;

		begin(&ledger);
		ledger_set(&ledger, &held[0], cases[i].early);
		clock_ms = 1000;
		ledger_set(&ledger, &held[1], cases[i].late);
		clock_ms = 2000;
		CHECK(ledger_heaviest(&ledger) == &clients[early ? 0 : 1]);
	}
}

TEST(who_takes_some_is_as_if_it_had_just_come)
{
	struct ledger ledger;

	begin(&ledger);
	for (size_t i = 0; i < 3; i++) {
		ledger_set(&ledger, &held[i], 4096 + i);
		clock_ms += 1000;
	}
	CHECK(ledger_heaviest(&ledger) == &clients[0]);
	ledger_renew(&ledger, &held[0]);
	CHECK(ledger_heaviest(&ledger) == &clients[1]);
	ledger_renew(&ledger, &held[1]);
	CHECK(ledger_heaviest(&ledger) == &clients[2]);
	/* It has nothing: nothing begins anew. */
	ledger_renew(&ledger, &held[3]);
	ledger_set(&ledger, &held[2], 0);
	CHECK(ledger_heaviest(&ledger) == &clients[0]);
}

TEST(what_all_have_is_the_sum_and_none_is_twice_the_largest)
{
	struct ledger ledger;
	struct random random = {1};

	begin(&ledger);
	for (int step = 0; step < 20000; step++) {
		struct holding *one = &held[random_below(&random, MANY)];
		size_t sum = 0, count = 0, most = 0;
		const struct client *largest;

		ledger_set(&ledger, one,
		    random_below(&random, 3) == 0
			? 0
			: random_below(&random, 1U << (step % 20)));
		for (size_t i = 0; i < MANY; i++) {
			sum += held[i].size;
			count += held[i].size > 0;
			if (held[i].size > most)
				most = held[i].size;
		}
		CHECK_EQUAL_INT(ledger.size, sum);
		CHECK_EQUAL_INT(ledger.count, count);
		largest = ledger_largest(&ledger);
		CHECK((largest == NULL) == (count == 0));
		if (largest != NULL)
			CHECK(held[largest - clients].size > most / 2);
	}
}
