/*
 * What resuming costs: how many files are opened and how many reads are made.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_source.h"
#include "source/listing_cache.h"

/* FEW are more than the older files that a reader keeps open. */
#define FEW 10
#define GENERATIONS 26
#define LINES 200 /* 20 bytes each */
#define OFFSETS 3

struct cost {
	unsigned opens;
	unsigned reads;
};

static struct cost cost;
static const char *counted = "log"; /* what the names begin with */

int __real_sse_fd_open_at(int directory, const char *name, int flags);
int __wrap_sse_fd_open_at(int directory, const char *name, int flags);
ssize_t __real_pread(int fd, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread(int fd, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *bytes, size_t size, off_t offset);

int
__wrap_sse_fd_open_at(int directory, const char *name, int flags)
{
	cost.opens += strncmp(name, counted, strlen(counted)) == 0;
	return __real_sse_fd_open_at(directory, name, flags);
}

ssize_t
__wrap_pread(int fd, void *bytes, size_t size, off_t offset)
{
	cost.reads += size > 0;
	return __real_pread(fd, bytes, size, offset);
}

ssize_t
__wrap_pread64(int fd, void *bytes, size_t size, off_t offset)
{
	cost.reads += size > 0;
	return __real_pread(fd, bytes, size, offset);
}

/* A file whose lines are like no other's. */
static void
make(const char *name, int number)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char line[32];

	CHECK(fd >= 0);
	for (int i = 0; i < LINES; i++) {
		int size =
		    snprintf(line, sizeof(line), "%06d line %07d\n", number, i);

		CHECK(write(fd, line, (size_t)size) == size);
	}
	close(fd);
}

/* Not yet beside the log; the first ones are the newest. */
static void
make_older(int from, int to)
{
	char name[32];

	for (int i = to; i >= from; i--) {
		(void)snprintf(name, sizeof(name), "older.%d", i);
		make(name, i);
	}
}

static void
move_older(const char *how, int from, int to)
{
	const char *away = how[0] == '-' ? "older" : "log";
	const char *there = how[0] == '-' ? "log" : "older";
	char old[32], new[32];

	for (int i = from; i <= to; i++) {
		(void)snprintf(old, sizeof(old), "%s.%d", there, i);
		(void)snprintf(new, sizeof(new), "%s.%d", away, i);
		CHECK(rename(test_path(old), test_path(new)) == 0);
	}
}

static struct file *
open_log(struct listing_cache *listing)
{
	static struct source_shared shared;
	const struct source_options options = {.clock = sse_clock_system(),
	    .follow = true,
	    .record_size_max = 1024,
	    .replay_size = UINT64_MAX,
	    .rotate_wait_ms = listing != NULL ? 0 : 1000,
	    .shared = &shared};
	struct file *file;

	shared = (struct source_shared){
	    .ops = &file_ops, .context = listing};
	CHECK_EQUAL_INT(file_new(test_path("log"), &options, &file), 0);
	return file;
}

/* Two records before the end. */
static struct source_position
position_in_log(void)
{
	const struct source_start start = {.records = 2};
	struct file *file = open_log(NULL);
	struct source_position position;

	CHECK_EQUAL_INT(file_start(file, &start), 0);
	position = file_position(file);
	file_free(file);
	return position;
}

static struct cost
cost_of(const struct source_position *position)
{
	const struct source_start start = {.position = position};
	struct file *file = open_log(NULL);

	cost = (struct cost){0, 0};
	CHECK_EQUAL_INT(file_start(file, &start), 0);
	CHECK(!file_owes_gap(file));
	file_free(file);
	return cost;
}

static void
check_reads(const char *what, struct cost few, struct cost many, unsigned more,
    unsigned reads)
{
	printf("# %s: %u opens, %u reads; with %u generations more %u, %u\n",
	    what, few.opens, few.reads, more, many.opens, many.reads);
	CHECK(many.opens - few.opens <= more);
	CHECK(many.reads - few.reads <= reads * more);
}

static void
check_each(const char *what, struct cost few, struct cost many, unsigned more)
{
	check_reads(what, few, many, more, 2);
}

TEST(a_generation_more_costs_one_open_and_two_reads)
{
	struct source_position position;
	struct cost few;

	make_older(1, GENERATIONS);
	make("log", 0);
	move_older("+", 1, FEW);
	position = position_in_log();
	few = cost_of(&position);
	move_older("+", FEW + 1, GENERATIONS);
	check_each("in the log", few, cost_of(&position), GENERATIONS - FEW);
}

