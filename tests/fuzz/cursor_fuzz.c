/*
 * cursor_fuzz.c - a cursor of a journal that is read is what it was made of,
 * its place is an id that can be sent, and proves it; and of two the same one
 * is later, whichever is asked for first.
 *
 *	input: two cursors: lines; what is left of them may be no cursor
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>

#include "source/journal_cursor.h"

#define BOOT "0123456789abcdef0123456789abcdef"

/* As libsystemd writes it, and read again. */
static void
check_written(const struct journal_cursor *cursor)
{
	struct journal_cursor again;
	char text[256], printed[JOURNAL_CURSOR_SIZE_MAX];

	(void)snprintf(text, sizeof(text),
	    "s=%016" PRIx64 "%016" PRIx64 ";i=%" PRIx64 ";b=" BOOT ";m=%" PRIx64
	    ";t=%" PRIx64 ";x=%" PRIx64,
	    cursor->sequence[0], cursor->sequence[1], cursor->number,
	    cursor->monotonic_us, cursor->time_us, cursor->hash);
	REQUIRE(journal_cursor_read(text, &again) == 0);
	REQUIRE(journal_cursor_equal(cursor, &again));
	REQUIRE(again.hash == cursor->hash && again.time_us == cursor->time_us);
	REQUIRE(again.monotonic_us == cursor->monotonic_us);
	journal_cursor_print(cursor, printed);
	REQUIRE(strlen(printed) < sizeof(printed) - 1);
	REQUIRE(memcmp(text, printed, strlen("s=") + 32) == 0);
}

static void
check_place(const struct journal_cursor *cursor)
{
	struct sse_position position = journal_cursor_position(cursor), again;
	struct journal_cursor before = journal_cursor_before(cursor);
	char text[SSE_POSITION_SIZE_MAX];
	struct sse_slice id = {text, sse_position_format(&position, text)};

	REQUIRE(sse_position_parse(id, &again) == 0);
	REQUIRE(memcmp(&position, &again, sizeof(position)) == 0);
	REQUIRE(journal_cursor_proves(cursor, &again));
	REQUIRE(journal_cursor_has_file(cursor, &again) ==
		journal_cursor_has_sequence(cursor));
	REQUIRE(before.number + 1 == cursor->number);
	if (journal_cursor_has_sequence(cursor))
		REQUIRE(journal_cursor_is_after(cursor, &before));
}

static bool
read_line(struct sse_slice *input, struct journal_cursor *cursor)
{
	char *text = fuzz_string(fuzz_part(input, '\n'));
	int error = journal_cursor_read(text, cursor);

	REQUIRE(error == 0 || error == -EBADMSG);
	free(text);
	if (error != 0)
		return false;
	REQUIRE(journal_cursor_is_known(cursor));
	check_written(cursor);
	check_place(cursor);
	return true;
}

void
cursor_fuzz(struct sse_slice input)
{
	struct journal_cursor a, b;

	if (!read_line(&input, &a) || !read_line(&input, &b))
		return;
	REQUIRE(!journal_cursor_is_after(&a, &b) ||
		!journal_cursor_is_after(&b, &a));
	REQUIRE(!journal_cursor_is_after(&a, &a));
	REQUIRE(journal_cursor_equal(&a, &b) == journal_cursor_equal(&b, &a));
}
