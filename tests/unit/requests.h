/*
 * requests.h - what takes libfcgi's place in tests: a request is "NAME=value"
 * lines, and an answer is its text, with "[end]" or "[open]" behind it.
 */
#ifndef REQUESTS_H
#define REQUESTS_H

#include <string.h>

#include "libfcgi.h"
#include "test.h"

#define REQUEST_SIZE_MAX 1000

struct libfcgi {
	char lines[REQUEST_SIZE_MAX]; /* of the one in hand, each with a NUL */
	size_t size;
	bool in_hand;
	int begin_error;  /* of the next request */
	int answer_error; /* of the next answer */
	int drops;        /* of a request that was still in hand */
};

static int
fake_begin(struct libfcgi *libfcgi, struct sse_slice records)
{
	CHECK(!libfcgi->in_hand);
	CHECK(records.size < sizeof(libfcgi->lines));
	if (libfcgi->begin_error != 0)
		return libfcgi->begin_error;
	memcpy(libfcgi->lines, records.data, records.size);
	for (size_t i = 0; i < records.size; i++)
		if (libfcgi->lines[i] == '\n')
			libfcgi->lines[i] = '\0';
	libfcgi->size = records.size;
	libfcgi->in_hand = true;
	return 0;
}

static const char *
fake_param(void *context, const char *name)
{
	const struct libfcgi *libfcgi = context;
	const char *line = libfcgi->lines;
	size_t size = strlen(name);

	CHECK(libfcgi->in_hand);
	for (; line < libfcgi->lines + libfcgi->size; line += strlen(line) + 1)
		if (strncmp(line, name, size) == 0 && line[size] == '=')
			return line + size + 1;
	return NULL;
}

static int
fake_answer(struct libfcgi *libfcgi, struct sse_slice bytes,
    struct sse_buf *out, const char *how)
{
	CHECK(libfcgi->in_hand);
	libfcgi->in_hand = false;
	if (libfcgi->answer_error != 0)
		return libfcgi->answer_error;
	CHECK_EQUAL_INT(sse_buf_add(out, bytes.data, bytes.size), 0);
	CHECK_EQUAL_INT(sse_buf_add(out, how, strlen(how)), 0);
	return 0;
}

static int
fake_stream(
    struct libfcgi *libfcgi, struct sse_slice bytes, struct sse_buf *out)
{
	return fake_answer(libfcgi, bytes, out, "[open]");
}

static int
fake_reply(struct libfcgi *libfcgi, struct sse_slice bytes, struct sse_buf *out)
{
	return fake_answer(libfcgi, bytes, out, "[end]");
}

static void
fake_drop(struct libfcgi *libfcgi)
{
	libfcgi->drops += libfcgi->in_hand;
	libfcgi->in_hand = false;
}

static const struct libfcgi_ops fake_ops = {
    fake_begin, fake_param, fake_stream, fake_reply, fake_drop};

#endif
