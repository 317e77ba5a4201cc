/*
 * sse-encode - events from stdin into frames on stdout, for the vectors.
 *
 *	sse-encode [--wire=json|kv]
 *
 * json: one object a line, with the keys id, event, data, comment (strings)
 * and retry (an integer).  kv: lines "KEY BASE64", "-" for an empty value, and
 * an empty line after each event.  The first event that is refused ends it
 * with a message and status 1; nothing of that event is written.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base64.h"
#include "fdio.h"
#include "json.h"

#define TEXT_SIZE_MAX ((size_t)256 << 20)

/* An event as it is read; its texts lie in one buffer that never moves. */
struct draft {
	struct sse_event event;
	struct sse_buf texts;
	struct sse_buf lines; /* of an event in kv */
};

static struct sse_slice *
text_of(struct sse_event *event, struct sse_slice key)
{
	if (sse_slice_equal(key, sse_slice("id")))
		return &event->id;
	if (sse_slice_equal(key, sse_slice("event")))
		return &event->type;
	if (sse_slice_equal(key, sse_slice("data")))
		return &event->data;
	if (sse_slice_equal(key, sse_slice("comment")))
		return &event->comment;
	return NULL;
}

static int
begin_draft(struct draft *draft, size_t texts_size)
{
	draft->event = (struct sse_event){.has_retry = false};
	sse_buf_clear(&draft->texts);
	return sse_buf_reserve(&draft->texts, texts_size);
}

/* What was added since that size. */
static struct sse_slice
added(const struct draft *draft, size_t before)
{
	return (struct sse_slice){
	    draft->texts.data + before, draft->texts.size - before};
}

static int
write_frame(const struct sse_event *event)
{
	size_t size = sse_encode_size(event), done = 0;
	char *frame = malloc(size);
	ssize_t got = frame != NULL ? sse_encode(event, frame, size) : -ENOMEM;

	while (got >= 0 && done < (size_t)got) {
		ssize_t put = sse_fd_write(
		    STDOUT_FILENO, frame + done, (size_t)got - done);

		if (put < 0)
			got = put;
		else
			done += (size_t)put;
	}
	free(frame);
	return got < 0 ? (int)got : 0;
}

static int
set_retry(struct draft *draft, int64_t value)
{
	if (draft->event.has_retry)
		return -EEXIST;
	draft->event.has_retry = true;
	draft->event.retry_ms = value;
	return 0;
}

/* Takes "key": value. */
static int
take_member(struct draft *draft, struct sse_slice *text)
{
	size_t before = draft->texts.size;
	struct sse_slice key, *value;
	int64_t retry;
	int error = json_take_string(text, &draft->texts);

	if (error != 0 || !json_take(text, ':'))
		return -EBADMSG;
	key = added(draft, before);
	if (sse_slice_equal(key, sse_slice("retry"))) {
		error = json_take_integer(text, &retry);
		return error != 0 ? error : set_retry(draft, retry);
	}
	value = text_of(&draft->event, key);
	if (value == NULL || value->data != NULL)
		return -EINVAL; /* unknown, or there already */
	before = draft->texts.size;
	error = json_take_string(text, &draft->texts);
	*value = added(draft, before);
	return error;
}

static int
encode_json(struct draft *draft, struct sse_slice line)
{
	int error = begin_draft(draft, line.size);

	if (error != 0 || json_at_end(line))
		return error;
	if (!json_take(&line, '{'))
		return -EBADMSG;
	if (!json_take(&line, '}')) {
		do
			error = take_member(draft, &line);
		while (error == 0 && json_take(&line, ','));
		if (error != 0)
			return error;
		if (!json_take(&line, '}'))
			return -EBADMSG;
	}
	return json_at_end(line) ? write_frame(&draft->event) : -EBADMSG;
}

static int
decimal(struct sse_slice digits, int64_t *ret_value)
{
	int64_t value = 0;

	if (digits.size == 0)
		return -EBADMSG;
	for (size_t i = 0; i < digits.size; i++) {
		if (digits.data[i] < '0' || digits.data[i] > '9')
			return -EBADMSG;
		if (value > (INT64_MAX - 9) / 10)
			return -ERANGE;
		value = value * 10 + (digits.data[i] - '0');
	}
	*ret_value = value;
	return 0;
}

/* Takes "KEY BASE64" and its LF. */
static int
take_pair(struct draft *draft, struct sse_slice *lines)
{
	const char *end = memchr(lines->data, '\n', lines->size);
	struct sse_slice line = {lines->data, (size_t)(end - lines->data)};
	const char *blank = memchr(line.data, ' ', line.size);
	size_t before = draft->texts.size;
	struct sse_slice key = line, base64, *value;
	int64_t retry;
	int error = 0;

	if (blank == NULL)
		return -EBADMSG;
	key.size = (size_t)(blank - line.data);
	base64 = (struct sse_slice){blank + 1, line.size - key.size - 1};
	lines->data += line.size + 1;
	lines->size -= line.size + 1;
	if (!sse_slice_equal(base64, sse_slice("-")))
		error = base64_decode(base64, &draft->texts);
	if (error != 0)
		return error;
	if (sse_slice_equal(key, sse_slice("retry"))) {
		error = decimal(added(draft, before), &retry);
		return error != 0 ? error : set_retry(draft, retry);
	}
	value = text_of(&draft->event, key);
	if (value == NULL || value->data != NULL)
		return -EINVAL;
	*value = added(draft, before);
	return 0;
}

/* A line of an event, with its LF, or the empty one behind the event. */
static int
encode_kv(struct draft *draft, struct sse_slice line)
{
	struct sse_slice lines;
	int error;

	if (line.size > 1)
		return sse_buf_add(&draft->lines, line.data, line.size);
	lines = sse_buf_slice(&draft->lines);
	error = begin_draft(draft, lines.size);
	while (error == 0 && lines.size > 0)
		error = take_pair(draft, &lines);
	sse_buf_clear(&draft->lines);
	return error != 0 ? error : write_frame(&draft->event);
}

static int
encode_all(bool kv)
{
	struct draft draft;
	char *line = NULL;
	size_t capacity = 0;
	ssize_t size;
	int error = 0;

	sse_buf_init(&draft.texts, TEXT_SIZE_MAX);
	sse_buf_init(&draft.lines, TEXT_SIZE_MAX);
	while (error == 0 && (size = getline(&line, &capacity, stdin)) > 0) {
		struct sse_slice text = {line, (size_t)size};

		if (line[size - 1] != '\n')
			error = -EBADMSG;
		else
			error = kv ? encode_kv(&draft, text)
				   : encode_json(&draft, text);
	}
	if (error == 0 && draft.lines.size > 0)
		error = -EBADMSG; /* no empty line at the end */
	free(line);
	sse_buf_done(&draft.texts);
	sse_buf_done(&draft.lines);
	return error;
}

int
main(int argc, char **argv)
{
	bool kv = argc == 2 && strcmp(argv[1], "--wire=kv") == 0;
	bool json =
	    argc == 1 || (argc == 2 && strcmp(argv[1], "--wire=json") == 0);
	int error;

	if (!kv && !json) {
		fprintf(stderr, "usage: sse-encode [--wire=json|kv]\n");
		return 100;
	}
	error = encode_all(kv);
	if (error != 0)
		fprintf(stderr, "sse-encode: %s\n", strerror(-error));
	return error != 0 ? 1 : 0;
}
