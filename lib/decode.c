/*
 * decode.c - lines into events, as 9.2.6 says.
 *
 *	fed bytes -> line -> field -> block (type, data, id) -> event
 *
 * A block's data is a slice of the fed bytes as long as it is one line of
 * them.  Invalid UTF-8 is repaired in the values, since the names that count
 * are ASCII, and since no repair goes over a line end, a colon or a space.
 *
 * What goes wrong in a block (a limit, no memory) is remembered in it and told
 * at its blank line.  Its id and its retry still count, as far as they could
 * be kept: the events after it have the ids that they would have had.
 */
#include "ssekit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "sized.h"
#include "utf8.h"

#define EVENT_SIZE_DEFAULT ((size_t)16 << 20)

/* What came since the last blank line. */
struct block {
	struct sse_buf type;
	struct sse_buf data;       /* lines, each with its LF; or unused: */
	struct sse_slice borrowed; /* the one line of data, in the fed bytes */
	struct sse_buf id;
	bool has_data;
	bool has_id;
	int error; /* why the event is lost, or 0 */
};

struct sse_decoder {
	size_t event_size_max;
	struct sse_lines lines;
	struct block block;
	bool given; /* the block is with the caller */
	struct sse_buf last_event_id;
	struct sse_buf retry; /* digits */
	bool retry_is_new;
};

struct sse_decoder *
sse_decoder_new(size_t event_size_max)
{
	struct sse_decoder *decoder = malloc(sizeof(*decoder));

	if (decoder == NULL)
		return NULL;
	if (event_size_max == 0)
		event_size_max = EVENT_SIZE_DEFAULT;
	if (event_size_max == SIZE_MAX)
		event_size_max--; /* the data has one more LF */
	*decoder = (struct sse_decoder){.event_size_max = event_size_max};
	sse_lines_init(&decoder->lines, event_size_max);
	sse_buf_init(&decoder->block.type, event_size_max);
	sse_buf_init(&decoder->block.data, event_size_max + 1);
	sse_buf_init(&decoder->block.id, event_size_max);
	sse_buf_init(&decoder->last_event_id, event_size_max);
	sse_buf_init(&decoder->retry, event_size_max);
	return decoder;
}

void
sse_decoder_free(struct sse_decoder *decoder)
{
	if (decoder == NULL)
		return;
	sse_lines_done(&decoder->lines);
	sse_buf_done(&decoder->block.type);
	sse_buf_done(&decoder->block.data);
	sse_buf_done(&decoder->block.id);
	sse_buf_done(&decoder->last_event_id);
	sse_buf_done(&decoder->retry);
	free(decoder);
}

static void
clear_block(struct block *block)
{
	sse_buf_clear(&block->type);
	sse_buf_clear(&block->data);
	block->borrowed = sse_slice(NULL);
	block->has_data = false;
	block->has_id = false;
	block->error = 0;
}

int
sse_decoder_restart(struct sse_decoder *decoder, struct sse_slice last_event_id)
{
	struct sse_buf id;
	int error;

	if (decoder == NULL)
		return -ENOMEM;
	if (last_event_id.data == NULL)
		last_event_id.size = 0;
	/* It may be this decoder's own, so it is copied before that goes. */
	sse_buf_init(&id, decoder->event_size_max);
	error = sse_buf_add(&id, last_event_id.data, last_event_id.size);
	if (error != 0)
		return error == -ENOBUFS ? -EMSGSIZE : error;
	sse_buf_done(&decoder->last_event_id);
	decoder->last_event_id = id;
	sse_lines_restart(&decoder->lines);
	clear_block(&decoder->block);
	decoder->given = false;
	return 0;
}

void
sse_decoder_feed(struct sse_decoder *decoder, const char *bytes, size_t size)
{
	if (decoder != NULL && bytes != NULL)
		sse_lines_feed(
		    &decoder->lines, (struct sse_slice){bytes, size});
}

