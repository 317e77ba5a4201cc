#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backlog.h"
#include "random.h"

#define SIZE 65536

static struct backlog *
new_backlog(void)
{
	struct backlog *backlog;

	CHECK_EQUAL_INT(backlog_new(SIZE, &backlog), 0);
	return backlog;
}

/* A frame with this id (NULL: none), and data that makes it so long. */
static void
add(struct backlog *backlog, enum backlog_kind kind, const char *id,
    size_t data_size)
{
	char data[SIZE];
	struct sse_event event = {
	    .id = sse_slice(id), .data = {data, data_size}};
	size_t size = sse_encode_size(&event);
	char *room = backlog_reserve(backlog, size);

	memset(data, 'x', data_size);
	CHECK(room != NULL);
	CHECK_EQUAL_INT(sse_encode(&event, room, size), (long long)size);
	backlog_commit(backlog, size, kind, event.id);
}

static void
check_found(const struct backlog *backlog, const char *id, uint64_t want)
{
	uint64_t offset = 0;

	CHECK_EQUAL_INT(backlog_find(backlog, sse_slice(id), &offset), 0);
	CHECK_EQUAL_INT(offset, want);
}

TEST(it_begins_with_nothing_and_an_id)
{
	struct backlog *backlog = new_backlog();
	uint64_t offset;

	CHECK_EQUAL_INT(backlog_begin(backlog, sse_slice("first")), 0);
	CHECK_EQUAL_INT(backlog_head(backlog), 0);
	CHECK_EQUAL_INT(backlog_tail(backlog), 0);
	CHECK(backlog_is_complete(backlog));
	CHECK_EQUAL_INT(backlog_read(backlog, 0).size, 0);
	CHECK_EQUAL_TEXT(backlog_id_before(backlog, 0), sse_slice("first"));
	check_found(backlog, "first", 0);
	CHECK_EQUAL_INT(
	    backlog_find(backlog, sse_slice("other"), &offset), -ENOENT);
	CHECK_EQUAL_INT(backlog_last(backlog, 0, &offset), 0);
	CHECK_EQUAL_INT(backlog_last(backlog, 1, &offset), -ENOENT);
	CHECK_EQUAL_INT(offset, 0);
	CHECK_EQUAL_INT(backlog_frame_end(backlog, 0), 0);
	backlog_free(backlog);
	backlog_free(NULL);
}

TEST(ids_lead_behind_their_frames)
{
	struct backlog *backlog = new_backlog();
	uint64_t ends[4], offset;

	add(backlog, BACKLOG_RECORD, "a", 10);
	ends[0] = backlog_head(backlog);
	add(backlog, BACKLOG_OTHER, NULL, 0);
	ends[1] = backlog_head(backlog);
	add(backlog, BACKLOG_RECORD, "b", 10);
	ends[2] = backlog_head(backlog);
	add(backlog, BACKLOG_RECORD, "a", 10);
	ends[3] = backlog_head(backlog);
	check_found(backlog, "a", ends[3]);
	check_found(backlog, "b", ends[2]);
	CHECK_EQUAL_INT(backlog_records(backlog), 3);
	CHECK_EQUAL_INT(backlog_last(backlog, 1, &offset), 0);
	CHECK_EQUAL_INT(offset, ends[2]);
	CHECK_EQUAL_INT(backlog_last(backlog, 3, &offset), 0);
	CHECK_EQUAL_INT(offset, 0);
	CHECK_EQUAL_TEXT(backlog_id_before(backlog, ends[1]), sse_slice("a"));
	CHECK_EQUAL_TEXT(backlog_id_before(backlog, ends[2]), sse_slice("b"));
	CHECK(backlog_id_before(backlog, 0).data == NULL);
	CHECK_EQUAL_INT(backlog_frame_end(backlog, 1), (long long)ends[0]);
	CHECK_EQUAL_INT(
	    backlog_frame_end(backlog, ends[0]), (long long)ends[0]);
	CHECK_EQUAL_INT(
	    backlog_frame_end(backlog, ends[0] + 1), (long long)ends[1]);
	backlog_free(backlog);
}

