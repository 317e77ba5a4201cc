/*
 * Whatever a record is, what is done with it is linear: no more than so many
 * steps for each byte, the same for each size.
 *
 * Steps are counted, not time.  The files of lib/ that are tested are compiled
 * once more, so that each branch of theirs calls a function here; what libc
 * looks at, copies or reads for them counts by its bytes.  What jansson and
 * PCRE2 do is not counted: the one is linear, the other has a limit.
 *
 * The limits are three times what gcc -O1 makes of the code: it is two thirds
 * of -O0, and what is not linear is over them by the size.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/ansi.h"
#include "record/boundary.h"
#include "record/format.h"
#include "stream/multiline.h"
#include "record/reverse_reader.h"
#include "record/record_start.h"
#include "record/record_time.h"
#include "base/result.h"
#include "record/lines_before.h"
#include "record/seek.h"
#include "utf8.h"

/* Each twice the one before. */
#define SIZE_FIRST 8192
#define SIZE_LAST 32768
/* Of what does not depend on the size: buffers, folders, patterns. */
#define STEPS_ALWAYS 100000

/* ------------------------------------------------------------ counting -- */

static uint64_t steps;

void __sanitizer_cov_trace_pc(void);

void
__sanitizer_cov_trace_pc(void)
{
	steps++;
}

void *__real_memchr(const void *bytes, int byte, size_t size);
void *__wrap_memchr(const void *bytes, int byte, size_t size);
void *__real_memrchr(const void *bytes, int byte, size_t size);
void *__wrap_memrchr(const void *bytes, int byte, size_t size);
void *__real_memmem(
    const void *bytes, size_t size, const void *part, size_t part_size);
void *__wrap_memmem(
    const void *bytes, size_t size, const void *part, size_t part_size);
