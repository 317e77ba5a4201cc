/*
 * fake_journal.c - libsystemd's functions over an array.
 *
 * Entries have serial numbers without holes: those that are there are
 * entries[0 .. count), the first of which is serial base.
 */
#include "config.h"

#include "fake_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source/journal_library.h"
#include "test.h"

#define MATCHES_MAX 4
#define FIELDS 2
#define BEGIN_US 1700000000000000
#define END UINT64_MAX

struct fake_entry {
	uint64_t sequence, number, time_us, hash;
	unsigned file;
	char *fields[FIELDS]; /* or NULL */
	size_t sizes[FIELDS];
};

static struct {
	struct fake_entry *entries;
	size_t count, capacity;
	uint64_t base;
	uint64_t sequence, number, time_us;
	unsigned user;
	unsigned file;
	unsigned removals;
	bool strange;
	unsigned fail_at;
	unsigned cuts;
	bool unwatched;
	bool damaged;
	unsigned processed;
} all = {.sequence = 1, .time_us = BEGIN_US};

/* Where one is: the next entry is not before one, the previous before other. */
struct sd_journal {
	int fd;
	unsigned file; /* the newest that it knows */
	unsigned removals;
	uint64_t next_from, previous_below;
	size_t at_field;
	char matches[MATCHES_MAX][64];
	size_t matches_count;
};

static bool
fails(void)
{
	return all.fail_at > 0 && --all.fail_at == 0;
}

/* -------------------------------------------------- what the test does -- */

uint64_t
fake_journal_write_with(const char *message, struct sse_slice field)
{
	struct fake_entry *entry;

	if (all.count == all.capacity) {
		all.capacity = 2 * all.capacity + 64;
		all.entries = reallocarray(
		    all.entries, all.capacity, sizeof(*all.entries));
		CHECK(all.entries != NULL);
	}
	entry = &all.entries[all.count++];
	*entry = (struct fake_entry){.sequence = all.sequence + all.user,
	    .number = ++all.number,
	    .time_us = all.time_us += 1000,
	    .file = all.file};
	entry->hash = (entry->time_us + 77) * UINT64_C(0x9e3779b97f4a7c15);
	if (message != NULL) {
		int size = asprintf(&entry->fields[0], "MESSAGE=%s", message);

		CHECK(size >= 0);
		entry->sizes[0] = (size_t)size;
	}
	if (field.data != NULL) {
		entry->fields[1] = malloc(field.size);
		CHECK(entry->fields[1] != NULL);
		memcpy(entry->fields[1], field.data, field.size);
		entry->sizes[1] = field.size;
	}
	return all.base + all.count - 1;
}

uint64_t
fake_journal_write(const char *message)
{
	return fake_journal_write_with(message, (struct sse_slice){NULL, 0});
}

void
fake_journal_rotate(void)
{
	all.file++;
}

static void
forget(struct fake_entry *entry)
{
	for (size_t i = 0; i < FIELDS; i++)
		free(entry->fields[i]);
}

void
fake_journal_vacuum(size_t count)
{
	if (count > all.count)
		count = all.count;
	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		forget(&all.entries[i]);
	all.count -= count;
	all.base += count;
	memmove(
	    all.entries, all.entries + count, all.count * sizeof(*all.entries));
	all.removals++;
}

void
fake_journal_lose(size_t count)
{
	if (count > all.count)
		count = all.count;
	for (size_t i = 0; i < count; i++) {
		forget(&all.entries[--all.count]);
		all.number--;
	}
	all.removals++;
	all.file++;
}

size_t
fake_journal_count(void)
{
	return all.count;
}

void
fake_journal_new_sequence(void)
{
	all.sequence++;
	all.number = 0;
	all.file++;
}

void
fake_journal_user(unsigned user)
{
	all.user = 1000 * user;
}

void
fake_journal_copy(void)
{
	all.sequence++;
	all.number = 5;
	for (size_t i = 0; i < all.count; i++) {
		all.entries[i].sequence = all.sequence;
		all.entries[i].number = ++all.number;
	}
}

void
fake_journal_same_time(void)
{
	CHECK(all.count >= 2);
	all.entries[all.count - 1].time_us = all.entries[all.count - 2].time_us;
}

void
fake_journal_no_sequence(void)
{
	all.sequence = 0;
	all.file++;
}

void
fake_journal_unwatched(bool unwatched)
{
	all.unwatched = unwatched;
}

void
fake_journal_set_back(unsigned entries)
{
	all.time_us -= 1000 * (uint64_t)entries;
}

void
fake_journal_cut(unsigned looks)
{
	all.cuts = looks;
}

