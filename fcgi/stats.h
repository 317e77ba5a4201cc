/*
 * stats.h - what has happened to a stream since it is served.
 */
#ifndef STATS_H
#define STATS_H

#include "stream/stream.h"

/* Why a client's time was over. */
enum client_why {
	CLIENT_LEFT,      /* the peer closed, or broke */
	CLIENT_ABORTED,   /* the peer said so in good order */
	CLIENT_MALFORMED, /* it spoke no FastCGI */
	CLIENT_TOO_SLOW,  /* its request was not complete in time */
	CLIENT_STALLED,   /* it took nothing for write-timeout */
	CLIENT_OVERRUN,   /* it was too far behind */
	CLIENT_AGED,      /* max-age */
	CLIENT_ENDED,     /* the stream is at its end */
	CLIENT_FAILED,    /* its events could not be read any more */
	CLIENT_RELOADED, /* the stream was changed, or is not served any more */
	CLIENT_STOPPED,  /* the program ends */
	CLIENT_DONE,     /* everything was sent */
	CLIENT_WHYS      /* how many */
};

/* One word: "left". */
const char *client_why_text(enum client_why why);

struct stats {
	uint64_t clients;           /* that came */
	uint64_t resumes;           /* of them, with an id */
	uint64_t refused;           /* one too many */
	uint64_t frames;            /* made, for all together */
	uint64_t bytes;             /* of them */
	uint64_t cut_records;       /* a part was left out: record-max */
	uint64_t left_out_records;  /* cannot be sent: a comment tells of it */
	uint64_t given_up_searches; /* of patterns, at their limit */
	uint64_t interruptions;     /* its source could not be read any more */
	uint64_t gaps[GAP_REASONS]; /* told, to all or to one */
	uint64_t sent_frames;       /* to clients that have gone */
	uint64_t sent_bytes;        /* likewise */
	uint64_t gone[CLIENT_WHYS]; /* clients that went */
};

/* Adds what was made of the source: it is sent to all, or to one. */
void stats_add_item(struct stats *stats, const struct stream_item *item);

#endif
