/*
 * options.h - the command line of both programs, and the configuration file.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "conf/conf.h"
#include "conf/option.h"

enum options_action {
	OPTIONS_SERVE,
	OPTIONS_CHECK,  /* --check */
	OPTIONS_HELP,   /* -h, --help */
	OPTIONS_VERSION /* -V, --version */
};

/* What the command line asks for. */
struct options_asked {
	enum options_action action;
	const char *as; /* --as: a user, of the command line; NULL: nobody */
};

/*
 * Reads the command line into the conf, and then the file that -f names, or,
 * with neither an option that names streams nor an argument, the one that
 * config_path names (SSE_CONFIG from the process environment), else
 * SYSCONFDIR/ssekit.conf; then conf_finish(), unless the action is HELP or
 * VERSION.  argv[0] is the program.  What only sse-fcgi obeys is not an option
 * of sse-cgi, but may stand in a file that both read.  0; -EINVAL
 * with a line in *ret_error for wrong use, a bad configuration, or a file that
 * cannot be read; -ENOMEM.  *ret_asked has what was read of it in any case.
 */
int options_read(struct conf *conf, enum options_program program, int argc,
    char *const argv[], const char *config_path,
    struct options_asked *ret_asked, struct conf_error *ret_error);

#endif
