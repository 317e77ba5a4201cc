/*
 * newest_test.c - a start that takes several turns, since a pattern is searched
 * for in many lines.
 */
#include "config.h"

#include "source/newest.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "record/record_start.h"
#include "positions.h"
#include "source/file_position.h"
#include "source/source.h"
#include "test.h"

#define LINES 300
#define LOOKS_A_MS 3 /* at the clock */

/* A clock that is a ms later after some looks at it; 0: it stands still. */
struct ticking {
	int64_t looks;
	int64_t looks_a_ms;
};

static int64_t
tick(void *context)
{
	struct ticking *ticking = context;

	if (ticking->looks_a_ms == 0)
		return 0;
	return ticking->looks++ / ticking->looks_a_ms;
}

static int64_t
read_file_time(void *context)
{
	(void)context;
	return sse_clock_file_time_ms(sse_clock_system());
}

/* "r" begins a record, or what a pattern says. */
struct rule {
	struct record_start *start; /* or NULL */
	uint64_t calls;
};

static bool
begins(void *context, struct sse_slice line)
{
	struct rule *rule = context;

	rule->calls++;
	return rule->start != NULL ? record_start_begins(rule->start, line)
				   : line.size > 0 && line.data[0] == 'r';
}

static struct ticking ticking;
static const struct sse_clock clock = {tick, read_file_time, &ticking};
static struct rule rule;
static const struct record_rule records = {RECORD_HAS_START, begins, &rule};
static struct source_options options = {.clock = &clock,
    .rule = &records,
    .record_size_max = 65536,
    .replay_size = 1 << 20,
    .follow = true,
    .random = 1};

/* Lines "first ..." and "other ...", by turns: one, and then four. */
static void
write_log(const char *name, const char *first, const char *other)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	for (int i = 0; i < LINES; i++)
		CHECK(dprintf(fd, "%s %s %d\n", i % 5 == 0 ? first : other,
			  name, i) > 0);
	close(fd);
}

static struct source *
new_source(void)
{
	struct source *source;

	CHECK_EQUAL_INT(source_new(test_path("log"), &options, &source), 0);
	return source;
}

/* Where a start begins, and in how many turns it found that. */
struct found {
	struct source_position position;
	int turns;
	uint64_t most; /* calls of the rule in one turn */
	bool gap;
};

static struct found
start(uint64_t wanted, int64_t looks_a_ms)
{
	const struct source_start from = {.records = wanted};
	struct found found = {.turns = 1};
	struct source *source = new_source();
	uint64_t before = rule.calls;
	int error;

	ticking = (struct ticking){0, looks_a_ms};
	error = source_start(source, &from);
	found.most = rule.calls - before;
	while (error == RESULT_PARTIAL) {
		CHECK_EQUAL_INT(source_poll(source).timeout_ms, 0);
		before = rule.calls;
		error = source_go_on(source);
		found.turns++;
		if (rule.calls - before > found.most)
			found.most = rule.calls - before;
	}
	CHECK_EQUAL_INT(error, 0);
	found.position = source_position(source);
	found.gap = source_owes_gap(source);
	source_free(source);
	return found;
}

/* Returns the turns. */
static int
check_same(uint64_t wanted)
{
	struct found whole = start(wanted, 0);
	struct found found = start(wanted, LOOKS_A_MS);

	CHECK_EQUAL_INT(whole.turns, 1);
	CHECK(found.most <= LOOKS_A_MS * EFFORT_TURN_MS);
	CHECK(file_position_same_place(&found.position, &whole.position));
	CHECK_EQUAL_INT(found.gap, whole.gap);
	return found.turns;
}

/* Records and turns: a record is five lines, but for the oldest of a file. */
static const struct {
	uint64_t records;
	int turns_min;
} newest[] = {
    {0, 1}, {1, 2}, {3, 5}, {60, 100}, {61, 101}, {140, 220}, {1000, 300}};

static void
check_newest(void)
{
	for (size_t i = 0; i < sizeof(newest) / sizeof(newest[0]); i++)
		CHECK(check_same(newest[i].records) >= newest[i].turns_min);
}

TEST(the_newest_records_are_the_same_in_turns)
{
	write_log("log.2", "r", "s");
	write_log("log.1", "r", "s");
	write_log("log", "r", "s");
	check_newest();
}

/* What has no end yet is a record only where nothing more comes. */
TEST(a_line_without_an_end_counts_where_nothing_is_followed)
{
	static const struct record_rule lines = {.kind = RECORD_IS_LINE};
	const struct record_rule *rules[] = {&lines, &records};
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(dprintf(fd, "r 1\nr 2\nr 3") == 11);
	close(fd);
	for (int i = 0; i < 2; i++) {
		options.rule = rules[i];
		options.follow = true;
		CHECK_EQUAL_INT(packed_offset(start(1, 0).position), 4);
		options.follow = false;
		CHECK_EQUAL_INT(packed_offset(start(1, 0).position), 8);
		CHECK_EQUAL_INT(packed_offset(start(2, 0).position), 4);
	}
}

