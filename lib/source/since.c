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
#include <string.h>

#include "record/effort.h"
#include "record/nuls.h"
#include "base/result.h"
#include "record/seek.h"
#include "source/snapshot_take.h"
#include "utf8.h"

#define NOWHERE UINT64_MAX

enum phase {
	CHOOSING,
	HALVING
};

/* Lines that begin a record, with a time and without. */
struct tally {
	size_t timed;
	size_t untimed;
};

struct since {
	const struct source_options *options;
	const struct log_names *names;
	int64_t time_ms;
	int64_t now_ms; /* when the step began */
	struct tally tally;
	struct snapshot snapshot;
	enum phase phase;
	size_t index; /* of the candidate that is looked at */
	int fd;       /* of it; -1: none is */
	bool timed;   /* some generation has a record with a time */
	int tries;

	/* Offsets in it. */
	uint64_t low;  /* a record begins here that is too early */
	uint64_t high; /* what is asked for begins here or before, or is best */
	uint64_t best;
	uint64_t at;       /* of the next read */
	bool is_start;     /* a record begins there */
	uint64_t timed_at; /* the last time that was found, or the beginning */
	uint64_t untimed;  /* the first record without one behind it; NOWHERE */
	bool takes_untimed; /* it was taken */
	size_t looked;      /* bytes of lines, in this step */
	struct effort effort;
	char bytes[SINCE_READ_SIZE];
};

/* A record that begins with a time. */
struct timed {
	uint64_t offset;
	int64_t time_ms;
};

/* The candidate is not looked at any more. */
static void
leave(struct since *since)
{
	if (since->fd >= 0)
		snapshot_leave(
		    &since->snapshot.candidates[since->index], since->fd);
	since->fd = -1;
}

