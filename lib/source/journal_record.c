/*
 * journal_record.c - an entry of the journal as a record.
 */
#include "source/journal_record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/print.h"
#include "source/journal_match.h"

#define HEAD_SIZE_MAX 1024 /* bytes before the message of a line */
#define NUMBER_SIZE_MAX 24 /* bytes, with a NUL */
#define US_PER_SECOND 1000000

void
journal_record_init(
    struct journal_record *record, const char *field, size_t size_max)
{
	record->field =
	    field != NULL && field[0] != '\0' ? field : JOURNAL_FIELD_DEFAULT;
	record->size_max = size_max;
	entry_init(&record->entry, size_max);
	sse_buf_init(&record->line, 2 * size_max + HEAD_SIZE_MAX);
}

void
journal_record_done(struct journal_record *record)
{
	entry_done(&record->entry);
	sse_buf_done(&record->line);
}

size_t
journal_record_value_size(const struct journal_record *record)
{
	return JOURNAL_FIELD_SIZE_MAX + 1 + record->size_max + 1;
}

/* The value of a field: 1; 0: there is none; -errno. */
static int
get_value(
    struct journal_log *log, const char *field, struct sse_slice *ret_value)
{
	const void *data;
	size_t size, before = strlen(field) + 1;
	int error = log->library->get_data(log->handle, field, &data, &size);

	*ret_value = (struct sse_slice){"", 0};
	if (error == -ENOMEM || error == -EADDRNOTAVAIL)
		return error;
	/* -E2BIG, -ENOBUFS: it cannot be unpacked, as if it were not there. */
	if (error < 0)
		return 0;
	if (size >= before)
		*ret_value = (struct sse_slice){
		    (const char *)data + before, size - before};
	return 1;
}

/* -------------------------------------------------------------- object -- */

static int
add_number(struct entry *entry, const char *name, uint64_t number)
{
	char text[NUMBER_SIZE_MAX];

	(void)snprintf(text, sizeof(text), "%" PRIu64, number);
	return entry_add(entry, sse_slice(name), sse_slice(text));
}

/* What the journal's own export has before the fields. */
static int
add_address(struct journal_record *record, const struct journal_cursor *cursor)
{
	struct entry *entry = &record->entry;
	int error = 0;

	if (!journal_cursor_is_known(cursor))
		return 0;
	error = add_number(entry, "__REALTIME_TIMESTAMP", cursor->time_us);
	if (error == 0)
		error = add_number(
		    entry, "__MONOTONIC_TIMESTAMP", cursor->monotonic_us);
	return error;
}

static int
read_object(struct journal_record *record, struct journal_log *log,
    const struct journal_cursor *cursor, struct record *ret_record)
{
	const struct journal_library *library = log->library;
	const void *data;
	size_t size;
	int got;

	entry_clear(&record->entry);
	got = add_address(record, cursor);
	library->restart_data(log->handle);
	while (got >= 0 && (got = library->enumerate_available_data(
				log->handle, &data, &size)) > 0) {
		const char *equals = memchr(data, '=', size);
		size_t name_size;

		if (equals == NULL)
			continue;
		name_size = (size_t)(equals - (const char *)data);
		got = entry_add(&record->entry,
		    (struct sse_slice){data, name_size},
		    (struct sse_slice){equals + 1, size - name_size - 1});
	}
	return got < 0 ? got : entry_object(&record->entry, ret_record);
}

/* ---------------------------------------------------------------- line -- */

