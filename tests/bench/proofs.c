/*
 * proofs.c - how often a position is proven by a file that is another one.
 *
 *	proofs OLD NEW
 *
 * OLD is a log as it was, NEW the same log after it was truncated and filled
 * again.  For each end of a line in OLD, as far as NEW reaches, NEW must not
 * prove the position.  A proof is right only where the bytes before it are the
 * same; it prints how many were false, and how many by the window alone.
 */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "source/fingerprint.h"

struct text {
	int fd;
	const char *bytes;
	uint64_t size;
};

struct sums {
	uint64_t positions;
	uint64_t proven;  /* by what ids hold */
	uint64_t same;    /* of these, all bytes before it are the same */
	uint64_t windows; /* the window alone would have proven it */
};

static struct text
map(const char *path)
{
	struct text text = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
	struct stat stat;
	void *bytes;

	if (text.fd < 0 || fstat(text.fd, &stat) != 0) {
		perror(path);
		exit(111);
	}
	text.size = (uint64_t)stat.st_size;
	bytes = mmap(NULL, text.size, PROT_READ, MAP_PRIVATE, text.fd, 0);
	if (bytes == MAP_FAILED) {
		perror(path);
		exit(111);
	}
	text.bytes = bytes;
	return text;
}

static uint64_t
check_of(const struct text *text, uint64_t offset)
{
	struct fingerprint fingerprint;

	if (fingerprint_load(&fingerprint, text->fd, offset) != 0)
		abort();
	return fingerprint_check(&fingerprint);
}

static void
judge(const struct text *old, const struct text *new, uint64_t offset,
    struct sums *sums)
{
	size_t window = fingerprint_window_size(offset);

	sums->positions++;
	sums->windows += memcmp(old->bytes + offset - window,
			     new->bytes + offset - window, window) == 0;
	if (check_of(old, offset) != check_of(new, offset))
		return;
	sums->proven++;
	sums->same += memcmp(old->bytes, new->bytes, offset) == 0;
}

int
main(int argc, char **argv)
{
	struct sums sums = {0};
	struct text old, new;
	uint64_t most;

	if (argc != 3)
		return 100;
	old = map(argv[1]);
	new = map(argv[2]);
	most = old.size < new.size ? old.size : new.size;
	for (uint64_t i = 0; i < most; i++)
		if (old.bytes[i] == '\n')
			judge(&old, &new, i + 1, &sums);
	printf("positions %" PRIu64 " false %" PRIu64 " same %" PRIu64
	       " by-window %" PRIu64 "\n",
	    sums.positions, sums.proven - sums.same, sums.same, sums.windows);
	return 0;
}
