/*
 * What can be said of a candidate by itself, or beside another one.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "fake_search.h"

TEST(so_many_files_are_remembered_and_the_oldest_forgotten)
{
	struct search_known known = {.count = 0};

	CHECK(!search_knows(&known, 0));
	for (uint64_t i = 0; i < SEARCH_KNOWN_MAX; i++) {
		search_remember(&known, i);
		search_remember(&known, 0);
	}
	CHECK_EQUAL_INT(known.count, SEARCH_KNOWN_MAX);
	CHECK(search_knows(&known, 0));
	search_remember(&known, SEARCH_KNOWN_MAX);
	CHECK_EQUAL_INT(known.count, SEARCH_KNOWN_MAX);
	CHECK(!search_knows(&known, 0));
	CHECK(search_knows(&known, 1));
	CHECK(search_knows(&known, SEARCH_KNOWN_MAX));
}

TEST(a_birth_is_known_or_not)
{
	struct sse_file_stat stat = {.birth_ns = -1};

	CHECK(!search_is_born(&stat));
	stat.birth_ns = 0;
	CHECK(search_is_born(&stat));
	stat.birth_ns = 1999999;
	CHECK_EQUAL_INT(search_birth_ms(&stat), 1);
}

TEST(of_two_births_both_have_to_be_known)
{
	static const struct {
		const char *files;
		bool want;
	} all[] = {{"a2:0 b1:0", true}, {"a1:0 b1:0", false},
	    {"a1:0 b2:0", false}, {"a2:0 b-:0", false}, {"a-:0 b1:0", false}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct fake_search fake;

		fake_search_init(&fake, all[i].files);
		CHECK_EQUAL_INT(
		    search_born_after(&fake.candidates[0], &fake.candidates[1]),
		    all[i].want);
	}
}

/* What the follower has: the lead is b, and d it was to come to. */
TEST(a_file_is_held_behind_or_due)
{
	struct fake_search fake;
	const struct candidate *at = fake.candidates;

	fake_search_init(&fake, "a1:2 b3:4 c5:6 d7:8");
	fake_hold(&fake, "aBc");
	fake_due(&fake, "d");
	for (size_t i = 0; i < 4; i++) {
		CHECK(search_held_of(&fake.search, &at[i].stat) ==
		      (i < 3 ? fake.held[i] : NULL));
		CHECK(search_is_behind(&fake.search, &at[i].stat) == (i == 0));
		CHECK(search_is_due(&fake.search, &at[i].stat) == (i == 3));
	}
	/* What has moved is not what it was; a copy does not stay. */
	fake.files[0].copy = true;
	CHECK(!search_is_behind(&fake.search, &at[0].stat));
	CHECK(search_held_of(&fake.search, &at[0].stat) != NULL);
	fake.files[0].copy = false;
	fake.question.moved = fake.held[0];
	CHECK(!search_is_behind(&fake.search, &at[0].stat));
	CHECK(search_held_of(&fake.search, &at[0].stat) == NULL);
}

static const struct {
	const char *what, *files, *held, *known;
	int stamp_ms;
	bool want; /* of the first one, beside the last one */
} copies[] = {
    {"born later, and written to since", "a5:6 B1:7", "", "", 3, true},
    {"not since", "a5:6 B1:7", "", "", 6, false},
    {"but the file is open, and it was not met", "a5:6 B1:7", "B", "", 6, true},
    {"born first", "a1:6 B5:7", "", "", 3, false},
    {"nobody knows when", "a-:6 B1:7", "", "", 3, false},
    {"compressed", "a5:6z B1:7", "", "", 3, false},
    {"met before", "a5:6 B1:7", "", "a", 3, false},
    {"open itself", "a5:6 B1:7", "aB", "", 3, false},
};

TEST(its_age_tells_what_may_be_a_copy)
{
	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
		struct fake_search fake;

		printf("# %s\n", copies[i].what);
		fake_search_init(&fake, copies[i].files);
		fake_ask(&fake, 'b', "", copies[i].stamp_ms);
		fake_hold(&fake, copies[i].held);
		fake_know(&fake, copies[i].known);
		CHECK_EQUAL_INT(search_may_be_copy(&fake.search,
				    &fake.candidates[0], &fake.candidates[1]),
		    copies[i].want);
	}
}

/* Names in the order of what they were rotated from, and births in another. */
TEST(a_name_that_is_older_than_its_birth_is_a_copys)
{
	static const struct {
		const char *files;
		char of, want;
	} all[] = {
	    {"a1:0 b2:0 C3:0", 'a', '\0'},
	    {"a5:0 b2:0 C6:0", 'a', 'b'},
	    {"a5:0 b6:0 C3:0", 'a', 'c'},
	    {"a5:0 b2:0 C3:0", 'a', 'c'},
	    {"a5:0 b3:0 C2:0", 'a', 'b'},
	    {"a5:0 b3:0 C2:0", 'b', 'c'},
	    {"a5:0 b3:0 C2:0", 'c', '\0'},
	    {"a-:0 b3:0 C2:0", 'a', '\0'},
	    {"a5:0 b-:0 C-:0", 'a', '\0'},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct fake_search fake;
		const struct candidate *got;

		printf("# case %zu\n", i);
		fake_search_init(&fake, all[i].files);
		got = search_original_of(
		    &fake.search, fake_find(&fake, all[i].of));
		CHECK_EQUAL_INT(
		    got != NULL ? (char)got->stat.inode : '\0', all[i].want);
	}
}

