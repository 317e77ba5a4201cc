/*
 * plain_frames.h - plain lines into frames, right where they are sent from.
 *
 * A plain line, plain_line.h, stands in its frame as it stands in the log, so
 * that nothing has to be asked of it but that, while it is copied.  Any other
 * line is a record, splitter.h, and becomes an event, format.h; of a plain one
 * that would be the same frame.
 */
#ifndef PLAIN_FRAMES_H
#define PLAIN_FRAMES_H

#include "record/stream_conf.h"
#include "ssekit.h"

#define PLAIN_ID_SIZE_MAX 64   /* bytes of an id */
#define PLAIN_TYPE_SIZE_MAX 64 /* bytes of an event type */

/* What all frames of a stream have in common. */
struct plain_form {
	size_t line_size_max; /* bytes of a line; longer ones are not plain */
	size_t middle_size;
	/* Between the id and the text. */
	char middle[sizeof("\nevent: \ndata: ") + PLAIN_TYPE_SIZE_MAX];
};

/*
 * Whether lines of a stream are sent as they stand, with the position as their
 * id; if not, its lines are never plain.
 */
bool plain_form_init(struct plain_form *form, const struct stream_conf *conf);

/*
 * Frames one behind the other, and where each of them ends, if ends is given.
 */
struct plain_frames {
	const struct plain_form *form; /* borrowed */
	char *data;
	size_t capacity;
	size_t size;      /* bytes of the frames that are made */
	size_t *ends;     /* of count_max; or NULL */
	size_t count_max; /* frames */
	size_t count;

	/* Between plain_frames_begin() and plain_frames_end(). */
	size_t line_size;
	size_t line_at; /* where the line is, behind an id of the usual size */
};

/*
 * The first line of the bytes becomes the text of a frame: its size, without
 * the LF.  -1 where the line is not plain, has no end there, or is longer than
 * what there is room for; then nothing has changed.  id_size is what the id
 * will probably have: with another one the text is moved.
 */
ssize_t plain_frames_begin(
    struct plain_frames *frames, struct sse_slice bytes, size_t id_size);

/* The frame of that text gets its id: it is made. */
void plain_frames_end(struct plain_frames *frames, struct sse_slice id);

/* The id in a frame that was made so. */
struct sse_slice plain_frame_id(const char *frame);

#endif
