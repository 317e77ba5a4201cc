/*
 * folder.c - the names in an open folder.
 */
#include "config.h"

#include "source/folder.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "base/unset.h"

int
folder_begin(int fd)
{
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

int
folder_read(int fd, const struct folder_taker *taker)
{
	_Alignas(struct dirent64) UNSET char bytes[FOLDER_READ_SIZE];
	ssize_t size = getdents64(fd, bytes, sizeof(bytes)), at = 0;
	int count = 0, error = 0;

	/* A folder that was removed while it was open has nothing more. */
	if (size < 0)
		return errno == ENOENT ? 0 : -errno;
	while (at < size && error == 0) {
		const struct dirent64 *entry =
		    (const struct dirent64 *)(const void *)(bytes + at);

		error = taker->take(
		    taker->context, entry->d_name, entry->d_type == DT_DIR);
		at += entry->d_reclen;
		count++;
	}
	return error != 0 ? error : count;
}
