/*
 * since.c - the first record of a time or later.
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

#include "source/since.h"

#include <errno.h>
#include <stdlib.h>

#include "base/result.h"
#include "record/seek.h"
#include "source/snapshot_take.h"
#include "source/time_reader.h"

enum phase {
	CHOOSING,
	HALVING
};

struct since {
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
leave(struct since *since)
{
	if (since->reader.fd >= 0)
		snapshot_leave(&since->snapshot.candidates[since->index],
		    since->reader.fd);
	since->reader.fd = -1;
}

static int
take_snapshot(struct since *since)
{
	int error;

	leave(since);
	snapshot_done(&since->snapshot);
	since->is_taken = false;
	error = snapshot_take(&since->snapshot, since->names,
	    sse_clock_file_time_ms(since->options->clock),
	    since->options->listing, NULL);
	if (error == -ENOENT)
		return RESULT_NONE;
	if (error != 0)
		return error;
	if (snapshot_awaits_current(&since->snapshot))
		return -EACCES;
	since->is_taken = true;
	since->index = since->snapshot.count;
	since->phase = CHOOSING;
	since->timed = false;
	return since->index > 0 ? 0 : RESULT_NONE;
}

int
since_new(const struct source_options *options, const struct log_names *names,
    int64_t time_ms, struct since **ret_since)
{
	struct since *since;
	int error;

	if (options->times == NULL)
		return -EINVAL;
	since = calloc(1, sizeof(*since));
	if (since == NULL)
		return -ENOMEM;
	since->options = options;
	since->names = names;
	time_reader_init(&since->reader, options);
	since->time_ms = time_ms;
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
	leave(since);
	snapshot_done(&since->snapshot);
	free(since);
}

static const struct candidate *
candidate_of(const struct since *since)
{
	return &since->snapshot.candidates[since->index];
}

/* ------------------------------------------------------------ choosing -- */

/* The next older generation that can be read; RESULT_NONE: there is none. */
static int
choose_next(struct since *since)
{
	const struct candidate *older = candidate_of(since) - 1;
	int fd;

	if (since->index == 0 || older->compressed)
		return RESULT_NONE;
	fd = snapshot_open(&since->snapshot, older);
	if (fd < 0)
		return fd == -EACCES ? RESULT_NONE : fd;
	leave(since);
	since->index--;
	since->reader.fd = fd;
	since->reader.size = candidate_of(since)->stat.size;
	time_reader_begin_at(&since->reader, 0, true);
	return seek_end(since->reader.fd, candidate_of(since)->stat.size,
	    since->options->replay_size, &since->high);
}

/* A record that NULs begin was perhaps met inside them. */
static int
before_nuls(const struct since *since, uint64_t *offset)
{
	char before = '\n';
	ssize_t got = 0;

	if (*offset > 0)
		got =
		    sse_fd_pread_all(since->reader.fd, &before, 1, *offset - 1);
	if (got < 0 || before != '\0')
		return got < 0 ? (int)got : 0;
	return seek_back(since->reader.fd, *offset, 0,
	    since->options->record_size_max, offset);
}

static int
found(const struct since *since, uint64_t offset,
    struct sse_position *ret_position)
{
	int error = before_nuls(since, &offset);

	if (error == 0)
		error = snapshot_position(
		    &since->snapshot, since->index, offset, ret_position);

	return error != 0 ? error : 1;
}

/* There is no older one: from the beginning of the oldest. */
static int
begin_with_oldest(const struct since *since, struct sse_position *ret_position)
{
	return since->timed ? found(since, 0, ret_position) : RESULT_NONE;
}

/* So near that one read shows the rest. */
static bool
is_near(const struct since *since)
{
	return since->high - since->low <= SINCE_NEAR_SIZE;
}

static uint64_t
middle_of(const struct since *since)
{
	return since->low + (since->high - since->low) / 2;
}

static void
begin_probe(struct since *since)
{
	if (is_near(since))
		time_reader_begin_at(&since->reader, since->low, true);
	else
		time_reader_begin_at(&since->reader, middle_of(since), false);
}

