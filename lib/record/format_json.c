/*
 * format_json.c - a record that is a JSON object into an event.
 *
 * jansson is included here alone.  It says whether a record is valid, and
 * decodes the strings.  What is not a string is sent as the record has it, but
 * for the blanks between its tokens: so numbers arrive as they were written,
 * members in their order, and nothing is ever longer than it was.  To that end
 * integers are read as doubles, which nobody looks at, since as long long the
 * larger ones would be refused.
 *
 * Before jansson builds its tree, depth and number of values are counted: a
 * value of two bytes costs it a hundred.  The tree lives no longer than its
 * event, since a client that takes nothing may be looked at hours later.
 */
#include "config.h"

#include "record/format_json.h"

#include <errno.h>

#ifdef WITH_JSON

#include <jansson.h>
#include <string.h>

#include "record/json_text.h"

#define PAUSE_SIZE 16384 /* bytes that are read */
#define KEPT_MAX 65536   /* bytes of memory, from event to event */
#define AS_IT_IS "; sent as it is"
#define TEXT_OF(number) TEXT_OF_VALUE(number)
#define TEXT_OF_VALUE(number) #number

/* What is known while a record is read. */
struct reading {
	struct format_json *json;
	struct sse_slice text;
	struct sse_event event;
	bool ids;
	bool strange; /* it has members that are none of ours */
};

void
format_json_warm_up(void)
{
	json_object_seed(0);
}

void
format_json_init(struct format_json *json, size_t size_max)
{
	json->names = (struct format_json_names){NULL, NULL};
	json->root = NULL;
	json->pause = NULL;
	sse_buf_init(&json->compact, size_max);
	sse_buf_init(&json->comment, size_max + FORMAT_JSON_REMARKS_SIZE_MAX);
}

void
format_json_done(struct format_json *json)
{
	json_decref(json->root);
	json->root = NULL;
	sse_buf_done(&json->compact);
	sse_buf_done(&json->comment);
}

static void
forget(struct sse_buf *buf)
{
	if (buf->capacity > KEPT_MAX)
		sse_buf_done(buf);
	else
		sse_buf_clear(buf);
}

void
format_json_forget(struct format_json *json)
{
	json_decref(json->root);
	json->root = NULL;
	forget(&json->compact);
	forget(&json->comment);
}

/* ------------------------------------------------------------- members -- */

/* Adds to the comment, as a line of its own. */
static int
say(struct reading *reading, struct sse_slice text)
{
	struct sse_buf *comment = &reading->json->comment;
	int error = 0;

	if (reading->event.comment.data != NULL)
		error = sse_buf_add(comment, "\n", 1);
	if (error == 0)
		error = sse_buf_add(comment, text.data, text.size);
	reading->event.comment = sse_buf_slice(comment);
	return error;
}

static struct sse_slice
string_text(const json_t *value)
{
	return (struct sse_slice){
	    json_string_value(value), json_string_length(value)};
}

/* Whether the event can be sent with these parts; else *ret_why says why. */
static bool
can_be_sent(const struct sse_event *parts, const char **ret_why)
{
	int error = sse_event_check(parts);

	*ret_why =
	    error == -EMSGSIZE ? "longer than 1024 bytes" : "CR or LF in it";
	return error == 0;
}

static int
refuse(struct reading *reading, const char *member, const char *why)
{
	int error = say(reading, sse_slice(member));
	struct sse_buf *comment = &reading->json->comment;

	if (error == 0)
		error = sse_buf_add(comment, " left out: ", 11);
	if (error == 0)
		error = sse_buf_add(comment, why, strlen(why));
	reading->event.comment = sse_buf_slice(comment);
	return error;
}

static int
read_id(struct reading *reading, const json_t *value, struct sse_slice text)
{
	struct sse_event parts = {.id = text};
	const char *why;

	if (!reading->ids)
		return 0;
	if (json_is_string(value))
		parts.id = string_text(value);
	else if (!json_text_is_integer(text))
		return refuse(reading, "id", "neither string nor integer");
	if (!can_be_sent(&parts, &why))
		return refuse(reading, "id", why);
	reading->event.id = parts.id;
	return 0;
}

static int
read_type(struct reading *reading, const json_t *value, struct sse_slice text)
{
	struct sse_event parts = {.type = text};
	const char *why;

	if (!json_is_string(value))
		return refuse(reading, "event", "no string");
	parts.type = string_text(value);
	if (!can_be_sent(&parts, &why))
		return refuse(reading, "event", why);
	reading->event.type = parts.type;
	return 0;
}

static int
read_data(struct reading *reading, const json_t *value, struct sse_slice text)
{
	int error = 0;

	if (json_is_string(value)) {
		reading->event.data = string_text(value);
	} else {
		sse_buf_clear(&reading->json->compact); /* of another member */
		error = json_text_compact(text, &reading->json->compact);
		reading->event.data = sse_buf_slice(&reading->json->compact);
	}
	return error;
}

static int
read_retry(struct reading *reading, const json_t *value, struct sse_slice text)
{
	int64_t retry_ms = 0;

	(void)value;
	if (!json_text_is_integer(text) || text.data[0] == '-')
		return refuse(reading, "retry", "no integer of 0 or more");
	for (size_t i = 0; i < text.size && retry_ms <= SSE_RETRY_MS_MAX; i++)
		retry_ms = retry_ms * 10 + (text.data[i] - '0');
	if (retry_ms > SSE_RETRY_MS_MAX)
		return refuse(reading, "retry", "over 2147483647");
	reading->event.has_retry = true;
	reading->event.retry_ms = retry_ms;
	return 0;
}

