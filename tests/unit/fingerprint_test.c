#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "source/fingerprint.h"
#include "source/position.h"

static int
file_of(const char *bytes, size_t size)
{
	int fd = open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	return fd;
}

/* size bytes of lines that all differ. */
static char *
numbered(char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] =
		    i % 8 == 7 ? '\n' : (char)('a' + i / 8 % 26 + i / 208 % 5);
	return bytes;
}

/* Advancing in pieces must say the same as loading, at every offset. */
static void
check_advance(size_t piece)
{
	static char bytes[5000], room[FINGERPRINT_WINDOW_SIZE + 5000];
	int fd = file_of(numbered(bytes, sizeof(bytes)), sizeof(bytes));
	struct fingerprint walking, loaded;

	CHECK_EQUAL_INT(fingerprint_load(&walking, fd, 0), 0);
	for (size_t at = 0; at < sizeof(bytes); at += piece) {
		size_t size =
		    sizeof(bytes) - at < piece ? sizeof(bytes) - at : piece;
		char *data = room + FINGERPRINT_WINDOW_SIZE;

		memcpy(data, bytes + at, size);
		fingerprint_advance(&walking, data, size);
		for (size_t end = at; end <= at + size; end += 7) {
			CHECK_EQUAL_INT(fingerprint_load(&loaded, fd, end), 0);
			CHECK_EQUAL_INT(fingerprint_check_at(
					    &walking, end, data + (end - at)),
			    fingerprint_check(&loaded));
		}
		CHECK_EQUAL_INT(fingerprint_load(&loaded, fd, at + size), 0);
		CHECK(fingerprint_equal(&walking, &loaded));
		CHECK(fingerprint_holds(&walking, fd));
	}
	close(fd);
}

TEST(pieces_of_any_size_prove_the_same)
{
	check_advance(5000);
	check_advance(1);
	check_advance(127);
	check_advance(128);
	check_advance(129);
	check_advance(1023);
	check_advance(1024);
	check_advance(1025);
}

/*
 * What XXH3 says of windows and heads around the sizes where they are whole:
 * an id lives in clients while the program is replaced.
 */
TEST(a_check_is_the_same_for_ever)
{
	static const struct {
		uint64_t offset, check;
	} cases[] = {
	    {0, UINT64_C(0x12f1275e10017f3)},
	    {1, UINT64_C(0x4fba11cedaeb8a6)},
	    {100, UINT64_C(0x8ba1c11b025a547)},
	    {127, UINT64_C(0x33ac8056e0e8a64)},
	    {128, UINT64_C(0xf7efb5d85d81306)},
	    {129, UINT64_C(0x14f5d4935aadfb0)},
	    {1000, UINT64_C(0x44b8227613fe605)},
	    {1023, UINT64_C(0x96dfe00f69aaee6)},
	    {1024, UINT64_C(0x5ec84d2687e21f)},
	    {1025, UINT64_C(0x6e9223fe446ff0a)},
	    {4999, UINT64_C(0xeeef604a7fa9dc2)},
	};
	static char bytes[5000];
	int fd = file_of(numbered(bytes, sizeof(bytes)), sizeof(bytes));
	struct fingerprint fingerprint;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_EQUAL_INT(
		    fingerprint_load(&fingerprint, fd, cases[i].offset), 0);
		CHECK_EQUAL_INT(
		    fingerprint_check(&fingerprint), cases[i].check);
	}
	close(fd);
}

TEST(a_check_has_sixty_bits_and_a_file_forty_eight)
{
	static char bytes[3000];
	int fd = file_of(numbered(bytes, sizeof(bytes)), sizeof(bytes));
	struct sse_file_stat stat;
	struct fingerprint fingerprint;
	uint64_t seen = 0;

	for (uint64_t offset = 0; offset < sizeof(bytes); offset += 3) {
		CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, offset), 0);
		seen |= fingerprint_check(&fingerprint);
	}
	CHECK(seen == (UINT64_C(1) << SSE_POSITION_CHECK_BITS) - 1);
	CHECK_EQUAL_INT(sse_fd_stat(fd, &stat), 0);
	CHECK(fingerprint_file(&stat) >> SSE_POSITION_FILE_BITS == 0);
	CHECK(fingerprint_file(&stat) != 0);
	close(fd);
}

/* Lines that end alike: the window agrees, and only the head tells. */
TEST(the_head_tells_files_apart_whose_lines_end_alike)
{
	char monday[4096], tuesday[4096];
	struct fingerprint of_monday, of_tuesday;
	int fd;

	memset(monday, 'x', sizeof(monday));
	memset(tuesday, 'x', sizeof(tuesday));
	memcpy(monday, "mon", 3);
	memcpy(tuesday, "tue", 3);
	fd = file_of(monday, sizeof(monday));
	CHECK_EQUAL_INT(fingerprint_load(&of_monday, fd, 4000), 0);
	close(fd);
	fd = file_of(tuesday, sizeof(tuesday));
	CHECK_EQUAL_INT(fingerprint_load(&of_tuesday, fd, 4000), 0);
	close(fd);
	CHECK(fingerprint_check(&of_monday) != fingerprint_check(&of_tuesday));
	CHECK(!fingerprint_equal(&of_monday, &of_tuesday));
}

