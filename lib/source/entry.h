/*
 * entry.h - an entry of an engine, which is a list of fields, as a record: the
 * text of one of its fields, or all of them as a JSON object.
 *
 * The object has the fields in their order, each with its name.  A value is a
 * string; an array of numbers where it is no UTF-8, or has a NUL; an array of
 * its values where a name is there several times, as the journal writes it.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "buf.h"
#include "record/splitter.h"

#define ENTRY_FIELDS_MAX 256 /* more are left out */

/* What stands for all fields in the key "field". */
#define ENTRY_ALL_FIELDS "*"

struct entry_field {
	size_t name_size;
	size_t value_size;
	size_t begin;  /* in entry.bytes: the name, and then the value */
	uint64_t hash; /* of the name: long ones are not compared in pairs */
	bool is_written;
};

struct entry {
	size_t record_size_max;
	struct sse_buf bytes; /* names and values */
	struct entry_field fields[ENTRY_FIELDS_MAX];
	size_t count;
	uint64_t left_out;   /* bytes that were not kept */
	struct sse_buf text; /* the object */
};

/* Without fields.  It owns no memory yet. */
void entry_init(struct entry *entry, size_t record_size_max);
void entry_done(struct entry *entry);

/* The next one begins, without fields; it keeps its memory. */
void entry_clear(struct entry *entry);

/*
 * Adds a copy of a field: 0, or -ENOMEM, and then it was not added.  What is
 * over the limits is left out.
 */
int entry_add(
    struct entry *entry, struct sse_slice name, struct sse_slice value);

/*
 * The object of all fields as a record of at most record_size_max bytes, which
 * is valid JSON: a value that is too long is cut, at a character, so that there
 * is room for those behind it; the record says how many bytes were left out.
 * It lives until the next call.  0 or -ENOMEM.
 */
int entry_object(struct entry *entry, struct record *ret_record);

/*
 * The text of one value as a record, which is as long as what was given; a
 * value that is absent is an empty one.
 */
struct record entry_text(struct sse_slice value, size_t record_size_max);

#endif
