/*
 * lookback_fuzz.c - read backwards, a log has the records that it has forwards;
 * and going back over so many of them ends where one of them begins.
 *
 *	input: what a record is (1 byte, modulo 3), bytes of one (1), how many
 *	to go back (1), log
 */
#include "config.h"

#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "record/boundary.h"

#define RECORDS_MAX 4096
#define LARGE 65536 /* no record is larger */

/* A record that was found forwards. */
struct found {
	size_t at; /* its text, in the texts */
	size_t size;
	uint64_t begin; /* of its first line, after NULs */
	uint64_t end;
	bool is_cut;
};

struct work {
	struct record_rule rule;
	size_t record_size_max;
	struct sse_slice log;
	struct sse_buf texts;
	struct found found[RECORDS_MAX];
	size_t count;
	bool open; /* lines are joined to the last one */
};

static bool
begins(void *context, struct sse_slice line)
{
	(void)context;
	return line.size > 0 && *line.data != ' ';
}

/* Whether a line goes on with the record before it. */
static bool
joins(const struct work *work, struct sse_slice line)
{
	switch (work->rule.kind) {
	case RECORD_IS_LINE:
		return false;
	case RECORD_HAS_START:
		return work->open && !begins(NULL, line);
	case RECORD_HAS_BLANK:
		return work->open;
	}
	return false;
}

static void
add_line(struct work *work, const struct record *line)
{
	struct found *last;

	if (work->rule.kind == RECORD_HAS_BLANK && line->text.size == 0) {
		if (work->open)
			work->found[work->count - 1].end = line->end;
		work->open = false;
		return;
	}
	if (!joins(work, line->text)) {
		REQUIRE(work->count < RECORDS_MAX);
		work->found[work->count++] =
		    (struct found){.at = work->texts.size};
	} else {
		REQUIRE(sse_buf_add(&work->texts, "\n", 1) == 0);
	}
	REQUIRE(
	    sse_buf_add(&work->texts, line->text.data, line->text.size) == 0);
	last = &work->found[work->count - 1];
	last->size = work->texts.size - last->at;
	last->end = line->end;
	last->is_cut |= line->left_out > 0;
	work->open = true;
}

/* All that have an end. */
static void
read_forwards(struct work *work)
{
	struct splitter splitter;
	struct record line;

	splitter_init(&splitter, work->record_size_max);
	splitter_feed(&splitter, work->log);
	while (splitter_next(&splitter, &line) == 1)
		add_line(work, &line);
	/* Nobody knows whether it is whole. */
	if (work->rule.kind == RECORD_HAS_BLANK && work->open)
		work->count--;
	splitter_done(&splitter);
}

static void
check_record(const struct work *work, const struct found *found,
    const struct record *record)
{
	struct sse_slice text = {work->texts.data + found->at, found->size};

	REQUIRE(record->text.size == text.size);
	REQUIRE(text.size == 0 ||
		memcmp(record->text.data, text.data, text.size) == 0);
	if (work->rule.kind != RECORD_HAS_BLANK)
		REQUIRE(record->end == found->end);
}

static void
check_backwards(const struct work *work, int fd)
{
	const struct reverse_reader_options options = {
	    .fd = fd,
	    .rule = &work->rule,
	    .end = work->log.size,
	    .bytes_max = work->log.size,
	    .record_size_max = work->record_size_max,
	};
	size_t left = work->count;
	struct reverse_reader reverse;
	struct record record;
	int got;

	reverse_reader_init(&reverse, &options);
	while ((got = reverse_reader_next(&reverse, &record)) >= 0) {
		if (got == 0)
			continue;
		/* What was cut forwards is passed over backwards. */
		while (left > 0 && work->found[left - 1].is_cut)
			left--;
		REQUIRE(left > 0);
		check_record(work, &work->found[--left], &record);
	}
	REQUIRE(got == RESULT_NONE);
	while (left > 0 && work->found[left - 1].is_cut)
		left--;
	REQUIRE(left == 0);
	reverse_reader_done(&reverse);
}

/* Between two records, whatever is none of either. */
static bool
is_between(const struct work *work, uint64_t offset)
{
	if (offset == 0 || offset == work->log.size)
		return true;
	while (offset > 0 && work->log.data[offset - 1] == '\0')
		offset--;
	return offset == 0 || work->log.data[offset - 1] == '\n';
}

static void
check_boundaries(const struct work *work, int fd, uint64_t count)
{
	const struct boundary_file file = {.fd = fd,
	    .rule = &work->rule,
	    .record_size_max = work->record_size_max};
	struct boundary_back back;
	uint64_t offset = UINT64_MAX, wanted = count;
	int got;

	boundary_back_begin(&back, &file, work->log.size, work->log.size);
	while ((got = boundary_back_next(&back, &count, &offset)) ==
	       RESULT_PARTIAL)
		;
	boundary_back_done(&back);
	REQUIRE(got == 0 && offset <= work->log.size && count <= wanted);
	REQUIRE(is_between(work, offset));
}

void
lookback_fuzz(struct sse_slice input)
{
	static const enum record_kind kinds[] = {
	    RECORD_IS_LINE, RECORD_HAS_START, RECORD_HAS_BLANK};
	struct work *work = calloc(1, sizeof(*work));
	uint64_t count;
	int fd = memfd_create("log", MFD_CLOEXEC);

	REQUIRE(work != NULL && fd >= 0);
	work->rule =
	    (struct record_rule){kinds[fuzz_number(&input) % 3], begins, NULL};
	work->record_size_max = 1 + (size_t)fuzz_number(&input);
	if (work->rule.kind != RECORD_IS_LINE)
		work->record_size_max = LARGE;
	count = fuzz_number(&input);
	work->log = input;
	sse_buf_init(&work->texts, SIZE_MAX);
	if (input.size < RECORDS_MAX) {
		REQUIRE(
		    write(fd, input.data, input.size) == (ssize_t)input.size);
		read_forwards(work);
		check_backwards(work, fd);
		check_boundaries(work, fd, count);
	}
	sse_buf_done(&work->texts);
	close(fd);
	free(work);
}
