/*
 * A listening socket of TCP: which addresses are taken, and for whom.
 */
#include "config.h"

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listen_tcp.h"

static const struct conf_place place = {.key = "listen"};

TEST(an_address_is_taken_or_refused)
{
	static const struct {
		const char *address;
		bool is_for_all;
		const char *why; /* it is refused; NULL: it is not */
	} cases[] = {
	    {"tcp:127.0.0.1:0", false, NULL},
	    {"tcp:127.9.9.9:0", false, NULL},
	    {"tcp:127.0.0.1:0", true, NULL},
	    {"tcp:0.0.0.0:0", true, NULL},
	    {"tcp:0.0.0.0:0", false, "FCGI_WEB_SERVER_ADDRS"},
	    {"tcp:128.0.0.1:0", false, "FCGI_WEB_SERVER_ADDRS"},
	    {"tcp:", true, "is not tcp:HOST:PORT"},
	    {"tcp:127.0.0.1", true, "is not tcp:HOST:PORT"},
	    {"tcp:127.0.0.1:", true, "is not tcp:HOST:PORT"},
	    {"tcp::0", true, "is not tcp:HOST:PORT"},
	    {"tcp:::1:0", true, "is not tcp:HOST:PORT"},
	    {"tcp:[]:0", true, "is not tcp:HOST:PORT"},
	    {"tcp:127.0.0.1:no-such-port", true, "that is not known"},
	    {"tcp:127.0.0.1:65536", true, "a port over 65535"},
	    {"tcp:127.0.0.1:99999999999999999999", true, "a port over 65535"},
	    {"tcp:127.0.0.1: 70000", true, "a port over 65535"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_error error = {""};
		int fd = listen_tcp(
		    &place, cases[i].address, cases[i].is_for_all, &error);

		printf("# case %zu: %s\n", i, error.text);
		CHECK_EQUAL_INT(listen_tcp_check(&place, cases[i].address,
				    cases[i].is_for_all, &error),
		    cases[i].why == NULL ? 0 : -EINVAL);
		if (cases[i].why == NULL) {
			CHECK(fd >= 0);
			close(fd);
			continue;
		}
		CHECK_EQUAL_INT(fd, -EINVAL);
		CHECK(strstr(error.text, cases[i].why) != NULL);
	}
}

/* A name may be known when it is asked for, and is not asked for here. */
TEST(by_its_form_a_name_is_any)
{
	static const struct {
		const char *address;
		bool is_for_all;
		int result;
	} cases[] = {
	    {"tcp:127.0.0.1:0", false, 0},
	    {"tcp:[::1]:9000", false, 0},
	    {"tcp:no-such-host.invalid:no-such-port", false, 0},
	    {"tcp:0.0.0.0:0", true, 0},
	    {"tcp:0.0.0.0:0", false, -EINVAL},
	    {"tcp:[::]:0", false, -EINVAL},
	    {"tcp:[2001:db8::1]:0", false, -EINVAL},
	    {"tcp:127.0.0.1:70000", false, -EINVAL},
	    {"tcp:127.0.0.1", false, -EINVAL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_error error = {""};

		CHECK_EQUAL_INT(listen_tcp_check_form(&place, cases[i].address,
				    cases[i].is_for_all, &error),
		    cases[i].result);
		printf("# %s\n", error.text);
	}
}

TEST(a_port_that_is_in_use_is_refused)
{
	struct sockaddr_in bound = {.sin_family = AF_INET};
	socklen_t size = sizeof(bound);
	struct conf_error error = {""};
	char address[40];
	int fd = listen_tcp(&place, "tcp:127.0.0.1:0", false, &error), peer;

	CHECK(fd >= 0);
	CHECK(getsockname(fd, (struct sockaddr *)&bound, &size) == 0);
	peer = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(connect(peer, (const struct sockaddr *)&bound, size) == 0);
	(void)snprintf(address, sizeof(address), "tcp:127.0.0.1:%d",
	    ntohs(bound.sin_port));
	CHECK_EQUAL_INT(listen_tcp(&place, address, false, &error), -EINVAL);
	CHECK(strstr(error.text, "in use") != NULL);
	close(peer);
	close(fd);
}
