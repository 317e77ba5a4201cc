/*
 * since.c - the first record of a time or later.
 *
 *	choosing   which generation: the newest that begins before the time
 *	halving    low .. high: where the record begins; best: one that will do
 *	           if none before it does
 *	           each probe reads on from the middle until a record begins
 *	           with a time; lines that begin with none belong to it
 */
#include "config.h"

#include "since.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record_time.h"
#include "seek.h"
#include "snapshot.h"
#include "utf8.h"

enum phase {
	CHOOSING,
	HALVING
};

struct since {
	const struct stream_conf *conf;
	const struct sse_clock *clock;
	int64_t time_ms;
	struct log_names *names;
	struct snapshot snapshot;
	enum phase phase;
	size_t index; /* of the candidate that is looked at */
	bool timed;   /* some generation has a record with a time */
	int tries;

	/* Offsets in it. */
	uint64_t low;  /* a record begins here that is too early */
	uint64_t high; /* what is asked for begins here or before, or is best */
	uint64_t best;
	uint64_t at; /* of the next read */
	int reads;   /* in a row that found no time */
	char octets[SINCE_READ_SIZE];
};

/* A record that begins with a time. */
struct timed {
	uint64_t offset;
	int64_t time_ms;
};

static int
take_snapshot(struct since *since)
{
	int error;

	snapshot_done(&since->snapshot);
	error = snapshot_take(&since->snapshot, since->names,
	    sse_clock_file_time_ms(since->clock));
	if (error != 0)
		return error;
	if (snapshot_awaits_current(&since->snapshot))
		return -EACCES;
	since->index = since->snapshot.count;
	since->phase = CHOOSING;
	since->timed = false;
	return since->index > 0 ? 0 : -ENOENT;
}

int
since_new(const struct stream_conf *conf, const struct sse_clock *clock,
    int64_t time_ms, struct since **ret_since)
{
	struct since *since = calloc(1, sizeof(*since));
	int error;

	if (since == NULL)
		return -ENOMEM;
	since->conf = conf;
	since->clock = clock;
	since->time_ms = time_ms;
	error = log_names_new(
	    since->conf->source, since->conf->generations, &since->names);
	if (error == 0)
		error = take_snapshot(since);
	if (error != 0) {
		since_free(since);
		return error;
	}
	*ret_since = since;
	return 0;
}

void
since_free(struct since *since)
{
	if (since == NULL)
		return;
	snapshot_done(&since->snapshot);
	log_names_free(since->names);
	free(since);
}

static const struct candidate *
candidate_of(const struct since *since)
{
	return &since->snapshot.candidates[since->index];
}

/* ------------------------------------------------------------ reading -- */

static const char *
after_delimiter(struct sse_slice text)
{
	const char *found = memchr(text.data, '\n', text.size);

	return found != NULL ? found + 1 : text.data + text.size;
}

/* At the beginning of a file, where it is no part of the record. */
static void
skip_bom(struct sse_slice *text)
{
	size_t size = sse_utf8_bom_size(*text);

	text->data += size;
	text->size -= size;
}

/* Whether a record at this place of what was read has all of its time there. */
static bool
is_whole(struct sse_slice rest, bool at_end)
{
	return at_end || rest.size >= RECORD_TIME_SIZE_MAX ||
	       memchr(rest.data, '\n', rest.size) != NULL;
}

/* What one read is asked for. */
struct wanted {
	bool is_start;  /* a record begins at the first octet */
	int64_t min_ms; /* records of earlier times are passed over */
	uint64_t limit; /* and those that begin here or later */
};

/*
 * The record that is wanted, in what was read at since->at: 1; 0 when it is
 * not there, and since->at is where to read on.  What begins too near to the
 * end is left to the next read.
 */
static int
find_timed(struct since *since, struct sse_slice text,
    const struct wanted *wanted, struct timed *ret_timed)
{
	int64_t now_ms = sse_clock_file_time_ms(since->clock);
	const char *at = text.data, *end = text.data + text.size;
	bool at_end = since->at + text.size >= candidate_of(since)->stat.size;

	if (!wanted->is_start)
		at = after_delimiter(text);
	while (at < end) {
		struct sse_slice rest = {at, (size_t)(end - at)};

		if (!is_whole(rest, at_end))
			break;
		ret_timed->offset = since->at + (uint64_t)(at - text.data);
		if (ret_timed->offset == 0)
			skip_bom(&rest);
		if (record_time_read(since->conf->time_format, rest, now_ms,
			&ret_timed->time_ms) &&
		    ret_timed->time_ms >= wanted->min_ms)
			return 1;
		at = after_delimiter(rest);
	}
	/* One octet back: the delimiter that tells that a record begins. */
	since->at += (uint64_t)(at - text.data);
	since->at -= at > text.data;
	return 0;
}

/*
 * One read: 1 and the record; 0 when the next read may find it; -ENODATA when
 * there is none before the limit, -ESTALE, -errno.
 */
