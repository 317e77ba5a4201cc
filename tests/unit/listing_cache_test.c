/*
 * The names of a log that are kept: that they are what reading the folders
 * gives, and what a search costs with them.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_source.h"
#include "source/folder.h"
#include "random.h"
#include "source/snapshot_take.h"

/* What was called of the system. */
struct calls {
	unsigned reads; /* of folders, from the beginning to the end */
	unsigned names; /* in them */
	unsigned opens;
	unsigned stats;
};

static struct calls calls;

/* Done when the next file is opened. */
static void (*meanwhile)(void);

int __real_folder_read(int fd, const struct folder_taker *taker);
int __wrap_folder_read(int fd, const struct folder_taker *taker);
int __real_sse_fd_open_at(int directory, const char *name, int flags);
int __wrap_sse_fd_open_at(int directory, const char *name, int flags);
int __real_sse_fd_stat(int fd, struct sse_file_stat *stat);
int __wrap_sse_fd_stat(int fd, struct sse_file_stat *stat);
int __real_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *stat);
int __wrap_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *stat);

int
__wrap_folder_read(int fd, const struct folder_taker *taker)
{
	int got = __real_folder_read(fd, taker);

	calls.reads += got == 0;
	calls.names += got > 0 ? (unsigned)got : 0;
	return got;
}

int
__wrap_sse_fd_open_at(int directory, const char *name, int flags)
{
	void (*now)(void) = meanwhile;

	calls.opens++;
	if (now != NULL && strncmp(name, "log", 3) == 0) {
		meanwhile = NULL;
		now();
	}
	return __real_sse_fd_open_at(directory, name, flags);
}

int
__wrap_sse_fd_stat(int fd, struct sse_file_stat *stat)
{
	calls.stats++;
	return __real_sse_fd_stat(fd, stat);
}

int
__wrap_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *stat)
{
	calls.stats++;
	return __real_sse_name_stat(directory, name, stat);
}

/* ---------------------------------------------------------- the folder -- */

static void
make(const char *name)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, "line\n", 5) == 5);
	close(fd);
}

static void
make_many(const char *form, int count)
{
	char name[32];

	for (int i = 1; i <= count; i++) {
		(void)snprintf(name, sizeof(name), "%s%d", form, i);
		make(name);
	}
}

static void
move(const char *from, const char *to)
{
	CHECK(rename(test_path(from), test_path(to)) == 0);
}

static void
drop(const char *name)
{
	CHECK(unlink(test_path(name)) == 0);
}

/* ------------------------------------------------------------ the names -- */

/* A time at which the folders have been at rest, and that goes on. */
static int64_t now_ms = INT64_C(4000000000000);

static int64_t
file_time_ms(void *context)
{
	(void)context;
	return now_ms;
}

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return now_ms;
}

static const struct sse_clock the_clock = {monotonic_ms, file_time_ms, NULL};

static struct listing_cache *
new_cache(struct inotify *folders)
{
	struct listing_cache *cache;

	CHECK_EQUAL_INT(
	    listing_cache_new(test_path("log"), NULL, folders, &cache), 0);
	return cache;
}

/* A step of taking a snapshot: 0 at the end, or RESULT_PARTIAL. */
static int
take_step(struct listing_cache *cache, struct snapshot *snapshot)
{
	struct log_names *names;
	int got;

	CHECK_EQUAL_INT(log_names_new(test_path("log"), NULL, &names), 0);
	got = snapshot_take(snapshot, names, now_ms, cache, NULL);
	log_names_free(names);
	return got;
}

static const char *
names_with(struct listing_cache *cache, char text[8192])
{
	struct snapshot snapshot = {0};
	size_t size = 0;
	int got;

	while ((got = take_step(cache, &snapshot)) == RESULT_PARTIAL)
		;
	CHECK_EQUAL_INT(got, 0);
	text[0] = '\0';
	for (size_t i = 0; i < snapshot.count; i++)
		size += (size_t)snprintf(text + size, 8192 - size, " %s",
		    snapshot.candidates[i].name);
	snapshot_done(&snapshot);
	return text;
}

/*
 * What is kept is what reading the folder gives: how often it was read to be
 * kept.
 */
static unsigned
check_names(struct listing_cache *cache)
{
	char kept[8192], read[8192];
	unsigned reads;

	calls = (struct calls){0};
	(void)names_with(cache, kept);
	reads = calls.reads;
	CHECK_EQUAL_TEXT(sse_slice(kept), sse_slice(names_with(NULL, read)));
	return reads;
}