static void
skip(struct sse_slice *text, size_t size)
{
	text->data += size;
	text->size -= size;
}

/* The event of this block cannot be given. */
static void
lose(struct block *block, int error)
{
	if (block->error == 0)
		block->error = error == -ENOBUFS ? -EMSGSIZE : error;
	block->borrowed = sse_slice(NULL);
	sse_buf_clear(&block->data);
	sse_buf_clear(&block->type);
}

/* The bytes of the block's data as it would be given. */
static size_t
data_size(const struct block *block)
{
	if (block->borrowed.data != NULL)
		return block->borrowed.size;
	return block->data.size > 0 ? block->data.size - 1 : 0;
}

static void
check_size(struct sse_decoder *decoder)
{
	struct block *block = &decoder->block;

	if (block->type.size + data_size(block) > decoder->event_size_max)
		lose(block, -EMSGSIZE);
}

static int
add_data(struct block *block, struct sse_slice value)
{
	int error = sse_utf8_repair(value, &block->data);

	return error != 0 ? error : sse_buf_add(&block->data, "\n", 1);
}

/* Makes the data the block's own. */
static void
keep_block(struct block *block)
{
	struct sse_slice value = block->borrowed;
	int error;

	if (value.data == NULL)
		return;
	block->borrowed = sse_slice(NULL);
	error = add_data(block, value);
	if (error != 0)
		lose(block, error);
}

static void
take_data(struct sse_decoder *decoder, const struct sse_line *value)
{
	struct block *block = &decoder->block;
	bool first = !block->has_data;
	int error;

	if (block->error != 0)
		return;
	block->has_data = true;
	if (first && value->fed &&
	    sse_utf8_valid(value->text) == value->text.size) {
		block->borrowed = value->text;
	} else {
		keep_block(block);
		error = add_data(block, value->text);
		if (error != 0)
			lose(block, error);
	}
	check_size(decoder);
}

static void
take_type(struct sse_decoder *decoder, const struct sse_line *value)
{
	struct block *block = &decoder->block;
	int error;

	if (block->error != 0)
		return;
	sse_buf_clear(&block->type);
	error = sse_utf8_repair(value->text, &block->type);
	if (error != 0)
		lose(block, error);
	check_size(decoder);
}

static void
take_id(struct sse_decoder *decoder, const struct sse_line *value)
{
	struct block *block = &decoder->block;
	int error;

	if (memchr(value->text.data, '\0', value->text.size) != NULL)
		return;
	sse_buf_clear(&block->id);
	error = sse_utf8_repair(value->text, &block->id);
	if (error != 0)
		lose(block, error);
	/*
	 * Rather an older id than half of one: it repeats, and loses nothing.
	 */
	block->has_id = error == 0;
}

static void
take_retry(struct sse_decoder *decoder, const struct sse_line *value)
{
	struct sse_slice digits = value->text;
	size_t before = decoder->retry.size;

	for (size_t i = 0; i < digits.size; i++)
		if (digits.data[i] < '0' || digits.data[i] > '9')
			return;
	if (digits.size == 0) /* what it means is not settled */
		return;
	while (digits.size > 1 && *digits.data == '0')
		skip(&digits, 1);
	sse_buf_clear(&decoder->retry);
	if (sse_buf_add(&decoder->retry, digits.data, digits.size) == 0) {
		decoder->retry_is_new = true;
	} else {
		decoder->retry.size = before;
		lose(&decoder->block, -ENOMEM);
	}
}

static const struct field {
	const char *name;
	void (*take)(struct sse_decoder *decoder, const struct sse_line *value);
} fields[] = {
    {"data", take_data},
    {"event", take_type},
    {"id", take_id},
    {"retry", take_retry},
};

static const struct field *
find_field(struct sse_slice name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (sse_slice_equal(name, sse_slice(fields[i].name)))
			return &fields[i];
	return NULL;
}

