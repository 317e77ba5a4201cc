/*
 * slow_ways.h - the commands of slow_source.h, from the test that gives them.
 */
#ifndef SLOW_WAYS_H
#define SLOW_WAYS_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "slow_source.h"
#include "test.h"

static int slow_ways[SLOW_COUNT];

/* Opens both ways, without commands, in the folder of the test. */
static inline void
slow_begin(void)
{
	static const char *const names[] = {"slow.leader", "slow.reader"};

	for (int who = 0; who < SLOW_COUNT; who++) {
		const char *path = test_path(names[who]);

		CHECK_EQUAL_INT(mkfifo(path, 0600), 0);
		slow_ways[who] = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		CHECK(slow_ways[who] >= 0);
	}
}

/* What a configuration has as source, after that. */
static inline const char *
slow_text(void)
{
	static char text[256];

	(void)snprintf(text, sizeof(text), "test:%s", test_path("slow"));
	return text;
}

static inline void
slow_end(void)
{
	for (int who = 0; who < SLOW_COUNT; who++)
		close(slow_ways[who]);
}

static inline void
slow_say(enum slow_who who, const char *commands)
{
	ssize_t size = (ssize_t)strlen(commands);

	CHECK_EQUAL_INT(write(slow_ways[who], commands, (size_t)size), size);
}

#endif
