/*
 * From a position to the files that have to be read, and where in them.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log_sequence.h"
#include "source/log_names.h"
#include "source/resolve.h"

/* Who asks, and what is known from one question to the next. */
struct asker {
	struct search_question question;
	struct search_known known;
	struct log_names *names;
	struct watch *watch;
	char path[200];
};

static void
asker_init(struct asker *asker)
{
	*asker = (struct asker){.names = NULL};
	(void)snprintf(
	    asker->path, sizeof(asker->path), "%s", test_path("log"));
	CHECK_EQUAL_INT(log_names_new(asker->path, NULL, &asker->names), 0);
	asker->watch = watch_new(NULL);
	asker->question = (struct search_question){
	    .names = asker->names,
	    .path = asker->path,
	    .follow = true,
	    .record_size_max = 1024,
	    .clock = sse_clock_system(),
	    .watch = asker->watch,
	    .known = &asker->known,
	};
}

static void
asker_done(struct asker *asker)
{
	watch_free(asker->watch);
	log_names_free(asker->names);
}

/* The position is there now, later than all that was written. */
static void
ask_at(struct asker *asker, const char *name, uint64_t offset)
{
	struct sse_position *position = &asker->question.position;
	struct fingerprint fingerprint;
	struct sse_file_stat stat;
	int fd = open(test_path(name), O_RDONLY);

	CHECK(fd >= 0);
	next_tick();
	CHECK_EQUAL_INT(sse_fd_stat(fd, &stat), 0);
	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, offset), 0);
	close(fd);
	*position = (struct sse_position){
	    .stamp_ms = (uint64_t)sse_clock_file_time_ms(sse_clock_system()),
	    .file = fingerprint_file(&stat),
	    .offset = offset,
	    .check = fingerprint_check(&fingerprint)};
}

/* "log.1", or "?": no name leads to it. */
static const char *
name_of(const struct sse_file_stat *stat)
{
	static const char *const names[] = {"log", "log.1", "log.2", "log.3",
	    "log.4", "log.5", "log.6", "log.7", "log.8"};
	struct sse_file_stat there;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sse_path_stat(test_path(names[i]), &there) == 0 &&
		    fingerprint_same_file(&there, stat))
			return names[i];
	return "?";
}

/* The files, and where; ">" is the lead, "!" a gap before it, "+" a copy. */
static void
say(const struct resolve_answer *answer, char *text, size_t size)
{
	*text = '\0';
	for (size_t i = 0; i < answer->count; i++) {
		const struct log_file *file = answer->generations[i];

		(void)snprintf(text + strlen(text), size - strlen(text),
		    "%s%s%s%s%s@%d", i > 0 ? " " : "",
		    file->gap != GAP_NONE ? "!" : "",
		    i == answer->lead ? ">" : "", name_of(&file->stat),
		    file->copy ? "+" : "", (int)file->fingerprint.offset);
	}
	for (size_t i = 0; i < answer->due_count; i++)
		(void)snprintf(text + strlen(text), size - strlen(text), " %s",
		    name_of(&answer->due[i]));
}

static void
answer_done(struct resolve_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		log_file_free(answer->generations[i]);
	free(answer->generations);
	free(answer->due);
	due_names_done(&answer->due_names);
}

/* Each question has one answer, and no answer to another one. */
static void
expect(const struct asker *asker, const char *want, enum gap_reason gap)
{
	struct resolve_answer answer;
	char got[400];

	CHECK_EQUAL_INT(resolve(&asker->question, &answer), 0);
	say(&answer, got, sizeof(got));
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(want));
	CHECK_EQUAL_INT(answer.gap, gap);
	answer_done(&answer);
}

struct resolved {
	const char *what;
	const char *before; /* steps of log_sequence.h */
	const char *name;   /* the position is in it */
	uint64_t offset;
	const char *then;
	const char *want;
	enum gap_reason gap;
};

#define SIX                                                                  \
	"add log.6 1/; add log.5 2/; add log.4 3/; add log.3 4/; add log.2 " \
	"5/; add log.1 6/; add log 7/"

static const struct resolved all[] = {
    {"nothing happened", "add log one/two/", "log", 4, "", ">log@4", GAP_NONE},
    {"grown", "add log one/two/", "log", 8, "add log three/", ">log@8",
	GAP_NONE},
    {"rotated", "add log one/two/", "log", 4,
	"move log log.1; tick; add log three/", ">log.1@4 log@0", GAP_NONE},
    {"rotated, and no log yet", "add log one/two/", "log", 4, "move log log.1",
	">log.1@4", GAP_NONE},
    {"rotated twice", "add log one/two/", "log", 8,
	"move log log.2; add log.1 a/; add log b/", ">log.2@8 log.1@0 log@0",
	GAP_NONE},
    {"deleted", "add log one/two/", "log", 8, "delete log; tick; add log new/",
	">log@0", GAP_ROTATED},
    {"deleted, and no log", "add log one/two/", "log", 8, "delete log", "",
	GAP_ROTATED},
    {"truncated", "add log one/two/", "log", 8, "empty log; add log new/",
	">log@0", GAP_TRUNCATED},
    {"truncated, and empty", "add log one/two/", "log", 8, "empty log",
	">log@0", GAP_TRUNCATED},
    {"copied and truncated", "add log one/two/three/", "log", 8,
	"copy log log.1; empty log; tick; add log new/", ">log.1+@8 !log@0",
	GAP_NONE},
    {"moved to another file", "add log one/two/", "log", 8,
	"copy log log.1; delete log; tick; add log new/", ">log.1@8 log@0",
	GAP_NONE},
    {"older files behind", "add log.1 a/; tick; add log one/two/", "log", 4, "",
	"log.1@2 >log@4", GAP_NONE},
    {"an older one has grown since", "add log.1 a/; add log one/two/", "log", 4,
	"tick; add log.1 late/", "log.1@7 >log@4", GAP_LATE},
    {"a few of many are opened", SIX, "log.6", 2, "",
	">log.6@2 log.5@0 log.4@0 log.3@0 log.2@0 log.1 log", GAP_NONE},
};

