/*
 * answer.h - an answer that is not a stream: a head, and a line or a page.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "stream/admit.h"

#define ANSWER_BODY_SIZE_MAX 65536 /* bytes of a request body taken off */
#define ANSWER_BODY_WAIT_MS 1000   /* for that body */
#define ANSWER_HEAD_SIZE_MAX 2048  /* bytes; one with a policy is longer */
#define ANSWER_TAKE_WAIT_MS 5000   /* for a client that takes nothing */

/*
 * Takes the request's body off standard input, as far as its limits go: Apache
 * does not finish an answer to a body that was not read.  Then writes the
 * answer to standard output.  What the client does not take is lost.
 */
void answer_send(
    const struct admission *admission, const struct sse_request *request);

#endif
