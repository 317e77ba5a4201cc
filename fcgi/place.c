/*
 * place.c - where a client begins.
 */
#include "config.h"

#include "place.h"

#include <errno.h>

static struct place
at(uint64_t offset)
{
	return (struct place){.kind = PLACE_BACKLOG, .offset = offset};
}

static struct place private(void)
{
	return (struct place){.kind = PLACE_PRIVATE};
}

/* The oldest frame of at most replay bytes. */
static uint64_t
limit_replay(const struct stream_conf *conf, const struct backlog *backlog,
    uint64_t offset)
{
	uint64_t head = backlog_head(backlog);

	if (head - offset <= conf->replay_size)
		return offset;
	if (conf->replay_size == 0)
		return head;
	/* The frame with the byte before it does not fit any more. */
	return backlog_frame_end(backlog, head - conf->replay_size);
}

/*
 * From there on, at most replay bytes: frames have more of them than the
 * records in a durable source, which is read then.
 */
static struct place
at_most_replay(const struct stream_conf *conf, const struct backlog *backlog,
    bool durable, uint64_t offset)
{
	uint64_t limit = limit_replay(conf, backlog, offset);

	return limit != offset && durable && conf->replay_size > 0 ? private()
								   : at(limit);
}

/*
 * So many of the newest records, of at most replay bytes; or all that there
 * are, where there were no more when it began.
 */
static struct place
place_last(const struct stream_conf *conf, const struct backlog *backlog,
    bool durable, uint64_t records, bool began_with_them)
{
	uint64_t offset;
	int error = backlog_last(backlog, records, &offset);

	if (began_with_them && backlog_is_complete(backlog))
		error = 0;
	return error != 0 && durable
		   ? private()
		   : at_most_replay(conf, backlog, durable, offset);
}

/* A client that brings no id, or none that says anything. */
static struct place
place_newest(
    const struct stream_conf *conf, const struct backlog *backlog, bool durable)
{
	switch (conf->from) {
	case CONF_FROM_START:
		return durable ? private() : at(backlog_tail(backlog));
	case CONF_FROM_END:
		break;
	case CONF_FROM_RECORDS:
		return place_last(
		    conf, backlog, durable, conf->from_records, true);
	}
	return at(backlog_head(backlog));
}

static struct place
with_gap(struct place place, enum gap_reason reason, uint64_t skipped)
{
	place.gap = reason;
	place.skipped = skipped;
	return place;
}

/* What is neither in the backlog nor in the source any more is gone. */
static struct place
place_overrun(const struct stream_conf *conf, const struct backlog *backlog,
    const struct source_ops *source, struct sse_slice id)
{
	uint64_t tail = backlog_tail(backlog), skipped;
	enum gap_reason reason =
	    source->missed(id, backlog_id_before(backlog, tail), &skipped);

	if (reason == GAP_UNKNOWN)
		return with_gap(
		    place_newest(conf, backlog, false), reason, skipped);
	return with_gap(at(limit_replay(conf, backlog, tail)), reason, skipped);
}

/* The id is in the backlog. */
static struct place
place_found(const struct stream_conf *conf, const struct backlog *backlog,
    bool durable, uint64_t offset)
{
	uint64_t limit = limit_replay(conf, backlog, offset);

	if (limit == offset)
		return at(offset);
	return durable ? private()
		       : with_gap(at(limit), GAP_LIMIT, SOURCE_SKIPPED_UNKNOWN);
}

/* The client cannot begin where it wants to: at the newest, and told why. */
static struct place
place_elsewhere(const struct stream_conf *conf, const struct backlog *backlog,
    bool durable, const char *comment)
{
	struct place place = with_gap(place_newest(conf, backlog, durable),
	    GAP_UNKNOWN, SOURCE_SKIPPED_UNKNOWN);

	place.comment = comment;
	return place;
}

struct place
place_of(const struct stream_conf *conf, const struct backlog *backlog,
    const struct source_ops *source, const struct stream_start *start)
{
	struct sse_slice last_event_id = start->last_event_id;
	bool durable = source->is_durable;
	uint64_t offset;
	int error;

	if (last_event_id.size == 0 && start->fault != NULL)
		return place_elsewhere(conf, backlog, durable, start->fault);
	if (stream_start_is_time(start))
		return durable ? private()
			       : place_elsewhere(
				     conf, backlog, false, SOURCE_NO_TIME);
	if (last_event_id.size == 0)
		return start->has_last ? place_last(conf, backlog, durable,
					     start->last, false)
				       : place_newest(conf, backlog, durable);
	error = backlog_find(backlog, last_event_id, &offset);
	/* Where nobody can say which records it has: the file tells of them. */
	if (error == -ENODATA && conf->ids == CONF_IDS_POSITION)
		error = -ENOENT;
	if (error != -ENOENT)
		return place_found(conf, backlog, durable, offset);
	return durable ? private()
		       : place_overrun(conf, backlog, source, last_event_id);
}
