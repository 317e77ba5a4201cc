/*
 * sse-decode - an event stream on stdin into its events on stdout, for the
 * vectors.
 *
 *	sse-decode [--wire=json|kv] [--last-id=ID] [--chunks=N,N,...]
 *	sse-decode [--wire=json|kv] [--last-id=ID] --every-split
 *
 * The decoder is fed what a read brings, or with --chunks pieces of exactly
 * these sizes, the last one repeating.  Each event is written as soon as it is
 * there.  With --every-split the whole input is decoded at once, byte by
 * byte and in two pieces cut at each place, and it is an error if not all of
 * these bring the same; from SPLIT_WORK_MAX on, places are left out evenly.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base64.h"
#include "fdio.h"
#include "json.h"

#define PIECES_MAX 64
#define PIECE_SIZE_MAX ((size_t)64 << 20)
#define READ_SIZE ((size_t)65536)
#define INPUT_SIZE_MAX ((size_t)256 << 20)
#define SPLIT_WORK_MAX ((uint64_t)64 << 20) /* bytes to be decoded */

struct options {
	bool kv;
	bool every_split;
	struct sse_slice last_id;
	size_t pieces[PIECES_MAX];
	size_t pieces_count; /* 0: as they are read */
};

/* ----- What is written ----- */

static int
add(struct sse_buf *out, const char *text)
{
	return sse_buf_add(out, text, strlen(text));
}

static int
add_base64(struct sse_buf *out, struct sse_slice text)
{
	int error = add(out, " ");

	if (error != 0)
		return error;
	return text.size > 0 ? base64_encode(text, out) : add(out, "-");
}

static int
add_string(struct sse_buf *out, const char *before, struct sse_slice text)
{
	int error = add(out, before);

	return error != 0 ? error : json_add_string(out, text);
}

static int
add_event(struct sse_buf *out, const struct sse_event *event, bool kv)
{
	int error;

	if (kv) {
		error = add(out, "event");
		error = error != 0 ? error : add_base64(out, event->type);
		error = error != 0 ? error : add_base64(out, event->data);
		error = error != 0 ? error : add_base64(out, event->id);
		return error != 0 ? error : add(out, "\n");
	}
	error = add_string(out, "{\"type\":", event->type);
	error = error != 0 ? error : add_string(out, ",\"data\":", event->data);
	error = error != 0 ? error
			   : add_string(out, ",\"lastEventId\":", event->id);
	return error != 0 ? error : add(out, "}\n");
}

/* A number where JavaScript has it exactly, else a string. */
static int
add_retry(struct sse_buf *out, struct sse_slice digits, bool kv)
{
	if (digits.data == NULL)
		return add(out, kv ? "-" : "null");
	if (!kv && digits.size > 15)
		return json_add_string(out, digits);
	return sse_buf_add(out, digits.data, digits.size);
}

static int
add_end(struct sse_buf *out, const struct sse_decoder *decoder, bool kv)
{
	struct sse_slice id = sse_decoder_last_event_id(decoder);
	int error = add(out, kv ? "end " : "{\"end\":true,\"retry\":");

	if (error == 0)
		error = add_retry(out, sse_decoder_retry(decoder), kv);
	if (error != 0)
		return error;
	if (kv)
		error = add_base64(out, id);
	else
		error = add_string(out, ",\"lastEventId\":", id);
	return error != 0 ? error : add(out, kv ? "\n" : "}\n");
}

/* Writes all of it and empties the buffer. */
static int
write_out(struct sse_buf *out)
{
	for (size_t done = 0; done < out->size;) {
		ssize_t put = sse_fd_write(
		    STDOUT_FILENO, out->data + done, out->size - done);

		if (put < 0)
			return (int)put;
		done += (size_t)put;
	}
	sse_buf_clear(out);
	return 0;
}

/* ----- What is decoded ----- */

/* Feeds a piece and adds its events. */
static int
decode_piece(struct sse_decoder *decoder, struct sse_slice piece, bool kv,
    struct sse_buf *out)
{
	struct sse_event event;
	int got, error = 0;

