/*
 * Where a reader begins in a log that has no position yet.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "file_source.h"
#include "log_sets.h"
#include "source/listing_cache.h"
#include "source/log_set_resolve.h"

#define GENERATIONS 12
#define OTHERS 5000 /* names in the folder: more than one step reads */

/* The names are not known any more when this is to be forgotten. */
static struct listing_cache *forgotten;

int __real_log_set_go_on(struct log_set *set);
int __wrap_log_set_go_on(struct log_set *set);

int
__wrap_log_set_go_on(struct log_set *set)
{
	if (forgotten != NULL) {
		forgotten->is_kept = false;
		forgotten->stepped_ms = 0;
	}
	forgotten = NULL;
	return __real_log_set_go_on(set);
}

struct start_case {
	uint64_t records;
	enum gap_reason gap;
	uint64_t replay_size;
	const char *offsets; /* of the open files; the lead's behind ">" */
	const char *gaps;
};

/* In a log of "aa bb", and before it one of "cc dd". */
static const struct start_case cases[] = {
    {SOURCE_RECORDS_ALL, GAP_NONE, UINT64_MAX, "6 >0", ""},
    {0, GAP_NONE, UINT64_MAX, "6 >6", ""},
    {1, GAP_NONE, UINT64_MAX, "6 >3", ""},
    {2, GAP_NONE, UINT64_MAX, "6 >0", ""},
    {3, GAP_NONE, UINT64_MAX, ">3 0", ""},
    {9, GAP_NONE, UINT64_MAX, ">0 0", ""},
    {1, GAP_UNKNOWN, UINT64_MAX, "6 >3", "unknown"},
    /* replay limits both */
    {9, GAP_NONE, 3, "6 >3", ""},
    {SOURCE_RECORDS_ALL, GAP_NONE, 3, "6 >3", "limit"},
    {SOURCE_RECORDS_ALL, GAP_UNKNOWN, 4, "6 >3", "unknown limit"},
    {SOURCE_RECORDS_ALL, GAP_NONE, 6, "6 >0", ""},
    {SOURCE_RECORDS_ALL, GAP_NONE, 0, "6 >6", "limit"},
};

TEST(a_reader_without_a_position_begins_with_the_newest_records)
{
	append("log.1", "cc\ndd\n");
	append("log", "aa\nbb\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct source_start start = {
		    .records = cases[i].records, .gap = cases[i].gap};
		struct log_set set;

		printf("# case %zu\n", i);
		options.replay_size = cases[i].replay_size;
		begin(&set);
		CHECK_EQUAL_INT(start_at_once(&set, &start), 0);
		check_offsets(&set, cases[i].offsets);
		check_gaps(&set, cases[i].gaps);
		log_set_done(&set);
	}
}

/* Behind the first line of the oldest file. */
static struct source_position
old_position(void)
{
	int fd = open(test_path("log.12"), O_RDONLY);
	struct fingerprint fingerprint;
	struct sse_file_stat stat;

	CHECK_EQUAL_INT(sse_fd_stat(fd, &stat), 0);
	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, 3), 0);
	close(fd);
	return sse_position_pack(&(struct sse_position){
	    .stamp_ms = (uint64_t)stat.mtime_ms,
	    .file = fingerprint_file(&stat),
	    .offset = 3,
	    .check = fingerprint_check(&fingerprint),
	});
}

/* The folder is read in steps while files that are due are passed over. */
TEST(a_start_whose_names_are_lost_on_the_way_begins_anew)
{
	struct listing_cache *listing;
	struct inotify *inotify = inotify_new();
	char name[32], text[16];

	for (int i = 0; i < OTHERS; i++) {
		(void)snprintf(name, sizeof(name), "other.%d", i);
		append(name, "");
	}
	for (int i = GENERATIONS; i > 0; i--) {
		(void)snprintf(name, sizeof(name), "log.%d", i);
		(void)snprintf(text, sizeof(text), "%02d\nbb\n", i);
		append(name, text);
	}
	append("log", "cc\n");
	CHECK_EQUAL_INT(
	    listing_cache_new(test_path("log"), NULL, inotify, &listing), 0);
	options.shared =
	    &(struct source_shared){.ops = &file_ops, .context = listing};
	options.replay_size = 5;
	for (int i = 0; i < 2; i++) {
		const struct source_position position = old_position();
		const struct source_start start = {.position = &position};
		struct log_set set;
		struct gap gap;

		printf("# %s\n", i == 0 ? "as they are" : "lost");
		forgotten = i == 0 ? NULL : listing;
		begin(&set);
		CHECK_EQUAL_INT(start_at_once(&set, &start), 0);
		CHECK(forgotten == NULL);
		CHECK(set.open[set.count - 1]->current);
		CHECK(gap_queue_take(&set.gaps, &gap));
		CHECK_EQUAL_INT(gap.reason, GAP_LIMIT);
		CHECK_EQUAL_INT(gap.skipped, 3 + (GENERATIONS - 1) * 6);
		CHECK_EQUAL_INT(set.lead, GENERATIONS - 1);
		CHECK_EQUAL_INT(position_of(&set).offset, 6);
		check_gaps(&set, "");
		log_set_done(&set);
	}
	options.shared = NULL;
	listing_cache_free(listing);
	inotify_free(inotify);
}
