/*
 * The frames that are made of plain lines at once, against those that the
 * stages make of the same log, one by one: equal byte for byte.
 *
 * Two readers of a log take what there is whenever some was written: one only
 * by stream_next(), which is the judge.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "any_log.h"
#include "fdio.h"
#include "stream/stream.h"
#include "stream_confs.h"

#define TEXT_SIZE_MAX (1 << 20)
#define TICK_MS 10000 /* longer than anything waits for a file */
#define ROOM_SIZE 3000
#define READ_SIZE 128 /* below it nothing is read short */

ssize_t __real_sse_fd_pread(int fd, void *buf, size_t size, uint64_t at);
ssize_t __wrap_sse_fd_pread(int fd, void *buf, size_t size, uint64_t at);

static size_t read_size_max = SIZE_MAX;

/* As a file system may: less than was asked for. */
ssize_t
__wrap_sse_fd_pread(int fd, void *buf, size_t size, uint64_t at)
{
	if (size > READ_SIZE && size > read_size_max)
		size = read_size_max;
	return __real_sse_fd_pread(fd, buf, size, at);
}

/* -------------------------------------------------------------- readers -- */

struct reader {
	struct stream *stream;
	char *text;
	size_t size;
	size_t plain;          /* frames that were made at once */
	struct random *random; /* how much at once; NULL: by the stages */
};

static struct stream_conf
conf_of_tests(void)
{
	struct stream_conf conf = {
	    STREAM_CONF_OF_TESTS,
	    .name = "log",
	    .from = CONF_FROM_START,
	    .backlog_size = 65536,
	};

	conf.source = test_path("log");
	return conf;
}

static struct reader
reader_of(const struct stream_conf *conf, struct random *random)
{
	struct reader reader = {
	    .text = calloc(1, TEXT_SIZE_MAX), .random = random};
	int got;

	CHECK_EQUAL_INT(
	    stream_new(conf, &any_log_clock, 7, NULL, &reader.stream), 0);
	got = stream_start(reader.stream,
	    &(struct stream_start){.since_ms = STREAM_SINCE_NONE});
	while (got == 0)
		got = stream_go_on_starting(reader.stream);
	CHECK_EQUAL_INT(got, 1);
	return reader;
}

/* Whether there was any plain line. */
static bool
take_plain(struct reader *reader)
{
	struct plain_frames frames = {.count_max = SIZE_MAX};
	size_t made;

	if (reader->random == NULL)
		return false;
	frames.capacity = random_below(reader->random, ROOM_SIZE);
	/* It ends where the room does, for sanitizers. */
	frames.data = malloc(frames.capacity + 1);
	CHECK(frames.data != NULL);
	made = stream_frames(reader->stream, &frames);
	CHECK_EQUAL_INT(made, frames.count);
	CHECK((frames.count == 0) == (frames.size == 0));
	CHECK(reader->size + frames.size < TEXT_SIZE_MAX);
	memcpy(reader->text + reader->size, frames.data, frames.size);
	reader->size += frames.size;
	reader->plain += frames.count;
	free(frames.data);
	return frames.count > 0;
}

static bool
take_item(struct reader *reader)
{
	struct stream_item item;
	int got = stream_next(reader->stream, &item);
	ssize_t size;

	if (got != 1)
		return false;
	size = sse_encode(&item.event, reader->text + reader->size,
	    TEXT_SIZE_MAX - reader->size);
	CHECK(size > 0);
	reader->size += (size_t)size;
	return true;
}

/* All that there is. */
static void
take(struct reader *reader)
{
	while (take_plain(reader) || take_item(reader) ||
	       stream_poll(reader->stream).timeout_ms == 0)
		if (stream_ended(reader->stream))
			return;
}

struct pair {
	struct reader judge;
	struct reader plain;
};

static struct pair
begin(const struct stream_conf *conf, struct random *random)
{
	return (struct pair){reader_of(conf, NULL), reader_of(conf, random)};
}

static void
check_equal(const struct pair *pair)
{
	size_t at = 0;

	while (at < pair->judge.size && at < pair->plain.size &&
	       pair->judge.text[at] == pair->plain.text[at])
		at++;
	if (at == pair->judge.size && at == pair->plain.size)
		return;
	test_fail(__FILE__, __LINE__,
	    "at %zu of %zu and %zu: %.300s; got: %.300s", at, pair->judge.size,
	    pair->plain.size, pair->judge.text + at, pair->plain.text + at);
}

