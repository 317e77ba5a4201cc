/*
 * stream_conf.h - what was asked of a stream, each value by its key.
 *
 * The formats and the stream read it; conf fills it in.
 */
#ifndef STREAM_CONF_H
#define STREAM_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONF_BACKLOG_FRAME_PART 4 /* of a backlog, the longest frame */

enum conf_format {
	CONF_FORMAT_LINES,
	CONF_FORMAT_JSON,
	CONF_FORMAT_SSE
};
enum conf_ansi {
	CONF_ANSI_STRIP,
	CONF_ANSI_KEEP
};
enum conf_ids {
	CONF_IDS_POSITION,
	CONF_IDS_RECORD,
	CONF_IDS_NONE
};
enum conf_flush {
	CONF_FLUSH_FRAME,
	CONF_FLUSH_READY,
	CONF_FLUSH_TIME
};
/* Of the whole program. */
enum conf_sandbox {
	CONF_SANDBOX_NO,
	CONF_SANDBOX_YES,    /* as far as the kernel has one */
	CONF_SANDBOX_REQUIRE /* or there is no start */
};
/* How a client may name a stream; a set of them. */
enum conf_select {
	CONF_SELECT_SERVER = 1, /* not at all: the web server does it */
	CONF_SELECT_PATH = 2,
	CONF_SELECT_QUERY = 4
};
enum conf_from {
	CONF_FROM_START,
	CONF_FROM_END,
	CONF_FROM_RECORDS
};

/* One stream, complete and checked.  The strings belong to the conf. */
struct stream_conf {
	const char *name;
	const char *source;      /* as source_check() says */
	const char *generations; /* likewise; "": the default */
	const char *field;       /* of an engine's entry; "": the usual one */
	const char *match;       /* an engine's entries; "": all */
	int64_t journal_poll_ms;
	const char *source_user;          /* of an engine; "": none */
	const char *source_password_file; /* likewise; never the password */
	uint32_t select;                  /* of enum conf_select */
	bool follow;
	enum conf_from from;
	uint64_t from_records; /* with CONF_FROM_RECORDS */
	uint64_t replay_size;  /* bytes */
	enum conf_format format;
	const char *record_start; /* "": each line; see pattern.h */
	int64_t record_wait_ms;
	size_t record_size_max; /* bytes */
	enum conf_ansi ansi;
	const char *include;     /* "": all; see pattern.h */
	const char *exclude;     /* "": none */
	const char *time_format; /* "": none; see time_format.h */
	const char *event;       /* "": none */
	enum conf_ids ids;
	int64_t retry_ms;
	int64_t heartbeat_ms;
	int64_t max_age_ms; /* 0: none */
	int64_t write_timeout_ms;
	int64_t rotate_wait_ms;
	const char *origin; /* "": nobody; see origin.h */
	bool credentials;
	const char *allow_headers; /* names with blanks between; "": none */
	bool viewer;               /* to browsers that ask for a page */
	bool index;                /* it is in the list of streams */
	enum conf_flush flush;
	int64_t flush_ms;    /* of CONF_FLUSH_TIME; else 0 */
	size_t backlog_size; /* bytes */
	size_t clients_max;  /* 0: no limit of its own */
};

#endif
