/*
 * Which of the candidates holds a position, by what they are and have.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "fake_search.h"
#include "source/match.h"

struct matched {
	const char *what;
	const char *files;
	char file;       /* of the position; 'q': of none of them */
	const char *had; /* the lines before it */
	int stamp_ms;
	const char *held;  /* by the follower; NULL: nothing */
	const char *known; /* these were met before; or NULL */
	enum search_part part;
	char base; /* '\0': none */
};

/* The letter of the base. */
static char
base_of(const struct fake_search *fake)
{
	size_t base = fake->search.base;

	return base == SIZE_MAX ? '\0'
				: (char)fake->candidates[base].stat.inode;
}

static void
set(struct fake_search *fake, const struct matched *one)
{
	printf("# %s\n", one->what);
	fake_search_init(fake, one->files);
	fake_ask(fake, one->file, one->had, one->stamp_ms);
	fake_hold(fake, one->held != NULL ? one->held : "");
	fake_know(fake, one->known != NULL ? one->known : "");
}

static void
expect(struct fake_search *fake, const struct matched *one)
{
	CHECK_EQUAL_INT(match_candidates(&fake->search), 0);
	CHECK_EQUAL_INT(base_of(fake), one->base);
	CHECK_EQUAL_INT(fake->search.part, one->part);
	fake_search_done(fake);
}

static void
check_all(const struct matched *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fake_search fake;

		set(&fake, &all[i]);
		expect(&fake, &all[i]);
	}
}

#define CHECK_ALL(all) check_all(all, sizeof(all) / sizeof((all)[0]))

TEST(its_own_file_holds_it_unless_it_was_copied_and_filled)
{
	static const struct matched all[] = {
	    {"the log", "a1:2=x/ B3:4=one/two/", 'b', "one/", 4,
		.part = PART_SAME, .base = 'b'},
	    {"an older one", "a1:2=one/two/ B3:4=x/", 'a', "one/two/", 2,
		.part = PART_SAME, .base = 'a'},
	    {"at its beginning", "A1:2=one/", 'a', "", 2, .part = PART_SAME,
		.base = 'a'},
	    {"beside an older copy of more", "a5:6=one/two/y/ B1:7=one/two/z/",
		'b', "one/two/", 3, .part = PART_COPY, .base = 'a'},
	    {"beside a copy that it still has", "a5:6=one/two/ B1:7=one/two/z/",
		'b', "one/two/", 3, .part = PART_SAME, .base = 'b'},
	    {"beside one that was met", "a5:6=one/two/y/ B1:7=one/two/z/", 'b',
		"one/two/", 3, .known = "a", .part = PART_SAME, .base = 'b'},
	    {"beside one of before", "a5:6=one/two/y/ B1:7=one/two/z/", 'b',
		"one/two/", 6, .part = PART_SAME, .base = 'b'},
	    {"which was not there when it was opened",
		"a5:6=one/two/y/ B1:7=one/two/z/", 'b', "one/two/", 6,
		.held = "B", .part = PART_COPY, .base = 'a'},
	    {"beside one that was born first",
		"a1:6=one/two/y/ B5:7=one/two/z/", 'b', "one/two/", 3,
		.part = PART_SAME, .base = 'b'},
	    {"beside one that has other lines", "a5:6=y/ B1:7=one/two/z/", 'b',
		"one/two/", 3, .part = PART_SAME, .base = 'b'},
	};

	CHECK_ALL(all);
}

TEST(content_tells_where_a_position_went)
{
	static const struct matched all[] = {
	    {"copied and truncated", "a5:6=one/two/ B1:7=x/", 'b', "one/two/",
		3, .part = PART_COPY, .base = 'a'},
	    {"moved", "a1:2=one/two/ B3:4=x/", 'q', "one/two/", 2,
		.part = PART_MOVED, .base = 'a'},
	    {"nowhere", "a1:2=one/too/ B3:4=x/", 'q', "one/two/", 2,
		.part = PART_NONE},
	    {"all are shorter", "a1:2=one/ B3:4=x/", 'q', "one/two/", 2,
		.part = PART_NONE},
	    {"no files", "", 'q', "one/two/", 2, .part = PART_NONE},
	    {"its own cannot be read any more", "a1:2z b3:4=one/two/", 'a',
		"one/two/", 2, .part = PART_MOVED, .base = 'b'},
	    {"the first of two", "a1:2=one/two/ b3:4=one/two/", 'q', "one/two/",
		9, .part = PART_MOVED, .base = 'a'},
	    {"the first since the stamp",
		"a1:2=one/two/ b3:4=one/two/ C5:6=one/two/", 'q', "one/two/", 4,
		.part = PART_MOVED, .base = 'b'},
	    {"no position of a file", "A1:2=one/two/", '0', "", 0,
		.part = PART_NONE},
	    {"what the follower has read before is none",
		"a1:2=one/two/ b3:4=one/two/ C5:6=x/", 'q', "one/two/", 1,
		.held = "aC", .part = PART_MOVED, .base = 'b'},
	    {"nor where it was in that itself",
		"a1:2=one/two/ b3:4=one/two/ C5:6=x/", 'a', "one/two/", 1,
		.held = "aC", .part = PART_MOVED, .base = 'b'},
	};

	CHECK_ALL(all);
}

