/*
 * redis_endpoint_test.c - where a Redis Stream is, as it is written.
 */
#include "config.h"

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "source/redis_endpoint.h"
#include "source/source_kind.h"

static void
describe(const struct redis_endpoint *endpoint, char text[256])
{
	char host[INET6_ADDRSTRLEN];

	switch (endpoint->address.any.sa_family) {
	case AF_UNIX:
		(void)snprintf(
		    text, 256, "unix %s", endpoint->address.local.sun_path);
		break;
	case AF_INET:
		(void)inet_ntop(AF_INET, &endpoint->address.four.sin_addr, host,
		    sizeof(host));
		(void)snprintf(text, 256, "%s %d", host,
		    ntohs(endpoint->address.four.sin_port));
		break;
	default:
		(void)inet_ntop(AF_INET6, &endpoint->address.six.sin6_addr,
		    host, sizeof(host));
		(void)snprintf(text, 256, "%s %d", host,
		    ntohs(endpoint->address.six.sin6_port));
	}
}

TEST(an_address_and_a_key)
{
	const struct {
		const char *text;
		const char *address;
		struct sse_slice key;
	} cases[] = {
	    {"redis:unix:/run/r.sock#k", "unix /run/r.sock", SLICE("k")},
	    {"redis:unix:/r# a key #2", "unix /r", SLICE(" a key #2")},
	    {"redis:unix:/r#\\x00\\x23\\\\\\xfF", "unix /r",
		SLICE("\0#\\\xff")},
	    {"redis:tcp:10.0.0.5:6379#a", "10.0.0.5 6379", SLICE("a")},
	    {"redis:tcp:127.0.0.1:1#a", "127.0.0.1 1", SLICE("a")},
	    {"redis:tcp:[::1]:65535#a:b", "::1 65535", SLICE("a:b")},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct redis_endpoint endpoint;
		const char *reason = NULL;
		char address[256];

		CHECK_EQUAL_INT(
		    redis_endpoint_parse(cases[i].text, &endpoint, &reason), 0);
		describe(&endpoint, address);
		CHECK_EQUAL_TEXT(
		    sse_slice(address), sse_slice(cases[i].address));
		CHECK_EQUAL_TEXT(redis_endpoint_key(&endpoint), cases[i].key);
		redis_endpoint_done(&endpoint);
	}
}

