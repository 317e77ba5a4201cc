/*
 * What a hub, readers and a page do in one turn of the loop at most, and while
 * others wait.  Clients are on socket pairs, and the clock is the test's.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients.h"
#include "page.h"
#include "peers.h"
#include "source/position.h"
#include "reader_run.h"
#include "readers.h"
#include "wakeup.h"

#define PEERS_MAX 1000
#define TURNS_MAX 100000
#define LOOKS 64 /* at the clock, until it goes on */
#define LATE_MS 100

/* ------------------------------------------------------------- the clock -- */

static int64_t clock_ms;
static int looks;
static bool runs; /* with each look, else it stands still */
static bool late; /* each look is long after the one before */

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	if (late)
		clock_ms += LATE_MS;
	else if (runs && ++looks % LOOKS == 0)
		clock_ms++;
	return clock_ms;
}

static int64_t
file_time_ms(void *context)
{
	(void)context;
	return sse_clock_file_time_ms(sse_clock_system());
}

static const struct sse_clock hand = {monotonic_ms, file_time_ms, NULL};

/* --------------------------------------------------------------- the set -- */

struct set {
	struct loop *loop;
	struct clients clients;
	struct readers readers;
	struct wakeup wakeup;
	struct hub_options options;
	struct stream_conf conf;
	struct hub *hub;
	struct client *last;
	int peers[PEERS_MAX];
	size_t got[PEERS_MAX]; /* bytes */
	size_t count;
};

static size_t starts; /* of private streams */

int __real_stream_start(
    struct stream *stream, const struct stream_start *start);
int __wrap_stream_start(
    struct stream *stream, const struct stream_start *start);

int
__wrap_stream_start(struct stream *stream, const struct stream_start *start)
{
	starts++;
	return __real_stream_start(stream, start);
}

static void
append(const char *line, size_t count)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	while (count-- > 0)
		CHECK(write(fd, line, strlen(line)) == (ssize_t)strlen(line));
	close(fd);
}

static void
take_request(void *context, struct client *client)
{
	struct set *set = context;

	client_forget_request(client);
	set->last = client;
}

static void
begin(struct set *set)
{
	memset(set, 0, sizeof(*set));
	clock_ms = 100000;
	set->conf = (struct stream_conf){.name = "log",
	    .source = test_path("log"),
	    .follow = true,
	    .from = CONF_FROM_START,
	    .replay_size = 64 << 20,
	    .record_size_max = 4096,
	    .backlog_size = 1 << 20,
	    .event = "",
	    .ids = CONF_IDS_POSITION,
	    .retry_ms = 2000,
	    .heartbeat_ms = 15000,
	    .write_timeout_ms = 30000};
	CHECK_EQUAL_INT(loop_new(&set->loop), 0);
	peers_init(&set->clients, set->loop, &hand, PEERS_MAX);
	CHECK_EQUAL_INT(readers_init(&set->readers, set->loop, &hand), 0);
	set->clients.request = take_request;
	set->clients.context = set;
	CHECK_EQUAL_INT(wakeup_init(&set->wakeup, set->loop, &hand), 0);
	set->options = (struct hub_options){.loop = set->loop,
	    .clock = &hand,
	    .hints = set->wakeup.hints,
	    .random = peers_random,
	    .followers = readers_followers(&set->readers)};
	CHECK_EQUAL_INT(hub_new(&set->conf, &set->options, &set->hub), 0);
	(void)hub_open(set->hub);
}

static void
end(struct set *set)
{
	clients_done(&set->clients);
	readers_done(&set->readers);
	hub_free(set->hub);
	wakeup_done(&set->wakeup);
	loop_free(set->loop);
	while (set->count > 0)
		close(set->peers[--set->count]);
}

/* What the peers have got by now. */
static void
take_all(struct set *set)
{
	static char bytes[65536];
	ssize_t got;

	for (size_t i = 0; i < set->count; i++)
		while ((got = read(set->peers[i], bytes, sizeof(bytes))) > 0)
			set->got[i] += (size_t)got;
}

static void
turn(struct set *set)
{
	turn_loop(set->loop);
	take_all(set);
}

static struct client *
come(struct set *set)
{
	set->last = NULL;
	set->peers[set->count++] = peers_connect(&set->clients, PEERS_REQUEST);
	CHECK(set->last != NULL);
	return set->last;
}

/* One that reads for itself, from the beginning or behind an id. */
static void
read_by_itself(struct set *set, const char *id)
{
	struct stream_start start = {
	    .last_event_id = sse_slice(id), .since_ms = STREAM_SINCE_NONE};
	struct client *client = come(set);
	struct reader *reader;
	struct sse_event first;

	CHECK_EQUAL_INT(
	    reader_new(&set->readers, set->hub, &start, &reader), 0);
	reader_first(reader, &first);
	reader_serve(reader, client);
}

