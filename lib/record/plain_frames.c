/*
 * plain_frames.c - plain lines into frames, right where they are sent from.
 *
 *	id: 1a2b3c.abcdefgh-12345-0123456789 LF data: text LF LF
 *
 * The text is copied before anybody knows where it ends, to where it will
 * stand: how long an id is, is known before the id.  No byte is read or written
 * that is not the caller's: the last ones before a limit are taken one by one.
 */
#include "config.h"

#include "record/plain_frames.h"

#include <assert.h>
#include <string.h>

#include "record/plain_line.h"

#define BEGIN "id: "
#define END "\n\n"
#define BEGIN_SIZE (sizeof(BEGIN) - 1)
#define END_SIZE (sizeof(END) - 1)

/* As in format.c: data over that part of the backlog may be cut. */
#define FRAME_REST_MAX 4096
#define FRAME_GROWTH 7

/* Bytes that are looked at and copied at once. */
typedef signed char block __attribute__((vector_size(16)));

/* ---------------------------------------------------------------- form -- */

static void
add(struct plain_form *form, const char *text)
{
	size_t size = strlen(text);

	assert(form->middle_size + size <= sizeof(form->middle));
	memcpy(form->middle + form->middle_size, text, size);
	form->middle_size += size;
}

/* Whether it can stand there; NULL and "": there is none. */
static bool
is_type(const char *text)
{
	const struct sse_event event = {.type = sse_slice(text)};

	return event.type.size <= PLAIN_TYPE_SIZE_MAX &&
	       sse_event_check(&event) == 0;
}

bool
plain_form_init(struct plain_form *form, const struct stream_conf *conf)
{
	size_t frame_max = conf->backlog_size / CONF_BACKLOG_FRAME_PART;
	size_t size_max = frame_max > FRAME_REST_MAX
			      ? (frame_max - FRAME_REST_MAX) / FRAME_GROWTH
			      : 0;

	*form = (struct plain_form){
	    .line_size_max = conf->record_size_max < size_max
				 ? conf->record_size_max
				 : size_max};
	if (conf->format != CONF_FORMAT_LINES ||
	    conf->ids != CONF_IDS_POSITION || !is_type(conf->event))
		return false;
	if (conf->event != NULL && conf->event[0] != '\0') {
		add(form, "\nevent: ");
		add(form, conf->event);
	}
	add(form, "\ndata: ");
	return true;
}

/* -------------------------------------------------------------- frames -- */

/* How many bytes come before the first of which not all bits are set. */
static inline size_t
count_set(uint64_t bytes)
{
	if (bytes == UINT64_MAX)
		return sizeof(bytes);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (size_t)__builtin_ctzll(~bytes) / 8;
#else
	return (size_t)__builtin_clzll(~bytes) / 8;
#endif
}

/* Copies a block: how many bytes come before the first that is not plain. */
static inline size_t
copy_plain_block(char *to, const char *from)
{
	block bytes, plain;
	uint64_t halves[sizeof(block) / sizeof(uint64_t)];

	memcpy(&bytes, from, sizeof(bytes));
	memcpy(to, &bytes, sizeof(bytes));
	plain = ((bytes >= ' ') & (bytes <= '~')) | (bytes == '\t');
	memcpy(halves, &plain, sizeof(halves));
	if ((halves[0] & halves[1]) == UINT64_MAX)
		return sizeof(block);
	return halves[0] != UINT64_MAX
		   ? count_set(halves[0])
		   : sizeof(halves[0]) + count_set(halves[1]);
}

/* The bytes before the first that is not plain; what is behind it is junk. */
static size_t
copy_plain(char *to, const char *from, size_t size)
{
	size_t at = 0, plain;

	for (; size - at >= sizeof(block); at += plain) {
		plain = copy_plain_block(to + at, from + at);
		if (plain < sizeof(block))
			return at + plain;
	}
	for (; at < size && plain_byte(from[at]); at++)
		to[at] = from[at];
	return at;
}

/* A few bytes: what memcpy() asks first takes longer. */
static inline char *
put(char *to, const char *from, size_t size)
{
	size_t at = 0;

	if (size < sizeof(uint64_t)) {
		memcpy(to, from, size);
		return to + size;
	}
	/* The last block overlaps the one before it: no byte is left over. */
	for (; at + sizeof(uint64_t) < size; at += sizeof(uint64_t))
		memcpy(to + at, from + at, sizeof(uint64_t));
	at = size - sizeof(uint64_t);
	memcpy(to + at, from + at, sizeof(uint64_t));
	return to + size;
}

ssize_t
plain_frames_begin(
    struct plain_frames *frames, struct sse_slice bytes, size_t id_size)
{
	const struct plain_form *form = frames->form;
	size_t around =
	    BEGIN_SIZE + PLAIN_ID_SIZE_MAX + form->middle_size + END_SIZE;
	size_t room = frames->capacity - frames->size, size_max;

	assert(id_size <= PLAIN_ID_SIZE_MAX);
	if (room <= around || frames->count == frames->count_max)
		return -1;
	/* The byte behind the longest line says whether it ends there. */
	size_max = room - around < form->line_size_max ? room - around
						       : form->line_size_max;
	if (size_max >= bytes.size)
		size_max = bytes.size;
	frames->line_at =
	    frames->size + BEGIN_SIZE + id_size + form->middle_size;
	frames->line_size =
	    copy_plain(frames->data + frames->line_at, bytes.data, size_max);
	if (frames->line_size == bytes.size ||
	    bytes.data[frames->line_size] != '\n')
		return -1;
	return (ssize_t)frames->line_size;
}

void
plain_frames_end(struct plain_frames *frames, struct sse_slice id)
{
	const struct plain_form *form = frames->form;
	char *begin = frames->data + frames->size;
	char *line = begin + BEGIN_SIZE + id.size + form->middle_size, *at;

	assert(id.size <= PLAIN_ID_SIZE_MAX);
	if (line != frames->data + frames->line_at)
		memmove(
		    line, frames->data + frames->line_at, frames->line_size);
	memcpy(begin, BEGIN, BEGIN_SIZE);
	at = put(begin + BEGIN_SIZE, id.data, id.size);
	(void)put(at, form->middle, form->middle_size);
	memcpy(line + frames->line_size, END, END_SIZE);
	frames->size =
	    (size_t)(line - frames->data) + frames->line_size + END_SIZE;
	assert(frames->size <= frames->capacity);
	if (frames->ends != NULL)
		frames->ends[frames->count] = frames->size;
	frames->count++;
}

struct sse_slice
plain_frame_id(const char *frame)
{
	const char *id = frame + BEGIN_SIZE;
	const char *end = memchr(id, '\n', PLAIN_ID_SIZE_MAX + 1);

	assert(memcmp(frame, BEGIN, BEGIN_SIZE) == 0 && end != NULL);
	return (struct sse_slice){id, (size_t)(end - id)};
}
