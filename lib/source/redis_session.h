/*
 * redis_session.h - questions to a Redis server, one after the other, over a
 * connection that is made when one is asked, and made anew when it was lost.
 */
#ifndef REDIS_SESSION_H
#define REDIS_SESSION_H

#include "source/redis_ask.h"
#include "source/source_ops.h"

/* After a failure; doubled after each that follows, a fifth more or less. */
#define REDIS_RETRY_MS 100
#define REDIS_RETRY_MS_MAX 5000

/* From node to node of a cluster, until one has the key. */
#define REDIS_MOVES_MAX 3

/* Room for one entry, or several: times record-max, and at least. */
#define REDIS_ROOM_PART 4
#define REDIS_ROOM_SIZE_MIN (1 << 20) /* bytes */

struct redis_session_options {
	const struct sse_clock *clock;
	size_t record_size_max;
	const char *user;          /* NULL or "": none */
	const char *password_file; /* likewise */
};

struct redis_session {
	struct redis_session_options options;
	const struct redis_endpoint *endpoint;
	bool is_moved; /* a node of that has said that another has the key */
	struct redis_endpoint moved;
	unsigned moves; /* since it has answered */
	struct redis_link link;
	uint64_t opened; /* so often */
	bool asked;      /* and not answered */
	int ask_error;   /* 0; why it could not be asked */
	struct redis_question question;
	unsigned answers_left; /* of the server, to this question */
	int answered_error;    /* the first of them */
	int error;             /* why it was lost; 0: it has answered since */
	int64_t retry_ms;      /* after the next failure */
	int64_t due_ms;        /* monotonic: nothing can be asked before */
};

/* All is borrowed. */
void redis_session_init(struct redis_session *session,
    const struct redis_endpoint *endpoint,
    const struct redis_session_options *options);
void redis_session_done(struct redis_session *session);

/* Whether a question can be asked now. */
bool redis_session_may_ask(const struct redis_session *session);

/*
 * Asks, and connects if it has to.  What is wrong shows when it is taken, and
 * until then the answer before lives.
 */
void redis_session_ask(
    struct redis_session *session, const struct redis_question *question);

/*
 * Takes the answer to what was asked, which lives until the next call: 1; 0:
 * there is none now; RESULT_PARTIAL: ask again at once; or an error, and then
 * the question is lost, and a question can be asked again when poll says so.
 */
int redis_session_next(
    struct redis_session *session, struct redis_answer *ret_answer);

/* When it goes on, and what is wrong. */
struct source_poll redis_session_poll(const struct redis_session *session);

#endif
