/*
 * child.c - what is measured from outside.
 */
#include "config.h"

#include "child.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define SCHEME "http:"

static struct child
start_program(char **words)
{
	posix_spawn_file_actions_t actions;
	struct child child;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0 ||
	    posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_addopen(
		&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) != 0 ||
	    posix_spawn_file_actions_adddup2(
		&actions, ends[1], STDOUT_FILENO) != 0)
		bench_fail("pipe");
	errno =
	    posix_spawnp(&child.pid, words[0], &actions, NULL, words, environ);
	if (errno != 0)
		bench_fail(words[0]);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(ends[1]);
	child.fd = ends[0];
	return child;
}

static struct child
start_request(const char *port_and_path)
{
	char request[1024], *path;
	long port = strtol(port_and_path, &path, 10);
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct child child = {
	    .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .pid = -1};
	int size = snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);

	if (child.fd < 0 ||
	    connect(child.fd, (struct sockaddr *)&address, sizeof(address)) !=
		0 ||
	    write(child.fd, request, (size_t)size) != size)
		bench_fail(port_and_path);
	return child;
}

struct child
child_start(char **words)
{
	size_t size = sizeof(SCHEME) - 1;

	if (words[0] == NULL)
		bench_fail("nothing to start");
	if (strncmp(words[0], SCHEME, size) == 0)
		return start_request(words[0] + size);
	return start_program(words);
}

void
child_stop(struct child child)
{
	(void)close(child.fd);
	if (child.pid < 0)
		return;
	(void)kill(child.pid, SIGKILL);
	(void)waitpid(child.pid, NULL, 0);
}

long
child_peak_kib(struct child child)
{
	char line[256];
	long kib = -1;
	FILE *status;

	(void)snprintf(line, sizeof(line), "/proc/%ld/status", (long)child.pid);
	status = fopen(line, "re");
	if (status == NULL)
		return -1;
	while (kib < 0 && fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	(void)fclose(status);
	return kib;
}

char **
child_split(char **words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, "--") == 0) {
			*words = NULL;
			return words + 1;
		}
	bench_fail("no --");
}
