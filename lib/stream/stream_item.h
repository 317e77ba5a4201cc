/*
 * stream_item.h - one step of a stream: an event, and what it was made of.
 */
#ifndef STREAM_ITEM_H
#define STREAM_ITEM_H

#include "source/gap.h"
#include "stream/held.h"
#include "stream/stages.h"

/* What an event was made of. */
enum stream_kind {
	STREAM_RECORD,
	STREAM_LEFT_OUT, /* a comment in the place of a record */
	STREAM_GAP,      /* something may be missing */
	STREAM_NOTE,     /* an id or a comment: what else there is to say */
	STREAM_END       /* nothing comes any more */
};

/* One step of a stream; its bytes live until the next step. */
struct stream_item {
	struct sse_event event;
	enum stream_kind kind;
	bool cut;            /* of a record: a part was left out */
	enum gap_reason gap; /* GAP_NONE: it is not a gap */
	size_t size; /* bytes of records that were gone through for it */
};

/* Where the words of items stand that are not those of a record. */
struct stream_item_words {
	char gap[GAP_TEXT_SIZE_MAX];
	char left_out[128]; /* a comment */
};

/*
 * Makes the event of what the multiline gave: 1; 0 when nothing is to be sent
 * of it; -ENOMEM: there is no memory for it, and it is held, so that it is
 * tried again.  After a while it is left out instead.
 */
int stream_item_try(struct stages *stages, struct stream_item_words *words,
    struct held *held, const struct source_item *from,
    struct stream_item *ret_item);

/* What is said beside the records: both may be absent. */
struct stream_item stream_item_note(
    struct sse_slice id, struct sse_slice comment);

/*
 * It cannot be sent, for that reason: a comment that says so takes its place,
 * with its id if that can be sent.
 */
void stream_item_leave_out(
    struct stream_item *item, struct stream_item_words *words, int error);

#endif
