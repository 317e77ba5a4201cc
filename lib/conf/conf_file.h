/*
 * conf_file.h - a configuration file: from its text to what it says.
 */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include "conf/conf_entry.h"

/* Where what the file says goes; all of it is borrowed. */
struct conf_file {
	struct conf_origin *origin;    /* of the file; its path is not NULL */
	struct conf_settings *program; /* keys of no stream */
	struct conf_entries *entries;  /* the streams, of other files, too */
};

/*
 * Reads the file's text: 0, and each of its streams has a source; -EINVAL with
 * a line in *ret_error; -ENOMEM.  After an error a part of it may have been
 * added.  origin and its path have to outlive the settings and the entries.
 */
int conf_file_read(const struct conf_file *file, struct sse_slice text,
    struct conf_error *ret_error);

#endif
