/*
 * find_time.c - the first record of a time or later.
 *
 *	choosing   which generation: the newest that begins before the time
 *	halving    low .. high: where the record begins; best: one that will do
 *	           if none before it does
 *	           each probe reads on from the middle until a record has a time
 *
 * At last the lines are looked at from low on.  Where the record before that of
 * the time is followed by records that have none, the first of these is taken:
 * they may be as late as what is asked for.
 */
#include "config.h"

#include "source/find_time.h"

#include <errno.h>
#include <stdlib.h>

#include "base/result.h"
#include "record/seek.h"
#include "source/snapshot_take.h"
#include "source/time_reader.h"
#include "source/file_shared.h"

enum phase {
	CHOOSING,
	HALVING
};

struct find_time {
	const struct source_options *options;
	const struct log_names *names;
	int64_t time_ms;
	struct snapshot snapshot;
	bool is_taken; /* the snapshot; else it is the next to be done */
	enum phase phase;
	size_t index;              /* of the candidate that is looked at */
	struct time_reader reader; /* of it */
	bool timed; /* some generation has a record with a time */
	int tries;

	/* Offsets in it. */
	uint64_t low;  /* a record begins here that is too early */
	uint64_t high; /* what is asked for begins here or before, or is best */
	uint64_t best;
	bool takes_untimed; /* what was found is a record without a time */
};

/* The candidate is not looked at any more. */
static void
leave(struct find_time *find)
{
	if (find->reader.fd >= 0)
		snapshot_leave(
		    &find->snapshot.candidates[find->index], find->reader.fd);
	find->reader.fd = -1;
}

static int
take_snapshot(struct find_time *find)
{
	int error;

	leave(find);
	snapshot_done(&find->snapshot);
	find->is_taken = false;
	error = snapshot_take_searched(&find->snapshot, find->names,
	    sse_clock_file_time_ms(find->options->clock),
	    file_shared_listing(find->options->shared));
	if (error != 0)
		return error;
	find->is_taken = true;
	find->index = find->snapshot.count;
	find->phase = CHOOSING;
	find->timed = false;
	return 0;
}

int
find_time_new(const struct source_options *options,
    const struct log_names *names, int64_t time_ms, struct find_time **ret_find)
{
	struct find_time *find;
	int error;

	if (options->times == NULL)
		return -EINVAL;
	find = calloc(1, sizeof(*find));
	if (find == NULL)
		return -ENOMEM;
	find->options = options;
	find->names = names;
	time_reader_init(&find->reader, options);
	find->time_ms = time_ms;
	error = take_snapshot(find);
	if (error != 0) {
		find_time_free(find);
		return error;
	}
	*ret_find = find;
	return 0;
}

void
find_time_free(struct find_time *find)
{
	if (find == NULL)
		return;
	leave(find);
	snapshot_done(&find->snapshot);
	free(find);
}

static const struct candidate *
candidate_of(const struct find_time *find)
{
	return &find->snapshot.candidates[find->index];
}

/* ------------------------------------------------------------ choosing -- */

/* The next older generation that can be read; RESULT_NONE: there is none. */
static int
choose_next(struct find_time *find)
{
	const struct candidate *older = candidate_of(find) - 1;
	uint64_t end;
	int fd, error;

	if (find->index == 0 || older->compressed)
		return RESULT_NONE;
	fd = snapshot_open(&find->snapshot, older);
	if (fd < 0)
		return fd == -EACCES ? RESULT_NONE : fd;
	error =
	    seek_end(fd, older->stat.size, find->options->replay_size, &end);
	if (error != 0) {
		snapshot_leave(older, fd);
		return error;
	}
	leave(find);
	find->index--;
	find->reader.fd = fd;
	find->reader.size = older->stat.size;
	find->high = end;
	time_reader_begin_at(&find->reader, 0, true);
	return 0;
}

/* A record that NULs begin was perhaps met inside them. */
static int
before_nuls(const struct find_time *find, uint64_t *offset)
{
	char before = '\n';
	ssize_t got = 0;

	if (*offset > 0)
		got =
		    sse_fd_pread_all(find->reader.fd, &before, 1, *offset - 1);
	if (got < 0 || before != '\0')
		return got < 0 ? (int)got : 0;
	return seek_back(find->reader.fd, *offset, 0,
	    find->options->record_size_max, offset);
}

static int
found(const struct find_time *find, uint64_t offset,
    struct sse_position *ret_position)
{
	int error = before_nuls(find, &offset);

	if (error == 0)
		error = snapshot_position(
		    &find->snapshot, find->index, offset, ret_position);

	return error != 0 ? error : 1;
}

/* There is no older one: from the beginning of the oldest. */
static int
begin_with_oldest(
    const struct find_time *find, struct sse_position *ret_position)
{
	return find->timed ? found(find, 0, ret_position) : RESULT_NONE;
}

/* So near that one read shows the rest. */
static bool
is_near(const struct find_time *find)
{
	return find->high - find->low <= FIND_TIME_NEAR_SIZE;
}