int __wrap_memcmp(const void *a, const void *b, size_t size);
void *__real_memcpy(void *to, const void *from, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
size_t __real_strlen(const char *text);
size_t __wrap_strlen(const char *text);
ssize_t __real_pread(int fd, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread(int fd, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *bytes, size_t size, off_t offset);

void *
__wrap_memchr(const void *bytes, int byte, size_t size)
{
	const char *found = __real_memchr(bytes, byte, size);

	steps += found != NULL ? (size_t)(found - (const char *)bytes) : size;
	return (void *)(uintptr_t)found;
}

void *
__wrap_memrchr(const void *bytes, int byte, size_t size)
{
	const char *found = __real_memrchr(bytes, byte, size);
	const char *end = (const char *)bytes + size;

	steps += found != NULL ? (size_t)(end - found) : size;
	return (void *)(uintptr_t)found;
}

void *
__wrap_memmem(
    const void *bytes, size_t size, const void *part, size_t part_size)
{
	const char *found = __real_memmem(bytes, size, part, part_size);

	steps += found != NULL ? (size_t)(found - (const char *)bytes) : size;
	return (void *)(uintptr_t)found;
}

/* Up to the first difference. */
int
__wrap_memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *one = a, *other = b;

	for (; size > 0 && *one == *other; size--, steps++) {
		one++;
		other++;
	}
	return size > 0 ? *one - *other : 0;
}

void *
__wrap_memcpy(void *to, const void *from, size_t size)
{
	steps += size;
	return __real_memcpy(to, from, size);
}

void *
__wrap_memmove(void *to, const void *from, size_t size)
{
	steps += size;
	return __real_memmove(to, from, size);
}

size_t
__wrap_strlen(const char *text)
{
	size_t size = __real_strlen(text);

	steps += size;
	return size;
}

ssize_t
__wrap_pread(int fd, void *bytes, size_t size, off_t offset)
{
	ssize_t got = __real_pread(fd, bytes, size, offset);

	steps += got > 0 ? (size_t)got : 0;
	return got;
}

ssize_t
__wrap_pread64(int fd, void *bytes, size_t size, off_t offset)
{
	return __wrap_pread(fd, bytes, size, offset);
}

/* -------------------------------------------------------------- inputs -- */

/* A text of any size: a beginning, a piece again and again, and an end. */
struct input {
	struct sse_slice begin;
	struct sse_slice piece;
	struct sse_slice end;
};

#define EMPTY         \
	{             \
		"", 0 \
	}
#define TEXT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}
#define OF(piece)                         \
	{                                 \
		EMPTY, TEXT(piece), EMPTY \
	}
#define WITH(begin, piece, end)                     \
	{                                           \
		TEXT(begin), TEXT(piece), TEXT(end) \
	}

static const struct input texts[] = {
    OF("x"),
    OF(" "),
    OF("word "),
    OF("\0"),
    /* C1: control strings without an end, CSI, and what only looks like one */
    OF("\xc2\x90"),
    OF("\xc2\x98"),
    OF("\xc2\x9b"),
    OF("\xc2\x9b"
       "1;"),
    OF("\xc2\x9d"),
    OF("\xc2\x9e"),
    OF("\xc2\x9f"),
    OF("\xc2\x9dx"),
    OF("\xc2\x9d\xc2\x9e\xc2\x90"),
    OF("\xc2\x9d\xc2\xa3"),
    OF("\xc2\x9d\x1b"),
    OF("\xc2\x9d\x1b["),
    OF("\xc2\x9d\x1b]"),
    OF("\xc2\x90\x07"),
    OF("\xc2\x9d\xc3\xa9"),
    WITH("", "\xc2\x9d", "\xc2\x9c"),
    WITH("", "\xc2\x90", "\x1b\\"),
    WITH("", "\xc2\x9d", "\x07"),
    WITH("\xc2\x9d", "x", ""),
    WITH("", "\xc2\xa3", "\x1b"),
    OF("\xc2\xa3"),
    OF("\xc2\xa0"),
    OF("\xc2\x85"),
    OF("\xc2\xa3 \x1b[0m"),
    /* ESC */
    OF("\x1b"),
    OF("\x1b["),
    OF("\x1b]"),
    OF("\x1bP"),
    OF("\x1b_x"),
    OF("\x1b[1;"),
    OF("\x1b[31m"),
    OF("\x1b]0;x\x07"),
    OF("\x1b]x\x1b"),
    OF("\x1b("),
    WITH("\x1b]", "x", ""),
    WITH("\x1b[", "1", ""),
    /* controls, and those that turn a line around */
    OF("\a"),
    OF("\b"),
    OF("\x0e"),
    OF("\x7f"),
    OF("\xe2\x80\xaa"),
    OF("\xe2\x81\xa6"),
    OF("\xe2\x80\x8b"),
    /* no UTF-8 */
    OF("\xff"),
    OF("\x80"),
    OF("\xc2"),
    OF("\xe2\x80"),
    OF("\xf0\x9f\x98"),
    OF("\xed\xa0\x80"),
    OF("\xf0\x9f\x98\x80"),
    OF("x\xff"),
    OF("\xe2\x80\x1b"),
    OF("\xef\xbb\xbf"),
    /* lines and blanks */
    OF("\r"),
    OF("\n"),
    OF("\r\n"),
    OF("\r\r\n"),
    OF("a\n"),
    OF("=\n"),
    OF("\n="),
    OF("a\r"),
    OF("\0\n"),
    OF("\n\0\0"),
    WITH("a\n", "x", ""),
    WITH("=\n", "x\n", ""),
    WITH("", "x", "\n"),
    /* fields of events */
    OF("data\n"),
    OF("data:\n"),
    OF("data: x\n"),
    OF("data: x\n\n"),
    OF("event: x\n"),
    OF("id: 1\n"),
    OF("retry: 1\n"),
    OF(":\n"),
    WITH("data:", "x", "\n"),
    WITH("event:", "x", "\ndata\n"),
    WITH("id:", "1", "\ndata\n"),
    WITH("retry:", "1", "\ndata\n"),
    /* times */
    OF("1"),
    OF("2026-11-20T10:00:00Z "),
    OF("2026-11-20T10:"),
    OF("2026-"),
    OF("["),
};

static const struct input objects[] = {
    WITH("{\"data\":", "[", ""),
    WITH("{\"data\":[", "[],", "[]]}"),
    WITH("{\"data\":[", "{},", "{}]}"),
    WITH("{\"data\":[", "1,", "1]}"),
    WITH("{\"data\":[", "\"\",", "1]}"),
    WITH("{\"data\":[", "{\"a\":1},", "1]}"),
    WITH("{\"data\":{", "\"a\":1,", "\"b\":1}}"),
    WITH("{\"data\":\"", "\\u00e9", "\"}"),
    WITH("{\"data\":\"", "\\u0000", "\"}"),
    WITH("{\"data\":\"", "\\u001b", "\"}"),
    WITH("{\"data\":\"", "\\u009d", "\"}"),
    WITH("{\"data\":\"", "\\ud83d\\ude00", "\"}"),
    WITH("{\"data\":\"", "\\n", "\"}"),
    WITH("{\"data\":\"", "\\r", "\"}"),
    WITH("{\"data\":\"", "\\\"", "\"}"),
    WITH("{\"data\":\"", "\xc2\x9d", "\"}"),
    WITH("{\"data\":[\"", "\\u009d", "\"]}"),
    WITH("{\"comment\":\"", "\\n", "\",\"data\":1}"),
    WITH("{\"comment\":\"", "\\r", "\",\"data\":1}"),
    WITH("{\"event\":\"", "\\n", "\",\"data\":1}"),
    WITH("{\"id\":\"", "\\u0000", "\",\"data\":1}"),
    WITH("{\"id\":", "1", ",\"data\":1}"),
    WITH("{\"retry\":", "9", ",\"data\":1}"),
    WITH("{\"data\":", "9", "}"),
    WITH("{", "\"data\":1,", "\"data\":2}"),
    WITH("{", "\"a\":1,", "\"data\":2}"),
    WITH("{\"data\":1}", " ", ""),
    WITH("", " ", "{\"data\":1}"),
    WITH("{\"data\":1}", "}", ""),
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static size_t
put(char *to, struct sse_slice piece)
{
	memcpy(to, piece.data, piece.size);
	return piece.size;
}

/* At most so many bytes of it. */
static struct sse_slice
text_of(const struct input *input, size_t size_max)
{
	char *text = malloc(size_max);
	size_t size, rest = input->end.size + input->piece.size;

	CHECK(text != NULL);
	size = put(text, input->begin);
	while (size + rest <= size_max)
		size += put(text + size, input->piece);
	size += put(text + size, input->end);
	return (struct sse_slice){text, size};
}

/* ------------------------------------------------------------ counting -- */

/* Does with a text what is to be linear. */
typedef void work_function(struct sse_slice text);

/* What a text of that size costs. */
static uint64_t
count(work_function *work, const struct input *input, size_t size)
{
	struct sse_slice text = text_of(input, size);

	steps = 0;
	work(text);
	free((void *)(uintptr_t)text.data);
	return steps;
}

static void
print_cost(const char *what, const struct input *input, double cost)
{
	printf("# %s: %.1f steps a byte of", what, cost);
	for (size_t i = 0; i < input->piece.size; i++)
		printf(" %02x", (unsigned)(uint8_t)input->piece.data[i]);
	printf("\n");
}

/*
 * One limit for all sizes, and no more than twice as much for twice the size:
 * a loop in a loop may stay below the limit for long.  The cost of a byte.
 */
static double
check_input(const char *what, work_function *work, uint64_t steps_max,
    const struct input *input)
{
	uint64_t before = 0, cost = 0;

	for (size_t size = SIZE_FIRST; size <= SIZE_LAST; size *= 2) {
		cost = count(work, input, size);
		if (cost <= steps_max * size + STEPS_ALWAYS &&
		    (before == 0 || cost <= before * 9 / 4 + STEPS_ALWAYS)) {
			before = cost;
			continue;
		}
		print_cost(what, input, (double)cost / (double)size);
		test_fail(__FILE__, __LINE__,
		    "%s: %llu steps for %llu bytes, %llu for half of them",
		    what, (unsigned long long)cost, (unsigned long long)size,
		    (unsigned long long)before);
	}
	return (double)cost / SIZE_LAST;
}

static void
check_inputs(const char *what, work_function *work, uint64_t steps_max,
    const struct input *inputs, size_t inputs_count)
{
	const struct input *worst = inputs;
	double worst_cost = 0;

	for (size_t i = 0; i < inputs_count; i++) {
		double cost = check_input(what, work, steps_max, &inputs[i]);

		if (cost > worst_cost) {
			worst_cost = cost;
			worst = &inputs[i];
		}
	}
	print_cost(what, worst, worst_cost);
}

static void
check_texts(const char *what, work_function *work, uint64_t steps_max)
{
	check_inputs(what, work, steps_max, texts, COUNT_OF(texts));
}

static void
check_objects(const char *what, work_function *work, uint64_t steps_max)
{
	check_inputs(what, work, steps_max, objects, COUNT_OF(objects));
}

/* ---------------------------------------------------------------- text -- */

static void
strip(struct sse_slice text)
{
	struct sse_buf valid, out;

	sse_buf_init(&valid, 4 * SIZE_LAST);
	sse_buf_init(&out, 4 * SIZE_LAST);
	CHECK_EQUAL_INT(sse_utf8_repair(text, &valid), 0);
	text = sse_buf_slice(&valid);
	(void)ansi_is_plain(text);
	(void)ansi_find(text);
	(void)ansi_whole(text);
	CHECK_EQUAL_INT(ansi_strip(text, &out), 0);
	sse_buf_done(&valid);
	sse_buf_done(&out);
}

TEST(escape_sequences)
{
	check_texts("ansi", strip, 800);
}

static void
repair(struct sse_slice text)
{
	struct sse_buf out;

	sse_buf_init(&out, 4 * SIZE_LAST);
	(void)sse_utf8_valid(text);
	(void)sse_utf8_cut(text, text.size / 2);
	CHECK_EQUAL_INT(sse_utf8_repair(text, &out), 0);
	sse_buf_done(&out);
}

TEST(utf8)
{
	check_texts("utf8", repair, 150);
}

static void
sanitize_both(struct sse_slice text)
{
	for (int keep = 0; keep < 2; keep++) {
		struct sse_slice cleaned = text;
		uint64_t left_out = 7;
		struct sanitize clean;

		sanitize_init(&clean, 4 * SIZE_LAST, keep != 0);
		CHECK_EQUAL_INT(sanitize_text(&clean, &cleaned, &left_out), 0);
		sanitize_done(&clean);
	}
}

TEST(sanitize_texts)
{
	check_texts("clean", sanitize_both, 900);
}

static bool
begins(void *context, struct sse_slice line)
{
	(void)context;
	return line.size > 0 && line.data[0] == '=';
}

/* Short lines, and one that is as long as all. */
static void
begin_records(struct sse_slice text)
{
	struct record_start *start;

	CHECK_EQUAL_INT(
	    record_start_new("^=", 4 * SIZE_LAST, false, &start), 0);
	(void)record_start_begins(start, text);
	for (size_t at = 0; at < text.size; at += 64)
		(void)record_start_begins(
		    start, (struct sse_slice){text.data + at,
			       text.size - at < 64 ? text.size - at : 64});
	record_start_free(start);
}

TEST(beginnings_of_records)
{
	check_texts("record_start", begin_records, 700);
}

static void
read_times(struct sse_slice text)
{
	static const char *const formats[] = {"%Y-%m-%dT%H:%M:%S%z",
	    "%*%Y-%m-%dT%H:%M:%S%z", "%*[%d/%b/%Y:%H:%M:%S", "%*1%s"};
	struct time_format format;
	int64_t ms;

	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		CHECK_EQUAL_INT(time_format_read(formats[i], &format), 0);
		(void)record_time_read(&format, text, 1795168800000, &ms);
	}
}

TEST(times)
{
	check_texts("record_time", read_times, 450);
}

/* -------------------------------------------------------------- events -- */

/* Whole, cut, and behind lines that were given before. */
static void
read_format(struct sse_slice text, enum conf_format form)
{
	const struct stream_conf conf = {.event = "",
	    .record_size_max = 4 * SIZE_LAST,
	    .backlog_size = 64 << 20,
	    .format = form,
	    .ids = CONF_IDS_RECORD};
	const struct record records[] = {
	    {.text = text},
	    {.text = text, .left_out = 7, .unfinished = true},
	    {.text = text, .before = text},
	};
	struct sse_event event;
	struct format format;

	format_init(&format, &conf);
	for (size_t i = 0; i < COUNT_OF(records); i++) {
		char *frame;
		size_t size;
		int got = format_event(&format, &records[i], &event);

		CHECK(got >= 0);
		if (got == FORMAT_NOTHING)
			continue;
		size = sse_encode_size(&event);
		frame = malloc(size);
		CHECK(frame != NULL);
		CHECK(sse_encode(&event, frame, size) > 0);
		free(frame);
	}
	format_done(&format);
}

static void
read_lines(struct sse_slice text)
{
	read_format(text, CONF_FORMAT_LINES);
}

static void
read_sse(struct sse_slice text)
{
	read_format(text, CONF_FORMAT_SSE);
}

static void
read_json(struct sse_slice text)
{
	read_format(text, CONF_FORMAT_JSON);
}

TEST(records_of_text)
{
	check_texts("format = lines", read_lines, 1500);
}

TEST(records_of_events)
{
	check_texts("format = sse", read_sse, 1500);
}

TEST(records_of_json)
{
	check_texts("format = json", read_json, 1500);
	check_objects("format = json", read_json, 1500);
}

static void
decode(struct sse_slice text)
{
	for (size_t piece = 1; piece <= text.size; piece *= 64) {
		struct sse_decoder *decoder = sse_decoder_new(0);
		struct sse_event event;

		CHECK(decoder != NULL);
		for (size_t at = 0; at < text.size; at += piece) {
			size_t size =
			    text.size - at < piece ? text.size - at : piece;

			sse_decoder_feed(decoder, text.data + at, size);
			while (sse_decoder_next(decoder, &event) != 0)
				continue;
		}
		sse_decoder_free(decoder);
	}
}

TEST(a_stream_of_events)
{
	check_texts("decoder", decode, 500);
}

/* ------------------------------------------------------------- records -- */

static void
split_with(struct sse_slice text, size_t record_size_max, size_t piece)
{
	struct splitter splitter;
	struct record record;

	splitter_init(&splitter, record_size_max);
	for (size_t at = 0; at < text.size; at += piece) {
		struct sse_slice fed = {text.data + at,
		    text.size - at < piece ? text.size - at : piece};

		splitter_feed(&splitter, fed);
		while (splitter_next(&splitter, &record) != 0)
			continue;
	}
	(void)splitter_rest(&splitter, &record);
	splitter_done(&splitter);
}

static void
split(struct sse_slice text)
{
	split_with(text, SIZE_LAST, 1);
	split_with(text, SIZE_LAST, 1000);
	split_with(text, 100, 1);
	split_with(text, 100, 1000);
}

TEST(lines)
{
	check_texts("splitter", split, 300);
}

static const struct record_rule rules[] = {
    {RECORD_IS_LINE, NULL, NULL},
    {RECORD_HAS_START, begins, NULL},
    {RECORD_HAS_BLANK, NULL, NULL},
};
static const size_t record_sizes[] = {100, SIZE_LAST};

static int
file_of(struct sse_slice text)
{
	int fd = open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text.data, text.size) == (ssize_t)text.size);
	steps = 0;
	return fd;
}

