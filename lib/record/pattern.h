/*
 * pattern.h - a regular expression (PCRE2) that neither it nor a text can make
 * run for long.
 *
 * Without PCRE2 (configure --without-pcre2) there are no patterns.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include "base/pause.h"
#include "ssekit.h"

#define PATTERN_SIZE_MAX 1024 /* bytes */
#define PATTERN_STEPS 20000   /* of the search in one text, ... */
#define PATTERN_BYTE_STEPS 1  /* ... and so many more for each byte of it */

struct pattern;

/* Why a text is not a pattern, in a few words. */
struct pattern_error {
	char text[120];
};

enum pattern_result {
	PATTERN_MISSES,
	PATTERN_MATCHES,
	PATTERN_LIMIT /* nobody knows: the search was given up */
};

/*
 * Compiles a text in UTF-8: 0 and *ret_pattern; -EINVAL and *ret_error; or
 * -ENOMEM.
 */
int pattern_new(const char *text, struct pattern **ret_pattern,
    struct pattern_error *ret_error);

/*
 * Compiles it for good: all later patterns of this text share that, for as long
 * as the process lives.  It is for where no code can be made any more, as in a
 * sandbox; without it a pattern is slower there.  No memory is no harm.
 */
void pattern_keep(const char *text);

/* NULL is allowed. */
void pattern_free(struct pattern *pattern);

/* A long search takes pauses from now on; NULL: none. */
void pattern_set_pause(struct pattern *pattern, const struct pause *pause);

/* Whether it is somewhere in the text, which has to be valid UTF-8. */
enum pattern_result pattern_find(
    struct pattern *pattern, struct sse_slice text);

/*
 * Whether the last search may have taken longer than reading its text does: its
 * steps had to be counted, or there is no JIT compiler.
 */
bool pattern_was_slow(const struct pattern *pattern);

/*
 * How many searches were given up since the last call.  NULL is allowed.
 */
uint64_t pattern_take_given_up(struct pattern *pattern);

#endif
