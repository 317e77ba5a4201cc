#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/format.h"
#include "record/json_text.h"

#ifdef WITH_JSON

#define RECORD_SIZE_MAX (4 << 20)
#define FRAME_GROWTH 7 /* as cgi/pump.c reserves */
#define FRAME_REST 1024

static const struct stream_conf with_ids = {
    .name = "log",
    .event = "",
    .record_size_max = RECORD_SIZE_MAX,
    .backlog_size = 64 << 20,
    .format = CONF_FORMAT_JSON,
    .ansi = CONF_ANSI_KEEP,
    .ids = CONF_IDS_RECORD,
};

static struct sse_event
read_record(struct format *format, struct sse_slice text)
{
	/* One byte read too far is a crash. */
	struct record record = {
	    .text = {test_guarded(text.data, text.size), text.size}};
	struct sse_event event;

	CHECK(format_event(format, &record, &event) >= 0);
	CHECK_EQUAL_INT(sse_event_check(&event), 0);
	CHECK(sse_encode_size(&event) <= FRAME_GROWTH * text.size + FRAME_REST);
	return event;
}

/* NULL: not there.  The retry is -1 then. */
struct wanted {
	const char *record;
	const char *id;
	const char *type;
	const char *data;
	int64_t retry_ms;
	const char *comment;
};

static void
check_event(const struct sse_event *event, const struct wanted *wanted)
{
	CHECK_EQUAL_TEXT(event->id, sse_slice(wanted->id));
	CHECK_EQUAL_TEXT(event->type, sse_slice(wanted->type));
	CHECK_EQUAL_TEXT(event->data, sse_slice(wanted->data));
	CHECK_EQUAL_TEXT(event->comment, sse_slice(wanted->comment));
	CHECK_EQUAL_INT(
	    event->has_retry ? event->retry_ms : -1, wanted->retry_ms);
}

static void
check_table(const struct wanted *table, size_t count)
{
	struct format format;

	format_init(&format, &with_ids);
	for (size_t i = 0; i < count; i++) {
		struct sse_event event =
		    read_record(&format, sse_slice(table[i].record));

		printf("# %s\n", table[i].record);
		check_event(&event, &table[i]);
	}
	format_done(&format);
}
#define CHECK_TABLE(table) check_table(table, sizeof(table) / sizeof(table[0]))

TEST(members_become_the_parts_of_an_event)
{
	static const struct wanted table[] = {
	    {"{\"data\":\"hello\"}", NULL, NULL, "hello", -1, NULL},
	    {" { \"id\" : \"a/b\" , \"event\" : \"t\" , \"data\" : \"d\" ,"
	     " \"retry\" : 3000 , \"comment\" : \"c\" } \r\t ",
		"a/b", "t", "d", 3000, "c"},
	    {"{\"d\\u0061ta\":\"\\u00e9\\n\\ud83d\\ude00\\/\"}", NULL, NULL,
		"\xc3\xa9\n\xf0\x9f\x98\x80/", -1, NULL},
	    {"{\"data\":\"\"}", NULL, NULL, "", -1, NULL},
	    {"{\"id\":\"\",\"event\":\"\",\"comment\":\"\"}", "", "", NULL, -1,
		""},
	    {"{\"data\":\"a\\r\\nid: x\\n\\n\"}", NULL, NULL, "a\r\nid: x\n\n",
		-1, NULL},
	    {"{\"comment\":\"a\\ndata: x\"}", NULL, NULL, NULL, -1,
		"a\ndata: x"},
	    {"{\"data\":\"a\",\"level\":{\"data\":1,\"id\":[2]},\"x\":\"id\"}",
		NULL, NULL, "a", -1, NULL},
	    {"{\"x\":{\"data\":[\"}\"]},\"y\":\"\\\"data\\\":\",\"data\":[5]}",
		NULL, NULL, "[5]", -1, NULL},
	    {"{\"retry\":0}", NULL, NULL, NULL, 0, NULL},
	    {"{\"retry\":2147483647}", NULL, NULL, NULL, 2147483647, NULL},
	    {"{\"data\":\"\xe2\x80\xa8\\u2028\"}", NULL, NULL,
		"\xe2\x80\xa8\xe2\x80\xa8", -1, NULL},
	};

	CHECK_TABLE(table);
}

