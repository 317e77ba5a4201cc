/*
 * splitter_fuzz.c - pieces of any size give the records of the whole; and these
 * are the lines of it, each byte of which is accounted for.
 *
 *	input: bytes of a record (1 byte), pieces (1), where it begins (1: its
 *	lowest bit says in the middle of a record), stream
 */
#include "config.h"

#include "fuzz.h"

#include "record/splitter.h"
#include "utf8.h"

#define MIDDLE 7

struct work {
	struct sse_slice stream;
	size_t record_size_max;
	bool in_the_middle;
	uint64_t at; /* in the stream, behind the records so far */
	struct sse_buf log;
};

static void
add(struct work *work, const void *bytes, size_t size)
{
	REQUIRE(sse_buf_add(&work->log, bytes, size) == 0);
}

/* What a line is without what is none of its text. */
static struct sse_slice
text_of(struct sse_slice line, bool is_first, bool ends, uint64_t nuls)
{
	REQUIRE(nuls <= line.size);
	for (; nuls > 0; nuls--)
		REQUIRE(*fuzz_take(&line, 1).data == '\0');
	if (ends)
		line.size--;
	while (ends && line.size > 0 && line.data[line.size - 1] == '\r')
		line.size--;
	if (is_first)
		(void)fuzz_take(&line, sse_utf8_bom_size(line));
	return line;
}

static void
check_record(struct work *work, const struct record *record, bool is_first)
{
	uint64_t begin = work->at, end = record->end;
	struct sse_slice line, text = record->text;
	bool ends;

	if (work->in_the_middle)
		end -= MIDDLE;
	REQUIRE(end > begin && end <= work->stream.size);
	line = (struct sse_slice){
	    work->stream.data + begin, (size_t)(end - begin)};
	ends = line.data[line.size - 1] == '\n';
	line = text_of(line, is_first && begin == 0, ends, record->nuls);
	REQUIRE(text.size <= work->record_size_max);
	REQUIRE(text.size + record->left_out == line.size);
	REQUIRE(memchr(line.data, '\n', line.size) == NULL);
	REQUIRE(text.size == 0 || memcmp(text.data, line.data, text.size) == 0);
	/* No more than that: the cut is before a character. */
	for (size_t i = text.size + 1; i <= work->record_size_max; i++)
		REQUIRE(i > line.size || (line.data[i - 1] & 0xc0) == 0x80 ||
			i == text.size + 1);
	add(work, &text.size, sizeof(text.size));
	add(work, text.data, text.size);
	add(work, &record->left_out, sizeof(record->left_out));
	add(work, &record->nuls, sizeof(record->nuls));
	add(work, &record->end, sizeof(record->end));
	work->at = end;
}

/* Of what it begins in the middle of, nothing is given. */
static void
begin(struct work *work, struct splitter *splitter)
{
	const char *lf;

	sse_buf_clear(&work->log);
	work->at = 0;
	splitter_init(splitter, work->record_size_max);
	if (!work->in_the_middle || work->stream.size == 0)
		return;
	splitter_reset(splitter, MIDDLE, true);
	lf = memchr(work->stream.data, '\n', work->stream.size);
	work->at = lf != NULL ? (uint64_t)(lf - work->stream.data) + 1
			      : work->stream.size;
}

static void
split(struct work *work, size_t piece_size)
{
	struct sse_slice rest = work->stream;
	struct splitter splitter;
	struct record record;

	begin(work, &splitter);
	while (rest.size > 0) {
		struct sse_slice piece =
		    fuzz_copy(fuzz_take(&rest, piece_size));

		splitter_feed(&splitter, piece);
		while (splitter_next(&splitter, &record) == 1)
			check_record(work, &record, !work->in_the_middle);
		fuzz_free(piece);
	}
	if (splitter_rest(&splitter, &record) == 1)
		check_record(work, &record, !work->in_the_middle);
	splitter_done(&splitter);
}

void
splitter_fuzz(struct sse_slice input)
{
	struct work work = {.record_size_max = fuzz_number(&input)};
	size_t pieces[] = {1, 1 + (size_t)fuzz_number(&input)};
	struct sse_buf want;

	work.in_the_middle = (fuzz_number(&input) & 1) != 0;
	work.stream = input;
	sse_buf_init(&work.log, SIZE_MAX);
	split(&work, SIZE_MAX);
	want = work.log;
	sse_buf_init(&work.log, SIZE_MAX);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		split(&work, pieces[i]);
		REQUIRE(sse_slice_equal(
		    sse_buf_slice(&want), sse_buf_slice(&work.log)));
	}
	sse_buf_done(&want);
	sse_buf_done(&work.log);
}