/* Nobody knows whether who has "a" has the late line, too. */
TEST(an_id_before_a_record_without_one_is_uncertain)
{
	struct backlog *backlog = new_backlog();
	uint64_t offset = 0, end;

	CHECK_EQUAL_INT(backlog_begin(backlog, sse_slice("first")), 0);
	add(backlog, BACKLOG_RECORD, "a", 1);
	end = backlog_head(backlog);
	add(backlog, BACKLOG_RECORD, NULL, 1);
	add(backlog, BACKLOG_RECORD, "b", 1);
	add(backlog, BACKLOG_OTHER, NULL, 1);
	check_found(backlog, "first", 0);
	CHECK_EQUAL_INT(
	    backlog_find(backlog, sse_slice("a"), &offset), -ENODATA);
	CHECK_EQUAL_INT(offset, (long long)end);
	CHECK_EQUAL_INT(backlog_find(backlog, sse_slice("b"), &offset), 0);
	backlog_free(backlog);
}

/* Data and comments cannot pretend to be an id. */
TEST(only_the_field_is_the_id)
{
	struct backlog *backlog = new_backlog();
	struct sse_event event = {.comment = sse_slice("id: c"),
	    .id = sse_slice("a"),
	    .data = sse_slice("id: d\nid: e")};
	size_t size = sse_encode_size(&event);
	char *room = backlog_reserve(backlog, size);
	uint64_t offset;

	CHECK(sse_encode(&event, room, size) > 0);
	backlog_commit(backlog, size, BACKLOG_RECORD, event.id);
	check_found(backlog, "a", size);
	CHECK_EQUAL_INT(
	    backlog_find(backlog, sse_slice("c"), &offset), -ENOENT);
	CHECK_EQUAL_INT(
	    backlog_find(backlog, sse_slice("d"), &offset), -ENOENT);
	backlog_free(backlog);
}

TEST(a_frame_takes_a_quarter_at_most)
{
	struct backlog *backlog = new_backlog();

	CHECK_EQUAL_INT(backlog_frame_size_max(backlog), SIZE / 4);
	CHECK(backlog_reserve(backlog, SIZE / 4) != NULL);
	CHECK(backlog_reserve(backlog, SIZE / 4 + 1) == NULL);
	backlog_free(backlog);
}

/* Of the smallest frames there is a limit in number, of any size of a ring. */
TEST(small_frames_are_limited_in_number)
{
	static const size_t sizes[] = {SIZE, 3 * SIZE};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct backlog *backlog;
		uint64_t frames;

		CHECK_EQUAL_INT(backlog_new(sizes[i], &backlog), 0);
		for (int j = 0; j < 10000; j++) {
			char *room = backlog_reserve(backlog, 2);

			memcpy(room, ":\n", 2);
			backlog_commit(
			    backlog, 2, BACKLOG_OTHER, sse_slice(NULL));
		}
		frames = (backlog_head(backlog) - backlog_tail(backlog)) / 2;
		CHECK_EQUAL_INT(frames, sizes[i] / BACKLOG_FRAME_BYTES);
		backlog_free(backlog);
	}
}

/* ------------------------------------------------- against a simple one -- */

#define MODEL_FRAMES 20000

struct model_frame {
	uint64_t begin;
	uint64_t end;
	char id[8]; /* "": none */
	bool record;
	uint64_t passed; /* records without a frame before it */
};

struct model {
	struct model_frame frames[MODEL_FRAMES];
	size_t count;
	uint64_t passed; /* since the last record */
};

static void
add_to_both(struct backlog *backlog, struct model *model, struct random *random)
{
	struct model_frame *frame = &model->frames[model->count];
	size_t size = random_below(random, 8) == 0
			  ? random_below(random, SIZE / 4 - 100)
			  : random_below(random, 200);

	frame->begin = backlog_head(backlog);
	frame->record = random_below(random, 4) != 0;
	if (random_below(random, 3) == 0) {
		backlog_pass(backlog, 2);
		model->passed += 2;
	}
	frame->id[0] = '\0';
	if (random_below(random, 4) != 0)
		snprintf(frame->id, sizeof(frame->id), "%u",
		    (unsigned)random_below(random, 50));
	add(backlog, frame->record ? BACKLOG_RECORD : BACKLOG_OTHER,
	    frame->id[0] != '\0' ? frame->id : NULL, size);
	frame->end = backlog_head(backlog);
	model->count++;
	frame->passed = frame->record ? model->passed : 0;
	if (frame->record)
		model->passed = 0;
}

static size_t
oldest(const struct model *model, const struct backlog *backlog)
{
	size_t first = model->count;

	while (first > 0 &&
	       model->frames[first - 1].begin >= backlog_tail(backlog))
		first--;
	return first;
}

