/*
 * nameless.c - where a file that has no name any more stands among the others.
 *
 * Names tell the order of those that have one.  Of the others it is when they
 * were born, what the follower has read before them and will read after them,
 * and what they had: a log that was copied, truncated and deleted stands behind
 * its copy, though it was born before it.
 */
#include "config.h"

#include "source/nameless.h"

#include <errno.h>

#include "base/shortage.h"

/* The candidate that cannot be read by its name is read as it is held. */
static int
lend(struct candidate *candidate, const struct log_file *held)
{
	candidate->fd = held->fd;
	candidate->lent = true;
	candidate->compressed = false;
	candidate->file = fingerprint_file(&held->stat);
	return sse_fd_stat(held->fd, &candidate->stat);
}

/* What is held open can be read, whatever its name allows by now. */
static int
lend_held(struct search *search)
{
	const struct search_question *question = search->question;
	struct snapshot *snapshot = &search->snapshot;
	int error = 0;

	for (size_t i = 0; i < snapshot->count; i++)
		for (size_t j = 0; error == 0 && j < question->held_count; j++)
			if (snapshot->candidates[i].fd < 0 &&
			    fingerprint_same_file(&snapshot->candidates[i].stat,
				&question->held[j]->stat))
				error = lend(&snapshot->candidates[i],
				    question->held[j]);
	return error;
}

/*
 * A copy that is being read: after everything that was known before it.  Its
 * birth says nothing, since it is younger than the file that it is a copy of.
 */
static size_t
place_of_copy(const struct search *search)
{
	const struct snapshot *snapshot = &search->snapshot;
	size_t place = 0;

	for (size_t i = 0; i < snapshot->count; i++)
		if (!snapshot->candidates[i].current &&
		    snapshot->candidates[i].file !=
			search->question->position.file &&
		    search_knows(
			search->question->known, snapshot->candidates[i].file))
			place = i + 1;
	return place;
}

/* After everything that was known before it, or born before it. */
static size_t
place_of(const struct search *search, const struct candidate *nameless)
{
	const struct snapshot *snapshot = &search->snapshot;
	size_t place = 0;

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct candidate *other = &snapshot->candidates[i];
		bool births = search_is_born(&other->stat) &&
			      search_is_born(&nameless->stat) &&
			      !other->compressed;
		bool older =
		    births ? other->stat.birth_ns < nameless->stat.birth_ns
			   : other->stat.mtime_ms < nameless->stat.mtime_ms;

		if (!other->current &&
		    (older ||
			search_knows(search->question->known, other->file)))
			place = i + 1;
	}
	return place;
}

/* It has no name and no file: what was not read of it is missing. */
static void
miss(struct search *search, const struct log_file *held)
{
	if (held != search->question->moved && !held->at_end)
		search->missed = true;
}

/* Whether the candidate is one of these that the follower has open. */
static bool
is_one_of(const struct search *search, const struct candidate *candidate,
    size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (fingerprint_same_file(
			&candidate->stat, &search->question->held[i]->stat))
			return true;
	return false;
}

/* What is read before held[index] stays before it, whatever its times say. */
static size_t
place_behind_earlier(const struct search *search, size_t index, size_t place)
{
	const struct snapshot *snapshot = &search->snapshot;

	for (size_t i = snapshot->count; i > place; i--)
		if (is_one_of(search, &snapshot->candidates[i - 1], 0, index))
			return i;
	return place;
}

/* And what is read after it, or due, stays behind it. */
static size_t
place_before_later(const struct search *search, size_t index, size_t place)
{
	const struct snapshot *snapshot = &search->snapshot;

	for (size_t i = 0; i < place; i++)
		if (is_one_of(search, &snapshot->candidates[i], index + 1,
			search->question->held_count) ||
		    search_is_due(search, &snapshot->candidates[i].stat))
			return i;
	return place;
}

/* Whether the candidate is a copy of what came after the nameless file. */
static bool
is_copy_of_newer(
    const struct search *search, size_t index, const struct candidate *nameless)
{
	const struct candidate *original = search_original_of(search, index);

	return original != NULL && search_born_after(original, nameless);
}

/*
 * By its age: it came since the file was opened, nothing of it was modified
 * after the file was, and it is not a copy of what came after that.
 */
static bool
may_be_copy(
    const struct search *search, size_t index, const struct candidate *nameless)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];

	return !candidate->current &&
	       search_may_be_copy(search, candidate, nameless) &&
	       candidate->stat.mtime_ms <= nameless->stat.mtime_ms &&
	       !is_copy_of_newer(search, index, nameless);
}

/*
 * Whether the candidate begins with what the nameless file has: then that was
 * replaced by a copy, and nothing of it was truncated.
 */
static bool
has_taken_over(const struct candidate *nameless, int fd)
{
	uint64_t size = (uint64_t)nameless->stat.size;
	struct fingerprint all;

	return size > 0 && fingerprint_load(&all, nameless->fd, size) == 0 &&
	       !fingerprint_weak(&all) && fingerprint_holds(&all, fd) == 1;
}

/* What the candidate has of a file that is held. */
struct likeness {
	bool alike;
	bool proven;
	bool over; /* it has taken the place of the file */
};

/* What cannot be read is not alike.  0; RESULT_UNSETTLED, or a shortage. */
static int
compare(const struct search *search, const struct candidate *candidate,
    const struct log_file *held, const struct candidate *nameless,
    struct likeness *ret_likeness)
{
	int fd = snapshot_open(&search->snapshot, candidate);

