/*
 * redis_endpoint.c - where a Redis Stream is.
 */
#include "config.h"

#include "source/redis_endpoint.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FORM "is neither redis:unix:PATH#KEY nor redis:tcp:ADDRESS:PORT#KEY"
#define NUMERIC                                                                \
	"needs an address in numbers, as tcp:10.0.0.5:6379 or tcp:[::1]:6379:" \
	" a name would have to be looked up"
#define PORT_MAX 65535
#define PORT_DIGITS_MAX 5

static int
refuse(const char **ret_reason, const char *reason)
{
	*ret_reason = reason;
	return -EINVAL;
}

/* ------------------------------------------------------------ the key -- */

static int
digit_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* The byte that the escape behind a backslash writes, and its size; or 0. */
static size_t
read_escape(const char *text, char *ret_byte)
{
	int high, low;

	if (text[0] == '\\') {
		*ret_byte = '\\';
		return 1;
	}
	high = text[0] == 'x' ? digit_of(text[1]) : -1;
	low = high >= 0 ? digit_of(text[2]) : -1;
	if (low < 0)
		return 0;
	*ret_byte = (char)(high << 4 | low);
	return 3;
}

static int
read_key(
    const char *text, struct redis_endpoint *endpoint, const char **ret_reason)
{
	endpoint->key = malloc(strlen(text) + 1);
	if (endpoint->key == NULL)
		return -ENOMEM;
	while (*text != '\0') {
		char byte = *text++;

		if (byte == '\\') {
			size_t size = read_escape(text, &byte);

			if (size == 0)
				return refuse(ret_reason,
				    "has a backslash in its key that begins"
				    " neither \\xHH nor \\\\");
			text += size;
		}
		endpoint->key[endpoint->key_size++] = byte;
	}
	return endpoint->key_size > 0
		   ? 0
		   : refuse(ret_reason, "has no key behind its #");
}

/* -------------------------------------------------------- the address -- */

static int
read_path(struct sse_slice path, struct redis_endpoint *endpoint,
    const char **ret_reason)
{
	struct sockaddr_un *local = &endpoint->address.local;

	if (path.size == 0 || path.data[0] != '/')
		return refuse(ret_reason,
		    "needs the whole path of the server's socket, which begins"
		    " with /");
	if (path.size >= sizeof(local->sun_path))
		return refuse(ret_reason,
		    "has a path that is longer than that of a socket can be,"
		    " 107 bytes");
	local->sun_family = AF_UNIX;
	memcpy(local->sun_path, path.data, path.size);
	endpoint->address_size = sizeof(*local);
	return 0;
}

/* 0 where it is none. */
static in_port_t
read_port(struct sse_slice text)
{
	unsigned long port = 0;

	if (text.size == 0 || text.size > PORT_DIGITS_MAX)
		return 0;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return 0;
		port = port * 10 + (unsigned long)(text.data[i] - '0');
	}
	return port <= PORT_MAX ? htons((in_port_t)port) : 0;
}

static bool
read_address(int family, struct sse_slice text, in_port_t port,
    struct redis_endpoint *endpoint)
{
	struct sockaddr_in *four = &endpoint->address.four;
	struct sockaddr_in6 *six = &endpoint->address.six;
	char host[INET6_ADDRSTRLEN] = "";

	if (text.size >= sizeof(host))
		return false;
	memcpy(host, text.data, text.size);
	if (family == AF_INET6) {
		six->sin6_family = AF_INET6;
		six->sin6_port = port;
		endpoint->address_size = sizeof(*six);
		return inet_pton(AF_INET6, host, &six->sin6_addr) == 1;
	}
	four->sin_family = AF_INET;
	four->sin_port = port;
	endpoint->address_size = sizeof(*four);
	return inet_pton(AF_INET, host, &four->sin_addr) == 1;
}

static bool
read_host(
    struct sse_slice text, in_port_t port, struct redis_endpoint *endpoint)
{
	bool brackets = text.size > 2 && text.data[0] == '[' &&
			text.data[text.size - 1] == ']';

