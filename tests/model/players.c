/*
 * players.c - workers and clients.
 */
#include "config.h"

#include "players.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLE_ROUNDS 60
#define SETTLE_MS 40
#define ITEMS_ALL 100000

static struct reader *
open_log(
    const struct players *players, const struct worker *worker, bool unwatched)
{
	const struct reader_options options = {
	    .world = players->world,
	    .records = players->options.records,
	    .unwatched = unwatched,
	    .shared = worker != NULL ? worker->shared : NULL,
	};

	return reader_new(&options);
}

static struct worker *
worker_of(struct players *players, const struct client *client)
{
	return client->worker >= 0 ? &players->workers[client->worker] : NULL;
}

/* --------------------------------------------------------------- reading -- */

void
players_lead(struct players *players, int number, int items)
{
	struct worker *worker = &players->workers[number];
	struct source_item item;

	for (; worker->leader != NULL && items > 0; items--) {
		int got = reader_next(worker->leader, &item);
		struct waiting waiting;

		if (got == 0 && reader_timeout_ms(worker->leader) > 0)
			return;
		if (got != 1)
			continue;
		waiting = waiting_of(&item);
		if (players->options.is_traced)
			waiting_trace("worker", number, &waiting);
		for (int i = 0; i < PLAYERS_CLIENTS; i++) {
			struct client *client = &players->clients[i];

			if (client->connected && client->reader == NULL &&
			    client->worker == number)
				client_give(client, &waiting);
		}
	}
}

/* It has what its leader has: it gets the leader's from now on. */
static void
meet(struct client *client)
{
	if (client->worker < 0 || !reader_meets(client->reader))
		return;
	reader_free(client->reader);
	client->reader = NULL;
}

void
players_read(struct players *players, int number, int items)
{
	struct client *client = &players->clients[number];
	struct worker *worker = worker_of(players, client);
	struct source_item item;
	int got;

	if (!client->connected || client->stalled)
		return;
	for (; client_drain(client) && client->reader != NULL && items > 0;
	     items--) {
		struct waiting waiting;

		if (worker != NULL)
			reader_follow(client->reader, worker->leader);
		got = reader_next(client->reader, &item);
		if (got == 1) {
			waiting = waiting_of(&item);
			(void)client_send(client, &waiting);
		} else if (got == 0 && reader_timeout_ms(client->reader) > 0) {
			meet(client);
			return;
		}
	}
}

/* ---------------------------------------------------------- connections -- */

static bool
lead(struct players *players, struct worker *worker)
{
	const struct source_start start = {.records = 2};

	if (worker->leader != NULL)
		return true;
	worker->leader = open_log(players, worker, false);
	if (reader_start(worker->leader, &start) == 0)
		return true;
	reader_free(worker->leader);
	worker->leader = NULL;
	return false;
}

/* The id that a connection begins with; before a gap there is none. */
static void
send_first_id(struct client *client)
{
	struct source_position position = reader_position(client->reader);
	struct waiting first = {.gap = GAP_NONE};

	if (!reader_owes_gap(client->reader))
		first.id_size = packed_format(&position, first.id);
	(void)client_send(client, &first);
}

static int
start(struct client *client)
{
	struct source_start start = {.records = SOURCE_RECORDS_ALL};
	struct sse_slice id = {client->id, client->id_size};
	struct source_position position;

	if (client->id_size > 0) {
		if (packed_parse(id, &position) != 0)
			abort();
		start.position = &position;
	}
	return reader_start(client->reader, &start);
}

void
players_connect(struct players *players, int number, int worker)
{
	struct client *client = &players->clients[number];

	if (client->connected)
		client_hang_up(client);
	client->worker = worker;
	client->stalled = false;
	if (worker >= 0 && !lead(players, &players->workers[worker]))
		return;
	client->reader =
	    open_log(players, worker_of(players, client), worker >= 0);
	if (start(client) != 0) {
		client_hang_up(client);
		return;
	}
	client_connect(client);
	send_first_id(client);
}

void
players_drop(struct players *players, int number)
{
	client_hang_up(&players->clients[number]);
}

void
players_kill(struct players *players, int number)
{
	struct worker *worker = &players->workers[number];

	for (int i = 0; i < PLAYERS_CLIENTS; i++)
		if (players->clients[i].worker == number)
			client_hang_up(&players->clients[i]);
	reader_free(worker->leader);
	worker->leader = NULL;
}

/* As in sse-fcgi; sequences of lines are from before that. */
static bool
may_yield(const struct players *players, const struct client *client)
{
	return players->options.records && client->worker >= 0 &&
	       client->reader != NULL && !reader_has_yielded(client->reader) &&
	       !reader_owes_gap(client->reader);
}

static bool
has_yielded(const struct client *client)
{
	return client->reader != NULL && reader_has_yielded(client->reader);
}

void
players_stall(struct players *players, int number, bool stalled)
{
	struct client *client = &players->clients[number];

	if (stalled && may_yield(players, client))
		reader_yield(client->reader);
	if (!stalled && has_yielded(client) &&
	    reader_go_on(client->reader) != 0)
		client_hang_up(client);
	client_stall(client, stalled);
}

