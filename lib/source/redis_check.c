/*
 * redis_check.c - what an administrator writes of a Redis Stream.
 */
#include "config.h"

#include "source/redis_check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/redis_endpoint.h"
#include "source/redis_password.h"

/* The last part of the key: applications have ":" or "/" between these. */
const char *
redis_default_name(const char *text)
{
	const char *name = text, *sharp = strchr(text, '#');

	if (sharp == NULL)
		return text;
	for (const char *at = sharp; *at != '\0'; at++)
		if (*at == '#' || *at == ':' || *at == '/')
			name = at + 1;
	return name;
}

int
redis_check(const char *text, char reason[SOURCE_REASON_SIZE_MAX])
{
	struct redis_endpoint endpoint;
	const char *why;
	int error = redis_endpoint_parse(text, &endpoint, &why);

	if (error == 0)
		redis_endpoint_done(&endpoint);
	if (error == -EINVAL)
		(void)snprintf(reason, SOURCE_REASON_SIZE_MAX, "%s", why);
	return error;
}

int
redis_check_key(
    enum source_key key, const char *value, char reason[SOURCE_REASON_SIZE_MAX])
{
	struct sse_buf secret;
	const char *why;
	int error;

	if (key != SOURCE_KEY_PASSWORD_FILE)
		return 0;
	if (value[0] != '/') {
		(void)snprintf(reason, SOURCE_REASON_SIZE_MAX,
		    "write the whole path, which begins with /");
		return -EINVAL;
	}
	sse_buf_init(&secret, REDIS_PASSWORD_SIZE_MAX + 1);
	error = redis_password_read(value, &secret, &why);
	redis_password_done(&secret);
	if (error == 0 || error == -ENOMEM)
		return error;
	(void)snprintf(reason, SOURCE_REASON_SIZE_MAX, "%s", why);
	return -EINVAL;
}

/* The socket alone: a look that connects would be one more client there. */
int
redis_peek(const char *text, const char *generations,
    const struct source_shared *shared)
{
	struct redis_endpoint endpoint;
	const char *path, *why;
	int error = redis_endpoint_parse(text, &endpoint, &why);

	(void)generations;
	(void)shared;
	if (error != 0)
		return error;
	path = endpoint.address.any.sa_family == AF_UNIX
		   ? endpoint.address.local.sun_path
		   : NULL;
	if (path != NULL && access(path, R_OK | W_OK) != 0)
		error = -errno;
	redis_endpoint_done(&endpoint);
	return error != 0 ? error : RESULT_NONE;
}

/* The path of a socket is looked up without a right to read. */
void
redis_reach(const char *text, const struct source_reach *source,
    struct reaches *reaches)
{
	struct redis_endpoint endpoint;
	const char *why;

	if (redis_endpoint_parse(text, &endpoint, &why) != 0)
		return;
	if (endpoint.address.any.sa_family == AF_UNIX)
		reaches->local = true;
	else if (endpoint.address.any.sa_family == AF_INET)
		reaches_add_port(
		    reaches, ntohs(endpoint.address.four.sin_port));
	else
		reaches_add_port(
		    reaches, ntohs(endpoint.address.six.sin6_port));
	if (source->password_file[0] != '\0')
		reaches_add_way(reaches, source->password_file, REACH_READ);
	redis_endpoint_done(&endpoint);
}
