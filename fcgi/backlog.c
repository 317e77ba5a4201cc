/*
 * backlog.c - frames in a ring, any range of which can be sent in one piece.
 *
 * Beside the ring there is a table of its frames, itself a ring, which grows as
 * frames come.  Invariants: the first frame of the table begins at tail, the
 * last one ends at head, and head - tail <= size.
 */
#include "config.h"

#include "backlog.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ring.h"

#define FRAMES_FIRST 64 /* entries of the table at first; a power of two */

struct frame {
	uint64_t end;     /* offset behind it */
	uint32_t id_hash; /* of its id; 0: it has none */
	uint8_t kind;
	uint16_t passed; /* records without one before it; or PASSED_MAX */
};

#define PASSED_MAX UINT16_MAX

struct backlog {
	struct ring ring;
	uint64_t head;
	uint64_t tail;

	struct frame *frames;
	size_t capacity; /* a power of two */
	uint64_t first;  /* number of the oldest frame */
	uint64_t next;   /* number of the next one */

	uint64_t records;
	uint64_t records_ever;
	uint64_t passed;          /* since the newest record, without a frame */
	uint64_t passed_kept;     /* before records that are kept */
	char id[SSE_ID_SIZE_MAX]; /* that leads to tail */
	size_t id_size;           /* 0: there is none */
};

/* ------------------------------------------------------------ memory -- */

static struct frame *
frame_at(const struct backlog *backlog, uint64_t number)
{
	return &backlog->frames[number & (backlog->capacity - 1)];
}

/* A table of twice the size, with the frames at their new places. */
static int
grow_table(struct backlog *backlog)
{
	size_t capacity =
	    backlog->capacity > 0 ? 2 * backlog->capacity : FRAMES_FIRST;
	struct frame *frames = calloc(capacity, sizeof(*frames));

	if (frames == NULL)
		return -ENOMEM;
	for (uint64_t i = backlog->first; i < backlog->next; i++)
		frames[i & (capacity - 1)] = *frame_at(backlog, i);
	free(backlog->frames);
	backlog->frames = frames;
	backlog->capacity = capacity;
	return 0;
}

int
backlog_new(size_t size, struct backlog **ret_backlog)
{
	struct backlog *backlog = calloc(1, sizeof(*backlog));
	int error;

	if (backlog == NULL)
		return -ENOMEM;
	error = ring_init(&backlog->ring, size);
	if (error == 0)
		error = grow_table(backlog);
	if (error != 0) {
		backlog_free(backlog);
		return error;
	}
	*ret_backlog = backlog;
	return 0;
}

void
backlog_free(struct backlog *backlog)
{
	if (backlog == NULL)
		return;
	ring_done(&backlog->ring);
	free(backlog->frames);
	free(backlog);
}

/* ------------------------------------------------------------- frames -- */

static uint64_t
begin_of(const struct backlog *backlog, uint64_t number)
{
	return number == backlog->first ? backlog->tail
					: frame_at(backlog, number - 1)->end;
}

/* Never 0, which says that there is no id.  FNV-1a: it need not be strong. */
static uint32_t
hash_of(struct sse_slice id)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < id.size; i++)
		hash = (hash ^ (uint8_t)id.data[i]) * 16777619U;
	return hash != 0 ? hash : 1;
}

/* The id in the frame: no other line of it begins with "id: ". */
static struct sse_slice
id_of(const struct backlog *backlog, uint64_t number)
{
	uint64_t begin = begin_of(backlog, number);
	const char *line = ring_at(&backlog->ring, begin);
	const char *end = line + (frame_at(backlog, number)->end - begin);

	while (line < end) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));

		if (line_end == NULL)
			break;
		if (line_end - line >= 4 && memcmp(line, "id: ", 4) == 0)
			return (struct sse_slice){
			    line + 4, (size_t)(line_end - line - 4)};
		line = line_end + 1;
	}
	return sse_slice(NULL);
}

static void
drop_oldest(struct backlog *backlog)
{
	const struct frame *frame = frame_at(backlog, backlog->first);
	struct sse_slice id = id_of(backlog, backlog->first);

	assert(backlog->first < backlog->next);
	if (frame->id_hash != 0 && id.size <= sizeof(backlog->id)) {
		memcpy(backlog->id, id.data, id.size);
		backlog->id_size = id.size;
	}
	if (frame->kind == BACKLOG_RECORD) {
		assert(backlog->records > 0);
		backlog->records--;
		backlog->passed_kept -= frame->passed;
	}
	backlog->tail = frame->end;
	assert(backlog->tail <= backlog->head);
	backlog->first++;
}

/* A place in the table for one more frame, at the oldest's cost if need be. */
static void
reserve_entry(struct backlog *backlog)
{
	uint64_t count = backlog->next - backlog->first;
	uint64_t most = backlog->ring.size / BACKLOG_FRAME_BYTES;

	if (count < most && count < backlog->capacity)
		return;
	if (count >= most || grow_table(backlog) != 0)
		drop_oldest(backlog);
}

size_t
backlog_frame_size_max(const struct backlog *backlog)
{
	return backlog->ring.size / CONF_BACKLOG_FRAME_PART;
}

char *
backlog_reserve(struct backlog *backlog, size_t size)
{
	if (size > backlog_frame_size_max(backlog))
		return NULL;
	reserve_entry(backlog);
	while (backlog->head + size - backlog->tail > backlog->ring.size)
		drop_oldest(backlog);
	return ring_at(&backlog->ring, backlog->head);
}

