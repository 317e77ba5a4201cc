/*
 * A folder with very many names that sort: which of them are kept, and how many
 * are read for that, in whatever order it lists them.
 */
#include "config.h"

#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "fdio.h"
#include "base/result.h"
#include "source/listing_cache.h"

#define NAMES 20000u /* one for each day, from 1970 on */
#define BLOCK 100u
#define PATTERN "log.%Y-%m-%d"

/* The folder: which day each of its names has. */
static unsigned (*day_of)(unsigned i);
static unsigned listed;

static unsigned looks; /* at names, for what they say */

int __wrap_folder_begin(int fd);
ssize_t __wrap_getdents64(int fd, void *bytes, size_t size);
bool __real_log_names_rank(const struct log_names *names,
    const struct log_base *base, size_t folder, const char *name,
    struct log_rank *ret_rank);
bool __wrap_log_names_rank(const struct log_names *names,
    const struct log_base *base, size_t folder, const char *name,
    struct log_rank *ret_rank);

static void
print_name(unsigned day, char name[NAME_MAX + 1])
{
	time_t seconds = (time_t)day * 86400;
	struct tm tm;

	CHECK(gmtime_r(&seconds, &tm) != NULL);
	CHECK(strftime(name, NAME_MAX + 1, PATTERN, &tm) > 0);
}

int
__wrap_folder_begin(int fd)
{
	(void)fd;
	listed = 0;
	return 0;
}

/* As the kernel does: whole entries, each at a multiple of 8. */
ssize_t
__wrap_getdents64(int fd, void *bytes, size_t size)
{
	size_t used = 0;

	(void)fd;
	for (; listed < NAMES; listed++) {
		struct dirent64 *entry = (void *)((char *)bytes + used);
		char name[NAME_MAX + 1];
		size_t whole;

		print_name(day_of(listed), name);
		whole = offsetof(struct dirent64, d_name) + strlen(name) + 1;
		whole = (whole + 7) / 8 * 8;
		if (used + whole > size)
			break;
		entry->d_reclen = (unsigned short)whole;
		entry->d_type = DT_REG;
		memcpy(entry->d_name, name, strlen(name) + 1);
		used += whole;
	}
	return (ssize_t)used;
}

bool
__wrap_log_names_rank(const struct log_names *names,
    const struct log_base *base, size_t folder, const char *name,
    struct log_rank *ret_rank)
{
	looks++;
	return __real_log_names_rank(names, base, folder, name, ret_rank);
}

static unsigned
oldest_first(unsigned i)
{
	return i;
}

static unsigned
newest_first(unsigned i)
{
	return NAMES - 1 - i;
}

/* As hashes are. */
static unsigned
mixed(unsigned i)
{
	return i * 7919u % NAMES;
}

/* Each block newest first, and the oldest block first. */
static unsigned
in_blocks(unsigned i)
{
	return i / BLOCK * BLOCK + BLOCK - 1 - i % BLOCK;
}

static unsigned (*const orders[])(unsigned i) = {
    oldest_first, newest_first, mixed, in_blocks};

static void
check_newest(const struct name_set *set)
{
	const struct name_kind *kind = set->kinds[0];
	char name[NAME_MAX + 1];

	CHECK_EQUAL_INT(set->kinds_count, 1);
	CHECK_EQUAL_INT(kind->count, NAME_SET_KEPT);
	for (unsigned i = 0; i < NAME_SET_KEPT; i++) {
		print_name(NAMES - NAME_SET_KEPT + i, name);
		CHECK_EQUAL_TEXT(
		    sse_slice(kind->names[i]->name), sse_slice(name));
	}
	print_name(NAMES - NAME_SET_KEPT - 1, name);
	CHECK_EQUAL_TEXT(sse_slice(kind->left_out->name), sse_slice(name));
}

/* A quarter would cost more than to read the folder. */
static void
check_reading(struct listing_cache *cache)
{
	int directory = open(test_directory(), O_RDONLY | O_DIRECTORY);
	struct log_base base;
	int got = RESULT_PARTIAL;

	CHECK(directory >= 0);
	looks = 0;
	log_base_init(&base, cache->names, "log");
	while (got == RESULT_PARTIAL)
		got = listing_cache_refresh(
		    cache, directory, &base, INT64_C(4000000000000));
	CHECK_EQUAL_INT(got, 0);
	CHECK(looks > NAME_SET_KEPT);
	CHECK(looks < NAMES / 4);
	check_newest(&cache->set);
	sse_fd_close(directory);
}

/* In one piece, as sse-cgi does. */
TEST(few_names_are_read_in_whatever_order_they_come)
{
	struct log_names *names;

	CHECK_EQUAL_INT(log_names_new(test_path("log"), PATTERN, &names), 0);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct listing_cache cache;

		day_of = orders[i];
		listing_cache_init(&cache, names);
		check_reading(&cache);
		listing_cache_done(&cache);
	}
	log_names_free(names);
}

/* As sse-fcgi does. */
TEST(few_names_are_read_in_steps)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct listing_cache *cache;

		day_of = orders[i];
		CHECK_EQUAL_INT(
		    listing_cache_new(test_path("log"), PATTERN, NULL, &cache),
		    0);
		check_reading(cache);
		listing_cache_free(cache);
	}
}