/* The time as of -o short-iso, in the local zone. */
static int
add_time(struct sse_buf *line, uint64_t time_us)
{
	time_t seconds = (time_t)(time_us / US_PER_SECOND);
	char text[sizeof("-2147481748-12-31T23:59:60+0000")];
	struct tm local;

	if (localtime_r(&seconds, &local) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S%z", &local) == 0)
		return 0;
	return sse_buf_add(line, text, strlen(text));
}

/* What the sender said of the time, or when it came. */
static int
add_sent_time(struct journal_record *record, struct journal_log *log,
    const struct journal_cursor *cursor)
{
	char text[NUMBER_SIZE_MAX];
	struct sse_slice value;
	int got = get_value(log, "_SOURCE_REALTIME_TIMESTAMP", &value);
	uint64_t time_us = cursor->time_us;

	if (got == 1 && value.size > 0 && value.size < sizeof(text)) {
		memcpy(text, value.data, value.size);
		text[value.size] = '\0';
		if (strspn(text, "0123456789") == value.size)
			time_us = strtoull(text, NULL, 10);
	}
	return got < 0 ? got : add_time(&record->line, time_us);
}

/* The first of the fields that is there, between both texts: 1, 0, -errno. */
static int
add_one_of(struct journal_record *record, struct journal_log *log,
    const char *before, const char *const fields[2], const char *after)
{
	struct sse_buf *line = &record->line;
	size_t used = line->size;
	struct sse_slice value;
	int got = get_value(log, fields[0], &value);

	if (got == 0)
		got = get_value(log, fields[1], &value);
	if (got != 1)
		return got;
	if (value.size > HEAD_SIZE_MAX / 4)
		value.size = HEAD_SIZE_MAX / 4;
	got = print_text(
	    line, "%s%.*s%s", before, (int)value.size, value.data, after);
	if (got < 0)
		line->size = used;
	return got < 0 ? got : 1;
}

/* "TIME HOST NAME[PID]: " */
static int
add_head(struct journal_record *record, struct journal_log *log,
    const struct journal_cursor *cursor)
{
	static const char *const hosts[2] = {"_HOSTNAME", "_HOSTNAME"};
	static const char *const names[2] = {"SYSLOG_IDENTIFIER", "_COMM"};
	static const char *const pids[2] = {"_PID", "SYSLOG_PID"};
	int got = add_sent_time(record, log, cursor);

	if (got >= 0)
		got = add_one_of(record, log, " ", hosts, "");
	if (got >= 0)
		got = add_one_of(record, log, " ", names, "");
	if (got == 0)
		got = sse_buf_add(&record->line, " unknown", 8);
	if (got >= 0)
		got = add_one_of(record, log, "[", pids, "]");
	return got < 0 ? got : sse_buf_add(&record->line, ": ", 2);
}

/*
 * Its later lines begin below the first one; what is too long is left in the
 * message.
 */
static int
add_message(struct sse_buf *line, struct sse_slice *message, size_t size_max)
{
	const size_t indent = line->size;
	int error = 0;

	while (error == 0 && message->size > 0 && line->size <= size_max) {
		const char *end = memchr(message->data, '\n', message->size);
		size_t size = end != NULL ? (size_t)(end - message->data) + 1
					  : message->size;

		if (size > size_max + 1 - line->size)
			size = size_max + 1 - line->size;
		error = sse_buf_add(line, message->data, size);
		message->data += size;
		message->size -= size;
		if (error == 0 && end != NULL && message->size > 0)
			error = print_text(line, "%*s", (int)indent, "");
	}
	return error;
}

static int
read_line(struct journal_record *record, struct journal_log *log,
    const struct journal_cursor *cursor, struct record *ret_record)
{
	struct sse_slice message = {"", 0};
	int got;

	sse_buf_clear(&record->line);
	got = add_head(record, log, cursor);
	if (got >= 0)
		got = get_value(log, JOURNAL_FIELD_DEFAULT, &message);
	if (got >= 0)
		got = add_message(&record->line, &message, record->size_max);
	if (got < 0)
		return got;
	*ret_record =
	    entry_text(sse_buf_slice(&record->line), record->size_max);
	ret_record->left_out += message.size;
	return 0;
}

/* -------------------------------------------------------------- record -- */

/* A copy: the value lies in a file, which may be cut at any time. */
static int
read_field(struct journal_record *record, struct journal_log *log,
    struct record *ret_record)
{
	struct sse_slice value;
	int got = get_value(log, record->field, &value);

	if (got < 0)
		return got;
	*ret_record = entry_text(value, record->size_max);
	sse_buf_clear(&record->line);
	got = sse_buf_add(
	    &record->line, ret_record->text.data, ret_record->text.size);
	ret_record->text = sse_buf_slice(&record->line);
	return got;
}

int
journal_record_read(struct journal_record *record, struct journal_log *log,
    const struct journal_cursor *cursor, struct record *ret_record)
{
	struct record got = {.left_out = 0};
	int error;

	if (strcmp(record->field, ENTRY_ALL_FIELDS) == 0)
		error = read_object(record, log, cursor, &got);
	else if (strcmp(record->field, JOURNAL_FIELD_TEXT) == 0)
		error = read_line(record, log, cursor, &got);
	else
		error = read_field(record, log, &got);
	if (log->is_damaged)
		return -EIO;
	if (error == 0)
		*ret_record = got;
	return error;
}