	*ret_likeness = (struct likeness){.alike = false};
	if (fd < 0)
		return fd == RESULT_UNSETTLED || is_shortage(fd) ? fd : 0;
	ret_likeness->alike =
	    log_file_is_alike(held, fd, &ret_likeness->proven);
	ret_likeness->over = has_taken_over(nameless, fd);
	snapshot_leave(candidate, fd);
	return 0;
}

/*
 * Behind what may be copies of it.  Or it was deleted, these are what came
 * after it, and somebody wrote to it once more.  What it had, if anything was
 * seen of it, decides between the two; otherwise nobody can know.
 */
static int
place_behind_copies(const struct search *search, const struct log_file *held,
    struct candidate *nameless, size_t *place)
{
	const struct snapshot *snapshot = &search->snapshot;
	enum log_file_state state = LOG_FILE_INTACT;
	size_t first = *place;

	if (!held->copy && !held->named)
		state = log_file_state(held);
	while (state != LOG_FILE_INTACT && *place < snapshot->count &&
	       may_be_copy(search, *place, nameless)) {
		struct candidate *other = &snapshot->candidates[*place];
		struct likeness like;
		int error = compare(search, other, held, nameless, &like);

		if (error != 0)
			return error;
		if (state == LOG_FILE_UNPROVEN && (!like.alike || like.over))
			break;
		other->unsure = !like.alike || !like.proven;
		nameless->unsure = nameless->unsure || other->unsure;
		nameless->gap =
		    state == LOG_FILE_TRUNCATED ? GAP_TRUNCATED : GAP_UNKNOWN;
		if (*place > first)
			other->gap = nameless->gap;
		++*place;
	}
	return 0;
}

/*
 * A compressor hands on when the file was modified, some only the second, and
 * removes the file.
 */
static bool
is_compressed_form(
    const struct candidate *candidate, const struct candidate *nameless)
{
	int64_t ms = nameless->stat.mtime_ms;

	return candidate->rank.compressed && !candidate->gone &&
	       (candidate->stat.mtime_ms == ms ||
		   candidate->stat.mtime_ms == ms - ms % 1000);
}

/* What cannot be read there is read as it is held: nothing is missing. */
static void
drop_compressed_form(
    struct snapshot *snapshot, const struct candidate *nameless)
{
	for (size_t i = 0; i < snapshot->count; i++)
		if (is_compressed_form(&snapshot->candidates[i], nameless)) {
			snapshot_remove(snapshot, i);
			return;
		}
}

static int
add_nameless(struct search *search, size_t index)
{
	const struct log_file *held = search->question->held[index];
	struct candidate nameless = {
	    .fd = held->fd,
	    .lent = true,
	    .file = fingerprint_file(&held->stat),
	};
	int error = sse_fd_stat(nameless.fd, &nameless.stat);
	size_t place;

	if (error == -ESTALE) {
		miss(search, held);
		return 0;
	}
	if (error != 0)
		return error;
	drop_compressed_form(&search->snapshot, &nameless);
	place =
	    held->copy ? place_of_copy(search) : place_of(search, &nameless);
	place = place_behind_earlier(search, index, place);
	error = place_behind_copies(search, held, &nameless, &place);
	if (error != 0)
		return error;
	place = place_before_later(search, index, place);
	return snapshot_insert(&search->snapshot, place, &nameless);
}

/* Before the next one that is due and there, or after all that is known. */
static size_t
place_of_gone(const struct search *search, size_t index)
{
	const struct search_question *question = search->question;
	const struct snapshot *snapshot = &search->snapshot;

	for (size_t i = index + 1; i < question->due_count; i++)
		for (size_t j = 0; j < snapshot->count; j++)
			if (fingerprint_same_file(&question->due[i],
				&snapshot->candidates[j].stat))
				return j;
	for (size_t i = snapshot->count; i > 0; i--) {
		const struct candidate *last = &snapshot->candidates[i - 1];

		if (search_is_due(search, &last->stat) ||
		    is_one_of(search, last, 0, question->held_count))
			return i;
	}
	return 0;
}

/* One stands for all that are missing at a place. */
static int
add_gone(struct search *search)
{
	const struct search_question *question = search->question;
	struct snapshot *snapshot = &search->snapshot;
	int error = 0;

	for (size_t i = 0; error == 0 && i < question->due_count; i++) {
		struct candidate gone = {
		    .fd = -1,
		    .stat = question->due[i],
		    .file = fingerprint_file(&question->due[i]),
		    .rank = {.compressed = true},
		    .compressed = true,
		    .gone = true,
		};
		size_t place;

		if (snapshot_has(snapshot, &gone.stat))
			continue;
		place = place_of_gone(search, i);
		if (place == 0 || !snapshot->candidates[place - 1].gone)
			error = snapshot_insert(snapshot, place, &gone);
	}
	return error;
}

int
nameless_add(struct search *search)
{
	const struct search_question *question = search->question;
	int error = lend_held(search);

	for (size_t i = question->held_count; error == 0 && i-- > 0;) {
		const struct log_file *held = question->held[i];

		if ((!held->copy || held == question->reading) &&
		    !snapshot_has(&search->snapshot, &held->stat))
			error = add_nameless(search, i);
	}
	return error != 0 ? error : add_gone(search);
}
