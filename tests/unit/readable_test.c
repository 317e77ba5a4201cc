/*
 * readable_test.c - which files need not be asked for again.
 */
#include "config.h"

#include "test.h"

#include "source/readable.h"

#define CHANGED_MS INT64_C(1795773600000)
#define RESTED_MS (CHANGED_MS + READABLE_REST_MS)

static const struct sse_file_stat file = {
    .device = 1, .inode = 2, .birth_ns = 3, .ctime_ms = CHANGED_MS};

TEST(a_file_is_known_until_anything_of_it_has_changed)
{
	struct readable readable = {0};
	struct sse_file_stat other = file;

	CHECK(!readable_knows(&readable, &file));
	readable_add(&readable, &file, RESTED_MS);
	CHECK(readable_knows(&readable, &file));
	other.ctime_ms++;
	CHECK(!readable_knows(&readable, &other));
	other = file;
	other.birth_ns++;
	CHECK(!readable_knows(&readable, &other));
	other = file;
	other.device++;
	CHECK(!readable_knows(&readable, &other));
	other = file;
	other.inode++;
	CHECK(!readable_knows(&readable, &other));
}

/* Its mode may change again, and its time may not. */
TEST(what_has_only_just_changed_is_asked_again)
{
	struct readable readable = {0};

	readable_add(&readable, &file, CHANGED_MS);
	readable_add(&readable, &file, RESTED_MS - 1);
	readable_add(&readable, &file, CHANGED_MS - 1000000);
	CHECK(!readable_knows(&readable, &file));
	readable_add(&readable, &file, RESTED_MS);
	CHECK(readable_knows(&readable, &file));
}

TEST(as_many_as_a_search_looks_at_have_room)
{
	struct readable readable = {0};
	struct sse_file_stat one = file;

	for (one.inode = 1000; one.inode < 1000 + READABLE_MAX; one.inode++)
		readable_add(&readable, &one, RESTED_MS);
	for (one.inode = 1000; one.inode < 1000 + READABLE_MAX; one.inode++)
		CHECK(readable_knows(&readable, &one));
	readable_add(&readable, &one, RESTED_MS);
	CHECK(readable_knows(&readable, &one));
	one.inode -= READABLE_MAX;
	CHECK(!readable_knows(&readable, &one));
}
