/*
 * redis_model.c - random sequences of what happens to a Redis Stream, with a
 * real server, checked against what a reader must have.
 *
 *	redis-model [--seed=N] [--steps=N] [--deletes] SOCKET
 *	redis-model [--seed=N] [--steps=N] --keeps=all|some|none FOLDER
 *
 * The entries are numbers.  A reader has each of them once, in order; what was
 * trimmed before it came is told in gaps, exactly, and that the stream was made
 * anew once.  With --deletes single entries are deleted, too: then those are
 * not told, and no gap tells fewer than were trimmed.
 *
 * With --keeps the server is the model's own, and is killed.  It comes back
 *with all it had; with what it had when it was last saved; or with nothing. Who
 *had an entry that it has lost is told that the end is lost, and nobody else
 *is.
 */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/redis_link.h"
#include "source/redis_position.h"
#include "source/source.h"

#include "redis_process.h"

#define NUMBERS_MAX 4000000
#define KEPT_MAX 40   /* entries of the stream, about */
#define WAIT_MS 20000 /* until a reader has all */
#define KEY "numbers"
#define READERS 3

enum fate {
	FATE_THERE,
	FATE_TRIMMED,
	FATE_DELETED, /* by itself */
	FATE_GONE,    /* with the stream */
	FATE_LOST     /* with a server that had not saved it */
};

/* What a server that is killed comes back with. */
enum keeps {
	KEEPS_ALL,
	KEEPS_SOME,
	KEEPS_NONE
};

struct world {
	const char *folder; /* NULL: the server is not ours */
	enum keeps keeps;
	pid_t server;
	uint64_t saved; /* numbers up to that one; and what became */
	unsigned char *saved_fates; /* of each until then */
	struct redis_endpoint endpoint;
	struct redis_link link;
	uint64_t random;
	bool deletes;
	uint64_t count;       /* numbers 1 to count were added */
	uint64_t oldest;      /* none before it is there */
	unsigned char *fates; /* of each number */
	unsigned *eras;       /* how often the stream was made anew */
	struct redis_id *ids; /* of the entries */
	unsigned era;
	uint64_t gaps, told, records, restarts, kills;
};

struct reader {
	struct world *world;
	struct source *source;
	char text[200]; /* of the source */
	char id[SSE_POSITION_SIZE_MAX + 1];
	uint64_t last; /* number that it had, or was told of as the last */
	uint64_t skipped;
	unsigned era;
	bool truncated; /* told since the last record */
	bool rolled;    /* the server has come back with less since then */
	bool had_lost;  /* which the last record is a part of */
};

static void
fail(const struct reader *reader, const char *what, uint64_t number)
{
	printf("not ok: %s: %" PRIu64 " behind %" PRIu64 " with %" PRIu64
	       " skipped, id %s\n",
	    what, number, reader->last, reader->skipped, reader->id);
	exit(1);
}

static unsigned
any(struct world *world, unsigned below)
{
	world->random ^= world->random << 13;
	world->random ^= world->random >> 7;
	world->random ^= world->random << 17;
	return (unsigned)(world->random % below);
}

/* ---------------------------------------------------------- the server -- */

/* A command of words with blanks between, and its answer. */
static const struct redis_value *
say(struct world *world, const char *command)
{
	const struct redis_value *value = NULL;
	struct sse_slice words[16];
	size_t count = 0;
	int got;

	while (*command != '\0') {
		size_t size = strcspn(command, " ");

		words[count++] = (struct sse_slice){command, size};
		command += size;
		command += *command == ' ';
	}
	if (redis_link_send(&world->link, words, count) != 0)
		abort();
	while ((got = redis_link_next(&world->link, &value)) != 1) {
		struct pollfd fd = {.fd = world->link.fd,
		    .events = redis_link_events(&world->link)};

		if (got < 0 && got != RESULT_PARTIAL)
			abort();
		(void)poll(&fd, 1, 1000);
	}
	return value;
}

/* ------------------------------------------------------- what happens -- */

static void
trim_to(struct world *world, uint64_t kept)
{
	uint64_t there = 0, number = world->count;

	for (; number >= world->oldest && there < kept; number--)
		there += world->fates[number] == FATE_THERE;
	for (; number >= world->oldest; number--)
		if (world->fates[number] == FATE_THERE)
			world->fates[number] = FATE_TRIMMED;
}

static void
add(struct world *world, bool trims)
{
	char command[100];
	const struct redis_value *value;
	unsigned kept = any(world, KEPT_MAX) / 4;

	world->count++;
	if (trims)
		(void)snprintf(command, sizeof(command),
		    "XADD " KEY " MAXLEN = %u * data %" PRIu64, kept,
		    world->count);
	else
		(void)snprintf(command, sizeof(command),
		    "XADD " KEY " * data %" PRIu64, world->count);
	value = say(world, command);
	if (redis_id_parse(value->text, &world->ids[world->count]) != 0)
		abort();
	world->fates[world->count] = FATE_THERE;
	world->eras[world->count] = world->era;
	if (trims)
		trim_to(world, kept);
}

