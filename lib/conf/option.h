/*
 * option.h - an option of the programs: a key of the table, or one of their
 * own, as --help.
 */
#ifndef OPTION_H
#define OPTION_H

#include "base/nearest.h"
#include "conf/conf_key.h"

/* What is read where nothing else is named. */
#define OPTION_DEFAULT_PATH SYSCONFDIR "/ssekit.conf"

enum options_program {
	OPTIONS_CGI,
	OPTIONS_FCGI
};

/* The options that are not keys. */
enum option_own {
	OPTION_CONFIG,
	OPTION_CHECK,
	OPTION_AS,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_OWN_COUNT
};

struct own_option {
	const char *name;
	char letter;       /* 0: none */
	const char *takes; /* its value in --help; NULL: it has none */
	const char *summary;
};

const struct own_option *option_own(enum option_own own);

/*
 * Whether the program obeys the key where it holds for all of it: what only
 * sse-fcgi obeys is not an option of sse-cgi.
 */
bool option_is_obeyed(enum options_program program, const struct conf_key *key);

/* A question whether another option than this word is meant, or "". */
struct nearest_text option_nearest(
    enum options_program program, const char *word);

#endif
