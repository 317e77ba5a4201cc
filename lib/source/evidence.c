/*
 * evidence.c - hashes that prove a position.
 *
 * xxHash is included here alone, as a header: no library has to be there when
 * the program runs.
 */
#include "config.h"

#include "source/evidence.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "record/nuls.h"
#include "source/position.h"

#define FILE_MASK ((UINT64_C(1) << SSE_POSITION_FILE_BITS) - 1)
#define CHECK_MASK ((UINT64_C(1) << SSE_POSITION_CHECK_BITS) - 1)

static size_t
least(uint64_t offset, size_t size_max)
{
	return offset < size_max ? (size_t)offset : size_max;
}

size_t
evidence_head_size(uint64_t offset)
{
	return least(offset, EVIDENCE_HEAD_SIZE);
}

size_t
evidence_window_size(uint64_t offset)
{
	return least(offset, EVIDENCE_WINDOW_SIZE);
}

uint64_t
evidence_file(const struct sse_file_stat *stat)
{
	uint64_t parts[] = {
	    stat->device, stat->inode, (uint64_t)stat->birth_ns};
	uint64_t file = XXH3_64bits(parts, sizeof(parts)) & FILE_MASK;

	/* 0 stands for "no file yet" in an id. */
	return file != 0 ? file : 1;
}

bool
evidence_same_file(const struct sse_file_stat *a, const struct sse_file_stat *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->birth_ns == b->birth_ns;
}

static char *
window_of(struct evidence *evidence, size_t size)
{
	return evidence->window + EVIDENCE_WINDOW_SIZE - size;
}

static const char *
window_bytes(const struct evidence *evidence)
{
	return evidence->window + EVIDENCE_WINDOW_SIZE -
	       evidence_window_size(evidence->offset);
}

static int
read_exactly(int fd, char *bytes, size_t size, uint64_t offset)
{
	ssize_t got = sse_fd_pread_all(fd, bytes, size, offset);

	if (got < 0)
		return (int)got;
	return (size_t)got == size ? 0 : RESULT_CHANGED;
}

int
evidence_load(struct evidence *evidence, int fd, uint64_t offset)
{
	size_t head = evidence_head_size(offset);
	size_t window = evidence_window_size(offset);
	int error = read_exactly(fd, evidence->head, head, 0);

	/* Of a short file the head has all. */
	if (error == 0 && head == offset)
		memcpy(window_of(evidence, window),
		    evidence->head + head - window, window);
	else if (error == 0)
		error = read_exactly(
		    fd, window_of(evidence, window), window, offset - window);
	if (error != 0)
		return error;
	evidence->offset = offset;
	evidence->seed = XXH3_64bits(evidence->head, head);
	return 0;
}

static void
advance_head(struct evidence *evidence, const char *bytes, size_t size)
{
	size_t have = evidence_head_size(evidence->offset);
	size_t more = least(size, EVIDENCE_HEAD_SIZE - have);

	if (more == 0)
		return;
	memcpy(evidence->head + have, bytes, more);
	evidence->seed = XXH3_64bits(evidence->head, have + more);
}

void
evidence_advance(struct evidence *evidence, char *bytes, size_t size)
{
	memcpy(bytes - EVIDENCE_WINDOW_SIZE, evidence->window,
	    EVIDENCE_WINDOW_SIZE);
	advance_head(evidence, bytes, size);
	evidence->offset += size;
	memcpy(evidence->window, bytes + size - EVIDENCE_WINDOW_SIZE,
	    EVIDENCE_WINDOW_SIZE);
}

void
evidence_skip(struct evidence *evidence, uint64_t nuls)
{
	char bytes[EVIDENCE_WINDOW_SIZE + EVIDENCE_HEAD_SIZE] = {0};

	while (nuls > 0) {
		/* More than both have need not be looked at. */
		size_t size = least(nuls, EVIDENCE_HEAD_SIZE);

		evidence_advance(evidence, bytes + EVIDENCE_WINDOW_SIZE, size);
		memset(bytes, 0, EVIDENCE_WINDOW_SIZE);
		nuls -= size;
		if (evidence->offset >= EVIDENCE_HEAD_SIZE &&
		    size >= EVIDENCE_WINDOW_SIZE) {
			evidence->offset += nuls;
			nuls = 0;
		}
	}
}

/* The hash of a size that is known needs no questions: it is all here. */
static __attribute__((flatten)) uint64_t
hash_whole_window(const char *end, uint64_t seed)
{
	return XXH3_64bits_withSeed(
	    end - EVIDENCE_WINDOW_SIZE, EVIDENCE_WINDOW_SIZE, seed);
}

static uint64_t
hash_at(const struct evidence *evidence, uint64_t offset, const char *end)
{
	size_t window = evidence_window_size(offset);
	uint64_t seed = evidence->seed;

	if (offset >= EVIDENCE_HEAD_SIZE)
		return hash_whole_window(end, seed);
	seed = XXH3_64bits(evidence->head, (size_t)offset);
	return XXH3_64bits_withSeed(end - window, window, seed);
}

uint64_t
evidence_check_at(
    const struct evidence *evidence, uint64_t offset, const char *end)
{
	assert(offset <= evidence->offset);
	return hash_at(evidence, offset, end) & CHECK_MASK;
}