static int
read_comment(
    struct reading *reading, const json_t *value, struct sse_slice text)
{
	(void)text;
	if (!json_is_string(value))
		return refuse(reading, "comment", "no string");
	return say(reading, string_text(value));
}

typedef int read_function(
    struct reading *reading, const json_t *value, struct sse_slice text);

static bool
is_named(const char *name, const char *member)
{
	return name != NULL && strcmp(name, member) == 0;
}

static read_function *
function_of(const struct format_json_names *names, const char *member)
{
	static const struct {
		const char *member;
		read_function *function;
	} functions[] = {
	    {"id", read_id},
	    {"event", read_type},
	    {"data", read_data},
	    {"retry", read_retry},
	    {"comment", read_comment},
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (strcmp(functions[i].member, member) == 0)
			return functions[i].function;
	if (is_named(names->event, member))
		return read_type;
	return is_named(names->data, member) ? read_data : NULL;
}

/* No member is there twice, so their order in the tree is that of the text. */
static int
read_members(struct reading *reading, json_t *root)
{
	size_t index = 0;
	const char *member;
	json_t *value;
	int error = 0;

	json_object_foreach(root, member, value)
	{
		read_function *function =
		    function_of(&reading->json->names, member);
		struct sse_slice text = {"", 0};

		reading->strange = reading->strange || function == NULL;
		if (function != NULL && !json_is_string(value))
			text = json_text_member(reading->text, index);
		if (function != NULL)
			error = function(reading, value, text);
		if (error != 0)
			return error;
		index++;
	}
	return 0;
}

/* ------------------------------------------------------------- records -- */

static const char *
words_of(enum json_error_code code)
{
	if (code == json_error_duplicate_key)
		return "JSON with a member twice" AS_IT_IS;
	if (code == json_error_numeric_overflow)
		return "JSON with a number out of range" AS_IT_IS;
	if (code == json_error_null_character ||
	    code == json_error_null_byte_in_key)
		return "JSON with a NUL" AS_IT_IS;
	return "no valid JSON" AS_IT_IS;
}

/* NULL: jansson may build the tree of the text. */
static const char *
words_of_excess(enum json_text_excess excess)
{
	switch (excess) {
	case JSON_TEXT_TOO_DEEP:
		return "JSON nested deeper than " TEXT_OF(JSON_TEXT_DEPTH_MAX)
		    AS_IT_IS;
	case JSON_TEXT_TOO_MANY:
		return "JSON of more than " TEXT_OF(
		    JSON_TEXT_VALUES_MAX) " values" AS_IT_IS;
	case JSON_TEXT_NO_EXCESS:
		break;
	}
	return NULL;
}

/* A text that jansson reads. */
struct input {
	struct sse_slice left;
	const struct pause *pause;
};

static size_t
take_input(void *buffer, size_t size, void *context)
{
	struct input *input = context;

	if (size > input->left.size)
		size = input->left.size;
	if (input->left.size / PAUSE_SIZE !=
	    (input->left.size - size) / PAUSE_SIZE)
		pause_take(input->pause);
	memcpy(buffer, input->left.data, size);
	input->left.data += size;
	input->left.size -= size;
	return size;
}

/* 0 and the tree of an object, or -EBADMSG and why. */
static int
parse(const struct pause *pause, struct sse_slice text, json_t **ret_root,
    const char **ret_why)
{
	struct input input = {text, pause};
	json_error_t error;
	json_t *root;
	const char *why = words_of_excess(json_text_excess(text, pause));

	if (why != NULL) {
		*ret_why = why;
		return -EBADMSG;
	}
	errno = 0;
	root = json_load_callback(take_input, &input,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL,
	    &error);
	/* jansson tells of few of its allocations that fail. */
	if (root == NULL && (errno == ENOMEM || json_error_code(&error) ==
						    json_error_out_of_memory)) {
		*ret_why = "not parsed, as memory is used up" AS_IT_IS;
		return -EBADMSG;
	}
	if (json_is_object(root)) {
		*ret_root = root;
		return 0;
	}
	*ret_why = root == NULL ? words_of(json_error_code(&error))
				: "JSON, but no object" AS_IT_IS;
	json_decref(root);
	return -EBADMSG;
}

static bool
is_nothing(const struct sse_event *event)
{
	return event->comment.data == NULL && event->id.data == NULL &&
	       event->type.data == NULL && event->data.data == NULL &&
	       !event->has_retry;
}

int
format_json_read(struct format_json *json, struct sse_slice text, bool ids,
    struct sse_event *ret_event, const char **ret_why)
{
	struct reading reading = {.json = json, .text = text, .ids = ids};
	int error;

	format_json_forget(json);
	error = parse(json->pause, text, &json->root, ret_why);
	if (error == 0)
		error = read_members(&reading, json->root);
	if (error != 0)
		return error;
	if (is_nothing(&reading.event)) {
		*ret_why = "an object with nothing to send" AS_IT_IS;
		return -EBADMSG;
	}
	if (reading.strange && reading.event.data.data == NULL)
		error = say(&reading, sse_slice("no data; unknown members left"
						" out"));
	if (error == 0)
		*ret_event = reading.event;
	return error;
}

#else

void
format_json_warm_up(void)
{
}

void
format_json_init(struct format_json *json, size_t size_max)
{
	(void)size_max;
	*json = (struct format_json){0};
}

void
format_json_done(struct format_json *json)
{
	(void)json;
}

void
format_json_forget(struct format_json *json)
{
	(void)json;
}

int
format_json_read(struct format_json *json, struct sse_slice text, bool ids,
    struct sse_event *ret_event, const char **ret_why)
{
	(void)json, (void)text, (void)ids, (void)ret_event;
	*ret_why = "this program was built without JSON";
	return -EBADMSG;
}

#endif
