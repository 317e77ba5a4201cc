/*
 * fingerprint.c - hashes that prove a position.
 *
 * xxHash is included here alone, as a header: no library has to be there when
 * the program runs.
 */
#include "config.h"

#include "source/fingerprint.h"

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
fingerprint_head_size(uint64_t offset)
{
	return least(offset, FINGERPRINT_HEAD_SIZE);
}

size_t
fingerprint_window_size(uint64_t offset)
{
	return least(offset, FINGERPRINT_WINDOW_SIZE);
}

uint64_t
fingerprint_bytes(uint64_t seed, struct sse_slice bytes)
{
	const char *data = bytes.size > 0 ? bytes.data : "";

	return XXH3_64bits_withSeed(data, bytes.size,
	    seed + (bytes.size + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

uint64_t
fingerprint_file(const struct sse_file_stat *stat)
{
	uint64_t parts[] = {
	    stat->device, stat->inode, (uint64_t)stat->birth_ns};
	uint64_t file = XXH3_64bits(parts, sizeof(parts)) & FILE_MASK;

	/* 0 stands for "no file yet" in an id. */
	return file != 0 ? file : 1;
}

bool
fingerprint_same_file(
    const struct sse_file_stat *a, const struct sse_file_stat *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->birth_ns == b->birth_ns;
}

static char *
window_of(struct fingerprint *fingerprint, size_t size)
{
	return fingerprint->window + FINGERPRINT_WINDOW_SIZE - size;
}

static const char *
window_bytes(const struct fingerprint *fingerprint)
{
	return fingerprint->window + FINGERPRINT_WINDOW_SIZE -
	       fingerprint_window_size(fingerprint->offset);
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
fingerprint_load(struct fingerprint *fingerprint, int fd, uint64_t offset)
{
	size_t head = fingerprint_head_size(offset);
	size_t window = fingerprint_window_size(offset);
	int error = read_exactly(fd, fingerprint->head, head, 0);

	/* Of a short file the head has all. */
	if (error == 0 && head == offset)
		memcpy(window_of(fingerprint, window),
		    fingerprint->head + head - window, window);
	else if (error == 0)
		error = read_exactly(fd, window_of(fingerprint, window), window,
		    offset - window);
	if (error != 0)
		return error;
	fingerprint->offset = offset;
	fingerprint->seed = XXH3_64bits(fingerprint->head, head);
	return 0;
}

static void
advance_head(struct fingerprint *fingerprint, const char *bytes, size_t size)
{
	size_t have = fingerprint_head_size(fingerprint->offset);
	size_t more = least(size, FINGERPRINT_HEAD_SIZE - have);

	if (more == 0)
		return;
	memcpy(fingerprint->head + have, bytes, more);
	fingerprint->seed = XXH3_64bits(fingerprint->head, have + more);
}

void
fingerprint_advance(struct fingerprint *fingerprint, char *bytes, size_t size)
{
	memcpy(bytes - FINGERPRINT_WINDOW_SIZE, fingerprint->window,
	    FINGERPRINT_WINDOW_SIZE);
	advance_head(fingerprint, bytes, size);
	fingerprint->offset += size;
	memcpy(fingerprint->window, bytes + size - FINGERPRINT_WINDOW_SIZE,
	    FINGERPRINT_WINDOW_SIZE);
}

void
fingerprint_skip(struct fingerprint *fingerprint, uint64_t nuls)
{
	char bytes[FINGERPRINT_WINDOW_SIZE + FINGERPRINT_HEAD_SIZE] = {0};

	while (nuls > 0) {
		/* More than both have need not be looked at. */
		size_t size = least(nuls, FINGERPRINT_HEAD_SIZE);

		fingerprint_advance(
		    fingerprint, bytes + FINGERPRINT_WINDOW_SIZE, size);
		memset(bytes, 0, FINGERPRINT_WINDOW_SIZE);
		nuls -= size;
		if (fingerprint->offset >= FINGERPRINT_HEAD_SIZE &&
		    size >= FINGERPRINT_WINDOW_SIZE) {
			fingerprint->offset += nuls;
			nuls = 0;
		}
	}
}

/* The hash of a size that is known needs no questions: it is all here. */
static __attribute__((flatten)) uint64_t
hash_whole_window(const char *end, uint64_t seed)
{
	return XXH3_64bits_withSeed(
	    end - FINGERPRINT_WINDOW_SIZE, FINGERPRINT_WINDOW_SIZE, seed);
}

static uint64_t
hash_at(const struct fingerprint *fingerprint, uint64_t offset, const char *end)
{
	size_t window = fingerprint_window_size(offset);
	uint64_t seed = fingerprint->seed;

	if (offset >= FINGERPRINT_HEAD_SIZE)
		return hash_whole_window(end, seed);
	seed = XXH3_64bits(fingerprint->head, (size_t)offset);
	return XXH3_64bits_withSeed(end - window, window, seed);
}

uint64_t
fingerprint_check_at(
    const struct fingerprint *fingerprint, uint64_t offset, const char *end)
{
	assert(offset <= fingerprint->offset);
	return hash_at(fingerprint, offset, end) & CHECK_MASK;
}

uint64_t
fingerprint_check(const struct fingerprint *fingerprint)
{
	return fingerprint_check_at(fingerprint, fingerprint->offset,
	    fingerprint->window + FINGERPRINT_WINDOW_SIZE);
}

bool
fingerprint_proves(
    struct fingerprint *fingerprint, int fd, uint64_t offset, uint64_t check)
{
	return fingerprint_load(fingerprint, fd, offset) == 0 &&
	       fingerprint_check(fingerprint) == check;
}

/* 1, 0, or -errno. */
static int
file_has(int fd, const char *bytes, size_t size, uint64_t offset)
{
	char found[FINGERPRINT_HEAD_SIZE];
	int error = read_exactly(fd, found, size, offset);

	if (error == RESULT_CHANGED)
		return 0;
	return error != 0 ? error : memcmp(found, bytes, size) == 0;
}

bool
fingerprint_begins(const struct fingerprint *fingerprint, int fd, uint64_t size)
{
	size_t head = fingerprint_head_size(fingerprint->offset);

	return file_has(fd, fingerprint->head,
		   size < head ? (size_t)size : head, 0) == 1;
}

int
fingerprint_holds(const struct fingerprint *fingerprint, int fd)
{
	size_t window = fingerprint_window_size(fingerprint->offset);
	int holds = file_has(fd, fingerprint->head,
	    fingerprint_head_size(fingerprint->offset), 0);

	/* A short head has the window in it. */
	if (holds != 1 || fingerprint->offset <= FINGERPRINT_HEAD_SIZE)
		return holds;
	return file_has(fd, window_bytes(fingerprint), window,
	    fingerprint->offset - window);
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
fingerprint_follow(struct fingerprint *fingerprint, int fd)
{
	struct fingerprint now;
	size_t head = fingerprint_head_size(fingerprint->offset);
	int error = fingerprint_load(&now, fd, fingerprint->offset);

	if (error != 0)
		return error == RESULT_CHANGED ? 0 : error;
	for (size_t i = 0; i < head; i++)
		if (fingerprint->head[i] != '\0' &&
		    fingerprint->head[i] != now.head[i])
			return 0;
	if (!differs_in_nuls(window_bytes(fingerprint), window_bytes(&now),
		fingerprint_window_size(fingerprint->offset)))
		return 0;
	*fingerprint = now;
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
whole_lines(const struct fingerprint *fingerprint)
{
	const char *window = window_bytes(fingerprint);
	const char *end = fingerprint->window + FINGERPRINT_WINDOW_SIZE;
	const char *cut = memchr(window, '\n', (size_t)(end - window));
	const char *line = cut != NULL ? cut + 1 : end;

	return (struct sse_slice){line, (size_t)(end - line)};
}

bool
fingerprint_weak(const struct fingerprint *fingerprint)
{
	struct lines lines = {{NULL, 0}, false};

	lines_compare(&lines, (struct sse_slice){fingerprint->head,
				  fingerprint_head_size(fingerprint->offset)});
	if (fingerprint->offset > FINGERPRINT_HEAD_SIZE)
		lines_compare(&lines, whole_lines(fingerprint));
	return !lines.differ;
}

/* NULs that begin a record are not part of it. */
static struct sse_slice
window_before_nuls(const struct fingerprint *fingerprint)
{
	struct sse_slice window = {window_bytes(fingerprint),
	    fingerprint_window_size(fingerprint->offset)};

	window.size -= nuls_behind(window);
	return window;
}

static bool
ends_in(struct sse_slice text, char byte)
{
	return text.size > 0 && text.data[text.size - 1] == byte;
}

bool
fingerprint_ends_line(const struct fingerprint *fingerprint)
{
	struct sse_slice window = window_before_nuls(fingerprint);

	return window.size == 0 || ends_in(window, '\n');
}

bool
fingerprint_ends_blank(const struct fingerprint *fingerprint)
{
	struct sse_slice window = window_before_nuls(fingerprint);

	if (!fingerprint_ends_line(fingerprint))
		return false;
	window.size -= window.size > 0;
	/* CRs end a line with the LF, and NULs may begin it. */
	while (ends_in(window, '\r'))
		window.size--;
	window.size -= nuls_behind(window);
	/* Where nothing else is seen, there may be something before it. */
	return window.size == 0 ? fingerprint->offset <= FINGERPRINT_WINDOW_SIZE
				: ends_in(window, '\n');
}

bool
fingerprint_has_nuls(const struct fingerprint *fingerprint)
{
	return memchr(fingerprint->head, '\0',
		   fingerprint_head_size(fingerprint->offset)) != NULL ||
	       memchr(window_bytes(fingerprint), '\0',
		   fingerprint_window_size(fingerprint->offset)) != NULL;
}

bool
fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b)
{
	return a->offset == b->offset &&
	       memcmp(a->head, b->head, fingerprint_head_size(a->offset)) ==
		   0 &&
	       memcmp(window_bytes(a), window_bytes(b),
		   fingerprint_window_size(a->offset)) == 0;
}
