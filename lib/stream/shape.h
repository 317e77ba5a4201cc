/*
 * shape.h - whether the last lines of a log are as record-start and time-format
 * say.  Both are easily written for another log, and then do nothing.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include "clock.h"
#include "conf/conf.h"

#define SHAPE_LINES_MAX 100     /* the last ones, that are looked at */
#define SHAPE_SIZE_MAX 65536    /* bytes of them */
#define SHAPE_TURN_MS 5         /* of looking at them */
#define SHAPE_TEXT_SIZE_MAX 500 /* bytes, with a NUL */

struct source_shared;

enum shape {
	SHAPE_UNKNOWN, /* no line is there, or time was up */
	SHAPE_FITS,    /* one of them is, or nothing is said */
	SHAPE_DIFFERS  /* none is; *text is a clause about it */
};

/*
 * Whether one of them begins a record.  What is shared is as for source_peek();
 * without a clock it may take its time.
 */
enum shape shape_of_start(const struct stream_conf *conf,
    const struct source_shared *shared, const struct sse_clock *clock,
    char text[SHAPE_TEXT_SIZE_MAX]);

/* Whether one of them has a time. */
enum shape shape_of_time(const struct stream_conf *conf,
    const struct source_shared *shared, const struct sse_clock *clock,
    char text[SHAPE_TEXT_SIZE_MAX]);

#endif
