/*
 * What the candidates of a search mean, once it is known which is the base.
 */
#include "config.h"

#include "test.h"

#include "fake_search.h"
#include "source/judge.h"

/* What is seen of each part; in upper case, a gap comes before it. */
static const char parts[] = {[PART_NONE] = '-',
    [PART_SAME] = '=',
    [PART_COPY] = 'c',
    [PART_MOVED] = 'm',
    [PART_WEAK] = 'w',
    [PART_FRESH] = 'f',
    [PART_NEXT] = 'n',
    [PART_DUE] = 'd',
    [PART_BEHIND] = 'b'};

struct judged {
	const char *what;
	const char *files;
	enum search_part part; /* of the base; PART_NONE: there is none */
	char base;
	char file; /* of the position; 'q': of none of them */
	int stamp_ms;
	const char *held; /* by the follower; NULL: nothing */
	const char *due;
	bool there, missed, vanished;
	const char *want; /* a letter for each candidate */
	enum gap_reason gap;
};

static void
check(const struct judged *one)
{
	struct fake_search fake;
	char got[FAKE_CANDIDATES_MAX + 1] = "";

	printf("# %s\n", one->what);
	fake_search_init(&fake, one->files);
	fake_ask(&fake, one->file, "a/b/", one->stamp_ms);
	fake_hold(&fake, one->held != NULL ? one->held : "");
	fake_due(&fake, one->due != NULL ? one->due : "");
	fake.search.part = one->part;
	if (one->part != PART_NONE)
		fake.search.base = fake_find(&fake, one->base);
	fake.search.there = one->there;
	fake.search.missed = one->missed;
	fake.search.vanished = one->vanished;
	judge(&fake.search);
	for (size_t i = 0;
	     fake.search.base != SIZE_MAX && i < fake.search.snapshot.count;
	     i++) {
		got[i] = parts[judge_part(&fake.search, i)];
		if (fake.candidates[i].gap != GAP_NONE)
			got[i] = (char)(got[i] - 'a' + 'A');
	}
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(one->want));
	CHECK_EQUAL_INT(fake.search.gap, one->gap);
	fake_search_done(&fake);
}

static void
check_all(const struct judged *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(&all[i]);
}

#define CHECK_ALL(all) check_all(all, sizeof(all) / sizeof((all)[0]))

#define THREE "a10:20 b30:40 C50:60"

TEST(what_is_newer_than_the_base_is_read_and_older_is_kept)
{
	static const struct judged all[] = {
	    {"the newest", THREE, PART_SAME, 'c', 'c', 45, .want = "bb="},
	    {"the oldest", THREE, PART_SAME, 'a', 'a', 20, .want = "=nn"},
	    {"between", THREE, PART_SAME, 'b', 'b', 25, .want = "b=n"},
	    {"a moved one", THREE, PART_MOVED, 'b', 'q', 25, .want = "bmn"},
	    {"without a birth", "a-:20 B30:40", PART_SAME, 'b', 'b', 25,
		.want = "-="},
	    {"born after the log", "a50:20 B30:40", PART_SAME, 'b', 'b', 25,
		.want = "-="},
	    {"a compressed one", "a1:2z B3:4", PART_SAME, 'b', 'b', 3,
		.want = "-="},
	    {"a copy of the log", "a10:20 b70:80k C50:90", PART_SAME, 'a', 'a',
		20, .want = "=-n"},
	    {"ten of them",
		"a1:2 b2:3 c3:4 d4:5 e5:6 f6:7 g7:8 h8:9 i9:10 J10:11",
		PART_SAME, 'j', 'j', 10, .want = "-bbbbbbbb="},
	};

	CHECK_ALL(all);
}

