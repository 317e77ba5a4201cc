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

uint64_t
process_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	uint64_t count = 0;

	if (directory == NULL)
		return 0;
	while (readdir(directory) != NULL)
		count++;
	(void)closedir(directory);
	/* Less ".", ".." and the one of the directory itself. */
	return count > 3 ? count - 3 : 0;
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
