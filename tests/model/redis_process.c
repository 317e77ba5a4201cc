/*
 * redis_process.c - a Redis server that can be killed.
 */
#include "config.h"

#include "redis_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void
run(const char *folder, bool appends)
{
	const char *yes = appends ? "yes" : "no";
	char socket[PATH_MAX];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)snprintf(socket, sizeof(socket), "%s/redis.sock", folder);
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDOUT_FILENO);
	/* It goes with the model, however that ends. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* A page that is written outlives the process, if not the machine. */
	execlp("redis-server", "redis-server", "--port", "0", "--unixsocket",
	    socket, "--dir", folder, "--save", "", "--appendonly", yes,
	    "--appendfsync", "no", "--auto-aof-rewrite-min-size", "1mb", NULL);
	_exit(127);
}

pid_t
redis_process_start(const char *folder, bool appends)
{
	pid_t process = fork();

	if (process == 0)
		run(folder, appends);
	if (process < 0)
		abort();
	return process;
}

void
redis_process_kill(pid_t process)
{
	(void)kill(process, SIGKILL);
	while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
		continue;
}