TEST(data_that_is_no_string_is_sent_as_it_was_written)
{
	static const struct wanted table[] = {
	    {"{\"data\": {\"b\" : [ 1.0, -0, 1E2 ,\t\"x  y\\\" \"], \"a\":{}}}",
		NULL, NULL, "{\"b\":[1.0,-0,1E2,\"x  y\\\" \"],\"a\":{}}", -1,
		NULL},
	    {"{\"data\":12345678901234567890}", NULL, NULL,
		"12345678901234567890", -1, NULL},
	    {"{\"data\":0.1000000000000000055511151231257827}", NULL, NULL,
		"0.1000000000000000055511151231257827", -1, NULL},
	    {"{\"data\":1e-400}", NULL, NULL, "1e-400", -1, NULL},
	    {"{\"data\": true }", NULL, NULL, "true", -1, NULL},
	    {"{\"data\":false}", NULL, NULL, "false", -1, NULL},
	    {"{\"data\":null}", NULL, NULL, "null", -1, NULL},
	    {"{\"data\":[]}", NULL, NULL, "[]", -1, NULL},
	    {"{\"data\":\t{ }\t}", NULL, NULL, "{}", -1, NULL},
	    {"{\"data\":[\"\\u00e9\\/\xc3\xa9\"],\"id\":1}", "1", NULL,
		"[\"\\u00e9\\/\xc3\xa9\"]", -1, NULL},
	    {"{\"data\":{\"__proto__\":{\"x\":1}}}", NULL, NULL,
		"{\"__proto__\":{\"x\":1}}", -1, NULL},
	};

	CHECK_TABLE(table);
}

#define SAID(why, text)                                           \
	{                                                         \
		text, NULL, NULL, text, -1, why "; sent as it is" \
	}

/* As in the journal, whose fields may have several values. */
TEST(of_two_members_that_are_data_the_last_one_is_sent)
{
	struct format format;
	struct sse_event event;

	format_init(&format, &with_ids);
	format.json.names.data = "MESSAGE";
	event =
	    read_record(&format, SLICE("{\"data\":[1, 2],\"MESSAGE\":[3, 4]}"));
	CHECK_EQUAL_TEXT(event.data, SLICE("[3,4]"));
	format_done(&format);
}

TEST(what_is_no_record_is_sent_as_it_is)
{
	static const struct wanted table[] = {
	    SAID("no valid JSON", ""),
	    SAID("no valid JSON", "hello"),
	    SAID("no valid JSON", "{"),
	    SAID("no valid JSON", "{\"data\":\"x\""),
	    SAID("no valid JSON", "{\"data\":\"x"),
	    SAID("no valid JSON", "{\"data\":\"x\\"),
	    SAID("no valid JSON", "{\"data\":\"x\"} x"),
	    SAID("no valid JSON", "{\"data\":\"x\"}{\"data\":\"y\"}"),
	    SAID("no valid JSON", "{\"data\":\"x\",}"),
	    SAID("no valid JSON", "{data:\"x\"}"),
	    SAID("no valid JSON", "{'data':1}"),
	    SAID("no valid JSON", "{\"data\":01}"),
	    SAID("no valid JSON", "{\"data\":+1}"),
	    SAID("no valid JSON", "{\"data\":NaN}"),
	    SAID("no valid JSON", "{\"data\":\"\x01\"}"),
	    SAID("no valid JSON", "{\"data\":\"\t\"}"),
	    SAID("no valid JSON", "]}\"]}{[}"),
	    SAID("no valid JSON", "\xef\xbb\xbf{\"data\":\"x\"}"),
	    SAID("no valid JSON", "{\"data\":\"\\ud800\"}"),
	    SAID("no valid JSON", "{\"data\":\"\\udc00\\ud800\"}"),
	    SAID("no valid JSON", "{\"data\":\"\\ud800x\"}"),
	    SAID("JSON with a NUL", "{\"data\":\"a\\u0000b\"}"),
	    SAID("JSON with a NUL", "{\"id\":\"a\\u0000b\",\"data\":\"x\"}"),
	    SAID("JSON with a NUL", "{\"a\\u0000b\":1,\"data\":\"x\"}"),
	    SAID("JSON with a number out of range", "{\"data\":1e400}"),
	    SAID("JSON with a number out of range",
		"{\"x\":-1e400,\"data\":\"y\"}"),
	    SAID("JSON with a member twice", "{\"data\":\"a\",\"data\":\"b\"}"),
	    SAID("JSON with a member twice",
		"{\"data\":{\"a\":1,\"\\u0061\":2}}"),
	    SAID("JSON, but no object", "[]"),
	    SAID("JSON, but no object", "[{\"data\":\"x\"}]"),
	    SAID("JSON, but no object", "\"data\""),
	    SAID("JSON, but no object", " 5 "),
	    SAID("JSON, but no object", "null"),
	    SAID("an object with nothing to send", "{}"),
	    SAID("an object with nothing to send", "{\"msg\":\"hello\"}"),
	    SAID("an object with nothing to send",
		"{\"__proto__\":{\"data\":\"x\"}}"),
	    SAID("an object with nothing to send", "{\"Data\":1,\"\":2}"),
	};

	CHECK_TABLE(table);
}

