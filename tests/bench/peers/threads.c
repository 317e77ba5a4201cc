/*
 * threads.c - a worker of libfcgi with a thread for each client, as one writes
 * it without an event loop: one thread follows the log, all others wait for it.
 *
 *	threads SOCKET LOG THREADS
 */
#include "config.h"

#include <fcgiapp.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "../bench.h"

#define RING 1024 /* lines */
#define STACK_SIZE 131072
#define BACKLOG 4096
#define LAST_SIZE_MAX 131072 /* bytes in which the last line is */

static const char *path;
static int listener;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;

/* Under the lock. */
static char *ring[RING];
static size_t head; /* lines there ever were */
static long end;    /* of them in the log */

static int
send_line(FCGX_Request *request, const char *line)
{
	if (FCGX_FPrintF(request->out, "data: %s\n", line) < 0 ||
	    FCGX_FFlush(request->out) != 0)
		return -1;
	return 0;
}

/* What there was before it came: all, or the last line. */
static int
send_old(FCGX_Request *request, long until)
{
	const char *query = FCGX_GetParam("QUERY_STRING", request->envp);
	int all = query != NULL && strcmp(query, "from=start") == 0;
	FILE *log = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	if (log == NULL ||
	    (!all && until > LAST_SIZE_MAX &&
		fseek(log, until - LAST_SIZE_MAX, SEEK_SET) != 0))
		status = -1;
	while (
	    status == 0 && ftell(log) < until && getline(&line, &size, log) > 0)
		if (all || ftell(log) >= until)
			status = send_line(request, line);
	free(line);
	if (log != NULL)
		(void)fclose(log);
	return status;
}

/* The next line, in a copy. */
static char *
wait_line(size_t *seen)
{
	char *line;

	(void)pthread_mutex_lock(&lock);
	while (*seen == head)
		(void)pthread_cond_wait(&more, &lock);
	if (head - *seen > RING)
		*seen = head - RING;
	line = strdup(ring[(*seen)++ % RING]);
	(void)pthread_mutex_unlock(&lock);
	return line;
}

static void
serve(FCGX_Request *request)
{
	size_t seen;
	long until;
	int status;

	(void)pthread_mutex_lock(&lock);
	seen = head;
	until = end;
	(void)pthread_mutex_unlock(&lock);
	(void)FCGX_FPrintF(request->out,
	    "Content-Type: text/event-stream\r\n"
	    "Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\n\r\n");
	status = send_old(request, until);
	while (status == 0) {
		char *line = wait_line(&seen);

		status = line == NULL ? -1 : send_line(request, line);
		free(line);
	}
}

static void *
run(void *nothing)
{
	FCGX_Request request;

	(void)FCGX_InitRequest(&request, listener, 0);
	while (FCGX_Accept_r(&request) == 0) {
		serve(&request);
		FCGX_Finish_r(&request);
	}
	return nothing;
}

/* A line of the log, with its LF, which is taken over. */
static void
add_line(char *line, long position)
{
	(void)pthread_mutex_lock(&lock);
	free(ring[head % RING]);
	ring[head++ % RING] = line;
	end = position;
	(void)pthread_cond_broadcast(&more);
	(void)pthread_mutex_unlock(&lock);
}

static void
read_lines(FILE *log)
{
	char *line = NULL;
	size_t size = 0;

	clearerr(log);
	while (getline(&line, &size, log) > 0) {
		if (strchr(line, '\n') == NULL) {
			(void)fseek(log, -(long)strlen(line), SEEK_CUR);
			break;
		}
		add_line(line, ftell(log));
		line = NULL;
		size = 0;
	}
	free(line);
}

static void
follow(void)
{
	char events[4096];
	int inotify = inotify_init1(IN_CLOEXEC);
	FILE *log = fopen(path, "re");

	if (log == NULL || inotify_add_watch(inotify, path, IN_MODIFY) < 0 ||
	    fseek(log, end, SEEK_SET) != 0)
		bench_fail(path);
	for (;;) {
		read_lines(log);
		if (read(inotify, events, sizeof(events)) <= 0)
			bench_fail("inotify");
	}
}

static void
find_end(void)
{
	FILE *log = fopen(path, "re");

	if (log == NULL || fseek(log, 0, SEEK_END) != 0)
		bench_fail(path);
	end = ftell(log);
	(void)fclose(log);
}

int
main(int argc, char **argv)
{
	pthread_attr_t attributes;
	pthread_t thread;

	if (argc != 4)
		bench_fail("usage");
	path = argv[2];
	find_end();
	if (FCGX_Init() != 0 ||
	    (listener = FCGX_OpenSocket(argv[1], BACKLOG)) < 0)
		bench_fail(argv[1]);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
	for (size_t i = bench_number(argv[3]); i > 0; i--)
		if (pthread_create(&thread, &attributes, run, NULL) != 0)
			bench_fail("a thread");
	follow();
}
