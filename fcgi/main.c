/*
 * main.c - sse-fcgi: one process, many clients.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "conf/conf_error.h"
#include "conf/conf_setting.h"
#include "fdio.h"
#include "stream/look.h"
#include "program/program.h"
#include "source/source.h"
#include "confine.h"
#include "signals.h"
#include "worker.h"

#define PROGRAM "sse-fcgi"

/*
 * One line for the administrator: what keeps us from serving.  Without a
 * configuration the line goes where it goes by default.
 */
static enum program_exit
fail(const struct conf *conf, enum program_exit code, const char *line)
{
	struct log *log = NULL;
	const char *where = conf != NULL ? conf_log(conf) : NULL;

	if (log_open(where, PROGRAM, false, &log) != 0)
		(void)log_open(NULL, PROGRAM, false, &log);
	log_line(log, "%s", line);
	log_close(log);
	return code;
}

/* So many descriptors there can be: the limit is raised as far as it goes. */
static size_t
raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1024;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur < SIZE_MAX ? (size_t)limit.rlim_cur : SIZE_MAX;
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static struct descriptors_wanted
wanted_of(const struct conf *conf)
{
	const struct worker_conf worker = conf_worker(conf);
	struct descriptors_wanted wanted = {
	    .readers = worker.readers_max,
	    .clients = worker.clients_max,
	};

	for (size_t i = 0; i < conf_streams(conf); i++) {
		const struct stream_conf *stream = conf_stream(conf, i);

		descriptors_want(&wanted,
		    source_descriptors(stream->source, stream->generations));
	}
	return wanted;
}

/* How many clients there can be, ...: 0, or -EINVAL and a line. */
static int
share_descriptors(const struct conf *conf, struct descriptors_share *ret_share,
    struct conf_error *ret_error)
{
	const struct descriptors_wanted wanted = wanted_of(conf);
	const struct conf_place place =
	    wanted.clients > 0 ? conf_place_of(conf, CONF_KEY_MAX_CLIENTS)
			       : (struct conf_place){0};
	size_t limit = raise_descriptors();
	size_t clients = wanted.clients > 0 ? wanted.clients : 1;
	size_t streams = conf_streams(conf);

	if (descriptors_share(limit, &wanted, ret_share))
		return 0;
	return conf_refuse(ret_error, &place,
	    "%zu client%s and %zu stream%s need %zu open files, and the limit"
	    " is %zu; raise LimitNOFILE= of the unit, or ulimit -n, or serve"
	    " fewer%s streams",
	    clients, plural(clients), streams, plural(streams),
	    descriptors_needed(&wanted), limit,
	    wanted.clients > 0 ? " clients or" : "");
}

static int
open_listener(const struct conf *conf, struct listener **ret_listener,
    struct conf_error *ret_error)
{
	const char *servers = getenv("FCGI_WEB_SERVER_ADDRS");
	const struct conf_place place = conf_place_of(conf, CONF_KEY_LISTEN);
	const char *address = conf_worker(conf).listen;

	if (address != NULL)
		return listener_open(
		    &place, address, servers, ret_listener, ret_error);
	return listener_inherit(getenv("LISTEN_FDS"), getenv("LISTEN_PID"),
	    servers, ret_listener, ret_error);
}

static int
check_count(const struct conf *conf, struct conf_error *ret_error)
{
	return conf_streams(conf) > 0
		   ? 0
		   : conf_refuse(ret_error, &(struct conf_place){0}, "%s",
			 PROGRAM_NO_STREAM);
}

static int
check_source(const struct stream_conf *stream, const struct listener *listener,
    struct conf_error *ret_error)
{
	char why[LOOK_TEXT_SIZE_MAX];

	if (source_is_stdin(stream->source) && listener_is_stdin(listener))
		return conf_refuse(ret_error,
		    &(struct conf_place){.argument = "-"},
		    "standard input is the socket to listen at, and"
		    " cannot be a source; use --listen");
	if (look_is_stream_file(stream, why))
		return conf_refuse(
		    ret_error, &(struct conf_place){0}, "%s", why);
	return 0;
}

/* Standard input cannot be a source and the socket; no configuration can. */
static int
check_sources(const struct conf *conf, const struct listener *listener,
    struct conf_error *ret_error)
{
	int error = 0;

	for (size_t i = 0; i < conf_streams(conf) && error == 0; i++)
		error = check_source(conf_stream(conf, i), listener, ret_error);
	return error;
}

static int
refuse_log(const struct conf *conf, int error, struct conf_error *ret_error)
{
	const struct conf_place place = conf_place_of(conf, CONF_KEY_LOG);

	return conf_refuse(
	    ret_error, &place, "%s: %s", conf_log(conf), strerror(-error));
}

/* All that an administrator can do wrong shows before anything is served. */
static int
prepare(struct conf *conf, struct worker_options *options,
    struct conf_error *ret_error)
{
	int error = check_count(conf, ret_error);

	if (error == 0)
		error =
		    share_descriptors(conf, &options->setup.share, ret_error);
	if (error == 0)
		error = open_listener(conf, &options->listener, ret_error);
	if (error == 0)
		error = check_sources(conf, options->listener, ret_error);
	if (error != 0)
		return error;
	options->setup.conf = conf;
	error = log_open(conf_log(conf), PROGRAM, false, &options->log);
	if (error == -ENOMEM)
		return error;
	if (error != 0)
		return refuse_log(conf, error, ret_error);
	return 0;
}

