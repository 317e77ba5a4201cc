/*
 * seek.c - boundaries of records: the byte after a LF, and 0.
 */
#include "config.h"

#include "record/seek.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/unset.h"
#include "fdio.h"
#include "record/nuls.h"
#include "base/result.h"

/* Data between holes. */
struct extent {
	uint64_t begin;
	uint64_t end;
};

/*
 * Those up to an offset, oldest first: how many.  When there are too many, or
 * nobody knows, all is one.
 */
static size_t
list_data(int fd, uint64_t begin, uint64_t end,
    struct extent extents[SEEK_EXTENTS_MAX])
{
	uint64_t at = begin;
	size_t count = 0;

	while (at < end && count < SEEK_EXTENTS_MAX) {
		struct extent *extent = &extents[count];

		extent->begin = sse_fd_data_from(fd, at, end);
		extent->end = sse_fd_hole_from(fd, extent->begin, end);
		at = extent->end;
		if (extent->begin < extent->end)
			count++;
		else if (at < end)
			break;
	}
	if (at < end) {
		extents[0] = (struct extent){begin, end};
		count = 1;
	}
	return count;
}

/* Whether there is data from an offset on, before end; then where it ends. */
static bool
data_ends(int fd, uint64_t at, uint64_t end, uint64_t *ret_end)
{
	uint64_t data = sse_fd_data_from(fd, at, end);

	if (data >= end)
		return false;
	*ret_end = sse_fd_hole_from(fd, data, end);
	return true;
}

/*
 * Back in steps that double, until there is data, and then by halves: as many
 * looks for one hole as for thousands.
 */
uint64_t
seek_hole(int fd, uint64_t end)
{
	uint64_t high = end > 0 ? end - 1 : 0, size = SEEK_READ_SIZE;
	uint64_t low = 0, data;

	if (end == 0 || data_ends(fd, high, end, &data))
		return end;
	while (high > 0 && low == 0) {
		uint64_t at = high > size ? high - size : 0;

		if (data_ends(fd, at, end, &data))
			low = data;
		else
			high = at;
		size *= 2;
	}
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (data_ends(fd, middle, end, &data) && data > middle)
			low = data;
		else
			high = middle;
	}
	return low;
}

uint64_t
seek_data(int fd, uint64_t begin, uint64_t end, uint64_t *left)
{
	struct extent extents[SEEK_EXTENTS_MAX];
	size_t count = list_data(fd, begin, end, extents);

	while (count-- > 0) {
		uint64_t size = extents[count].end - extents[count].begin;

		if (size > *left)
			return extents[count].end - *left;
		*left -= size;
	}
	return begin;
}

static bool
is_nuls(const char *bytes, size_t size)
{
	return size > 0 && nuls_before((struct sse_slice){bytes, size}) == size;
}

/*
 * What is left of an offset and of what may be read before it, behind a hole
 * that lasts to the offset.
 */
static void
leave_hole(int fd, uint64_t *at, uint64_t *first)
{
	uint64_t size = *at - seek_hole(fd, *at);

	assert(size <= *at);
	*at -= size;
	*first = *first > size ? *first - size : 0;
}

void
seek_forward_begin(struct seek_forward *forward, uint64_t offset, uint64_t end)
{
	/* The byte before tells whether offset itself is a boundary. */
	*forward = (struct seek_forward){
	    .offset = offset,
	    .at = offset > 0 ? offset - 1 : 0,
	    .end = end,
	};
}

int
seek_forward_step(struct seek_forward *forward, int fd, uint64_t *ret_offset)
{
	UNSET char bytes[SEEK_READ_SIZE];
	uint64_t at = forward->at, left = forward->end - at;
	size_t size = left < sizeof(bytes) ? (size_t)left : sizeof(bytes);
	const char *found = NULL;
	ssize_t got = 0;

	*ret_offset = forward->offset > 0 ? forward->end : 0;
	if (forward->offset == 0 || at >= forward->end)
		return 0;
	got = sse_fd_pread_all(fd, bytes, size, at);
	if (got <= 0)
		return (int)got;
	if (nuls_begin((struct sse_slice){bytes, (size_t)got})) {
		*ret_offset = at < forward->offset ? forward->offset : at;
		return 0;
	}
	found = memchr(bytes, '\n', (size_t)got);
	if (found != NULL)
		*ret_offset = at + (uint64_t)(found - bytes) + 1;
	forward->at += (uint64_t)got;
	return found != NULL || forward->at >= forward->end ? 0
							    : RESULT_PARTIAL;
}

