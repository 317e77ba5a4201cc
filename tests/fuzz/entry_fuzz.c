/*
 * entry_fuzz.c - any fields of an engine's entry become an object that is valid
 * JSON within its limit, in which a short entry has all that it had.
 *
 *	input: bytes of a record, beyond the least (2 bytes), then fields: size
 *	of the name (1), name, size of the value (1), value
 */
#include "config.h"

#include "fuzz.h"

#include "source/entry.h"
#include "utf8.h"

#ifdef WITH_JSON
#include <jansson.h>
#endif

#define RECORD_SIZE_MIN 1024 /* what "record-max" has at least */

struct field {
	struct sse_slice name;
	struct sse_slice value;
};

static bool
take_field(struct sse_slice *input, struct field *ret_field)
{
	size_t size = fuzz_number(input);

	if (input->size == 0)
		return false;
	ret_field->name = fuzz_take(input, size);
	size = fuzz_number(input);
	ret_field->value = fuzz_take(input, size);
	return true;
}

#ifdef WITH_JSON

/* Jansson takes no NUL in a name. */
static bool
has_name_with_nul(struct sse_slice input)
{
	struct field field;

	while (take_field(&input, &field))
		if (field.name.size > 0 &&
		    memchr(field.name.data, '\0', field.name.size) != NULL)
			return true;
	return false;
}

/* Whether the value is there as it was, alone or among others. */
static bool
has_value(const json_t *member, struct sse_slice value)
{
	const json_t *one;
	size_t i;

	if (json_is_string(member))
		return json_string_length(member) == value.size &&
		       memcmp(json_string_value(member), value.data,
			   value.size) == 0;
	json_array_foreach(member, i,
	    one) if (json_is_string(one) && has_value(one, value)) return true;
	return false;
}

static bool
is_text(struct sse_slice text)
{
	return sse_utf8_valid(text) == text.size &&
	       (text.size == 0 || memchr(text.data, '\0', text.size) == NULL);
}

static void
check_object(struct sse_slice object, struct sse_slice input, bool is_all)
{
	json_t *root = json_loadb(object.data, object.size,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	struct field field;

	REQUIRE(json_is_object(root));
	while (is_all && take_field(&input, &field)) {
		const json_t *member;

		if (!is_text(field.name) || !is_text(field.value))
			continue;
		member =
		    json_object_getn(root, field.name.data, field.name.size);
		REQUIRE(has_value(member, field.value));
	}
	json_decref(root);
}

#endif

void
entry_fuzz(struct sse_slice input)
{
	size_t record_size_max =
	    RECORD_SIZE_MIN + (size_t)fuzz_large(&input, 2) % 4096;
	struct sse_slice rest = input;
	struct entry entry;
	struct field field;
	struct record record;

	entry_init(&entry, record_size_max);
	while (take_field(&rest, &field))
		REQUIRE(entry_add(&entry, field.name, field.value) == 0);
	REQUIRE(entry.count <= ENTRY_FIELDS_MAX);
	REQUIRE(entry_object(&entry, &record) == 0);
	REQUIRE(record.is_whole && record.text.size <= record_size_max);
	REQUIRE(sse_utf8_valid(record.text) == record.text.size);
#ifdef WITH_JSON
	if (!has_name_with_nul(input))
		check_object(record.text, input, record.left_out == 0);
#endif
	entry_done(&entry);
}