static void
trim(struct world *world)
{
	char command[100];
	unsigned kept = any(world, KEPT_MAX);

	(void)snprintf(
	    command, sizeof(command), "XTRIM " KEY " MAXLEN = %u", kept);
	(void)say(world, command);
	trim_to(world, kept);
}

/* One that is not the newest: that would be taken for a loss of the end. */
static void
delete_one(struct world *world)
{
	uint64_t number = world->count - any(world, KEPT_MAX);
	char command[100], id[REDIS_ID_SIZE_MAX];

	if (number < world->oldest || number > world->count ||
	    world->fates[number] != FATE_THERE)
		return;
	(void)redis_id_text(&world->ids[number], id);
	(void)snprintf(command, sizeof(command), "XDEL " KEY " %s", id);
	(void)say(world, command);
	world->fates[number] = FATE_DELETED;
}

/* -------------------------------------------------------------- readers -- */

/* Whether all from the one on to before the other are lost by right. */
static void
check_missed(struct reader *reader, uint64_t number)
{
	const struct world *world = reader->world;
	uint64_t trimmed = 0, missed = 0;
	/* What was trimmed, and told, may have come back. */
	bool was_told = reader->rolled && reader->skipped > 0;

	for (uint64_t i = reader->last + 1; i < number; i++) {
		if (world->fates[i] == FATE_THERE && !was_told)
			fail(reader, "it was there, and is lost", i);
		trimmed += world->fates[i] == FATE_TRIMMED;
		missed += world->fates[i] != FATE_LOST;
	}
	if (reader->truncated)
		return;
	if (!world->deletes && !reader->rolled && reader->skipped != missed)
		fail(reader, "a wrong number", number);
	if (reader->skipped < trimmed)
		fail(reader, "too few were told", number);
}

static void
take_record(struct reader *reader, const struct record *record)
{
	struct world *world = reader->world;
	uint64_t number = strtoull(record->text.data, NULL, 10);

	if (number <= reader->last)
		fail(reader, "it comes twice", number);
	if (world->eras[number] != reader->era && !reader->truncated)
		fail(reader, "nothing was said of the stream's end", number);
	if (reader->had_lost && !reader->truncated &&
	    world->fates[number] != FATE_LOST)
		fail(reader, "nothing was said of the lost end", number);
	check_missed(reader, number);
	reader->last = number;
	/* It may have been read before the server was killed. */
	reader->had_lost = world->fates[number] == FATE_LOST;
	reader->rolled = reader->had_lost;
	reader->era = world->eras[number];
	reader->skipped = 0;
	reader->truncated = false;
	world->records++;
}

static void
take_gap(struct reader *reader, const struct source_item *item)
{
	struct world *world = reader->world;

	world->gaps++;
	if (item->reason == GAP_TRUNCATED) {
		if (reader->era == world->era && !world->deletes &&
		    !reader->rolled)
			fail(reader, "it was not made anew", 0);
		reader->truncated = true;
	} else if (item->skipped == SOURCE_SKIPPED_UNKNOWN) {
		/* Its place was one whose number nobody knew. */
		if (!world->deletes)
			fail(reader, "it was not counted", 0);
		reader->truncated = true;
	} else if (item->reason == GAP_ROTATED) {
		world->told += item->skipped;
		reader->skipped += item->skipped;
	} else
		fail(reader, gap_reason_text(item->reason), 0);
}

static void
keep_id(struct reader *reader, const struct source_item *item)
{
	struct sse_slice id = source_id(reader->source, &item->position);

	memcpy(reader->id, id.data, id.size);
	reader->id[id.size] = '\0';
}

static void
begin(struct reader *reader)
{
	const struct source_options options = {
	    .clock = sse_clock_system(),
	    .record_size_max = 65536,
	    .replay_size = 1 << 30,
	    .follow = true,
	};
	struct source_start start = {.records = SOURCE_RECORDS_ALL};
	int got;

	if (reader->id[0] != '\0')
		start.id = sse_slice(reader->id);
	if (source_new(reader->text, &options, &reader->source) != 0)
		abort();
	got = source_start(reader->source, &start);
	while (got == RESULT_PARTIAL) {
		struct source_poll wait = source_poll(reader->source);
		struct pollfd fd = {.fd = wait.fd, .events = wait.events};

		(void)poll(&fd, 1, (int)wait.timeout_ms);
		got = source_go_on(reader->source);
	}
	if (got != 0)
		abort();
}

