/*
 * stream_fuzz.c - a log that is read while it is written gives the frames that
 * it has when it is read at once, ids and all: whatever its lines are, however
 * they come, and whether they become frames one by one or at once.
 *
 *	input: how records are made (1 byte), bytes of each write (1), log
 */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "stream/stream.h"

#define TEXT_SIZE_MAX (1 << 20)
#define FRAMES_SIZE 3000
#define LOG_SIZE_MAX 4096
#define TICK_MS 10000 /* longer than anything waits */

/* How records are made. */
#define AT_ONCE 4
#define JOINED 8
#define KEEPS 16

/* What begins a record that is joined. */
#ifdef WITH_PCRE2
#define START "^[^ ]"
#else
#define START "" /* there are no patterns */
#endif

static int64_t passed_ms;

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return passed_ms;
}

static int64_t
file_time_ms(void *context)
{
	(void)context;
	return INT64_C(4000000000000); /* no file is as new */
}

static const struct sse_clock hand = {monotonic_ms, file_time_ms, NULL};

struct reader {
	struct stream *stream;
	bool at_once;
	struct sse_buf text;
};

static void
begin(struct reader *reader, const struct stream_conf *conf, bool at_once)
{
	int got;

	*reader = (struct reader){.at_once = at_once};
	sse_buf_init(&reader->text, TEXT_SIZE_MAX);
	REQUIRE(stream_new(conf, &hand, 7, NULL, &reader->stream) == 0);
	got = stream_start(reader->stream,
	    &(struct stream_start){.since_ms = STREAM_SINCE_NONE});
	while (got == 0)
		got = stream_go_on_starting(reader->stream);
	REQUIRE(got == 1);
}

static void
end(struct reader *reader)
{
	stream_free(reader->stream);
	sse_buf_done(&reader->text);
}

static bool
take_plain(struct reader *reader)
{
	struct plain_frames frames = {
	    .capacity = FRAMES_SIZE, .count_max = SIZE_MAX};

	if (!reader->at_once)
		return false;
	frames.data = malloc(frames.capacity);
	REQUIRE(frames.data != NULL);
	REQUIRE(stream_frames(reader->stream, &frames) == frames.count);
	REQUIRE(sse_buf_add(&reader->text, frames.data, frames.size) == 0);
	free(frames.data);
	return frames.count > 0;
}

static bool
take_item(struct reader *reader)
{
	struct stream_item item;
	size_t most;
	ssize_t size;

	if (stream_next(reader->stream, &item) != 1)
		return false;
	/* Where a reader is behind what is not sent, is told by and by. */
	if (item.event.data.data == NULL && item.event.comment.data == NULL)
		return true;
	REQUIRE(sse_event_check(&item.event) == 0);
	most = sse_encode_size(&item.event);
	REQUIRE(sse_buf_reserve(&reader->text, most) == 0);
	size = sse_encode(
	    &item.event, reader->text.data + reader->text.size, most);
	REQUIRE(size > 0);
	reader->text.size += (size_t)size;
	return true;
}

/* All that there is. */
static void
take(struct reader *reader)
{
	while (take_plain(reader) || take_item(reader) ||
	       stream_poll(reader->stream).timeout_ms == 0)
		;
}

static struct stream_conf
conf_of(unsigned how, const char *path)
{
	static const enum conf_format formats[] = {CONF_FORMAT_LINES,
	    CONF_FORMAT_LINES, CONF_FORMAT_JSON, CONF_FORMAT_SSE};
	bool joins = (how & JOINED) != 0 && how % 4 < 2;

	return (struct stream_conf){
	    .name = "log",
	    .source = path,
	    .generations = "",
	    .follow = true,
	    .from = CONF_FROM_START,
	    .format = formats[how % 4],
	    .record_start = joins ? START : "",
	    .record_wait_ms = 500,
	    .ansi = (how & KEEPS) != 0 ? CONF_ANSI_KEEP : CONF_ANSI_STRIP,
	    .replay_size = 1000000,
	    .record_size_max = 256,
	    .backlog_size = 65536,
	    .event = "",
	    .ids = CONF_IDS_POSITION,
	    .retry_ms = 2000,
	    .heartbeat_ms = 15000,
	    .write_timeout_ms = 30000,
	};
}

static void
check_equal(struct sse_slice live, struct sse_slice late)
{
	if (sse_slice_equal(live, late))
		return;
	fprintf(stderr, "live:\n%.*s\nlate:\n%.*s\n", (int)live.size, live.data,
	    (int)late.size, late.data);
	REQUIRE(sse_slice_equal(live, late));
}

/* One reader follows the writer, the other one comes when all is there. */
static void
check(const struct stream_conf *conf, unsigned how, size_t piece_size,
    struct sse_slice log)
{
	int fd = open(conf->source, O_WRONLY | O_CREAT | O_APPEND, 0600);
	struct reader live, late;

	REQUIRE(fd >= 0);
	begin(&live, conf, (how & AT_ONCE) != 0);
	while (log.size > 0) {
		struct sse_slice piece = fuzz_take(&log, piece_size);

		REQUIRE(
		    write(fd, piece.data, piece.size) == (ssize_t)piece.size);
		take(&live);
	}
	passed_ms += TICK_MS;
	take(&live);
	begin(&late, conf, false);
	take(&late);
	passed_ms += TICK_MS;
	take(&late);
	take(&live);
	check_equal(sse_buf_slice(&live.text), sse_buf_slice(&late.text));
	end(&live);
	end(&late);
	close(fd);
}

void
stream_fuzz(struct sse_slice input)
{
	const char *memory =
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	unsigned how = fuzz_number(&input);
	size_t piece_size = 1 + (size_t)fuzz_number(&input);
	struct sse_slice log = fuzz_copy(fuzz_take(&input, LOG_SIZE_MAX));
	char folder[64], path[80];
	struct stream_conf conf;

	/* Of NULs nobody knows how long they wait for what is to be there. */
	if (memchr(log.data, '\0', log.size) != NULL)
		log.size = strlen(log.data);
	(void)snprintf(folder, sizeof(folder), "%s/fuzz.XXXXXX", memory);
	REQUIRE(mkdtemp(folder) != NULL);
	(void)snprintf(path, sizeof(path), "%s/log", folder);
	conf = conf_of(how, path);
	check(&conf, how, piece_size, log);
	REQUIRE(unlink(path) == 0);
	REQUIRE(rmdir(folder) == 0);
	fuzz_free(log);
}