void
players_come_back(struct players *players)
{
	for (int i = 0; i < PLAYERS_CLIENTS; i++)
		players_drop(players, i);
}

void
players_settle(struct players *players)
{
	for (int round = 0; round < SETTLE_ROUNDS; round++) {
		for (int i = 0; i < PLAYERS_WORKERS; i++)
			players_lead(players, i, ITEMS_ALL);
		for (int i = 0; i < PLAYERS_CLIENTS; i++) {
			struct client *client = &players->clients[i];

			players_stall(players, i, false);
			if (!client->connected)
				players_connect(players, i, client->worker);
			players_read(players, i, ITEMS_ALL);
		}
		world_wait(players->world, SETTLE_MS);
	}
}

/* -------------------------------------------------------------- checking -- */

static bool
before(const struct world *world, int a, int b)
{
	const struct world_line *left = &world->lines[a];
	const struct world_line *right = &world->lines[b];

	return left->run != right->run ? left->run < right->run
				       : left->place < right->place;
}

/* Whether a line was only in the copy that took the place of another's file. */
static bool
is_only_in_copy(
    const struct world *world, const struct world_line *line, int other)
{
	const struct world_run *run = &world->runs[line->run];

	return run->replaced > 0 && line->written_ms >= run->replaced_ms &&
	       world->lines[other].written_ms < run->replaced_ms;
}

/*
 * Whether the client came to what follows the line when nothing but a copy was
 * left of the line's file: the log was copied and truncated, with the line
 * between, and then deleted.  It has the same names, contents and times where
 * the log was replaced by a copy of itself, and that was renamed; then nothing
 * is missing.  Who had the file open meanwhile, has seen it truncated.
 */
static bool
came_to_a_copy(const struct world *world, const struct client *client, int line)
{
	const struct world_line *lost = &world->lines[line];
	const struct world_file *file = world->runs[lost->run].truncated;

	if (!lost->is_lost || file->removed_ms == 0)
		return false;
	for (int i = 0; i < client->events_count; i++) {
		const struct event *event = &client->events[i];

		if (event->line >= 0 && event->placed &&
		    before(world, line, event->line))
			return event->since_ms >= file->removed_ms;
	}
	return false;
}

/*
 * What nobody can know: a run that is in no file any more, and of which the
 * client had not got a line while it still was there.
 */
static bool
is_unknowable(const struct world *world, const struct client *client, int line)
{
	const struct world_line *lost = &world->lines[line];
	const struct world_run *run = &world->runs[lost->run];

	if (!lost->is_lost && !run->is_gone)
		return false;
	/* Who has the file open may have it; who has not, cannot. */
	if (lost->is_late && run->is_gone)
		return true;
	if (came_to_a_copy(world, client, line))
		return true;
	for (int i = 0; i < client->events_count; i++) {
		const struct event *event = &client->events[i];

		if (event->line >= 0 &&
		    world->lines[event->line].run == lost->run &&
		    !is_only_in_copy(world, lost, event->line) &&
		    (!lost->is_lost || event->when_ms <= run->truncated_ms))
			return false;
	}
	return true;
}

/*
 * A line that came to an old file is told when the client comes back, by
 * whatever gap is told then.
 */
static bool
is_covered_late(
    const struct world *world, const struct client *client, int line)
{
	const struct world_line *late = &world->lines[line];

	for (int i = 0; i < client->events_count; i++)
		if (late->is_late && client->events[i].line < 0 &&
		    client->events[i].when_ms >= late->written_ms)
			return true;
	return false;
}

/* Whether a gap of the client says that the line may be missing. */
static bool
is_covered(const struct world *world, const struct client *client, int line)
{
	bool is_after = false; /* of a placed record, and then of a gap */
	int last = -1;

	for (int i = 0; i < client->events_count; i++) {
		const struct event *event = &client->events[i];

		if (event->line < 0) {
			if (last < 0 || before(world, last, line))
				is_after = true;
			/* An old file has grown: any line of it. */
			if (event->reason == GAP_LATE && last >= 0 &&
			    world->lines[line].run < world->lines[last].run)
				return true;
		} else if (event->placed) {
			if (is_after && before(world, line, event->line))
				return true;
			if (is_after && before(world, event->line, line))
				is_after = false;
			last = event->line;
		}
	}
	return is_after;
}

static const char *
check_order(const struct world *world, const struct client *client)
{
	int last = -1;

	for (int i = 0; i < client->events_count; i++) {
		const struct event *event = &client->events[i];

		if (event->line < 0 || !event->placed)
			continue;
		if (last >= 0 && before(world, event->line, last) &&
		    world->lines[last].run == world->lines[event->line].run)
			return "lines of a file out of their order";
		last = event->line;
	}
	return NULL;
}

