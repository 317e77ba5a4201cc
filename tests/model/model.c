/*
 * model.c - random sequences of everything that happens to a log and to those
 * who read it, each checked against what the readers must have.
 *
 *	model [--mood=MOOD] [--records] [--faults] [--length=N] [--seed=N]
 *	    [--steps=N] FOLDER
 *	model --play FILE [--trace] FOLDER
 *
 * Plays sequences of --length steps (80), from --seed (1) on, until there were
 * --steps (10000).  The moods are in moods.c; calm is the first.  A sequence
 * that fails is made as short as it can be and still fails, and is
 * printed as a line that --play takes.  --play plays each line of the file;
 * lines with # are passed over; --trace shows who gets what.  With --faults
 * reads are cut short, opens fail, the log is rotated between any two calls,
 * and a client takes only a part of what is written to it, or nothing.  With
 * --records the log is read in records of several lines.  In a file a line
 *begins with the mood, and so read: "calm records: ".
 */
#include "config.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "moods.h"
#include "players.h"
#include "steps.h"

#define LINE_SIZE_MAX 65536

/* Before a sequence that is read in records. */
#define RECORDS "records"

struct game {
	const struct mood *mood;
	struct world world;
	struct players players;
	const char *folder;
	uint64_t between; /* random, for what happens between two calls */
	enum step_kind rotations[2]; /* that may happen between two calls */
	bool has_rotated;            /* in this step */
	struct players_options options;
};

/* ---------------------------------------------------------------- steps -- */

/* Writers. */
static void
be_written(struct world *world, enum step_kind kind, unsigned a, unsigned b)
{
	switch (kind) {
	case STEP_APPEND:
		/*
		 * Mostly the first: two have two logs only while one is late.
		 */
		world_append(world, a == 3);
		break;
	case STEP_PART:
		world_append_part(world, 0);
		break;
	case STEP_REOPEN:
		world_reopen(world, a == 3);
		break;
	case STEP_AHEAD:
		world_append_ahead(world);
		break;
	case STEP_NEIGHBOUR:
		world_neighbour(world, a, b % 4 == 0);
		break;
	default:
		break;
	}
}

/* And those who rotate it, and give it other names. */
static void
happen(struct game *game, enum step_kind kind, unsigned a, unsigned b)
{
	struct world *world = &game->world;

	switch (kind) {
	case STEP_ROTATE:
		world_rename(world, true);
		world_reopen(world, 0);
		world_reopen(world, 1);
		break;
	case STEP_RENAME:
		world_rename(world, a & 1);
		break;
	case STEP_COPYTRUNCATE:
	case STEP_COPYTRUNCATE_BUSY:
		world_copy_and_truncate(world, kind != STEP_COPYTRUNCATE);
		break;
	case STEP_TRUNCATE:
		world_truncate(world);
		break;
	case STEP_DELETE:
		world_delete(world);
		break;
	case STEP_REPLACE:
	case STEP_REWRITE:
		world_replace(world, kind == STEP_REWRITE);
		break;
	case STEP_ROTATE_PRIVATELY:
		world_rename_privately(world);
		break;
	case STEP_PERMIT:
		world_permit(world);
		break;
	case STEP_LINK:
		world_link(world);
		break;
	case STEP_SWITCH_LINK:
		world_switch_link(world);
		break;
	case STEP_MIDNIGHT:
		world_midnight(world);
		break;
	default:
		be_written(world, kind, a, b);
	}
}

/*
 * Between two calls of the follower: what happens to this log anyway, and at
 * most one rotation in a step.  Where a log is rotated twice, and in two ways,
 * within one look, the names do not tell the order.
 */
static void
happen_between(void *context)
{
	struct game *game = context;
	enum step_kind kind = STEP_APPEND;
	unsigned which;

	game->between = game->between * UINT64_C(6364136223846793005) + 1;
	which = (unsigned)(game->between >> 33) % 4;
	if (which > 1 && !game->has_rotated) {
		kind = game->rotations[which - 2];
		game->has_rotated = true;
	}
	if (game->options.is_traced)
		printf("#   meanwhile: %s\n", steps_name(kind));
	happen(game, kind, 0, 1);
}

/* In the middle of what takes its time, those who are there look. */
static void
look_around(void *context)
{
	struct game *game = context;

	if (faults_are_played())
		return;
	for (int i = 0; i < PLAYERS_WORKERS; i++)
		players_lead(&game->players, i, 3);
	for (int i = 0; i < PLAYERS_CLIENTS; i++)
		players_read(&game->players, i, 3);
	world_wait(&game->world, 2 * WORLD_TICK_MS);
}

