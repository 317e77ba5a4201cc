/*
 * forward.c - a log into a Redis Stream: each line exactly once.
 *
 *	cc -o forward forward.c -lssekit -lhiredis
 *	forward [-k N] [-u USER] SERVER KEY [OPTION]... LOG
 *
 * SERVER is the path of a socket, or ADDRESS:PORT.  About N entries are kept
 * (100000).  A password is taken from REDISCLI_AUTH, as redis-cli does.  The
 * options are those of sse-cgi, which reads the log; a gap becomes an entry
 *with the field "event", and is told.
 *
 * It has no state of its own.  An entry has the id of its event in the field
 * "pos", so the newest one says where to go on in the log.  That one is looked
 * at under WATCH before each transaction: where anything has changed the stream
 * since, nothing is added, and all begins with another look.  So it does not
 * matter what is killed when, whether an answer got lost, or whether a second
 * one runs beside it.
 */
#include <errno.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <signal.h>
#include <ssekit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_SECONDS 5 /* then a server is taken for dead */
#define PAUSE_MS_MIN 100 /* before it is tried again */
#define PAUSE_MS_MAX 5000
#define READ_SIZE 65536 /* and so a transaction is not much more */
#define COMMAND_WORDS 64

struct wishes {
	const char *server, *key, *keep, *user;
	char *command[COMMAND_WORDS]; /* sse-cgi */
};

struct session {
	const struct wishes *wishes;
	redisContext *redis;
	struct sse_decoder *decoder;
	pid_t child;
	int events;
	size_t queued;                   /* entries of the transaction */
	char place[SSE_ID_SIZE_MAX + 1]; /* of the newest entry; "": none */
};

static bool
complain(const char *what, const char *why)
{
	(void)fprintf(stderr, "forward: %s: %s\n", what, why);
	return false;
}

/* --------------------------------------------------------------- Redis -- */

/* The next answer, to be freed; NULL where it is an error, which is told. */
static redisReply *
answer(struct session *session)
{
	void *got = NULL;
	redisReply *reply;

	if (redisGetReply(session->redis, &got) != REDIS_OK) {
		(void)complain(session->wishes->server, session->redis->errstr);
		return NULL;
	}
	reply = got;
	if (reply->type == REDIS_REPLY_ERROR) {
		(void)complain(session->wishes->key, reply->str);
		freeReplyObject(reply);
		return NULL;
	}
	return reply;
}

static bool
succeeds(struct session *session)
{
	redisReply *reply = answer(session);

	freeReplyObject(reply);
	return reply != NULL;
}

static redisContext *
connect_to(const char *server)
{
	const struct timeval wait = {.tv_sec = ANSWER_SECONDS};
	const char *colon = strrchr(server, ':');
	char address[64];

	if (server[0] == '/')
		return redisConnectUnixWithTimeout(server, wait);
	(void)snprintf(address, sizeof(address), "%.*s",
	    colon != NULL ? (int)(colon - server) : 0, server);
	return redisConnectWithTimeout(
	    address, colon != NULL ? atoi(colon + 1) : 0, wait);
}

static bool
log_in(struct session *session)
{
	const struct timeval wait = {.tv_sec = ANSWER_SECONDS};
	const char *password = getenv("REDISCLI_AUTH");
	const char *user = session->wishes->user;

	session->redis = connect_to(session->wishes->server);
	if (session->redis == NULL)
		return complain(session->wishes->server, "no memory");
	if (session->redis->err != 0)
		return complain(
		    session->wishes->server, session->redis->errstr);
	(void)redisSetTimeout(session->redis, wait);
	(void)fcntl(session->redis->fd, F_SETFD, FD_CLOEXEC);
	if (password == NULL)
		return true;
	if (user != NULL)
		redisAppendCommand(
		    session->redis, "AUTH %s %s", user, password);
	else
		redisAppendCommand(session->redis, "AUTH %s", password);
	return succeeds(session);
}

/* The value of an entry's field, or NULL.  An entry is its id and its fields.
 */
