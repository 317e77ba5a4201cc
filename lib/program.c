/*
 * program.c - what the programs do in the same way.
 */
#include "config.h"

#include "program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "buf.h"
#include "look.h"

/* 0 or -errno. */
static int
print(const struct sse_buf *text)
{
	bool done = fwrite(text->data, 1, text->size, stdout) == text->size &&
		    fflush(stdout) == 0;

	return done ? 0 : -errno;
}

/* What is wrong with the sources, on standard error: what to exit with. */
static enum program_exit
look_at_sources(const struct conf *conf)
{
	enum program_exit code = PROGRAM_DONE;

	for (size_t i = 0; i < conf_streams(conf); i++) {
		const struct stream_conf *stream = conf_stream(conf, i);
		struct look look = look_at(stream);

		if (look.result == LOOK_NOTHING)
			code = PROGRAM_CHECK;
		if (look.result != LOOK_FINE)
			(void)fprintf(stderr, "%s: %s: %s\n", stream->name,
			    stream->source, look.text);
	}
	return code;
}

/* --check, --help, --version. */
enum program_exit
program_tell(const struct conf *conf, enum options_program program,
    enum options_action action)
{
	struct sse_buf text;
	int error;

	sse_buf_init(&text, 16 * CONF_TEXT_SIZE_MAX);
	if (action == OPTIONS_CHECK)
		error = conf_print(conf, &text);
	else if (action == OPTIONS_HELP)
		error = options_help(program, &text);
	else
		error = sse_buf_add(&text, PACKAGE_STRING "\n",
		    sizeof(PACKAGE_STRING "\n") - 1);
	if (error == 0)
		error = print(&text);
	sse_buf_done(&text);
	if (error == 0)
		return action == OPTIONS_CHECK ? look_at_sources(conf)
					       : PROGRAM_DONE;
	(void)fprintf(stderr, PACKAGE_NAME ": nothing can be printed: %s\n",
	    strerror(-error));
	return PROGRAM_SYSTEM;
}

uint64_t
program_random(void)
{
	uint64_t number = 0;

	/* Without it all clients come back at the same moment, no worse. */
	(void)!getrandom(&number, sizeof(number), GRND_NONBLOCK);
	return number;
}
