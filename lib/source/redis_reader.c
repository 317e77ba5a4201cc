/*
 * redis_reader.c - what a server answers, in the protocol RESP 2: a line that
 * begins with the kind of a value, and behind that of a string its bytes.
 */
#include "config.h"

#include "source/redis_reader.h"

#include <assert.h>
#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/redis_room.h"

/* EXEC has ranges of entries, which have an id and a list of fields. */
#define DEPTH_OF_FIELDS 3

/* Also where a number of 64 bits needs more than a pointer, as on ARM. */
static_assert(alignof(struct redis_value) <= REDIS_ROOM_UNIT,
    "a value can be where it is put");

enum state {
	IN_LINE,
	IN_TEXT,
	BEHIND_TEXT /* CR, LF */
};

/* An array whose items come. */
struct level {
	struct redis_value *array; /* NULL: it is left out */
	size_t capacity;           /* items that there is room for */
	uint64_t left;             /* items that come yet */
};

struct redis_reader {
	struct redis_room room;
	size_t room_size;
	size_t left;       /* bytes that an answer may have yet */
	size_t brief_left; /* and a list that is kept in brief; else SIZE_MAX */
	struct redis_value answer;
	struct level levels[REDIS_DEPTH_MAX];
	size_t depth;
	bool has_answer;
	enum state state;
	char line[REDIS_LINE_MAX + 1]; /* with its LF */
	size_t line_size;
	char *text;         /* where the next bytes of it go */
	size_t text_room;   /* for so many of them */
	uint64_t text_left; /* that come yet; behind it: of CR, LF */
};

/* ---------------------------------------------------------------- room -- */

static size_t
room_of(const struct redis_reader *reader)
{
	return reader->left < reader->brief_left ? reader->left
						 : reader->brief_left;
}

static void
use_room(struct redis_reader *reader, size_t size)
{
	reader->left -= size;
	if (reader->brief_left != SIZE_MAX)
		reader->brief_left -= size;
}

static void
mark_cut(struct redis_reader *reader)
{
	for (size_t i = 0; i < reader->depth; i++)
		if (reader->levels[i].array != NULL)
			reader->levels[i].array->is_cut = true;
}

/* Where the next value goes; NULL: it is left out. */
static struct redis_value *
next_value(struct redis_reader *reader)
{
	struct level *level;
	struct redis_value *array;

	if (reader->depth == 0)
		return &reader->answer;
	level = &reader->levels[reader->depth - 1];
	array = level->array;
	if (array == NULL || array->count == level->capacity)
		return NULL;
	return &array->items[array->count++];
}

static struct redis_value *
make_value(struct redis_reader *reader, enum redis_kind kind, uint64_t sent)
{
	struct redis_value *value = next_value(reader);

	if (value == NULL)
		mark_cut(reader);
	else
		*value = (struct redis_value){.kind = kind, .sent = sent};
	return value;
}

/* -------------------------------------------------------------- values -- */

/* The value has ended, and the arrays that end with it. */
static void
end_value(struct redis_reader *reader)
{
	reader->state = IN_LINE;
	reader->line_size = 0;
	while (reader->depth > 0 &&
	       --reader->levels[reader->depth - 1].left == 0) {
		reader->depth--;
		if (reader->depth <= DEPTH_OF_FIELDS)
			reader->brief_left = SIZE_MAX;
	}
	reader->has_answer = reader->depth == 0;
}

/* Before a value begins. */
static void
give_room(struct redis_reader *reader)
{
	bool is_last = reader->depth == 1 && reader->levels[0].left == 1;

	if (reader->depth == 0)
		redis_room_clear(&reader->room);
	if (reader->depth == 0 || is_last) {
		reader->left = reader->room_size;
		reader->brief_left = SIZE_MAX;
	}
}

/* How many items of an array are kept: there has to be room for texts, too. */
static size_t
begin_items(struct redis_reader *reader, uint64_t count)
{
	size_t capacity;

	if (reader->depth == DEPTH_OF_FIELDS && reader->levels[0].left > 1) {
		capacity = REDIS_BRIEF_COUNT;
		reader->brief_left =
		    REDIS_BRIEF_SIZE +
		    REDIS_BRIEF_COUNT * sizeof(struct redis_value);
	} else if (reader->left > REDIS_BRIEF_SIZE)
		capacity = (reader->left - REDIS_BRIEF_SIZE) /
			   sizeof(struct redis_value);
	else
		capacity = 0;
	if (capacity > room_of(reader) / sizeof(struct redis_value))
		capacity = room_of(reader) / sizeof(struct redis_value);
	return count < capacity ? (size_t)count : capacity;
}

static int
push_array(
    struct redis_reader *reader, struct redis_value *array, uint64_t count)
{
	struct level level = {.array = array, .left = count};
	size_t size;

	if (reader->depth == REDIS_DEPTH_MAX)
		return -EPROTO;
	if (array != NULL) {
		level.capacity = begin_items(reader, count);
		size = level.capacity * sizeof(struct redis_value);
		array->items = redis_room_take(&reader->room, size);
		if (array->items == NULL)
			return -ENOMEM;
		use_room(reader, size);
	}
	reader->levels[reader->depth++] = level;
	reader->state = IN_LINE;
	reader->line_size = 0;
	return 0;
}

