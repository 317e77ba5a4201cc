/*
 * main.c - sse-cgi: one request, one client.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "stream/admit.h"
#include "answer.h"
#include "arguments.h"
#include "base/inside.h"
#include "conf/conf_setting.h"
#include "fdio.h"
#include "stream/index.h"
#include "program/log.h"
#include "stream/look.h"
#include "program/program.h"
#include "program/program_reach.h"
#include "program/sandbox.h"
#include "pump.h"
#include "stream/stream.h"
#include "program/trouble.h"

#define PROGRAM "sse-cgi"
#define START_WAIT_MS 1000 /* for whether a client has everything */

static const char *
read_environment(void *context, const char *name)
{
	(void)context;
	return getenv(name);
}

/*
 * What would kill a stream, or another answer: 0 or -errno.  SIGXFSZ: a log, or
 * an output, that may not grow.
 */
static int
spare(void)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};

	/* mini_httpd leaves an alarm behind. */
	(void)alarm(0);
	return sigaction(SIGPIPE, &ignore, NULL) == 0 &&
		       sigaction(SIGXFSZ, &ignore, NULL) == 0
		   ? 0
		   : -errno;
}

/* The signals that end the stream, as a descriptor to poll; or -errno. */
static int
take_signals(void)
{
	sigset_t ends;
	int fd = spare();

	if (fd != 0)
		return fd;
	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGHUP);
	(void)sigaddset(&ends, SIGINT);
	if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0)
		return -errno;
	fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd >= 0 ? fd : -errno;
}

_Static_assert(ADMIT_TEXT_SIZE_MAX >= LOG_REFUSAL_SIZE_MAX,
    "log_refusal() writes into an admission");

/* 500, with the log that the last line went to; conf may be NULL. */
static void
answer_error(const struct sse_request *request, const struct stream_conf *conf,
    const struct log *log)
{
	struct admission error = admit_error(request, conf);

	if (error.text[0] != '\0')
		log_refusal(log, error.text);
	answer_send(&error, request);
}

/*
 * What keeps us from serving: a line for the log, and a page if one is asked.
 */
static enum program_exit
fail(const struct sse_request *request, const char *log_path,
    enum program_exit code, const char *line)
{
	struct log *log = NULL;

	if (log_open(log_path, PROGRAM, request->from_server, &log) != 0)
		(void)log_open(NULL, PROGRAM, request->from_server, &log);
	log_line(log, "%s", line);
	if (request->from_server)
		answer_error(request, NULL, log);
	log_close(log);
	return code;
}

static void
refuse_stream(const struct stream_conf *conf, int error,
    const struct sse_request *request, struct log *log)
{
	struct admission busy = admit_busy(request, conf, program_random());
	char room[STREAM_ERROR_SIZE_MAX];

	log_line(log, "%s: %s: %s", conf->name, conf->source,
	    stream_error_text(conf, error, room));
	if (error == RESULT_BUSY)
		answer_send(&busy, request);
	else
		answer_error(request, conf, log);
}

/*
 * Whether a step towards the start is to be made before the answer: at once; or
 * soon, where it may be that nothing is left for the client, which only a head
 * can say.
 */
static bool
waits_for_step(const struct stream *stream, bool may_be_done, int signal_fd,
    int64_t left_ms)
{
	struct source_poll next = stream_poll(stream);
	struct pollfd fds[] = {{.fd = signal_fd, .events = POLLIN},
	    {.fd = next.fd, .events = next.events}};
	int64_t wait_ms = next.timeout_ms;

	if (wait_ms > 0 && (!may_be_done || next.error != 0 || left_ms <= 0))
		return false;
	if (wait_ms > left_ms)
		wait_ms = left_ms > 0 ? left_ms : 0;
	(void)poll(fds, 2, (int)wait_ms);
	return fds[0].revents == 0;
}

/*
 * To the end of it, or until a signal comes: there is nobody else to be served
 * meanwhile.  0 also where the client waits until it can be started, or where
 * the source takes its time.
 */
static int
start(struct stream *stream, const struct admission *admission, int signal_fd)
{
	const struct stream_start *start = &admission->start;
	const struct sse_clock *clock = sse_clock_system();
	bool may_be_done =
	    !admission->stream->follow && start->last_event_id.size > 0;
	int64_t end_ms = sse_clock_monotonic_ms(clock) + START_WAIT_MS;
	int got = stream_start(stream, start);

	while (got == 0 && waits_for_step(stream, may_be_done, signal_fd,
			       end_ms - sse_clock_monotonic_ms(clock)))
		got = stream_go_on_starting(stream);
	if (got < 0 && stream_may_wait(admission->stream, start, got))
		return 0;
	return got < 0 ? got : 0;
}

/* What has begun cannot be refused any more: the client comes back. */
static int
run_pump(struct stream *stream, const struct pump_options *options)
{
	int error = pump_run(stream, options);

	if (error != 0)
		log_line(options->log, "%s: the answer ends here: %s",
		    options->conf->name, strerror(-error));
	return error;
}

/*
 * Before anything is read that the client, or who writes the log, has a part
 * in.
 */