/* The generation begins before the time: it is looked for in it. */
static int
begin_halving(struct since *since, uint64_t first)
{
	uint64_t end = since->high;
	int error = seek_back(since->reader.fd, end, 0,
	    since->options->record_size_max, &since->best);

	if (error != 0)
		return error;
	since->phase = HALVING;
	since->low = first;
	since->high = since->best;
	begin_probe(since);
	return 0;
}

/* As time_reader_next(), but what is read in vain has no such record. */
static int
read_or_give_up(struct since *since, const struct time_wanted *wanted,
    struct timed *ret_timed)
{
	int got = time_reader_next(&since->reader, wanted, ret_timed);

	return got == 0 && time_reader_is_in_vain(&since->reader) ? RESULT_NONE
								  : got;
}

/* It does not begin before the time: the generation before it. */
static int
choose_older(struct since *since, struct sse_position *ret_position)
{
	int got = choose_next(since);

	return got == RESULT_NONE ? begin_with_oldest(since, ret_position)
				  : got;
}

/* Looks at how a generation begins. */
static int
choose(struct since *since, struct sse_position *ret_position)
{
	const struct time_wanted wanted = {INT64_MIN, since->high, true};
	struct timed first;
	int got = RESULT_NONE;

	if (since->index < since->snapshot.count)
		got = read_or_give_up(since, &wanted, &first);
	if (got == 1 && first.time_ms < since->time_ms)
		return begin_halving(since, first.offset);
	if (got == 1)
		since->timed = true;
	else if (got != RESULT_NONE)
		return got;
	return choose_older(since, ret_position);
}

/* ------------------------------------------------------------- halving -- */

static void
halve(struct since *since, const struct timed *timed)
{
	if (timed != NULL && timed->time_ms < since->time_ms) {
		since->low = timed->offset;
	} else {
		since->high = middle_of(since);
		if (timed != NULL)
			since->best = timed->offset;
	}
	begin_probe(since);
}

/* Where nobody knows, it is as if it were late: so the search goes back. */
static int
probe(struct since *since)
{
	const struct time_wanted wanted = {INT64_MIN, since->high + 1, false};
	struct timed timed;
	int got = read_or_give_up(since, &wanted, &timed);

	if (got != 1 && got != RESULT_NONE)
		return got;
	halve(since, got == 1 ? &timed : NULL);
	return 0;
}

/* At last, line by line. */
static int
look_near(struct since *since, struct sse_position *ret_position)
{
	const struct time_wanted wanted = {
	    since->time_ms, since->best + 1, false};
	const struct time_reader *reader = &since->reader;
	uint64_t offset = since->best;
	struct timed timed;
	int got = time_reader_next(&since->reader, &wanted, &timed);

	if (got == 0 && !time_reader_is_in_vain(reader))
		return 0;
	if (got == 0)
		offset = reader->timed_at;
	else if (got == 1)
		offset = timed.offset;
	else if (got != RESULT_NONE)
		return got;
	since->takes_untimed = reader->untimed != TIME_READER_NOWHERE &&
			       (got == 0 || reader->untimed < offset);
	if (since->takes_untimed)
		offset = reader->untimed;
	return found(since, offset, ret_position);
}

static int
step(struct since *since, struct sse_position *ret_position)
{
	time_reader_begin_step(&since->reader);
	if (since->phase == CHOOSING)
		return choose(since, ret_position);
	return is_near(since) ? look_near(since, ret_position) : probe(since);
}

static bool
has_changed(int error)
{
	return error == RESULT_CHANGED || error == RESULT_UNSETTLED ||
	       error == -ESTALE;
}

int
since_next(struct since *since, struct sse_position *ret_position)
{
	int got =
	    since->is_taken ? step(since, ret_position) : take_snapshot(since);

	/* It was truncated, or is gone: what it is now may be of use. */
	if (has_changed(got) && since->tries++ < SINCE_TRIES_MAX)
		got = take_snapshot(since);
	return has_changed(got) ? RESULT_NONE : got;
}

bool
since_lacks(const struct since *since)
{
	return since->phase == CHOOSING && since->index > 0;
}

bool
since_guesses(const struct since *since)
{
	const struct time_tally *tally = &since->reader.tally;

	return tally->untimed > tally->timed ||
	       (since->takes_untimed && SINCE_UNTIMED_PART * tally->untimed >=
					    tally->timed + tally->untimed);
}