/* Lines that are all alike, or only one, or NULs: any file may have them. */
TEST(content_that_proves_nothing_is_decided_by_time)
{
	static const struct matched all[] = {
	    {"written to since", "a1:5=one/two/ B6:7=x/", 'q', "one/", 4,
		.part = PART_WEAK, .base = 'a'},
	    {"at the stamp", "a1:4=one/two/ B6:7=x/", 'q', "one/", 4,
		.part = PART_NONE},
	    {"the first that was written to", "a1:2=one/ b2:5=one/ C6:7=one/",
		'q', "one/", 4, .part = PART_WEAK, .base = 'b'},
	    {"a copy is one in any case", "a5:6=one/two/ B1:7=x/", 'b', "one/",
		3, .part = PART_COPY, .base = 'a'},
	    {"NULs are a beginning", "a1:5=___one/ B6:7=___x/", 'q', "___", 4,
		.part = PART_NONE},
	    {"of its own file they are a place", "A6:7=___x/", 'a', "___", 4,
		.part = PART_SAME, .base = 'a'},
	    {"NULs and a line", "a1:5=___one/two/z/ B6:7=x/", 'q',
		"___one/two/", 4, .part = PART_MOVED, .base = 'a'},
	};

	CHECK_ALL(all);
}

/* The follower has open what was truncated, and no name leads to it. */
TEST(a_file_without_a_name_is_there_as_long_as_it_is_open)
{
	static const struct matched is_there = {"moved",
	    "a5:6=one/two/ B7:8=x/", 'q', "one/two/", 3, .held = "Q",
	    .part = PART_COPY, .base = 'a'};
	static const struct matched is_gone = {"gone", "a5:6=one/two/ B7:8=x/",
	    'q', "one/two/", 3, .held = "Q", .part = PART_MOVED, .base = 'a'};
	struct fake_search fake;

	set(&fake, &is_there);
	fake.question.moved = fake.held[0];
	expect(&fake, &is_there);
	set(&fake, &is_gone);
	fake.question.moved = fake.held[0];
	fake.question.gone = true;
	expect(&fake, &is_gone);
}

TEST(who_reads_a_copy_goes_on_in_it)
{
	static const struct matched copy = {"as its original",
	    "a5:6=one/two/z/ B1:7=one/two/", 'b', "one/two/", 9, .held = "A",
	    .part = PART_COPY, .base = 'a'};
	static const struct matched other = {"but where it does not hold it",
	    "a5:6=two/two/z/ B1:7=one/two/", 'b', "one/two/", 9, .held = "A",
	    .part = PART_SAME, .base = 'b'};
	static const struct matched own = {"under its own name",
	    "a5:6=one/two/z/ B1:7=one/two/", 'a', "one/two/", 9, .held = "A",
	    .part = PART_SAME, .base = 'a'};
	const struct matched *all[] = {&copy, &other, &own};

	for (size_t i = 0; i < 3; i++) {
		struct fake_search fake;

		set(&fake, all[i]);
		fake.files[0].copy = true;
		fake.files[0].file = fake.question.position.file;
		fake.question.reading = fake.held[0];
		expect(&fake, all[i]);
	}
}

/* An id counts only behind a line, where the file goes on. */
TEST(an_id_inside_a_line_of_the_log_proves_nothing)
{
	static const struct matched log = {
	    "the log", "A1:2=one/two/", 'a', "one/tw", 2, .part = PART_NONE};
	static const struct matched older = {"an older one",
	    "a1:2=one/two/ B3:4=x/", 'a', "one/tw", 2, .part = PART_SAME,
	    .base = 'a'};
	struct fake_search fake;

	set(&fake, &log);
	fake.question.is_id = fake.question.follow = true;
	expect(&fake, &log);
	set(&fake, &older);
	fake.question.is_id = fake.question.follow = true;
	expect(&fake, &older);
}

