/*
 * entry_test.c - fields into a record.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "source/entry.h"

#define RECORD_MAX 1024

struct pair {
	const char *name;
	struct sse_slice value;
};

static void
add(struct entry *entry, const char *name, struct sse_slice value)
{
	CHECK_EQUAL_INT(entry_add(entry, sse_slice(name), value), 0);
}

static void
check_object(struct entry *entry, struct sse_slice expected, uint64_t left_out)
{
	struct record record;

	/* It can be made again, as after an error. */
	for (int i = 0; i < 2; i++) {
		CHECK_EQUAL_INT(entry_object(entry, &record), 0);
		CHECK_EQUAL_TEXT(record.text, expected);
		CHECK_EQUAL_INT(record.left_out, left_out);
		CHECK(record.is_whole);
	}
}

TEST(fields_are_members_in_their_order)
{
	const struct {
		struct pair pairs[4];
		struct sse_slice object;
	} cases[] = {
	    {{{NULL, {0}}}, SLICE("{}")},
	    {{{"A", SLICE("")}}, SLICE("{\"A\":\"\"}")},
	    {{{"B", SLICE("b")}, {"A", SLICE("a")}},
		SLICE("{\"B\":\"b\",\"A\":\"a\"}")},
	    {{{"A", SLICE("\"\\\n\t\r\x01\x1b\x7f/")}},
		SLICE("{\"A\":\"\\\"\\\\\\n\\t\\r\\u0001\\u001b\x7f/\"}")},
	    {{{"A", SLICE("\xc3\xa9")}}, SLICE("{\"A\":\"\xc3\xa9\"}")},
	    {{{"A", SLICE("a\xff\0")}}, SLICE("{\"A\":[97,255,0]}")},
	    {{{"A", SLICE("\0")}}, SLICE("{\"A\":[0]}")},
	    {{{"A", SLICE("1")}, {"B", SLICE("2")}, {"A", SLICE("\xff")},
		 {"A", SLICE("3")}},
		SLICE("{\"A\":[\"1\",[255],\"3\"],\"B\":\"2\"}")},
	    {{{"\xff\"", SLICE("1")}, {"", SLICE("2")}},
		SLICE("{\"\xef\xbf\xbd\\\"\":\"1\",\"\":\"2\"}")},
	};
	static struct entry entry;

	entry_init(&entry, RECORD_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		entry_clear(&entry);
		for (size_t k = 0; k < 4 && cases[i].pairs[k].name != NULL; k++)
			add(&entry, cases[i].pairs[k].name,
			    cases[i].pairs[k].value);
		check_object(&entry, cases[i].object, 0);
	}
	entry_done(&entry);
}

static char large[16 * RECORD_MAX];

static struct sse_slice
filled(char byte, size_t size)
{
	memset(large, byte, sizeof(large));
	return (struct sse_slice){large, size};
}

/* Brackets, quotes and escapes agree: what a parser would find first. */
static bool
is_closed(struct sse_slice text)
{
	bool inside = false;
	int depth = 0;

	for (size_t i = 0; i < text.size; i++) {
		if (inside && text.data[i] == '\\')
			i++;
		else if (text.data[i] == '"')
			inside = !inside;
		else if (!inside && strchr("{[", text.data[i]) != NULL)
			depth++;
		else if (!inside && strchr("}]", text.data[i]) != NULL)
			depth--;
		if (depth == 0 && i + 1 < text.size)
			return false;
	}
	return depth == 0 && !inside;
}

/* Whatever comes, it is an object of at most so many bytes, and all count. */
TEST(an_object_is_cut_inside_of_its_values)
{
	static const char bytes[] = {'a', '\n', '\x01', '\xff', '"', '\0'};
	static struct entry entry;
	struct record record;

	entry_init(&entry, RECORD_MAX);
	for (size_t i = 0; i < sizeof(bytes); i++)
		for (size_t size = 0; size < sizeof(large); size += 37) {
			entry_clear(&entry);
			add(&entry, "BIG", filled(bytes[i], size));
			add(&entry, "BIG", SLICE("again"));
			add(&entry, "SMALL", SLICE("small"));
			CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
			CHECK(record.text.size <= RECORD_MAX);
			CHECK(is_closed(record.text));
			/* There is room for what follows. */
			CHECK(memmem(record.text.data, record.text.size,
				  "\"SMALL\":\"small\"", 15) != NULL);
			CHECK((record.left_out > 0) ==
			      (record.text.size >= RECORD_MAX * 3 / 4 &&
				  size > 100 && record.left_out > 0));
			CHECK(size < RECORD_MAX || record.left_out > 0);
		}
	entry_done(&entry);
}

