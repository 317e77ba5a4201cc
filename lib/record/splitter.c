/*
 * splitter.c - bytes into records: lines that end in LF, and CRs before it.
 *
 * A record that lies whole in what was fed is handed out where it lies.  Only
 * one that the end of the fed bytes cuts is copied, and of it at most one
 * byte more than the limit, and a byte order mark: the byte after the cut
 * says whether the cut is between two characters.  The rest is counted.  So the
 * memory is bounded whatever a source sends, and each byte is looked at once,
 * by memchr(3).
 *
 * The buffer "held" has two states: while a record is unfinished it is its
 * beginning; after that record has been handed out it is what the caller
 * still looks at, and the next call gives it back.
 */
#include "record/splitter.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "record/nuls.h"
#include "utf8.h"

void
splitter_init(struct splitter *splitter, size_t record_size_max)
{
	assert(record_size_max < SIZE_MAX - SSE_UTF8_BOM_SIZE);
	*splitter = (struct splitter){.record_size_max = record_size_max};
	sse_buf_init(&splitter->held, record_size_max + SSE_UTF8_BOM_SIZE + 1);
}

void
splitter_done(struct splitter *splitter)
{
	sse_buf_done(&splitter->held);
}

void
splitter_reset(struct splitter *splitter, uint64_t offset, bool discard)
{
	sse_buf_done(&splitter->held);
	splitter->not_held = splitter->crs = splitter->nuls = 0;
	splitter->begin = splitter->offset = offset;
	splitter->fed = (struct sse_slice){NULL, 0};
	splitter->discarding = discard;
	splitter->unfinished = false;
}

void
splitter_feed(struct splitter *splitter, struct sse_slice bytes)
{
	/* What was fed before has been used up: splitter_next() said so. */
	assert(splitter->fed.size == 0);
	splitter->fed = bytes;
}

static void
scan(struct splitter *splitter, size_t size)
{
	if (size == 0)
		return; /* fed.data may be NULL */
	splitter->fed.data += size;
	splitter->fed.size -= size;
	splitter->offset += size;
}

/* The bytes before the next LF, or all that are fed. */
static size_t
line_size(const struct splitter *splitter, bool *ret_ends)
{
	struct sse_slice fed = splitter->fed;
	const char *lf = fed.size > 0 ? memchr(fed.data, '\n', fed.size) : NULL;

	*ret_ends = lf != NULL;
	return lf != NULL ? (size_t)(lf - fed.data) : fed.size;
}

bool
splitter_discard(struct splitter *splitter)
{
	bool ends;
	size_t size;

	if (!splitter->discarding)
		return false;
	size = line_size(splitter, &ends);
	scan(splitter, ends ? size + 1 : size);
	splitter->discarding = !ends;
	splitter->begin = splitter->offset;
	return ends;
}

/* The CRs at the end of a text. */
static size_t
count_crs(const char *text, size_t size)
{
	size_t count = 0;

	while (count < size && text[size - count - 1] == '\r')
		count++;
	return count;
}

/* Leaves out the NULs that the next record begins with. */
static void
leave_nuls(struct splitter *splitter)
{
	size_t nuls = nuls_before(splitter->fed);

	scan(splitter, nuls);
	splitter->nuls += nuls;
}

void
splitter_skip(struct splitter *splitter, uint64_t nuls)
{
	assert(splitter->fed.size == 0);
	splitter->offset += nuls;
	if (splitter->discarding)
		splitter->begin = splitter->offset;
	else if (splitter->unfinished)
		splitter->not_held += nuls;
	else
		splitter->nuls += nuls;
	splitter->crs = 0;
}

/* What is held grows by these bytes, and so do the CRs at its end. */
static void
count_held(struct splitter *splitter, const char *text, size_t size)
{
	size_t crs = count_crs(text, size);

	splitter->crs = crs == size ? splitter->crs + crs : crs;
	splitter->unfinished = true;
}

/* Keeps the next bytes, which are all of the unfinished record. */
static int
hold(struct splitter *splitter, size_t size)
{
	struct sse_buf *held = &splitter->held;
	size_t room = held->size_max - held->size;
	size_t kept = size < room ? size : room;
	int error = 0;

	if (size == 0)
		return 0;
	if (splitter->not_held > 0)
		kept = 0; /* it has a hole, and this is behind it */
	else
		error = sse_buf_add(held, splitter->fed.data, kept);
	if (error != 0)
		return error;
	splitter->not_held += size - kept;
	count_held(splitter, splitter->fed.data, size);
	scan(splitter, size);
	return 0;
}

