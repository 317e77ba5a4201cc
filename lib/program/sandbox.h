/*
 * sandbox.h - what the process may reach from now on, and nothing else.
 *
 * Of files by Landlock, of all else by a filter of system calls: as far as the
 * kernel has them.  There is no way out, and no way to widen it.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "program/log.h"
#include "record/stream_conf.h"
#include "source/reach.h"

#define SANDBOX_TEXT_SIZE_MAX 600 /* bytes, with a NUL */

struct sandbox_given;

/* All zeros: it was not entered. */
struct sandbox {
	bool has_files; /* Landlock */
	struct sandbox_given *given;
	size_t count;
	uint16_t *ports;
	size_t port_count;
	bool makes; /* files */
	bool local;
	bool abstract;
};

struct sandbox_wish {
	enum conf_sandbox mode;
	const struct reaches *reaches;
	bool serves; /* it takes clients in */
};

/*
 * 0, also where the mode is no, or yes and the kernel lacks what is needed,
 * which the log is told; or -errno, with the reason in *text.
 */
int sandbox_enter(struct sandbox *sandbox, const struct sandbox_wish *wish,
    struct log *log, char text[SANDBOX_TEXT_SIZE_MAX]);
void sandbox_done(struct sandbox *sandbox);

/*
 * Whether all of that can be reached; else *text has what cannot, and what to
 * do about it: "/srv/new is ...".
 */
bool sandbox_holds(const struct sandbox *sandbox, const struct reaches *reaches,
    char text[SANDBOX_TEXT_SIZE_MAX]);

#endif
