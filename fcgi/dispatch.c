/*
 * dispatch.c - what a request asks for.
 *
 * It is decoded, and then goes to admit() for a decision.
 */
#include "config.h"

#include "dispatch.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* Whether the web server asks for the page; a client cannot. */
static bool
wants_status(const struct dispatch *dispatch, const struct sse_request *request)
{
	return dispatch->status != NULL &&
	       request->naming == SSE_NAMING_SERVER &&
	       (request->method == SSE_METHOD_GET ||
		   request->method == SSE_METHOD_HEAD) &&
	       strcmp(request->stream, dispatch->status) == 0;
}

static enum outcome
decide(const struct dispatch *dispatch, struct client *client,
    const struct exchange *exchange)
{
	const struct dispatch_services *services = &dispatch->services;
	const struct sse_request *request = exchange->request;
	struct admission admission;

	if (wants_status(dispatch, request))
		return services->status(services->context, client, exchange);
	admission = admit(
	    request, dispatch->conf, sse_clock_file_time_ms(dispatch->clock));
	if (admission.barred != NULL)
		services->barred(services->context, admission.barred,
		    admit_barred_text(request));
	if (admission.stream != NULL)
		return services->stream(
		    services->context, client, exchange, &admission);
	if (admission.wants_list)
		return services->list(
		    services->context, client, exchange, &admission);
	return exchange_reply(
	    exchange, &admission.response, admit_body(&admission));
}

/* What is not taken may be no request. */
static enum outcome
outcome_of(int error)
{
	assert(error != 0);
	return error == -EPROTO || error == -EMSGSIZE ? OUTCOME_MALFORMED
						      : OUTCOME_FAILED;
}

enum outcome
dispatch_request(struct dispatch *dispatch, struct client *client,
    struct sse_slice records, struct sse_buf *out)
{
	struct sse_request request;
	const struct exchange exchange = {.ops = dispatch->ops,
	    .libfcgi = dispatch->libfcgi,
	    .request = &request,
	    .out = out};
	enum outcome outcome;
	int error = dispatch->ops->begin(dispatch->libfcgi, records);

	if (error != 0)
		return outcome_of(error);
	sse_request_read(&request, dispatch->ops->param, dispatch->libfcgi);
	/* FastCGI has no arguments. */
	request.query_is_arguments = false;
	outcome = decide(dispatch, client, &exchange);
	dispatch->ops->drop(dispatch->libfcgi);
	dispatch->requests += outcome != OUTCOME_PENDING;
	return outcome;
}