/* The position of nothing; how often the folder was read for the answer. */
static unsigned
forge(struct listing_cache *cache, uint64_t stamp_ms, uint64_t offset)
{
	const struct source_shared shared = {
	    .ops = &file_ops, .context = cache};
	const struct source_options options = {.clock = &the_clock,
	    .follow = true,
	    .record_size_max = 1024,
	    .replay_size = UINT64_MAX,
	    .rotate_wait_ms = 1000,
	    .unwatched = true,
	    .shared = &shared};
	const struct sse_position plain = {
	    .stamp_ms = stamp_ms, .file = 7, .offset = offset, .check = 9};
	const struct source_position position = sse_position_pack(&plain);
	const struct source_start start = {.position = &position};
	struct file *file;

	int got;

	calls = (struct calls){0};
	CHECK_EQUAL_INT(file_new(test_path("log"), &options, &file), 0);
	while ((got = file_start(file, &start)) == RESULT_PARTIAL)
		;
	CHECK_EQUAL_INT(got, 0);
	CHECK(file_owes_gap(file));
	file_free(file);
	return calls.reads;
}

TEST(forged_ids_share_one_reading_of_the_folder)
{
	static const int stats[] = {0, 10, SNAPSHOT_CANDIDATES_MAX, 1000};
	struct inotify *folders = inotify_new();

	for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++) {
		struct listing_cache *cache = new_cache(folders);
		unsigned files = stats[i] < SNAPSHOT_CANDIDATES_MAX
				     ? (unsigned)stats[i]
				     : SNAPSHOT_CANDIDATES_MAX;

		make_many("log.", stats[i]);
		make_many("another-", stats[i]);
		make("log");
		CHECK_EQUAL_INT(forge(cache, 0, 1), 1);
		for (uint64_t id = 2; id < 8; id++) {
			CHECK_EQUAL_INT(forge(cache, (uint64_t)now_ms, id), 0);
			/*
			 * Each of two descriptors; and looked at when it is
			 * listed, opened, read, and once more.
			 */
			CHECK(calls.opens <= 2 * files + 20);
			CHECK(calls.stats <= 4 * files + 30);
		}
		listing_cache_free(cache);
	}
	inotify_free(folders);
}

TEST(without_inotify_it_is_read_again_after_a_while)
{
	struct listing_cache *cache = new_cache(NULL);

	make_many("log.", 10);
	make("log");
	CHECK_EQUAL_INT(forge(cache, 0, 1), 1);
	now_ms += LISTING_CACHE_AGE_MS - 1;
	CHECK_EQUAL_INT(forge(cache, 0, 2), 0);
	now_ms += 1;
	CHECK_EQUAL_INT(forge(cache, 0, 3), 1);
	/* A clock that is put back says nothing. */
	now_ms -= 1;
	CHECK_EQUAL_INT(forge(cache, 0, 4), 1);
	listing_cache_free(cache);
}

/* Two looks, and both read twice: what changed just now may change again. */
TEST(without_inotify_a_folder_that_is_not_at_rest_is_read_each_time)
{
	struct listing_cache *cache = new_cache(NULL);
	struct stat folder;

	make("log");
	CHECK(stat(test_directory(), &folder) == 0);
	now_ms = (int64_t)folder.st_ctim.tv_sec * 1000;
	CHECK(forge(cache, 0, 1) >= 4);
	CHECK(forge(cache, 0, 2) >= 4);
	listing_cache_free(cache);
}

/* ----------------------------------------------------- what is kept true -- */

/*
 * Dates and numbers are ordered by time.  That of a file may be ahead of the
 * clock, and files that are made before the clock is there have the same.
 */
static void
make_after(const char *before, const char *name)
{
	struct sse_file_stat stat;

	CHECK_EQUAL_INT(
	    __real_sse_name_stat(AT_FDCWD, test_path(before), &stat), 0);
	while (sse_clock_file_time_ms(sse_clock_system()) <= stat.mtime_ms)
		;
	make(name);
}

static void
rotate_by_date(void)
{
	move("log", "log-20261120");
	make_after("log-20261120", "log");
}

static void
rotate_by_number(void)
{
	move("log.1", "log.2");
	move("log", "log.1");
	make_after("log.1", "log");
}

static void
link_and_drop(void)
{
	CHECK(link(test_path("log"), test_path("log.3")) == 0);
	drop("log.2");
}