static int
take_snapshot(struct since *since)
{
	int error;

	leave(since);
	snapshot_done(&since->snapshot);
	error = snapshot_take(&since->snapshot, since->names,
	    sse_clock_file_time_ms(since->options->clock),
	    since->options->listing, NULL);
	if (error == -ENOENT)
		return RESULT_NONE;
	if (error != 0)
		return error;
	if (snapshot_awaits_current(&since->snapshot))
		return -EACCES;
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
	since->fd = -1;
	effort_init(&since->effort, options->clock, EFFORT_UNLIMITED);
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

/* -------------------------------------------------------------- lines -- */

enum line_kind {
	LINE_TIMED,   /* a record with a time */
	LINE_UNTIMED, /* one without */
	LINE_PART     /* of the record before */
};

static const char *
after_delimiter(struct sse_slice text)
{
	const char *found = memchr(text.data, '\n', text.size);

	return found != NULL ? found + 1 : text.data + text.size;
}

static void
skip(struct sse_slice *text, size_t size)
{
	text->data += size;
	text->size -= size;
}

/*
 * The line that a text begins with: without its delimiter, and without what is
 * no part of a record, a byte order mark and NULs before it.
 */
static struct sse_slice
line_of(struct sse_slice text, uint64_t offset)
{
	const char *found = memchr(text.data, '\n', text.size);

	if (found != NULL)
		text.size = (size_t)(found - text.data);
	if (offset == 0)
		skip(&text, sse_utf8_bom_size(text));
	while (text.size > 0 && *text.data == '\0')
		skip(&text, 1);
	while (text.size > 0 && text.data[text.size - 1] == '\r')
		text.size--;
	return text;
}

/* So many bytes of a line are. */
static size_t
looked_at(const struct since *since, struct sse_slice line)
{
	size_t most = since->options->times->size_max;

	return line.size < most ? line.size : most;
}

static bool
has_rule(const struct since *since)
{
	const struct record_rule *rule = since->options->rule;

	return rule != NULL && rule->kind == RECORD_HAS_START;
}

/* Whether the line begins a record, as the rule has it. */
static bool
begins_record(struct since *since, struct sse_slice line)
{
	if (line.size > since->options->record_size_max)
		line.size = since->options->record_size_max;
	return effort_begins(&since->effort, since->options->rule, line);
}

static bool
looks_like_part(struct sse_slice line)
{
	return line.size == 0 || *line.data == ' ' || *line.data == '\t';
}

static enum line_kind
kind_of(struct since *since, struct sse_slice line, int64_t *ret_ms)
{
	const struct record_times *times = since->options->times;

	since->looked += SINCE_LINE_SIZE + looked_at(since, line);
	if (has_rule(since) && !begins_record(since, line))
		return LINE_PART;
	if (times->read(times->context, line, since->now_ms, ret_ms))
		return LINE_TIMED;
	return !has_rule(since) && looks_like_part(line) ? LINE_PART
							 : LINE_UNTIMED;
}

/* Whether the line at that offset is a record with a time. */
static bool
read_time(struct since *since, struct sse_slice line, uint64_t offset,
    int64_t *ret_ms)
{
	switch (kind_of(since, line, ret_ms)) {
	case LINE_TIMED:
		since->tally.timed++;
		return true;
	case LINE_UNTIMED:
		since->tally.untimed++;
		if (since->untimed == NOWHERE)
			since->untimed = offset;
		break;
	case LINE_PART:
		break;
	}
	return false;
}

/* ------------------------------------------------------------ reading -- */

/* Whether a line at this place of what was read has all of its time there. */
static bool
is_whole(const struct since *since, struct sse_slice rest, bool at_end)
{
	return at_end || rest.size > since->options->times->size_max ||
	       memchr(rest.data, '\n', rest.size) != NULL;
}

/* What one read is asked for. */
struct wanted {
	int64_t min_ms; /* records of earlier times are passed over */
	uint64_t limit; /* and those that begin here or later */
	bool samples;   /* the lines behind it are counted, too */
};

/* Whether this step may look at another line. */
static bool
may_look(const struct since *since)
{
	return since->looked < SINCE_LOOKED_MAX && !since->effort.rests;
}

/* One byte back: the delimiter that tells that a record begins. */
static void
advance(struct since *since, size_t size)
{
	since->at += size;
	since->at -= size > 0;
	since->is_start = false;
}

/* It is early: what is behind it may be what is asked for. */
static void
pass_timed(struct since *since, const struct timed *timed)
{
	since->timed_at = timed->offset;
	since->untimed = NOWHERE;
}

/*
 * The record that is wanted, in what was read at since->at: 1; 0 when it is
 * not there, and since->at is where to read on.  What begins too near to the
 * end, or is more than a step may look at, is left to the next read.
 */
static int
find_timed(struct since *since, struct sse_slice text,
    const struct wanted *wanted, struct timed *ret_timed)
{
	const char *at = text.data, *end = text.data + text.size;
	bool at_end = since->at + text.size >= candidate_of(since)->stat.size;
	struct timed timed;
	int found = 0;

	/* NULs are no text: a record may begin behind each of them. */
	if (!since->is_start && text.data[0] != '\0')
		at = after_delimiter(text);
	while (at < end && may_look(since)) {
		struct sse_slice rest = {at, (size_t)(end - at)};
		size_t nuls = nuls_before(rest);

		rest.data += nuls;
		rest.size -= nuls;
		if (!is_whole(since, rest, at_end)) {
			at = rest.data;
			break;
		}
		timed.offset = since->at + (uint64_t)(at - text.data);
		at = after_delimiter(rest);
		if (!read_time(since, line_of(rest, timed.offset), timed.offset,
			&timed.time_ms))
			continue;
		if (found == 0 && timed.time_ms >= wanted->min_ms) {
			*ret_timed = timed;
			found = 1;
		}
		if (found == 1 && !wanted->samples)
			return 1;
		pass_timed(since, &timed);
	}
	advance(since, (size_t)(at - text.data));
	return found;
}

/*
 * What was read were NULs: goes on behind the hole, if it is one.  A hole is
 * nothing that was looked at in vain.
 */
static void
leave_hole(struct since *since, size_t got)
{
	const struct candidate *candidate = candidate_of(since);
	uint64_t data;

	if (nuls_before((struct sse_slice){since->bytes, got}) < got)
		return;
	data = sse_fd_data_from(since->fd, since->at, candidate->stat.size);
	if (data == since->at)
		return;
	/* One byte back, a NUL: what follows begins a record. */
	since->timed_at += data - 1 - since->at;
	since->at = data - 1;
}

/*
 * One read: 1 and the record; 0 when the next read may find it; RESULT_NONE
 * when there is none before the limit, RESULT_CHANGED, -errno.
 */
static int
read_timed(
    struct since *since, const struct wanted *wanted, struct timed *ret_timed)
{
	ssize_t got;

	if (since->at >= wanted->limit)
		return RESULT_NONE;
	got = sse_fd_pread_all(
	    since->fd, since->bytes, sizeof(since->bytes), since->at);
	if (got <= 0)
		return got < 0 ? (int)got : RESULT_CHANGED;
	if (find_timed(since, (struct sse_slice){since->bytes, (size_t)got},
		wanted, ret_timed) == 1)
		return ret_timed->offset < wanted->limit ? 1 : RESULT_NONE;
	leave_hole(since, (size_t)got);
	return since->at >= wanted->limit ||
		       since->at + 1 >= candidate_of(since)->stat.size
		   ? RESULT_NONE
		   : 0;
}

/* So much was read in vain that it is given up. */
static bool
is_in_vain(const struct since *since)
{
	return since->at >= since->timed_at + SINCE_UNTIMED_MAX;
}

/* ------------------------------------------------------------ choosing -- */

static void
begin_at(struct since *since, uint64_t offset, bool is_start)
{
	since->at = since->timed_at = offset;
	since->is_start = is_start;
	since->untimed = NOWHERE;
}

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
	since->fd = fd;
	begin_at(since, 0, true);
	return seek_end(since->fd, candidate_of(since)->stat.size,
	    since->options->replay_size, &since->high);
}

