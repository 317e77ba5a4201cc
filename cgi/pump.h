/*
 * pump.h - one stream to one client on standard output.
 */
#ifndef PUMP_H
#define PUMP_H

#include "stream/admit.h"
#include "program/log.h"
#include "stream/stream.h"

/*
 * Bytes that share a write with flush = ready.  With one more frame they still
 * fit in an empty pipe, of 64 KiB or, while there is more, of
 * PUMP_PIPE_SIZE_MAX: one that is full would be waited for.
 */
#define PUMP_SHARE_SIZE 57344
#define PUMP_SHARE_SIZE_MAX 253952
#define PUMP_SHARE_REST 8192 /* bytes of that frame */
#define PUMP_PIPE_SIZE_MAX 262144
#define PUMP_FRAMES_MAX 2048 /* between two looks at signals and client */
#define PUMP_TURN_MS 100     /* the same, of work */
#define PUMP_FINISH_MS 500   /* for a frame that is half sent at the end */

struct pump_options {
	const struct sse_response *response;
	const struct stream_conf *conf;
	const struct sse_clock *clock;
	struct log *log;
	int signal_fd; /* readable: end */
	uint64_t random;
};

/*
 * Streams until the client has gone, a signal comes, or the client takes
 * nothing for write-timeout.  The stream must have been started, or may be
 * waited for: see stream_may_wait().  0, or a negative errno of our own side:
 * -ENOMEM; or, where standard output is a file, -ENOSPC, -EDQUOT, -EFBIG, -EIO.
 */
int pump_run(struct stream *stream, const struct pump_options *options);

#endif