/* Whether something came: within so many milliseconds. */
static bool
pump(struct reader *reader, int ms)
{
	struct source_item item;
	int got = source_next(reader->source, &item);

	if (got == 1) {
		if (item.kind == SOURCE_GAP)
			take_gap(reader, &item);
		else
			take_record(reader, &item.record);
		keep_id(reader, &item);
	} else {
		struct source_poll wait = source_poll(reader->source);
		struct pollfd fd = {.fd = wait.fd, .events = wait.events};

		(void)poll(
		    &fd, 1, wait.timeout_ms < ms ? (int)wait.timeout_ms : ms);
	}
	return got == 1;
}

/* Until it has the newest, if that is there. */
static void
catch_up(struct reader *reader)
{
	const struct world *world = reader->world;
	int64_t end_ms = sse_clock_monotonic_ms(sse_clock_system()) + WAIT_MS;

	while (reader->last < world->count &&
	       world->fates[world->count] == FATE_THERE) {
		(void)pump(reader, 100);
		if (sse_clock_monotonic_ms(sse_clock_system()) > end_ms)
			fail(reader, "in vain waited for", world->count);
	}
}

static void
restart(struct reader *reader)
{
	/* Who has nothing begins with what is there. */
	if (reader->id[0] == '\0')
		return;
	reader->world->restarts++;
	source_free(reader->source);
	reader->source = NULL;
	begin(reader);
}

/*
 * A stream that has no identity is known by its numbers: all look at the new
 * one before more is deleted of it than ever was of the old one.
 */
static void
begin_anew(struct world *world, struct reader *readers)
{
	/* In the same millisecond ids would come again. */
	(void)poll(NULL, 0, 2);
	for (unsigned i = any(world, 5); i > 0; i--)
		add(world, false);
	add(world, false);
	for (int i = 0; i < READERS; i++)
		catch_up(&readers[i]);
}

static void
lose_all(struct world *world)
{
	for (uint64_t i = world->oldest; i <= world->count; i++)
		if (world->fates[i] == FATE_THERE)
			world->fates[i] = FATE_GONE;
	world->oldest = world->count + 1;
	world->era++;
}

static void
save(struct world *world)
{
	(void)say(world, "SAVE");
	world->saved = world->count;
	for (uint64_t i = world->oldest; i <= world->count; i++)
		world->saved_fates[i] = world->fates[i];
}

static void
make_anew(struct world *world, struct reader *readers)
{
	(void)say(world, "DEL " KEY);
	lose_all(world);
	begin_anew(world, readers);
	/* It does not come back with the one before. */
	if (world->folder != NULL && world->keeps == KEEPS_SOME)
		save(world);
}

/* --------------------------------------------------------------- killing -- */

/* It answers once it has read what it had. */
static bool
is_ready(struct world *world)
{
	const struct redis_value *value = NULL;
	const struct sse_slice words[] = {sse_slice("EXISTS"), sse_slice(KEY)};
	int got = redis_link_open(&world->link, &world->endpoint);

	if (got == 0)
		got = redis_link_send(&world->link, words, 2);
	while (got == 0 || got == RESULT_PARTIAL) {
		struct pollfd fd = {.fd = world->link.fd,
		    .events = redis_link_events(&world->link)};

		got = redis_link_next(&world->link, &value);
		if (got == 0)
			(void)poll(&fd, 1, 1000);
	}
	if (got == 1 && value->kind == REDIS_NUMBER)
		return true;
	redis_link_close(&world->link);
	return false;
}

static void
start_server(struct world *world)
{
	int64_t end_ms = sse_clock_monotonic_ms(sse_clock_system()) + WAIT_MS;

	world->server =
	    redis_process_start(world->folder, world->keeps == KEEPS_ALL);
	while (!is_ready(world)) {
		(void)poll(NULL, 0, 5);
		if (sse_clock_monotonic_ms(sse_clock_system()) > end_ms) {
			printf("not ok: no server\n");
			exit(1);
		}
	}
}

/* Back to what was saved. */
static void
roll_back(struct world *world, struct reader *readers)
{
	for (uint64_t i = world->oldest; i <= world->count; i++)
		world->fates[i] =
		    i <= world->saved ? world->saved_fates[i] : FATE_LOST;
	for (int i = 0; i < READERS; i++) {
		readers[i].rolled = true;
		readers[i].had_lost |= readers[i].last > world->saved;
	}
}

