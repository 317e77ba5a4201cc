/*
 * entry.c - the fields of an entry as a record.
 *
 * The object is written when all fields are known, since a name that is there
 * several times has one member.  Room for what closes it is always left.
 */
#include "source/entry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "source/fingerprint.h"
#include "utf8.h"

/* Of record_size_max: what a long value leaves to the others. */
#define REST_PART 8

#define CLOSING_SIZE 2 /* bytes: "]}" */
#define EMPTY_SIZE 2   /* bytes of the shortest value */

void
entry_init(struct entry *entry, size_t record_size_max)
{
	entry->record_size_max = record_size_max;
	sse_buf_init(&entry->bytes, 2 * record_size_max);
	sse_buf_init(&entry->text, record_size_max);
	entry_clear(entry);
}

void
entry_done(struct entry *entry)
{
	sse_buf_done(&entry->bytes);
	sse_buf_done(&entry->text);
}

void
entry_clear(struct entry *entry)
{
	sse_buf_clear(&entry->bytes);
	entry->count = 0;
	entry->left_out = 0;
}

/* The name as a member's: 0, -ENOMEM, or -ENOBUFS. */
static int
add_name(struct entry *entry, struct sse_slice name)
{
	if (sse_utf8_valid(name) == name.size)
		return sse_buf_add(&entry->bytes, name.data, name.size);
	return sse_utf8_repair(name, &entry->bytes);
}

/* As much of the value as there is room for. */
static int
add_value(struct entry *entry, struct sse_slice value)
{
	struct sse_buf *bytes = &entry->bytes;
	size_t most = bytes->size_max - bytes->size;
	size_t size;

	if (most > entry->record_size_max)
		most = entry->record_size_max;
	size = sse_utf8_cut(value, most);
	entry->left_out += value.size - size;
	return sse_buf_add(bytes, value.data, size);
}

/* An empty one counts, too: it is missing. */
static uint64_t
size_left_out(struct sse_slice value)
{
	return value.size > 0 ? value.size : 1;
}

int
entry_add(struct entry *entry, struct sse_slice name, struct sse_slice value)
{
	struct sse_buf *bytes = &entry->bytes;
	struct entry_field field = {.begin = bytes->size};
	uint64_t left_out = entry->left_out;
	int error = -ENOBUFS;

	if (entry->count < ENTRY_FIELDS_MAX &&
	    name.size <= bytes->size_max - bytes->size)
		error = add_name(entry, name);
	field.name_size = bytes->size - field.begin;
	if (error == 0) {
		field.hash = fingerprint_bytes(
		    0, (struct sse_slice){
			   bytes->data + field.begin, field.name_size});
		error = add_value(entry, value);
	}
	field.value_size = bytes->size - field.begin - field.name_size;
	if (error == 0) {
		entry->fields[entry->count++] = field;
		return 0;
	}
	bytes->size = field.begin;
	entry->left_out = left_out;
	if (error == -ENOBUFS)
		entry->left_out += name.size + size_left_out(value);
	return error == -ENOBUFS ? 0 : error;
}

/* ---------------------------------------------------------- the object -- */

static struct sse_slice
name_of(const struct entry *entry, size_t i)
{
	const struct entry_field *field = &entry->fields[i];

	return (struct sse_slice){
	    entry->bytes.data + field->begin, field->name_size};
}

static struct sse_slice
value_of(const struct entry *entry, size_t i)
{
	const struct entry_field *field = &entry->fields[i];

	return (struct sse_slice){
	    entry->bytes.data + field->begin + field->name_size,
	    field->value_size};
}

/* Bytes that may be added, with what closes the object behind them. */
static size_t
room_in(const struct entry *entry)
{
	size_t used = entry->text.size + CLOSING_SIZE;

	return used < entry->record_size_max ? entry->record_size_max - used
					     : 0;
}

/* The bytes at the front of a string that are written as they are. */
static size_t
plain_size(struct sse_slice text)
{
	size_t size = 0;

	while (size < text.size && (unsigned char)text.data[size] >= ' ' &&
	       text.data[size] != '"' && text.data[size] != '\\')
		size++;
	return size;
}

/* A byte that cannot stand for itself: the size of what stands for it. */
static size_t
escape(char byte, char out[7])
{
	static const char short_forms[] = "\"\"\\\\\nn\tt\rr";

	for (size_t i = 0; short_forms[i] != '\0'; i += 2)
		if (short_forms[i] == byte) {
			out[0] = '\\';
			out[1] = short_forms[i + 1];
			return 2;
		}
	return (size_t)snprintf(out, 7, "\\u%04x", (unsigned char)byte);
}

/* As much of the inside of a string as room allows: its bytes go off text. */
static int
put_inside(struct sse_buf *out, struct sse_slice *text, size_t room)
{
	const size_t end = out->size + room;
	int error = 0;

	while (error == 0 && text->size > 0) {
		size_t taken = plain_size(*text), left = end - out->size;
		char escaped[7];
		size_t size = escape(*text->data, escaped);

		if (taken > 0) {
			taken =
			    sse_utf8_cut(*text, taken < left ? taken : left);
			error = sse_buf_add(out, text->data, taken);
		} else if (size <= left) {
			error = sse_buf_add(out, escaped, size);
			taken = 1;
		}
		if (taken == 0)
			break;
		text->data += taken;
		text->size -= taken;
	}
	return error;
}