static void
write_text(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(
	    fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* An event that is in two files is one, and is counted where it begins. */
TEST(no_part_of_an_event_that_an_older_file_begins_is_an_event)
{
	static const struct record_rule events = {.kind = RECORD_HAS_BLANK};
	static const struct {
		const char *oldest, *older, *current;
		uint64_t records;
		const char *name; /* of the file where they begin */
		uint64_t offset;
	} rows[] = {
	    {"", "a\n\nb\n", "c\n\nd\n\n", 1, "log", 3},
	    {"", "a\n\nb\n", "c\n\nd\n\n", 2, "log.1", 3},
	    {"", "a\n\nb\n", "c\n\nd\n\n", 3, "log.1", 0},
	    {"", "a\n\nb", "c\n\n", 1, "log.1", 3},
	    {"", "a\n\nb\n", "\n", 1, "log.1", 3},
	    {"", "a\n\nb\n", "\nc\n\n", 1, "log", 1},
	    {"", "a\n\nb\n", "\nc\n\n", 2, "log.1", 3},
	    {"", "a\n\nb\n", "c\n", 1, "log.1", 0},
	    {"", "a\n\nb\n", "", 1, "log.1", 0},
	    {"", "a\n\nb\n\n", "c\n\n", 1, "log", 0},
	    {"", "a\n\nb\n\n", "c\n\n", 2, "log.1", 3},
	    {"a\n\nb\n", "c\n", "d\n\n", 1, "log.2", 3},
	    {"a\n\nb\n", "", "c\n\n", 1, "log.2", 3},
	    {"a\n\nb\n", "c\n", "d\n\n", 2, "log.2", 0},
	};

	options.rule = &events;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sse_position found;
		struct sse_file_stat file;
		struct source_position packed;

		write_text("log.2", rows[i].oldest);
		write_text("log.1", rows[i].older);
		write_text("log", rows[i].current);
		packed = start(rows[i].records, 0).position;
		found = sse_position_unpack(&packed);
		CHECK_EQUAL_INT(
		    sse_path_stat(test_path(rows[i].name), &file), 0);
		CHECK_EQUAL_INT(found.file, fingerprint_file(&file));
		CHECK_EQUAL_INT(found.offset, rows[i].offset);
	}
}

#ifdef WITH_PCRE2

/* The search for each of these lines goes on up to its limit. */
#define HOSTILE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"

static const char *const patterns[] = {
    "^r|(a+)+$", "(*NO_JIT)^r|(a+)+$", "^r|^(a|aa)+$", "^r|([a-z]+)*!!"};

TEST(a_pattern_that_backtracks_takes_turns_of_few_lines)
{
	write_log("log.2", "r", HOSTILE);
	write_log("log.1", "r", HOSTILE);
	write_log("log", "r", HOSTILE);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		CHECK_EQUAL_INT(
		    record_start_new(patterns[i], 65536, false, &rule.start),
		    0);
		CHECK(check_same(40) >= 10);
		record_start_free(rule.start);
	}
}

#endif

TEST(what_is_replayed_begins_at_the_same_record_in_turns)
{
	write_log("log.1", "r", "s");
	write_log("log", "r", "s");
	for (uint64_t size = 0; size < 2000; size += 97) {
		options.replay_size = size;
		(void)check_same(SOURCE_RECORDS_ALL);
	}
	write_log("log", "s", "s");
	options.replay_size = 1500;
	CHECK(check_same(SOURCE_RECORDS_ALL) > 20);
	CHECK(start(SOURCE_RECORDS_ALL, LOOKS_A_MS).gap);
}

TEST(a_log_that_is_always_another_one_is_given_up)
{
	const struct source_start from = {.records = 4};
	struct source *source = new_source();
	int error, turns = 0;

	write_log("log", "r", "ssss");
	ticking = (struct ticking){0, 1};
	error = source_start(source, &from);
	while (error == RESULT_PARTIAL) {
		char other[32];

		(void)snprintf(other, sizeof(other), "turn %d", ++turns);
		write_log("log", "r", other);
		error = source_go_on(source);
		CHECK(turns < 1000);
	}
	CHECK_EQUAL_INT(error, RESULT_UNSETTLED);
	source_free(source);
}
TEST(a_log_that_is_another_one_after_a_turn_is_searched_anew)
{
	static const uint64_t wanted[] = {50, SOURCE_RECORDS_ALL};

	options.replay_size = 3000;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct source_start from = {.records = wanted[i]};
		struct source *source = new_source();
		struct source_position position, want;
		int error;

		write_log("log", "r", "sssssssssssss");
		ticking = (struct ticking){0, 1};
		CHECK_EQUAL_INT(source_start(source, &from), RESULT_PARTIAL);
		write_log("log", "rrrrrrrr", "s rather long lines, these are");
		while ((error = source_go_on(source)) == RESULT_PARTIAL)
			;
		CHECK_EQUAL_INT(error, 0);
		position = source_position(source);
		source_free(source);
		want = start(wanted[i], 0).position;
		CHECK_EQUAL_INT(packed_offset(position), packed_offset(want));
	}
}
