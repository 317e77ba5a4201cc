/*
 * pause.h - where long work on one thing lets others have a look.
 *
 * A record of the largest size may take a millisecond, and cannot be put down.
 * So who works on it calls pause_take() now and then, where nothing is half
 * done but its own: whoever gave it the pause may do something else meanwhile,
 * but nothing to what is worked on, nor free it.
 */
#ifndef PAUSE_H
#define PAUSE_H

#include <stddef.h>

struct pause {
	void (*take)(void *context); /* often; it looks whether it is time */
	void *context;
};

/* NULL: nobody wants one. */
static inline void
pause_take(const struct pause *pause)
{
	if (pause != NULL)
		pause->take(pause->context);
}

#endif
