/*
 * Where a file that is open, and has no name any more, stands among the
 * others.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "fake_search.h"
#include "source/nameless.h"

#define HELD_MAX 4

/* A file of the follower: told as a candidate, but for what is in it. */
struct held {
	const char *told;
	const char *had; /* when it was read, to the end */
	const char *now;
	bool copy, named, at_end, reading;
};

struct nameless {
	const char *what;
	const char *files;
	struct held held[HELD_MAX]; /* oldest first */
	const char *due;            /* letters; or NULL */
	const char *known;          /* they were met before; or NULL */
	/*
	 * The letters in their order, and behind each: ^ read as it is open,
	 * + truncated before it, * or perhaps, ? unsure, - gone.
	 */
	const char *want;
	bool missed;
};

/* What is told of a file that is open. */
static struct {
	int fd;
	struct sse_file_stat stat;
	int error;
} told[HELD_MAX];

int __real_sse_fd_stat(int fd, struct sse_file_stat *stat);
int __wrap_sse_fd_stat(int fd, struct sse_file_stat *stat);

int
__wrap_sse_fd_stat(int fd, struct sse_file_stat *stat)
{
	for (size_t i = 0; i < HELD_MAX; i++)
		if (told[i].fd == fd && told[i].error != 0)
			return told[i].error;
		else if (told[i].fd == fd) {
			*stat = told[i].stat;
			return 0;
		}
	return __real_sse_fd_stat(fd, stat);
}

static struct log_file *
open_held(const struct held *held, size_t index)
{
	struct candidate candidate;
	struct log_file *file;
	int fd = fake_open("held", held->had, strlen(held->had));

	(void)fake_candidate(&candidate, held->told);
	candidate.stat.size = strlen(held->had);
	told[index].fd = fd;
	told[index].stat = candidate.stat;
	CHECK_EQUAL_INT(
	    log_file_new(fd, strlen(held->had), false, 1024, &file), 0);
	CHECK(unlink(test_path("held")) == 0);
	CHECK(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	fake_write(fd, held->now, strlen(held->now));
	told[index].stat.size = strlen(held->now);
	file->copy = held->copy;
	file->named = held->named;
	file->at_end = held->at_end;
	return file;
}

static void
set(struct fake_search *fake, const struct nameless *one)
{
	struct search_question *question = &fake->question;

	printf("# %s\n", one->what);
	for (size_t i = 0; i < HELD_MAX; i++)
		told[i].fd = -1;
	fake_search_init(fake, one->files);
	question->held = fake->held;
	for (size_t i = 0; i < HELD_MAX && one->held[i].told != NULL; i++) {
		fake->held[i] = open_held(&one->held[i], i);
		question->held_count++;
		if (one->held[i].reading)
			question->reading = fake->held[i];
	}
	fake_due(fake, one->due != NULL ? one->due : "");
	fake_know(fake, one->known != NULL ? one->known : "");
}

static void
done(struct fake_search *fake)
{
	fake_search_done(fake);
	for (size_t i = 0; i < fake->question.held_count; i++)
		log_file_free(fake->held[i]);
}

static void
say(const struct fake_search *fake, char *text)
{
	for (size_t i = 0; i < fake->search.snapshot.count; i++) {
		const struct candidate *one = &fake->candidates[i];

		if (i > 0)
			*text++ = ' ';
		*text++ = (char)one->stat.inode;
		if (one->lent)
			*text++ = '^';
		if (one->gap != GAP_NONE)
			*text++ = one->gap == GAP_TRUNCATED ? '+' : '*';
		if (one->unsure)
			*text++ = '?';
		if (one->gone)
			*text++ = '-';
	}
	*text = '\0';
}

static void
check_all(const struct nameless *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fake_search fake;
		char got[100];

		set(&fake, &all[i]);
		CHECK_EQUAL_INT(nameless_add(&fake.search), 0);
		say(&fake, got);
		CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(all[i].want));
		CHECK_EQUAL_INT(fake.search.missed, all[i].missed);
		done(&fake);
	}
}

#define CHECK_ALL(all) check_all(all, sizeof(all) / sizeof((all)[0]))

#define THREE "a10:20 b30:40 c50:60"
#define LINES .had = "one/two/", .now = "one/two/"

