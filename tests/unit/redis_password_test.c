/*
 * redis_password_test.c - a password from a file that not everybody may read.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/redis_password.h"

static const char *
make_file(const char *text, size_t size, mode_t mode)
{
	const char *path = test_path("password");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, text, size) == (ssize_t)size);
	CHECK_EQUAL_INT(fchmod(fd, mode), 0);
	CHECK_EQUAL_INT(close(fd), 0);
	return path;
}

static int
read_password(const char *path, struct sse_buf *secret)
{
	const char *reason = NULL;
	int error;

	sse_buf_init(secret, REDIS_PASSWORD_SIZE_MAX + 1);
	error = redis_password_read(path, secret, &reason);
	CHECK(error == 0 || reason != NULL);
	return error;
}

TEST(a_line_without_its_end)
{
	const struct {
		struct sse_slice file;
		struct sse_slice password;
	} cases[] = {
	    {SLICE("secret"), SLICE("secret")},
	    {SLICE("secret\n"), SLICE("secret")},
	    {SLICE("secret\r\n"), SLICE("secret")},
	    {SLICE(" a b \n\n"), SLICE(" a b \n")},
	    {SLICE("a\0b\n"), SLICE("a\0b")},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_buf secret;
		const char *path =
		    make_file(cases[i].file.data, cases[i].file.size, 0640);

		CHECK_EQUAL_INT(read_password(path, &secret), 0);
		CHECK_EQUAL_TEXT(sse_buf_slice(&secret), cases[i].password);
		redis_password_done(&secret);
	}
}

TEST(what_is_no_secret_is_refused)
{
	static const struct {
		const char *text;
		mode_t mode;
		int error;
	} cases[] = {
	    {"secret", 0644, -EPERM},
	    {"secret", 0604, -EPERM},
	    {"secret", 0602, -EPERM},
	    {"", 0600, -EPERM},
	    {"\n", 0600, -EPERM},
	};
	struct sse_buf secret;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path = make_file(
		    cases[i].text, strlen(cases[i].text), cases[i].mode);

		CHECK_EQUAL_INT(read_password(path, &secret), cases[i].error);
		redis_password_done(&secret);
	}
	CHECK_EQUAL_INT(read_password(test_path("none"), &secret), -ENOENT);
	redis_password_done(&secret);
	CHECK_EQUAL_INT(read_password(test_directory(), &secret), -EPERM);
	redis_password_done(&secret);
}

/* A FIFO without a writer is not waited for. */
TEST(a_fifo_is_no_file)
{
	const char *path = test_path("fifo");
	struct sse_buf secret;

	CHECK_EQUAL_INT(mkfifo(path, 0600), 0);
	CHECK_EQUAL_INT(read_password(path, &secret), -EPERM);
	redis_password_done(&secret);
}

TEST(a_password_has_so_many_bytes)
{
	static char text[REDIS_PASSWORD_SIZE_MAX + 1];
	struct sse_buf secret;
	const char *path;

	memset(text, 'x', sizeof(text));
	path = make_file(text, REDIS_PASSWORD_SIZE_MAX, 0600);
	CHECK_EQUAL_INT(read_password(path, &secret), 0);
	CHECK_EQUAL_INT(secret.size, REDIS_PASSWORD_SIZE_MAX);
	redis_password_done(&secret);
	path = make_file(text, sizeof(text), 0600);
	CHECK_EQUAL_INT(read_password(path, &secret), -EPERM);
	redis_password_done(&secret);
}