static void
take_part(struct game *game, const struct step *step)
{
	struct players *players = &game->players;
	int client = (int)step->a % PLAYERS_CLIENTS;
	int worker = (int)step->a % PLAYERS_WORKERS;

	switch (step->kind) {
	case STEP_WAIT:
		world_wait(&game->world, 1 + (int64_t)step->a * step->b * 10);
		break;
	case STEP_READ:
		players_read(players, client, 1 + (int)step->b * (int)step->b);
		break;
	case STEP_LEAD:
		players_lead(players, worker, 1 + (int)step->b * (int)step->b);
		break;
	case STEP_DROP:
		players_drop(players, client);
		break;
	case STEP_CONNECT:
		players_connect(
		    players, client, (int)step->b % (PLAYERS_WORKERS + 1) - 1);
		break;
	case STEP_KILL:
		players_kill(players, worker);
		break;
	case STEP_STALL:
	case STEP_GO_ON:
		players_stall(players, client, step->kind == STEP_STALL);
		break;
	default:
		happen(game, step->kind, step->a, step->b);
	}
}

static void
take_step(struct game *game, const struct step *step)
{
	static const struct faults_rates rates = {
	    .shorter = 5, .failing = 60, .between = 80};

	if (step->seed == 0) {
		faults_stop();
	} else {
		game->between = step->seed;
		game->has_rotated = false;
		faults_begin(
		    &game->world, step->seed, &rates, happen_between, game);
	}
	faults_shorten_writes(step->writes);
	take_part(game, step);
	/* What happens takes time; mostly a little. */
	world_wait(&game->world, 1 + step->b % 3 * WORLD_TICK_MS);
}

/* How the log of these steps is rotated. */
static void
choose_rotations(struct game *game, const struct steps *steps)
{
	bool copied = false, renamed = false;

	for (size_t i = 0; i < steps->count; i++) {
		enum step_kind kind = steps->list[i].kind;

		copied = copied || kind == STEP_COPYTRUNCATE ||
			 kind == STEP_COPYTRUNCATE_BUSY;
		renamed = renamed || kind == STEP_ROTATE || kind == STEP_RENAME;
	}
	game->rotations[0] = copied ? STEP_COPYTRUNCATE_BUSY : STEP_APPEND;
	game->rotations[1] =
	    copied && !renamed ? STEP_COPYTRUNCATE : STEP_ROTATE;
	if (game->mood->rules.source != NULL)
		game->rotations[1] = STEP_MIDNIGHT;
}

/* NULL, or what is wrong. */
static const char *
play(struct game *game, const struct steps *steps)
{
	static const struct faults_rates none = {0, 0, 0};
	const char *wrong;

	world_begin(&game->world, game->folder, &game->mood->rules);
	game->world.looks = look_around;
	game->world.context = game;
	faults_begin(&game->world, 1, &none, NULL, NULL);
	choose_rotations(game, steps);
	players_begin(&game->players, &game->world, &game->options);
	for (size_t i = 0; i < steps->count; i++) {
		const struct steps one = {{steps->list[i]}, 1};

		if (game->options.is_traced)
			steps_print(&one, stdout);
		take_step(game, &steps->list[i]);
	}
	faults_stop();
	world_permit(&game->world);
	players_settle(&game->players);
	wrong = players_check_what_came(&game->players);
	/* A log that nobody has looked at since shows what it was. */
	world_finish(&game->world);
	players_settle(&game->players);
	players_come_back(&game->players);
	players_settle(&game->players);
	if (wrong == NULL)
		wrong = players_check_what_came(&game->players);
	if (wrong == NULL)
		wrong = players_check_what_is_missing(&game->players);
	players_end(&game->players);
	world_end(&game->world);
	return wrong;
}

/* ------------------------------------------------------------ shrinking -- */

/* Without the steps from there on, so many. */
static bool
fails_without(struct game *game, struct steps *steps, size_t from, size_t count)
{
	struct steps *shorter = malloc(sizeof(*shorter));
	bool fails;

	if (shorter == NULL)
		abort();
	*shorter = *steps;
	memmove(shorter->list + from, shorter->list + from + count,
	    (steps->count - from - count) * sizeof(*shorter->list));
	shorter->count -= count;
	fails = play(game, shorter) != NULL;
	if (fails)
		*steps = *shorter;
	free(shorter);
	return fails;
}

static void
shrink(struct game *game, struct steps *steps)
{
	for (size_t size = steps->count / 2; size > 0; size /= 2)
		for (size_t from = 0; from + size <= steps->count;)
			if (!fails_without(game, steps, from, size))
				from += size;
	/* One more time, as each step may have needed another one. */
	for (size_t from = 0; from < steps->count;)
		if (!fails_without(game, steps, from, 1))
			from++;
}