/* However little room is left for the second value of a name. */
TEST(values_of_a_name_are_cut_one_by_one)
{
	static const char *const ends[] = {"n\":[\"\"]}", "n\":[\"v\"]}",
	    "n\":[\"v\"]}", "n\":[\"v\"]}", "n\":[\"v\",\"\"]}",
	    "n\":[\"v\",\"v\"]}"};
	static struct entry entry;
	struct record record;

	entry_init(&entry, RECORD_MAX);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t size = RECORD_MAX - strlen("{\"\":[\"\"]}") - i;
		struct sse_slice end = sse_slice(ends[i]);

		entry_clear(&entry);
		for (int k = 0; k < 2; k++)
			CHECK_EQUAL_INT(
			    entry_add(&entry, filled('n', size), SLICE("v")),
			    0);
		CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
		CHECK(record.text.size > end.size);
		record.text.data += record.text.size - end.size;
		record.text.size = end.size;
		CHECK_EQUAL_TEXT(record.text, end);
		CHECK_EQUAL_INT(record.left_out, i == 0 ? 2 : i < 5);
	}
	entry_done(&entry);
}

TEST(what_is_left_out_is_counted)
{
	static struct entry entry;
	struct record record;
	size_t letters;

	entry_init(&entry, RECORD_MAX);
	add(&entry, "A", filled('x', 5000));
	CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
	letters = record.text.size - strlen("{\"A\":\"\"}");
	CHECK_EQUAL_INT(record.left_out, 5000 - letters);
	entry_clear(&entry);
	CHECK_EQUAL_INT(
	    entry_add(&entry, filled('n', 3 * RECORD_MAX), SLICE("v")), 0);
	check_object(&entry, SLICE("{}"), 3 * RECORD_MAX + 1);
	entry_clear(&entry);
	CHECK_EQUAL_INT(
	    entry_add(&entry, filled('n', RECORD_MAX - 8), SLICE("v")), 0);
	CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
	CHECK_EQUAL_INT(record.text.size, RECORD_MAX - 1);
	CHECK_EQUAL_INT(record.left_out, 1);
	entry_done(&entry);
}

/* They take room, too: in an array, alone, and where there are too many. */
TEST(an_empty_value_that_is_left_out_is_counted)
{
	static struct entry entry;
	struct record record;

	entry_init(&entry, RECORD_MAX);
	add(&entry, "A", filled('x', RECORD_MAX));
	for (int i = 0; i < RECORD_MAX; i++)
		add(&entry, "B", SLICE(""));
	CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
	CHECK(record.left_out > RECORD_MAX / 2);
	entry_clear(&entry);
	add(&entry, "A", filled('\1', RECORD_MAX));
	for (int i = 0; i < RECORD_MAX / 8; i++)
		add(&entry, i % 2 == 0 ? "B" : "", SLICE(""));
	CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
	CHECK(memcmp(record.text.data + record.text.size - 3, "\"]}", 3) == 0);
	entry_clear(&entry);
	for (int i = 0; i < ENTRY_FIELDS_MAX + 3; i++)
		add(&entry, "", SLICE(""));
	CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
	CHECK(record.left_out >= 3);
	entry_done(&entry);
}

TEST(no_more_than_so_many_fields)
{
	static struct entry entry;
	struct record record;

	entry_init(&entry, 1 << 16);
	for (int i = 0; i < ENTRY_FIELDS_MAX + 3; i++)
		add(&entry, "A", SLICE("ab"));
	CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
	CHECK_EQUAL_INT(record.left_out, 9);
	CHECK_EQUAL_INT(
	    record.text.size, strlen("{\"A\":[]}") + 5 * ENTRY_FIELDS_MAX - 1);
	entry_done(&entry);
}

/* Of names that differ at their end alone, each has its own values. */
TEST(long_names_that_begin_alike_are_told_apart)
{
	static struct entry entry;
	struct record record;
	char name[300];

	memset(name, 'n', sizeof(name));
	entry_init(&entry, 1 << 20);
	for (int i = 0; i < ENTRY_FIELDS_MAX; i++) {
		name[sizeof(name) - 1] = (char)('0' + i % 64);
		CHECK_EQUAL_INT(
		    entry_add(&entry, (struct sse_slice){name, sizeof(name)},
			SLICE("v")),
		    0);
	}
	CHECK_EQUAL_INT(entry_object(&entry, &record), 0);
	CHECK_EQUAL_INT(record.left_out, 0);
	/* 64 members of four values; "\\" is one of the names. */
	CHECK_EQUAL_INT(record.text.size,
	    1 +
		64 *
		    (sizeof(name) + strlen(",\"\":[\"v\",\"v\",\"v\",\"v\"]")) +
		1);
	entry_done(&entry);
}

TEST(one_value_is_cut_at_a_character)
{
	const struct {
		struct sse_slice value;
		size_t size;
		uint64_t left_out;
	} cases[] = {
	    {{NULL, 0}, 0, 0},
	    {SLICE(""), 0, 0},
	    {SLICE("abcd"), 4, 0},
	    {SLICE("abcde"), 4, 1},
	    {SLICE("abc\xc3\xa9"), 3, 2},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record record = entry_text(cases[i].value, 4);

		CHECK(record.text.data != NULL);
		CHECK_EQUAL_INT(record.text.size, cases[i].size);
		CHECK_EQUAL_INT(record.left_out, cases[i].left_out);
		CHECK(!record.is_whole);
	}
}
