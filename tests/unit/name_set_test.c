/*
 * The newest names of a log: that they are these, in their order, whatever
 * comes and goes.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "source/name_set.h"

#define NAME_SIZE 16

static void
print_name(char name[NAME_SIZE], unsigned value)
{
	(void)snprintf(name, NAME_SIZE, "%u", value);
}

static struct log_rank
number(unsigned value)
{
	return (struct log_rank){
	    .scheme = LOG_ROTATION, .rotation = {.lower = value}};
}

static struct log_rank
date(unsigned value)
{
	struct log_rank rank = number(value);

	rank.rotation.is_date = true;
	return rank;
}

static void
add(struct name_set *set, unsigned value)
{
	const struct log_rank rank = number(value);
	char name[NAME_SIZE];

	print_name(name, value);
	CHECK_EQUAL_INT(name_set_add(set, 0, name, &rank), 0);
}

static void
drop(struct name_set *set, unsigned value)
{
	const struct log_rank rank = number(value);
	char name[NAME_SIZE];

	print_name(name, value);
	name_set_drop(set, 0, name, &rank);
}

/* All names, kind by kind, oldest first. */
static void
check_names(const struct name_set *set, const char *want)
{
	char got[400] = "";
	size_t size = 0;

	for (size_t i = 0; i < set->kinds_count; i++) {
		if (i > 0)
			size += (size_t)sprintf(got + size, " |");
		for (size_t j = 0; j < set->kinds[i]->count; j++)
			size += (size_t)snprintf(got + size, sizeof(got) - size,
			    " %s", set->kinds[i]->names[j]->name);
	}
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(want));
}

TEST(names_are_in_their_order_and_each_once)
{
	struct name_set set = {0};

	check_names(&set, "");
	add(&set, 2);
	add(&set, 10);
	add(&set, 1);
	add(&set, 3);
	add(&set, 2);
	add(&set, 1);
	add(&set, 10);
	check_names(&set, " 10 3 2 1");
	drop(&set, 3);
	drop(&set, 4);
	drop(&set, 10);
	check_names(&set, " 2 1");
	add(&set, 3);
	check_names(&set, " 3 2 1");
	name_set_clear(&set);
	check_names(&set, "");
	CHECK_EQUAL_INT(set.kinds_count, 0);
}

TEST(names_that_came_in_their_order_may_all_go)
{
	struct name_set set = {0};

	for (unsigned i = 3; i > 0; i--)
		add(&set, i);
	add(&set, 1);
	check_names(&set, " 3 2 1");
	for (unsigned i = 3; i > 0; i--)
		drop(&set, i);
	check_names(&set, "");
	add(&set, 2);
	add(&set, 1);
	drop(&set, 1);
	add(&set, 2);
	add(&set, 3);
	check_names(&set, " 3 2");
	name_set_clear(&set);
}

TEST(names_that_say_nothing_of_each_other_are_kinds)
{
	static const struct {
		enum log_scheme scheme;
		unsigned char group;
		bool is_date;
	} kinds[] = {{LOG_ROTATION, 0, false}, {LOG_ROTATION, 0, true},
	    {LOG_DATED, 0, false}, {LOG_PATTERN, 0, false},
	    {LOG_PATTERN, 1, false}, {LOG_LINK, 0, false}};
	struct name_set set = {0};

	for (size_t i = 0; i < 12; i++) {
		struct log_rank rank = number(i < 6 ? 1 : 2);
		char name[8];

		rank.scheme = kinds[i % 6].scheme;
		rank.group = kinds[i % 6].group;
		if (rank.scheme != LOG_ROTATION)
			rank.values = (struct name_values){0};
		else
			rank.rotation.is_date = kinds[i % 6].is_date;
		(void)snprintf(
		    name, sizeof(name), "%c%zu", (char)('a' + i % 6), i / 6);
		CHECK_EQUAL_INT(name_set_add(&set, 0, name, &rank), 0);
	}
	check_names(&set, " a1 a0 | b0 b1 | c0 c1 | d0 d1 | e0 e1 | f0 f1");
	name_set_clear(&set);
}

/* One number, in two folders, or compressed and not. */
TEST(names_of_one_place_have_an_order_too)
{
	const struct log_rank rank = number(1);
	struct name_set set = {0};

	CHECK_EQUAL_INT(name_set_add(&set, 1, "a", &rank), 0);
	CHECK_EQUAL_INT(name_set_add(&set, 0, "c", &rank), 0);
	CHECK_EQUAL_INT(name_set_add(&set, 0, "b", &rank), 0);
	CHECK_EQUAL_INT(name_set_add(&set, 1, "a", &rank), 0);
	check_names(&set, " b c a");
	name_set_drop(&set, 0, "a", &rank);
	check_names(&set, " b c a");
	name_set_drop(&set, 1, "a", &rank);
	check_names(&set, " b c");
	name_set_clear(&set);
}