TEST(a_position_that_nothing_holds_begins_with_what_is_unseen)
{
	static const struct judged all[] = {
	    {"rotated", THREE, .file = 'q', .stamp_ms = 25, .want = "bfn",
		.gap = GAP_ROTATED},
	    {"all were seen, but the log", THREE, .file = 'q', .stamp_ms = 99,
		.want = "bbf", .gap = GAP_ROTATED},
	    {"its own was begun anew", THREE, .file = 'b', .stamp_ms = 99,
		.there = true, .want = "bfn", .gap = GAP_TRUNCATED},
	    {"shorter than it was", "a50:60 C70:80=x/", .file = 'q',
		.stamp_ms = 25, .there = true, .want = "-f",
		.gap = GAP_TRUNCATED},
	    {"as long as it was", "a50:60=x/y/ C70:80", .file = 'q',
		.stamp_ms = 25, .there = true, .want = "fn",
		.gap = GAP_TRUNCATED},
	    {"born at the stamp", "a25:60 C70:80", .file = 'q', .stamp_ms = 25,
		.want = "-f", .gap = GAP_ROTATED},
	    {"modified at it, and born later", "a31:30 C70:80", .file = 'q',
		.stamp_ms = 30, .want = "fn", .gap = GAP_ROTATED},
	    {"and modified at it", "a30:30 b30:29 C70:80", .file = 'q',
		.stamp_ms = 30, .want = "bbf", .gap = GAP_ROTATED},
	    {"unsure, and alike for all that is known", "a50:60u C70:80",
		.file = 'q', .stamp_ms = 25, .want = "-f", .gap = GAP_ROTATED},
	    {"a copy of the log", "a70:80k C50:60", .file = 'q', .stamp_ms = 25,
		.want = "-f", .gap = GAP_ROTATED},
	    {"out of reach", "a50:60z C70:80", .file = 'q', .stamp_ms = 25,
		.want = "-f", .gap = GAP_ROTATED},
	    {"there was no log", THREE, .file = '0', .want = "fnn"},
	    {"nor is there one", "", .file = '0', .want = ""},
	    {"nothing is left", "", .file = 'q', .stamp_ms = 25, .want = "",
		.gap = GAP_ROTATED},
	    {"nothing certain is", "a10:20 b-:90", .file = 'q', .stamp_ms = 25,
		.want = "", .gap = GAP_ROTATED},
	};

	CHECK_ALL(all);
}

TEST(an_older_file_that_has_grown_is_late)
{
	static const struct judged all[] = {
	    {"grown", "a10:50 B30:40", PART_SAME, 'b', 'b', 40,
		.want = "b=", .gap = GAP_LATE},
	    {"at the stamp", "a10:40 B30:40", PART_SAME, 'b', 'b', 40,
		.want = "b="},
	    {"compressed since", "a10:50z B30:40", PART_SAME, 'b', 'b', 40,
		.want = "-=", .gap = GAP_LATE},
	    {"born since: a copy", "a45:50 B42:60", PART_SAME, 'b', 'b', 40,
		.want = "-="},
	    {"without a birth", "a-:50 B30:60", PART_SAME, 'b', 'b', 40,
		.want = "-=", .gap = GAP_LATE},
	    {"read by the follower", "a10:50 B30:40", PART_SAME, 'b', 'b', 40,
		.held = "aB", .want = "-="},
	    {"of a position of nothing", "a10:50 B30:40", PART_SAME, 'b', '0',
		0, .want = "-="},
	    {"what is weak is unknown first", "a10:50 B30:40", PART_WEAK, 'b',
		'b', 40, .want = "-w", .gap = GAP_UNKNOWN},
	    {"beside the file of which the base is a copy",
		"a42:50 b60:70 C45:80", PART_COPY, 'b', 'c', 40, .want = "bcn",
		.gap = GAP_LATE},
	};

	CHECK_ALL(all);
}

TEST(newer_files_are_opened_a_few_at_a_time)
{
	static const struct judged all[] = {
	    {"six of them", "a1:2 b2:3 c3:4 d4:5 e5:6 f6:7 G7:8", PART_SAME,
		'a', 'a', 2, .want = "=nnnndd"},
	    {"up to what the follower has open",
		"a1:2 b2:3 c3:4 d4:5 e5:6 f6:7 G7:8", PART_SAME, 'a', 'a', 2,
		.held = "Af", .want = "=nnnnnd"},
	    {"up to one that is unsure", "a1:2 b2:3 c3:4 d4:5 e5:6 f6:7u G7:8",
		PART_SAME, 'a', 'a', 2, .want = "=nnnnnd"},
	    {"what is out of reach is none",
		"a1:2 b2:3 c3:4z d4:5 e5:6 f6:7 G7:8", PART_SAME, 'a', 'a', 2,
		.want = "=n-nnnd", .gap = GAP_ROTATED},
	    {"out of reach among those that are due",
		"a1:2 b2:3 c3:4 d4:5 e5:6 f6:7z G7:8", PART_SAME, 'a', 'a', 2,
		.want = "=nnnn-d"},
	};

	CHECK_ALL(all);
}