static size_t
that_got_something(const struct set *set)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++)
		count += set->got[i] > 0;
	return count;
}

static void
turn_until_all_got(struct set *set, size_t size)
{
	int turns = 0;

	for (size_t i = 0; i < set->count; i++)
		while (set->got[i] < size) {
			CHECK(++turns < TURNS_MAX);
			turn(set);
		}
}

/* --------------------------------------------------------------- a hub -- */

TEST(a_hub_sends_so_often_in_a_turn)
{
	static struct set set;
	size_t before = 0;
	int turns = 0;

	append("before\n", 1);
	begin(&set);
	turn(&set);
	turn(&set);
	while (set.count < HUB_SENDS_MAX + 100)
		CHECK_EQUAL_INT(hub_join(set.hub, come(&set),
				    backlog_head(set.hub->feed.backlog)),
		    0);
	turn(&set);
	CHECK_EQUAL_INT(that_got_something(&set), 0);
	append("line\n", 1);
	while (before < set.count) {
		size_t now;

		CHECK(++turns < TURNS_MAX);
		turn(&set);
		now = that_got_something(&set);
		CHECK(now == before || before > 0 || now == HUB_SENDS_MAX);
		before = now;
	}
	end(&set);
}

/* The clock is read once for the frames that are made at once. */
TEST(a_hub_works_for_so_long_in_a_turn)
{
	static struct set set;
	const uint64_t lines = 100000;
	const uint64_t most = (HUB_TURN_MS + 1) * LOOKS * FEED_PLAIN_MAX;
	int turns = 0;

	append("before\n", 1);
	begin(&set);
	turn(&set);
	turn(&set);
	append("line\n", lines);
	runs = true;
	while (set.hub->stats.frames < lines) {
		uint64_t before = set.hub->stats.frames;

		CHECK(++turns < TURNS_MAX);
		turn(&set);
		CHECK(set.hub->stats.frames - before <= most);
	}
	CHECK(lines > most);
	end(&set);
}

/* ------------------------------------------------------------- readers -- */

#define LINE_SIZE 100 /* more than a frame of "line of a log" has */

/* What a reader reads until the clock goes on, at most. */
#define LOOK_LINES (READER_LOOK_SIZE / (READER_LOOK_RECORD_SIZE + 13) + 1)
#define TURN_SIZE_MAX ((size_t)LOOKS * LOOK_LINES * LINE_SIZE)

/*
 * Until the next tick, with a clock of milliseconds.  And the turns go round:
 * none has much more than another.
 */
TEST(readers_work_for_so_long_in_a_turn)
{
	static struct set set;
	const size_t lines = 20000, most = TURN_SIZE_MAX;
	int turns = 0;

	append("line of a log\n", lines);
	begin(&set);
	set.readers.reading_max = 3;
	while (set.count < 3)
		read_by_itself(&set, NULL);
	runs = true;
	while (set.got[0] < lines * LINE_SIZE / 2) {
		size_t before = set.got[0] + set.got[1] + set.got[2];

		CHECK(++turns < TURNS_MAX);
		turn(&set);
		CHECK(
		    set.got[0] + set.got[1] + set.got[2] - before <= 2 * most);
		CHECK(set.got[0] < set.got[1] + 3 * most);
		CHECK(set.got[1] < set.got[0] + 3 * most);
		CHECK(set.got[2] < set.got[0] + 3 * most);
	}
	end(&set);
}

/* On a machine that is so busy that the time of each turn is over at once. */
TEST(a_reader_gets_on_in_every_turn)
{
	static struct set set;
	const size_t lines = 200;
	size_t before = 0;

	append("line of a log\n", lines);
	begin(&set);
	late = true;
	set.readers.reading_max = 3;
	while (set.count < 3)
		read_by_itself(&set, NULL);
	turn(&set); /* they start */
	while (before < 3 * lines * strlen("data: line of a log\n\n")) {
		size_t now = 0;

		turn(&set);
		for (size_t i = 0; i < set.count; i++)
			now += set.got[i];
		CHECK(now > before);
		before = now;
	}
	end(&set);
}