static uint64_t
middle_of(const struct find_time *find)
{
	return find->low + (find->high - find->low) / 2;
}

static void
begin_probe(struct find_time *find)
{
	if (is_near(find))
		time_reader_begin_at(&find->reader, find->low, true);
	else
		time_reader_begin_at(&find->reader, middle_of(find), false);
}

/* The generation begins before the time: it is looked for in it. */
static int
begin_halving(struct find_time *find, uint64_t first)
{
	const struct candidate *candidate = candidate_of(find);
	uint64_t end = find->high;
	int error = 0;

	/* What has no end there is a record, or else not one yet. */
	find->best = end;
	if (candidate->current && find->options->follow)
		error = seek_back(find->reader.fd, end, 0,
		    find->options->record_size_max, &find->best);
	if (error != 0) {
		/* In a shortage it is looked at anew. */
		time_reader_begin_at(&find->reader, 0, true);
		return error;
	}
	find->phase = HALVING;
	find->low = first;
	find->high = find->best;
	begin_probe(find);
	return 0;
}

/* As time_reader_next(), but what is read in vain has no such record. */
static int
read_or_give_up(struct find_time *find, const struct time_wanted *wanted,
    struct timed *ret_timed)
{
	int got = time_reader_next(&find->reader, wanted, ret_timed);

	return got == 0 && time_reader_is_in_vain(&find->reader) ? RESULT_NONE
								 : got;
}

/* It does not begin before the time: the generation before it. */
static int
choose_older(struct find_time *find, struct sse_position *ret_position)
{
	int got = choose_next(find);

	return got == RESULT_NONE ? begin_with_oldest(find, ret_position) : got;
}

/* Looks at how a generation begins. */
static int
choose(struct find_time *find, struct sse_position *ret_position)
{
	const struct time_wanted wanted = {INT64_MIN, find->high, true};
	struct timed first;
	int got = RESULT_NONE;

	if (find->index < find->snapshot.count)
		got = read_or_give_up(find, &wanted, &first);
	if (got == 1 && first.time_ms < find->time_ms)
		return begin_halving(find, first.offset);
	if (got == 1)
		find->timed = true;
	else if (got != RESULT_NONE)
		return got;
	return choose_older(find, ret_position);
}

/* ------------------------------------------------------------- halving -- */

static void
halve(struct find_time *find, const struct timed *timed)
{
	if (timed != NULL && timed->time_ms < find->time_ms) {
		find->low = timed->offset;
	} else {
		find->high = middle_of(find);
		if (timed != NULL)
			find->best = timed->offset;
	}
	begin_probe(find);
}

/* Where nobody knows, it is as if it were late: so the search goes back. */
static int
probe(struct find_time *find)
{
	const struct time_wanted wanted = {INT64_MIN, find->high + 1, false};
	struct timed timed;
	int got = read_or_give_up(find, &wanted, &timed);

	if (got != 1 && got != RESULT_NONE)
		return got;
	halve(find, got == 1 ? &timed : NULL);
	return 0;
}

/* At last, line by line. */
static int
look_near(struct find_time *find, struct sse_position *ret_position)
{
	const struct time_wanted wanted = {
	    find->time_ms, find->best + 1, false};
	const struct time_reader *reader = &find->reader;
	uint64_t offset = find->best;
	struct timed timed;
	int got = time_reader_next(&find->reader, &wanted, &timed);

	if (got == 0 && !time_reader_is_in_vain(reader))
		return 0;
	if (got == 0)
		offset = reader->timed_at;
	else if (got == 1)
		offset = timed.offset;
	else if (got != RESULT_NONE)
		return got;
	find->takes_untimed = reader->untimed != TIME_READER_NOWHERE &&
			      (got == 0 || reader->untimed < offset);
	if (find->takes_untimed)
		offset = reader->untimed;
	return found(find, offset, ret_position);
}

static int
step(struct find_time *find, struct sse_position *ret_position)
{
	time_reader_begin_step(&find->reader);
	if (find->phase == CHOOSING)
		return choose(find, ret_position);
	return is_near(find) ? look_near(find, ret_position) : probe(find);
}

static bool
has_changed(int error)
{
	return error == RESULT_CHANGED || error == RESULT_UNSETTLED ||
	       error == -ESTALE;
}

int
find_time_next(struct find_time *find, struct sse_position *ret_position)
{
	int got =
	    find->is_taken ? step(find, ret_position) : take_snapshot(find);

	/* It was truncated, or is gone: what it is now may be of use. */
	if (has_changed(got) && find->tries++ < FIND_TIME_TRIES_MAX)
		got = take_snapshot(find);
	return has_changed(got) ? RESULT_NONE : got;
}

bool
find_time_lacks(const struct find_time *find)
{
	return find->phase == CHOOSING && find->index > 0;
}

bool
find_time_guesses(const struct find_time *find)
{
	const struct time_tally *tally = &find->reader.tally;

	return tally->untimed > tally->timed ||
	       (find->takes_untimed &&
		   FIND_TIME_UNTIMED_PART * tally->untimed >=
		       tally->timed + tally->untimed);
}