static const redisReply *
field(const redisReply *entry, const char *name)
{
	const redisReply *fields = entry->element[1];

	for (size_t i = 0; i + 1 < fields->elements; i += 2)
		if (strcmp(fields->element[i]->str, name) == 0)
			return fields->element[i + 1];
	return NULL;
}

/* The place of the newest entry, which is watched from now on. */
static bool
look(struct session *session, char place[SSE_ID_SIZE_MAX + 1])
{
	const redisReply *pos = NULL;
	redisReply *newest;

	redisAppendCommand(session->redis, "WATCH %s", session->wishes->key);
	redisAppendCommand(
	    session->redis, "XREVRANGE %s + - COUNT 1", session->wishes->key);
	if (!succeeds(session) || (newest = answer(session)) == NULL)
		return false;
	place[0] = '\0';
	if (newest->elements > 0)
		pos = field(newest->element[0], "pos");
	if (pos != NULL)
		(void)snprintf(place, SSE_ID_SIZE_MAX + 1, "%s", pos->str);
	if (pos == NULL && newest->elements > 0)
		(void)complain(
		    session->wishes->key, "its newest entry is not from here");
	pos = newest->elements > 0 ? pos : newest;
	freeReplyObject(newest);
	return pos != NULL;
}

/* ------------------------------------------------------------- entries -- */

static void
queue(struct session *session, const struct sse_event *event)
{
	const struct wishes *wishes = session->wishes;
	bool is_message = sse_slice_equal(event->type, sse_slice("message"));
	const struct sse_slice words[] = {sse_slice("XADD"),
	    sse_slice(wishes->key), sse_slice("MAXLEN"), sse_slice("~"),
	    sse_slice(wishes->keep), sse_slice("*"), sse_slice("data"),
	    event->data, sse_slice("pos"), event->id, sse_slice("event"),
	    event->type};
	int count =
	    (int)(sizeof(words) / sizeof(words[0])) - (is_message ? 2 : 0);
	const char *texts[sizeof(words) / sizeof(words[0])];
	size_t sizes[sizeof(words) / sizeof(words[0])];

	for (int i = 0; i < count; i++) {
		texts[i] = words[i].data;
		sizes[i] = words[i].size;
	}
	if (!is_message)
		(void)fprintf(stderr, "forward: %s: %.*s %.*s\n", wishes->key,
		    (int)event->type.size, event->type.data,
		    (int)event->data.size, event->data.data);
	if (session->queued++ == 0)
		redisAppendCommand(session->redis, "MULTI");
	redisAppendCommandArgv(session->redis, count, texts, sizes);
	(void)snprintf(session->place, sizeof(session->place), "%.*s",
	    (int)event->id.size, event->id.data);
}

/* Whether each of the transaction's commands has added its entry. */
static bool
has_added_all(const redisReply *result, const char *key)
{
	if (result->type != REDIS_REPLY_ARRAY)
		return complain(key, "somebody else has changed it");
	for (size_t i = 0; i < result->elements; i++)
		if (result->element[i]->type == REDIS_REPLY_ERROR)
			return complain(key, result->element[i]->str);
	return true;
}

/* All of them or none; and the next look. */
static bool
add(struct session *session)
{
	char newest[SSE_ID_SIZE_MAX + 1];
	redisReply *result;
	bool well;

	redisAppendCommand(session->redis, "EXEC");
	for (size_t i = 0; i < session->queued + 1; i++) /* MULTI as well */
		if (!succeeds(session))
			return false;
	session->queued = 0;
	if ((result = answer(session)) == NULL)
		return false;
	well = has_added_all(result, session->wishes->key);
	freeReplyObject(result);
	if (!well || !look(session, newest))
		return false;
	return strcmp(newest, session->place) == 0 ||
	       complain(session->wishes->key, "somebody else adds to it, too");
}

/* ------------------------------------------------------------- the log -- */

