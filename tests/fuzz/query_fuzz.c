/*
 * query_fuzz.c - any query is searched without harm, and a value that is cut
 * is the beginning of the whole one.
 *
 *	input: size of the buffer (1 byte), query
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "query.h"

static void
check_field(struct sse_slice query, const char *name, size_t cut_size)
{
	char *whole = malloc(query.size + 1), *cut = malloc(cut_size + 1);
	ssize_t size, got;

	REQUIRE(whole != NULL && cut != NULL);
	size = sse_query_find(query, name, whole, query.size + 1);
	memset(cut, '?', cut_size + 1);
	got = sse_query_find(query, name, cut, cut_size);
	if (size < 0) {
		REQUIRE(size == -ENOENT && got == -ENOENT);
	} else {
		REQUIRE((size_t)size <= query.size);
		REQUIRE(got ==
			((size_t)size < cut_size ? size : (ssize_t)cut_size));
		REQUIRE(memcmp(whole, cut, (size_t)got) == 0);
		REQUIRE(cut[cut_size] == '?');
	}
	free(whole);
	free(cut);
}

void
query_fuzz(struct sse_slice query)
{
	size_t cut_size = fuzz_number(&query);

	check_field(query, "stream", cut_size);
	check_field(query, "lastEventId", cut_size);
	check_field(query, "", cut_size);
}
