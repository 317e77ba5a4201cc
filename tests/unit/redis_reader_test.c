/*
 * redis_reader_test.c - bytes of a server into answers, however they come.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "source/redis_reader.h"

static void
add(char text[512], const char *more)
{
	(void)snprintf(text + strlen(text), 512 - strlen(text), "%s", more);
}

/* An answer as one line. */
static void
describe(const struct redis_value *value, char text[512])
{
	char number[32];

	switch (value->kind) {
	case REDIS_NIL:
		add(text, "nil");
		break;
	case REDIS_NUMBER:
		(void)snprintf(
		    number, sizeof(number), "%" PRId64, value->number);
		add(text, number);
		break;
	case REDIS_ERROR:
		add(text, "!");
		add(text, value->text.data);
		break;
	case REDIS_TEXT:
		add(text, value->text.data);
		break;
	case REDIS_ARRAY:
		add(text, "[");
		for (size_t i = 0; i < value->count; i++) {
			add(text, i > 0 ? " " : "");
			describe(&value->items[i], text);
		}
		add(text, "]");
		break;
	}
}

#define ROOM_SIZE 200000 /* bytes */

static const struct {
	const char *bytes;
	const char *answer;
} answers[] = {
    {"+OK\r\n", "OK"},
    {"+\r\n", ""},
    {"-ERR no such key\r\n", "!ERR no such key"},
    {":-17\r\n", "-17"},
    {":9223372036854775807\r\n", "9223372036854775807"},
    {":-9223372036854775808\r\n", "-9223372036854775808"},
    {"$-1\r\n", "nil"},
    {"*-1\r\n", "nil"},
    {"$0\r\n\r\n", ""},
    {"$4\r\na\r\nb\r\n", "a\r\nb"},
    {"*0\r\n", "[]"},
    {"*3\r\n*0\r\n*1\r\n*-1\r\n$-1\r\n", "[[] [nil] nil]"},
    {"*2\r\n*1\r\n*2\r\n$3\r\n5-1\r\n*2\r\n+a\r\n+b\r\n:7\r\n",
	"[[[5-1 [a b]]] 7]"},
    {"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
	"[[[[[[[[1]]]]]]]]"},
};

#define ANSWERS (sizeof(answers) / sizeof(answers[0]))

static void
check_answer(const struct redis_value *value, const char *expected)
{
	char text[512] = "";

	describe(value, text);
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(expected));
	CHECK(!value->is_cut);
}

TEST(answers_come_byte_by_byte)
{
	struct redis_reader *reader = redis_reader_new(ROOM_SIZE);

	for (size_t i = 0; i < ANSWERS; i++) {
		const size_t size = strlen(answers[i].bytes);
		const struct redis_value *value = NULL;

		for (size_t at = 0; at < size; at++) {
			struct sse_slice byte = {answers[i].bytes + at, 1};

			CHECK_EQUAL_INT(
			    redis_reader_take(reader, &byte, &value),
			    at == size - 1);
			CHECK_EQUAL_INT(byte.size, 0);
		}
		check_answer(value, answers[i].answer);
	}
	redis_reader_free(reader);
}

TEST(many_answers_come_at_once)
{
	struct redis_reader *reader = redis_reader_new(ROOM_SIZE);
	const struct redis_value *value = NULL;
	struct sse_slice bytes;
	char all[1024] = "";

	for (size_t i = 0; i < ANSWERS; i++)
		(void)snprintf(all + strlen(all), sizeof(all) - strlen(all),
		    "%s", answers[i].bytes);
	bytes = sse_slice(all);
	for (size_t i = 0; i < ANSWERS; i++) {
		CHECK_EQUAL_INT(redis_reader_take(reader, &bytes, &value), 1);
		check_answer(value, answers[i].answer);
	}
	CHECK_EQUAL_INT(redis_reader_take(reader, &bytes, &value), 0);
	redis_reader_free(reader);
}

/* ---------------------------------------------------------------- room -- */

/* It reads these bytes, and so many of one kind behind them. */
static const struct redis_value *
take(struct redis_reader *reader, const char *bytes, size_t more)
{
	static char block[4096];
	const struct redis_value *value = NULL;
	struct sse_slice text = sse_slice(bytes);
	int got = redis_reader_take(reader, &text, &value);

	memset(block, 'x', sizeof(block));
	CHECK(got >= 0);
	while (more > 0) {
		size_t size = more < sizeof(block) ? more : sizeof(block);

		text = (struct sse_slice){block, size};
		CHECK_EQUAL_INT(redis_reader_take(reader, &text, &value), 0);
		more -= size;
	}
	return value;
}

