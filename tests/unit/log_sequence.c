/*
 * log_sequence.c - what happens to a log, and what its readers get, as text.
 */
#include "config.h"

#include "log_sequence.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEP_SIZE_MAX 200
#define TEXT_SIZE_MAX 8192
#define READERS 3

struct play {
	const char *file; /* where the sequence is, for who has to look */
	int line;
	struct reader readers[READERS];
	bool there[READERS]; /* it came, and did not leave */
	size_t at;           /* the one who takes the steps */
	int held;            /* a writer's descriptor; -1: none */
};

/* A step: its first word, the second one, and the rest. */
struct step {
	char words[STEP_SIZE_MAX];
	char *verb;
	char *first;
	char *rest; /* behind the first */
	char *all;  /* behind the verb */
};

static const char *const names[READERS] = {"reader", "leader", "away"};

static struct reader *
reader_of(struct play *play)
{
	return &play->readers[play->at];
}

static size_t
find_name(const struct play *play, const char *name)
{
	for (size_t i = 0; i < READERS; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	test_fail(play->file, play->line, "no reader \"%s\"", name);
}

/* Its slashes are line ends. */
static const char *
lines_of(char *text)
{
	for (char *at = text; *at != '\0'; at++)
		if (*at == '/')
			*at = '\n';
	return text;
}

/* Parts the words at a blank; the text goes on in the rest. */
static char *
part(char *text)
{
	char *blank = strchr(text, ' ');

	if (blank == NULL)
		return text + strlen(text);
	*blank = '\0';
	return blank + 1;
}

static void
read_step(struct step *step, const char *text, size_t size)
{
	static char all[STEP_SIZE_MAX];

	CHECK(size < STEP_SIZE_MAX);
	memcpy(step->words, text, size);
	step->words[size] = '\0';
	step->verb = step->words;
	step->first = part(step->verb);
	(void)snprintf(all, sizeof(all), "%s", step->first);
	step->all = all;
	step->rest = part(step->first);
}

/* ------------------------------------------------------ the log's side -- */

static void
add(struct play *play, struct step *step)
{
	(void)play;
	append(step->first, lines_of(step->rest));
}

static void
fill(struct play *play, struct step *step)
{
	static char text[TEXT_SIZE_MAX];
	size_t count = (size_t)atoi(step->rest);

	(void)play;
	CHECK(count < sizeof(text));
	memset(text, 'x', count);
	text[count] = '\0';
	append(step->first, text);
}

static void
move_file(struct play *play, struct step *step)
{
	(void)play;
	move(step->first, step->rest);
}

static void
copy_file(struct play *play, struct step *step)
{
	(void)play;
	copy(step->first, step->rest);
}

static void
link_name(struct play *play, struct step *step)
{
	(void)play;
	CHECK(symlink(step->first, test_path(step->rest)) == 0);
}

static void
empty_file(struct play *play, struct step *step)
{
	(void)play;
	empty(step->first);
}

static void
delete_file(struct play *play, struct step *step)
{
	(void)play;
	CHECK(unlink(test_path(step->first)) == 0);
}

static void
touch_file(struct play *play, struct step *step)
{
	(void)play;
	touch_later(step->first, atoi(step->rest));
}

static void
hold_file(struct play *play, struct step *step)
{
	play->held = open(test_path(step->first), O_WRONLY | O_APPEND);
	CHECK(play->held >= 0);
}

static void
write_held(struct play *play, struct step *step)
{
	const char *text = lines_of(step->all);

	CHECK(write(play->held, text, strlen(text)) == (ssize_t)strlen(text));
	close(play->held);
	play->held = -1;
}

static void
wait_tick(struct play *play, struct step *step)
{
	(void)play;
	(void)step;
	next_tick();
}

/* ------------------------------------------------------- the reader's -- */

static void
come_new(struct play *play, struct step *step)
{
	uint64_t records = SOURCE_RECORDS_ALL;

	if (*step->first != '\0')
		records = strtoull(step->first, NULL, 10);
	CHECK(!play->there[play->at]);
	play->there[play->at] = true;
	come(reader_of(play), records);
}

static void
go_away(struct play *play, struct step *step)
{
	(void)step;
	hang_up(reader_of(play));
}

static void
come_again(struct play *play, struct step *step)
{
	(void)step;
	come_back(reader_of(play));
}

static void
leave_it(struct play *play, struct step *step)
{
	(void)step;
	leave(reader_of(play));
	play->there[play->at] = false;
}

static void
take_items(struct play *play, struct step *step)
{
	if (strcmp(step->first, "all") == 0)
		take_all(reader_of(play));
	else
		CHECK_EQUAL_INT(take(reader_of(play)), 1);
}

static void
forget(struct play *play, struct step *step)
{
	(void)step;
	sse_buf_clear(&reader_of(play)->got);
}

static void
set_clock(struct play *play, struct step *step)
{
	reader_of(play)->ahead_ms = atoi(step->first);
}

static void
set_rotate_wait(struct play *play, struct step *step)
{
	(void)play;
	options.rotate_wait_ms = atoi(step->first);
}

static void
set_replay(struct play *play, struct step *step)
{
	(void)play;
	options.replay_size = strtoull(step->first, NULL, 10);
}

static void
forge_id(struct play *play, struct step *step)
{
	forge(reader_of(play), step->first, strtoull(step->rest, NULL, 10));
}

static void
be(struct play *play, struct step *step)
{
	play->at = find_name(play, step->first);
}

static void
follow_one(struct play *play, struct step *step)
{
	struct file *leader = NULL;

	if (strcmp(step->first, "nobody") != 0)
		leader = play->readers[find_name(play, step->first)].file;
	file_follow(reader_of(play)->file, leader);
}

/* ---------------------------------------------------- what is expected -- */

static void
trim(struct sse_buf *text)
{
	while (text->size > 0 && text->data[text->size - 1] == ' ')
		text->size--;
}

static void
expect(struct play *play, struct step *step)
{
	struct reader *reader = reader_of(play);

	take_all(reader);
	trim(&reader->got);
	test_equal_text(play->file, play->line, sse_buf_slice(&reader->got),
	    sse_slice(step->all));
	sse_buf_clear(&reader->got);
}

static void
expect_of_id(struct play *play, struct step *step)
{
	char want[STEP_SIZE_MAX + 1];
	bool has_record =
	    *step->all != '\0' && step->all[strlen(step->all) - 1] != '>';

	(void)snprintf(
	    want, sizeof(want), "%s%s", step->all, has_record ? " " : "");
	check_id(play->line, reader_of(play), want);
}

static void
expect_skipped(struct play *play, struct step *step)
{
	test_equal_int(play->file, play->line,
	    (int64_t)reader_of(play)->skipped, atoi(step->first));
}

static void
expect_owed(struct play *play, struct step *step)
{
	test_equal_int(play->file, play->line,
	    file_owes_gap(reader_of(play)->file),
	    strcmp(step->first, "gap") == 0);
}

static void
expect_meets(struct play *play, struct step *step)
{
	test_equal_int(play->file, play->line,
	    file_meets(reader_of(play)->file),
	    strcmp(step->verb, "meets") == 0);
}

static void
expect_wait(struct play *play, struct step *step)
{
	(void)step;
	CHECK(file_timeout_ms(reader_of(play)->file) > 0);
}

static void
expect_newest(struct play *play, struct step *step)
{
	char want[STEP_SIZE_MAX + 1];
	size_t count = 1;

	(void)play;
	for (const char *at = step->all; *at != '\0'; at++)
		count += *at == ' ';
	(void)snprintf(want, sizeof(want), "%s ", step->all);
	check_newest(want, count);
}

/* --------------------------------------------------------------------- */

static const struct {
	const char *verb;
	void (*run)(struct play *play, struct step *step);
} verbs[] = {
    {"add", add},
    {"fill", fill},
    {"move", move_file},
    {"copy", copy_file},
    {"link", link_name},
    {"empty", empty_file},
    {"delete", delete_file},
    {"touch", touch_file},
    {"hold", hold_file},
    {"held", write_held},
    {"tick", wait_tick},
    {"come", come_new},
    {"away", go_away},
    {"back", come_again},
    {"leave", leave_it},
    {"take", take_items},
    {"forget", forget},
    {"later", set_clock},
    {"rotate-wait", set_rotate_wait},
    {"replay", set_replay},
    {"forge", forge_id},
    {"as", be},
    {"follow", follow_one},
    {"got", expect},
    {"id", expect_of_id},
    {"skipped", expect_skipped},
    {"owes", expect_owed},
    {"meets", expect_meets},
    {"apart", expect_meets},
    {"waits", expect_wait},
    {"newest", expect_newest},
};

static void
run_step(struct play *play, struct step *step)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].verb, step->verb) == 0) {
			verbs[i].run(play, step);
			return;
		}
	test_fail(play->file, play->line, "no step \"%s\"", step->verb);
}

void
sequence_play(const char *file, int line, const char *steps)
{
	struct play play = {.file = file, .line = line, .held = -1};
	struct step step;

	for (const char *at = steps; *at != '\0';) {
		size_t size = strcspn(at, ";");

		printf("# %.*s\n", (int)size, at);
		read_step(&step, at, size);
		run_step(&play, &step);
		at += size;
		at += strspn(at, "; ");
	}
	for (size_t i = 0; i < READERS; i++)
		if (play.there[i])
			leave(&play.readers[i]);
}
