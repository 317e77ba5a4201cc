/*
 * stream_confs.h - what tests of streams say of theirs alike, and a log to
 * read.
 */
#ifndef STREAM_CONFS_H
#define STREAM_CONFS_H

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "record/stream_conf.h"
#include "test.h"

/* Of a struct stream_conf; name, source and from are each test's own. */
#define STREAM_CONF_OF_TESTS                                            \
	.generations = "", .follow = true, .replay_size = 1000000,      \
	.record_size_max = 1024, .event = "", .ids = CONF_IDS_POSITION, \
	.retry_ms = 2000, .heartbeat_ms = 15000, .write_timeout_ms = 30000

/* Adds to the log of that name. */
__attribute__((unused)) static void
write_log(const char *text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

#endif