TEST(a_name_of_no_kind_is_not_there)
{
	const struct log_rank other = date(1);
	struct name_set set = {0};

	drop(&set, 1);
	add(&set, 1);
	name_set_drop(&set, 0, "1", &other);
	check_names(&set, " 1");
	/* A kind that is empty takes any. */
	drop(&set, 1);
	CHECK_EQUAL_INT(name_set_add(&set, 0, "x", &other), 0);
	CHECK_EQUAL_INT(set.kinds_count, 1);
	name_set_clear(&set);
}

/* One that is empty, before it, is not taken for it. */
TEST(a_name_is_found_in_its_kind_when_all_of_another_have_gone)
{
	const struct log_rank one = date(1), two = date(2);
	struct name_set set = {0};

	add(&set, 1);
	CHECK_EQUAL_INT(name_set_add(&set, 0, "x", &one), 0);
	CHECK_EQUAL_INT(name_set_add(&set, 0, "y", &two), 0);
	drop(&set, 1);
	check_names(&set, " | x y");
	CHECK_EQUAL_INT(name_set_add(&set, 0, "x", &one), 0);
	check_names(&set, " | x y");
	name_set_drop(&set, 0, "x", &one);
	check_names(&set, " | y");
	add(&set, 2);
	check_names(&set, " 2 | y");
	name_set_clear(&set);
}

TEST(there_are_so_many_kinds)
{
	struct name_set set = {0};
	struct log_rank rank = {.scheme = LOG_PATTERN};

	for (; rank.group < NAME_SET_KINDS_MAX; rank.group++)
		CHECK_EQUAL_INT(name_set_add(&set, 0, "a", &rank), 0);
	CHECK_EQUAL_INT(name_set_add(&set, 0, "a", &rank), -ENOMEM);
	CHECK_EQUAL_INT(set.kinds_count, NAME_SET_KINDS_MAX);
	name_set_clear(&set);
}

/* From the newest on, from the oldest on, and back and forth. */
TEST(the_newest_are_kept_in_whatever_order_they_come)
{
	for (unsigned stride = 1; stride < 1009; stride += 503) {
		struct name_set set = {0};
		const struct name_kind *kind;

		for (unsigned i = 0; i < 1009; i++)
			add(&set, 1 + i * stride % 1009);
		kind = set.kinds[0];
		CHECK_EQUAL_INT(kind->count, NAME_SET_KEPT);
		for (unsigned i = 0; i < NAME_SET_KEPT; i++)
			CHECK_EQUAL_INT(
			    atoi(kind->names[i]->name), NAME_SET_KEPT - i);
		CHECK(!name_set_is_short(&set));
		CHECK_EQUAL_INT(atoi(kind->left_out->name), NAME_SET_KEPT + 1);
		name_set_clear(&set);
	}
}

#define DUE 1000 /* what is later is to come */
#define DATES 400

/* 400 names are due, 400 to come: of both the newest are there. */
static void
check_both(const struct name_set *set)
{
	const struct name_kind *kind = set->kinds[0];
	size_t due = 0;

	CHECK_EQUAL_INT(set->kinds_count, 1);
	CHECK_EQUAL_INT(kind->count, NAME_SET_KEPT);
	while (due < kind->count && kind->names[due]->rank.values.date <= DUE)
		due++;
	CHECK(due >= NAME_SET_WANTED && kind->count - due >= NAME_SET_WANTED);
	for (size_t i = 1; i <= NAME_SET_WANTED; i++) {
		CHECK_EQUAL_INT(
		    kind->names[due - i]->rank.values.date, DUE + 1 - i);
		CHECK_EQUAL_INT(kind->names[kind->count - i]->rank.values.date,
		    DUE + DATES + 1 - i);
	}
}

/* In whatever order: whoever makes names of later years hides no log. */
TEST(dates_to_come_leave_room_for_those_that_are_due)
{
	for (unsigned stride = 1; stride < 2 * DATES; stride += 266) {
		struct name_set set = {.due_date = DUE};
		bool went = false;

		for (unsigned i = 0; i < 2 * DATES; i++) {
			unsigned value = (i * stride + DATES) % (2 * DATES);
			struct log_rank rank = {.scheme = LOG_DATED,
			    .values = {.date = DUE - DATES + 1 + value}};
			char name[NAME_SIZE];
			int got;

			print_name(name, value);
			got = name_set_add(&set, 0, name, &rank);
			CHECK(got == 0 || got == 1);
			went = went || got == 1;
		}
		CHECK(went);
		check_both(&set);
		name_set_clear(&set);
	}
}

/* A name that sorts as its date does; one of other bytes matches nothing. */
static void
add_date(struct name_set *set, unsigned value, size_t order_size)
{
	struct log_rank rank = {
	    .scheme = LOG_PATTERN, .values = {.date = value}};
	char name[NAME_SIZE];

	(void)snprintf(name, sizeof(name), "%04u", value);
	if (!name_set_is_past(set, name, order_size))
		CHECK_EQUAL_INT(name_set_add(set, 0, name, &rank), 0);
}

