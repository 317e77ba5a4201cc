/*
 * fcgx.h - libfcgi for ssekit: what the FastCGI programs here have in common.
 */
#ifndef FCGX_H
#define FCGX_H

#include <errno.h>
#include <fcgiapp.h>
#include <ssekit.h>

/* A sse_write_function; the context is the FCGX_Stream "out". */
static ssize_t
write_fcgx(void *out, const void *bytes, size_t size)
{
	(void)FCGX_PutStr(bytes, (int)size, out);
	(void)FCGX_FFlush(out); /* says 0 long after the client has gone */
	return FCGX_GetError(out) == 0 ? (ssize_t)size : -EPIPE;
}

/* A sse_getenv_function; the context is "envp", the request's parameters. */
static const char *
getenv_fcgx(void *envp, const char *name)
{
	return FCGX_GetParam(name, envp);
}

#endif
