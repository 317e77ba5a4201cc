/*
 * origin_fuzz.c - of a list that is one, each origin may read and nothing else,
 * and none of them can end a line of an answer's head.
 *
 *	input: two lines: a list, an origin
 */
#include "config.h"

#include "fuzz.h"

#include "origin.h"

static void
check_answer(const char *list, struct sse_slice origin)
{
	struct sse_request request = {.method = SSE_METHOD_GET};
	struct sse_response response;
	char head[SSE_HEAD_SIZE_MAX];
	bool may_read;
	ssize_t size;

	if (origin.size == 0 || origin.size > SSE_ORIGIN_SIZE_MAX)
		return;
	memcpy(request.origin, origin.data, origin.size);
	response = sse_response_to(&request, list);
	may_read =
	    sse_origin_list_any(list) || sse_origin_list_has(list, origin);
	REQUIRE((response.origin.data != NULL) == may_read);
	size = sse_response_head(&response, head, sizeof(head));
	REQUIRE(size > 0);
	REQUIRE(memmem(head, (size_t)size, "\r\n\r\n", 4) == head + size - 4);
}

static void
check_list(const char *list)
{
	const char *at = list;
	struct sse_slice word;

	REQUIRE(sse_origin_list_any(list) || strpbrk(list, "\r\n*") == NULL);
	while ((word = sse_list_next(&at)).data != NULL) {
		REQUIRE(word.size > 0);
		REQUIRE(sse_origin_list_has(list, word));
		check_answer(list, word);
		word.size--;
		check_answer(list, word);
	}
	REQUIRE(*at == '\0');
}

void
origin_fuzz(struct sse_slice input)
{
	char *list = fuzz_string(fuzz_part(&input, '\n'));
	char *origin = fuzz_string(input);

	if (sse_origin_list_valid(list)) {
		check_list(list);
		if (strpbrk(origin, "\r\n") == NULL)
			check_answer(list, sse_slice(origin));
	}
	if (sse_header_list_valid(list))
		REQUIRE(strpbrk(list, "\r\n:,\"") == NULL);
	free(list);
	free(origin);
}