TEST(births_and_what_was_known_tell_its_place)
{
	static const struct nameless all[] = {
	    {"nothing is open", THREE, .want = "a b c"},
	    {"by birth", THREE, {{"d25:90", LINES}}, .want = "a d^ b c"},
	    {"the oldest", THREE, {{"d5:90", LINES}}, .want = "d^ a b c"},
	    {"the newest", THREE, {{"d70:20", LINES}}, .want = "a b c d^"},
	    {"but for the log", "a10:20 C50:60", {{"d70:20", LINES}},
		.want = "a d^ c"},
	    {"by modification", "a-:20 b-:40 C-:60", {{"d-:30", LINES}},
		.want = "a d^ b c"},
	    {"where one has no birth", "a-:20 b30:40 C50:60",
		{{"d25:15", LINES}}, .want = "d^ a b c"},
	    {"a compressed file was born when it was compressed",
		"a90:20z b30:40 C50:60", {{"d25:26", LINES}},
		.want = "a d^ b c"},
	    {"behind what was known", THREE, {{"d5:90", LINES}}, .known = "b",
		.want = "a b d^ c"},
	    {"it has a name", THREE, {{"b30:40", LINES}}, .want = "a b^ c"},
	    {"among no others", "", {{"d5:90", LINES}}, .want = "d^"},
	};

	CHECK_ALL(all);
}

/* It has the time of the file, which some compressors cut to the second. */
TEST(a_compressed_form_of_what_is_open_is_not_missed)
{
	static const struct nameless all[] = {
	    {"of the same time", "a90:26z b30:40 C50:60", {{"d25:26", LINES}},
		.want = "d^ b c"},
	    {"of the same second", "a9000:3000z b30:40 C50:60",
		{{"d25:3026", LINES}}, .want = "d^ b c"},
	    {"of another time", "a90:27z C50:60", {{"d25:26", LINES}},
		.want = "d^ a c"},
	    {"one for each", "a90:26z b91:26z C50:60", {{"d25:26", LINES}},
		.want = "d^ b c"},
	    {"not compressed", "a90:26 C50:60", {{"d25:26", LINES}},
		.want = "d^ a c"},
	};

	CHECK_ALL(all);
}

TEST(what_is_read_in_an_order_stays_in_it)
{
	static const struct nameless all[] = {
	    {"two without a name", "a10:20 B50:60",
		{{"d45:46", LINES}, {"e5:6", LINES}}, .want = "d^ e^ a b"},
	    {"behind an earlier one", "a10:20 b30:40 C50:60",
		{{"b30:40", LINES}, {"d5:6", LINES}}, .want = "a b^ d^ c"},
	    {"before a later one", "a10:20 b30:40 C50:60",
		{{"d70:80", LINES}, {"b30:40", LINES}}, .want = "a d^ b^ c"},
	    {"before what is due", "a10:20 b30:40 C50:60", {{"d70:80", LINES}},
		.due = "b", .want = "a d^ b c"},
	};

	CHECK_ALL(all);
}

TEST(a_copy_is_there_as_long_as_it_is_read)
{
	static const struct nameless all[] = {
	    {"behind what was known", "a10:20 b30:40 C50:60",
		{{"d90:91", LINES, .copy = true, .reading = true}},
		.known = "a", .want = "a d^ b c"},
	    {"before all, where nothing was", "a10:20 b30:40 C50:60",
		{{"d90:91", LINES, .copy = true, .reading = true}},
		.want = "d^ a b c"},
	    {"it was read", "a10:20 C50:60", {{"d90:91", LINES, .copy = true}},
		.want = "a c"},
	};

	CHECK_ALL(all);
}

TEST(what_is_due_and_has_gone_stands_where_it_was)
{
	static const struct nameless all[] = {
	    {"all are there", "a1:2 b3:4 C5:6", .due = "bc", .want = "a b c"},
	    {"before the next one", "a1:2 b3:4 C5:6", .due = "xb",
		.want = "a x- b c"},
	    {"one stands for two", "a1:2 b3:4 C5:6", .due = "xyb",
		.want = "a x- b c"},
	    {"at two places", "a1:2 b3:4 C5:6", .due = "xbyc",
		.want = "a x- b y- c"},
	    {"behind the last that is known", "a1:2 b3:4 C5:6", .due = "bx",
		.want = "a b x- c"},
	    {"behind what is open", "a1:2 b3:4 C5:6", {{"a1:2", LINES}},
		.due = "x", .want = "a^ x- b c"},
	    {"nothing is known", "a1:2 B3:4", .due = "x", .want = "x- a b"},
	};

	CHECK_ALL(all);
}

