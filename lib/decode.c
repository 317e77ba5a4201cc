/*
 * decode.c - lines into events, as 9.2.6 says.
 *
 *	fed bytes -> line -> field -> block (type, data, id) -> event
 *
 * What goes wrong in a block (a limit, no memory) is told at its blank line.
 * Its id and its retry still count: the events after it have the ids that they
 * would have had.
 */
#include "ssekit.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "lines.h"
#include "sized.h"

#define EVENT_SIZE_DEFAULT ((size_t)16 << 20)

struct sse_decoder {
	size_t event_size_max;
	struct sse_lines lines;
	struct sse_block block;
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
	sse_block_init(&decoder->block, event_size_max);
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
	sse_block_done(&decoder->block);
	sse_buf_done(&decoder->last_event_id);
	sse_buf_done(&decoder->retry);
	free(decoder);
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
	sse_block_clear(&decoder->block);
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

static void
take_data(struct sse_decoder *decoder, const struct sse_line *value)
{
	sse_block_take_data(&decoder->block, value);
}

static void
take_type(struct sse_decoder *decoder, const struct sse_line *value)
{
	sse_block_take_type(&decoder->block, value);
}

static void
take_id(struct sse_decoder *decoder, const struct sse_line *value)
{
	sse_block_take_id(&decoder->block, value);
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
		sse_block_lose(&decoder->block, -ENOMEM);
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
		sse_block_lose(&decoder->block, line->error);
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
	*ret_event = (struct sse_event){
	    .id = sse_buf_slice(&decoder->last_event_id),
	    .type = sse_block_type(&decoder->block),
	    .data = sse_block_data(&decoder->block),
	    .has_retry = decoder->retry_is_new,
	};
	assert(!decoder->retry_is_new || decoder->retry.size > 0);
	if (decoder->retry_is_new)
		ret_event->retry_ms = retry_ms(sse_buf_slice(&decoder->retry));
	decoder->retry_is_new = false;
	decoder->given = true;
}

/* A blank line: 1 with an event, 0 without, or why the event is lost. */
static int
end_block(struct sse_decoder *decoder, struct sse_event *ret_event)
{
	struct sse_block *block = &decoder->block;
	int error = block->error;

	if (block->has_id) {
		struct sse_buf former = decoder->last_event_id;

		decoder->last_event_id = block->id;
		block->id = former;
	}
	if (error != 0 || !block->has_data) {
		sse_block_clear(block);
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
		sse_block_clear(&decoder->block);
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
	/* What was fed goes now. */
	assert(decoder->lines.fed.size == 0 && !decoder->given);
	sse_block_keep(&decoder->block);
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