TEST(a_position_opens_the_files_that_are_to_be_read)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		static const char *const names[] = {"log", "log.1", "log.2",
		    "log.3", "log.4", "log.5", "log.6"};
		struct asker asker;

		printf("# %s\n", all[i].what);
		for (size_t j = 0; j < 7; j++)
			(void)unlink(test_path(names[j]));
		asker_init(&asker);
		sequence_play(__FILE__, __LINE__, all[i].before);
		ask_at(&asker, all[i].name, all[i].offset);
		sequence_play(__FILE__, __LINE__, all[i].then);
		expect(&asker, all[i].want, all[i].gap);
		/* And again: to ask changes nothing. */
		expect(&asker, all[i].want, all[i].gap);
		asker_done(&asker);
	}
}

TEST(an_id_counts_where_one_can_have_been_given)
{
	struct asker asker;
	struct resolve_answer answer = {.count = 77};

	asker_init(&asker);
	append("log", "one\ntwo\n");
	asker.question.is_id = true;
	ask_at(&asker, "log", 4);
	expect(&asker, ">log@4", GAP_NONE);
	ask_at(&asker, "log", 5);
	expect(&asker, ">log@0", GAP_TRUNCATED);
	/* Of a log that was not there: all is new. */
	asker.question.position = (struct sse_position){.stamp_ms = 5};
	expect(&asker, ">log@0", GAP_NONE);
	asker.question.position.offset = 1;
	CHECK_EQUAL_INT(resolve(&asker.question, &answer), 1);
	asker.question.position.offset = 0;
	asker.question.position.check = 1;
	CHECK_EQUAL_INT(resolve(&asker.question, &answer), 1);
	/* There is no answer then. */
	CHECK_EQUAL_INT(answer.count, 77);
	asker_done(&asker);
}

TEST(a_log_that_is_not_there_is_an_answer_without_files)
{
	struct resolve_answer answer;
	struct asker asker;

	asker_init(&asker);
	CHECK_EQUAL_INT(resolve(&asker.question, &answer), 0);
	CHECK_EQUAL_INT(answer.count, 0);
	CHECK_EQUAL_INT(answer.lead, answer.count);
	CHECK_EQUAL_INT(answer.due_count, 0);
	CHECK(!answer.awaits);
	answer_done(&answer);
	asker_done(&asker);
}

/* What the follower holds is the same object, with what it has read of it. */
TEST(a_follower_keeps_what_it_has_open)
{
	struct resolve_answer first, second;
	struct asker asker;

	asker_init(&asker);
	append("log", "one\ntwo\n");
	ask_at(&asker, "log", 4);
	CHECK_EQUAL_INT(resolve(&asker.question, &first), 0);
	CHECK_EQUAL_INT(first.born, 1);
	asker.question.held = first.generations;
	asker.question.held_count = first.count;
	asker.question.reading = first.generations[0];
	move("log", "log.1");
	next_tick();
	append("log", "new\n");
	CHECK_EQUAL_INT(resolve(&asker.question, &second), 0);
	CHECK_EQUAL_INT(second.count, 2);
	CHECK(second.generations[0] == first.generations[0]);
	CHECK(!second.generations[0]->current);
	CHECK(second.generations[0]->named);
	CHECK(second.generations[1]->current);
	/* The new one was not met before. */
	CHECK_EQUAL_INT(second.born, 1);
	CHECK_EQUAL_INT(second.lead, 0);
	free(first.generations);
	free(first.due);
	due_names_done(&first.due_names);
	answer_done(&second);
	asker_done(&asker);
}

/* Files up to the base are no news when they turn up again. */
TEST(what_was_known_before_the_base_is_remembered)
{
	struct sse_file_stat stat;
	struct asker asker;

	asker_init(&asker);
	append("log.2", "a\n");
	append("log.1", "b\n");
	append("log", "c\n");
	ask_at(&asker, "log.1", 2);
	expect(&asker, "log.2@2 >log.1@2 log@0", GAP_NONE);
	CHECK_EQUAL_INT(sse_path_stat(test_path("log.2"), &stat), 0);
	CHECK(search_knows(&asker.known, fingerprint_file(&stat)));
	CHECK_EQUAL_INT(sse_path_stat(test_path("log.1"), &stat), 0);
	CHECK(search_knows(&asker.known, fingerprint_file(&stat)));
	CHECK_EQUAL_INT(sse_path_stat(test_path("log"), &stat), 0);
	CHECK(!search_knows(&asker.known, fingerprint_file(&stat)));
	asker_done(&asker);
}

TEST(what_may_not_be_read_is_asked_for_later)
{
	struct resolve_answer answer = {.count = 77};
	struct asker asker;

	asker_init(&asker);
	append("log", "one\n");
	ask_at(&asker, "log", 4);
	if (geteuid() == 0) {
		CHECK(chown(test_directory(), 65534, 65534) == 0);
		CHECK(chown(test_path("log"), 65534, 65534) == 0);
		CHECK(setgid(65534) == 0 && setuid(65534) == 0);
	}
	CHECK(chmod(test_path("log"), 0) == 0);
	CHECK_EQUAL_INT(resolve(&asker.question, &answer), -EACCES);
	CHECK_EQUAL_INT(answer.count, 77);
	CHECK(chmod(test_path("log"), 0600) == 0);
	expect(&asker, ">log@4", GAP_NONE);
	asker_done(&asker);
}