TEST(a_text_that_is_too_large_is_cut_and_all_behind_it_is_there)
{
	static const size_t large = 100 << 20;
	struct redis_reader *reader = redis_reader_new(ROOM_SIZE);
	const struct redis_value *value, *entry, *fields;

	(void)take(reader,
	    "*2\r\n*0\r\n*1\r\n*2\r\n$3\r\n5-1\r\n*4\r\n"
	    "+data\r\n$104857600\r\n",
	    large);
	value = take(reader, "\r\n+b\r\n+c\r\n", 0);
	CHECK(value != NULL && value->is_cut);
	entry = redis_value_at(redis_value_at(value, 1), 0);
	CHECK(entry->is_cut);
	CHECK_EQUAL_TEXT(redis_value_at(entry, 0)->text, SLICE("5-1"));
	fields = redis_value_at(entry, 1);
	CHECK_EQUAL_INT(fields->count, 4);
	CHECK_EQUAL_INT(fields->items[1].sent, large);
	CHECK(fields->items[1].text.size > REDIS_BRIEF_SIZE);
	CHECK(fields->items[1].text.size <= ROOM_SIZE);
	CHECK(fields->items[1].is_cut);
	CHECK_EQUAL_INT(fields->items[3].text.size, 0);
	/* The next one has all of the room again. */
	value = take(reader, "*1\r\n$3\r\nabc\r\n", 0);
	check_answer(value, "[abc]");
	redis_reader_free(reader);
}

TEST(an_array_that_is_too_large_has_its_first_items)
{
	struct redis_reader *reader = redis_reader_new(ROOM_SIZE);
	const struct redis_value *value = NULL;
	const size_t count = 1000000;

	CHECK(take(reader, "*1\r\n*1000000\r\n", 0) == NULL);
	for (size_t i = 0; i < count; i++) {
		CHECK(value == NULL);
		value = take(reader, "$1\r\na\r\n", 0);
	}
	CHECK(value != NULL && value->is_cut);
	value = redis_value_at(value, 0);
	CHECK_EQUAL_INT(value->sent, count);
	CHECK(value->count >= REDIS_BRIEF_COUNT);
	CHECK(value->count * sizeof(*value) < ROOM_SIZE);
	CHECK_EQUAL_TEXT(redis_value_at(value, 255)->text, SLICE("a"));
	redis_reader_free(reader);
}

/* Of fields, where it is not the last item. */
TEST(what_only_proves_an_entry_is_kept_in_brief)
{
	struct redis_reader *reader = redis_reader_new(ROOM_SIZE);
	const struct redis_value *value, *fields;

	(void)take(reader,
	    "*2\r\n*1\r\n*2\r\n+5-1\r\n*2\r\n+data\r\n$80000\r\n", 80000);
	value = take(
	    reader, "\r\n*1\r\n*2\r\n+5-1\r\n*2\r\n+data\r\n$80000\r\n", 80000);
	value = take(reader, "\r\n", 0);
	CHECK(value != NULL);
	fields = redis_value_at(redis_value_at(redis_value_at(value, 0), 0), 1);
	CHECK_EQUAL_INT(fields->items[1].sent, 80000);
	CHECK(fields->items[1].text.size < 80000);
	CHECK(fields->items[1].text.size >= REDIS_BRIEF_SIZE);
	fields = redis_value_at(redis_value_at(redis_value_at(value, 1), 0), 1);
	CHECK_EQUAL_INT(fields->items[1].text.size, 80000);
	redis_reader_free(reader);
}

TEST(what_is_no_answer_is_told)
{
	static const char *const cases[] = {
	    "HTTP/1.1 400 Bad Request\r\n",
	    "SSH-2.0-OpenSSH\r\n",
	    "\r\n",
	    "$-2\r\n",
	    "$x\r\n",
	    "$\r\n",
	    "$-\r\n",
	    "$1\n",
	    "$1\r\nab\r\n",
	    "$1\r\na\n\r",
	    "*-2\r\n",
	    ":1x\r\n",
	    ": 1\r\n",
	    ":+1\r\n",
	    "$9223372036854775808\r\n",
	    ":-9223372036854775809\r\n",
	    "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct redis_reader *reader = redis_reader_new(ROOM_SIZE);
		struct sse_slice bytes = sse_slice(cases[i]);
		const struct redis_value *value = NULL;

		CHECK_EQUAL_INT(
		    redis_reader_take(reader, &bytes, &value), -EPROTO);
		redis_reader_free(reader);
	}
}

TEST(a_line_has_an_end)
{
	static char line[REDIS_LINE_MAX + 2];
	struct redis_reader *reader = redis_reader_new(ROOM_SIZE);
	struct sse_slice bytes = {line, REDIS_LINE_MAX};
	const struct redis_value *value;

	memset(line, 'x', sizeof(line));
	line[0] = '-';
	CHECK_EQUAL_INT(redis_reader_take(reader, &bytes, &value), 0);
	bytes = (struct sse_slice){line, 2};
	CHECK_EQUAL_INT(redis_reader_take(reader, &bytes, &value), -EPROTO);
	redis_reader_free(reader);
}