static void
leave_the_folder(void)
{
	CHECK(mkdir(test_path("elsewhere"), 0700) == 0);
	move("log.1", "elsewhere/log.1");
}

static void
come_back(void)
{
	move("elsewhere/log.1", "log.1");
	CHECK(mkdir(test_path("log.4"), 0700) == 0);
}

static void
strangers(void)
{
	make("log.conf");
	move("log.conf", "logging");
	drop("logging");
}

TEST(each_name_that_comes_or_goes_is_followed)
{
	static void (*const steps[])(void) = {rotate_by_number,
	    rotate_by_number, rotate_by_date, link_and_drop, leave_the_folder,
	    come_back, strangers};
	struct inotify *folders = inotify_new();
	struct listing_cache *cache = new_cache(folders);

	make("log");
	make("log.1");
	CHECK_EQUAL_INT(check_names(cache), 1);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		steps[i]();
		CHECK_EQUAL_INT(check_names(cache), 0);
	}
	listing_cache_free(cache);
	inotify_free(folders);
}

/* Between the names and the files that have them. */
TEST(what_is_rotated_while_it_is_opened_is_there)
{
	static void (*const steps[])(void) = {rotate_by_number, rotate_by_date};
	struct inotify *folders = inotify_new();
	struct inotify *const instances[] = {folders, NULL};

	for (size_t i = 0; i < 2; i++) {
		struct listing_cache *cache = new_cache(instances[i]);

		if (instances[i] == NULL)
			now_ms = sse_clock_file_time_ms(sse_clock_system());
		make("log");
		make("log.1");
		for (size_t j = 0; j < sizeof(steps) / sizeof(steps[0]); j++) {
			meanwhile = steps[j];
			(void)check_names(cache);
			CHECK(meanwhile == NULL);
		}
		listing_cache_free(cache);
	}
	inotify_free(folders);
}

TEST(another_folder_in_its_place_is_read)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *cache;

	CHECK(mkdir(test_path("a"), 0700) == 0);
	CHECK(mkdir(test_path("b"), 0700) == 0);
	make("a/log");
	make("a/log.1");
	make("b/log");
	make("b/log.2");
	CHECK(symlink("a/log", test_path("log")) == 0);
	cache = new_cache(folders);
	CHECK_EQUAL_INT(check_names(cache), 1);
	drop("log");
	CHECK(symlink("b/log", test_path("log")) == 0);
	(void)check_names(cache);
	move("b", "c");
	move("a", "b");
	(void)check_names(cache);
	make("b/log.5");
	(void)check_names(cache);
	listing_cache_free(cache);
	inotify_free(folders);
}

static long
queue_max(void)
{
	FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
	char text[32];
	long count = 0;

	if (file == NULL)
		return 0;
	if (fgets(text, sizeof(text), file) != NULL)
		count = strtol(text, NULL, 10);
	fclose(file);
	return count;
}

TEST(when_hints_are_lost_the_folder_is_read)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *cache = new_cache(folders);
	long count = queue_max();

	make("log");
	(void)check_names(cache);
	/* More than anybody would wait for: then there is nothing to test. */
	for (long i = 0; count <= 65536 && i <= count / 2; i++) {
		make("log.9");
		drop("log.9");
	}
	make("log.1");
	CHECK_EQUAL_INT(check_names(cache), count <= 65536);
	drop("log.1");
	CHECK_EQUAL_INT(check_names(cache), 0);
	listing_cache_free(cache);
	inotify_free(folders);
}

/* Also with more names than are kept, in whatever order they come and go. */
TEST(random_names_are_those_that_are_there)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *cache = new_cache(folders);
	struct random random = {26};
	bool there[2 * NAME_SET_KEPT] = {false};
	unsigned reads = 0;
	char name[32];

	make("log");
	for (int step = 0; step < 3000; step++) {
		size_t i = random_below(&random, sizeof(there));
		bool rise = step / 1000 != 1;

		(void)snprintf(name, sizeof(name), "log.%zu", i + 1);
		if (!there[i] && (rise || step % 10 == 0))
			make(name);
		else if (there[i] && !rise)
			drop(name);
		else
			continue;
		there[i] = !there[i];
		if (step % 20 == 0)
			reads += check_names(cache);
	}
	/* The first time, and when too many of what was kept have gone. */
	CHECK(reads > 1);
	CHECK(reads < 10);
	listing_cache_free(cache);
	inotify_free(folders);
}

/* ------------------------------------------------------------ in steps -- */

