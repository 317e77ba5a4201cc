/*
 * probe_source.h - a kind of source for tests, whose records say what can be
 * done from where a log is read: "NAME: ERROR", an attempt each, of which
 * the error is 0 where it was done.
 *
 * "probe:FOLDER" tries to read FOLDER/file, among others, and then waits;
 * "probe:die:FOLDER" calls execve() after that.
 */
#ifndef PROBE_SOURCE_H
#define PROBE_SOURCE_H

#include "source/source_ops.h"

extern const struct source_ops probe_ops;

#endif
