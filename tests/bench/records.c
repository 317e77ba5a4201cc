/*
 * records.c - what it costs to look at the UTF-8 and the escape sequences of
 * plain lines, in processor time.
 *
 *	records [PAIRS]
 *
 * Ours: an event is made of each line and encoded, by the functions that
 * sse-cgi --ansi=strip calls.  Theirs, twice: the same, but what looks for
 * invalid UTF-8 and for escape sequences is replaced, by the linker, by what
 * says that there is none; and an event that is the line as it stands, which
 * is only encoded.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "record/ansi.h"
#include "bench.h"
#include "conf/conf.h"
#include "record/format.h"
#include "utf8.h"

#define LINES 648 /* as many as a read of 64 KiB gives */
#define FRAME_SIZE_MAX 256
#define ROUNDS 2000
#define ID "1Gz5KnZb.CyCCsgLB-123456789-EvEnXhABfz"

struct input {
	char lines[LINES * (BENCH_LINE_SIZE + 1)];
	struct record records[LINES];
	struct format format;
};

bool __real_ansi_is_plain(struct sse_slice text);
bool __wrap_ansi_is_plain(struct sse_slice text);
size_t __real_sse_utf8_valid(struct sse_slice text);
size_t __wrap_sse_utf8_valid(struct sse_slice text);
size_t __real_ansi_find(struct sse_slice text);
size_t __wrap_ansi_find(struct sse_slice text);

static char output[LINES * FRAME_SIZE_MAX];
static bool looks = true;

bool
__wrap_ansi_is_plain(struct sse_slice text)
{
	return !looks || __real_ansi_is_plain(text);
}

size_t
__wrap_sse_utf8_valid(struct sse_slice text)
{
	return looks ? __real_sse_utf8_valid(text) : text.size;
}

size_t
__wrap_ansi_find(struct sse_slice text)
{
	return looks ? __real_ansi_find(text) : text.size;
}

static void
split(struct input *input)
{
	bench_lines(input->lines, LINES);
	for (size_t i = 0; i < LINES; i++) {
		const char *line = input->lines + i * (BENCH_LINE_SIZE + 1);

		input->records[i] = (struct record){
		    .text = {line, BENCH_LINE_SIZE},
		    .end = (i + 1) * (BENCH_LINE_SIZE + 1),
		};
	}
}

static char *
encode(struct sse_event *event, char *at)
{
	static const struct sse_slice id = {ID, sizeof(ID) - 1};
	ssize_t size;

	event->id = id;
	size = sse_encode(event, at, (size_t)(output + sizeof(output) - at));
	if (size < 0)
		bench_fail("sse_encode");
	return at + size;
}

static void
format_records(struct input *input)
{
	char *at = output;
	struct sse_event event;

	for (size_t i = 0; i < LINES; i++) {
		if (format_event(&input->format, &input->records[i], &event) <
		    0)
			bench_fail("format_event");
		at = encode(&event, at);
	}
}

static void
encode_records(struct input *input)
{
	char *at = output;

	for (size_t i = 0; i < LINES; i++) {
		struct sse_event event = {.data = input->records[i].text};

		at = encode(&event, at);
	}
}

static void
format_without_looking(struct input *input)
{
	looks = false;
	format_records(input);
	looks = true;
}

typedef void each_round(struct input *input);

static double
time_of(each_round *each, struct input *input, size_t rounds)
{
	double start = bench_seconds(CLOCK_PROCESS_CPUTIME_ID);

	for (size_t i = 0; i < rounds; i++)
		each(input);
	return bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static struct conf *
strip_conf(void)
{
	struct conf *conf = conf_new();
	struct conf_error why;

	if (conf == NULL || conf_add_option(conf, "ansi", "strip", &why) != 0 ||
	    conf_add_source(conf, "log", &why) != 0 ||
	    conf_finish(conf, &why) != 0)
		bench_fail("conf");
	return conf;
}

static void
measure(struct input *input, const char *name, each_round *theirs, size_t pairs)
{
	struct bench bench = {.name = name, .limit = 1 / 0.7};

	(void)time_of(format_records, input, ROUNDS);
	for (size_t i = 0; i < pairs; i++) {
		double ours = time_of(format_records, input, ROUNDS);

		bench_add(&bench, ours, time_of(theirs, input, ROUNDS));
	}
	bench_print(&bench, 1e9 / ((double)ROUNDS * LINES), "ns a line");
}

int
main(int argc, char **argv)
{
	static struct input input;
	struct conf *conf = strip_conf();
	size_t pairs = argc > 1 ? bench_number(argv[1]) : 15;

	split(&input);
	format_init(&input.format, conf_stream(conf, 0));
	measure(&input, "plain lines: UTF-8 and ansi = strip",
	    format_without_looking, pairs);
	measure(&input, "  the same, against sse_encode() alone",
	    encode_records, pairs);
	format_done(&input.format);
	conf_free(conf);
	return 0;
}
