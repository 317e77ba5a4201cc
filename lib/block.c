/*
 * block.c - what came since the last blank line of an event stream.
 *
 * The data is a slice of the fed bytes as long as it is one line of them.
 * Invalid UTF-8 is repaired in the values, since the names that count are
 * ASCII, and since no repair goes over a line end, a colon or a space.
 *
 * What goes wrong (a limit, no memory) is remembered.  The id still counts, as
 * far as it could be kept: the events after it have the ids that they would
 * have had.
 */
#include "block.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "utf8.h"

void
sse_block_init(struct sse_block *block, size_t size_max)
{
	assert(size_max < SIZE_MAX); /* the data has one more LF */
	*block = (struct sse_block){.size_max = size_max};
	sse_buf_init(&block->type, size_max);
	sse_buf_init(&block->data, size_max + 1);
	sse_buf_init(&block->id, size_max);
}

void
sse_block_done(struct sse_block *block)
{
	sse_buf_done(&block->type);
	sse_buf_done(&block->data);
	sse_buf_done(&block->id);
}

void
sse_block_clear(struct sse_block *block)
{
	sse_buf_clear(&block->type);
	sse_buf_clear(&block->data);
	block->borrowed = sse_slice(NULL);
	block->has_data = false;
	block->has_id = false;
	block->error = 0;
}

void
sse_block_lose(struct sse_block *block, int error)
{
	if (block->error == 0)
		block->error = error == -ENOBUFS ? -EMSGSIZE : error;
	block->borrowed = sse_slice(NULL);
	sse_buf_clear(&block->data);
	sse_buf_clear(&block->type);
}

/* The bytes of the block's data as it would be given. */
static size_t
data_size(const struct sse_block *block)
{
	if (block->borrowed.data != NULL)
		return block->borrowed.size;
	return block->data.size > 0 ? block->data.size - 1 : 0;
}

static void
check_size(struct sse_block *block)
{
	if (block->type.size + data_size(block) > block->size_max)
		sse_block_lose(block, -EMSGSIZE);
}

static int
add_data(struct sse_block *block, struct sse_slice value)
{
	int error = sse_utf8_repair(value, &block->data);

	return error != 0 ? error : sse_buf_add(&block->data, "\n", 1);
}

void
sse_block_keep(struct sse_block *block)
{
	struct sse_slice value = block->borrowed;
	int error;

	if (value.data == NULL)
		return;
	block->borrowed = sse_slice(NULL);
	error = add_data(block, value);
	if (error != 0)
		sse_block_lose(block, error);
}

void
sse_block_take_data(struct sse_block *block, const struct sse_line *value)
{
	bool first = !block->has_data;
	int error;

	if (block->error != 0)
		return;
	block->has_data = true;
	if (first && value->fed &&
	    sse_utf8_valid(value->text) == value->text.size) {
		block->borrowed = value->text;
	} else {
		sse_block_keep(block);
		error = add_data(block, value->text);
		if (error != 0)
			sse_block_lose(block, error);
	}
	check_size(block);
}

void
sse_block_take_type(struct sse_block *block, const struct sse_line *value)
{
	int error;

	if (block->error != 0)
		return;
	sse_buf_clear(&block->type);
	error = sse_utf8_repair(value->text, &block->type);
	if (error != 0)
		sse_block_lose(block, error);
	check_size(block);
}

void
sse_block_take_id(struct sse_block *block, const struct sse_line *value)
{
	int error;

	if (memchr(value->text.data, '\0', value->text.size) != NULL)
		return;
	sse_buf_clear(&block->id);
	error = sse_utf8_repair(value->text, &block->id);
	if (error != 0)
		sse_block_lose(block, error);
	/*
	 * Rather an older id than half of one: it repeats, and loses nothing.
	 */
	block->has_id = error == 0;
}

struct sse_slice
sse_block_type(const struct sse_block *block)
{
	struct sse_slice type = sse_buf_slice(&block->type);

	return type.size > 0 ? type : sse_slice("message");
}

struct sse_slice
sse_block_data(const struct sse_block *block)
{
	struct sse_slice data = sse_buf_slice(&block->data);

	assert(block->has_data && block->error == 0);
	if (block->borrowed.data != NULL)
		return block->borrowed;
	assert(data.size > 0 && data.data[data.size - 1] == '\n');
	data.size--;
	return data;
}