/* sse-cgi, which takes the id as from a web server. */
static bool
start_reading(struct session *session)
{
	int ends[2];

	if (pipe(ends) != 0)
		return complain("pipe", strerror(errno));
	session->child = fork();
	if (session->child == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		(void)setenv("REQUEST_METHOD", "GET", 1);
		(void)setenv("HTTP_LAST_EVENT_ID", session->place, 1);
		(void)execvp(
		    session->wishes->command[0], session->wishes->command);
		(void)complain(session->wishes->command[0], strerror(errno));
		_exit(111);
	}
	(void)close(ends[1]);
	session->events = ends[0];
	return session->child > 0 || complain("fork", strerror(errno));
}

/* For something of the log.  A server that says anything now hangs up. */
static bool
wait_for_more(struct session *session)
{
	struct pollfd fds[] = {{.fd = session->events, .events = POLLIN},
	    {.fd = session->redis->fd, .events = POLLIN}};

	if (poll(fds, 2, -1) < 0)
		return complain("poll", strerror(errno));
	return fds[1].revents == 0 ||
	       complain(session->wishes->server, "the connection has ended");
}

/* What there is becomes a transaction.  The head is nothing to a decoder. */
static bool
forward(struct session *session)
{
	static char bytes[READ_SIZE];
	struct sse_event event;
	ssize_t size;
	int got;

	if (!wait_for_more(session))
		return false;
	size = read(session->events, bytes, sizeof(bytes));
	if (size <= 0)
		return complain(session->wishes->command[0], "it has ended");
	sse_decoder_feed(session->decoder, bytes, (size_t)size);
	while ((got = sse_decoder_next(session->decoder, &event)) == 1)
		queue(session, &event);
	if (got != 0)
		return complain("an event", strerror(-got));
	return session->queued == 0 || add(session);
}

/* Until something fails: whether anything was forwarded before. */
static bool
run(const struct wishes *wishes)
{
	struct session session = {.wishes = wishes, .events = -1};
	size_t times = 0;

	session.decoder = sse_decoder_new(0);
	if (session.decoder != NULL && log_in(&session) &&
	    look(&session, session.place) && start_reading(&session))
		while (forward(&session))
			times++;
	if (session.events >= 0)
		(void)close(session.events);
	if (session.child > 0) {
		(void)kill(session.child, SIGTERM);
		(void)waitpid(session.child, NULL, 0);
	}
	sse_decoder_free(session.decoder);
	redisFree(session.redis);
	return times > 0;
}

static bool
read_arguments(int argc, char **argv, struct wishes *wishes)
{
	static char program[] = "sse-cgi", start[] = "--from=start",
		    all[] = "--replay=1000G", together[] = "--flush=ready";
	char *first[] = {program, start, all, together};
	size_t count = sizeof(first) / sizeof(first[0]);
	int option;

	while ((option = getopt(argc, argv, "+k:u:")) != -1)
		if (option == 'k')
			wishes->keep = optarg;
		else if (option == 'u')
			wishes->user = optarg;
		else
			return false;
	/* The log of a stream that was emptied would come again. */
	if (argc - optind < 3 || atol(wishes->keep) < 1 ||
	    (size_t)(argc - optind - 2) + count >= COMMAND_WORDS)
		return false;
	wishes->server = argv[optind++];
	wishes->key = argv[optind++];
	memcpy(wishes->command, first, sizeof(first));
	memcpy(wishes->command + count, argv + optind,
	    (size_t)(argc - optind) * sizeof(*argv));
	return true;
}

int
main(int argc, char **argv)
{
	struct wishes wishes = {.keep = "100000"};
	useconds_t pause_ms = PAUSE_MS_MIN;

	if (!read_arguments(argc, argv, &wishes)) {
		(void)fputs("usage: forward [-k N] [-u USER] SERVER KEY "
			    "[OPTION]... LOG\n",
		    stderr);
		return 100;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	for (;;) {
		if (run(&wishes))
			pause_ms = PAUSE_MS_MIN;
		(void)usleep(pause_ms * 1000);
		pause_ms *= 2;
		if (pause_ms > PAUSE_MS_MAX)
			pause_ms = PAUSE_MS_MAX;
	}
}
