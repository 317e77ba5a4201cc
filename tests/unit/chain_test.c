/*
 * The open files of a log: which there are, and which are kept.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_chain.h"
#include "source/chain_look.h"
#include "source/chain_resolve.h"

static struct source_options options = {.follow = true,
    .record_size_max = 1024,
    .replay_size = UINT64_MAX,
    .unwatched = true};

static void
begin(struct chain *chain)
{
	options.clock = sse_clock_system();
	CHECK_EQUAL_INT(chain_init(chain, test_path("log"), &options), 0);
}

static void
append(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* Puts so many open files, of their own, into an empty chain. */
static void
open_files(struct chain *chain, size_t count)
{
	char name[32];

	chain->open = calloc(count, sizeof(struct generation *));
	for (size_t i = 0; i < count; i++) {
		int fd;

		(void)snprintf(name, sizeof(name), "file%zu", i);
		append(name, "a\nb\n");
		fd = open(test_path(name), O_RDONLY);
		CHECK_EQUAL_INT(
		    generation_new(fd, 2, false, 1024, &chain->open[i]), 0);
	}
	chain->count = count;
	chain->lead = count - 1;
}

TEST(a_position_is_in_the_lead)
{
	struct sse_position position;
	struct fake_chain fake;

	fake_chain_init(&fake, "aBc", "");
	fake.files[1].offset = 7;
	fake.files[1].check = 9;
	fake.chain.stamp_ms = 5;
	chain_position(&fake.chain, &position);
	CHECK_EQUAL_INT(position.stamp_ms, 5);
	CHECK_EQUAL_INT(position.file, 'b');
	CHECK_EQUAL_INT(position.offset, 7);
	CHECK_EQUAL_INT(position.check, 9);
}

TEST(without_a_file_a_position_is_a_stamp)
{
	struct sse_position position;
	struct fake_chain fake;

	fake_chain_init(&fake, "", "");
	fake.chain.stamp_ms = 5;
	CHECK(chain_is_nothing(&fake.chain));
	chain_position(&fake.chain, &position);
	CHECK_EQUAL_INT(position.stamp_ms, 5);
	CHECK_EQUAL_INT(position.file, 0);
	CHECK_EQUAL_INT(position.offset, 0);
}

TEST(a_file_is_found_by_what_it_is)
{
	struct sse_file_stat b = fake_stat('b'), c = fake_stat('c');
	struct fake_chain fake;

	fake_chain_init(&fake, "aB", "c");
	CHECK(chain_find(&fake.chain, &b) == &fake.files[1]);
	CHECK(!chain_is_due(&fake.chain, &b));
	CHECK(chain_find(&fake.chain, &c) == NULL);
	CHECK(chain_is_due(&fake.chain, &c));
	/* Another file has got the number since. */
	b.birth_ns++;
	CHECK(chain_find(&fake.chain, &b) == NULL);
}

TEST(unread_is_what_the_lead_and_newer_files_have)
{
	struct fake_chain fake;

	fake_chain_init(&fake, "aBc", "de");
	for (size_t i = 0; i < 3; i++) {
		fake.files[i].evidence.offset = 3;
		fake.files[i].stat.size = 10;
	}
	fake.due[0].size = 100;
	fake.due[1].size = 1000;
	CHECK_EQUAL_INT(chain_due_size(&fake.chain), 1100);
	CHECK_EQUAL_INT(chain_unread_size(&fake.chain), 1114);
	/* One that has become shorter has nothing. */
	fake.files[2].stat.size = 2;
	CHECK_EQUAL_INT(chain_unread_size(&fake.chain), 1107);
}

TEST(a_few_old_files_are_kept_and_the_others_remembered)
{
	struct chain chain;
	uint64_t oldest, kept;

	begin(&chain);
	open_files(&chain, CHAIN_BEHIND_MAX + 4);
	oldest = evidence_file(&chain.open[0]->stat);
	kept = evidence_file(&chain.open[3]->stat);
	chain_close_old(&chain);
	CHECK_EQUAL_INT(chain.count, CHAIN_BEHIND_MAX + 1);
	CHECK_EQUAL_INT(chain.lead, CHAIN_BEHIND_MAX);
	CHECK(search_knows(&chain.known, oldest));
	CHECK(!search_knows(&chain.known, kept));
	CHECK_EQUAL_INT(evidence_file(&chain.open[0]->stat), kept);
	chain_done(&chain);
}

TEST(a_copy_that_was_read_is_not_kept)
{
	struct chain chain;
	uint64_t copy;

	begin(&chain);
	open_files(&chain, 3);
	chain.open[1]->copy = true;
	copy = evidence_file(&chain.open[1]->stat);
	chain_close_old(&chain);
	CHECK_EQUAL_INT(chain.count, 2);
	CHECK_EQUAL_INT(chain.lead, 1);
	CHECK(chain.copy == copy);
	CHECK(search_knows(&chain.known, copy));
	chain_done(&chain);
}

TEST(a_look_opens_what_is_new_and_says_so_once)
{
	struct chain chain;
	uint64_t changes;

	begin(&chain);
	CHECK_EQUAL_INT(chain_look(&chain), 0);
	CHECK(chain_is_nothing(&chain));
	append("log", "a\n");
	CHECK_EQUAL_INT(chain_look(&chain), 0);
	CHECK_EQUAL_INT(chain.count, 1);
	CHECK(chain.appeared);
	changes = chain.changes;
	CHECK_EQUAL_INT(chain_look(&chain), 0);
	CHECK_EQUAL_INT(chain.changes, changes);
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	CHECK_EQUAL_INT(chain_look(&chain), 0);
	CHECK(!chain.open[0]->current);
	append("log", "b\n");
	CHECK_EQUAL_INT(chain_look(&chain), 0);
	CHECK_EQUAL_INT(chain.count, 2);
	CHECK_EQUAL_INT(chain.lead, 0);
	CHECK(chain.open[1]->current);
	CHECK_EQUAL_INT(chain.gaps.count, 0);
	chain_done(&chain);
}

TEST(a_file_behind_that_has_changed_is_closed_and_told)
{
	struct chain chain;
	struct gap gap;

	begin(&chain);
	open_files(&chain, 3);
	CHECK_EQUAL_INT(chain_moved(&chain, 0), 0);
	CHECK_EQUAL_INT(chain.count, 2);
	CHECK_EQUAL_INT(chain.lead, 1);
	CHECK(gap_queue_take(&chain.gaps, &gap));
	CHECK_EQUAL_INT(gap.reason, GAP_TRUNCATED);
	/* One that is no file any more, and was read to its end, is no loss. */
	chain.open[0]->at_end = true;
	CHECK_EQUAL_INT(chain_gone(&chain, 0), 0);
	CHECK_EQUAL_INT(chain.count, 1);
	CHECK(!gap_queue_take(&chain.gaps, &gap));
	chain_done(&chain);
}

TEST(what_is_no_regular_file_is_no_log)
{
	struct chain chain;

	begin(&chain);
	CHECK_EQUAL_INT(chain_check_path(&chain), 0);
	CHECK(symlink("/dev/null", test_path("log")) == 0);
	CHECK_EQUAL_INT(chain_look(&chain), RESULT_WRONG_KIND);
	CHECK_EQUAL_INT(chain_check_path(&chain), RESULT_WRONG_KIND);
	chain_done(&chain);
}

TEST(names_that_are_none_make_no_chain)
{
	struct chain chain;

	options.clock = sse_clock_system();
	options.generations = "none app.%i";
	CHECK_EQUAL_INT(
	    chain_init(&chain, test_path("log"), &options), -EINVAL);
}
