/*
 * ssekit-fcgi.h - ssekit with libfcgi: event streams behind web servers that
 * speak FastCGI.  All of it is in this header; link with -lfcgi -lssekit.
 *
 *	struct sse_fcgi fcgi = {0};
 *
 *	while (sse_fcgi_next(&fcgi))
 *		serve(fcgi.writer, &fcgi.request);
 *
 * That is a FastCGI program where descriptor 0 is a socket that listens, as
 * from spawn-fcgi or a web server; else it is a CGI program, which serves one
 * client.  A process serves one client at a time: start as many as there may
 * be clients, or give each client a thread and a struct sse_fcgi of its own,
 * and let one thread call sse_fcgi_next().
 *
 * Who has an FCGX_Request already needs sse_fcgx_write() and sse_fcgx_getenv()
 * alone.  NULL is treated as ssekit.h says.
 */
#ifndef SSEKIT_FCGI_H
#define SSEKIT_FCGI_H

#include <errno.h>
#include <fcgiapp.h>
#include <limits.h>
#include <signal.h>
#include <ssekit.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A sse_write_function; the context is the FCGX_Stream "out" of a request.  It
 * blocks.  -EPIPE: the client has gone; only FCGX_GetError() tells, all else
 * of libfcgi says that all is well.
 */
SSE_INLINE ssize_t
sse_fcgx_write(void *out, const void *bytes, size_t size)
{
	FCGX_Stream *stream = (FCGX_Stream *)out;

	if (stream == NULL || bytes == NULL)
		return -EINVAL;
	if (size > INT_MAX)
		size = INT_MAX;
	(void)FCGX_PutStr((const char *)bytes, (int)size, stream);
	(void)FCGX_FFlush(stream);
	return FCGX_GetError(stream) == 0 ? (ssize_t)size : -EPIPE;
}

/* A sse_getenv_function; the context is "envp" of a request. */
SSE_INLINE const char *
sse_fcgx_getenv(void *envp, const char *name)
{
	if (name == NULL || envp == NULL)
		return NULL;
	return FCGX_GetParam(name, (FCGX_ParamArray)envp);
}

/*
 * One client after the other.  It is compiled into the program, so that it may
 * change with each release.  All zeros at first; at the end nothing is left to
 * be freed where sse_fcgi_next() has returned false, or after sse_fcgi_end().
 */
struct sse_fcgi {
	struct sse_writer *writer;  /* to the client */
	struct sse_request request; /* what it asks for */
	bool is_cgi;                /* by CGI; else by FastCGI: */
	bool began;
	FCGX_Request fcgx; /* libfcgi's own: "in", "envp", ... */
};

/* libfcgi takes SIGTERM for itself, and would let a stream go on. */
SSE_INLINE int
sse_fcgi_begin(struct sse_fcgi *fcgi)
{
	int error;
#ifdef SA_NOCLDSTOP
	struct sigaction before;

	(void)sigaction(SIGTERM, NULL, &before);
	error = FCGX_Init();
	(void)sigaction(SIGTERM, &before, NULL);
#else
	/* With C alone, as by -std=c11, there is no sigaction(2). */
	void (*before)(int) = signal(SIGTERM, SIG_DFL);

	error = FCGX_Init();
	if (before != SIG_ERR)
		(void)signal(SIGTERM, before);
#endif
	if (error == 0)
		error = FCGX_InitRequest(&fcgi->fcgx, 0, 0);
	fcgi->began = error == 0;
	fcgi->is_cgi = FCGX_IsCGI() != 0;
	return error;
}

/*
 * Ends the answer to the client before, and waits for the next one; false when
 * there is none: by CGI after the first, by FastCGI when the socket fails.  The
 * writer is NULL where there was no memory for it, and can be used like any.
 * It blocks, also while a peer has sent half of a request.
 */
SSE_INLINE bool
sse_fcgi_next(struct sse_fcgi *fcgi)
{
	bool first;

	if (fcgi == NULL)
		return false;
	first = !fcgi->began;
	sse_writer_free(fcgi->writer);
	fcgi->writer = NULL;
	if (first && sse_fcgi_begin(fcgi) != 0)
		return false;
	if (fcgi->is_cgi) {
		if (!first)
			return false;
		fcgi->writer = sse_writer_new(sse_write_stdio, stdout, 0);
		sse_request_read(&fcgi->request, sse_getenv, NULL);
		return true;
	}
	if (FCGX_Accept_r(&fcgi->fcgx) != 0)
		return false;
	fcgi->writer = sse_writer_new(sse_fcgx_write, fcgi->fcgx.out, 0);
	sse_request_read(&fcgi->request, sse_fcgx_getenv, fcgi->fcgx.envp);
	return true;
}

/* Ends the answer, where there is no next client for this struct. */
SSE_INLINE void
sse_fcgi_end(struct sse_fcgi *fcgi)
{
	if (fcgi == NULL)
		return;
	sse_writer_free(fcgi->writer);
	fcgi->writer = NULL;
	if (!fcgi->began || fcgi->is_cgi)
		return;
	FCGX_Finish_r(&fcgi->fcgx);
	FCGX_Free(&fcgi->fcgx, 1);
}

/*
 * A variable of the request that sse_request does not have, such as one that
 * the web server's configuration sets: it lives until the next client; or NULL.
 * It is a sse_getenv_function; the context is the struct sse_fcgi.
 */
SSE_INLINE const char *
sse_fcgi_getenv(void *context, const char *name)
{
	const struct sse_fcgi *fcgi = (const struct sse_fcgi *)context;

	if (fcgi == NULL)
		return NULL;
	return fcgi->is_cgi ? sse_getenv(NULL, name)
			    : sse_fcgx_getenv(fcgi->fcgx.envp, name);
}

#ifdef __cplusplus
}
#endif

#endif