TEST(what_cannot_be_sent_is_left_out)
{
	static const struct wanted table[] = {
	    {"{\"id\":\"a\\nb\",\"data\":\"x\"}", NULL, NULL, "x", -1,
		"id left out: CR or LF in it"},
	    {"{\"id\":\"a\\r\",\"data\":\"x\"}", NULL, NULL, "x", -1,
		"id left out: CR or LF in it"},
	    {"{\"id\":1.0,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"id left out: neither string nor integer"},
	    {"{\"id\":1e3,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"id left out: neither string nor integer"},
	    {"{\"id\":null,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"id left out: neither string nor integer"},
	    {"{\"id\":[\"a\"],\"data\":\"x\"}", NULL, NULL, "x", -1,
		"id left out: neither string nor integer"},
	    {"{\"event\":\"a\\ndata: y\",\"data\":\"x\"}", NULL, NULL, "x", -1,
		"event left out: CR or LF in it"},
	    {"{\"event\":5,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"event left out: no string"},
	    {"{\"retry\":-1,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"retry left out: no integer of 0 or more"},
	    {"{\"retry\":-0,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"retry left out: no integer of 0 or more"},
	    {"{\"retry\":1.0,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"retry left out: no integer of 0 or more"},
	    {"{\"retry\":\"5\",\"data\":\"x\"}", NULL, NULL, "x", -1,
		"retry left out: no integer of 0 or more"},
	    {"{\"retry\":2147483648,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"retry left out: over 2147483647"},
	    {"{\"retry\":99999999999999999999999999999,\"data\":\"x\"}", NULL,
		NULL, "x", -1, "retry left out: over 2147483647"},
	    {"{\"comment\":5,\"data\":\"x\"}", NULL, NULL, "x", -1,
		"comment left out: no string"},
	    {"{\"id\":true,\"event\":{},\"retry\":[],\"comment\":\"c\"}", NULL,
		NULL, NULL, -1,
		"id left out: neither string nor integer\n"
		"event left out: no string\n"
		"retry left out: no integer of 0 or more\nc"},
	    {"{\"event\":\"login\",\"user\":\"x\"}", NULL, "login", NULL, -1,
		"no data; unknown members left out"},
	};

	CHECK_TABLE(table);
}

TEST(an_integer_is_an_id)
{
	static const struct wanted table[] = {
	    {"{\"id\":0}", "0", NULL, NULL, -1, NULL},
	    {"{\"id\":-12}", "-12", NULL, NULL, -1, NULL},
	    {"{\"id\": 9223372036854775807 }", "9223372036854775807", NULL,
		NULL, -1, NULL},
	    {"{\"id\":18446744073709551616}", "18446744073709551616", NULL,
		NULL, -1, NULL},
	};

	CHECK_TABLE(table);
}

/* {"MEMBER":"TEXT","data":1} with a text of so many bytes. */
static struct sse_slice
with_long(const char *member, size_t size)
{
	static char text[2 << 20];
	int begin = snprintf(text, sizeof(text), "{\"%s\":\"", member);

	memset(text + begin, 'x', size);
	memcpy(text + begin + size, "\",\"data\":1}", 11);
	return (struct sse_slice){text, (size_t)begin + size + 11};
}

TEST(an_id_and_a_type_have_limits)
{
	struct format format;
	struct sse_event event;

	format_init(&format, &with_ids);
	event = read_record(&format, with_long("id", SSE_ID_SIZE_MAX));
	CHECK_EQUAL_INT(event.id.size, SSE_ID_SIZE_MAX);
	CHECK(event.comment.data == NULL);
	event = read_record(&format, with_long("id", SSE_ID_SIZE_MAX + 1));
	CHECK(event.id.data == NULL);
	CHECK_EQUAL_TEXT(
	    event.comment, SLICE("id left out: longer than 1024 bytes"));
	event = read_record(&format, with_long("event", SSE_TYPE_SIZE_MAX));
	CHECK_EQUAL_INT(event.type.size, SSE_TYPE_SIZE_MAX);
	event = read_record(&format, with_long("event", SSE_TYPE_SIZE_MAX + 1));
	CHECK(event.type.data == NULL);
	CHECK_EQUAL_TEXT(
	    event.comment, SLICE("event left out: longer than 1024 bytes"));
	CHECK_EQUAL_TEXT(event.data, SLICE("1"));
	format_done(&format);
}

TEST(each_control_character_is_decoded_or_told)
{
	struct format format;
	char text[64];

	format_init(&format, &with_ids);
	for (int c = 0; c < ' '; c++) {
		struct sse_event event;
		int size = snprintf(text, sizeof(text),
		    "{\"id\":\"a\\u%04x\",\"data\":\"a\\u%04x\"}", c, c);
		char wanted[] = {'a', (char)c};
		bool id = c != '\r' && c != '\n' && c != 0;

		event = read_record(
		    &format, (struct sse_slice){text, (size_t)size});
		CHECK((event.id.data != NULL) == id);
		CHECK((event.comment.data == NULL) == id);
		if (c > 0)
			CHECK_EQUAL_TEXT(
			    event.data, ((struct sse_slice){wanted, 2}));
		/* Raw, it is not allowed in JSON. */
		size = snprintf(text, sizeof(text), "{\"data\":\"_\"}");
		text[9] = (char)c;
		event = read_record(
		    &format, (struct sse_slice){text, (size_t)size});
		CHECK_EQUAL_TEXT(
		    event.data, ((struct sse_slice){text, (size_t)size}));
		CHECK_EQUAL_TEXT(
		    event.comment, SLICE("no valid JSON; sent as it is"));
	}
	format_done(&format);
}

static struct sse_slice
nested(char *text, size_t depth)
{
	memcpy(text, "{\"data\":", 8);
	memset(text + 8, '[', depth);
	memset(text + 8 + depth, ']', depth);
	text[8 + 2 * depth] = '}';
	return (struct sse_slice){text, 9 + 2 * depth};
}

TEST(what_is_nested_too_deeply_is_sent_as_it_is)
{
	static char text[20100];
	struct format format;
	struct sse_event event;
	struct sse_slice record;

	format_init(&format, &with_ids);
	event = read_record(&format, nested(text, JSON_TEXT_DEPTH_MAX - 1));
	CHECK(event.comment.data == NULL);
	CHECK_EQUAL_INT(event.data.size, 2 * (JSON_TEXT_DEPTH_MAX - 1));
	record = nested(text, JSON_TEXT_DEPTH_MAX);
	event = read_record(&format, record);
	CHECK_EQUAL_TEXT(event.data, record);
	CHECK_EQUAL_TEXT(
	    event.comment, SLICE("JSON nested deeper than 128; sent as it is"));
	record = nested(text, 10000);
	CHECK_EQUAL_TEXT(read_record(&format, record).data, record);
	/* Brackets in strings are none. */
	memset(text, '[', sizeof(text));
	memcpy(text, "{\"data\":\"\\\"", 11);
	memcpy(text + sizeof(text) - 2, "\"}", 2);
	event = read_record(&format, (struct sse_slice){text, sizeof(text)});
	CHECK_EQUAL_INT(event.data.size, sizeof(text) - 12);
	format_done(&format);
}

/*
 * {"data":[1,1,...]} with so many values, the object and the array among them.
 */
static struct sse_slice
with_values(char *text, size_t count)
{
	size_t size = 9;

	memcpy(text, "{\"data\":[1", 10);
	size = 10;
	for (size_t i = 3; i < count; i++, size += 2)
		memcpy(text + size, ",1", 2);
	memcpy(text + size, "]}", 2);
	return (struct sse_slice){text, size + 2};
}

TEST(what_has_too_many_values_is_sent_as_it_is)
{
	char *text = malloc(2 * JSON_TEXT_VALUES_MAX + 100);
	struct format format;
	struct sse_event event;
	struct sse_slice record;

	CHECK(text != NULL);
	format_init(&format, &with_ids);
	record = with_values(text, JSON_TEXT_VALUES_MAX);
	event = read_record(&format, record);
	CHECK(event.comment.data == NULL);
	CHECK_EQUAL_INT(event.data.size, record.size - 9);
	record = with_values(text, JSON_TEXT_VALUES_MAX + 1);
	event = read_record(&format, record);
	CHECK_EQUAL_TEXT(event.data, record);
	CHECK_EQUAL_TEXT(event.comment,
	    SLICE("JSON of more than 4096 values; sent as it is"));
	free(text);
	format_done(&format);
}

/* Nothing of an event outlives it: the next one may be asked for in hours. */
TEST(what_an_event_took_is_given_back)
{
	char *text = malloc(2 * JSON_TEXT_VALUES_MAX + 100);
	struct format format;

	CHECK(text != NULL);
	format_init(&format, &with_ids);
	read_record(&format, with_values(text, JSON_TEXT_VALUES_MAX));
	CHECK(format.json.root != NULL);
	format_forget(&format);
	CHECK(format.json.root == NULL);
	read_record(&format, with_long("data", 1 << 20));
	format_forget(&format);
	CHECK(format.json.root == NULL);
	read_record(&format, with_long("comment", 1 << 20));
	CHECK(format.json.comment.capacity > 65536);
	format_forget(&format);
	CHECK(format.json.comment.capacity == 0);
	free(text);
	format_done(&format);
}

TEST(a_string_of_a_mebibyte_is_sent_and_forgotten)
{
	struct format format;
	struct sse_event event;

	format_init(&format, &with_ids);
	event = read_record(&format, with_long("comment", 1 << 20));
	CHECK_EQUAL_INT(event.comment.size, 1 << 20);
	read_record(&format, SLICE("{\"data\":\"x\"}"));
	CHECK(format.json.comment.capacity == 0);
	format_done(&format);
}

static void
count_pause(void *context)
{
	size_t *count = context;

	++*count;
}

/* And nothing else comes of it than without them. */
TEST(a_long_record_takes_pauses)
{
	size_t count = 0;
	const struct pause pause = {count_pause, &count};
	struct format format;
	struct sse_event event;

	format_init(&format, &with_ids);
	format_set_pause(&format, &pause);
	read_record(&format, SLICE("{\"data\":\"x\"}"));
	CHECK_EQUAL_INT(count, 0);
	event = read_record(&format, with_long("comment", 1 << 20));
	CHECK_EQUAL_INT(event.comment.size, 1 << 20);
	CHECK(count >= (1 << 20) / 16384);
	format_done(&format);
}

/* The texts of one event are not in the next one. */
TEST(events_do_not_leak_into_each_other)
{
	struct format format;
	struct sse_event event;

	format_init(&format, &with_ids);
	read_record(&format,
	    SLICE("{\"id\":[],\"event\":\"t\",\"data\":[1],\"retry\":5}"));
	event = read_record(&format, SLICE("{\"data\":[2],\"comment\":\"c\"}"));
	check_event(&event, &(struct wanted){NULL, NULL, NULL, "[2]", -1, "c"});
	event = read_record(&format, SLICE("x"));
	CHECK(event.id.data == NULL && event.type.data == NULL);
	format_done(&format);
}

TEST(ids_of_records_are_for_those_who_ask_for_them)
{
	static const enum conf_ids others[] = {
	    CONF_IDS_POSITION, CONF_IDS_NONE};
	struct stream_conf conf = with_ids;
	struct format format;
	struct sse_event event;

	for (size_t i = 0; i < 2; i++) {
		conf.ids = others[i];
		format_init(&format, &conf);
		event = read_record(
		    &format, SLICE("{\"id\":\"a\",\"data\":\"x\"}"));
		check_event(
		    &event, &(struct wanted){NULL, NULL, NULL, "x", -1, NULL});
		event = read_record(&format, SLICE("{\"id\":5,\"a\":6}"));
		CHECK_EQUAL_TEXT(event.data, SLICE("{\"id\":5,\"a\":6}"));
		format_done(&format);
	}
}

TEST(a_record_without_a_type_has_that_of_the_configuration)
{
	struct stream_conf conf = with_ids;
	struct format format;

	conf.event = "line";
	format_init(&format, &conf);
	CHECK_EQUAL_TEXT(
	    read_record(&format, SLICE("{\"data\":1}")).type, SLICE("line"));
	CHECK_EQUAL_TEXT(
	    read_record(&format, SLICE("{\"event\":1}")).type, SLICE("line"));
	CHECK_EQUAL_TEXT(read_record(&format, SLICE("x")).type, SLICE("line"));
	CHECK_EQUAL_TEXT(
	    read_record(&format, SLICE("{\"event\":\"t\"}")).type, SLICE("t"));
	format_done(&format);
}

/* A part of a record may look like another one. */
TEST(a_record_that_was_cut_is_none)
{
	struct record record = {
	    .text = SLICE("{\"id\":\"a\",\"data\":\"x\"}"), .left_out = 7};
	struct format format;
	struct sse_event event;

	format_init(&format, &with_ids);
	CHECK(format_event(&format, &record, &event) >= 0);
	CHECK_EQUAL_TEXT(event.data, record.text);
	CHECK_EQUAL_TEXT(event.comment, SLICE("7 bytes left out"));
	CHECK(event.id.data == NULL);
	format_done(&format);
}

TEST(invalid_utf8_is_repaired_first)
{
	struct format format;
	struct sse_event event;

	format_init(&format, &with_ids);
	event = read_record(
	    &format, SLICE("{\"id\":\"\xff\",\"data\":[\"\xc3\"]}"));
	CHECK_EQUAL_TEXT(event.id, SLICE("\xef\xbf\xbd"));
	CHECK_EQUAL_TEXT(event.data, SLICE("[\"\xef\xbf\xbd\"]"));
	CHECK(event.comment.data == NULL);
	format_done(&format);
}

#else

TEST(without_json_no_record_is_one)
{
	const struct stream_conf conf = {.name = "log",
	    .event = "",
	    .record_size_max = 1024,
	    .backlog_size = 4 << 20,
	    .format = CONF_FORMAT_JSON};
	struct record record = {.text = SLICE("{\"data\":\"x\"}")};
	struct format format;
	struct sse_event event;

	format_init(&format, &conf);
	CHECK(format_event(&format, &record, &event) >= 0);
	CHECK_EQUAL_TEXT(event.data, record.text);
	CHECK_EQUAL_TEXT(
	    event.comment, SLICE("this program was built without JSON"));
	format_done(&format);
}

#endif
