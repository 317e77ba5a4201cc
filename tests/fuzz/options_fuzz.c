/*
 * options_fuzz.c - any command line is refused with one line, or understood;
 * what is read in place of each file is the rest of the input.
 *
 *	input: program (1 byte, its lowest bit), how many arguments (1, modulo
 *	16), these, each with a NUL behind it, then a configuration
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conf/options.h"
#include "fdio.h"

#define ARGUMENTS_MAX 16

int __real_sse_fd_open(const char *path, int flags);
int __wrap_sse_fd_open(const char *path, int flags);

static struct sse_slice file; /* absent: files are those of the system */

int
__wrap_sse_fd_open(const char *path, int flags)
{
	int fd;

	if (file.data == NULL)
		return __real_sse_fd_open(path, flags);
	REQUIRE(path != NULL);
	fd = memfd_create("file", MFD_CLOEXEC);
	REQUIRE(fd >= 0);
	REQUIRE(write(fd, file.data, file.size) == (ssize_t)file.size);
	return fd;
}

static void
check_error(int got, const struct conf_error *error)
{
	REQUIRE(got == -EINVAL && strlen(error->text) > 0);
	for (const char *at = error->text; *at != '\0'; at++)
		REQUIRE((unsigned char)*at >= ' ' && *at != '\x7f');
}

static void
check_asked(const struct options_asked *asked, const struct conf *conf)
{
	REQUIRE(asked->as == NULL || asked->action != OPTIONS_SERVE);
	if (asked->action == OPTIONS_HELP || asked->action == OPTIONS_VERSION)
		return;
	for (size_t i = 0; i < conf_streams(conf); i++)
		REQUIRE(conf_stream(conf, i)->source != NULL);
}

static void
read_options(enum options_program program, int argc, char **argv)
{
	struct options_asked asked = {.action = OPTIONS_SERVE};
	struct conf_error error = {""};
	struct conf *conf = conf_new();
	int got;

	REQUIRE(conf != NULL);
	got = options_read(conf, program, argc, argv, NULL, &asked, &error);
	if (got != 0)
		check_error(got, &error);
	else
		check_asked(&asked, conf);
	conf_free(conf);
}

void
options_fuzz(struct sse_slice input)
{
	enum options_program program =
	    (fuzz_number(&input) & 1) != 0 ? OPTIONS_FCGI : OPTIONS_CGI;
	int count = fuzz_number(&input) % ARGUMENTS_MAX;
	char *argv[ARGUMENTS_MAX + 2] = {strdup("program")};

	for (int i = 1; i <= count; i++)
		argv[i] = fuzz_string(fuzz_part(&input, '\0'));
	file = fuzz_copy(input);
	read_options(program, count + 1, argv);
	fuzz_free(file);
	file.data = NULL;
	for (int i = 0; i <= count; i++)
		free(argv[i]);
}
