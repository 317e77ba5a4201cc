/*
 * conf_setting.h - one value as it was written, and where.
 */
#ifndef CONF_SETTING_H
#define CONF_SETTING_H

#include "conf/conf_error.h"
#include "conf/conf_key.h"

struct conf;

struct conf_setting {
	char *text;       /* NULL: not said */
	const char *path; /* of a file; NULL: the command line */
	unsigned line;    /* of the file */
};

/* A value for each key; all zeros: nothing is said. */
struct conf_settings {
	struct conf_setting of[CONF_KEY_COUNT];
};

void conf_settings_done(struct conf_settings *settings);

/*
 * The key of that name: 0; or -EINVAL, with a line in *ret_error that names
 * those that there are.
 */
int conf_setting_find(const struct conf_place *place, struct sse_slice name,
    enum conf_key_index *ret_index, struct conf_error *ret_error);

/*
 * Says a value: 0; -EINVAL with a line in *ret_error when it is not allowed,
 * or was said before; -ENOMEM.  place->path has to outlive the settings.
 */
int conf_settings_set(struct conf_settings *settings,
    const struct conf_place *place, enum conf_key_index index,
    struct sse_slice value, struct conf_error *ret_error);

/* Whether the value would be taken.  Errors as before. */
int conf_setting_check(const struct conf_place *place,
    enum conf_key_index index, const char *value, struct conf_error *ret_error);

/*
 * What holds for a stream, or NULL where the default does.  Of a key of the
 * whole program: for any stream.
 */
const struct conf_setting *conf_said(
    const struct conf *conf, size_t stream, enum conf_key_index index);

/* Where a key of the whole program is said, for an error about its value. */
struct conf_place conf_place_of(
    const struct conf *conf, enum conf_key_index index);

#endif
