/*
 * Coming to the files that are due: by their names where nothing has changed.
 */
#include "config.h"

#include "test.h"

#include "file_source.h"
#include "log_sets.h"
#include "source/judge.h"
#include "source/listing_cache.h"
#include "source/log_set_due.h"
#include "source/log_set_resolve.h"
#include "source/stamp.h"

#define GENERATIONS 12

struct world {
	struct inotify *folders;
	struct listing_cache *listing;
	struct source_shared shared;
	struct log_set set;
};

/* Who comes with an id that nobody gave reads all that there is. */
static void
come(struct world *world)
{
	const struct source_position position = sse_position_pack(
	    &(struct sse_position){.file = 1, .offset = 3, .check = 1});
	const struct source_start start = {.position = &position};
	char name[32];

	for (int i = GENERATIONS; i > 0; i--) {
		(void)snprintf(name, sizeof(name), "log.%d", i);
		append(name, "aa\nbb\n");
	}
	append("log", "cc\n");
	world->folders = inotify_new();
	CHECK_EQUAL_INT(listing_cache_new(test_path("log"), NULL,
			    world->folders, &world->listing),
	    0);
	world->shared =
	    (struct source_shared){.ops = &file_ops, .context = world->listing};
	options.shared = &world->shared;
	begin(&world->set);
	CHECK_EQUAL_INT(start_at_once(&world->set, &start), 0);
	check_gaps(&world->set, "rotated");
	CHECK_EQUAL_INT(world->set.count, 1 + JUDGE_AHEAD_MAX);
	CHECK_EQUAL_INT(world->set.due_count, GENERATIONS - JUDGE_AHEAD_MAX);
}

static void
leave(struct world *world)
{
	log_set_done(&world->set);
	listing_cache_free(world->listing);
	inotify_free(world->folders);
	options.shared = NULL;
}

/* To the end of each, and the stamp goes with it: else they look unseen. */
static void
read_all(struct log_set *set)
{
	for (size_t i = set->lead; i < set->count; i++) {
		struct log_file *file = set->open[i];

		CHECK_EQUAL_INT(log_file_begin_at(file, file->stat.size), 0);
		file->at_end = true;
	}
	set->lead = set->count - 1;
	stamp_raise(set, set->count, INT64_MAX);
}

TEST(the_next_ones_are_opened_in_their_order_up_to_the_current_file)
{
	struct world world;
	struct log_set *set = &world.set;
	size_t opened = 1 + JUDGE_AHEAD_MAX;

	come(&world);
	while (set->due_count > 1) {
		size_t due_count = set->due_count;
		const struct log_file *lead = set->open[set->count - 1];
		struct sse_file_stat next = set->due[0];
		uint64_t changes = set->changes;

		read_all(set);
		CHECK(log_set_open_due(set));
		CHECK(set->changes != changes);
		CHECK(set->open[set->lead] == lead);
		CHECK_EQUAL_INT(
		    set->open[set->lead + 1]->file, fingerprint_file(&next));
		CHECK(set->count - set->lead - 1 <= JUDGE_AHEAD_MAX);
		CHECK_EQUAL_INT(
		    due_count - set->due_count, set->count - set->lead - 1);
		CHECK(set->open[set->count - 1]->named);
		opened += set->count - set->lead - 1;
	}
	CHECK_EQUAL_INT(opened, GENERATIONS);
	read_all(set);
	CHECK(!log_set_open_due(set));
	CHECK_EQUAL_INT(log_set_go_on(set), 0);
	CHECK_EQUAL_INT(set->due_count, 0);
	CHECK(set->open[set->count - 1]->current);
	check_gaps(set, "");
	leave(&world);
}

static void
remove_all(void)
{
	static const char *const others[] = {
	    "log", "log.0", "log.13", "log.99", "away", "other"};
	char name[32];

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		(void)unlink(test_path(others[i]));
	for (int i = 1; i <= GENERATIONS; i++) {
		(void)snprintf(name, sizeof(name), "log.%d", i);
		(void)unlink(test_path(name));
	}
}

TEST(what_is_not_as_it_was_is_searched_for)
{
	/* The first that is due is log.7, and then log.6. */
	static const struct {
		const char *from, *to, *more;
		bool opens;
	} changes[] = {{"log.12", "log.13", NULL, false},
	    {"log", "log.0", NULL, false}, {"log.7", "away", NULL, false},
	    {NULL, "log.7", "more\n", false}, {NULL, "log.6", "more\n", true},
	    {NULL, "log", "more\n", true}, {NULL, "log.99", "new\n", false},
	    {NULL, "other", "x\n", true}};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct world world;
		size_t count;

		come(&world);
		read_all(&world.set);
		if (changes[i].from != NULL)
			CHECK(rename(test_path(changes[i].from),
				  test_path(changes[i].to)) == 0);
		else
			append(changes[i].to, changes[i].more);
		count = world.set.count;
		printf("# %s\n", changes[i].to);
		CHECK_EQUAL_INT(log_set_open_due(&world.set), changes[i].opens);
		CHECK(changes[i].opens || world.set.count == count);
		leave(&world);
		remove_all();
	}
}

TEST(behind_a_copy_there_may_be_a_gap)
{
	struct world world;

	come(&world);
	read_all(&world.set);
	world.set.open[world.set.count - 1]->copy = true;
	CHECK(!log_set_open_due(&world.set));
	leave(&world);
}

TEST(without_a_listing_that_is_shared_all_is_searched_for)
{
	struct world world;

	come(&world);
	read_all(&world.set);
	world.shared.context = NULL;
	CHECK(!log_set_open_due(&world.set));
	leave(&world);
}