/* What is needed to read everything once more. */
struct beginning {
	int argc;
	char *const *argv;
	const struct worker_options *options;
	struct sandbox sandbox;
};

/* A socket stays what it is, but what is wrong would be at the next start. */
static int
check_listen(const struct conf *conf, struct conf_error *ret_error)
{
	const struct conf_place place = conf_place_of(conf, CONF_KEY_LISTEN);
	const char *address = conf_worker(conf).listen;

	return address == NULL
		   ? 0
		   : listener_check_form(&place, address,
			 getenv("FCGI_WEB_SERVER_ADDRS"), ret_error);
}

static int
read_conf(struct conf *conf, const struct beginning *beginning,
    struct worker_setup *ret_setup, struct conf_error *ret_error)
{
	struct options_asked asked;
	int error = options_read(conf, OPTIONS_FCGI, beginning->argc,
	    beginning->argv, getenv("SSE_CONFIG"), &asked, ret_error);

	if (error == 0)
		error = check_count(conf, ret_error);
	if (error == 0)
		error = check_listen(conf, ret_error);
	if (error == 0)
		error = share_descriptors(conf, &ret_setup->share, ret_error);
	if (error == 0)
		error = check_sources(
		    conf, beginning->options->listener, ret_error);
	if (error == 0)
		error = confine_check(&beginning->sandbox, conf, ret_error);
	if (error == 0)
		ret_setup->conf = conf;
	return error;
}

static int
read_again(
    void *context, struct worker_setup *ret_setup, struct conf_error *ret_error)
{
	struct conf *conf = conf_new();
	int error = conf != NULL
			? read_conf(conf, context, ret_setup, ret_error)
			: -ENOMEM;

	if (error != 0)
		conf_free(conf);
	return error;
}

static enum program_exit
serve(struct beginning *beginning)
{
	const struct worker_options *options = beginning->options;
	struct worker *worker = NULL;
	char why[SANDBOX_TEXT_SIZE_MAX];
	int error = worker_new(options, &worker);

	if (error != 0)
		(void)snprintf(why, sizeof(why), "%s", strerror(-error));
	else
		error = confine_worker(options, &beginning->sandbox, why);
	if (error == 0) {
		error = worker_run(worker);
		(void)snprintf(why, sizeof(why), "%s", strerror(-error));
	}
	worker_free(worker);
	sandbox_done(&beginning->sandbox);
	if (error == 0)
		return PROGRAM_DONE;
	log_line(options->log, "the worker cannot run: %s", why);
	return PROGRAM_SYSTEM;
}

static enum program_exit
run(struct conf *conf, int argc, char *const argv[])
{
	struct worker_options options = {
	    .notify = getenv("NOTIFY_SOCKET"), .read = read_again};
	struct beginning beginning = {
	    .argc = argc, .argv = argv, .options = &options};
	struct conf_error why;
	enum program_exit code = PROGRAM_SYSTEM;
	int error = signals_hold();

	if (error == 0)
		error = prepare(conf, &options, &why);
	options.context = &beginning;
	if (error == -EINVAL)
		code = fail(conf, PROGRAM_USAGE, why.text);
	else if (error != 0)
		code = fail(conf, PROGRAM_SYSTEM, strerror(-error));
	else
		code = serve(&beginning);
	listener_close(options.listener);
	log_close(options.log);
	return code;
}

/* What is asked for but to serve. */
static enum program_exit
tell(const struct conf *conf, const struct options_asked *asked)
{
	const struct conf_place place = conf_place_of(conf, CONF_KEY_LISTEN);
	const char *address = conf_worker(conf).listen;
	struct conf_error why;
	int error = 0;

	if (asked->action == OPTIONS_CHECK && address != NULL)
		error = listener_check(
		    &place, address, getenv("FCGI_WEB_SERVER_ADDRS"), &why);
	if (error == 0)
		return program_tell(conf, OPTIONS_FCGI, asked);
	return error == -EINVAL ? fail(NULL, PROGRAM_USAGE, why.text)
				: fail(NULL, PROGRAM_SYSTEM, strerror(-error));
}

int
main(int argc, char **argv)
{
	struct conf *conf = conf_new();
	struct conf_error why;
	struct options_asked asked = {.action = OPTIONS_SERVE};
	const struct conf *told;
	enum program_exit code;
	int error = program_hold_standard();

	if (error == 0)
		error = conf == NULL
			    ? -ENOMEM
			    : options_read(conf, OPTIONS_FCGI, argc, argv,
				  getenv("SSE_CONFIG"), &asked, &why);
	/* Who asks looks at standard error, not into the log. */
	told = asked.action == OPTIONS_SERVE ? conf : NULL;
	if (error == -EINVAL)
		code = fail(told, PROGRAM_USAGE, why.text);
	else if (error != 0)
		code = fail(told, PROGRAM_SYSTEM, strerror(-error));
	else if (asked.action != OPTIONS_SERVE)
		code = tell(conf, &asked);
	else
		code = run(conf, argc, argv);
	conf_free(conf);
	return (int)code;
}
