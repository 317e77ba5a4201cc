/*
 * viewer.h - the page that a stream's URL shows in a browser.  It is made of
 * the files in viewer/ when the programs are built.
 */
#ifndef VIEWER_H
#define VIEWER_H

#include "ssekit.h"

#define VIEWER_TYPE "text/html; charset=utf-8"

struct viewer {
	struct sse_slice page;
	const char *policy; /* Content-Security-Policy, with its hashes */
};

extern const struct viewer viewer;

#endif