	if (!brackets)
		return read_address(AF_INET, text, port, endpoint);
	text = (struct sse_slice){text.data + 1, text.size - 2};
	return read_address(AF_INET6, text, port, endpoint);
}

static int
read_tcp(struct sse_slice text, struct redis_endpoint *endpoint,
    const char **ret_reason)
{
	const char *colon = memrchr(text.data, ':', text.size);
	struct sse_slice host, port;

	if (colon == NULL)
		return refuse(ret_reason, FORM);
	host = (struct sse_slice){text.data, (size_t)(colon - text.data)};
	port = (struct sse_slice){colon + 1, text.size - host.size - 1};
	if (read_port(port) == 0)
		return refuse(
		    ret_reason, "needs a port from 1 to 65535 before its #");
	if (!read_host(host, read_port(port), endpoint))
		return refuse(ret_reason, NUMERIC);
	return 0;
}

static bool
take(const char **text, const char *word)
{
	if (strncmp(*text, word, strlen(word)) != 0)
		return false;
	*text += strlen(word);
	return true;
}

static int
parse(
    const char *text, struct redis_endpoint *endpoint, const char **ret_reason)
{
	const char *sharp = strchr(text, '#');
	bool local, tcp;
	struct sse_slice where;
	int error;

	if (!take(&text, REDIS_SCHEME))
		return refuse(ret_reason, FORM);
	local = take(&text, "unix:");
	tcp = !local && take(&text, "tcp:");
	if (!local && !tcp)
		return refuse(ret_reason, FORM);
	if (sharp == NULL)
		return refuse(ret_reason,
		    "needs # and the key of a stream behind the address");
	where = (struct sse_slice){text, (size_t)(sharp - text)};
	error = local ? read_path(where, endpoint, ret_reason)
		      : read_tcp(where, endpoint, ret_reason);
	return error != 0 ? error : read_key(sharp + 1, endpoint, ret_reason);
}

int
redis_endpoint_parse(const char *text, struct redis_endpoint *ret_endpoint,
    const char **ret_reason)
{
	struct redis_endpoint endpoint = {.address_size = 0};
	int error = parse(text, &endpoint, ret_reason);

	if (error != 0)
		redis_endpoint_done(&endpoint);
	else
		*ret_endpoint = endpoint;
	return error;
}

/* 0 where there is none. */
static in_port_t
port_of(const struct redis_endpoint *endpoint)
{
	switch (endpoint->address.any.sa_family) {
	case AF_INET:
		return endpoint->address.four.sin_port;
	case AF_INET6:
		return endpoint->address.six.sin6_port;
	default:
		return 0;
	}
}

/* A node writes an address of IPv6 without brackets. */
bool
redis_endpoint_moved(const struct redis_endpoint *endpoint,
    struct sse_slice answer, struct redis_endpoint *ret_endpoint)
{
	struct redis_endpoint moved = {.address_size = 0};
	const char *blank = memrchr(answer.data, ' ', answer.size);
	const char *colon = memrchr(answer.data, ':', answer.size);
	const char *end = answer.data + answer.size;
	struct sse_slice host;
	in_port_t port;
	int family;

	if (blank == NULL || colon == NULL || colon < blank)
		return false;
	port =
	    read_port((struct sse_slice){colon + 1, (size_t)(end - colon - 1)});
	host = (struct sse_slice){blank + 1, (size_t)(colon - blank - 1)};
	family = memchr(host.data, ':', host.size) != NULL ? AF_INET6 : AF_INET;
	if (port == 0 || port != port_of(endpoint) ||
	    !read_address(family, host, port, &moved))
		return false;
	*ret_endpoint = moved;
	return true;
}

void
redis_endpoint_done(struct redis_endpoint *endpoint)
{
	free(endpoint->key);
	endpoint->key = NULL;
}

struct sse_slice
redis_endpoint_key(const struct redis_endpoint *endpoint)
{
	return (struct sse_slice){endpoint->key, endpoint->key_size};
}
