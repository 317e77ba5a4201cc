/*
 * visit.c - one line when a client comes, and one when it goes.
 *
 *	connect stream=log address=203.0.113.7 start=backlog
 *	disconnect stream=log address=203.0.113.7 why=left seconds=61.250
 *frames=40
 *
 * An address is a client's or a web server's word: what is no visible ASCII is
 * escaped by the log, and a blank, which would forge a field, here.
 */
#include "config.h"

#include "visit.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const char *
start_text(enum visit_start start)
{
	switch (start) {
	case VISIT_BACKLOG:
		return "backlog";
	case VISIT_FILE:
		return "file";
	case VISIT_NEW:
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
user_field(const struct visit *visit)
{
	return visit->user[0] != '\0' ? " user=" : "";
}

void
visit_begin(struct visit *visit, const char *address, const char *user,
    enum visit_start start, int64_t now_ms)
{
	if (address == NULL || address[0] == '\0')
		address = "-";
	keep(address, visit->address, VISIT_ADDRESS_MAX);
	keep(user != NULL ? user : "", visit->user, VISIT_USER_MAX);
	visit->begun_ms = now_ms;
	visit->frames = visit->bytes = 0;
	++*visit->visitors;
	visit->counts->clients++;
	visit->counts->resumes += start != VISIT_NEW;
	log_line(visit->log, "connect stream=%s address=%s%s%s start=%s",
	    visit->stream, visit->address, user_field(visit), visit->user,
	    start_text(start));
}

void
visit_end(struct visit *visit, enum client_why why, int64_t now_ms)
{
	struct counts *counts = visit->counts;
	int64_t time_ms = now_ms - visit->begun_ms;

	if (counts == NULL)
		return;
	assert(*visit->visitors > 0);
	--*visit->visitors;
	counts->gone[why]++;
	counts->sent_frames += visit->frames;
	counts->sent_bytes += visit->bytes;
	log_line(visit->log,
	    "disconnect stream=%s address=%s%s%s why=%s seconds=%" PRId64
	    ".%03d frames=%" PRIu64 " bytes=%" PRIu64,
	    visit->stream, visit->address, user_field(visit), visit->user,
	    client_why_text(why), time_ms / 1000, (int)(time_ms % 1000),
	    visit->frames, visit->bytes);
	visit->counts = NULL;
}