uint64_t
evidence_check(const struct evidence *evidence)
{
	return evidence_check_at(evidence, evidence->offset,
	    evidence->window + EVIDENCE_WINDOW_SIZE);
}

bool
evidence_proves(
    struct evidence *evidence, int fd, uint64_t offset, uint64_t check)
{
	return evidence_load(evidence, fd, offset) == 0 &&
	       evidence_check(evidence) == check;
}

/* 1, 0, or -errno. */
static int
file_has(int fd, const char *bytes, size_t size, uint64_t offset)
{
	char found[EVIDENCE_HEAD_SIZE];
	int error = read_exactly(fd, found, size, offset);

	if (error == RESULT_CHANGED)
		return 0;
	return error != 0 ? error : memcmp(found, bytes, size) == 0;
}

bool
evidence_begins(const struct evidence *evidence, int fd, uint64_t size)
{
	size_t head = evidence_head_size(evidence->offset);

	return file_has(fd, evidence->head, size < head ? (size_t)size : head,
		   0) == 1;
}

int
evidence_holds(const struct evidence *evidence, int fd)
{
	size_t window = evidence_window_size(evidence->offset);
	int holds = file_has(
	    fd, evidence->head, evidence_head_size(evidence->offset), 0);

	/* A short head has the window in it. */
	if (holds != 1 || evidence->offset <= EVIDENCE_HEAD_SIZE)
		return holds;
	return file_has(
	    fd, window_bytes(evidence), window, evidence->offset - window);
}

/* Whether the two differ only where the first has NULs, and not everywhere. */
static bool
differs_in_nuls(const char *before, const char *now, size_t size)
{
	bool same = false;

	for (size_t i = 0; i < size; i++) {
		if (before[i] != '\0' && before[i] != now[i])
			return false;
		same = same || before[i] != '\0';
	}
	return same;
}

int
evidence_follow(struct evidence *evidence, int fd)
{
	struct evidence now;
	size_t head = evidence_head_size(evidence->offset);
	int error = evidence_load(&now, fd, evidence->offset);

	if (error != 0)
		return error == RESULT_CHANGED ? 0 : error;
	for (size_t i = 0; i < head; i++)
		if (evidence->head[i] != '\0' &&
		    evidence->head[i] != now.head[i])
			return 0;
	if (!differs_in_nuls(window_bytes(evidence), window_bytes(&now),
		evidence_window_size(evidence->offset)))
		return 0;
	*evidence = now;
	return 1;
}

/* Whole lines that were seen so far: the first one, to compare with. */
struct lines {
	struct sse_slice first;
	bool differ;
};

static void
lines_compare(struct lines *lines, struct sse_slice text)
{
	const char *line = text.data, *end = text.data + text.size, *next;

	for (; !lines->differ && line < end; line = next + 1) {
		struct sse_slice whole;

		next = memchr(line, '\n', (size_t)(end - line));
		if (next == NULL)
			return;
		whole = (struct sse_slice){line, (size_t)(next - line)};
		if (lines->first.data == NULL)
			lines->first = whole;
		lines->differ = !sse_slice_equal(lines->first, whole);
	}
}

/* The window from its first whole line on. */
static struct sse_slice
whole_lines(const struct evidence *evidence)
{
	const char *window = window_bytes(evidence);
	const char *end = evidence->window + EVIDENCE_WINDOW_SIZE;
	const char *cut = memchr(window, '\n', (size_t)(end - window));
	const char *line = cut != NULL ? cut + 1 : end;

	return (struct sse_slice){line, (size_t)(end - line)};
}

bool
evidence_weak(const struct evidence *evidence)
{
	struct lines lines = {{NULL, 0}, false};

	lines_compare(&lines, (struct sse_slice){evidence->head,
				  evidence_head_size(evidence->offset)});
	if (evidence->offset > EVIDENCE_HEAD_SIZE)
		lines_compare(&lines, whole_lines(evidence));
	return !lines.differ;
}

bool
evidence_ends_line(const struct evidence *evidence)
{
	struct sse_slice window = {
	    window_bytes(evidence), evidence_window_size(evidence->offset)};

	/* NULs that begin a record are no part of it. */
	window.size -= nuls_behind(window);
	return window.size == 0 || window.data[window.size - 1] == '\n';
}

bool
evidence_ends_blank(const struct evidence *evidence)
{
	const char *first = window_bytes(evidence);
	const char *at = evidence->window + EVIDENCE_WINDOW_SIZE;

	if (!evidence_ends_line(evidence))
		return false;
	at -= at > first;
	/* CR LF and CR CR LF end a line, too. */
	for (int i = 0; i < 2 && at > first && at[-1] == '\r'; i++)
		at--;
	return at > first ? at[-1] == '\n'
			  : evidence->offset <= EVIDENCE_WINDOW_SIZE;
}

bool
evidence_has_nuls(const struct evidence *evidence)
{
	return memchr(evidence->head, '\0',
		   evidence_head_size(evidence->offset)) != NULL ||
	       memchr(window_bytes(evidence), '\0',
		   evidence_window_size(evidence->offset)) != NULL;
}

bool
evidence_equal(const struct evidence *a, const struct evidence *b)
{
	return a->offset == b->offset &&
	       memcmp(a->head, b->head, evidence_head_size(a->offset)) == 0 &&
	       memcmp(window_bytes(a), window_bytes(b),
		   evidence_window_size(a->offset)) == 0;
}