static void
take_both(struct pair *pair)
{
	take(&pair->judge);
	take(&pair->plain);
	check_equal(pair);
}

static void
end(struct pair *pair)
{
	stream_free(pair->judge.stream);
	stream_free(pair->plain.stream);
	free(pair->judge.text);
	free(pair->plain.text);
}

/* Written piece by piece, wherever a line is then, and read as far. */
static void
play(const struct stream_conf *conf, struct random *random, size_t piece_max)
{
	size_t size, at = 0;
	char *log = any_log(random, &size);
	struct pair pair;

	any_log_append("log", SLICE(""));
	pair = begin(conf, random);
	while (at < size) {
		size_t piece = 1 + random_below(random, piece_max);

		if (piece > size - at)
			piece = size - at;
		any_log_append("log", (struct sse_slice){log + at, piece});
		at += piece;
		take_both(&pair);
	}
	CHECK(pair.judge.size > size / 2);
	CHECK(pair.plain.plain > 20);
	end(&pair);
	free(log);
	CHECK(unlink(test_path("log")) == 0);
}

/* ---------------------------------------------------------------- cases -- */

/* A line that has no end yet is held, and what has come is asked for again. */
TEST(any_log_gives_the_same_frames_in_pieces_of_any_size)
{
	const size_t pieces[] = {500, 5000, 50000, 100000};
	const struct stream_conf conf = conf_of_tests();
	struct random random = {21};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		play(&conf, &random, pieces[i]);
}

TEST(any_log_gives_the_same_frames_in_reads_of_any_size)
{
	const size_t reads[] = {129, 1000, 4095, 4096, 30000};
	const struct stream_conf conf = conf_of_tests();
	struct random random = {22};

	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		read_size_max = reads[i];
		play(&conf, &random, 100000);
	}
}

static char none[] = "", type[] = "line";
#ifdef WITH_PCRE2
static char word[] = "a", start[] = "^b";
#endif

/* What else is configured, and whether any line is plain then. */
static const struct {
	const char *what;
	struct stream_conf conf;
	bool plain;
} confs[] = {
    {"a type", {.event = type, .ids = CONF_IDS_POSITION}, true},
    {"sequences stay",
	{.event = none, .ids = CONF_IDS_POSITION, .ansi = CONF_ANSI_KEEP},
	true},
    {"no ids", {.event = none, .ids = CONF_IDS_NONE}, false},
#ifdef WITH_PCRE2
    {"include", {.event = none, .ids = CONF_IDS_POSITION, .include = word},
	false},
    {"exclude", {.event = none, .ids = CONF_IDS_POSITION, .exclude = word},
	false},
    {"several lines",
	{.event = none, .ids = CONF_IDS_POSITION, .record_start = start},
	false},
#endif
    {"JSON",
	{.event = none, .ids = CONF_IDS_POSITION, .format = CONF_FORMAT_JSON},
	false},
    {"events",
	{.event = none, .ids = CONF_IDS_POSITION, .format = CONF_FORMAT_SSE},
	false},
};

TEST(with_any_keys_the_frames_are_the_same)
{
	struct random random = {23};

	any_log_append(
	    "log", SLICE("abc\nbcd\nxyz\n{\"a\":1}\ndata: a\n\nplain\n"));
	for (size_t i = 0; i < sizeof(confs) / sizeof(confs[0]); i++) {
		struct stream_conf conf = conf_of_tests();
		struct pair pair;

		printf("# %s\n", confs[i].what);
		conf.event = confs[i].conf.event;
		conf.ids = confs[i].conf.ids;
		conf.ansi = confs[i].conf.ansi;
		conf.format = confs[i].conf.format;
		conf.include = confs[i].conf.include;
		conf.exclude = confs[i].conf.exclude;
		conf.record_start = confs[i].conf.record_start;
		conf.follow = false;
		pair = begin(&conf, &random);
		take_both(&pair);
		CHECK(stream_ended(pair.plain.stream));
		CHECK_EQUAL_INT(pair.plain.plain > 0, confs[i].plain);
		end(&pair);
	}
}

#ifdef WITH_PCRE2
/* ------------------------------------------------------------- filtered -- */

/* The next frame; absent behind the last. */
static struct sse_slice
next_frame(struct sse_slice *text)
{
	const char *end = memmem(text->data, text->size, "\n\n", 2);
	struct sse_slice frame = {NULL, 0};

	if (end == NULL)
		return frame;
	frame = (struct sse_slice){text->data, (size_t)(end + 2 - text->data)};
	text->data += frame.size;
	text->size -= frame.size;
	return frame;
}