void
backlog_commit(struct backlog *backlog, size_t size, enum backlog_kind kind,
    struct sse_slice id)
{
	struct frame *frame = frame_at(backlog, backlog->next);

	assert(backlog->head + size - backlog->tail <= backlog->ring.size);
	assert(backlog->next - backlog->first < backlog->capacity);
	backlog->head += size;
	backlog->next++;
	*frame = (struct frame){.end = backlog->head, .kind = (uint8_t)kind};
	frame->id_hash = id.size > 0 ? hash_of(id) : 0;
	if (kind == BACKLOG_RECORD) {
		backlog->records++;
		backlog->records_ever++;
		frame->passed = PASSED_MAX;
		if (backlog->passed < PASSED_MAX)
			frame->passed = (uint16_t)backlog->passed;
		backlog->passed_kept += frame->passed;
		backlog->passed = 0;
	}
}

void
backlog_pass(struct backlog *backlog, uint64_t records)
{
	backlog->passed += records;
}

/* ------------------------------------------------------------ reading -- */

uint64_t
backlog_tail(const struct backlog *backlog)
{
	return backlog->tail;
}

uint64_t
backlog_head(const struct backlog *backlog)
{
	return backlog->head;
}

struct sse_slice
backlog_read(const struct backlog *backlog, uint64_t offset)
{
	assert(offset >= backlog->tail && offset <= backlog->head);
	return (struct sse_slice){
	    ring_at(&backlog->ring, offset), (size_t)(backlog->head - offset)};
}

bool
backlog_is_complete(const struct backlog *backlog)
{
	return backlog->first == 0;
}

uint64_t
backlog_records(const struct backlog *backlog)
{
	return backlog->records;
}

uint64_t
backlog_records_ever(const struct backlog *backlog)
{
	return backlog->records_ever;
}

/* ---------------------------------------------------------------- ids -- */

int
backlog_begin(struct backlog *backlog, struct sse_slice id)
{
	assert(backlog->next == 0);
	if (id.size > sizeof(backlog->id))
		return -EMSGSIZE;
	if (id.size > 0)
		memcpy(backlog->id, id.data, id.size);
	backlog->id_size = id.size;
	return 0;
}

static struct sse_slice
first_id(const struct backlog *backlog)
{
	if (backlog->id_size == 0)
		return sse_slice(NULL);
	return (struct sse_slice){backlog->id, backlog->id_size};
}

/* The place behind the frames before that number; an error if unsure. */
static int
place_before(
    const struct backlog *backlog, uint64_t number, uint64_t *ret_offset)
{
	const struct frame *frame = frame_at(backlog, number);

	*ret_offset = backlog->head;
	if (number == backlog->next)
		return 0;
	*ret_offset = begin_of(backlog, number);
	return frame->kind == BACKLOG_RECORD && frame->id_hash == 0 ? -ENODATA
								    : 0;
}

int
backlog_find(
    const struct backlog *backlog, struct sse_slice id, uint64_t *ret_offset)
{
	uint32_t hash = hash_of(id);

	for (uint64_t i = backlog->next; i > backlog->first; i--)
		if (frame_at(backlog, i - 1)->id_hash == hash &&
		    sse_slice_equal(id_of(backlog, i - 1), id))
			return place_before(backlog, i, ret_offset);
	if (sse_slice_equal(first_id(backlog), id))
		return place_before(backlog, backlog->first, ret_offset);
	return -ENOENT;
}

/* Goes back over a record and what was passed over before it: what is left. */
static uint64_t
go_back(const struct frame *frame, uint64_t records)
{
	if (frame->kind != BACKLOG_RECORD)
		return records;
	records--;
	return records > frame->passed ? records - frame->passed : 0;
}

int
backlog_last(
    const struct backlog *backlog, uint64_t records, uint64_t *ret_offset)
{
	uint64_t number = backlog->next, passed = backlog->passed;
	bool is_known = true;

	/* The frame before "next" may be none of a record: it is not old. */
	records = records > passed ? records - passed : 0;
	*ret_offset = backlog->tail;
	if (records > backlog->records + backlog->passed_kept)
		return -ENOENT;
	while (records > 0 && is_known) {
		const struct frame *frame = frame_at(backlog, --number);

		records = go_back(frame, records);
		is_known = records == 0 || frame->passed < PASSED_MAX;
	}
	if (!is_known)
		return -ENOENT;
	*ret_offset =
	    number < backlog->next ? begin_of(backlog, number) : backlog->head;
	return 0;
}

/* The number of the frame that ends at the offset, or behind it. */
static uint64_t
frame_with(const struct backlog *backlog, uint64_t offset)
{
	uint64_t low = backlog->first, high = backlog->next;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (frame_at(backlog, middle)->end < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct sse_slice
backlog_id_before(const struct backlog *backlog, uint64_t offset)
{
	uint64_t number;

	assert(offset <= backlog->head);
	if (offset <= backlog->tail)
		return first_id(backlog);
	for (number = frame_with(backlog, offset) + 1; number > backlog->first;
	     number--)
		if (frame_at(backlog, number - 1)->id_hash != 0)
			return id_of(backlog, number - 1);
	return first_id(backlog);
}

uint64_t
backlog_frames_before(const struct backlog *backlog, uint64_t offset)
{
	uint64_t number = frame_with(backlog, offset);

	if (number < backlog->next && frame_at(backlog, number)->end == offset)
		number++;
	return number;
}

uint64_t
backlog_frame_end(const struct backlog *backlog, uint64_t offset)
{
	assert(offset <= backlog->head);
	if (offset <= backlog->tail)
		return offset;
	return frame_at(backlog, frame_with(backlog, offset))->end;
}