static void
look_back(struct sse_slice text)
{
	int fd = file_of(text);

	for (size_t i = 0; i < COUNT_OF(rules); i++)
		for (size_t j = 0; j < COUNT_OF(record_sizes); j++) {
			const struct reverse_reader_options options = {.fd = fd,
			    .rule = &rules[i],
			    .end = text.size,
			    .bytes_max = UINT64_MAX,
			    .record_size_max = record_sizes[j],
			    .rest = true};
			struct reverse_reader reverse;
			struct record record;
			int got = 0;

			reverse_reader_init(&reverse, &options);
			while (got == 0 || got == 1)
				got = reverse_reader_next(&reverse, &record);
			CHECK_EQUAL_INT(got, RESULT_NONE);
			reverse_reader_done(&reverse);
		}
	close(fd);
}

TEST(records_backwards)
{
	check_texts("lookback", look_back, 500);
}

static void
find_boundaries(struct sse_slice text)
{
	int fd = file_of(text);

	for (size_t i = 0; i < COUNT_OF(rules); i++)
		for (size_t j = 0; j < COUNT_OF(record_sizes); j++) {
			const struct boundary_file file = {.fd = fd,
			    .rule = &rules[i],
			    .record_size_max = record_sizes[j]};
			struct boundary_forward forward;
			struct boundary_back back;
			uint64_t count = UINT64_MAX, offset;

			boundary_back_begin(
			    &back, &file, text.size, UINT64_MAX);
			CHECK_EQUAL_INT(
			    boundary_back_next(&back, &count, &offset), 0);
			boundary_back_done(&back);
			boundary_forward_begin(
			    &forward, &file, text.size / 2, text.size);
			CHECK_EQUAL_INT(
			    boundary_forward_next(&forward, &offset), 0);
		}
	close(fd);
}

