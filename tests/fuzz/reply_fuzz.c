/*
 * reply_fuzz.c - what a Redis server answers is the same values in pieces of
 * any size; whatever it is, it is an answer about a stream or none, and its
 * entries have ids that can be sent, in room of any size.
 *
 *	input: room (2 bytes), pieces (1), what was asked (1), bytes
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "source/redis_batch.h"
#include "source/redis_reader.h"

#define LOG_SIZE_MAX ((size_t)64 << 20)
#define PROVES 1
#define RANGE 2

struct work {
	size_t room_size;
	unsigned asked;
	struct sse_buf log;
};

static void
add(struct work *work, const void *bytes, size_t size)
{
	REQUIRE(sse_buf_add(&work->log, bytes, size) == 0);
}

static void
add_value(struct work *work, const struct redis_value *value, int depth)
{
	REQUIRE(depth <= REDIS_DEPTH_MAX);
	add(work, &value->kind, sizeof(value->kind));
	add(work, &value->is_cut, sizeof(value->is_cut));
	add(work, &value->sent, sizeof(value->sent));
	switch (value->kind) {
	case REDIS_NIL:
		break;
	case REDIS_NUMBER:
		add(work, &value->number, sizeof(value->number));
		break;
	case REDIS_TEXT:
	case REDIS_ERROR:
		REQUIRE(value->text.size <= value->sent);
		REQUIRE(value->is_cut || value->text.size == value->sent);
		add(work, value->text.data, value->text.size);
		break;
	case REDIS_ARRAY:
		REQUIRE(value->count <= value->sent);
		REQUIRE(value->is_cut || value->count == value->sent);
		for (size_t i = 0; i < value->count; i++)
			add_value(work, &value->items[i], depth + 1);
		break;
	}
}

static void
check_entries(struct work *work, const struct redis_answer *answer)
{
	const struct redis_position begin = redis_position_begin(0);
	struct redis_batch batch;
	struct redis_entry entry;
	struct redis_position position, again;
	size_t count = 0;

	redis_batch_begin(&batch, answer, &begin);
	for (; !redis_batch_is_empty(&batch); redis_batch_move(&batch)) {
		struct sse_position_text kept = {.size = 0};
		struct sse_slice id;

		redis_batch_look(&batch, &entry, &position);
		REQUIRE(position.has_check && position.check != 0);
		id = redis_position_text(&kept, &position);
		if (id.data != NULL)
			REQUIRE(redis_position_parse(id, &again) == 0);
		add(work, id.data, id.size);
		count++;
	}
	REQUIRE(count == answer->count);
	(void)redis_answer_is_last(answer, 100);
	add(work, &count, sizeof(count));
}

static void
check_answer(struct work *work, const struct redis_value *value)
{
	const struct redis_question question = {
	    .proves = (work->asked & PROVES) != 0,
	    .range = {.count = (work->asked & RANGE) != 0 ? 100 : 0},
	};
	struct redis_answer answer;
	int error = redis_answer_read(value, &question, &answer);

	add(work, &error, sizeof(error));
	if (error == 0 && question.range.count > 0)
		check_entries(work, &answer);
}

/* Until it has an error. */
static int
feed(struct work *work, struct redis_reader *reader, struct sse_slice piece)
{
	struct sse_slice copy = fuzz_copy(piece), rest = copy;
	const struct redis_value *value = NULL;
	int got;

	while ((got = redis_reader_take(reader, &rest, &value)) == 1) {
		add_value(work, value, 0);
		check_answer(work, value);
	}
	REQUIRE(got == 0 || got == -EPROTO);
	REQUIRE(got != 0 || rest.size == 0);
	fuzz_free(copy);
	return got;
}

static void
take(struct work *work, struct sse_slice bytes, size_t piece_size)
{
	struct redis_reader *reader = redis_reader_new(work->room_size);
	int error = 0;

	REQUIRE(reader != NULL);
	sse_buf_clear(&work->log);
	while (bytes.size > 0 && error == 0)
		error = feed(work, reader, fuzz_take(&bytes, piece_size));
	add(work, &error, sizeof(error));
	redis_reader_free(reader);
}

void
reply_fuzz(struct sse_slice input)
{
	struct work work = {.room_size = (size_t)fuzz_large(&input, 2) * 16};
	size_t pieces[] = {1, 1 + (size_t)fuzz_number(&input)};
	struct sse_buf want;

	work.asked = fuzz_number(&input);
	sse_buf_init(&work.log, LOG_SIZE_MAX);
	take(&work, input, SIZE_MAX);
	want = work.log;
	sse_buf_init(&work.log, LOG_SIZE_MAX);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		take(&work, input, pieces[i]);
		REQUIRE(sse_slice_equal(
		    sse_buf_slice(&want), sse_buf_slice(&work.log)));
	}
	sse_buf_done(&want);
	sse_buf_done(&work.log);
}
