/*
 * Each case is tried by a process of its own.  Where the kernel has no
 * Landlock, there is nothing to be tried.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/inside.h"
#include "base/obstacle.h"
#include "confined.h"
#include "program/landlock.h"
#include "program/sandbox.h"

static char base[PATH_MAX];
static struct reaches given;
static struct sandbox sandbox;
static enum conf_sandbox mode;

static bool
has_landlock(void)
{
	if (landlock_version() > 0)
		return true;
	printf("# this kernel has no Landlock\n");
	return false;
}

static char *
in_base(const char *name)
{
	static char path[PATH_MAX + 64];

	(void)snprintf(path, sizeof(path), "%s/%s", base, name);
	return path;
}

static void
make_file(const char *name)
{
	int fd = open(in_base(name), O_WRONLY | O_CREAT, 0600);

	CHECK(fd >= 0);
	(void)close(fd);
}

/* up/in/log is given, and out/log is not. */
static void
prepare(void)
{
	CHECK(realpath(test_directory(), base) != NULL);
	CHECK(mkdir(in_base("up"), 0700) == 0);
	CHECK(mkdir(in_base("up/in"), 0700) == 0);
	CHECK(mkdir(in_base("out"), 0700) == 0);
	make_file("up/in/log");
	make_file("out/log");
	mode = CONF_SANDBOX_YES;
	given = (struct reaches){0};
}

static int
enter(void)
{
	const struct sandbox_wish wish = {.mode = mode, .reaches = &given};
	char text[SANDBOX_TEXT_SIZE_MAX];

	return -sandbox_enter(&sandbox, &wish, NULL, text);
}

static int
read_at(const char *name)
{
	int fd = open(in_base(name), O_RDONLY);

	return fd >= 0 ? 0 : errno;
}

static int
try_in(void)
{
	return read_at("up/in/log");
}

static int
try_anew(void)
{
	/* Nothing in there can do that. */
	return read_at("up/anew/log");
}

static int
try_out(void)
{
	return read_at("out/log");
}

TEST(what_is_reached_is_all_that_can_be_read)
{
	if (!has_landlock())
		return;
	prepare();
	reaches_add_way(&given, in_base("up/in/log"), REACH_READ);
	CHECK_EQUAL_INT(confined(enter, try_in), 0);
	CHECK_EQUAL_INT(confined(enter, try_out), EACCES);
	/* What the folder is now has gone, and there is another one. */
	CHECK(mkdir(in_base("up/anew"), 0700) == 0);
	make_file("up/anew/log");
	CHECK_EQUAL_INT(confined(enter, try_anew), 0);
	mode = CONF_SANDBOX_NO;
	CHECK_EQUAL_INT(confined(enter, try_out), 0);
	reaches_done(&given);
}

/* Whether a new one has room in the one that was entered: else why not. */
struct asked {
	const char *name;
	unsigned rights;
	const char *refused; /* what is said of it; NULL: it has room */
};

static const struct asked rows[] = {
    {"up/in/log", REACH_READ, NULL},
    {"up/in/other", REACH_READ, NULL},
    {"up/sibling", REACH_READ, NULL},
    {"out/log", REACH_READ, "/out is not in what the sandbox has allowed"},
    {"up/in/log", REACH_READ | REACH_WRITE | REACH_MAKE,
	"/up/in is not in what the sandbox has allowed at the start to be"
	" written"},
    /* It is opened for reading alone. */
    {"up/in/fifo", REACH_READ | REACH_HOLD, NULL},
};

static const struct asked *row;

static int
ask(void)
{
	struct reaches wanted = {0};
	char text[SANDBOX_TEXT_SIZE_MAX] = "";
	bool holds, is_right;

	reaches_add_file(&wanted, in_base(row->name), row->rights);
	holds = sandbox_holds(&sandbox, &wanted, text);
	is_right = holds == (row->refused == NULL) &&
		   (holds || (strstr(text, row->refused) != NULL &&
				 strstr(text, "needs a restart") != NULL));
	reaches_done(&wanted);
	return is_right ? 0 : 1;
}

TEST(a_new_configuration_has_room_or_not)
{
	if (!has_landlock())
		return;
	prepare();
	reaches_add_way(&given, in_base("up/in/log"), REACH_READ);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		row = &rows[i];
		printf("# %zu: %s\n", i, row->name);
		CHECK_EQUAL_INT(confined(enter, ask), 0);
	}
	reaches_done(&given);
}