TEST(a_file_that_is_shorter_proves_nothing)
{
	int fd = file_of("abc\n", 4);
	struct fingerprint fingerprint;

	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, 5), RESULT_CHANGED);
	CHECK_EQUAL_INT(
	    fingerprint_load(&fingerprint, fd, UINT64_MAX), RESULT_CHANGED);
	close(fd);
}

TEST(a_change_before_the_offset_is_seen)
{
	static char bytes[3000];
	int fd = file_of(numbered(bytes, sizeof(bytes)), sizeof(bytes));
	struct fingerprint early, late;

	CHECK_EQUAL_INT(fingerprint_load(&early, fd, 1000), 0);
	CHECK_EQUAL_INT(fingerprint_load(&late, fd, 3000), 0);
	CHECK(pwrite(fd, "!", 1, 5) == 1);
	CHECK(!fingerprint_holds(&early, fd));
	CHECK(pwrite(fd, "!", 1, 2990) == 1);
	CHECK(!fingerprint_holds(&late, fd));
	CHECK(ftruncate(fd, 10) == 0);
	CHECK(!fingerprint_holds(&late, fd));
	close(fd);
}

static bool
weak_at(const char *bytes, size_t size, uint64_t offset)
{
	int fd = file_of(bytes, size);
	struct fingerprint fingerprint;

	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, offset), 0);
	close(fd);
	return fingerprint_weak(&fingerprint);
}

TEST(equal_lines_are_weak_fingerprint)
{
	char equal[4000], differ[4000];

	for (size_t i = 0; i < sizeof(equal); i++)
		equal[i] = i % 5 == 4 ? '\n' : 'x';
	memcpy(differ, equal, sizeof(equal));
	differ[2000] = 'y';
	CHECK(weak_at("a\nb\n", 4, 0));
	CHECK(weak_at("a\nb\n", 4, 2));
	CHECK(!weak_at("a\nb\n", 4, 4));
	CHECK(weak_at("a\na\n", 4, 4));
	CHECK(weak_at(equal, sizeof(equal), 4000));
	CHECK(weak_at(differ, sizeof(differ), 4000));
	CHECK(!weak_at(differ, sizeof(differ), 2050));
}

/* At the end of a text: 0, 1 for a line, 2 for a blank one. */
static int
end_of(const char *text, size_t size)
{
	int fd = file_of(text, size);
	struct fingerprint fingerprint;
	int end;

	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, size), 0);
	end = fingerprint_ends_line(&fingerprint) ? 1 : 0;
	CHECK(end == 1 || !fingerprint_ends_blank(&fingerprint));
	close(fd);
	return fingerprint_ends_blank(&fingerprint) ? 2 : end;
}

#define END_OF(text) end_of(text, sizeof(text) - 1)

/* As a splitter has them: with CRs at their end, and NULs before them. */
TEST(lines_and_blank_lines_end_as_they_are_split)
{
	char text[400];

	CHECK_EQUAL_INT(END_OF(""), 2);
	CHECK_EQUAL_INT(END_OF("\n"), 2);
	CHECK_EQUAL_INT(END_OF("a"), 0);
	CHECK_EQUAL_INT(END_OF("a\n"), 1);
	CHECK_EQUAL_INT(END_OF("a\n\n"), 2);
	CHECK_EQUAL_INT(END_OF("a\r\n\r\r\r\n"), 2);
	CHECK_EQUAL_INT(END_OF("a\n\0\0\n"), 2);
	CHECK_EQUAL_INT(END_OF("a\n\0\0\r\n"), 2);
	CHECK_EQUAL_INT(END_OF("a\n\n\0\0"), 2);
	CHECK_EQUAL_INT(END_OF("a\n\0\0"), 1);
	CHECK_EQUAL_INT(END_OF("a\n\r\0\n"), 1);
	CHECK_EQUAL_INT(END_OF("\na\0\n"), 1);
	CHECK_EQUAL_INT(END_OF("\na\r\r\n"), 1);
	(void)memset(text, 'a', sizeof(text));
	text[399] = '\n';
	CHECK_EQUAL_INT(end_of(text, sizeof(text)), 1);
	text[398] = '\n';
	CHECK_EQUAL_INT(end_of(text, sizeof(text)), 2);
}

TEST(files_are_told_apart_by_device_inode_and_birth)
{
	const struct sse_file_stat a = {.device = 1, .inode = 2, .birth_ns = 3};
	struct sse_file_stat b = a;

	CHECK(fingerprint_same_file(&a, &b));
	CHECK(fingerprint_file(&a) == fingerprint_file(&b));
	b.birth_ns = 4;
	CHECK(!fingerprint_same_file(&a, &b));
	CHECK(fingerprint_file(&a) != fingerprint_file(&b));
	b = a;
	b.inode = 4;
	CHECK(!fingerprint_same_file(&a, &b));
	b = a;
	b.device = 4;
	CHECK(!fingerprint_same_file(&a, &b));
}