/* The newest frame with the id, or before an offset the newest with any. */
static void
check_id(
    const struct model *model, const struct backlog *backlog, const char *id)
{
	size_t first = oldest(model, backlog), i = model->count;
	uint64_t offset = 0;
	int got = backlog_find(backlog, sse_slice(id), &offset);

	while (i > first && strcmp(model->frames[i - 1].id, id) != 0)
		i--;
	if (i == first) {
		/* It may be the one that leads to the tail. */
		CHECK(got == -ENOENT || offset == backlog_tail(backlog));
		return;
	}
	CHECK_EQUAL_INT(offset, (long long)model->frames[i - 1].end);
	CHECK_EQUAL_INT(got, i < model->count && model->frames[i].record &&
				     model->frames[i].id[0] == '\0'
				 ? -ENODATA
				 : 0);
}

static void
check_model(const struct model *model, const struct backlog *backlog,
    struct random *random)
{
	size_t first = oldest(model, backlog);
	size_t number = first + random_below(random, model->count - first);
	const struct model_frame *frame = &model->frames[number];
	uint64_t records = 0, wanted = random_below(random, 200), offset;
	uint64_t all = model->passed;
	size_t i;
	char id[8];

	CHECK_EQUAL_INT(
	    model->frames[first].begin, (long long)backlog_tail(backlog));
	CHECK(backlog_head(backlog) - backlog_tail(backlog) <= SIZE);
	CHECK_EQUAL_INT(backlog_is_complete(backlog), first == 0);
	CHECK_EQUAL_INT(backlog_frame_end(backlog,
			    frame->begin + 1 +
				random_below(random,
				    (unsigned)(frame->end - frame->begin))),
	    (long long)frame->end);
	CHECK_EQUAL_INT(backlog_read(backlog, frame->begin).size,
	    (long long)(backlog_head(backlog) - frame->begin));
	snprintf(id, sizeof(id), "%u", (unsigned)random_below(random, 60));
	check_id(model, backlog, id);
	for (i = first; i < model->count; i++) {
		records += model->frames[i].record;
		all += model->frames[i].record + model->frames[i].passed;
	}
	CHECK_EQUAL_INT(backlog_records(backlog), (long long)records);
	CHECK_EQUAL_INT(
	    backlog_last(backlog, wanted, &offset), wanted > all ? -ENOENT : 0);
	if (wanted > all)
		return;
	all = model->passed;
	for (i = model->count; all < wanted; i--)
		all +=
		    model->frames[i - 1].record + model->frames[i - 1].passed;
	CHECK_EQUAL_INT(offset, i < model->count
				    ? (long long)model->frames[i].begin
				    : (long long)backlog_head(backlog));
}

TEST(records_without_a_frame_count_as_the_newest_ones)
{
	struct backlog *backlog = new_backlog();
	uint64_t first, second, offset;

	backlog_pass(backlog, 1);
	first = backlog_head(backlog);
	add(backlog, BACKLOG_RECORD, "1", 10);
	backlog_pass(backlog, 70000);
	second = backlog_head(backlog);
	add(backlog, BACKLOG_RECORD, "2", 10);
	backlog_pass(backlog, 2);
	CHECK_EQUAL_INT(backlog_last(backlog, 2, &offset), 0);
	CHECK_EQUAL_INT(offset, (long long)backlog_head(backlog));
	CHECK_EQUAL_INT(backlog_last(backlog, 3, &offset), 0);
	CHECK_EQUAL_INT(offset, (long long)second);
	CHECK_EQUAL_INT(backlog_last(backlog, 65538, &offset), 0);
	CHECK_EQUAL_INT(offset, (long long)second);
	/* So many are not counted one by one. */
	CHECK_EQUAL_INT(backlog_last(backlog, 65539, &offset), -ENOENT);
	CHECK_EQUAL_INT(offset, (long long)first);
	backlog_free(backlog);
}

TEST(it_is_as_a_simple_one)
{
	struct model *model = calloc(1, sizeof(*model));
	struct backlog *backlog = new_backlog();
	struct random random = {7};

	CHECK(model != NULL);
	for (int i = 0; i < 4000; i++) {
		add_to_both(backlog, model, &random);
		check_model(model, backlog, &random);
	}
	CHECK(backlog_tail(backlog) > 3 * SIZE);
	backlog_free(backlog);
	free(model);
}
