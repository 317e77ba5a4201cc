/*
 * A listening socket in a folder, without who accepts at it.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "listen_unix.h"

static const struct conf_place place = {.key = "listen"};

/* An address in the folder of the test. */
static const char *
address(const char *rest)
{
	static char text[400];

	(void)snprintf(text, sizeof(text), "unix:%s", test_path(rest));
	return text;
}

TEST(the_path_is_what_stands_before_the_options)
{
	static const struct {
		const char *rest;
		mode_t mode;
	} cases[] = {
	    {"s", 0660},
	    {"s,mode=0600", 0600},
	    {"s,mode=7", 0007},
	    {"s,mode=0600,mode=0606", 0606},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_error error = {""};
		char path[LISTEN_PATH_SIZE];
		struct stat found;
		int fd =
		    listen_unix(&place, address(cases[i].rest), path, &error);

		CHECK(fd >= 0);
		CHECK_EQUAL_TEXT(sse_slice(path), sse_slice(test_path("s")));
		CHECK(stat(path, &found) == 0 && S_ISSOCK(found.st_mode));
		CHECK_EQUAL_INT(found.st_mode & 0777, cases[i].mode);
		close(fd);
		CHECK(unlink(path) == 0);
	}
}

/* Nothing is made, and what is there stays. */
TEST(what_is_refused_leaves_nothing)
{
	static const struct {
		const char *rest;
		const char *why;
	} cases[] = {
	    {"s,mode=0800", "mode from 0 to 0777"},
	    {"s,mode=07777", "mode from 0 to 0777"},
	    {"s,user=", "a user that is not known"},
	    {"s,group=4294967295", "a group that is not known"},
	    {"s,path=x", "something else than mode="},
	    {"s,mode=0600,", "something else than mode="},
	    {"file", "is no socket"},
	    {"no/s", "No such file or directory"},
	    {"file/s", "Not a directory"},
	};
	int file = open(test_path("file"), O_WRONLY | O_CREAT, 0600);

	CHECK(file >= 0);
	close(file);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_error error = {""};
		char path[LISTEN_PATH_SIZE];

		CHECK_EQUAL_INT(
		    listen_unix(&place, address(cases[i].rest), path, &error),
		    -EINVAL);
		printf("# %s\n", error.text);
		CHECK(strstr(error.text, cases[i].why) != NULL);
		CHECK(access(test_path("s"), F_OK) != 0);
		/* Only what is written is checked, not what is there. */
		CHECK_EQUAL_INT(listen_unix_check(&place,
				    address(cases[i].rest), false, &error),
		    strchr(cases[i].rest, ',') != NULL ? -EINVAL : 0);
		CHECK(access(test_path("file"), F_OK) == 0);
	}
}

/* Who is meant is not asked: a sandbox does not let it in. */
TEST(by_its_form_a_user_is_any_name)
{
	static const struct {
		const char *rest;
		int result;
	} cases[] = {
	    {"s", 0},
	    {"s,user=no-such,group=no-such,mode=0600", 0},
	    {"s,user=", -EINVAL},
	    {"s,group=", -EINVAL},
	    {"s,mode=0800", -EINVAL},
	    {"s,owner=root", -EINVAL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_error error = {""};

		CHECK_EQUAL_INT(listen_unix_check(&place,
				    address(cases[i].rest), true, &error),
		    cases[i].result);
		printf("# %s\n", error.text);
	}
}

/* As after a kill: but who still listens keeps it. */
TEST(a_socket_that_nobody_listens_at_makes_room)
{
	struct conf_error error = {""};
	char path[LISTEN_PATH_SIZE];
	int first = listen_unix(&place, address("s"), path, &error), second;

	CHECK(first >= 0);
	CHECK_EQUAL_INT(
	    listen_unix(&place, address("s"), path, &error), -EINVAL);
	CHECK(strstr(error.text, "another process listens") != NULL);
	close(first);
	second = listen_unix(&place, address("s"), path, &error);
	CHECK(second >= 0);
	close(second);
}

/* Who may not connect to it cannot know whether somebody listens there. */
TEST(a_socket_that_may_not_be_connected_to_is_left_alone)
{
	struct conf_error error = {""};
	char path[LISTEN_PATH_SIZE];
	int first;

	if (geteuid() == 0) {
		CHECK(chown(test_directory(), 65534, 65534) == 0);
		CHECK(setgid(65534) == 0 && setuid(65534) == 0);
	}
	first = listen_unix(&place, address("s,mode=0"), path, &error);
	CHECK(first >= 0);
	close(first);
	CHECK_EQUAL_INT(
	    listen_unix(&place, address("s"), path, &error), -EINVAL);
	printf("# %s\n", error.text);
	CHECK(
	    strstr(error.text, "may not be connected to by this user") != NULL);
	CHECK(access(test_path("s"), F_OK) == 0);
}

/* What it leads to is not asked: a link is no socket, and stays. */
TEST(a_link_is_left_alone)
{
	struct conf_error error = {""};
	char path[LISTEN_PATH_SIZE];
	int first = listen_unix(&place, address("s"), path, &error);

	CHECK(first >= 0);
	close(first);
	CHECK(symlink("s", test_path("link")) == 0);
	CHECK_EQUAL_INT(
	    listen_unix(&place, address("link"), path, &error), -EINVAL);
	CHECK(strstr(error.text, "is no socket") != NULL);
	CHECK(readlink(test_path("link"), path, sizeof(path)) == 1);
	CHECK(access(test_path("s"), F_OK) == 0);
}
