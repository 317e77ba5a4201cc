/*
 * place.h - where a client begins: in the backlog, or as a reader of its own.
 * A decision, nothing else.
 */
#ifndef PLACE_H
#define PLACE_H

#include "backlog.h"
#include "record/stream_conf.h"
#include "stream/stream.h"

enum place_kind {
	PLACE_BACKLOG, /* at an offset of the backlog */
	PLACE_PRIVATE  /* what it has to read is in the file only */
};

struct place {
	enum place_kind kind;
	uint64_t offset;
	enum gap_reason gap; /* to be told first; of a backlog */
	uint64_t skipped;    /* records, or SOURCE_SKIPPED_UNKNOWN */
	const char *comment; /* on the gap; static, or NULL */
};

/*
 * The backlog is that of the stream, of a source of that kind: where it is
 * durable, what is not in the backlog is in the file.  The backlog began with
 * as many old records as a client without an id gets, unless those are all.
 */
struct place place_of(const struct stream_conf *conf,
    const struct backlog *backlog, const struct source_ops *source,
    const struct stream_start *start);

#endif