static int
read_timed(
    struct since *since, const struct wanted *wanted, struct timed *ret_timed)
{
	ssize_t got;

	if (since->at >= wanted->limit)
		return -ENODATA;
	got = sse_fd_pread_all(candidate_of(since)->fd, since->octets,
	    sizeof(since->octets), since->at);
	if (got <= 0)
		return got < 0 ? (int)got : -ESTALE;
	if (find_timed(since, (struct sse_slice){since->octets, (size_t)got},
		wanted, ret_timed) == 1)
		return ret_timed->offset < wanted->limit ? 1 : -ENODATA;
	since->reads++;
	return since->at >= wanted->limit ||
		       since->at + 1 >= candidate_of(since)->stat.size
		   ? -ENODATA
		   : 0;
}

/* ------------------------------------------------------------ choosing -- */

static void
begin_at(struct since *since, uint64_t offset)
{
	since->at = offset;
	since->reads = 0;
}

/* The next older generation that can be read; -ENOENT: there is none. */
static int
choose_next(struct since *since)
{
	if (since->index == 0 ||
	    since->snapshot.candidates[since->index - 1].compressed)
		return -ENOENT;
	since->index--;
	since->high = candidate_of(since)->stat.size;
	begin_at(since, 0);
	return 0;
}

static int
found(const struct since *since, uint64_t offset,
    struct sse_position *ret_position)
{
	int error = snapshot_position(
	    &since->snapshot, since->index, offset, ret_position);

	return error != 0 ? error : 1;
}

/* There is no older one: from the beginning of the oldest. */
static int
begin_with_oldest(const struct since *since, struct sse_position *ret_position)
{
	return since->timed ? found(since, 0, ret_position) : -ENODATA;
}

/* So near that one read shows the rest. */
static bool
is_near(const struct since *since)
{
	return since->high - since->low <= SINCE_READ_SIZE / 2;
}

static void
begin_probe(struct since *since)
{
	begin_at(since, is_near(since)
			    ? since->low
			    : since->low + (since->high - since->low) / 2);
}

/* The generation begins before the time: it is looked for in it. */
static int
begin_halving(struct since *since, uint64_t first)
{
	uint64_t end = since->high;
	int error = seek_back(candidate_of(since)->fd, end, 0,
	    since->conf->record_size_max, &since->best);

	if (error != 0)
		return error;
	since->phase = HALVING;
	since->low = first;
	since->high = since->best;
	begin_probe(since);
	return 0;
}

/* Looks at how a generation begins. */
static int
choose(struct since *since, struct sse_position *ret_position)
{
	const struct wanted wanted = {
	    since->reads == 0, INT64_MIN, since->high};
	struct timed first;
	int got = -ENODATA;

	if (since->index < since->snapshot.count)
		got = read_timed(since, &wanted, &first);
	if (got == 0 && since->reads < SINCE_PROBE_READS)
		return 0;
	if (got == 1 && first.time_ms < since->time_ms)
		return begin_halving(since, first.offset);
	if (got != 1 && got != 0 && got != -ENODATA)
		return got;
	since->timed = since->timed || got == 1;
	if (choose_next(since) == 0)
		return 0;
	return begin_with_oldest(since, ret_position);
}

/* ------------------------------------------------------------- halving -- */

static void
halve(struct since *since, const struct timed *timed)
{
	uint64_t middle = since->low + (since->high - since->low) / 2;

	if (timed != NULL && timed->time_ms < since->time_ms) {
		since->low = timed->offset;
	} else {
		since->high = middle;
		if (timed != NULL)
			since->best = timed->offset;
	}
	begin_probe(since);
}

static int
probe(struct since *since, struct sse_position *ret_position)
{
	bool near = is_near(since);
	const struct wanted wanted = {
	    .is_start = near && since->reads == 0,
	    .min_ms = near ? since->time_ms : INT64_MIN,
	    .limit = since->high + 1,
	};
	struct timed timed;
	int got = read_timed(since, &wanted, &timed);

	/* Nobody knows: earlier than asked for, never later. */
	if (got == 0 && since->reads >= SINCE_PROBE_READS)
		return found(since, since->low, ret_position);
	if (got != 1 && got != -ENODATA)
		return got;
	if (near)
		return found(
		    since, got == 1 ? timed.offset : since->best, ret_position);
	halve(since, got == 1 ? &timed : NULL);
	return 0;
}

int
since_next(struct since *since, struct sse_position *ret_position)
{
	int got = since->phase == CHOOSING ? choose(since, ret_position)
					   : probe(since, ret_position);

	/* It was truncated: what it was is of no use, what it is may be. */
	if (got == -ESTALE && since->tries++ < SINCE_TRIES_MAX)
		got = take_snapshot(since);
	return got == -ESTALE || got == -ENOENT ? -ENODATA : got;
}

bool
since_lacks(const struct since *since)
{
	return since->phase == CHOOSING && since->index > 0;
}