/* One read may end behind the last name of a step. */
#define STEP_NAMES_MAX (LISTING_STEP_NAMES + FOLDER_READ_SIZE / 24)

/* Until all is read: how many steps there were before the last one. */
static unsigned
count_steps(struct listing_cache *cache, void (*between)(void))
{
	struct snapshot snapshot = {0};
	unsigned steps = 0;
	int got;

	calls = (struct calls){0};
	while ((got = take_step(cache, &snapshot)) == RESULT_PARTIAL) {
		CHECK(calls.names > 0 && calls.names <= STEP_NAMES_MAX);
		calls.names = 0;
		CHECK(++steps < 100);
		if (between != NULL)
			between();
	}
	CHECK_EQUAL_INT(got, 0);
	snapshot_done(&snapshot);
	return steps;
}

/* More than a step reads. */
#define MANY (STEP_NAMES_MAX + 1)

/* Without content, which would take long. */
static void
make_very_many(const char *form)
{
	char name[32];

	for (int i = 1; i <= MANY; i++) {
		(void)snprintf(name, sizeof(name), "%s%d", form, i);
		sse_fd_close(open(test_path(name), O_WRONLY | O_CREAT, 0600));
	}
}

TEST(very_many_names_are_read_in_steps)
{
	static const char *const forms[] = {"log.", "another-"};
	struct inotify *folders = inotify_new();
	unsigned count = 0;

	make("log");
	for (size_t i = 0; i < 2; i++) {
		struct listing_cache *cache = new_cache(folders);
		unsigned steps;

		make_very_many(forms[i]);
		count += MANY;
		steps = count_steps(cache, NULL);
		CHECK(steps >= count / STEP_NAMES_MAX);
		CHECK(steps <= count / LISTING_STEP_NAMES + 1);
		CHECK_EQUAL_INT(count_steps(cache, NULL), 0);
		CHECK_EQUAL_INT(check_names(cache), 0);
		listing_cache_free(cache);
	}
	inotify_free(folders);
}

/* What the worker keeps for them: one for each folder, and no more. */
TEST(between_the_steps_only_the_folders_are_open)
{
	struct snapshot snapshot = {0};
	struct listing_cache *cache;
	int before;

	make("log");
	CHECK(mkdir(test_path("old"), 0700) == 0);
	make_very_many("log.");
	CHECK_EQUAL_INT(listing_cache_new(test_path("log"), "log.%i old/log.%i",
			    NULL, &cache),
	    0);
	before = test_descriptors();
	CHECK_EQUAL_INT(take_step(cache, &snapshot), RESULT_PARTIAL);
	CHECK_EQUAL_INT(log_names_folders(cache->names), 2);
	CHECK_EQUAL_INT(test_descriptors(), before + 2);
	listing_cache_rest(cache);
	CHECK_EQUAL_INT(test_descriptors(), before);
	listing_cache_free(cache);
	CHECK(rmdir(test_path("old")) == 0);
}

/* What came last, and what goes, wherever in the folder they are. */
static void
change_between(void)
{
	static int next = MANY;
	char name[32];

	for (int i = 1; i <= 5; i++) {
		(void)snprintf(name, sizeof(name), "log.%d", i);
		if (access(test_path(name), F_OK) == 0)
			drop(name);
		else
			make(name);
	}
	(void)snprintf(name, sizeof(name), "log.%d", next++);
	make(name);
	rotate_by_date();
	drop("log-20261120");
}

TEST(what_changes_between_the_steps_is_followed)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *cache = new_cache(folders);
	struct listing_cache *other = new_cache(folders);

	make("log");
	make_very_many("log.");
	CHECK(count_steps(cache, change_between) >= 1);
	CHECK_EQUAL_INT(check_names(cache), 0);
	/* Another one is told of the same, and takes the news of both. */
	CHECK(count_steps(other, change_between) >= 1);
	(void)check_names(cache);
	CHECK_EQUAL_INT(check_names(other), 0);
	listing_cache_free(cache);
	listing_cache_free(other);
	inotify_free(folders);
}

/* Also where nothing tells what, and a folder that is read never holds. */
TEST(a_folder_that_changes_all_the_time_is_read_to_its_end)
{
	struct listing_cache *cache = new_cache(NULL);

	now_ms = sse_clock_file_time_ms(sse_clock_system());
	make("log");
	make_very_many("log.");
	CHECK(count_steps(cache, change_between) >= 1);
	CHECK(calls.reads >= 1);
	listing_cache_free(cache);
}

