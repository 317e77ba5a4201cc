/*
 * conf_key.c - what reads a value by the table of keys.
 */
#include "config.h"

#include "conf/conf_key.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "source/log_names.h"
#include "source/source_kind.h"
#include "origin.h"
#include "record/pattern.h"
#include "record/time_format.h"
#include "utf8.h"

/* ASCII's and C1's, which a terminal or a browser may obey. */
static bool
has_control(const unsigned char *text)
{
	for (; *text != '\0'; text++) {
		if (*text < ' ' || *text == 0x7f)
			return true;
		if (text[0] == 0xc2 && text[1] >= 0x80 && text[1] < 0xa0)
			return true;
	}
	return false;
}

/* What a line "key = value" can hold, so that --check can print it. */
static bool
text_allowed(const struct conf_key *key, const char *value)
{
	size_t size = strlen(value);

	if (size < key->min || size > key->max)
		return false;
	if (size > 0 && (value[0] == ' ' || value[size - 1] == ' '))
		return false;
	return !has_control((const unsigned char *)value) &&
	       sse_utf8_valid(sse_slice(value)) == size;
}

/* Writes a number to a field of any integer type: bool, an enum, a size. */
static void
put_number(const struct conf_key *key, uint64_t value, void *field)
{
	const uint8_t value_8 = (uint8_t)value;
	const uint32_t value_32 = (uint32_t)value;

	switch (key->size) {
	case sizeof(value_8):
		memcpy(field, &value_8, sizeof(value_8));
		return;
	case sizeof(value_32):
		memcpy(field, &value_32, sizeof(value_32));
		return;
	default:
		assert(key->size == sizeof(value));
		memcpy(field, &value, sizeof(value));
	}
}

static int
read_text(const struct conf_key *key, const char *value, void *field)
{
	if (!text_allowed(key, value))
		return -EINVAL;
	if (key->size > 0)
		memcpy(field, &value, sizeof(value));
	return 0;
}

/* All that there is, "/", is what it is against; a comma is meant to part. */
static bool
are_folders(const char *value)
{
	while (*value != '\0') {
		size_t size = strcspn(value, " ");

		if (value[0] != '/' || strspn(value, "/") >= size ||
		    value[size - 1] == ',')
			return false;
		value += size;
		value += strspn(value, " ");
	}
	return true;
}

static int
read_folders(const struct conf_key *key, const char *value, void *field)
{
	return are_folders(value) ? read_text(key, value, field) : -EINVAL;
}

static int
read_origins(const struct conf_key *key, const char *value, void *field)
{
	return sse_origin_list_valid(value) ? read_text(key, value, field)
					    : -EINVAL;
}

static int
read_headers(const struct conf_key *key, const char *value, void *field)
{
	return sse_header_list_valid(value) ? read_text(key, value, field)
					    : -EINVAL;
}

static int
read_source(const struct conf_key *key, const char *value, void *field)
{
	char reason[SOURCE_REASON_SIZE_MAX];
	int error = source_check(value, reason);

	return error != 0 ? error : read_text(key, value, field);
}

static int
read_generations(const struct conf_key *key, const char *value, void *field)
{
	struct log_names_error why;
	int error = log_names_check_generations(value, &why);

	return error != 0 ? error : read_text(key, value, field);
}

static int
read_time_format(const struct conf_key *key, const char *value, void *field)
{
	struct time_format format;

	if (value[0] != '\0' && time_format_read(value, &format) != 0)
		return -EINVAL;
	return read_text(key, value, field);
}

static int
read_pattern(const struct conf_key *key, const char *value, void *field)
{
	struct pattern_error why;
	struct pattern *pattern = NULL;
	int error = 0;

	if (value[0] != '\0')
		error = pattern_new(value, &pattern, &why);
	pattern_free(pattern);
	return error != 0 ? error : read_text(key, value, field);
}

static int
read_number(const struct conf_key *key, const char *value, void *field)
{
	uint64_t number;

	if (conf_value_read(key->unit, value, &number) != 0)
		return -EINVAL;
	if (number < key->min || number > key->max)
		return -EINVAL;
	if (key->size > 0)
		put_number(key, number, field);
	return 0;
}

static int
read_choice(const struct conf_key *key, const char *value, void *field)
{
	const struct conf_choice *choice = key->choices;

	while (choice->text != NULL && strcmp(choice->text, value) != 0)
		choice++;
	if (choice->text == NULL)
		return -EINVAL;
	if (key->size > 0)
		put_number(key, choice->value, field);
	return 0;
}