static int
put_string(struct entry *entry, struct sse_slice text, size_t room)
{
	struct sse_buf *out = &entry->text;
	int error = sse_buf_add(out, "\"", 1);

	if (error == 0)
		error = put_inside(out, &text, room - EMPTY_SIZE);
	if (error == 0)
		error = sse_buf_add(out, "\"", 1);
	entry->left_out += text.size;
	return error;
}

static int
put_numbers(struct entry *entry, struct sse_slice bytes, size_t room)
{
	struct sse_buf *out = &entry->text;
	const size_t end = out->size + room - 1;
	int error = sse_buf_add(out, "[", 1);

	for (size_t i = 0; error == 0 && i < bytes.size; i++) {
		char number[sizeof(",255")];
		int size = snprintf(number, sizeof(number), "%s%u",
		    i > 0 ? "," : "", (unsigned char)bytes.data[i]);

		if ((size_t)size > end - out->size) {
			entry->left_out += bytes.size - i;
			break;
		}
		error = sse_buf_add(out, number, (size_t)size);
	}
	return error != 0 ? error : sse_buf_add(out, "]", 1);
}

/* There is room for an empty one. */
static int
put_value(struct entry *entry, struct sse_slice value)
{
	size_t rest = entry->record_size_max / REST_PART;
	size_t room = room_in(entry);

	if (value.size > rest && room > rest + EMPTY_SIZE)
		room -= rest;
	if (sse_utf8_valid(value) == value.size &&
	    (value.size == 0 || memchr(value.data, '\0', value.size) == NULL))
		return put_string(entry, value, room);
	return put_numbers(entry, value, room);
}

/* The field of the same name after that one, or entry->count. */
static size_t
next_of_name(const struct entry *entry, size_t i)
{
	const struct sse_slice name = name_of(entry, i);
	const uint64_t hash = entry->fields[i].hash;

	for (i++; i < entry->count; i++)
		if (entry->fields[i].hash == hash &&
		    sse_slice_equal(name_of(entry, i), name))
			break;
	return i;
}

/* All values of the name, from that field on. */
static int
put_values(struct entry *entry, size_t i)
{
	int error = sse_buf_add(&entry->text, "[", 1);

	for (size_t comma = 0; error == 0 && i < entry->count;
	     i = next_of_name(entry, i)) {
		entry->fields[i].is_written = true;
		if (room_in(entry) < comma + EMPTY_SIZE) {
			entry->left_out += size_left_out(value_of(entry, i));
			continue;
		}
		error = sse_buf_add(&entry->text, ",", comma);
		if (error == 0)
			error = put_value(entry, value_of(entry, i));
		comma = 1;
	}
	return error != 0 ? error : sse_buf_add(&entry->text, "]", 1);
}

/* 1; 0: there is no room for it and the shortest value; -ENOMEM. */
static int
put_name(struct entry *entry, struct sse_slice name)
{
	struct sse_buf *out = &entry->text;
	const size_t begin = out->size, frame = sizeof(",\"\":") - 1;
	int error;

	if (room_in(entry) < frame + EMPTY_SIZE)
		return 0;
	error = sse_buf_add(out, ",\"", 2);
	if (error == 0)
		error = put_inside(
		    out, &name, room_in(entry) + 2 - frame - EMPTY_SIZE);
	if (error == 0 && name.size == 0)
		return sse_buf_add(out, "\":", 2) == 0 ? 1 : -ENOMEM;
	out->size = begin;
	return error;
}

/* A name that is too long to be written: with all its values. */
static void
leave_out(struct entry *entry, size_t i)
{
	for (; i < entry->count; i = next_of_name(entry, i)) {
		entry->fields[i].is_written = true;
		entry->left_out +=
		    name_of(entry, i).size + size_left_out(value_of(entry, i));
	}
}

/* 0 or -ENOMEM. */
static int
put_member(struct entry *entry, size_t i)
{
	int got = put_name(entry, name_of(entry, i));

	if (got == 0)
		leave_out(entry, i);
	if (got != 1)
		return got;
	if (next_of_name(entry, i) < entry->count)
		return put_values(entry, i);
	return put_value(entry, value_of(entry, i));
}

/* A comma stands before each member: the first one's becomes the brace. */
static int
put_members(struct entry *entry)
{
	int error = 0;

	for (size_t i = 0; i < entry->count; i++)
		entry->fields[i].is_written = false;
	for (size_t i = 0; error == 0 && i < entry->count; i++)
		if (!entry->fields[i].is_written)
			error = put_member(entry, i);
	if (error == 0 && entry->text.size == 0)
		error = sse_buf_add(&entry->text, "{", 1);
	return error;
}

int
entry_object(struct entry *entry, struct record *ret_record)
{
	const uint64_t left_out = entry->left_out;
	int error;

	sse_buf_clear(&entry->text);
	error = put_members(entry);
	if (error == 0)
		error = sse_buf_add(&entry->text, "}", 1);
	if (error == 0)
		entry->text.data[0] = '{';
	*ret_record = (struct record){
	    .text = sse_buf_slice(&entry->text),
	    .left_out = entry->left_out,
	    .is_whole = true,
	};
	/* It can be written once more. */
	entry->left_out = left_out;
	return error;
}

struct record
entry_text(struct sse_slice value, size_t record_size_max)
{
	size_t size = sse_utf8_cut(value, record_size_max);

	return (struct record){
	    .text = {value.data != NULL ? value.data : "", size},
	    .left_out = value.size - size,
	};
}