void
fake_journal_damage(bool damaged)
{
	all.damaged = damaged;
}

void
fake_journal_strange_cursors(bool strange)
{
	all.strange = strange;
}

unsigned
fake_journal_processed(void)
{
	return all.processed;
}

void
fake_journal_fail_at(unsigned call)
{
	all.fail_at = call;
}

/* --------------------------------------------------------- the library -- */

static int
open_directory(struct sd_journal **ret, const char *path, int flags)
{
	struct sd_journal *journal;

	(void)flags;
	if (access(path, F_OK) != 0)
		return -errno;
	journal = calloc(1, sizeof(*journal));
	if (journal == NULL)
		return -ENOMEM;
	journal->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	journal->file = all.file;
	journal->removals = all.removals;
	*ret = journal;
	return 0;
}

static int
open_namespace(struct sd_journal **ret, const char *name_space, int flags)
{
	(void)name_space;
	return open_directory(ret, "/", flags);
}

static void
close_journal(struct sd_journal *journal)
{
	close(journal->fd);
	free(journal);
}

static int
set_data_threshold(struct sd_journal *journal, size_t size)
{
	(void)journal, (void)size;
	return 0;
}

/* They are larger than what may be replayed. */
static int
get_usage(struct sd_journal *journal, uint64_t *ret_bytes)
{
	(void)journal;
	*ret_bytes = UINT64_MAX - 1;
	return 0;
}

static int
get_fd(struct sd_journal *journal)
{
	return journal->fd;
}

static int
get_events(struct sd_journal *journal)
{
	(void)journal;
	return 1;
}

static int
get_timeout(struct sd_journal *journal, uint64_t *ret_us)
{
	(void)journal;
	*ret_us = UINT64_MAX;
	return 0;
}

static int
process(struct sd_journal *journal)
{
	bool changed = !all.unwatched && (journal->file != all.file ||
					     journal->removals != all.removals);

	all.processed++;
	if (changed) {
		journal->file = all.file;
		journal->removals = all.removals;
	}
	return changed ? JOURNAL_INVALIDATE : 0;
}

static bool
has_field(const struct fake_entry *entry, const char *match)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (entry->fields[i] != NULL &&
		    entry->sizes[i] == strlen(match) &&
		    memcmp(entry->fields[i], match, entry->sizes[i]) == 0)
			return true;
	return false;
}

/* Whether it is one that the reader can see, and wants. */
static bool
is_seen(const struct sd_journal *journal, const struct fake_entry *entry)
{
	if (entry->file > journal->file ||
	    (all.damaged && journal->matches_count == 0))
		return false;
	for (size_t i = 0; i < journal->matches_count; i++)
		if (has_field(entry, journal->matches[i]))
			return true;
	return journal->matches_count == 0;
}

static int
land(struct sd_journal *journal, size_t index)
{
	journal->previous_below = all.base + index;
	journal->next_from = all.base + index + 1;
	return 1;
}

/* There is nothing where a file was cut. */
static bool
is_cut(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	int fd;
	char *map;

	if (all.cuts == 0)
		return false;
	all.cuts--;
	fd = memfd_create("cut", MFD_CLOEXEC);
	CHECK(fd >= 0);
	map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(map != MAP_FAILED);
	CHECK_EQUAL_INT(*(volatile char *)map, 0);
	munmap(map, size);
	close(fd);
	return true;
}

static int
next(struct sd_journal *journal)
{
	size_t i = journal->next_from > all.base
		       ? (size_t)(journal->next_from - all.base)
		       : 0;

	if (fails())
		return -ENOMEM;
	if (is_cut())
		return 0;
	for (; journal->next_from != END && i < all.count; i++)
		if (is_seen(journal, &all.entries[i]))
			return land(journal, i);
	return 0;
}

static int
previous(struct sd_journal *journal)
{
	size_t i = all.count;

	if (fails())
		return -ENOMEM;
	if (journal->previous_below < all.base + all.count)
		i = journal->previous_below > all.base
			? (size_t)(journal->previous_below - all.base)
			: 0;
	while (i-- > 0)
		if (is_seen(journal, &all.entries[i]))
			return land(journal, i);
	return 0;
}

static int
seek_to(struct sd_journal *journal, uint64_t serial)
{
	journal->next_from = journal->previous_below = serial;
	return 0;
}

static int
seek_head(struct sd_journal *journal)
{
	return seek_to(journal, 0);
}

static int
seek_tail(struct sd_journal *journal)
{
	return seek_to(journal, END);
}

