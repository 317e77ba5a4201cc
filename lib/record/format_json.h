/*
 * format_json.h - a record that is a JSON object into an event.
 *
 * Without jansson (configure --without-json) the functions are there, and no
 * record is one.
 */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include "base/pause.h"
#include "buf.h"

#define FORMAT_JSON_REMARKS_SIZE_MAX 512 /* bytes of our own comments */

struct json_t;

/*
 * Members that stand for event and data, beside those, in objects that somebody
 * else has named.  NULL: there is none.
 */
struct format_json_names {
	const char *event;
	const char *data;
};

struct format_json {
	struct format_json_names names;
	struct json_t *root;    /* jansson's; it has the texts of the event */
	struct sse_buf compact; /* data that is not a string */
	struct sse_buf comment;
	const struct pause *pause; /* NULL: none */
};

/*
 * The random number is taken, by which the members of an object are told apart:
 * where it cannot be read later it would be one that can be guessed.
 */
void format_json_warm_up(void);

/* For texts of at most size_max bytes.  It owns no memory yet. */
void format_json_init(struct format_json *json, size_t size_max);
void format_json_done(struct format_json *json);

/* The last event is not needed any more: what memory it took is given back. */
void format_json_forget(struct format_json *json);

/*
 * Reads the members id, event, data, retry and comment of a record, which is
 * valid UTF-8.  What cannot be sent of them is left out, and a comment says
 * so.  With ids = false the id is left out without a word.
 *
 * 0 and an event that can be encoded: it lives until the next call, and as
 * long as the text.  -ENOMEM.  -EBADMSG: no record of this form, or one with
 * nothing to send; *ret_why says it in a few words, for ever.
 */
int format_json_read(struct format_json *json, struct sse_slice text, bool ids,
    struct sse_event *ret_event, const char **ret_why);

#endif
