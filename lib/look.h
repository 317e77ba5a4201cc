/*
 * look.h - what a source is just now, for whoever checks a configuration.
 */
#ifndef LOOK_H
#define LOOK_H

#include "conf.h"

enum look_result {
	LOOK_FINE,
	LOOK_WARNING, /* it is waited for, as it should be where it is new */
	LOOK_NOTHING  /* no client could be sent anything */
};

struct look {
	enum look_result result;
	char text[400]; /* a clause; "" where all is fine */
};

/*
 * Looks at the source as the user that the process is.  Of dated names only
 * the folder is looked at.
 */
struct look look_at(const struct stream_conf *conf);

#endif