/* Whether the client had two lines of the run then. */
static bool
had_two_lines(const struct world *world, const struct client *client, int run,
    int64_t when_ms)
{
	int count = 0;

	for (int i = 0; i < client->events_count; i++)
		count += client->events[i].line >= 0 &&
			 client->events[i].when_ms < when_ms &&
			 world->lines[client->events[i].line].run == run;
	return count >= 2;
}

/*
 * Of a file that was replaced before the client had two lines of it nobody can
 * prove that it is the same; and what was replaced twice may not have been seen
 * between.
 */
static bool
proves_nothing(const struct world *world, const struct client *client)
{
	for (int i = 0; i < world->runs_count; i++) {
		const struct world_run *run = &world->runs[i];

		if (run->replaced > 1)
			return true;
		if (run->replaced == 1 &&
		    !had_two_lines(world, client, i, run->replaced_ms))
			return true;
	}
	return false;
}

static const char *
check_gaps(const struct world *world, const struct client *client)
{
	const struct world_deeds *deeds = &world->deeds;

	for (int i = 0; i < client->events_count; i++) {
		const struct event *event = &client->events[i];

		if (event->line >= 0)
			continue;
		if (event->reason == GAP_TRUNCATED && !deeds->truncated)
			return "a gap \"truncated\" without a reason";
		/*
		 * A truncation is a change of an old file, too; and of one that
		 * is gone nobody knows whether it has grown.
		 */
		if (event->reason == GAP_LATE && !deeds->late &&
		    !deeds->removed && !deeds->truncated)
			return "a gap \"late\" without a reason";
		if (event->reason == GAP_ROTATED && !deeds->removed &&
		    !deeds->truncated && !proves_nothing(world, client))
			return "a gap \"rotated\" without a reason";
		if (event->reason == GAP_UNKNOWN && !deeds->truncated &&
		    !deeds->removed && !proves_nothing(world, client))
			return "a gap \"unknown\" without a reason";
	}
	return NULL;
}

static char wrong[200];

static const char *
check_twice(const struct world *world, const struct client *client)
{
	static unsigned char got[WORLD_LINES_MAX];

	memset(got, 0, sizeof(got));
	for (int i = 0; i < client->events_count; i++) {
		if (client->events[i].line >= world->lines_count)
			return "a line of another log";
		if (client->events[i].line >= 0 &&
		    got[client->events[i].line]++ > 0) {
			(void)snprintf(wrong, sizeof(wrong),
			    "line %d came twice", client->events[i].line);
			return wrong;
		}
	}
	return NULL;
}

static bool
has_got(const struct client *client, int line)
{
	for (int i = 0; i < client->events_count; i++)
		if (client->events[i].line == line)
			return true;
	return false;
}

static const char *
check_missing(const struct world *world, const struct client *client)
{
	for (int line = 0; line < world->lines_count; line++)
		if (!has_got(client, line) &&
		    !is_covered(world, client, line) &&
		    !is_covered_late(world, client, line) &&
		    !is_unknowable(world, client, line)) {
			(void)snprintf(wrong, sizeof(wrong),
			    "line %d (run %d) is missing, and no gap says so",
			    line, world->lines[line].run);
			return wrong;
		}
	return NULL;
}

static const char *
check_all(const struct players *players,
    const char *(*check)(const struct world *, const struct client *))
{
	static char whose[256];

	for (int i = 0; i < PLAYERS_CLIENTS; i++) {
		const char *why = check(players->world, &players->clients[i]);

		if (why == NULL)
			continue;
		(void)snprintf(whose, sizeof(whose), "client %d: %s", i, why);
		return whose;
	}
	return NULL;
}

const char *
players_check_what_came(const struct players *players)
{
	const char *why = check_all(players, check_twice);

	if (why == NULL)
		why = check_all(players, check_order);
	return why != NULL ? why : check_all(players, check_gaps);
}

const char *
players_check_what_is_missing(const struct players *players)
{
	return check_all(players, check_missing);
}

/* ------------------------------------------------------------------ life -- */

void
players_begin(struct players *players, struct world *world,
    const struct players_options *options)
{
	memset(players, 0, sizeof(*players));
	players->world = world;
	players->options = *options;
	players->hints = source_hints_new();
	for (int i = 0; i < PLAYERS_WORKERS; i++)
		players->workers[i].shared =
		    reader_shared_new(world, players->hints);
	for (int i = 0; i < PLAYERS_CLIENTS; i++) {
		players->clients[i].number = i;
		players->clients[i].is_traced = options->is_traced;
		players->clients[i].world = world;
		players_connect(players, i,
		    i < PLAYERS_CLIENTS - 1 ? i % PLAYERS_WORKERS : -1);
	}
}

void
players_end(struct players *players)
{
	for (int i = 0; i < PLAYERS_CLIENTS; i++)
		client_hang_up(&players->clients[i]);
	for (int i = 0; i < PLAYERS_WORKERS; i++)
		players_kill(players, i);
	for (int i = 0; i < PLAYERS_WORKERS; i++)
		source_shared_free(players->workers[i].shared);
	source_hints_free(players->hints);
}
