/*
 * processes.c - what all processes of a server take together.
 */
#include "config.h"

#include "processes.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../bench.h"

#define PID_MAX (1 << 22) /* of Linux */

static int
is_root(const char *roots, long pid)
{
	char *end = (char *)(size_t)roots;

	while (*end != '\0') {
		if (strtol(end, &end, 10) == pid)
			return 1;
		end += *end == ',';
	}
	return 0;
}

/* 0: it has gone. */
static int
parent_of(long pid)
{
	char path[64], line[512];
	const char *end;
	int parent = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	if (fgets(line, sizeof(line), file) != NULL &&
	    (end = strrchr(line, ')')) != NULL &&
	    sscanf(end + 1, " %*c %d", &parent) != 1)
		parent = 0;
	(void)fclose(file);
	return parent;
}

/* Of one that has ended since: 0. */
static double
cpu_s(int pid)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &time) != 0)
		return 0;
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double
pss_bytes(int pid)
{
	char path[64], line[256];
	double kib = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "Pss:", 4) == 0)
			kib = strtod(line + 4, NULL);
	(void)fclose(file);
	return kib * 1024;
}

/* The parents of all processes of the machine, by pid. */
static void
read_parents(int *parents)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;

	if (folder == NULL)
		bench_fail("/proc");
	memset(parents, 0, PID_MAX * sizeof(*parents));
	while ((entry = readdir(folder)) != NULL) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0 && pid < PID_MAX)
			parents[pid] = parent_of(pid);
	}
	(void)closedir(folder);
}

struct processes
processes_of(const char *roots, int with_memory)
{
	static int parents[PID_MAX];
	struct processes sum = {.count = 0};

	read_parents(parents);
	for (int pid = 1; pid < PID_MAX; pid++) {
		int ancestor = parents[pid] > 0 ? pid : 0;

		while (ancestor > 1 && !is_root(roots, ancestor))
			ancestor = parents[ancestor];
		if (ancestor <= 1)
			continue;
		sum.count++;
		sum.cpu_s += cpu_s(pid);
		if (with_memory)
			sum.pss_bytes += pss_bytes(pid);
	}
	return sum;
}