/* What is at the beginning of the record and is not a part of it. */
static size_t
bom_size(const struct splitter *splitter, struct sse_slice text)
{
	return splitter->begin == 0 ? sse_utf8_bom_size(text) : 0;
}

/*
 * Makes a record of that size, of which the beginning is here: all of it, or at
 * least the byte after the limit, to be looked at, or all before a hole.  The
 * next one begins behind it.
 */
static void
make_record(struct splitter *splitter, struct sse_slice whole, uint64_t size,
    struct record *ret_record)
{
	size_t limit = splitter->record_size_max;
	size_t bom = bom_size(splitter, whole);

	whole.data += bom;
	whole.size -= bom;
	size -= bom;
	if (whole.size > limit) {
		whole.size = limit + 1;
		whole.size = sse_utf8_cut(whole, limit);
	}
	*ret_record = (struct record){
	    .text = whole,
	    .left_out = size - whole.size,
	    .nuls = splitter->nuls,
	    .end = splitter->offset,
	};
	splitter->begin = splitter->offset;
	splitter->nuls = 0;
}

/* The record that was held; without its last bytes, if they are not text. */
static void
make_held(
    struct splitter *splitter, uint64_t without, struct record *ret_record)
{
	struct sse_slice held = sse_buf_slice(&splitter->held);
	uint64_t size = held.size + splitter->not_held - without;

	if (held.size > size)
		held.size = (size_t)size;
	make_record(splitter, held, size, ret_record);
	splitter->not_held = splitter->crs = 0;
	splitter->unfinished = false;
}

/* Whether a record that has not begun yet would begin so. */
static bool
begins_with_nul(const struct splitter *splitter)
{
	return splitter->fed.size > 0 && splitter->fed.data[0] == '\0' &&
	       !splitter->unfinished && !splitter->discarding;
}

int
splitter_next(struct splitter *splitter, struct record *ret_record)
{
	const char *text;
	size_t size;
	bool ends;
	int error;

	if (!splitter->unfinished && splitter->held.data != NULL)
		sse_buf_done(&splitter->held);
	/* Both are rare, and a call for each line would cost. */
	if (splitter->discarding)
		(void)splitter_discard(splitter);
	if (begins_with_nul(splitter))
		leave_nuls(splitter);
	text = splitter->fed.data;
	size = line_size(splitter, &ends);
	if (!ends || splitter->unfinished) {
		error = hold(splitter, size);
		if (error != 0 || !ends)
			return error;
		scan(splitter, 1);
		make_held(splitter, splitter->crs, ret_record);
		return 1;
	}
	scan(splitter, size + 1);
	size -= count_crs(text, size);
	make_record(splitter, (struct sse_slice){text, size}, size, ret_record);
	return 1;
}

struct sse_slice
splitter_lines(const struct splitter *splitter)
{
	if (splitter->discarding || splitter->unfinished ||
	    splitter->nuls > 0 || splitter->held.data != NULL)
		return (struct sse_slice){NULL, 0};
	return splitter->fed;
}

void
splitter_pass(struct splitter *splitter, size_t size)
{
	assert(size <= splitter_lines(splitter).size);
	scan(splitter, size);
	splitter->begin = splitter->offset;
}

/* Whether nothing but a byte order mark is held. */
static bool
is_bom(const struct splitter *splitter)
{
	struct sse_slice held = sse_buf_slice(&splitter->held);

	return held.size == SSE_UTF8_BOM_SIZE &&
	       bom_size(splitter, held) == held.size;
}

bool
splitter_has_rest(const struct splitter *splitter)
{
	return splitter->unfinished && !is_bom(splitter);
}

int
splitter_rest(struct splitter *splitter, struct record *ret_record)
{
	/* Else the bytes that are still fed would be lost. */
	assert(splitter->fed.size == 0);
	if (!splitter_has_rest(splitter))
		return 0;
	make_held(splitter, 0, ret_record);
	return 1;
}
