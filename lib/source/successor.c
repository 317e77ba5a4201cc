/*
 * successor.c - where a copy of a file goes on.
 *
 * What was read last of the old file is looked for at the same offset, as a
 * position is.  Where it is not there, lines came to the old file after the
 * copy was made, or the copy is not finished, or is a shorter one: then what
 * both begin with decides.
 */
#include "config.h"

#include "source/successor.h"

#include "record/seek.h"

/* Bytes that are compared one by one; larger ranges are halved. */
#define BLOCK_SIZE 4096

/* What is searched: two files, and up to where they may be alike. */
struct pair {
	const struct log_file *old;
	const struct log_file *next;
	uint64_t size;
};

/* Whether both have the same fingerprint at the offset: 1, 0, -errno. */
static int
agrees_at(const struct pair *pair, uint64_t offset)
{
	struct fingerprint of_old, of_next;
	int error = 0;

	if (offset == pair->old->fingerprint.offset)
		return fingerprint_holds(
		    &pair->old->fingerprint, pair->next->fd);
	error = fingerprint_load(&of_old, pair->old->fd, offset);
	if (error == 0)
		error = fingerprint_load(&of_next, pair->next->fd, offset);
	return error != 0 ? error : fingerprint_equal(&of_old, &of_next);
}

/* How many bytes both have from the offset on, of at most a block. */
static int
count_equal(const struct pair *pair, uint64_t offset, size_t size)
{
	char of_old[BLOCK_SIZE], of_next[BLOCK_SIZE];
	ssize_t olds = sse_fd_pread_all(pair->old->fd, of_old, size, offset);
	ssize_t nexts = sse_fd_pread_all(pair->next->fd, of_next, size, offset);
	int equal = 0;

	if (olds < 0 || nexts < 0)
		return (int)(olds < 0 ? olds : nexts);
	while (equal < olds && equal < nexts && of_old[equal] == of_next[equal])
		equal++;
	return equal;
}

/* What both begin with: 0 and the bytes, or -errno. */
static int
find_common(const struct pair *pair, uint64_t *ret_size)
{
	uint64_t low = 0, high = pair->size;
	int agrees = agrees_at(pair, high), equal;

	if (agrees > 0)
		low = high;
	while (agrees >= 0 && high - low > BLOCK_SIZE) {
		uint64_t middle = low + (high - low) / 2;

		agrees = agrees_at(pair, middle);
		if (agrees > 0)
			low = middle;
		else
			high = middle;
	}
	if (agrees < 0)
		return agrees;
	equal = count_equal(pair, low, (size_t)(high - low));
	if (equal < 0)
		return equal;
	*ret_size = low + (uint64_t)equal;
	return 0;
}

/*
 * Many logs begin alike, with a banner, say: what both have is a proof when it
 * is as long as the head of a position's fingerprint, or most of the old file,
 * and its lines are not all the same.
 */
static int
prove(const struct pair *pair, struct successor *successor, uint64_t common)
{
	struct fingerprint fingerprint;
	int error = fingerprint_load(&fingerprint, pair->next->fd, common);

	successor->proven =
	    error == 0 && !fingerprint_weak(&fingerprint) &&
	    (successor->whole || common >= FINGERPRINT_HEAD_SIZE ||
		common >= pair->old->offset - common);
	return error;
}

static enum successor_kind
kind_of(const struct successor *successor, bool ends)
{
	if (ends && !successor->whole)
		return SUCCESSOR_UNSETTLED;
	return successor->proven ? SUCCESSOR_COPY : SUCCESSOR_OTHER;
}

int
successor_judge(const struct log_file *old, struct log_file *next,
    struct successor *ret_successor)
{
	struct successor successor = {.offset = old->offset};
	struct pair pair = {old, next, old->fingerprint.offset};
	uint64_t common;
	int error = sse_fd_stat(next->fd, &next->stat);

	if (error != 0)
		return error;
	if (next->stat.size < pair.size)
		pair.size = next->stat.size;
	error = find_common(&pair, &common);
	if (error != 0)
		return error;
	successor.whole = common == old->fingerprint.offset;
	if (common < old->offset)
		error = seek_back(next->fd, common, 0,
		    next->splitter.record_size_max, &successor.offset);
	if (error == 0)
		error = prove(&pair, &successor, common);
	if (error != 0)
		return error;
	successor.kind = kind_of(&successor, common == next->stat.size);
	*ret_successor = successor;
	return 0;
}