/* A text of which so many bytes are kept as there is room for. */
static int
make_text(struct redis_reader *reader, enum redis_kind kind, uint64_t size)
{
	struct redis_value *value = make_value(reader, kind, size);
	size_t kept = 0;

	if (value != NULL)
		kept = size < room_of(reader) ? (size_t)size : room_of(reader);
	reader->text_left = size;
	reader->text_room = kept;
	if (value == NULL)
		return 0;
	reader->text = redis_room_take(&reader->room, kept + 1);
	if (reader->text == NULL)
		return -ENOMEM;
	reader->text[kept] = '\0';
	use_room(reader, kept);
	value->text = (struct sse_slice){reader->text, kept};
	value->is_cut = kept < size;
	if (value->is_cut)
		mark_cut(reader);
	return 0;
}

/* -------------------------------------------------------------- lines -- */

static int
take_line_of_text(
    struct redis_reader *reader, enum redis_kind kind, struct sse_slice text)
{
	int error = make_text(reader, kind, text.size);

	if (error != 0)
		return error;
	if (reader->text_room > 0)
		memcpy(reader->text, text.data, reader->text_room);
	end_value(reader);
	return 0;
}

static int
take_number(struct redis_reader *reader, int64_t number)
{
	struct redis_value *value = make_value(reader, REDIS_NUMBER, 0);

	if (value != NULL)
		value->number = number;
	end_value(reader);
	return 0;
}

/* "$5", "*2"; a size of -1 is that of what is not there. */
static int
take_size(struct redis_reader *reader, char kind, int64_t number)
{
	struct redis_value *value;
	int error;

	if (number < -1)
		return -EPROTO;
	if (kind == '$' && number >= 0) {
		error = make_text(reader, REDIS_TEXT, (uint64_t)number);
		reader->state = IN_TEXT;
		return error;
	}
	if (kind == '*' && number > 0) {
		value = make_value(reader, REDIS_ARRAY, (uint64_t)number);
		return push_array(reader, value, (uint64_t)number);
	}
	(void)make_value(reader, number == 0 ? REDIS_ARRAY : REDIS_NIL, 0);
	end_value(reader);
	return 0;
}

static int
take_line(struct redis_reader *reader)
{
	struct sse_slice text = {reader->line + 1, reader->line_size - 3};
	int64_t number;

	if (reader->line_size < 3 || reader->line[text.size + 1] != '\r')
		return -EPROTO;
	give_room(reader);
	switch (reader->line[0]) {
	case '+':
		return take_line_of_text(reader, REDIS_TEXT, text);
	case '-':
		return take_line_of_text(reader, REDIS_ERROR, text);
	default:
		break;
	}
	if (!redis_number_read(text, &number))
		return -EPROTO;
	return reader->line[0] == ':'
		   ? take_number(reader, number)
		   : take_size(reader, reader->line[0], number);
}

/* --------------------------------------------------------------- bytes -- */

/* What is no answer shows at its first byte, mostly. */
static int
add_to_line(struct redis_reader *reader, struct sse_slice *bytes)
{
	const char *end = memchr(bytes->data, '\n', bytes->size);
	size_t size = bytes->size;

	if (reader->line_size == 0 && memchr("+-:$*", *bytes->data, 5) == NULL)
		return -EPROTO;
	if (end != NULL)
		size = (size_t)(end - bytes->data) + 1;
	if (size > sizeof(reader->line) - reader->line_size)
		return -EPROTO;
	memcpy(reader->line + reader->line_size, bytes->data, size);
	reader->line_size += size;
	bytes->data += size;
	bytes->size -= size;
	return end != NULL ? take_line(reader) : 0;
}

static void
add_to_text(struct redis_reader *reader, struct sse_slice *bytes)
{
	size_t size = bytes->size;
	size_t kept;

	if (size > reader->text_left)
		size = (size_t)reader->text_left;
	kept = size < reader->text_room ? size : reader->text_room;
	if (kept > 0) {
		memcpy(reader->text, bytes->data, kept);
		reader->text += kept;
		reader->text_room -= kept;
	}
	bytes->data += size;
	bytes->size -= size;
	reader->text_left -= size;
	if (reader->text_left > 0)
		return;
	reader->state = BEHIND_TEXT;
	reader->text_left = 2;
}

static int
end_text(struct redis_reader *reader, struct sse_slice *bytes)
{
	if (*bytes->data != (reader->text_left == 2 ? '\r' : '\n'))
		return -EPROTO;
	bytes->data++;
	bytes->size--;
	if (--reader->text_left == 0)
		end_value(reader);
	return 0;
}

static int
take_some(struct redis_reader *reader, struct sse_slice *bytes)
{
	switch (reader->state) {
	case IN_LINE:
		return add_to_line(reader, bytes);
	case IN_TEXT:
		add_to_text(reader, bytes);
		return 0;
	case BEHIND_TEXT:
		return end_text(reader, bytes);
	}
	return -EPROTO;
}

/* -------------------------------------------------------------- reader -- */

struct redis_reader *
redis_reader_new(size_t room_size)
{
	struct redis_reader *reader = calloc(1, sizeof(*reader));

	if (reader != NULL)
		reader->room_size = room_size;
	return reader;
}

void
redis_reader_free(struct redis_reader *reader)
{
	if (reader == NULL)
		return;
	redis_room_done(&reader->room);
	free(reader);
}

int
redis_reader_take(struct redis_reader *reader, struct sse_slice *bytes,
    const struct redis_value **ret_answer)
{
	reader->has_answer = false;
	while (bytes->size > 0 && !reader->has_answer) {
		int error = take_some(reader, bytes);

		if (error != 0)
			return error;
	}
	if (!reader->has_answer)
		return 0;
	*ret_answer = &reader->answer;
	return 1;
}
