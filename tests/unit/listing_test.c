/*
 * The names beside a log that are its own, and where the log is.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/listing.h"

#define NOW_MS INT64_C(1795773600000) /* 2026-11-27 10:00 UTC */

/* Modified at that second. */
static void
make_at(const char *name, time_t modified)
{
	const struct timespec times[2] = {{modified, 0}, {modified, 0}};
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	close(fd);
	CHECK(utimensat(AT_FDCWD, test_path(name), times, 0) == 0);
}

/*
 * "a", "a/" for a folder, "a>b" for a link: with blanks between, in a folder
 * of their own.
 */
static void
make_all(const char *folder, const char *told)
{
	char words[400], name[500], *rest = words;
	time_t modified = 1000;
	const char *word;

	CHECK(mkdir(test_path(folder), 0700) == 0);
	(void)snprintf(words, sizeof(words), "%s", told);
	while ((word = strsep(&rest, " ")) != NULL) {
		char *arrow = strchr(word, '>');
		size_t size = strlen(word);

		if (arrow != NULL)
			*arrow = '\0';
		(void)snprintf(name, sizeof(name), "%s/%s", folder, word);
		if (arrow != NULL)
			CHECK(symlink(arrow + 1, test_path(name)) == 0);
		else if (word[size - 1] == '/')
			CHECK(mkdir(test_path(name), 0700) == 0);
		else
			make_at(name, modified++);
	}
}

static int
open_listing(struct listing *listing, struct log_names **names,
    const char *source, const char *generations)
{
	char path[600];
	int error;

	(void)snprintf(path, sizeof(path), "%s/%s", test_directory(), source);
	CHECK_EQUAL_INT(log_names_new(path, generations, names), 0);
	error = listing_open(listing, *names, NULL, NOW_MS);
	if (error != 0)
		log_names_free(*names);
	return error;
}

/* The entries, oldest first as they are given; a current file behind "=". */
static void
say(const struct snapshot *entries, char *text, size_t size)
{
	*text = '\0';
	for (size_t i = 0; i < entries->count; i++)
		(void)snprintf(text + strlen(text), size - strlen(text),
		    "%s%s%.40s", i > 0 ? " " : "",
		    entries->candidates[i].current ? "=" : "",
		    entries->candidates[i].name);
}

static void
check_taken(bool look_at_all, const char *source, const char *generations,
    const char *want)
{
	struct snapshot entries = {0};
	struct log_names *names;
	struct listing listing;
	char got[8192];

	CHECK_EQUAL_INT(open_listing(&listing, &names, source, generations), 0);
	CHECK_EQUAL_INT(listing_refresh(&listing), 0);
	CHECK_EQUAL_INT(listing_take(&listing, look_at_all, &entries), 0);
	say(&entries, got, sizeof(got));
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(want));
	for (size_t i = 0; i < entries.count; i++) {
		CHECK_EQUAL_INT(entries.candidates[i].fd, -1);
		CHECK(!look_at_all || entries.candidates[i].stat.mode != 0);
	}
	snapshot_done(&entries);
	listing_close(&listing);
	log_names_free(names);
}

static const struct {
	const char *files, *source, *generations, *want;
} listings[] = {
    {"log", "log", NULL, "=log"},
    {"other", "log", NULL, ""},
    {"log log.1 log.2 log.x log2", "log", NULL, "log.2 log.1 =log"},
    {"log.1 log.2.gz", "log", NULL, "log.2.gz log.1"},
    {"log log.1 old-3 old-2", "log", "old-%i", "old-3 old-2 =log"},
    {"log log.1", "log", "none", "=log"},
    {"log old/ old/log.2 old/log.1 log.3", "log", "old/log.%i",
	"old/log.2 old/log.1 =log"},
    /* Where the log leads is where its names are. */
    {"d/ d/real d/real.1 log.1 log>d/real", "log", NULL, "real.1 =real"},
    {"d/ d/real.1 log.1 log>d/real", "log", NULL, "log.1"},
    {"app-2026-11-25.log app-2026-11-26.log", "app-%Y-%m-%d.log", NULL,
	"app-2026-11-25.log =app-2026-11-26.log"},
};

TEST(its_names_are_given_and_the_log_last)
{
	for (size_t i = 0; i < sizeof(listings) / sizeof(listings[0]); i++) {
		char folder[20], source[60];

		printf("# %s\n", listings[i].files);
		(void)snprintf(folder, sizeof(folder), "%zu", i);
		(void)snprintf(source, sizeof(source), "%s/%s", folder,
		    listings[i].source);
		make_all(folder, listings[i].files);
		check_taken(
		    true, source, listings[i].generations, listings[i].want);
		check_taken(
		    false, source, listings[i].generations, listings[i].want);
	}
}