TEST(a_reader_reads_so_much_while_another_one_waits)
{
	static struct set set;

	append("line of a log\n", 20000);
	begin(&set);
	runs = true;
	read_by_itself(&set, NULL);
	read_by_itself(&set, NULL);
	while (set.got[1] == 0)
		turn(&set);
	CHECK(set.got[0] >= READER_QUANTUM_SIZE);
	/* And what it reads until its turn is over. */
	CHECK(set.got[0] <= READER_QUANTUM_SIZE + TURN_SIZE_MAX);
	/* It goes on when the other one has had as much. */
	turn_until_all_got(&set, READER_QUANTUM_SIZE + 8 * READER_RUN_SIZE);
	end(&set);
}

TEST(a_reader_reads_so_long_while_another_one_waits)
{
	static struct set set;

	append("line of a log\n", 20000);
	begin(&set);
	runs = true;
	read_by_itself(&set, NULL);
	read_by_itself(&set, NULL);
	while (set.got[0] == 0)
		turn(&set);
	CHECK_EQUAL_INT(set.got[1], 0);
	clock_ms += READER_QUANTUM_MS;
	for (int turns = 0; set.got[1] == 0; turns++) {
		CHECK(turns < 10);
		turn(&set);
	}
	CHECK(set.got[0] < READER_QUANTUM_SIZE / 2);
	end(&set);
}

/* Each of which has read a folder for that. */
TEST(so_many_that_cannot_start_are_tried_in_a_look)
{
	static struct set set;
	const size_t many = 3 * READER_STARTS_MAX;
	const struct sse_position gone = {
	    .stamp_ms = 1, .file = 2, .offset = 3};
	char id[SSE_POSITION_SIZE_MAX + 1];
	size_t tried = 0;

	id[sse_position_format(&gone, id)] = '\0';
	CHECK(mkdir(test_path("log"), 0700) == 0);
	begin(&set);
	set.readers.reading_max = many;
	while (set.count < many)
		read_by_itself(&set, id);
	CHECK_EQUAL_INT(readers_waiting(&set.readers), many);
	starts = 0;
	while (tried < many) {
		clock_ms += READER_LOOK_MS;
		for (int turns = 0; starts == tried; turns++) {
			CHECK(turns < TURNS_MAX);
			turn(&set);
		}
		for (int turns = 0; turns < 100; turns++)
			turn(&set);
		CHECK(starts - tried <= READER_STARTS_MAX);
		tried = starts;
	}
	end(&set);
}

/* -------------------------------------------------------------- a page -- */

/* A page of so many streams, which have no numbers. */
static void
ask_for_page(struct set *set, struct conf *conf, size_t streams)
{
	static size_t pages;
	struct page *page;

	CHECK_EQUAL_INT(
	    page_new(&pages, streams, STATUS_OPENMETRICS, &page), 0);
	for (size_t i = 0; i < streams; i++)
		page_stream(page, i, conf)->name = "log";
	CHECK_EQUAL_INT(page_serve(page, come(set)), 0);
}

TEST(a_page_is_written_for_so_long_in_a_turn)
{
	static struct set set;
	const struct status status = {.streams_count = 300};
	size_t parts = status_steps(&status, STATUS_OPENMETRICS);
	struct conf *conf = conf_new();
	size_t turns = 0;

	begin(&set);
	turn(&set);
	runs = true;
	ask_for_page(&set, conf, status.streams_count);
	for (; set.clients.first->owner != NULL; turns++)
		turn(&set);
	CHECK(turns >= parts / ((PAGE_TURN_MS + 1) * LOOKS));
	CHECK(turns <= parts);
	while (set.got[0] < 300000)
		turn(&set);
	conf_free(conf);
	end(&set);
}

TEST(a_page_ends_with_its_client)
{
	static struct set set;
	struct conf *conf = conf_new();

	begin(&set);
	runs = true;
	ask_for_page(&set, conf, 300);
	ask_for_page(&set, conf, 300);
	turn(&set);
	CHECK(set.clients.first->owner != NULL);
	client_close(set.clients.first, CLIENT_LEFT);
	turn(&set);
	conf_free(conf);
	end(&set);
}

TEST(so_many_pages_are_written_at_the_same_time)
{
	struct page *pages[PAGES_MAX], *page;
	size_t count = 0;

	for (int i = 0; i < PAGES_MAX; i++)
		CHECK_EQUAL_INT(page_new(&count, 1, STATUS_JSON, &pages[i]), 0);
	CHECK_EQUAL_INT(page_new(&count, 1, STATUS_JSON, &page), -EBUSY);
	page_free(pages[0]);
	CHECK_EQUAL_INT(page_new(&count, 1, STATUS_JSON, &pages[0]), 0);
	for (int i = 0; i < PAGES_MAX; i++)
		page_free(pages[i]);
	CHECK_EQUAL_INT((long long)count, 0);
}