static int
confine(
    const struct conf *conf, const struct stream_conf *stream, struct log *log)
{
	struct reaches reaches = {0};
	struct sandbox sandbox = {0};
	const struct sandbox_wish wish = {
	    .mode = conf_sandbox(conf),
	    .reaches = &reaches,
	};
	char text[SANDBOX_TEXT_SIZE_MAX];
	int error;

	if (wish.mode == CONF_SANDBOX_NO)
		return 0;
	program_warm_up(stream);
	/* For times in a journal's line, of names with dates, and in syslog. */
	tzset();
	program_reach_stream(conf, stream, &reaches);
	log_reach(log, &reaches);
	program_reach_zones(&reaches);
	/* Whose it is will have to be said. */
	if (access(stream->source, R_OK) != 0)
		inside_learn();
	/* Who has not asked for it has no line of each client. */
	error = sandbox_enter(&sandbox, &wish,
	    conf_said(conf, 0, CONF_KEY_SANDBOX) != NULL ? log : NULL, text);
	if (error != 0)
		log_line(log, "%s", text);
	sandbox_done(&sandbox);
	reaches_done(&reaches);
	return error;
}

static enum program_exit
serve_stream(const struct conf *all, const struct admission *admission,
    const struct sse_request *request, struct log *log)
{
	const struct stream_conf *conf = admission->stream;
	struct pump_options options = {
	    .response = &admission->response,
	    .conf = conf,
	    .clock = sse_clock_system(),
	    .log = log,
	    .random = program_random(),
	};
	struct stream *stream = NULL;
	struct admission done = admit_done(admission);
	int error = options.signal_fd = take_signals();

	if (error >= 0)
		error = confine(all, conf, log);
	if (error == 0)
		error = stream_new(
		    conf, options.clock, program_random(), NULL, &stream);
	if (error == 0)
		error = start(stream, admission, options.signal_fd);
	if (error < 0)
		refuse_stream(conf, error, request, log);
	else if (stream_is_done(stream))
		answer_send(&done, request);
	else {
		(void)trouble_tell_shape(conf, NULL, log);
		error = run_pump(stream, &options);
	}
	stream_free(stream);
	sse_fd_close(options.signal_fd);
	return error == 0 ? PROGRAM_DONE : PROGRAM_SYSTEM;
}

/* What is no stream. */
static void
answer(const struct conf *conf, struct admission *admission,
    const struct sse_request *request)
{
	struct sse_buf list;

	sse_buf_init(&list, INDEX_SIZE_MAX);
	if (admission->wants_list && index_print_names(conf, &list) == 0)
		admission->page = sse_buf_slice(&list);
	answer_send(admission, request);
	sse_buf_done(&list);
}

static enum program_exit
refuse_log(
    const struct conf *conf, int error, const struct sse_request *request)
{
	const struct conf_place place = conf_place_of(conf, CONF_KEY_LOG);
	struct conf_error why;

	(void)conf_refuse(
	    &why, &place, "%s: %s", conf_log(conf), strerror(-error));
	return fail(request, NULL, PROGRAM_USAGE, why.text);
}

static enum program_exit
serve(const struct conf *conf, struct sse_request *request)
{
	struct admission admission;
	struct log *log = NULL;
	char why[LOOK_TEXT_SIZE_MAX];
	enum program_exit code = PROGRAM_DONE;
	int error =
	    log_open(conf_log(conf), PROGRAM, request->from_server, &log);

	if (error == -ENOMEM)
		return fail(request, NULL, PROGRAM_SYSTEM, strerror(-error));
	if (error != 0)
		return refuse_log(conf, error, request);
	if (!request->from_server)
		request->method = SSE_METHOD_GET;
	admission =
	    admit(request, conf, sse_clock_file_time_ms(sse_clock_system()));
	if (admission.barred != NULL)
		log_line(log, "%s: %s", admission.barred->name,
		    admit_barred_text(request));
	if (admission.stream != NULL &&
	    look_is_stream_file(admission.stream, why))
		code = fail(request, conf_log(conf), PROGRAM_USAGE, why);
	else if (admission.stream != NULL)
		code = serve_stream(conf, &admission, request, log);
	else if (request->from_server)
		answer(conf, &admission, request);
	else
		code = fail(request, NULL, PROGRAM_USAGE,
		    "no stream to show: give one SOURCE, or a configuration "
		    "with one stream");
	log_close(log);
	return code;
}

static enum program_exit
run(struct sse_request *request, int argc, char **argv)
{
	struct conf *conf = conf_new();
	struct conf_error why;
	struct options_asked asked = {.action = OPTIONS_SERVE};
	const char *log;
	int error = conf == NULL ? -ENOMEM
				 : options_read(conf, OPTIONS_CGI, argc, argv,
				       getenv("SSE_CONFIG"), &asked, &why);
	enum program_exit code;

	/* Who asks looks at standard error, not into the log. */
	log = conf != NULL && asked.action == OPTIONS_SERVE ? conf_log(conf)
							    : NULL;
	if (error == -EINVAL)
		code = fail(request, log, PROGRAM_USAGE, why.text);
	else if (error != 0)
		code = fail(request, log, PROGRAM_SYSTEM, strerror(-error));
	else if (asked.action != OPTIONS_SERVE)
		code = program_tell(conf, OPTIONS_CGI, &asked);
	else
		code = serve(conf, request);
	conf_free(conf);
	return code;
}

int
main(int argc, char **argv)
{
	struct sse_request request;
	struct admission refused;
	int error = program_hold_standard();

	/* Nobody can be told. */
	if (error < 0)
		return PROGRAM_SYSTEM;
	sse_request_read(&request, read_environment, NULL);
	if (request.from_server)
		(void)spare();
	if (request.from_server && argc > 1)
		argc = arguments_drop_empty(argc, argv);
	if (arguments_read_stdin(argc, argv))
		request.content_size = 0;
	/* Then the arguments may be a client's words, and none is obeyed. */
	if (!request.from_server || !request.query_is_arguments)
		return (int)run(&request, argc, argv);
	refused = admit(&request, NULL, 0);
	answer_send(&refused, &request);
	return PROGRAM_DONE;
}