/* Who looks at all finds what is none. */
TEST(what_is_no_file_is_none_where_it_is_looked_at)
{
	make_all("a", "log log.1 log.3");
	CHECK(mkfifo(test_path("a/log.2"), 0600) == 0);
	check_taken(true, "a/log", NULL, "log.3 log.1 =log");
	check_taken(false, "a/log", NULL, "log.3 log.2 log.1 =log");
	make_all("b", "log/ log.1");
	check_taken(true, "b/log", NULL, "log.1");
}

TEST(numbers_say_nothing_beside_a_stranger)
{
	make_all("a", "3.log 2.log log>3.log");
	CHECK_EQUAL_INT(rename(test_path("a/log"), test_path("log")), 0);
	CHECK_EQUAL_INT(unlink(test_path("log")), 0);
	CHECK_EQUAL_INT(symlink("a/3.log", test_path("log")), 0);
	check_taken(true, "log", NULL, "2.log =3.log");
	make_at("a/other", 1);
	check_taken(true, "log", NULL, "=3.log");
}

/* Of each kind the newest by name; between them, the newest by time. */
TEST(of_too_many_the_newest_are_given)
{
	struct snapshot entries = {0};
	struct log_names *names;
	struct listing listing;
	char name[40];

	make_all("a", "log");
	for (int i = 1; i <= NAME_SET_WANTED + 5; i++) {
		(void)snprintf(name, sizeof(name), "a/log.%d", i);
		make_at(name, 1000 - i);
	}
	for (int i = 0; i < 10; i++) {
		(void)snprintf(name, sizeof(name), "a/log-2026112%d", i);
		make_at(name, 2000 + i);
	}
	CHECK_EQUAL_INT(open_listing(&listing, &names, "a/log", NULL), 0);
	CHECK_EQUAL_INT(listing_refresh(&listing), 0);
	CHECK_EQUAL_INT(listing_take(&listing, false, &entries), 0);
	CHECK_EQUAL_INT(entries.count, SNAPSHOT_CANDIDATES_MAX + 1);
	for (size_t i = 0; i < entries.count; i++)
		CHECK(entries.candidates[i].current ||
		      entries.candidates[i].stat.mtime_ms >=
			  (1000 - NAME_SET_WANTED + 10) * 1000);
	snapshot_done(&entries);
	listing_close(&listing);
	log_names_free(names);
}

/* The newest date is none that is to come, however many of these there are. */
TEST(very_many_dates_to_come_hide_no_log)
{
	char name[NAME_MAX + 1];
	struct log_names *names;

	make_all("a", "log.2001-01-01 log.2001-01-02");
	for (int i = 0; i < 2 * NAME_SET_KEPT; i++) {
		(void)snprintf(name, sizeof(name), "a/log.%d-01-01", 3000 + i);
		make_at(name, 1000);
	}
	CHECK_EQUAL_INT(
	    log_names_new(test_path("a/log.%Y-%m-%d"), NULL, &names), 0);
	CHECK_EQUAL_INT(listing_find_current(names, NULL, NOW_MS, name), 0);
	CHECK_EQUAL_TEXT(sse_slice(name), SLICE("log.2001-01-02"));
	log_names_free(names);
}

/* In whatever order the folder has them, with others between, and packed. */
TEST(of_very_many_dates_the_newest_are_given)
{
	static const char *const sources[] = {"a/log", "a/log.%Y-%m-%d"};

	make_all("a", "log log.1999-99-99 log.2999-01-00 log.2020-01-01.gz");
	for (int i = 0; i < NAME_SET_KEPT + 60; i++) {
		int day = i * 211 % (NAME_SET_KEPT + 60);
		char name[40];

		(void)snprintf(name, sizeof(name), "a/log.20%02d-%02d-%02d",
		    day / 144, 1 + day / 12 % 12, 1 + day % 12);
		make_at(name, 1000);
	}
	for (size_t i = 0; i < 2; i++) {
		const char *generations = i == 0 ? "log.%Y-%m-%d" : NULL;
		struct log_names *names;
		struct listing listing;
		const struct name_kind *kind;

		CHECK_EQUAL_INT(
		    open_listing(&listing, &names, sources[i], generations), 0);
		CHECK_EQUAL_INT(listing_refresh(&listing), 0);
		CHECK_EQUAL_INT(listing.cache->set.kinds_count, 1);
		kind = listing.cache->set.kinds[0];
		CHECK_EQUAL_INT(kind->count, NAME_SET_KEPT);
		CHECK_EQUAL_TEXT(sse_slice(kind->names[kind->count - 1]->name),
		    SLICE("log.2020-01-01.gz"));
		CHECK_EQUAL_TEXT(sse_slice(kind->names[kind->count - 2]->name),
		    SLICE("log.2002-03-04"));
		CHECK_EQUAL_TEXT(
		    sse_slice(kind->names[0]->name), SLICE("log.2000-06-02"));
		listing_close(&listing);
		log_names_free(names);
	}
}

