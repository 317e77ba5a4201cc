/*
 * endpoint_fuzz.c - where a Redis Stream is, once it is read, can be written so
 * that it is read as the same place; and where a node of a cluster sends us is
 * one that we may go to.
 *
 *	input: two lines: the text of a source, an answer of a server
 */
#include "config.h"

#include "fuzz.h"

#include <arpa/inet.h>
#include <errno.h>

#include "buf.h"
#include "source/redis_endpoint.h"

static void
write_address(const struct redis_endpoint *endpoint, struct sse_buf *out)
{
	char host[INET6_ADDRSTRLEN], text[200];
	int family = endpoint->address.any.sa_family;

	if (family == AF_UNIX)
		(void)snprintf(text, sizeof(text), "redis:unix:%s#",
		    endpoint->address.local.sun_path);
	else if (family == AF_INET)
		(void)snprintf(text, sizeof(text), "redis:tcp:%s:%d#",
		    inet_ntop(AF_INET, &endpoint->address.four.sin_addr, host,
			sizeof(host)),
		    ntohs(endpoint->address.four.sin_port));
	else
		(void)snprintf(text, sizeof(text), "redis:tcp:[%s]:%d#",
		    inet_ntop(AF_INET6, &endpoint->address.six.sin6_addr, host,
			sizeof(host)),
		    ntohs(endpoint->address.six.sin6_port));
	REQUIRE(sse_buf_add(out, text, strlen(text)) == 0);
}

/* All bytes of the key as escapes. */
static void
write_key(struct sse_slice key, struct sse_buf *out)
{
	char text[8];

	for (; key.size > 0; key.data++, key.size--) {
		(void)snprintf(
		    text, sizeof(text), "\\x%02x", (unsigned char)*key.data);
		REQUIRE(sse_buf_add(out, text, 4) == 0);
	}
	REQUIRE(sse_buf_add(out, "", 1) == 0);
}

static void
check_written(const struct redis_endpoint *endpoint)
{
	struct sse_buf out = {.size_max = SIZE_MAX};
	struct redis_endpoint again;
	const char *why;

	write_address(endpoint, &out);
	write_key(redis_endpoint_key(endpoint), &out);
	REQUIRE(redis_endpoint_parse(out.data, &again, &why) == 0);
	REQUIRE(again.address_size == endpoint->address_size);
	REQUIRE(memcmp(&again.address, &endpoint->address,
		    again.address_size) == 0);
	REQUIRE(sse_slice_equal(
	    redis_endpoint_key(&again), redis_endpoint_key(endpoint)));
	redis_endpoint_done(&again);
	sse_buf_done(&out);
}

static int
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

void
endpoint_fuzz(struct sse_slice input)
{
	char *text = fuzz_string(fuzz_part(&input, '\n'));
	struct sse_slice answer = fuzz_copy(input);
	struct redis_endpoint endpoint, moved;
	const char *why = NULL;
	int error = redis_endpoint_parse(text, &endpoint, &why);

	REQUIRE(error == 0 || (error == -EINVAL && why != NULL));
	if (error == 0) {
		check_written(&endpoint);
		if (redis_endpoint_moved(&endpoint, answer, &moved))
			REQUIRE(port_of(&moved) == port_of(&endpoint) &&
				port_of(&moved) != 0);
		redis_endpoint_done(&endpoint);
	}
	fuzz_free(answer);
	free(text);
}