/* Renamed, the newest of many; then as another file, as after a move. */
TEST(also_where_the_log_was_rotated_or_only_content_is_left)
{
	struct source_position position;
	struct cost few;

	make_older(2, GENERATIONS);
	make("log", 0);
	move_older("+", 2, FEW);
	position = position_in_log();
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	make("log", 100);
	few = cost_of(&position);
	move_older("+", FEW + 1, GENERATIONS);
	check_each("renamed", few, cost_of(&position), GENERATIONS - FEW);
	move_older("-", FEW + 1, GENERATIONS);
	CHECK(rename(test_path("log.1"), test_path("elsewhere")) == 0);
	make("log.1", 0);
	few = cost_of(&position);
	move_older("+", FEW + 1, GENERATIONS);
	check_each("copied", few, cost_of(&position), GENERATIONS - FEW);
}

/* An id that nobody gave; it begins with the oldest that there is. */
static struct cost
cost_of_forged(uint64_t offset, unsigned records)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *listing;
	const struct source_position position = sse_position_pack(
	    &(struct sse_position){.file = 1, .offset = offset, .check = 1});
	const struct source_start start = {.position = &position};
	struct source_item item;
	struct file *file;
	int got;

	CHECK_EQUAL_INT(
	    listing_cache_new(test_path("log"), NULL, folders, &listing), 0);
	file = open_log(listing);
	cost = (struct cost){0, 0};
	CHECK_EQUAL_INT(file_start(file, &start), 0);
	CHECK(file_owes_gap(file));
	while (records > 0 && (got = file_next(file, &item)) >= 0)
		records -= got == 1 && item.kind == SOURCE_RECORD;
	CHECK_EQUAL_INT(records, 0);
	file_free(file);
	listing_cache_free(listing);
	inotify_free(folders);
	return cost;
}

/*
 * Each may have the position, and each may be what the log still has: both is
 * asked while it is open once.
 */
TEST(an_id_that_nobody_gave_opens_each_copy_once)
{
	static const uint64_t offsets[OFFSETS] = {20, 3000, 1000000};
	struct cost few[OFFSETS];

	make("log", 0);
	make_older(1, GENERATIONS);
	move_older("+", 1, FEW);
	for (size_t i = 0; i < OFFSETS; i++)
		few[i] = cost_of_forged(offsets[i], 0);
	move_older("+", FEW + 1, GENERATIONS);
	for (size_t i = 0; i < OFFSETS; i++)
		check_reads("forged", few[i], cost_of_forged(offsets[i], 0),
		    GENERATIONS - FEW, 6);
}

TEST(an_id_past_the_end_of_a_file_does_not_open_it)
{
	struct cost few, many;

	make_older(1, GENERATIONS);
	make("log", 0);
	move_older("+", 1, FEW);
	few = cost_of_forged(LINES * 20 + 1, 0);
	move_older("+", FEW + 1, GENERATIONS);
	many = cost_of_forged(LINES * 20 + 1, 0);
	printf("# %u opens, then %u\n", few.opens, many.opens);
	CHECK_EQUAL_INT(many.opens, few.opens);
	CHECK_EQUAL_INT(many.reads, few.reads);
}

/*
 * A few are read at a time, and each time the log is looked at anew.  What is
 * due is not asked again then.  (The newest few are opened by each look.)
 */
TEST(what_is_due_is_not_opened_until_it_is_read)
{
	counted = "log.4";
	make("log", 0);
	make_older(1, GENERATIONS);
	move_older("+", 1, GENERATIONS);
	cost = cost_of_forged(20, (GENERATIONS + 1) * LINES);
	printf("# %u opens until all is read\n", cost.opens);
	CHECK(cost.opens <= 3);
}

TEST(ten_gib_cost_what_ten_kib_cost)
{
	struct source_position position;
	struct cost small, large;
	int fd;

	make("log", 0);
	position = position_in_log();
	small = cost_of(&position);
	fd = open(test_path("log"), O_WRONLY | O_APPEND);
	CHECK(fd >= 0);
	CHECK(ftruncate(fd, INT64_C(10) << 30) == 0);
	CHECK(write(fd, "\nthe\nend\nof it\n", 15) == 15);
	close(fd);
	position = position_in_log();
	large = cost_of(&position);
	printf("# %u opens and %u reads; in 10 GiB %u and %u\n", small.opens,
	    small.reads, large.opens, large.reads);
	CHECK_EQUAL_INT(large.opens, small.opens);
	CHECK_EQUAL_INT(large.reads, small.reads);
}
