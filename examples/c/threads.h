/*
 * threads.h - libfcgi with a thread for each client.
 */
#ifndef THREADS_H
#define THREADS_H

#include <fcgiapp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/* Serves one client until it has left; the program has it. */
static void serve(FCGX_Request *fcgi);

static void *
serve_and_free(void *context)
{
	serve(context);
	FCGX_Finish_r(context);
	free(context);
	return NULL;
}

/* Accepts clients on descriptor 0, where spawn-fcgi puts the socket. */
static void *
accept_clients(void *context)
{
	FCGX_Request *fcgi;
	pthread_t thread;

	while ((fcgi = malloc(sizeof(*fcgi))) != NULL &&
	       FCGX_InitRequest(fcgi, 0, 0) == 0 && FCGX_Accept_r(fcgi) == 0)
		if (pthread_create(&thread, NULL, serve_and_free, fcgi) == 0) {
			(void)pthread_detach(thread);
		} else { /* one client too many */
			FCGX_Finish_r(fcgi);
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

	if (FCGX_Init() != 0)
		exit(111);
	/* libfcgi has taken it, and would let a stream go on. */
	(void)signal(SIGTERM, SIG_DFL);
	if (pthread_create(&thread, NULL, accept_clients, NULL) != 0)
		exit(111);
}

#endif