static int
ask_sockets(void)
{
	struct reaches wanted = {.local = true};
	char text[SANDBOX_TEXT_SIZE_MAX];

	if (sandbox_holds(&sandbox, &wanted, text))
		return 1;
	wanted.local = false;
	reaches_add_port(&wanted, 6379);
	if (!sandbox_holds(&sandbox, &wanted, text))
		return 2;
	reaches_add_port(&wanted, 6380);
	if (sandbox_holds(&sandbox, &wanted, text) ||
	    strstr(text, "port 6380 is not what") == NULL)
		return 3;
	reaches_done(&wanted);
	return 0;
}

TEST(so_have_ports_and_sockets)
{
	prepare();
	reaches_add_port(&given, 6379);
	CHECK_EQUAL_INT(confined(enter, ask_sockets), 0);
	reaches_done(&given);
}

TEST(one_that_was_not_entered_holds_all)
{
	struct sandbox none = {0};
	struct reaches wanted = {.local = true};
	char text[SANDBOX_TEXT_SIZE_MAX];

	prepare();
	reaches_add_file(&wanted, in_base("out/log"), REACH_READ);
	CHECK(sandbox_holds(&none, &wanted, text));
	sandbox_done(&none);
	reaches_done(&wanted);
}

static int
learn_and_enter(void)
{
	inside_learn();
	return enter();
}

/* Names are known that cannot be looked up any more. */
static int
ask_names(void)
{
	const char *name = inside_user(0);

	if (open("/etc/passwd", O_RDONLY) >= 0 || !inside_is())
		return 1;
	return name != NULL && strcmp(name, "root") == 0 ? 0 : 2;
}

static int
explain(void)
{
	char text[OBSTACLE_TEXT_SIZE_MAX];

	return obstacle_explain(in_base("out/log"), -EACCES, text) &&
		       strstr(text, "it needs a restart") != NULL
		   ? 0
		   : 1;
}

TEST(in_there_names_are_known_and_what_is_outside_is_said)
{
	char text[OBSTACLE_TEXT_SIZE_MAX];

	if (!has_landlock())
		return;
	prepare();
	CHECK_EQUAL_INT(confined(learn_and_enter, ask_names), 0);
	CHECK_EQUAL_INT(confined(learn_and_enter, explain), 0);
	CHECK(!obstacle_explain(in_base("out/log"), -EACCES, text));
}

/* So many rules lie on this process as the kernel takes. */
static int
enter_what_is_full(void)
{
	struct landlock landlock;
	int root = open("/", O_PATH | O_CLOEXEC), error = 0;

	while (error == 0) {
		error = landlock_init(&landlock, true);
		if (error == 0)
			error = landlock_allow(&landlock, root, LANDLOCK_READ);
		if (error == 0)
			error = landlock_enter(&landlock);
		landlock_done(&landlock);
	}
	return error == -E2BIG ? enter() : 1;
}

/* So many descriptors, and one for the rules: there is none for a folder. */
static int
enter_without_descriptors(void)
{
	int next = dup(STDIN_FILENO);
	struct rlimit limit;

	CHECK(next >= 0 && close(next) == 0);
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = (rlim_t)next + 1;
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	return enter();
}

static int
try_nothing(void)
{
	return sandbox.has_files ? 1 : 0;
}

TEST(without_what_it_needs_it_goes_on_or_not)
{
	if (!has_landlock())
		return;
	prepare();
	CHECK_EQUAL_INT(confined(enter_what_is_full, try_nothing), 0);
	CHECK_EQUAL_INT(confined(enter_what_is_full, try_out), 0);
	mode = CONF_SANDBOX_REQUIRE;
	CHECK_EQUAL_INT(confined(enter_what_is_full, try_nothing), E2BIG);
}

/* A folder that only could not be opened would be out of reach for good. */
TEST(a_folder_that_cannot_be_opened_now_is_not_left_out)
{
	if (!has_landlock())
		return;
	prepare();
	reaches_add_way(&given, in_base("up/in/log"), REACH_READ);
	CHECK_EQUAL_INT(confined(enter_without_descriptors, try_nothing), 0);
	mode = CONF_SANDBOX_REQUIRE;
	CHECK_EQUAL_INT(
	    confined(enter_without_descriptors, try_nothing), EMFILE);
	reaches_done(&given);
}
