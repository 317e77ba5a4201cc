/*
 * exchange.c - a request that is decoded, and the bytes of its answer.
 */
#include "config.h"

#include "exchange.h"

#include "frame.h"

const char *
exchange_param(const struct exchange *exchange, const char *name)
{
	return exchange->ops->param(exchange->libfcgi, name);
}

static int
add_head(struct sse_buf *text, const struct sse_response *response)
{
	ssize_t size;
	int error = sse_buf_reserve(text, EXCHANGE_HEAD_MAX);

	if (error != 0)
		return error;
	size = sse_response_head(
	    response, text->data + text->size, EXCHANGE_HEAD_MAX);
	if (size < 0)
		return (int)size;
	text->size += (size_t)size;
	return 0;
}

enum outcome
exchange_reply(const struct exchange *exchange,
    const struct sse_response *response, struct sse_slice body)
{
	struct sse_buf text;
	int error;

	sse_buf_init(&text, EXCHANGE_TEXT_MAX);
	error = add_head(&text, response);
	if (error == 0)
		error = sse_buf_add(&text, body.data, body.size);
	if (error == 0)
		error = exchange->ops->reply(
		    exchange->libfcgi, sse_buf_slice(&text), exchange->out);
	sse_buf_done(&text);
	return error == 0 ? OUTCOME_REPLIED : OUTCOME_LEFT;
}

int
exchange_begin(const struct exchange *exchange,
    const struct sse_response *response, const struct sse_event *first)
{
	struct sse_buf text;
	int error;

	sse_buf_init(&text, EXCHANGE_TEXT_MAX);
	error = add_head(&text, response);
	if (error == 0 && first != NULL)
		error = frame_add(&text, first);
	if (error == 0)
		error = exchange->ops->stream(
		    exchange->libfcgi, sse_buf_slice(&text), exchange->out);
	sse_buf_done(&text);
	return error;
}
