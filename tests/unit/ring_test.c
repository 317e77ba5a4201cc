/*
 * Memory of which any range is in one piece.
 */
#include "config.h"

#include "test.h"

#include <string.h>
#include <unistd.h>

#include "ring.h"

TEST(it_has_whole_pages)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const struct {
		size_t asked, got;
	} cases[] = {{1, page}, {page - 1, page}, {page, page},
	    {page + 1, 2 * page}, {5 * page, 5 * page}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ring ring;

		CHECK_EQUAL_INT(ring_init(&ring, cases[i].asked), 0);
		CHECK_EQUAL_INT(ring.size, cases[i].got);
		CHECK_EQUAL_INT(*ring_at(&ring, 0), 0);
		ring_done(&ring);
		CHECK(ring.bytes == NULL);
		ring_done(&ring);
	}
}

/* What is written over the end is at the beginning, and the reverse. */
TEST(any_range_is_in_one_piece)
{
	static const char text[] = "over the end and on";
	const size_t size = sizeof(text);
	struct ring ring;

	CHECK_EQUAL_INT(ring_init(&ring, 1), 0);
	for (uint64_t from = ring.size - size; from <= ring.size; from++) {
		/* An offset grows for ever. */
		uint64_t offset = from + 7 * ring.size;

		memset(ring_at(&ring, 0), 'x', ring.size);
		memcpy(ring_at(&ring, offset), text, size);
		CHECK(memcmp(ring_at(&ring, from), text, size) == 0);
		for (size_t i = 0; i < size; i++)
			CHECK(*ring_at(&ring, from + i) == text[i]);
		CHECK_EQUAL_INT(*ring_at(&ring, from + size), 'x');
	}
	ring_done(&ring);
}