static int
seek_realtime_usec(struct sd_journal *journal, uint64_t us)
{
	size_t i = 0;

	while (i < all.count && all.entries[i].time_us < us)
		i++;
	return seek_to(journal, all.base + i);
}

static int
seek_cursor(struct sd_journal *journal, const char *cursor)
{
	uint64_t high, sequence, number, us;

	if (sscanf(cursor,
		"s=%16" SCNx64 "%16" SCNx64 ";i=%" SCNx64 ";t=%" SCNx64, &high,
		&sequence, &number, &us) != 4)
		return -EINVAL;
	/* By its number in files of its sequence, and in others by time. */
	for (size_t i = 0; i < all.count; i++) {
		const struct fake_entry *entry = &all.entries[i];

		if (entry->sequence == sequence ? entry->number >= number
						: entry->time_us >= us)
			return seek_to(journal, all.base + i);
	}
	return seek_to(journal, all.base + all.count);
}

static const struct fake_entry *
current(const struct sd_journal *journal)
{
	uint64_t serial = journal->previous_below;

	if (journal->next_from != serial + 1 || serial < all.base ||
	    serial >= all.base + all.count)
		return NULL;
	return &all.entries[serial - all.base];
}

static int
get_cursor(struct sd_journal *journal, char **ret_cursor)
{
	const struct fake_entry *entry = current(journal);

	if (entry == NULL)
		return -EADDRNOTAVAIL;
	return asprintf(ret_cursor,
		   "%ss=%016" PRIx64 "%016" PRIx64 ";i=%" PRIx64
		   ";b=%032x;m=%x;t=%" PRIx64 ";x=%" PRIx64,
		   all.strange ? "v2;" : "", entry->sequence << 32,
		   entry->sequence, entry->number, 1, 2, entry->time_us,
		   entry->hash) < 0
		   ? -ENOMEM
		   : 0;
}

static int
get_data(struct sd_journal *journal, const char *field, const void **ret_data,
    size_t *ret_size)
{
	const struct fake_entry *entry = current(journal);
	size_t size = strlen(field);

	if (entry == NULL)
		return -EADDRNOTAVAIL;
	if (fails())
		return -ENOMEM;
	for (size_t i = 0; i < FIELDS; i++)
		if (entry->fields[i] != NULL && entry->sizes[i] > size &&
		    entry->fields[i][size] == '=' &&
		    memcmp(entry->fields[i], field, size) == 0) {
			*ret_data = entry->fields[i];
			*ret_size = entry->sizes[i];
			return 0;
		}
	return -ENOENT;
}

static void
restart_data(struct sd_journal *journal)
{
	journal->at_field = 0;
}

static int
enumerate_available_data(
    struct sd_journal *journal, const void **ret_data, size_t *ret_size)
{
	const struct fake_entry *entry = current(journal);

	if (entry == NULL)
		return -EADDRNOTAVAIL;
	for (; journal->at_field < FIELDS; journal->at_field++) {
		if (entry->fields[journal->at_field] == NULL)
			continue;
		*ret_data = entry->fields[journal->at_field];
		*ret_size = entry->sizes[journal->at_field++];
		return 1;
	}
	return 0;
}

static int
add_match(struct sd_journal *journal, const void *match, size_t size)
{
	CHECK(journal->matches_count < MATCHES_MAX && size < 64);
	if (fails())
		return -ENOMEM;
	memcpy(journal->matches[journal->matches_count], match, size);
	journal->matches[journal->matches_count++][size] = '\0';
	return 0;
}

static int
add_disjunction(struct sd_journal *journal)
{
	(void)journal;
	return 0;
}

static void
flush_matches(struct sd_journal *journal)
{
	journal->matches_count = 0;
}

const struct journal_library *
journal_library_load(const char **ret_why)
{
	static const struct journal_library library = {
	    .open_namespace = open_namespace,
	    .open_directory = open_directory,
	    .close = close_journal,
	    .set_data_threshold = set_data_threshold,
	    .get_usage = get_usage,
	    .get_fd = get_fd,
	    .get_events = get_events,
	    .get_timeout = get_timeout,
	    .process = process,
	    .next = next,
	    .previous = previous,
	    .seek_head = seek_head,
	    .seek_tail = seek_tail,
	    .seek_cursor = seek_cursor,
	    .seek_realtime_usec = seek_realtime_usec,
	    .get_cursor = get_cursor,
	    .get_data = get_data,
	    .restart_data = restart_data,
	    .enumerate_available_data = enumerate_available_data,
	    .add_match = add_match,
	    .add_disjunction = add_disjunction,
	    .flush_matches = flush_matches,
	};

	*ret_why = "";
	return &library;
}