TEST(what_has_gone_is_told_where_it_was)
{
	static const struct judged all[] = {
	    {"before one that is read", "a1:2 b2:3g C3:4", PART_SAME, 'a', 'a',
		2, .due = "bc", .want = "=-N"},
	    {"once, and before the next one", "a1:2 b2:3g c3:4 D4:5", PART_SAME,
		'a', 'a', 2, .due = "bc", .want = "=-Nn"},
	    {"behind all that are read", "a1:2 b2:3 c3:4g", PART_SAME, 'a', 'a',
		2, .due = "bc", .want = "=nd"},
	    {"and nothing is read", "a1:2 b2:3g", PART_SAME, 'a', 'a', 2,
		.due = "b", .want = "=-", .gap = GAP_ROTATED},
	    {"not read to its end", "A1:2", PART_SAME, 'a', 'a', 2,
		.missed = true, .want = "=", .gap = GAP_ROTATED},
	    {"but a copy has the rest", "A1:2", PART_MOVED, 'a', 'q', 2,
		.missed = true, .want = "m"},
	    {"the log was there before the snapshot", "A1:2", PART_SAME, 'a',
		'a', 2, .vanished = true, .want = "=", .gap = GAP_ROTATED},
	    {"the log itself is waited for", "a1:2 B3:4x", PART_SAME, 'a', 'a',
		2, .want = "=-"},
	};

	CHECK_ALL(all);
}

/* A short copy of what was read is no news; another beginning is. */
TEST(what_is_unsure_is_unseen_where_it_begins_otherwise)
{
	static const struct {
		const char *files, *want;
	} all[] = {
	    {"a50:60u=a/ C70:80=z/", "-f"},
	    {"a50:60u=b/ C70:80=z/", "fn"},
	    {"a50:60u= C70:80=z/", "-f"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct fake_search fake;
		struct log_file reading = {.fd = -1};
		int fd = fake_open("reading", "a/b/", 4);

		CHECK_EQUAL_INT(
		    fingerprint_load(&reading.fingerprint, fd, 4), 0);
		close(fd);
		fake_search_init(&fake, all[i].files);
		fake_ask(&fake, 'q', "a/b/", 25);
		fake.question.reading = &reading;
		judge(&fake.search);
		for (size_t j = 0; j < 2; j++)
			CHECK_EQUAL_INT(
			    parts[judge_part(&fake.search, j)], all[i].want[j]);
		fake_search_done(&fake);
	}
}

/* Where the base is a copy, so may be what stands between it and its file. */
TEST(a_copy_is_told_from_what_it_was_made_of)
{
	static const struct {
		const char *files;
		enum search_part part; /* of a, the base */
		char file;             /* of the position */
		/* Each: t a copy too, o the original, c of another one. */
		const char *want;
	} all[] = {
	    {"a5:6 b6:7 C1:8", PART_COPY, 'c', "tto"},
	    {"a5:6 C1:8", PART_COPY, 'c', "to"},
	    {"a5:6 b6:7u C1:8", PART_COPY, 'c', "too"},
	    {"a5:6 b1:7 c8:9 D9:9", PART_COPY, 'b', "to--"},
	    {"a5:6 b6:7 C1:8", PART_SAME, 'a', "cc-"},
	    {"a1:2 b3:4 C5:6", PART_SAME, 'a', "---"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct fake_search fake;
		char got[FAKE_CANDIDATES_MAX + 1] = "";

		printf("# case %zu\n", i);
		fake_search_init(&fake, all[i].files);
		fake_ask(&fake, all[i].file, "", 3);
		fake.search.base = 0;
		fake.search.part = all[i].part;
		for (size_t j = 0; j < fake.search.snapshot.count; j++) {
			bool too = judge_is_copy_too(&fake.search, j);

			got[j] = too ? 't'
				 : judge_is_up_to_original(&fake.search, j)
				     ? 'o'
				 : judge_is_copy(&fake.search, j) ? 'c'
								  : '-';
			CHECK(!too || judge_is_copy(&fake.search, j));
		}
		CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(all[i].want));
	}
}
