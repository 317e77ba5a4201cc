/*
 * redis_session.c - questions to a Redis server.
 */
#include "config.h"

#include "source/redis_session.h"

#include <assert.h>
#include <errno.h>

#include "random.h"
#include "source/redis_password.h"
#include "source/redis_trouble.h"

static int64_t
now_ms(const struct redis_session *session)
{
	return sse_clock_monotonic_ms(session->options.clock);
}

void
redis_session_init(struct redis_session *session,
    const struct redis_endpoint *endpoint,
    const struct redis_session_options *options)
{
	size_t room_size = REDIS_ROOM_PART * options->record_size_max;

	if (room_size < REDIS_ROOM_SIZE_MIN)
		room_size = REDIS_ROOM_SIZE_MIN;
	*session = (struct redis_session){
	    .options = *options,
	    .endpoint = endpoint,
	    .retry_ms = REDIS_RETRY_MS,
	};
	redis_link_init(&session->link, options->clock, room_size);
}

void
redis_session_done(struct redis_session *session)
{
	redis_link_close(&session->link);
}

/* ------------------------------------------------------------- failure -- */

/* So that those who lost the same server do not come back together. */
static int64_t
spread(int64_t ms)
{
	return ms - ms / 5 +
	       (int64_t)(sse_random() % (uint64_t)(2 * ms / 5 + 1));
}

/* Of a cluster: the node that has the key is asked at once. */
static bool
follow_move(struct redis_session *session, int error)
{
	bool follows = error == -EREMCHG && session->is_moved &&
		       session->moves < REDIS_MOVES_MAX;

	session->is_moved = follows;
	if (follows)
		session->moves++;
	return follows;
}

/* The connection is of no use any more. */
static int
lose(struct redis_session *session, int error)
{
	int64_t wait_ms = session->retry_ms;

	assert(error < 0);
	redis_link_close(&session->link);
	session->asked = false;
	if (follow_move(session, error))
		return error;
	session->moves = 0;
	session->error = error;
	if (redis_trouble_stays(error))
		wait_ms = REDIS_RETRY_MS_MAX;
	session->due_ms = now_ms(session) + spread(wait_ms);
	session->retry_ms =
	    2 * wait_ms < REDIS_RETRY_MS_MAX ? 2 * wait_ms : REDIS_RETRY_MS_MAX;
	return error;
}

/* -------------------------------------------------------------- asking -- */

static bool
is_set(const char *text)
{
	return text != NULL && text[0] != '\0';
}

static int
read_password(const struct redis_session *session, struct sse_buf *secret)
{
	const char *path = session->options.password_file, *reason;
	int error;

	if (!is_set(path))
		return 0;
	error = redis_password_read(path, secret, &reason);
	return error == 0 || error == -ENOMEM ? error : -ENOKEY;
}

/* Who we are, before all else, where that has to be said. */
static int
authenticate(struct redis_session *session)
{
	struct sse_slice words[3] = {sse_slice("AUTH")};
	struct sse_buf secret;
	size_t count = 1;
	int error;

	if (!is_set(session->options.user) &&
	    !is_set(session->options.password_file))
		return 0;
	sse_buf_init(&secret, REDIS_PASSWORD_SIZE_MAX + 1);
	error = read_password(session, &secret);
	if (is_set(session->options.user))
		words[count++] = sse_slice(session->options.user);
	words[count++] = sse_buf_slice(&secret);
	if (error == 0)
		error = redis_link_send(&session->link, words, count);
	if (error == 0)
		session->answers_left++;
	redis_password_done(&secret);
	return error;
}

static int
send_question(struct redis_session *session)
{
	unsigned answers = 0;
	int error = 0;

	session->answers_left = 0;
	if (session->link.fd < 0) {
		error = redis_link_open(&session->link,
		    session->is_moved ? &session->moved : session->endpoint);
		session->opened++;
		if (error == 0)
			error = authenticate(session);
	}
	if (error == 0)
		error = redis_ask(&session->link,
		    redis_endpoint_key(session->endpoint), &session->question,
		    &answers);
	session->answers_left += answers;
	if (error == 0 && session->question.waits)
		redis_link_allow(
		    &session->link, REDIS_BLOCK_MS + REDIS_LINK_TIMEOUT_MS);
	return error;
}

bool
redis_session_may_ask(const struct redis_session *session)
{
	return !session->asked &&
	       (session->error == 0 || now_ms(session) >= session->due_ms);
}

void
redis_session_ask(
    struct redis_session *session, const struct redis_question *question)
{
	assert(redis_session_may_ask(session));
	session->question = *question;
	session->answered_error = 0;
	session->asked = true;
	session->ask_error = send_question(session);
	if (session->ask_error == 0)
		redis_link_flush(&session->link);
}

/* ----------------------------------------------------------- answering -- */

/* The first error says more than the last: "EXECABORT". */
static void
note(struct redis_session *session, const struct redis_value *value)
{
	if (value->kind != REDIS_ERROR || session->answered_error != 0)
		return;
	session->answered_error = redis_trouble_of(value);
	if (session->answered_error == -EREMCHG)
		session->is_moved = redis_endpoint_moved(
		    session->endpoint, value->text, &session->moved);
}

static int
finish(struct redis_session *session, const struct redis_value *value,
    struct redis_answer *ret_answer)
{
	int error = session->answered_error;

	if (error == 0)
		error =
		    redis_answer_read(value, &session->question, ret_answer);
	if (error != 0)
		return lose(session, error);
	session->asked = false;
	session->error = 0;
	session->moves = 0;
	session->retry_ms = REDIS_RETRY_MS;
	return 1;
}

/* Nothing is owed: it can only have been closed. */
static int
look_at_rest(struct redis_session *session)
{
	const struct redis_value *value;
	int got;

	if (session->link.fd < 0)
		return 0;
	got = redis_link_next(&session->link, &value);
	if (got < 0 && got != RESULT_PARTIAL)
		redis_link_close(&session->link);
	return 0;
}

int
redis_session_next(
    struct redis_session *session, struct redis_answer *ret_answer)
{
	const struct redis_value *value;
	int got;

	if (!session->asked)
		return look_at_rest(session);
	if (session->ask_error != 0)
		return lose(session, session->ask_error);
	while ((got = redis_link_next(&session->link, &value)) == 1) {
		assert(session->answers_left > 0);
		note(session, value);
		if (--session->answers_left == 0)
			return finish(session, value, ret_answer);
	}
	return got == 0 || got == RESULT_PARTIAL ? got : lose(session, got);
}

struct source_poll
redis_session_poll(const struct redis_session *session)
{
	struct source_poll poll = {
	    .fd = session->link.fd,
	    .opened = session->opened,
	    .timeout_ms = SOURCE_FOREVER_MS,
	    .error = session->error,
	    .awaited = session->error != 0,
	};
	int64_t left_ms = session->due_ms - now_ms(session);

	if (session->asked && session->ask_error != 0)
		poll.timeout_ms = 0;
	else if (session->link.fd >= 0) {
		poll.events = redis_link_events(&session->link);
		poll.timeout_ms = redis_link_left_ms(&session->link);
	} else if (session->error != 0)
		poll.timeout_ms = left_ms > 0 ? left_ms : 0;
	return poll;
}
