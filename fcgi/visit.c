/*
 * visit.c - one line when a client comes, and one when it goes.
 *
 *	comes stream=log address=203.0.113.7 start=backlog
 *	goes stream=log address=203.0.113.7 why=left seconds=61.250 frames=40
 *
 * An address is a client's or a web server's word: what is no visible ASCII is
 * escaped by the log, and a blank, which would forge a field, here.
 */
#include "config.h"

#include "visit.h"

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

static void
keep_address(struct visit *visit, const char *address)
{
	size_t size;

	if (address == NULL || address[0] == '\0')
		address = "-";
	size = strnlen(address, VISIT_ADDRESS_MAX);
	memcpy(visit->address, address, size);
	visit->address[size] = '\0';
	for (size_t i = 0; i < size; i++)
		if (visit->address[i] == ' ')
			visit->address[i] = '_';
}

void
visit_begin(struct visit *visit, const char *address, enum visit_start start,
    int64_t now_ms)
{
	keep_address(visit, address);
	visit->begun_ms = now_ms;
	visit->frames = visit->octets = 0;
	visit->counts->clients++;
	visit->counts->resumes += start != VISIT_NEW;
	log_line(visit->log, "comes stream=%s address=%s start=%s",
	    visit->stream, visit->address, start_text(start));
}

void
visit_end(struct visit *visit, enum client_why why, int64_t now_ms)
{
	struct counts *counts = visit->counts;
	int64_t time_ms = now_ms - visit->begun_ms;

	if (counts == NULL)
		return;
	counts->gone[why]++;
	counts->sent_frames += visit->frames;
	counts->sent_octets += visit->octets;
	log_line(visit->log,
	    "goes stream=%s address=%s why=%s seconds=%" PRId64
	    ".%03d frames=%" PRIu64 " octets=%" PRIu64,
	    visit->stream, visit->address, client_why_text(why), time_ms / 1000,
	    (int)(time_ms % 1000), visit->frames, visit->octets);
	visit->counts = NULL;
}
