/*
 * stream_error.c - what keeps a stream from its source.
 */
#include "config.h"

#include "stream/stream_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/inside.h"
#include "base/obstacle.h"

/* The error, and what on the way to the source it is of. */
static const char *
explained(const struct stream_conf *conf, int error, const char *text,
    char room[STREAM_ERROR_SIZE_MAX])
{
	char clause[SOURCE_CLAUSE_SIZE_MAX];

	if (!source_explain(conf->source, error, clause))
		return text;
	(void)snprintf(room, STREAM_ERROR_SIZE_MAX, "%s: %s", text, clause);
	return room;
}

/* The clause says all. */
static const char *
refusal_text(const struct stream_conf *conf, char room[STREAM_ERROR_SIZE_MAX])
{
	return source_explain(conf->source, RESULT_REFUSED, room)
		   ? room
		   : "A symbolic link on the way to it is not followed";
}

const char *
stream_error_text(
    const struct stream_conf *conf, int error, char room[STREAM_ERROR_SIZE_MAX])
{
	switch (error) {
	case RESULT_WRONG_KIND:
		return explained(conf, error,
		    "Neither a regular file nor a FIFO, or no longer what "
		    "it was",
		    room);
	case RESULT_REFUSED:
		return refusal_text(conf, room);
	case RESULT_BUSY:
		return "Another process reads this FIFO";
	case RESULT_CHANGED:
	case RESULT_UNSETTLED:
		return "The file changes all the time";
	case RESULT_NONE:
		return "Nothing was found";
	default:
		return explained(conf, error, strerror(-error), room);
	}
}

bool
stream_error_waits(int error)
{
	return error == -ENOENT || error == -EACCES;
}

/* Nothing is wrong with it but that nobody said it at the start. */
static bool
is_outside(const struct stream_conf *conf)
{
	char clause[SOURCE_CLAUSE_SIZE_MAX];

	return inside_is() && source_explain(conf->source, -EACCES, clause) &&
	       strstr(clause, OBSTACLE_SANDBOX) != NULL;
}

const char *
stream_wait_text(const struct stream_conf *conf, int error)
{
	if (error == -ENOENT)
		return "waiting for the log: it does not exist yet";
	if (error == -EACCES && is_outside(conf))
		return "waiting for the log: it is outside of the sandbox, "
		       "and needs a restart";
	if (error == -EACCES)
		return source_denied_text(conf->source);
	return "waiting for the log: it cannot be read";
}

bool
stream_may_wait(
    const struct stream_conf *conf, const struct stream_start *start, int error)
{
	if (error == 0 || error == -ENOMEM || error == RESULT_BUSY)
		return false;
	if (start->last_event_id.size > 0)
		return true;
	return conf->follow &&
	       (stream_error_waits(error) || error == RESULT_UNSETTLED ||
		   error == -EAGAIN);
}