static void
kill_server(struct world *world, struct reader *readers)
{
	world->kills++;
	redis_link_close(&world->link);
	redis_process_kill(world->server);
	for (int i = 0; i < READERS; i++)
		for (unsigned turns = any(world, 5); turns > 0; turns--)
			(void)pump(&readers[i], 0);
	start_server(world);
	if (world->keeps == KEEPS_ALL)
		return;
	if (world->keeps == KEEPS_SOME)
		roll_back(world, readers);
	else
		lose_all(world);
	begin_anew(world, readers);
	if (world->keeps == KEEPS_SOME)
		save(world);
}

/* ---------------------------------------------------------------- steps -- */

static void
step(struct world *world, struct reader *readers)
{
	struct reader *reader = &readers[any(world, READERS)];
	unsigned what = any(world, 1000);

	if (what < 450)
		add(world, false);
	else if (what < 500)
		add(world, true);
	else if (what < 540)
		trim(world);
	else if (what < 545)
		make_anew(world, readers);
	else if (what < 600 && world->deletes)
		delete_one(world);
	else if (what < 547 && world->folder != NULL)
		kill_server(world, readers);
	else if (what < 560 && world->folder != NULL &&
		 world->keeps == KEEPS_SOME)
		save(world);
	else if (what < 950)
		for (unsigned i = any(world, 12); i > 0; i--)
			(void)pump(reader, 0);
	else if (what < 980)
		restart(reader);
	else
		catch_up(reader);
}

static void
connect_to(struct world *world, const char *place, struct reader *readers)
{
	const char *name = world->folder != NULL ? "/redis.sock" : "";
	const char *reason = "";

	for (int i = 0; i < READERS; i++) {
		readers[i] = (struct reader){.world = world};
		(void)snprintf(readers[i].text, sizeof(readers[i].text),
		    "redis:unix:%s%s#" KEY, place, name);
	}
	if (redis_endpoint_parse(readers[0].text, &world->endpoint, &reason) !=
	    0)
		abort();
	redis_link_init(&world->link, sse_clock_system(), 1 << 20);
	if (world->folder != NULL)
		start_server(world);
	else if (redis_link_open(&world->link, &world->endpoint) != 0) {
		printf("not ok: no server\n");
		exit(1);
	}
}

static void
play(struct world *world, const char *place, uint64_t steps)
{
	struct reader readers[READERS];

	connect_to(world, place, readers);
	(void)say(world, "DEL " KEY);
	add(world, false);
	if (world->folder != NULL && world->keeps == KEEPS_SOME)
		save(world);
	for (int i = 0; i < READERS; i++)
		begin(&readers[i]);
	while (steps-- > 0 && world->count < NUMBERS_MAX)
		step(world, readers);
	add(world, false);
	for (int i = 0; i < READERS; i++) {
		catch_up(&readers[i]);
		source_free(readers[i].source);
	}
	redis_link_close(&world->link);
	redis_endpoint_done(&world->endpoint);
	if (world->folder != NULL)
		redis_process_kill(world->server);
}

static enum keeps
read_keeps(const char *text)
{
	if (strcmp(text, "all") == 0)
		return KEEPS_ALL;
	return strcmp(text, "some") == 0 ? KEEPS_SOME : KEEPS_NONE;
}

static bool
read_options(int argc, char *argv[], struct world *world, uint64_t *steps)
{
	static const struct option options[] = {
	    {"seed", required_argument, NULL, 's'},
	    {"steps", required_argument, NULL, 'n'},
	    {"deletes", no_argument, NULL, 'd'},
	    {"keeps", required_argument, NULL, 'k'}, {NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 's':
			world->random = strtoull(optarg, NULL, 10) * 7919 + 1;
			break;
		case 'n':
			*steps = strtoull(optarg, NULL, 10);
			break;
		case 'd':
			world->deletes = true;
			break;
		case 'k':
			world->keeps = read_keeps(optarg);
			world->folder = argv[argc - 1];
			break;
		default:
			return false;
		}
	return optind + 1 == argc;
}

int
main(int argc, char *argv[])
{
	struct world world = {.random = 1, .oldest = 1};
	uint64_t steps = 10000;

	if (!read_options(argc, argv, &world, &steps))
		return 100;
	world.fates = calloc(NUMBERS_MAX + 2, sizeof(*world.fates));
	world.eras = calloc(NUMBERS_MAX + 2, sizeof(*world.eras));
	world.ids = calloc(NUMBERS_MAX + 2, sizeof(*world.ids));
	world.saved_fates = calloc(NUMBERS_MAX + 2, 1);
	play(&world, argv[optind], steps);
	printf("ok: %" PRIu64 " added, %" PRIu64 " read, %" PRIu64
	       " gaps of %" PRIu64 ", %" PRIu64 " restarts, %" PRIu64
	       " kills\n",
	    world.count, world.records, world.gaps, world.told, world.restarts,
	    world.kills);
	free(world.fates);
	free(world.eras);
	free(world.ids);
	free(world.saved_fates);
	return 0;
}
