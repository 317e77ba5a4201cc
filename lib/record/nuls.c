/*
 * nuls.c - runs of NUL bytes.
 *
 * A text that is one run is the case that costs: it is compared with itself, a
 * byte further on, which memcmp(3) does many bytes at a time.
 */
#include "record/nuls.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static bool
is_one_run(struct sse_slice text)
{
	assert(text.size > 0);
	return text.data[0] == '\0' &&
	       memcmp(text.data, text.data + 1, text.size - 1) == 0;
}

size_t
nuls_before(struct sse_slice text)
{
	size_t count = 0;

	if (text.size == 0 || text.data[0] != '\0')
		return 0;
	if (is_one_run(text))
		return text.size;
	while (text.data[count] == '\0')
		count++;
	return count;
}

size_t
nuls_behind(struct sse_slice text)
{
	size_t count = 0;

	if (text.size == 0 || text.data[text.size - 1] != '\0')
		return 0;
	if (is_one_run(text))
		return text.size;
	while (text.data[text.size - count - 1] == '\0')
		count++;
	return count;
}

bool
nuls_begin(struct sse_slice text)
{
	if (text.size > NULS_RUN_SIZE)
		text.size = NULS_RUN_SIZE;
	return text.size > 0 && nuls_before(text) == text.size;
}