	sse_decoder_feed(decoder, piece.data, piece.size);
	while (error == 0 && (got = sse_decoder_next(decoder, &event)) != 0)
		error = got < 0 ? got : add_event(out, &event, kv);
	return error;
}

static int
new_decoder(const struct options *options, struct sse_decoder **ret_decoder)
{
	struct sse_decoder *decoder = sse_decoder_new(0);
	int error;

	if (decoder == NULL)
		return -ENOMEM;
	error = sse_decoder_restart(decoder, options->last_id);
	if (error != 0)
		sse_decoder_free(decoder);
	else
		*ret_decoder = decoder;
	return error;
}

/* Reads until there are that many bytes, or the end. */
static ssize_t
read_whole(char *bytes, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got =
		    sse_fd_read(STDIN_FILENO, bytes + done, size - done);

		if (got < 0)
			return got;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* A piece in memory of its own size, so that reading beyond it is seen. */
static int
read_piece(const struct options *options, size_t number, char **ret_bytes,
    size_t *ret_size)
{
	size_t last = options->pieces_count - 1;
	bool exact = options->pieces_count > 0;
	size_t size =
	    exact ? options->pieces[number < last ? number : last] : READ_SIZE;
	char *bytes = malloc(size);
	ssize_t got;

	if (bytes == NULL)
		return -ENOMEM;
	got = exact ? read_whole(bytes, size)
		    : sse_fd_read(STDIN_FILENO, bytes, size);
	if (got < 0) {
		free(bytes);
		return (int)got;
	}
	*ret_bytes = bytes;
	*ret_size = (size_t)got;
	return 0;
}

static int
decode_stream(const struct options *options, struct sse_decoder *decoder,
    struct sse_buf *out)
{
	size_t size = 1;
	int error = 0;

	for (size_t number = 0; size > 0 && error == 0; number++) {
		char *bytes = NULL;

		error = read_piece(options, number, &bytes, &size);
		if (error != 0)
			break;
		error = decode_piece(
		    decoder, (struct sse_slice){bytes, size}, options->kv, out);
		if (error == 0)
			error = write_out(out);
		free(bytes);
	}
	return error;
}

/* ----- Every split ----- */

/* A copy of the piece that ends where its memory ends. */
static int
decode_copy(struct sse_decoder *decoder, struct sse_slice piece, bool kv,
    struct sse_buf *out)
{
	char *copy = malloc(piece.size);
	int error = -ENOMEM;

	if (copy != NULL) {
		memcpy(copy, piece.data, piece.size);
		error = decode_piece(
		    decoder, (struct sse_slice){copy, piece.size}, kv, out);
	}
	free(copy);
	return error;
}

/* In pieces: the first of one size, all others of another. */
static int
decode_split(const struct options *options, struct sse_slice input,
    size_t first, size_t others, struct sse_buf *out)
{
	struct sse_decoder *decoder;
	int error = new_decoder(options, &decoder);

	if (error != 0)
		return error;
	sse_buf_clear(out);
	for (size_t at = 0; at < input.size && error == 0;) {
		size_t left = input.size - at;
		size_t size = at == 0 ? first : others;

		size = size < left ? size : left;
		error = decode_copy(decoder,
		    (struct sse_slice){input.data + at, size}, options->kv,
		    out);
		at += size;
	}
	if (error == 0)
		error = add_end(out, decoder, options->kv);
	sse_decoder_free(decoder);
	return error;
}

static int
check_split(const struct options *options, struct sse_slice input, size_t first,
    size_t others, const struct sse_buf *want)
{
	struct sse_buf got;
	int error;

	sse_buf_init(&got, INPUT_SIZE_MAX);
	error = decode_split(options, input, first, others, &got);
	if (error == 0 &&
	    !sse_slice_equal(sse_buf_slice(&got), sse_buf_slice(want))) {
		fprintf(stderr,
		    "sse-decode: pieces of %zu, then %zu: not the same as "
		    "in one piece, but: %.*s\n",
		    first, others, (int)(got.size < 2000 ? got.size : 2000),
		    got.data);
		error = -EPROTO;
	}
	sse_buf_done(&got);
	return error;
}

static int
check_every_split(const struct options *options, struct sse_slice input,
    const struct sse_buf *want)
{
	uint64_t work = (uint64_t)input.size * input.size;
	size_t step = (size_t)(work / SPLIT_WORK_MAX) + 1;
	int error = check_split(options, input, 1, 1, want);

	for (size_t at = 1; at < input.size && error == 0; at += step)
		error = check_split(options, input, at, input.size, want);
	return error;
}

static int
read_input(struct sse_buf *input)
{
	int error;
	ssize_t got;

	do {
		error = sse_buf_reserve(input, READ_SIZE);
		if (error != 0)
			return error;
		got = sse_fd_read(
		    STDIN_FILENO, input->data + input->size, READ_SIZE);
		if (got > 0)
			input->size += (size_t)got;
	} while (got > 0);
	return (int)got;
}

static int
decode_every_split(const struct options *options, struct sse_buf *out)
{
	struct sse_buf input;
	int error;

	sse_buf_init(&input, INPUT_SIZE_MAX);
	error = read_input(&input);
	if (error == 0)
		error = decode_split(options, sse_buf_slice(&input),
		    INPUT_SIZE_MAX, INPUT_SIZE_MAX, out);
	if (error == 0)
		error = check_every_split(options, sse_buf_slice(&input), out);
	if (error == 0)
		error = write_out(out);
	sse_buf_done(&input);
	return error;
}

/* ----- The command ----- */

static bool
read_pieces(struct options *options, const char *list)
{
	const char *at = list;

	for (;;) {
		char *end;
		unsigned long long size;

		if (*at < '0' || *at > '9' ||
		    options->pieces_count == PIECES_MAX)
			return false;
		size = strtoull(at, &end, 10);
		if (size == 0 || size > PIECE_SIZE_MAX)
			return false;
		options->pieces[options->pieces_count++] = (size_t)size;
		if (*end == '\0')
			return true;
		if (*end != ',')
			return false;
		at = end + 1;
	}
}

/* What follows the prefix, or NULL. */
static const char *
after(const char *text, const char *prefix)
{
	size_t size = strlen(prefix);

	return strncmp(text, prefix, size) == 0 ? text + size : NULL;
}

static bool
read_option(struct options *options, const char *argument)
{
	const char *value;

	if (strcmp(argument, "--wire=json") == 0)
		options->kv = false;
	else if (strcmp(argument, "--wire=kv") == 0)
		options->kv = true;
	else if (strcmp(argument, "--every-split") == 0)
		options->every_split = true;
	else if ((value = after(argument, "--last-id=")) != NULL)
		options->last_id = sse_slice(value);
	else if ((value = after(argument, "--chunks=")) != NULL)
		return read_pieces(options, value);
	else
		return false;
	return true;
}

static int
decode(const struct options *options)
{
	struct sse_decoder *decoder = NULL;
	struct sse_buf out;
	int error;

	sse_buf_init(&out, INPUT_SIZE_MAX);
	if (options->every_split) {
		error = decode_every_split(options, &out);
	} else {
		error = new_decoder(options, &decoder);
		if (error == 0)
			error = decode_stream(options, decoder, &out);
		if (error == 0)
			error = add_end(&out, decoder, options->kv);
		if (error == 0)
			error = write_out(&out);
	}
	sse_decoder_free(decoder);
	sse_buf_done(&out);
	return error;
}

int
main(int argc, char **argv)
{
	struct options options = {.pieces_count = 0};
	int error;

	for (int i = 1; i < argc; i++)
		if (!read_option(&options, argv[i])) {
			fprintf(stderr, "usage: sse-decode [--wire=json|kv] "
					"[--last-id=ID] "
					"[--chunks=N,N,...|--every-split]\n");
			return 100;
		}
	error = decode(&options);
	if (error != 0)
		fprintf(stderr, "sse-decode: %s\n", strerror(-error));
	return error != 0 ? 1 : 0;
}