static void
report(struct game *game, struct steps *steps, const char *what)
{
	const char *wrong;

	shrink(game, steps);
	wrong = play(game, steps);
	printf("# %s%s\n", what,
	    wrong != NULL ? "" : ", but not when it is played again");
	printf("%s%s: ", game->mood->name,
	    game->options.records ? " " RECORDS : "");
	steps_print(steps, stdout);
	(void)fflush(stdout);
}

/* --------------------------------------------------------------- playing -- */

struct wishes {
	uint64_t seed;
	size_t steps;
	size_t length;
	bool faults;
	const char *file;
};

static int
play_random(struct game *game, const struct wishes *wishes)
{
	struct steps *steps = malloc(sizeof(*steps));
	uint64_t seed = wishes->seed;
	size_t played = 0;
	int failed = 0;

	if (steps == NULL)
		abort();
	for (; played < wishes->steps; seed++) {
		char what[256];
		const char *wrong;

		steps_make(steps, game->mood->weights, seed, wishes->length,
		    wishes->faults);
		played += steps->count;
		wrong = play(game, steps);
		if (wrong == NULL)
			continue;
		(void)snprintf(
		    what, sizeof(what), "seed %" PRIu64 ": %s", seed, wrong);
		report(game, steps, what);
		failed++;
	}
	printf("steps %zu seeds %" PRIu64 " to %" PRIu64 " failed %d\n", played,
	    wishes->seed, seed - 1, failed);
	free(steps);
	return failed > 0;
}

/* "links records: ": in which mood, and how it is read; NULL: it is none. */
static const char *
take_front(struct game *game, const char *line)
{
	const char *end = strstr(line, ": ");
	char word[32];
	int used;

	game->options.records = false;
	game->mood = moods_find("calm");
	if (end == NULL)
		return line;
	while (line < end && sscanf(line, " %31[a-z]%n", word, &used) == 1) {
		line += used;
		if (strcmp(word, RECORDS) == 0)
			game->options.records = true;
		else
			game->mood = moods_find(word);
		if (game->mood == NULL)
			return NULL;
	}
	return line == end ? end + 2 : NULL;
}

/* NULL, or what is wrong. */
static const char *
play_line(struct game *game, const char *line)
{
	static struct steps steps;

	line = take_front(game, line);
	if (line == NULL)
		return "no mood";
	return steps_parse(&steps, line) ? play(game, &steps)
					 : "no sequence of steps";
}

static int
play_file(struct game *game, const char *path)
{
	static char line[LINE_SIZE_MAX];
	FILE *file = fopen(path, "re");
	int failed = 0, count = 0;

	if (file == NULL) {
		perror(path);
		return 111;
	}
	while (fgets(line, sizeof(line), file) != NULL) {
		const char *wrong;

		if (line[0] == '#' || line[0] == '\n')
			continue;
		count++;
		wrong = play_line(game, line);
		if (wrong == NULL)
			continue;
		printf("# %s\n%s", wrong, line);
		failed++;
	}
	(void)fclose(file);
	printf("sequences %d failed %d\n", count, failed);
	return failed > 0 || count == 0;
}

static bool
take_option(struct wishes *wishes, struct game *game, int option)
{
	switch (option) {
	case 'f':
		wishes->faults = true;
		return true;
	case 'l':
		wishes->length = strtoul(optarg, NULL, 10);
		return wishes->length > 0;
	case 'm':
		game->mood = moods_find(optarg);
		return game->mood != NULL;
	case 'r':
		game->options.records = true;
		return true;
	case 's':
		wishes->seed = strtoull(optarg, NULL, 10);
		return true;
	case 'n':
		wishes->steps = strtoul(optarg, NULL, 10);
		return true;
	case 'p':
		wishes->file = optarg;
		return true;
	case 't':
		game->options.is_traced = true;
		return true;
	default:
		return false;
	}
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"faults", no_argument, NULL, 'f'},
	    {"length", required_argument, NULL, 'l'},
	    {"mood", required_argument, NULL, 'm'},
	    {"records", no_argument, NULL, 'r'},
	    {"seed", required_argument, NULL, 's'},
	    {"steps", required_argument, NULL, 'n'},
	    {"play", required_argument, NULL, 'p'},
	    {"trace", no_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
	struct wishes wishes = {.seed = 1, .steps = 10000, .length = 80};
	struct game *game = calloc(1, sizeof(*game));
	bool is_right = true;
	int got, status;

	if (game == NULL)
		return 111;
	game->mood = moods_find("calm");
	while ((got = getopt_long(argc, argv, "", options, NULL)) >= 0)
		is_right = is_right && take_option(&wishes, game, got);
	if (!is_right || argc - optind != 1) {
		free(game);
		return 100;
	}
	game->folder = argv[optind];
	status = wishes.file != NULL ? play_file(game, wishes.file)
				     : play_random(game, &wishes);
	free(game);
	return status;
}
