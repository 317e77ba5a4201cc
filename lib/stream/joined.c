/*
 * joined.c - the text of a record out of its lines.
 */
#include "config.h"

#include "stream/joined.h"

#include <assert.h>

#include "utf8.h"

#define KEPT_MAX 65536 /* bytes of memory, from record to record */

void
joined_init(struct joined *joined, size_t size_max)
{
	*joined = (struct joined){.size_max = size_max};
	/* One byte more says whether a cut is between two characters. */
	sse_buf_init(&joined->text, size_max + 1);
}

void
joined_done(struct joined *joined)
{
	sse_buf_done(&joined->text);
}

void
joined_clear(struct joined *joined)
{
	/* A long one would else stay for as long as the client does. */
	if (joined->text.capacity > KEPT_MAX)
		sse_buf_done(&joined->text);
	else
		sse_buf_clear(&joined->text);
	joined->lines = 0;
	joined->left_out = joined->nuls = 0;
	joined->taken = false;
}

bool
joined_is_full_for(const struct joined *joined, const struct source_item *line)
{
	size_t size = joined->text.size + 1 + line->record.text.size;

	return joined->left_out > 0 || line->record.left_out > 0 ||
	       size > joined->size_max;
}

static int
add_text(struct joined *joined, struct sse_slice text)
{
	size_t room = joined->text.size_max - joined->text.size;
	size_t size = text.size < room ? text.size : room;
	int error = sse_buf_add(&joined->text, text.data, size);

	if (error == 0)
		joined->left_out += text.size - size;
	return error;
}

int
joined_add(
    struct joined *joined, const struct source_item *line, int64_t now_ms)
{
	size_t size = joined->text.size;
	uint64_t left_out = joined->left_out;
	int error = 0;

	if (joined->lines > 0)
		error = add_text(joined, (struct sse_slice){"\n", 1});
	if (error == 0)
		error = add_text(joined, line->record.text);
	if (error != 0) {
		joined->text.size = size;
		joined->left_out = left_out;
		return error;
	}
	assert(joined->text.size <= joined->text.size_max);
	joined->left_out += line->record.left_out;
	joined->nuls += line->record.nuls;
	joined->moved_ms = now_ms;
	if (joined->lines++ == 0)
		joined->began_ms = now_ms;
	joined->last = *line;
	return 0;
}

/* The limit is kept at a character; the text has one byte more, or fits. */
static void
cut(struct record *record, size_t size_max)
{
	size_t size = record->text.size;

	if (size > size_max) {
		record->text.size = sse_utf8_cut(record->text, size_max);
		record->left_out += size - record->text.size;
	}
}

void
joined_take(
    struct joined *joined, bool unfinished, struct source_item *ret_item)
{
	struct record record = {
	    .text = sse_buf_slice(&joined->text),
	    .left_out = joined->left_out,
	    .nuls = joined->nuls,
	    .end = joined->last.record.end,
	    .unfinished = unfinished,
	};

	assert(joined->lines > 0 && !joined->taken);
	cut(&record, joined->size_max);
	assert(record.text.size <= joined->size_max);
	*ret_item = joined->last;
	ret_item->record = record;
	joined->lines = 0;
	joined->taken = true;
}

int64_t
joined_left_ms(
    const struct joined *joined, int64_t wait_ms, int waits, int64_t now_ms)
{
	int64_t rest_ms = joined->moved_ms + wait_ms - now_ms;
	int64_t all_ms = joined->began_ms + waits * wait_ms - now_ms;

	return rest_ms < all_ms ? rest_ms : all_ms;
}
