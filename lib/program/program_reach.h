/*
 * program_reach.h - what a configuration has to reach, and what has to be made
 * before nothing else can be reached.
 */
#ifndef PROGRAM_REACH_H
#define PROGRAM_REACH_H

#include "conf/conf.h"
#include "source/reach.h"

/* What a stream reads from, and the folders of sandbox-read. */
void program_reach_stream(const struct conf *conf,
    const struct stream_conf *stream, struct reaches *reaches);

/* The same of all streams, the log, and the configuration itself. */
void program_reach(const struct conf *conf, struct reaches *reaches);

/* The files with time zones, which libc reads again when they change. */
void program_reach_zones(struct reaches *reaches);

/*
 * What libraries of a stream do when it is needed, they do now: code that is
 * compiled, random numbers.
 */
void program_warm_up(const struct stream_conf *stream);

#endif