/* A line that is not blank.  A comment is a field without a name. */
static void
take_field(struct sse_decoder *decoder, struct sse_line *line)
{
	struct sse_slice name = line->text;
	const char *colon = memchr(name.data, ':', name.size);
	const struct field *field;

	if (colon != NULL)
		name.size = (size_t)(colon - name.data);
	skip(&line->text, name.size + (colon != NULL));
	if (colon != NULL && line->text.size > 0 && *line->text.data == ' ')
		skip(&line->text, 1);
	field = find_field(name);
	if (line->error == -EMSGSIZE && field == NULL)
		return;
	if (line->error != 0)
		lose(&decoder->block, line->error);
	else if (field != NULL)
		field->take(decoder, line);
}

/* A retry may have any number of digits, but not in an event. */
static int64_t
retry_ms(struct sse_slice digits)
{
	int64_t value = 0;

	for (size_t i = 0; i < digits.size; i++) {
		value = value * 10 + (digits.data[i] - '0');
		if (value > SSE_RETRY_MS_MAX)
			return SSE_RETRY_MS_MAX;
	}
	return value;
}

static void
give(struct sse_decoder *decoder, struct sse_event *ret_event)
{
	struct block *block = &decoder->block;
	struct sse_slice data = sse_buf_slice(&block->data);
	struct sse_slice type = sse_buf_slice(&block->type);

	if (block->borrowed.data != NULL)
		data = block->borrowed;
	else
		data.size--; /* the last LF */
	*ret_event = (struct sse_event){
	    .id = sse_buf_slice(&decoder->last_event_id),
	    .type = type.size > 0 ? type : sse_slice("message"),
	    .data = data,
	    .has_retry = decoder->retry_is_new,
	};
	if (decoder->retry_is_new)
		ret_event->retry_ms = retry_ms(sse_buf_slice(&decoder->retry));
	decoder->retry_is_new = false;
	decoder->given = true;
}

/* A blank line: 1 with an event, 0 without, or why the event is lost. */
static int
end_block(struct sse_decoder *decoder, struct sse_event *ret_event)
{
	struct block *block = &decoder->block;
	int error = block->error;

	if (block->has_id) {
		struct sse_buf former = decoder->last_event_id;

		decoder->last_event_id = block->id;
		block->id = former;
	}
	if (error != 0 || !block->has_data) {
		clear_block(block);
		return error;
	}
	give(decoder, ret_event);
	return 1;
}

static int
next(struct sse_decoder *decoder, struct sse_event *ret_event)
{
	struct sse_line line;

	if (decoder->given)
		clear_block(&decoder->block);
	decoder->given = false;
	while (sse_lines_next(&decoder->lines, &line)) {
		bool blank = line.text.size == 0 && line.error == 0;
		int got = 0;

		if (blank)
			got = end_block(decoder, ret_event);
		else
			take_field(decoder, &line);
		if (got != 0)
			return got;
	}
	keep_block(&decoder->block);
	return 0;
}

int
sse_decoder_next_sized(
    struct sse_decoder *decoder, struct sse_event *ret_event, size_t event_size)
{
	struct sse_event event;
	int got;

	if (decoder == NULL)
		return -ENOMEM;
	if (ret_event == NULL)
		return -EINVAL;
	got = next(decoder, &event);
	if (got == 1)
		sse_sized_put(ret_event, event_size, &event, sizeof(event));
	return got;
}

struct sse_slice
sse_decoder_last_event_id(const struct sse_decoder *decoder)
{
	if (decoder == NULL)
		return sse_slice(NULL);
	return sse_buf_slice(&decoder->last_event_id);
}

struct sse_slice
sse_decoder_retry(const struct sse_decoder *decoder)
{
	if (decoder == NULL || decoder->retry.size == 0)
		return sse_slice(NULL);
	return sse_buf_slice(&decoder->retry);
}