/* Whether there is such a byte in the data of a frame. */
static bool
has_byte(struct sse_slice frame, char byte)
{
	const char *data = memmem(frame.data, frame.size, "\ndata: ", 7);

	return data != NULL &&
	       memchr(data + 7, byte,
		   (size_t)(frame.data + frame.size - data - 7)) != NULL;
}

/* Those of all frames that have, or have not, such a byte in their data. */
static void
check_filtered(const struct pair *pair, char byte, bool has)
{
	struct sse_slice all = {pair->judge.text, pair->judge.size};
	struct sse_slice some = {pair->plain.text, pair->plain.size};
	struct sse_slice frame, expected;

	while ((frame = next_frame(&some)).data != NULL) {
		do {
			expected = next_frame(&all);
			CHECK(expected.data != NULL);
		} while (has_byte(expected, byte) != has);
		CHECK_EQUAL_INT(sse_slice_equal(expected, frame), true);
	}
	while ((expected = next_frame(&all)).data != NULL)
		CHECK(has_byte(expected, byte) != has);
}

/*
 * The judge sends all, and is asked which of them the other should send.  The
 * last lines are some of which none is.
 */
static void
play_filtered(char *include, char *exclude, char byte, struct random *random)
{
	struct stream_conf conf = conf_of_tests();
	struct source_position positions[2];
	size_t size;
	char *log = any_log(random, &size);
	struct pair pair;

	conf.format = CONF_FORMAT_LINES;
	any_log_append("log", (struct sse_slice){log, size});
	for (int i = 0; i < 10; i++)
		any_log_append(
		    "log", sse_slice(exclude != NULL ? "a\n" : "b\n"));
	pair.judge = reader_of(&conf, NULL);
	conf.include = include;
	conf.exclude = exclude;
	pair.plain = reader_of(&conf, random);
	take(&pair.judge);
	take(&pair.plain);
	CHECK(pair.plain.size > 0 && pair.plain.size < pair.judge.size);
	check_filtered(&pair, byte, include != NULL);
	positions[0] = stream_position(pair.judge.stream);
	positions[1] = stream_position(pair.plain.stream);
	CHECK(memcmp(&positions[0], &positions[1], sizeof(positions[0])) == 0);
	end(&pair);
	free(log);
	CHECK(unlink(test_path("log")) == 0);
}

TEST(lines_that_are_not_sent_change_nothing_of_those_that_are)
{
	static char letter[] = "a";
	struct random random = {25};

	for (int i = 0; i < 5; i++) {
		play_filtered(letter, NULL, 'a', &random);
		play_filtered(NULL, letter, 'a', &random);
	}
}
#endif

/* What the log became, between two looks at it. */
static void
do_truncate(void)
{
	CHECK(truncate(test_path("log"), 0) == 0);
	any_log_append("log", SLICE("filled\nanew\n"));
}

static void
do_rotate(void)
{
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	any_log_append("log", SLICE("new\nfile\n"));
}

static void
do_write_late(void)
{
	any_log_append("log.1", SLICE("late\nlines\n"));
	any_log_append("log", SLICE("and\nmore\n"));
}

static void
do_write_nuls(void)
{
	any_log_append("log", SLICE("\0\0\0\0"));
	any_log_append("log", SLICE("behind\nNULs\n"));
}

static void
do_remove(void)
{
	CHECK(unlink(test_path("log")) == 0);
	any_log_append("log", SLICE("another\none\n"));
}

static bool
has(const struct reader *reader, const char *said)
{
	return memmem(reader->text, reader->size, said, strlen(said)) != NULL;
}

/* Between any two, gaps, marks and late lines have their places. */
TEST(whatever_becomes_of_the_log_the_frames_are_the_same)
{
	void (*const changes[])(void) = {do_write_nuls, do_rotate,
	    do_write_late, do_truncate, do_write_late, do_remove};
	struct stream_conf conf = conf_of_tests();
	struct random random = {24};
	struct pair pair;

	any_log_append("log", SLICE("first\nsecond\nunfinished"));
	pair = begin(&conf, &random);
	take_both(&pair);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		changes[i]();
		take_both(&pair);
		/* What waited for another file waits no more. */
		any_log_ms += TICK_MS;
		take_both(&pair);
	}
	CHECK(pair.plain.plain > 0);
	CHECK(has(&pair.judge, "truncated") && has(&pair.judge, "late"));
	CHECK(has(&pair.judge, "NULs") && has(&pair.judge, "another"));
	end(&pair);
}