TEST(boundaries_of_records)
{
	check_texts("boundary", find_boundaries, 400);
}

static void
seek(struct sse_slice text)
{
	int fd = file_of(text);
	struct sse_buf before;
	uint64_t offset;

	CHECK_EQUAL_INT(
	    seek_back(fd, text.size, UINT64_MAX, UINT64_MAX, &offset), 0);
	CHECK_EQUAL_INT(seek_forward(fd, 1, text.size, &offset), 0);
	CHECK_EQUAL_INT(seek_end(fd, text.size, UINT64_MAX, &offset), 0);
	sse_buf_init(&before, SIZE_LAST);
	(void)lines_before(&(struct lines_part){fd, text.size}, 1, &before);
	sse_buf_done(&before);
	close(fd);
}

TEST(boundaries_of_lines)
{
	check_texts("seek", seek, 40);
}

/* From a file on, as a stream reads it. */
static void
join_with(const struct record_rule *rule, size_t record_size_max)
{
	const struct source_options options = {.clock = sse_clock_system(),
	    .rule = rule,
	    .record_size_max = record_size_max,
	    .replay_size = UINT64_MAX,
	    .random = 1};
	const struct multiline_options joining = {.clock = sse_clock_system(),
	    .rule = rule,
	    .record_size_max = record_size_max,
	    .has_context = true};
	const struct source_start from = {.records = SOURCE_RECORDS_ALL};
	struct source_item item = {.kind = SOURCE_RECORD};
	struct source *source;
	struct multiline multiline;

	CHECK_EQUAL_INT(source_new(test_path("log"), &options, &source), 0);
	multiline_init(&multiline, source, &joining);
	CHECK_EQUAL_INT(source_start(source, &from), 0);
	multiline_restart(&multiline);
	while (item.kind != SOURCE_END) {
		int got = multiline_next(&multiline, &item);

		CHECK(got >= 0 || got == RESULT_PARTIAL);
	}
	multiline_done(&multiline);
	source_free(source);
}

static void
join(struct sse_slice text)
{
	close(file_of(text));
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		for (size_t j = 0; j < COUNT_OF(record_sizes); j++)
			join_with(&rules[i], record_sizes[j]);
}

TEST(records_of_lines)
{
	check_texts("joiner", join, 2600);
}
