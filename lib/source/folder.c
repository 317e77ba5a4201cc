/*
 * folder.c - the names in an open folder.
 */
#include "config.h"

#include "source/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

int
folder_begin(int fd)
{
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

#define ENTRY_SIZE_MIN 24 /* of one byte, with its NUL and padding */
#define ENTRIES_MAX (FOLDER_READ_SIZE / ENTRY_SIZE_MIN)

/* What was read, and where in it each entry is. */
struct entries {
	_Alignas(struct dirent64) char bytes[FOLDER_READ_SIZE];
	uint16_t at[ENTRIES_MAX];
	size_t count;
};

_Static_assert(FOLDER_READ_SIZE <= UINT16_MAX + 1, "at[] has any place");

static const struct dirent64 *
entry_at(const struct entries *entries, size_t at)
{
	return (const struct dirent64 *)(const void *)(entries->bytes + at);
}

static void
find_entries(struct entries *entries, size_t size)
{
	size_t at = 0;

	entries->count = 0;
	while (at < size && entries->count < ENTRIES_MAX) {
		entries->at[entries->count++] = (uint16_t)at;
		at += entry_at(entries, at)->d_reclen;
	}
}

/*
 * The last one first: where a folder lists the oldest names first, the newest
 * of many are known early.
 */
static int
give_entries(const struct entries *entries, const struct folder_taker *taker)
{
	int error = 0;

	for (size_t i = entries->count; i-- > 0 && error == 0;) {
		const struct dirent64 *entry =
		    entry_at(entries, entries->at[i]);

		error = taker->take(
		    taker->context, entry->d_name, entry->d_type == DT_DIR);
	}
	return error != 0 ? error : (int)entries->count;
}

/* A file system in user space may say that a signal has come first. */
static ssize_t
read_entries(int fd, struct entries *entries)
{
	ssize_t size;

	do
		size = getdents64(
		    fd, (void *)entries->bytes, sizeof(entries->bytes));
	while (size < 0 && errno == EINTR);
	return size;
}

/* Memory that is not written to costs nothing; on the stack each page would. */
int
folder_read(int fd, const struct folder_taker *taker)
{
	struct entries *entries = malloc(sizeof(*entries));
	ssize_t size;
	int got;

	if (entries == NULL)
		return -ENOMEM;
	size = read_entries(fd, entries);
	/* A folder that was removed while it was open has nothing more. */
	got = size < 0 && errno != ENOENT ? -errno : 0;
	if (size > 0) {
		find_entries(entries, (size_t)size);
		got = give_entries(entries, taker);
	}
	free(entries);
	return got;
}