TEST(what_is_none_says_what_to_write)
{
	static const struct {
		const char *text;
		const char *reason; /* a part of it */
	} cases[] = {
	    {"redis:", "neither redis:unix:"},
	    {"redis:/run/r.sock#k", "neither redis:unix:"},
	    {"redis:udp:1.2.3.4:5#k", "neither redis:unix:"},
	    {"redis:unix:/r", "needs # and the key"},
	    {"redis:unix:/r#", "has no key"},
	    {"redis:unix:r#k", "begins with /"},
	    {"redis:unix:#k", "begins with /"},
	    {"redis:unix:/r#a\\n", "backslash"},
	    {"redis:unix:/r#a\\x1", "backslash"},
	    {"redis:unix:/r#a\\", "backslash"},
	    {"redis:tcp:localhost:6379#k", "address in numbers"},
	    {"redis:tcp:::1:6379#k", "address in numbers"},
	    {"redis:tcp:[::1:6379#k", "address in numbers"},
	    {"redis:tcp:1.2.3:6379#k", "address in numbers"},
	    {"redis:tcp:[1.2.3.4]:6379#k", "address in numbers"},
	    {"redis:tcp:1.2.3.4#k", "neither redis:unix:"},
	    {"redis:tcp:1.2.3.4:#k", "port"},
	    {"redis:tcp:1.2.3.4:0#k", "port"},
	    {"redis:tcp:1.2.3.4:65536#k", "port"},
	    {"redis:tcp:1.2.3.4:99999999999999999999#k", "port"},
	    {"redis:tcp:1.2.3.4:+1#k", "port"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct redis_endpoint endpoint;
		const char *reason = "";

		CHECK_EQUAL_INT(
		    redis_endpoint_parse(cases[i].text, &endpoint, &reason),
		    -EINVAL);
		if (strstr(reason, cases[i].reason) == NULL)
			test_fail(__FILE__, __LINE__, "%s: %s", cases[i].text,
			    reason);
	}
}

TEST(a_node_that_has_the_key_is_gone_to_at_the_same_port_only)
{
	static const struct {
		const char *from;
		const char *answer;
		const char *address; /* NULL: not there */
	} cases[] = {
	    {"tcp:1.2.3.4:6379", "MOVED 3999 5.6.7.8:6379", "5.6.7.8 6379"},
	    {"tcp:1.2.3.4:6379", "MOVED 3999 ::1:6379", "::1 6379"},
	    {"tcp:[::1]:6379", "MOVED 3999 5.6.7.8:6379", "5.6.7.8 6379"},
	    {"tcp:1.2.3.4:6379", "MOVED 3999 5.6.7.8:6380", NULL},
	    {"unix:/r", "MOVED 3999 5.6.7.8:6379", NULL},
	    {"unix:/r", "MOVED 3999 5.6.7.8:0", NULL},
	    {"tcp:1.2.3.4:6379", "MOVED 3999 node.example:6379", NULL},
	    {"tcp:1.2.3.4:6379", "MOVED 3999 :6379", NULL},
	    {"tcp:1.2.3.4:6379", "MOVED 3999 ?:6379", NULL},
	    {"tcp:1.2.3.4:6379", "MOVED 3999 5.6.7.8", NULL},
	    {"tcp:1.2.3.4:6379", "MOVED 3999", NULL},
	    {"tcp:1.2.3.4:6379", "MOVED a:6379 b", NULL},
	    {"tcp:1.2.3.4:6379", "MOVED", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct redis_endpoint from, moved;
		const char *reason;
		char text[100], address[256] = "";

		(void)snprintf(text, sizeof(text), "redis:%s#k", cases[i].from);
		CHECK_EQUAL_INT(redis_endpoint_parse(text, &from, &reason), 0);
		CHECK(redis_endpoint_moved(&from, sse_slice(cases[i].answer),
			  &moved) == (cases[i].address != NULL));
		redis_endpoint_done(&from);
		if (cases[i].address == NULL)
			continue;
		describe(&moved, address);
		CHECK_EQUAL_TEXT(
		    sse_slice(address), sse_slice(cases[i].address));
	}
}

TEST(a_stream_is_called_as_the_last_part_of_its_key)
{
	static const struct {
		const char *text;
		const char *name;
	} cases[] = {
	    {"redis:unix:/run/redis.sock#orders", "orders"},
	    {"redis:tcp:1.2.3.4:6379#app:orders", "orders"},
	    {"redis:tcp:[::1]:6379#app/orders", "orders"},
	    {"redis:unix:/r#a#b", "b"},
	    {"redis:unix:/r#a:", ""},
	    {"redis:unix:/r#", ""},
	    {"redis:unix:/r", "redis:unix:/r"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_EQUAL_TEXT(sse_slice(source_default_name(cases[i].text)),
		    sse_slice(cases[i].name));
}

TEST(a_path_is_as_long_as_that_of_a_socket)
{
	struct redis_endpoint endpoint;
	const char *reason;
	char text[256];

	(void)snprintf(text, sizeof(text), "redis:unix:/%0106d#k", 0);
	CHECK_EQUAL_INT(redis_endpoint_parse(text, &endpoint, &reason), 0);
	redis_endpoint_done(&endpoint);
	(void)snprintf(text, sizeof(text), "redis:unix:/%0107d#k", 0);
	CHECK_EQUAL_INT(
	    redis_endpoint_parse(text, &endpoint, &reason), -EINVAL);
}
