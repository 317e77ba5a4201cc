/*
 * name_pattern_fuzz.c - a name that was made by a pattern has its form, and
 * says what it was made of.
 *
 *	input: use (1 byte, its lowest bit), size of the pattern (1), pattern,
 *	numbers for a name (12), a name
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>

#include "source/name_order.h"

#define NAME_SIZE_MAX 2048

/* What a name is made of, and how it is written. */
struct made {
	struct name_values values;
	uint64_t fields[NAME_FIELDS];
	int fraction_digits;
	char name[NAME_SIZE_MAX];
	size_t size;
};

static void
take_values(struct sse_slice *input, struct made *made)
{
	static const uint64_t first[] = {2000, 1, 1, 0, 0, 0};
	static const uint64_t count[] = {100, 12, 28, 24, 60, 60};

	for (int i = 0; i < NAME_FIELDS; i++)
		made->fields[i] = first[i] + fuzz_number(input) % count[i];
	made->values.number = fuzz_large(input, 4);
	made->fraction_digits = 1 + fuzz_number(input) % 9;
	made->values.fraction = fuzz_number(input) % 10;
}

static void
add_text(struct made *made, const char *text)
{
	size_t size = strlen(text);

	REQUIRE(made->size + size < sizeof(made->name));
	memcpy(made->name + made->size, text, size);
	made->size += size;
}

static void
add_number(struct made *made, int width, uint64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%0*" PRIu64, width, number);
	add_text(made, text);
}

static void
add_label(struct made *made)
{
	char text[40];

	(void)snprintf(text, sizeof(text), "@40000000%08" PRIx64 "%08" PRIx64,
	    made->values.number, made->values.fraction);
	add_text(made, text);
}

static void
add_part(const struct name_pattern *pattern, const struct name_part *part,
    struct made *made)
{
	switch (part->conversion) {
	case '\0':
		memcpy(made->name + made->size, pattern->text + part->at,
		    part->size);
		made->size += part->size;
		break;
	case 'i':
	case 'I':
		add_number(made, 1, made->values.number);
		break;
	case 'f':
		for (int i = 0; i < made->fraction_digits; i++)
			add_number(made, 1, made->values.fraction);
		break;
	case 't':
		add_label(made);
		break;
	case 'Y':
		add_number(made, 4, made->fields[NAME_YEAR]);
		break;
	default:
		add_number(made, 2, made->fields[part->field] % 100);
	}
}

static bool
has(const struct name_pattern *pattern, const char *conversions)
{
	for (size_t i = 0; i < pattern->parts_count; i++)
		if (pattern->parts[i].conversion != '\0' &&
		    strchr(conversions, pattern->parts[i].conversion) != NULL)
			return true;
	return false;
}

static uint64_t
fraction_of(const struct made *made)
{
	uint64_t fraction = 0;

	for (int i = 0; i < 9; i++)
		fraction =
		    fraction * 10 +
		    (i < made->fraction_digits ? made->values.fraction : 0);
	return fraction;
}

static void
check_values(const struct name_pattern *pattern, const struct made *made,
    const struct name_values *got)
{
	uint64_t date = 0;

	REQUIRE(got->number == (has(pattern, "iI") ? made->values.number : 0));
	if (has(pattern, "f"))
		REQUIRE(got->fraction == fraction_of(made));
	else if (has(pattern, "t"))
		REQUIRE(got->fraction == made->values.fraction);
	else
		REQUIRE(got->fraction == 0);
	for (size_t i = 0; i < NAME_FIELDS; i++)
		date = date * 100 +
		       (i < pattern->date_fields ? made->fields[i] : 0);
	if (pattern->date_fields > 0)
		REQUIRE(got->date == date);
}

static void
check_made(const struct name_pattern *pattern, struct sse_slice *input)
{
	struct made made = {.size = 0};
	struct name_values got;
	struct sse_slice name;

	take_values(input, &made);
	for (size_t i = 0; i < pattern->parts_count; i++)
		add_part(pattern, &pattern->parts[i], &made);
	name = fuzz_copy((struct sse_slice){made.name, made.size});
	REQUIRE(name_pattern_match(pattern, name.data, name.size, &got));
	check_values(pattern, &made, &got);
	REQUIRE(name_values_compare(&got, &got, pattern->grows) == 0);
	REQUIRE(name_order_size(pattern) <= name.size);
	fuzz_free(name);
}

void
name_pattern_fuzz(struct sse_slice input)
{
	enum name_pattern_use use = (fuzz_number(&input) & 1) != 0
					? NAME_PATTERN_OF_GENERATIONS
					: NAME_PATTERN_OF_SOURCE;
	size_t size = fuzz_number(&input);
	struct sse_slice text = fuzz_copy(fuzz_take(&input, size));
	struct name_pattern_error why = {NULL};
	struct name_pattern pattern;
	struct name_values values;
	int error;

	error = name_pattern_read(&pattern, use, text.data, text.size, &why);
	REQUIRE(error == 0 || (error == -EINVAL && why.text != NULL));
	if (error == 0) {
		check_made(&pattern, &input);
		(void)name_pattern_match(
		    &pattern, input.data, input.size, &values);
	}
	fuzz_free(text);
}
