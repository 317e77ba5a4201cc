/*
 * session.c - one line when a client comes, and one when it goes.
 *
 *	connect stream=log address=203.0.113.7 start=backlog
 *	disconnect stream=log address=203.0.113.7 why=left seconds=61.250
 *frames=40
 *
 * An address is a client's or a web server's word: what is not visible ASCII is
 * escaped by the log, and a blank, which would forge a field, here.
 */
#include "config.h"

#include "session.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const char *
start_text(enum session_start start)
{
	switch (start) {
	case SESSION_BACKLOG:
		return "backlog";
	case SESSION_FILE:
		return "file";
	case SESSION_NEW:
		break;
	}
	return "new";
}

/* A copy without the blanks that would forge a field. */
static void
keep(const char *word, char *kept, size_t size_max)
{
	size_t size = strnlen(word, size_max);

	memcpy(kept, word, size);
	kept[size] = '\0';
	for (size_t i = 0; i < size; i++)
		if (kept[i] == ' ')
			kept[i] = '_';
}

/* " user=NAME", where there is one. */
static const char *
user_field(const struct session *session)
{
	return session->user[0] != '\0' ? " user=" : "";
}

void
session_begin(struct session *session, const char *address, const char *user,
    enum session_start start, int64_t now_ms)
{
	if (address == NULL || address[0] == '\0')
		address = "-";
	keep(address, session->address, SESSION_ADDRESS_MAX);
	keep(user != NULL ? user : "", session->user, SESSION_USER_MAX);
	session->begun_ms = now_ms;
	session->frames = session->bytes = 0;
	++*session->visitors;
	session->stats->clients++;
	session->stats->resumes += start != SESSION_NEW;
	log_line(session->log, "connect stream=%s address=%s%s%s start=%s",
	    session->stream, session->address, user_field(session),
	    session->user, start_text(start));
}

void
session_end(struct session *session, enum client_why why, int64_t now_ms)
{
	struct stats *stats = session->stats;
	int64_t time_ms = now_ms - session->begun_ms;

	if (stats == NULL)
		return;
	assert(*session->visitors > 0);
	--*session->visitors;
	stats->gone[why]++;
	stats->sent_frames += session->frames;
	stats->sent_bytes += session->bytes;
	log_line(session->log,
	    "disconnect stream=%s address=%s%s%s why=%s seconds=%" PRId64
	    ".%03d frames=%" PRIu64 " bytes=%" PRIu64,
	    session->stream, session->address, user_field(session),
	    session->user, client_why_text(why), time_ms / 1000,
	    (int)(time_ms % 1000), session->frames, session->bytes);
	session->stats = NULL;
}
