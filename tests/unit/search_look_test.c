/*
 * Where an id counts: a client can make up the check of any offset whose
 * bytes it knows or guesses.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/search_look.h"

static const struct record_rule by_line = {RECORD_IS_LINE, NULL, NULL};
static const struct record_rule by_start = {RECORD_HAS_START, NULL, NULL};
static const struct record_rule by_blank = {RECORD_HAS_BLANK, NULL, NULL};

static void
write_file(const char *name, struct sse_slice text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text.data, text.size) == (ssize_t)text.size);
	close(fd);
}

static struct sse_position
position_in(const char *name, uint64_t offset)
{
	int fd = open(test_path(name), O_RDONLY);
	struct sse_position position = {.offset = offset};
	struct fingerprint fingerprint;
	struct sse_file_stat stat;

	CHECK_EQUAL_INT(sse_fd_stat(fd, &stat), 0);
	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, offset), 0);
	close(fd);
	position.file = fingerprint_file(&stat);
	position.check = fingerprint_check(&fingerprint);
	return position;
}

/* What a search for the position finds: its part. */
static char
answer(const struct search_question *asked)
{
	static const char parts[] = {[PART_NONE] = '-',
	    [PART_SAME] = '=',
	    [PART_COPY] = 'c',
	    [PART_MOVED] = 'm',
	    [PART_WEAK] = 'w'};
	struct search_known known = {.count = 0};
	struct search_question question = *asked;
	struct search search = {.question = &question};
	struct log_names *names;
	char part;

	CHECK_EQUAL_INT(log_names_new(test_path("log"), NULL, &names), 0);
	question.names = names;
	question.path = test_path("log");
	question.record_size_max = 1024;
	question.clock = sse_clock_system();
	question.watch = watch_new(NULL);
	question.known = &known;
	CHECK_EQUAL_INT(search_look(&search), 0);
	part = parts[search.part];
	search_done(&search);
	watch_free(question.watch);
	log_names_free(names);
	return part;
}

struct place {
	const char *what;
	struct sse_slice text;
	const struct record_rule *rule;
	/* For each offset: '=' counts, '-' does not. */
	const char *current;
	const char *older; /* and in a file that is not followed */
};

#define TEXT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static const struct place places[] = {
    {"nothing", TEXT(""), &by_line, "=", "="},
    {"lines", TEXT("ab\ncd\n"), &by_line, "=--=--=", "======="},
    {"no rule", TEXT("ab\ncd\n"), NULL, "=--=--=", "======="},
    {"CR LF", TEXT("ab\r\ncd"), &by_line, "=---=--", "======="},
    {"a CR alone", TEXT("a\rb\n"), &by_line, "=---=", "====="},
    {"empty lines", TEXT("\n\n\r\n"), &by_line, "===-=", "====="},
    {"NULs", TEXT("\0\0\na\n"), &by_line, "====-=", "======"},
    {"a BOM", TEXT("\xef\xbb\xbfx\n"), &by_line, "=----=", "======"},
    {"no end", TEXT("ab"), &by_line, "=--", "==="},
    {"a record's lines", TEXT("=a\n b\n"), &by_start, "=--=--=", "======="},
    {"an event", TEXT("a\nb\n\nc\n"), &by_blank, "=----=--", "=----=-="},
    {"CR LF in it", TEXT("a\r\n\r\nb"), &by_blank, "=----=-", "=----=="},
    {"blank lines", TEXT("\n\r\n\n"), &by_blank, "==-==", "==-=="},
    {"a CR in it", TEXT("a\rb\n\n"), &by_blank, "=----=", "=----="},
};

static void
check_place(
    const struct place *place, bool is_older, bool follow, const char *want)
{
	const char *name = is_older ? "log.1" : "log";
	struct search_question question = {
	    .is_id = true, .follow = follow, .rule = place->rule};

	write_file(name, place->text);
	for (size_t i = 0; i <= place->text.size; i++) {
		char got;

		question.position = position_in(name, i);
		got = answer(&question);
		if (got != want[i])
			printf("# %s, offset %zu of %s: %c\n", place->what, i,
			    name, got);
		CHECK_EQUAL_INT(got, want[i]);
		/* What the follower asks for itself is where it has read. */
		question.is_id = false;
		CHECK_EQUAL_INT(answer(&question), '=');
		question.is_id = true;
	}
	CHECK(unlink(test_path(name)) == 0);
}

TEST(an_id_counts_where_one_can_be)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		check_place(&places[i], false, true, places[i].current);
		check_place(&places[i], false, false, places[i].older);
		check_place(&places[i], true, true, places[i].older);
	}
}

/* A blank line of which the window has only a part, and one that it has. */
TEST(an_event_ends_wherever_the_window_does)
{
	char text[400];
	struct search_question question = {
	    .is_id = true, .follow = true, .rule = &by_blank};

	memset(text, '\r', sizeof(text));
	text[sizeof(text) - 1] = '\n';
	write_file("log", (struct sse_slice){text, sizeof(text)});
	question.position = position_in("log", sizeof(text));
	CHECK_EQUAL_INT(answer(&question), '-');
	memset(text, 'a', sizeof(text));
	memcpy(text + 198, "\n\n", 2);
	write_file("log", (struct sse_slice){text, sizeof(text)});
	question.position = position_in("log", 200);
	CHECK_EQUAL_INT(answer(&question), '=');
	question.position = position_in("log", 199);
	CHECK_EQUAL_INT(answer(&question), '-');
}

TEST(an_id_of_what_is_not_there_proves_nothing)
{
	struct search_question question = {.is_id = true, .follow = true};

	write_file("log", SLICE("a\nb\nc\n"));
	write_file("other", SLICE("x\ny\nz\n"));
	CHECK_EQUAL_INT(answer(&question), '-');
	question.position = position_in("other", 2);
	CHECK_EQUAL_INT(answer(&question), '-');
	question.position = position_in("other", 3);
	CHECK_EQUAL_INT(answer(&question), '-');
	question.position = position_in("log", 2);
	question.position.check ^= 1;
	CHECK_EQUAL_INT(answer(&question), '-');
	question.position = position_in("log", 2);
	question.position.offset = SSE_POSITION_OFFSET_MAX;
	CHECK_EQUAL_INT(answer(&question), '-');
}

/* Another file has the same bytes: the same rule holds there. */
TEST(a_copy_is_judged_as_the_file_is)
{
	struct search_question question = {.is_id = true, .follow = true};

	write_file("log.1", SLICE("a\nb\nc\n"));
	write_file("log", SLICE("z\n"));
	question.position = position_in("log.1", 4);
	question.position.file ^= 1;
	CHECK_EQUAL_INT(answer(&question), 'm');
	write_file("log", SLICE("a\nb\nc\n"));
	CHECK(unlink(test_path("log.1")) == 0);
	CHECK_EQUAL_INT(answer(&question), 'm');
	question.position = position_in("log", 5);
	question.position.file ^= 1;
	CHECK_EQUAL_INT(answer(&question), '-');
}
