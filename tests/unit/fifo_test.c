/*
 * fifo_test.c - a FIFO that only one reads.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/result.h"
#include "source/fifo.h"

static struct fifo
new_fifo(void)
{
	struct fifo fifo;

	CHECK_EQUAL_INT(fifo_init(&fifo, test_path("fifo")), 0);
	return fifo;
}

TEST(what_is_there_is_looked_at)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT, 0600);

	CHECK(fd >= 0);
	close(fd);
	CHECK(!fifo_is_there(test_path("fifo")));
	CHECK_EQUAL_INT(fifo_look(test_path("fifo")), -ENOENT);
	CHECK(!fifo_is_there(test_path("log")));
	CHECK_EQUAL_INT(fifo_look(test_path("log")), RESULT_WRONG_KIND);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK(fifo_is_there(test_path("fifo")));
	CHECK_EQUAL_INT(fifo_look(test_path("fifo")), 0);
}

TEST(only_one_reads_it)
{
	struct fifo one = new_fifo(), other = new_fifo();

	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK_EQUAL_INT(fifo_open(&one), 0);
	CHECK_EQUAL_INT(fifo_open(&other), RESULT_BUSY);
	CHECK_EQUAL_INT(other.fd, -1);
	/* Again, which is the same lock. */
	CHECK_EQUAL_INT(fifo_open(&one), 0);
	CHECK_EQUAL_INT(fifo_open(&other), RESULT_BUSY);
	fifo_done(&one);
	CHECK_EQUAL_INT(fifo_open(&other), 0);
	fifo_done(&other);
}

/* What cannot be opened leaves all as it was. */
TEST(another_one_is_read_once_it_can_be_locked)
{
	struct fifo one = new_fifo(), other = new_fifo();
	int fd;

	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK_EQUAL_INT(fifo_open(&one), 0);
	fd = one.fd;
	CHECK(unlink(test_path("fifo")) == 0);
	CHECK_EQUAL_INT(fifo_open(&one), -ENOENT);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK_EQUAL_INT(fifo_open(&other), 0);
	CHECK_EQUAL_INT(fifo_open(&one), RESULT_BUSY);
	CHECK_EQUAL_INT(one.fd, fd);
	fifo_done(&other);
	CHECK_EQUAL_INT(fifo_open(&one), 0);
	CHECK_EQUAL_INT(one.fd, one.lock_fd);
	fifo_done(&one);
}