int
seek_forward(int fd, uint64_t offset, uint64_t end, uint64_t *ret_offset)
{
	struct seek_forward forward;
	int error;

	seek_forward_begin(&forward, offset, end);
	do
		error = seek_forward_step(&forward, fd, ret_offset);
	while (error == RESULT_PARTIAL);
	return error;
}

/*
 * Goes back over delimiters in a block that begins at offset at, until one
 * more than *count have been passed: then the byte after that is returned,
 * else 0 with *count less by those that were passed.
 */
static uint64_t
back_in_block(const char *block, size_t size, uint64_t at, uint64_t *count)
{
	const char *found;

	while ((found = memrchr(block, '\n', size)) != NULL) {
		if (*count == 0)
			return at + (uint64_t)(found - block) + 1;
		(*count)--;
		size = (size_t)(found - block);
	}
	return 0;
}

void
seek_back_begin(struct seek_back *back, uint64_t end, uint64_t bytes_max)
{
	*back = (struct seek_back){
	    .at = end,
	    .first = end > bytes_max ? end - bytes_max : 0,
	    .end = end,
	};
}

/* What is before the first one is not looked at: the one behind it. */
static int
behind_first(struct seek_back *back, int fd, uint64_t *ret_offset)
{
	if (!back->turned)
		seek_forward_begin(&back->forward, back->first, back->end);
	back->turned = true;
	return seek_forward_step(&back->forward, fd, ret_offset);
}

int
seek_back_step(
    struct seek_back *back, int fd, uint64_t *count, uint64_t *ret_offset)
{
	UNSET char bytes[SEEK_READ_SIZE];
	uint64_t left = back->at - back->first, found;
	size_t size = left < sizeof(bytes) ? (size_t)left : sizeof(bytes);
	ssize_t got;

	if (left == 0)
		return behind_first(back, fd, ret_offset);
	back->at -= size;
	got = sse_fd_pread_all(fd, bytes, size, back->at);
	if (got < 0)
		return (int)got;
	if (is_nuls(bytes, (size_t)got))
		leave_hole(fd, &back->at, &back->first);
	found = back_in_block(bytes, (size_t)got, back->at, count);
	if (found == 0)
		return back->at > back->first
			   ? RESULT_PARTIAL
			   : behind_first(back, fd, ret_offset);
	*ret_offset = found;
	return 0;
}

int
seek_back(int fd, uint64_t end, uint64_t count, uint64_t bytes_max,
    uint64_t *ret_offset)
{
	struct seek_back back;
	int error;

	seek_back_begin(&back, end, bytes_max);
	do
		error = seek_back_step(&back, fd, &count, ret_offset);
	while (error == RESULT_PARTIAL);
	return error;
}

int
seek_end(int fd, uint64_t offset, uint64_t bytes_max, uint64_t *ret_end)
{
	UNSET char bytes[SEEK_READ_SIZE];
	uint64_t max = bytes_max < SEEK_END_MAX ? bytes_max : SEEK_END_MAX;
	uint64_t first = offset > max ? offset - max : 0;
	uint64_t at = offset;

	while (at > first) {
		size_t size = at - first < sizeof(bytes) ? (size_t)(at - first)
							 : sizeof(bytes);
		ssize_t got = sse_fd_pread_all(fd, bytes, size, at - size);

		if (got < 0)
			return (int)got;
		at -= nuls_behind((struct sse_slice){bytes, (size_t)got});
		if (!is_nuls(bytes, (size_t)got))
			break;
		leave_hole(fd, &at, &first);
	}
	*ret_end = at;
	return 0;
}