/* What the writer put into a name, or another kind of it, says nothing. */
TEST(dates_of_the_writer_make_no_original)
{
	struct fake_search fake;

	fake_search_init(&fake, "a5:0 b2:0");
	CHECK(search_original_of(&fake.search, 0) != NULL);
	fake.candidates[0].rank.scheme = LOG_PATTERN;
	CHECK(search_original_of(&fake.search, 0) == NULL);
	fake.candidates[0].rank.scheme = LOG_DATED;
	fake.candidates[1].rank.scheme = LOG_DATED;
	CHECK(search_original_of(&fake.search, 0) == NULL);
	fake_search_init(&fake, "a5:0 b2:0");
	fake.candidates[1].name[0] = '\0';
	CHECK(search_original_of(&fake.search, 0) == NULL);
}

TEST(a_copy_of_what_the_log_still_has_is_being_made)
{
	static const struct {
		const char *what, *files, *due;
		bool want;
	} all[] = {
	    {"all of it", "a5:6=one/two/ B1:7=one/two/", "", true},
	    {"a part", "a5:6=one/ B1:7=one/two/", "", true},
	    {"nothing yet", "a5:6= B1:7=one/two/", "", true},
	    {"more", "a5:6=one/two/ B1:7=one/", "", false},
	    {"other lines", "a5:6=one/too/ B1:7=one/two/", "", false},
	    {"born first", "a1:6=one/ B5:7=one/two/", "", false},
	    {"due", "a5:6=one/ B1:7=one/two/", "a", false},
	    {"compressed", "a5:6z=one/ B1:7=one/two/", "", false},
	    {"no log", "a5:6=one/ b1:7=one/two/", "", false},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct fake_search fake;

		printf("# %s\n", all[i].what);
		fake_search_init(&fake, all[i].files);
		fake_due(&fake, all[i].due);
		for (int again = 0; again < 2; again++)
			CHECK_EQUAL_INT(search_is_being_copied(
					    &fake.search, &fake.candidates[0]),
			    all[i].want);
		CHECK(
		    !search_is_being_copied(&fake.search, &fake.candidates[1]));
		CHECK_EQUAL_INT(fake.search.error, 0);
		fake_search_done(&fake);
	}
}

TEST(a_prefix_is_proven_by_what_both_have)
{
	struct fake_search fake;
	const struct candidate *at = fake.candidates;

	fake_search_init(
	    &fake, "a1:2=one/ b3:4=one/two/ c5:6=two/one/ D7:8=one/two/");
	CHECK(search_is_prefix(&fake.search, &at[0], &at[1]));
	CHECK(search_is_prefix(&fake.search, &at[1], &at[3]));
	CHECK(!search_is_prefix(&fake.search, &at[1], &at[0]));
	CHECK(!search_is_prefix(&fake.search, &at[2], &at[3]));
	fake_search_done(&fake);
}

/* Of a shortage, and of the log itself, nothing is given up. */
TEST(what_could_not_be_read_is_given_up_where_that_helps)
{
	static const struct {
		int error;
		size_t unread;
		bool want;
	} all[] = {{-EIO, 0, true}, {-ESTALE, 0, true}, {-EISDIR, 0, true},
	    {-EMFILE, 0, false}, {-ENFILE, 0, false}, {-ENOMEM, 0, false},
	    {-EAGAIN, 0, false}, {RESULT_UNSETTLED, 0, false}, {-EIO, 1, false},
	    {0, 0, false}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct search_known given_up = {.count = 0};
		struct fake_search fake;
		const struct candidate *at = fake.candidates;

		printf("# error %d\n", all[i].error);
		fake_search_init(&fake, "a1:2 B3:4");
		fake.search.given_up = &given_up;
		if (all[i].error != 0) {
			search_failed(
			    &fake.search, &at[all[i].unread], all[i].error);
			/* The first one counts. */
			search_failed(&fake.search, &at[0], -EPERM);
		}
		CHECK_EQUAL_INT(search_gives_up(&fake.search), all[i].want);
		CHECK_EQUAL_INT(
		    fake.search.error, all[i].want ? 0 : all[i].error);
		CHECK_EQUAL_INT(at[0].compressed, all[i].want);
		CHECK_EQUAL_INT(
		    search_knows(&given_up, at[0].file), all[i].want);
	}
}

TEST(what_a_candidate_has_is_asked_of_its_bytes)
{
	struct fingerprint fingerprint;
	struct fake_search fake;
	const struct candidate *at = fake.candidates;

	fake_search_init(&fake, "a1:2=one/ B3:4");
	CHECK_EQUAL_INT(
	    search_load(&fake.search, at, at->fd, 4, &fingerprint), ANSWER_YES);
	CHECK_EQUAL_INT(fingerprint.offset, 4);
	CHECK_EQUAL_INT(
	    search_load(&fake.search, at, at->fd, 5, &fingerprint), ANSWER_NO);
	/* It has no descriptor: that is no error, and no answer. */
	CHECK_EQUAL_INT(search_open(&fake.search, &at[1]), RESULT_NONE);
	CHECK_EQUAL_INT(
	    search_load(&fake.search, &at[1], RESULT_NONE, 0, &fingerprint),
	    ANSWER_NONE);
	CHECK_EQUAL_INT(fake.search.error, 0);
	fake_search_done(&fake);
}