/* What is a folder by now, say. */
static void
make_unreadable(struct fake_search *fake, char letter)
{
	struct candidate *at = &fake->candidates[fake_find(fake, letter)];

	sse_fd_close(at->fd);
	at->fd = open(test_directory(), O_RDONLY | O_DIRECTORY);
	CHECK(at->fd >= 0);
}

TEST(what_cannot_be_read_is_given_up_once_and_the_log_never)
{
	static const struct matched one = {"one",
	    "a1:2=one/two/ b3:4=one/two/ C5:6=x/", 'q', "one/two/", 1,
	    .part = PART_MOVED, .base = 'b'};
	struct search_known given_up = {.count = 0};
	struct fake_search fake;

	set(&fake, &one);
	make_unreadable(&fake, 'a');
	fake.search.given_up = &given_up;
	expect(&fake, &one);
	CHECK(fake.candidates[0].compressed);
	CHECK(search_knows(&given_up, fake.candidates[0].file));
	/* In the next look it is not read, whether or not it could be. */
	set(&fake, &one);
	fake.search.given_up = &given_up;
	expect(&fake, &one);
	CHECK(fake.candidates[0].compressed);
	set(&fake, &one);
	fake_ask(&fake, 'c', "x/", 1);
	make_unreadable(&fake, 'c');
	CHECK_EQUAL_INT(match_candidates(&fake.search), -EISDIR);
	fake_search_done(&fake);
}

#define NOW_MS 10000

static const struct {
	const char *what, *files;
	char base;
	enum search_part part;
	int64_t ctime_ms; /* of the second one; 0: as it was modified */
	bool foreign, want;
} waits[] = {
    {"all is readable", "a1:2=x/ B3:9999=x/", 'b', .part = PART_SAME},
    {"the log, and nothing else has it", "a1:2=x/ B3:4x", '\0', .want = true},
    {"an older one has it", "a1:2=x/ B3:4x", 'a', .part = PART_SAME},
    {"and that proves nothing", "a1:2=x/ B3:4x", 'a', .part = PART_WEAK,
	.want = true},
    {"a new one", "a1:2=x/ b9001:9001x C9002:9002=x/", 'a', .part = PART_SAME,
	.want = true},
    {"of a second ago", "a1:2=x/ b9000:9000x C9002:9002=x/", 'a',
	.part = PART_SAME},
    {"of a clock that is ahead", "a1:2=x/ b10999:1x C9002:9=x/", 'a',
	.part = PART_SAME, .want = true},
    {"far ahead", "a1:2=x/ b11000:1x C9002:9=x/", 'a', .part = PART_SAME},
    {"another mode since", "a1:2=x/ b3:4x C5:6=x/", 'a', .part = PART_SAME,
	.ctime_ms = 9500, .want = true},
    {"before the base", "a1:2=x/ b3:4x C5:6=x/", 'c', .part = PART_SAME,
	.ctime_ms = 9500},
    {"written to just now", "a1:2=x/ b-:9500x C5:6=x/", 'a', .part = PART_SAME,
	.ctime_ms = 9500},
    {"compressed just now", "a1:2=x/ b9500:9500z C5:6=x/", 'a',
	.part = PART_SAME},
    {"whose is the new log?", "a1:2=x/ B9500:9500=", 'a', .part = PART_SAME,
	.foreign = true, .want = true},
    {"it has bytes", "a1:2=x/ B9500:9500=x/", 'a', .part = PART_SAME,
	.foreign = true},
    {"it is old", "a1:2=x/ B3:4=", 'a', .part = PART_SAME, .foreign = true},
    {"it may not be read", "a1:2=x/ B3:4x", 'a', .part = PART_SAME,
	.foreign = true, .want = true},
    {"there is none", "a1:2=x/", 'a', .part = PART_SAME, .foreign = true},
    {"nothing is foreign", "a1:2=x/ B9500:9500=", 'a', .part = PART_SAME},
};

TEST(what_is_only_just_being_made_is_waited_for)
{
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct fake_search fake;

		printf("# %s\n", waits[i].what);
		fake_search_init(&fake, waits[i].files);
		fake.search.began_ms = NOW_MS;
		fake.search.part = waits[i].part;
		fake.search.snapshot.foreign = waits[i].foreign;
		if (waits[i].base != '\0')
			fake.search.base = fake_find(&fake, waits[i].base);
		if (waits[i].ctime_ms != 0)
			fake.candidates[1].stat.ctime_ms = waits[i].ctime_ms;
		CHECK_EQUAL_INT(match_must_wait(&fake.search), waits[i].want);
		fake_search_done(&fake);
	}
}