TEST(a_path_that_cannot_be_passed_is_an_error)
{
	static char name[NAME_MAX + 20];
	const struct {
		const char *source;
		int want;
	} all[] = {{"a/log", 0}, {"none/log", -ENOENT}, {"a/log/log", -ENOTDIR},
	    {name, -ENAMETOOLONG}, {"loop", -ELOOP}};

	make_all("a", "log");
	CHECK(symlink("loop", test_path("loop")) == 0);
	(void)snprintf(name, sizeof(name), "a/%0*d", NAME_MAX + 1, 0);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct log_names *names;
		struct listing listing;
		int error = open_listing(&listing, &names, all[i].source, NULL);

		printf("# %s\n", all[i].source);
		CHECK_EQUAL_INT(error, all[i].want);
		if (error != 0)
			continue;
		listing_close(&listing);
		log_names_free(names);
	}
}

TEST(names_that_come_or_go_are_counted)
{
	struct log_names *names;
	struct listing listing;
	uint64_t before;

	make_all("a", "log");
	CHECK_EQUAL_INT(open_listing(&listing, &names, "a/log", NULL), 0);
	CHECK_EQUAL_INT(listing_refresh(&listing), 0);
	before = listing_changes(&listing);
	CHECK(before != 0);
	make_at("a/log.1", 1);
	CHECK_EQUAL_INT(listing_refresh(&listing), 0);
	CHECK(listing_changes(&listing) > before);
	listing_close(&listing);
	log_names_free(names);
}

TEST(of_dates_the_newest_that_is_due_is_current)
{
	static const struct {
		const char *files, *want;
	} all[] = {
	    {"app-2026-11-26.log app-2026-11-25.log", "app-2026-11-26.log"},
	    {"app-2026-11-25.log app-2026-11-26.log.gz", "app-2026-11-25.log"},
	    {"app-2026-11-26.log app-2027-11-25.log", "app-2026-11-26.log"},
	    {"app-2026-11-26.log/ app-2026-11-25.log", "app-2026-11-25.log"},
	    {"app-2026-11-26.txt other", ""},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct log_names *names;
		char folder[20], source[60], got[NAME_MAX + 1] = "before";

		printf("# %s\n", all[i].files);
		(void)snprintf(folder, sizeof(folder), "%zu", i);
		(void)snprintf(
		    source, sizeof(source), "%s/app-%%Y-%%m-%%d.log", folder);
		make_all(folder, all[i].files);
		CHECK_EQUAL_INT(
		    log_names_new(test_path(source), NULL, &names), 0);
		CHECK_EQUAL_INT(
		    listing_find_current(names, NULL, NOW_MS, got), 0);
		CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(all[i].want));
		log_names_free(names);
	}
}

/* Though files of another form, as many as are taken, were modified later. */
TEST(of_dates_the_newest_is_current_whenever_it_was_modified)
{
	char folder[20], source[60], name[60], got[NAME_MAX + 1];

	for (unsigned dates_first = 0; dates_first < 2; dates_first++) {
		struct log_names *names;

		(void)snprintf(folder, sizeof(folder), "%u", dates_first);
		(void)snprintf(
		    source, sizeof(source), "%s/app-%%Y-%%m-%%d.log", folder);
		make_all(folder, dates_first ? "app-2026-11-26.log" : "old.1");
		for (int i = 1; i <= NAME_SET_WANTED; i++) {
			(void)snprintf(
			    name, sizeof(name), "%s/old.%d", folder, i);
			make_at(name, 2000 + i);
		}
		(void)snprintf(
		    name, sizeof(name), "%s/app-2026-11-26.log", folder);
		make_at(name, 1000);
		CHECK_EQUAL_INT(
		    log_names_new(test_path(source), "old.%i", &names), 0);
		CHECK_EQUAL_INT(
		    listing_find_current(names, NULL, NOW_MS, got), 0);
		CHECK_EQUAL_TEXT(sse_slice(got), SLICE("app-2026-11-26.log"));
		log_names_free(names);
	}
}
