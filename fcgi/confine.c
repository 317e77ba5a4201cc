/*
 * confine.c - the worker in its sandbox.
 */
#include "config.h"

#include "confine.h"

#include <errno.h>
#include <time.h>

#include "base/inside.h"
#include "program/program_reach.h"

/* What a worker reaches besides its configuration. */
static void
add_own(const struct worker_options *options, struct reaches *reaches)
{
	const char *path = listener_path(options->listener);

	if (path != NULL)
		reaches_add_file(reaches, path, REACH_REMOVE);
	if (options->notify != NULL) {
		reaches->local = true;
		reaches->abstract = options->notify[0] == '@';
	}
	/* Of itself: how much memory, which descriptors. */
	reaches_add(reaches, "/proc/self", REACH_READ);
	program_reach_zones(reaches);
}

static void
warm_up(const struct conf *conf)
{
	for (size_t i = 0; i < conf_streams(conf); i++)
		program_warm_up(conf_stream(conf, i));
	inside_learn();
	/* For times of clients, without a zone. */
	tzset();
}

int
confine_worker(const struct worker_options *options, struct sandbox *sandbox,
    char text[SANDBOX_TEXT_SIZE_MAX])
{
	const struct conf *conf = options->setup.conf;
	struct reaches reaches = {0};
	const struct sandbox_wish wish = {
	    .mode = conf_sandbox(conf),
	    .reaches = &reaches,
	    .serves = true,
	};
	int error;

	if (wish.mode == CONF_SANDBOX_NO)
		return 0;
	warm_up(conf);
	program_reach(conf, &reaches);
	add_own(options, &reaches);
	error = sandbox_enter(sandbox, &wish, options->log, text);
	reaches_done(&reaches);
	return error;
}

int
confine_check(const struct sandbox *sandbox, const struct conf *conf,
    struct conf_error *ret_error)
{
	const struct conf_place nowhere = {0};
	struct reaches reaches = {0};
	char text[SANDBOX_TEXT_SIZE_MAX];
	int error;

	program_reach(conf, &reaches);
	error = reaches_error(&reaches);
	if (error == 0 && !sandbox_holds(sandbox, &reaches, text))
		error = conf_refuse(ret_error, &nowhere, "%s", text);
	reaches_done(&reaches);
	return error;
}
