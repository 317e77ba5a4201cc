/*
 * encode.c - what it costs to make frames of lines, in processor time.
 *
 *	encode [PAIRS [ROUNDS]]
 *
 * Ours: chunks of a file, as a read leaves them, are split into plain lines,
 *and each is proven, given its id, checked and encoded, by the functions that
 * sse-cgi calls with flush = ready.  Theirs: the same lines are found with
 *memchr(3) and copied with memcpy(3).
 *
 * Twice: with the same 64 KiB again and again, which therefore lie in a cache,
 * as they do after read(2); and with more than a cache has, which shows what
 * remains of the ratio where memory is what both wait for.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "conf/conf.h"
#include "record/plain_frames.h"
#include "source/log_file.h"
#include "source/position.h"

#define LINES (LOG_FILE_READ_SIZE / (BENCH_LINE_SIZE + 1))
#define CHUNK_SIZE ((size_t)LINES * (BENCH_LINE_SIZE + 1))
#define FRAME_SIZE_MAX 256
#define CHUNKS_MAX 1024 /* 64 MiB */

struct input {
	struct log_file_buffer *chunks;
	size_t count; /* of those that are used in turns */
	struct fingerprint fingerprint;
	struct plain_form form;
	struct sse_position position;
	struct sse_position_text id;
};

static char output[LINES * FRAME_SIZE_MAX];

static void
encode_chunk(struct input *input, char *bytes)
{
	struct plain_frames frames = {.form = &input->form,
	    .data = output,
	    .capacity = sizeof(output),
	    .count_max = LINES};
	struct sse_slice lines = {bytes, CHUNK_SIZE};
	struct sse_position *position = &input->position;
	ssize_t size;

	position->offset = input->fingerprint.offset;
	fingerprint_advance(&input->fingerprint, bytes, CHUNK_SIZE);
	while (
	    (size = plain_frames_begin(&frames, lines, input->id.size)) >= 0) {
		lines.data += size + 1;
		lines.size -= (size_t)size + 1;
		position->offset += (uint64_t)size + 1;
		position->check = fingerprint_check_at(
		    &input->fingerprint, position->offset, lines.data);
		plain_frames_end(
		    &frames, sse_position_text(&input->id, position));
	}
	if (lines.size > 0)
		bench_fail("plain_frames_begin");
}

static void
copy_chunk(const char *bytes)
{
	const char *line = bytes, *end = bytes + CHUNK_SIZE, *lf;
	char *at = output;

	for (; line < end; line = lf + 1) {
		size_t size;

		lf = memchr(line, '\n', (size_t)(end - line));
		size = (size_t)(lf - line);
		memcpy(at, line, size);
		/* Else the compiler sees that nobody reads the copy. */
		__asm__ volatile("" : : "r"(at) : "memory");
		at += size;
	}
}

static double
time_ours(struct input *input, size_t rounds)
{
	double start = bench_seconds(CLOCK_PROCESS_CPUTIME_ID);

	for (size_t i = 0; i < rounds; i++)
		encode_chunk(input, input->chunks[i % input->count].data);
	return bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static double
time_theirs(struct input *input, size_t rounds)
{
	double start = bench_seconds(CLOCK_PROCESS_CPUTIME_ID);

	for (size_t i = 0; i < rounds; i++)
		copy_chunk(input->chunks[i % input->count].data);
	return bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static struct conf *
default_conf(void)
{
	struct conf *conf = conf_new();
	struct conf_error why;

	if (conf == NULL || conf_add_source(conf, "log", &why) != 0 ||
	    conf_finish(conf, &why) != 0)
		bench_fail("conf");
	return conf;
}

static struct log_file_buffer *
make_chunks(void)
{
	struct log_file_buffer *chunks = calloc(CHUNKS_MAX, sizeof(*chunks));

	if (chunks == NULL)
		bench_fail("calloc");
	for (size_t i = 0; i < CHUNKS_MAX; i++)
		bench_lines(chunks[i].data, LINES);
	return chunks;
}

static void
measure(struct input *input, const char *name, size_t pairs, size_t rounds)
{
	struct bench bench = {.name = name, .limit = 4};

	(void)time_ours(input, rounds);
	for (size_t i = 0; i < pairs; i++) {
		double ours = time_ours(input, rounds);

		bench_add(&bench, ours, time_theirs(input, rounds));
	}
	bench_print(&bench, 1e9 / (double)(rounds * LINES), "ns a line");
}

int
main(int argc, char **argv)
{
	static struct input input;
	struct conf *conf = default_conf();
	size_t pairs = argc > 1 ? bench_number(argv[1]) : 15;
	size_t rounds = argc > 2 ? bench_number(argv[2]) : CHUNKS_MAX;

	input.chunks = make_chunks();
	if (!plain_form_init(&input.form, conf_stream(conf, 0)))
		bench_fail("plain_form_init");
	input.position = (struct sse_position){
	    .stamp_ms = UINT64_C(1795258645123), .file = 0x123456789abc};
	input.count = 1;
	measure(&input, "encode: lines of 100 bytes, cached", pairs, rounds);
	input.count = CHUNKS_MAX;
	measure(&input, "encode: the same, in 64 MiB", pairs, rounds);
	free(input.chunks);
	conf_free(conf);
	return 0;
}