TEST(what_is_past_would_have_been_left_out)
{
	for (unsigned stride = 1; stride < 1009; stride += 503) {
		struct name_set all = {0}, some = {0};

		for (unsigned i = 0; i < 1009; i++) {
			add_date(&all, i * stride % 1009, 0);
			add_date(&some, i * stride % 1009, 4);
		}
		CHECK_EQUAL_INT(all.kinds[0]->count, NAME_SET_KEPT);
		CHECK_EQUAL_INT(some.kinds[0]->count, NAME_SET_KEPT);
		for (size_t i = 0; i < NAME_SET_KEPT; i++)
			CHECK_EQUAL_TEXT(
			    sse_slice(some.kinds[0]->names[i]->name),
			    sse_slice(all.kinds[0]->names[i]->name));
		CHECK_EQUAL_TEXT(sse_slice(some.kinds[0]->left_out->name),
		    sse_slice(all.kinds[0]->left_out->name));
		name_set_clear(&all);
		name_set_clear(&some);
	}
}

TEST(what_is_past_is_older_than_what_was_left_out_by_its_first_bytes)
{
	struct name_set set = {0};

	CHECK(!name_set_is_past(&set, "0000", 4));
	for (unsigned i = 1; i <= NAME_SET_KEPT; i++)
		add_date(&set, i, 0);
	CHECK(!name_set_is_past(&set, "0000", 4));
	add_date(&set, NAME_SET_KEPT + 1, 0);
	CHECK(name_set_is_past(&set, "0000", 4));
	CHECK(name_set_is_past(&set, "0000.gz", 4));
	CHECK(name_set_is_past(&set, "000", 4));
	CHECK(!name_set_is_past(&set, "0000", 0));
	CHECK(!name_set_is_past(&set, "0001", 4));
	CHECK(!name_set_is_past(&set, "0001.gz", 4));
	CHECK(!name_set_is_past(&set, "0002", 4));
	CHECK(!name_set_is_past(&set, "x", 4));
	name_set_clear(&set);
}

/* Shorter, longer and the longest ones, where others were before. */
TEST(names_of_any_size_are_kept_whole)
{
	struct name_set set = {0};
	char name[NAME_MAX + 1];
	unsigned value = 5 * NAME_SET_KEPT;

	memset(name, 'a', sizeof(name));
	while (--value > 0) {
		const struct log_rank rank = number(value);

		name[value * 7 % NAME_MAX + 1] = '\0';
		CHECK_EQUAL_INT(name_set_add(&set, 0, name, &rank), 0);
		name[value * 7 % NAME_MAX + 1] = 'a';
	}
	for (size_t i = 0; i < NAME_SET_KEPT; i++)
		CHECK_EQUAL_INT(strlen(set.kinds[0]->names[i]->name),
		    (NAME_SET_KEPT - i) * 7 % NAME_MAX + 1);
	name_set_clear(&set);
}

TEST(it_is_short_when_one_that_was_left_out_may_be_wanted)
{
	struct name_set set = {0};
	unsigned i;

	for (i = 1; i <= NAME_SET_KEPT; i++)
		add(&set, i);
	for (i = 1; i <= NAME_SET_KEPT; i++)
		drop(&set, i);
	CHECK(!name_set_is_short(&set));
	for (i = 1; i <= NAME_SET_KEPT + 2; i++)
		add(&set, i);
	for (i = 1; i <= NAME_SET_KEPT - NAME_SET_WANTED; i++)
		drop(&set, i);
	CHECK(!name_set_is_short(&set));
	drop(&set, i);
	CHECK(name_set_is_short(&set));
	/* What is behind the one that was left out stays out; others do not. */
	add(&set, NAME_SET_KEPT + 1);
	add(&set, 1000);
	CHECK(name_set_is_short(&set));
	add(&set, 1);
	CHECK(!name_set_is_short(&set));
	name_set_clear(&set);
}

#define NUMBERS 600

/* All that are there and newer than what was left out, and no others. */
static void
check_kept(const struct name_set *set, const bool *there)
{
	const struct name_kind *kind = set->kinds[0];
	unsigned oldest = kind->left_out != NULL
			      ? (unsigned)atoi(kind->left_out->name)
			      : NUMBERS;
	size_t at = kind->count;

	for (unsigned i = 0; i < oldest; i++)
		if (there[i]) {
			CHECK(at > 0);
			CHECK_EQUAL_INT(atoi(kind->names[--at]->name), i);
		}
	CHECK_EQUAL_INT(at, 0);
}

TEST(random_names_are_the_newest_of_those_that_are_there)
{
	static bool there[NUMBERS];
	struct name_set set = {0};
	struct random random = {7};

	for (int i = 0; i < 20000; i++) {
		unsigned value = (unsigned)random_below(&random, NUMBERS);
		bool comes = random_below(&random, 3) > 0;

		if (comes)
			add(&set, value);
		else
			drop(&set, value);
		there[value] = comes;
		if (i % 50 == 49)
			check_kept(&set, there);
	}
	name_set_clear(&set);
}