/* The log was copied, truncated and deleted, or only deleted. */
TEST(what_it_had_tells_whether_it_stands_behind_its_copy)
{
	static const struct nameless all[] = {
	    {"truncated", "a50:60=one/two/z/ B70:80=x/",
		{{"d10:65", "one/two/", .now = ""}}, .want = "a d^+ b"},
	    {"filled anew", "a50:60=one/two/z/ B70:80=x/",
		{{"d10:65", "one/two/", .now = "three/four/"}},
		.want = "a d^+ b"},
	    {"intact", "a50:60=one/two/z/ B70:80=x/",
		{{"d10:65", "one/two/", .now = "one/two/more/"}},
		.want = "d^ a b"},
	    {"truncated, and that is no copy of it", "a50:60=zero/z/ B70:80=x/",
		{{"d10:65", "one/two/", .now = ""}}, .want = "a? d^+? b"},
	    {"two copies", "a50:60=one/two/z/ b61:62=one/two/z/ C70:80=x/",
		{{"d10:65", "one/two/", .now = ""}}, .want = "a b+ d^+ c"},
	    {"modified later than it", "a50:66=one/two/z/ B70:80=x/",
		{{"d10:65", "one/two/", .now = ""}}, .want = "d^ a b"},
	    {"met before", "a50:60=one/two/z/ B70:80=x/",
		{{"d10:65", "one/two/", .now = ""}}, .known = "a",
		.want = "a d^ b"},
	    {"nothing was read of it", "a50:60=one/two/z/ B70:80=x/",
		{{"d10:65", "", .now = ""}}, .want = "a? d^*? b"},
	    {"and what it has is what the other one begins with",
		"a50:60=one/two/z/ B70:80=x/",
		{{"d10:65", "", .now = "one/two/"}}, .want = "d^ a b"},
	    {"it has been a generation", "a50:60=one/two/z/ B70:80=x/",
		{{"d10:65", "one/two/", .now = "", .named = true}},
		.want = "d^ a b"},
	    {"a copy of what came after it",
		"a50:60=one/two/z/ B30:80=one/two/z/",
		{{"d10:65", "one/two/", .now = ""}}, .want = "d^ a b"},
	};

	CHECK_ALL(all);
}

TEST(a_stale_file_is_missing_where_it_was_not_read)
{
	static const struct nameless all[] = {
	    {"not to its end", THREE, {{"d25:90", LINES}}, .want = "a b c",
		.missed = true},
	    {"all of it", THREE, {{"d25:90", LINES, .at_end = true}},
		.want = "a b c"},
	};

	for (size_t i = 0; i < 2; i++) {
		struct fake_search fake;

		set(&fake, &all[i]);
		told[0].error = -ESTALE;
		CHECK_EQUAL_INT(nameless_add(&fake.search), 0);
		CHECK_EQUAL_INT(fake.search.snapshot.count, 3);
		CHECK_EQUAL_INT(fake.search.missed, all[i].missed);
		/* Of one that is known to have gone another one says more. */
		fake.search.missed = false;
		fake.question.moved = fake.held[0];
		CHECK_EQUAL_INT(nameless_add(&fake.search), 0);
		CHECK(!fake.search.missed);
		told[0].error = -EIO;
		CHECK_EQUAL_INT(nameless_add(&fake.search), -EIO);
		told[0].error = 0;
		done(&fake);
	}
}

/* What may not be read by its name any more is read as it is open. */
TEST(a_file_that_is_open_needs_no_rights)
{
	static const struct nameless one = {"no rights", "a10:20x B30:40=x/",
	    {{"a10:25", "one/two/", .now = "one/two/z/"}}, .want = "a^ b"};
	struct fake_search fake;

	check_all(&one, 1);
	set(&fake, &one);
	CHECK_EQUAL_INT(nameless_add(&fake.search), 0);
	CHECK(!fake.candidates[0].compressed);
	CHECK_EQUAL_INT(fake.candidates[0].fd, fake.held[0]->fd);
	/* And it is as it is now. */
	CHECK_EQUAL_INT(fake.candidates[0].stat.size, 10);
	CHECK_EQUAL_INT(fake.candidates[0].stat.mtime_ms, 25);
	done(&fake);
}

/* The name of what may be a copy leads to another file by now. */
TEST(a_copy_that_is_another_file_by_now_is_not_settled)
{
	static const struct nameless one = {"gone", "a50:60 B70:80",
	    {{"d10:65", "one/two/", .now = ""}}, .want = ""};
	struct fake_search fake;

	set(&fake, &one);
	fake.search.snapshot.folder =
	    open(test_directory(), O_RDONLY | O_DIRECTORY);
	fake.search.snapshot.has_folder = true;
	CHECK_EQUAL_INT(nameless_add(&fake.search), RESULT_UNSETTLED);
	close(fake.search.snapshot.folder);
	done(&fake);
}
