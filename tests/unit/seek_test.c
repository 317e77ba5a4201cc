#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fdio.h"
#include "record/seek.h"

#define HOLE_SIZE UINT64_C(65536) /* bytes; no block is larger */
#define LOOKS_MAX 128             /* two for each bit of an offset */

static unsigned looks;

uint64_t __real_sse_fd_data_from(int fd, uint64_t offset, uint64_t end);
uint64_t __wrap_sse_fd_data_from(int fd, uint64_t offset, uint64_t end);

uint64_t
__wrap_sse_fd_data_from(int fd, uint64_t offset, uint64_t end)
{
	looks++;
	return __real_sse_fd_data_from(fd, offset, end);
}

static int
file_of(const char *bytes, size_t size)
{
	int fd = open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	return fd;
}

static uint64_t
back(int fd, uint64_t end, uint64_t count, uint64_t bytes_max)
{
	uint64_t offset = UINT64_MAX;

	CHECK_EQUAL_INT(seek_back(fd, end, count, bytes_max, &offset), 0);
	return offset;
}

static uint64_t
forward(int fd, uint64_t offset, uint64_t end)
{
	uint64_t found = UINT64_MAX;

	CHECK_EQUAL_INT(seek_forward(fd, offset, end, &found), 0);
	return found;
}

TEST(goes_back_over_whole_records)
{
	int fd = file_of("aa\nbb\ncc\ndd", 11);

	CHECK_EQUAL_INT(back(fd, 11, 0, 100), 9);
	CHECK_EQUAL_INT(back(fd, 11, 1, 100), 6);
	CHECK_EQUAL_INT(back(fd, 11, 2, 100), 3);
	CHECK_EQUAL_INT(back(fd, 11, 3, 100), 0);
	CHECK_EQUAL_INT(back(fd, 11, 99, 100), 0);
	CHECK_EQUAL_INT(back(fd, 9, 1, 100), 6);
	CHECK_EQUAL_INT(back(fd, 0, 1, 100), 0);
	close(fd);
}

TEST(goes_back_no_further_than_allowed_and_to_a_boundary)
{
	int fd = file_of("aa\nbb\ncc\ndd\n", 12);

	CHECK_EQUAL_INT(back(fd, 12, 9, 6), 6);
	CHECK_EQUAL_INT(back(fd, 12, 9, 7), 6);
	CHECK_EQUAL_INT(back(fd, 12, 9, 5), 9);
	CHECK_EQUAL_INT(back(fd, 12, 9, 1), 12);
	CHECK_EQUAL_INT(back(fd, 12, 9, 0), 12);
	close(fd);
}

TEST(goes_forward_to_the_next_record)
{
	int fd = file_of("aa\nbb\ncc", 8);

	CHECK_EQUAL_INT(forward(fd, 0, 8), 0);
	CHECK_EQUAL_INT(forward(fd, 1, 8), 3);
	CHECK_EQUAL_INT(forward(fd, 3, 8), 3);
	CHECK_EQUAL_INT(forward(fd, 4, 8), 6);
	CHECK_EQUAL_INT(forward(fd, 7, 8), 8);
	CHECK_EQUAL_INT(forward(fd, 8, 8), 8);
	close(fd);
}

/* Records that begin in another block than the one that they end in. */
TEST(finds_boundaries_across_reads)
{
	static char bytes[5 * SEEK_READ_SIZE];
	size_t last = sizeof(bytes) - 10;
	int fd;

	memset(bytes, 'x', sizeof(bytes));
	bytes[9] = bytes[last - 1] = '\n';
	fd = file_of(bytes, sizeof(bytes));
	CHECK_EQUAL_INT(back(fd, sizeof(bytes), 0, sizeof(bytes)), last);
	CHECK_EQUAL_INT(back(fd, sizeof(bytes), 1, sizeof(bytes)), 10);
	CHECK_EQUAL_INT(back(fd, sizeof(bytes), 2, sizeof(bytes)), 0);
	CHECK_EQUAL_INT(forward(fd, 1, sizeof(bytes)), 10);
	CHECK_EQUAL_INT(forward(fd, 11, sizeof(bytes)), last);
	close(fd);
}

/* A file of so many holes, each with data behind it. */
static int
file_of_holes(size_t count)
{
	int fd = file_of("", 0);

	for (size_t i = 1; i <= count; i++)
		CHECK(
		    pwrite(fd, "a\n", 2, (off_t)(2 * i * HOLE_SIZE) - 2) == 2);
	return fd;
}

/* What seek_data() takes for data. */
static uint64_t
data_of(size_t holes)
{
	int fd = file_of_holes(holes);
	uint64_t left = UINT64_MAX;

	CHECK_EQUAL_INT(seek_data(fd, 0, 2 * holes * HOLE_SIZE, &left), 0);
	close(fd);
	return UINT64_MAX - left;
}

/* Beyond so many, holes are data, and count as they are read. */
TEST(looks_at_so_many_holes)
{
	uint64_t size = 2 * (SEEK_EXTENTS_MAX + 1) * HOLE_SIZE;

	CHECK(data_of(SEEK_EXTENTS_MAX) <= size / 2);
	CHECK_EQUAL_INT(data_of(SEEK_EXTENTS_MAX + 1), size);
}

/* The hole before an end, by a look at each there is. */
static uint64_t
hole_before(int fd, uint64_t end)
{
	uint64_t hole = 0, at = 0;

	while ((at = sse_fd_data_from(fd, at, end)) < end)
		hole = at = sse_fd_hole_from(fd, at, end);
	return hole;
}

TEST(finds_a_hole_behind_however_many_by_a_few_looks)
{
	const size_t holes = 1000;
	int fd = file_of_holes(holes);

	for (size_t i = 1; i <= holes; i += 37) {
		uint64_t end = 2 * i * HOLE_SIZE;
		uint64_t inside = end - HOLE_SIZE, hole;

		CHECK_EQUAL_INT(seek_hole(fd, end), end);
		hole = hole_before(fd, inside);
		looks = 0;
		CHECK_EQUAL_INT(seek_hole(fd, inside), hole);
		CHECK(looks <= LOOKS_MAX);
	}
	CHECK_EQUAL_INT(seek_hole(fd, 0), 0);
	CHECK_EQUAL_INT(ftruncate(fd, INT64_C(1) << 40), 0);
	looks = 0;
	CHECK_EQUAL_INT(
	    seek_hole(fd, UINT64_C(1) << 40), 2 * holes * HOLE_SIZE);
	CHECK(looks <= LOOKS_MAX);
	close(fd);
}

TEST(looks_through_so_many_nuls_at_an_end)
{
	static char nuls[2 * SEEK_END_MAX];
	int fd = file_of(nuls, sizeof(nuls));
	uint64_t end = 0;

	CHECK_EQUAL_INT(seek_end(fd, sizeof(nuls), UINT64_MAX, &end), 0);
	CHECK_EQUAL_INT(end, sizeof(nuls) - SEEK_END_MAX);
	CHECK_EQUAL_INT(seek_end(fd, SEEK_END_MAX, UINT64_MAX, &end), 0);
	CHECK_EQUAL_INT(end, 0);
	close(fd);
}