static const struct conf_choice *
find_choice(const struct conf_key *key, struct sse_slice word)
{
	for (const struct conf_choice *choice = key->choices;
	     choice->text != NULL; choice++)
		if (sse_slice_equal(sse_slice(choice->text), word))
			return choice;
	return NULL;
}

/* A choice, or a time. */
static int
read_flush(
    const struct conf_key *key, const char *value, struct stream_conf *stream)
{
	const struct conf_choice *choice = find_choice(key, sse_slice(value));
	uint64_t flush_ms = 0;

	if (choice == NULL &&
	    (conf_value_read(key->unit, value, &flush_ms) != 0 ||
		flush_ms < key->min || flush_ms > key->max))
		return -EINVAL;
	stream->flush =
	    choice != NULL ? (enum conf_flush)choice->value : CONF_FLUSH_TIME;
	stream->flush_ms = (int64_t)flush_ms;
	return 0;
}

/* Words with blanks between; at least one. */
static int
read_choices(const struct conf_key *key, const char *value, void *field)
{
	uint64_t set = 0;

	for (value += strspn(value, " "); *value != '\0';
	     value += strspn(value, " ")) {
		struct sse_slice word = {value, strcspn(value, " ")};
		const struct conf_choice *choice = find_choice(key, word);

		if (choice == NULL)
			return -EINVAL;
		set |= choice->value;
		value += word.size;
	}
	if (set == 0)
		return -EINVAL;
	put_number(key, set, field);
	return 0;
}

static int
read_from(
    const struct conf_key *key, const char *value, struct stream_conf *stream)
{
	uint64_t records = 0;
	enum conf_from from = CONF_FROM_RECORDS;

	if (strcmp(value, "start") == 0)
		from = CONF_FROM_START;
	else if (strcmp(value, "end") == 0)
		from = CONF_FROM_END;
	else if (value[0] != '-' ||
		 conf_value_read(key->unit, value + 1, &records) != 0 ||
		 records < key->min || records > key->max)
		return -EINVAL;
	stream->from = from;
	stream->from_records = records;
	return 0;
}

int
conf_key_read(
    const struct conf_key *key, const char *value, struct stream_conf *stream)
{
	void *field = (char *)stream + key->offset;

	switch (key->kind) {
	case CONF_KIND_TEXT:
		return read_text(key, value, field);
	case CONF_KIND_ORIGINS:
		return read_origins(key, value, field);
	case CONF_KIND_FOLDERS:
		return read_folders(key, value, field);
	case CONF_KIND_HEADERS:
		return read_headers(key, value, field);
	case CONF_KIND_SOURCE:
		return read_source(key, value, field);
	case CONF_KIND_GENERATIONS:
		return read_generations(key, value, field);
	case CONF_KIND_TIME_FORMAT:
		return read_time_format(key, value, field);
	case CONF_KIND_PATTERN:
		return read_pattern(key, value, field);
	case CONF_KIND_NUMBER:
		return read_number(key, value, field);
	case CONF_KIND_CHOICE:
		return read_choice(key, value, field);
	case CONF_KIND_FLUSH:
		return read_flush(key, value, stream);
	case CONF_KIND_CHOICES:
		return read_choices(key, value, field);
	case CONF_KIND_FROM:
		return read_from(key, value, stream);
	}
	return -EINVAL;
}

bool
conf_key_equal(const struct conf_key *key, const struct stream_conf *a,
    const struct stream_conf *b)
{
	const void *left = (const char *)a + key->offset;
	const void *right = (const char *)b + key->offset;
	const char *text, *other;

	switch (key->kind) {
	case CONF_KIND_TEXT:
	case CONF_KIND_SOURCE:
	case CONF_KIND_GENERATIONS:
	case CONF_KIND_ORIGINS:
	case CONF_KIND_FOLDERS:
	case CONF_KIND_HEADERS:
	case CONF_KIND_TIME_FORMAT:
	case CONF_KIND_PATTERN:
		if (key->size == 0)
			return true;
		memcpy(&text, left, sizeof(text));
		memcpy(&other, right, sizeof(other));
		return strcmp(text, other) == 0;
	case CONF_KIND_FROM:
		return a->from == b->from && a->from_records == b->from_records;
	case CONF_KIND_FLUSH:
		return a->flush == b->flush && a->flush_ms == b->flush_ms;
	case CONF_KIND_NUMBER:
	case CONF_KIND_CHOICE:
	case CONF_KIND_CHOICES:
		break;
	}
	return memcmp(left, right, key->size) == 0;
}
