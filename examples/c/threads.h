/*
 * threads.h - libfcgi with a thread for each client.
 */
#ifndef THREADS_H
#define THREADS_H

#include <pthread.h>
#include <ssekit-fcgi.h>
#include <stdlib.h>

/* Serves one client until it has left; the program has it. */
static void serve(struct sse_fcgi *fcgi);

static void *
serve_and_free(void *fcgi)
{
	serve(fcgi);
	sse_fcgi_end(fcgi);
	free(fcgi);
	return NULL;
}

/* Accepts clients on descriptor 0, where spawn-fcgi puts the socket. */
static void *
accept_clients(void *context)
{
	struct sse_fcgi *fcgi;
	pthread_t thread;

	while ((fcgi = calloc(1, sizeof(*fcgi))) != NULL &&
	       sse_fcgi_next(fcgi) && !fcgi->is_cgi)
		if (pthread_create(&thread, NULL, serve_and_free, fcgi) == 0) {
			(void)pthread_detach(thread);
		} else { /* one client too many */
			(void)sse_writer_refuse(
			    fcgi->writer, &fcgi->request, NULL);
			sse_fcgi_end(fcgi);
			free(fcgi);
		}
	exit(111);
	return context;
}

/* Returns at once. */
static void
serve_in_threads(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, accept_clients, NULL) != 0)
		exit(111);
}

#endif
