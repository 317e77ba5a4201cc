/*
 * test.h - a small runner: each test is a process of its own with a deadline,
 * and must close every descriptor that it opens.  Output is TAP.
 *
 *	TEST(adds_two_numbers)
 *	{
 *		CHECK(1 + 1 == 2);
 *		CHECK_EQUAL_INT(1 + 1, 2);
 *	}
 *
 * The file is linked with test.c, which has main().
 */
#ifndef TEST_H
#define TEST_H

#ifdef NDEBUG
#error "tests need assert()"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ssekit.h"

typedef void test_function(void);

/* Called before main() by what TEST() makes. */
void test_add(const char *name, test_function *function);

/* Ends the test as failed. */
void test_fail(const char *file, int line, const char *format, ...)
    __attribute__((noreturn, format(printf, 3, 4)));

void test_equal_int(const char *file, int line, int64_t got, int64_t want);
void test_equal_text(
    const char *file, int line, struct sse_slice got, struct sse_slice want);

#define TEST(name)                                                     \
	static void test_##name(void);                                 \
	__attribute__((constructor)) static void test_add_##name(void) \
	{                                                              \
		test_add(#name, test_##name);                          \
	}                                                              \
	static void test_##name(void)

#define CHECK(condition)       \
	((condition) ? (void)0 \
		     : test_fail(__FILE__, __LINE__, "%s", #condition))

#define CHECK_EQUAL_INT(got, want) \
	test_equal_int(__FILE__, __LINE__, (int64_t)(got), (int64_t)(want))

/* Both are struct sse_slice; SLICE("...") makes one of a literal, with NULs. */
#define CHECK_EQUAL_TEXT(got, want) \
	test_equal_text(__FILE__, __LINE__, got, want)
#define SLICE(literal) ((struct sse_slice){literal, sizeof(literal) - 1})

/*
 * A copy of the bytes that ends where an unmapped page begins, so that one
 * byte read too far is a crash.  It is never given back.
 */
const char *test_guarded(const void *bytes, size_t size);

/*
 * Zeroed memory, given back when the case ends.  For what is large: a static
 * array is searched for pointers after each case of its program, by
 * LeakSanitizer, whichever of them uses it.
 */
void *test_zeroed(size_t size);

/* A temporary directory of this test, removed with all that is in it. */
const char *test_directory(void);

/* DIRECTORY/NAME; lives until PATHS_MAX more have been asked for. */
const char *test_path(const char *name);

/* How many descriptors are open, and some more; -1: nobody knows. */
int test_descriptors(void);

#endif