/* A record that NULs begin was perhaps met inside them. */
static int
before_nuls(const struct since *since, uint64_t *offset)
{
	char before = '\n';
	ssize_t got = 0;

	if (*offset > 0)
		got = sse_fd_pread_all(since->fd, &before, 1, *offset - 1);
	if (got < 0 || before != '\0')
		return got < 0 ? (int)got : 0;
	return seek_back(
	    since->fd, *offset, 0, since->options->record_size_max, offset);
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

static void
begin_probe(struct since *since)
{
	if (is_near(since))
		begin_at(since, since->low, true);
	else
		begin_at(
		    since, since->low + (since->high - since->low) / 2, false);
}

/* The generation begins before the time: it is looked for in it. */
static int
begin_halving(struct since *since, uint64_t first)
{
	uint64_t end = since->high;
	int error = seek_back(
	    since->fd, end, 0, since->options->record_size_max, &since->best);

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
	const struct wanted wanted = {INT64_MIN, since->high, true};
	struct timed first;
	int got = RESULT_NONE;

	if (since->index < since->snapshot.count)
		got = read_timed(since, &wanted, &first);
	if (got == 0 && !is_in_vain(since))
		return 0;
	if (got == 1 && first.time_ms < since->time_ms)
		return begin_halving(since, first.offset);
	if (got != 1 && got != 0 && got != RESULT_NONE)
		return got;
	since->timed = since->timed || got == 1;
	got = choose_next(since);
	if (got != RESULT_NONE)
		return got;
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

/* Where nobody knows, it is as if it were late: so the search goes back. */
static int
probe(struct since *since)
{
	const struct wanted wanted = {INT64_MIN, since->high + 1, false};
	struct timed timed;
	int got = read_timed(since, &wanted, &timed);

	if (got == 1 || got == RESULT_NONE || (got == 0 && is_in_vain(since))) {
		halve(since, got == 1 ? &timed : NULL);
		return 0;
	}
	return got;
}

/* At last, line by line. */
static int
look_near(struct since *since, struct sse_position *ret_position)
{
	const struct wanted wanted = {since->time_ms, since->best + 1, false};
	uint64_t offset = since->best;
	struct timed timed;
	int got = read_timed(since, &wanted, &timed);

	if (got == 0 && !is_in_vain(since))
		return 0;
	if (got == 0)
		offset = since->timed_at;
	else if (got == 1)
		offset = timed.offset;
	else if (got != RESULT_NONE)
		return got;
	since->takes_untimed =
	    since->untimed != NOWHERE && (got == 0 || since->untimed < offset);
	if (since->takes_untimed)
		offset = since->untimed;
	return found(since, offset, ret_position);
}

static int
step(struct since *since, struct sse_position *ret_position)
{
	since->now_ms = sse_clock_file_time_ms(since->options->clock);
	since->looked = 0;
	effort_go_on(&since->effort);
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
	int got = step(since, ret_position);

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
	const struct tally *tally = &since->tally;

	return tally->untimed > tally->timed ||
	       (since->takes_untimed && SINCE_UNTIMED_PART * tally->untimed >=
					    tally->timed + tally->untimed);
}
