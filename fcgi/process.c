/*
 * process.c - what this process uses, as proc(5) tells it.
 */
#include "config.h"

#include "process.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fdio.h"

bool
process_count_more(struct process_count *count)
{
	if (count->directory == NULL)
		count->directory = opendir("/proc/self/fd");
	if (count->directory == NULL)
		return false;
	for (int i = 0; i < PROCESS_COUNT_STEP; i++) {
		if (readdir(count->directory) == NULL) {
			process_count_done(count);
			/* Less ".", ".." and the one of the directory. */
			count->count = count->count > 3 ? count->count - 3 : 0;
			return false;
		}
		count->count++;
	}
	return true;
}

void
process_count_done(struct process_count *count)
{
	if (count->directory != NULL)
		(void)closedir(count->directory);
	count->directory = NULL;
}

uint64_t
process_resident(void)
{
	char text[128];
	const char *second;
	int fd = sse_fd_open("/proc/self/statm", O_RDONLY);
	ssize_t got =
	    fd >= 0 ? sse_fd_pread_all(fd, text, sizeof(text) - 1, 0) : 0;

	sse_fd_close(fd);
	if (got <= 0)
		return 0;
	text[got] = '\0';
	second = strchr(text, ' ');
	if (second == NULL)
		return 0;
	return strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}