static void
replace_folder(void)
{
	static bool is_replaced;

	if (is_replaced)
		return;
	is_replaced = true;
	drop("log");
	CHECK(symlink("b/log", test_path("log")) == 0);
}

/* A large one, which a link leads to, and another one. */
static void
make_two_folders(void)
{
	CHECK(mkdir(test_path("a"), 0700) == 0);
	CHECK(mkdir(test_path("b"), 0700) == 0);
	make("a/log");
	make_very_many("a/log.");
	make("b/log");
	make_many("b/log.", 7);
	CHECK(symlink("a/log", test_path("log")) == 0);
}

TEST(another_folder_is_begun_anew)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *cache;

	make_two_folders();
	cache = new_cache(folders);
	CHECK_EQUAL_INT(count_steps(cache, replace_folder), 1);
	CHECK_EQUAL_INT(check_names(cache), 0);
	listing_cache_free(cache);
	inotify_free(folders);
}

/* A step reads, and asks for nothing else, until all has been read. */
static void
check_steps(struct listing_cache *cache)
{
	int got;

	calls = (struct calls){0};
	while ((got = listing_cache_step(cache, now_ms)) == RESULT_PARTIAL)
		;
	CHECK_EQUAL_INT(got, 0);
	CHECK(calls.names > 0);
	CHECK_EQUAL_INT(calls.opens, 0);
	CHECK_EQUAL_INT(calls.stats, 0);
	CHECK_EQUAL_INT(listing_cache_step(cache, now_ms), 0);
}

TEST(steps_alone_read_on_and_do_not_say_of_which_folder)
{
	struct inotify *folders = inotify_new();
	struct snapshot snapshot = {0};
	struct listing_cache *cache;

	CHECK_EQUAL_INT(listing_cache_step(NULL, now_ms), 0);
	make_two_folders();
	cache = new_cache(folders);
	CHECK_EQUAL_INT(listing_cache_step(cache, now_ms), 0);
	CHECK_EQUAL_INT(take_step(cache, &snapshot), RESULT_PARTIAL);
	check_steps(cache);
	/* What was read is that folder's. */
	CHECK_EQUAL_INT(check_names(cache), 0);
	listing_cache_free(cache);

	cache = new_cache(folders);
	CHECK_EQUAL_INT(take_step(cache, &snapshot), RESULT_PARTIAL);
	check_steps(cache);
	drop("log");
	CHECK(symlink("b/log", test_path("log")) == 0);
	CHECK_EQUAL_INT(check_names(cache), 1);
	listing_cache_free(cache);
	inotify_free(folders);
}

static int
count_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

TEST(a_reading_that_is_given_up_holds_nothing_and_is_begun_anew)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *cache = new_cache(folders);
	struct snapshot snapshot = {0};
	int before = count_descriptors();

	make("log");
	make_very_many("log.");
	CHECK_EQUAL_INT(take_step(cache, &snapshot), RESULT_PARTIAL);
	CHECK(count_descriptors() > before);
	listing_cache_rest(cache);
	CHECK_EQUAL_INT(count_descriptors(), before);
	(void)check_names(cache);
	CHECK_EQUAL_INT(check_names(cache), 0);
	CHECK_EQUAL_INT(count_descriptors(), before);
	listing_cache_free(cache);
	inotify_free(folders);
}

/* Numbers are generations as long as there is nothing else beside them. */
TEST(a_stranger_comes_and_goes)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *cache;

	CHECK(mkdir(test_path("pod"), 0700) == 0);
	make("pod/0.log");
	make("pod/1.log");
	CHECK(symlink("pod/1.log", test_path("log")) == 0);
	cache = new_cache(folders);
	(void)check_names(cache);
	make("pod/stranger");
	(void)check_names(cache);
	make("pod/other");
	drop("pod/stranger");
	(void)check_names(cache);
	drop("pod/other");
	(void)check_names(cache);
	listing_cache_free(cache);
	inotify_free(folders);
}

/* Streams may have the same folder. */
TEST(two_have_one_watch)
{
	struct inotify *folders = inotify_new();
	struct listing_cache *one = new_cache(folders);
	struct listing_cache *other = new_cache(folders);

	make("log");
	(void)check_names(one);
	(void)check_names(other);
	rotate_by_date();
	(void)check_names(one);
	(void)check_names(other);
	listing_cache_free(one);
	make("log.1");
	(void)check_names(other);
	listing_cache_free(other);
	inotify_free(folders);
}
