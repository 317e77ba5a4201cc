/*
 * Who is told of a name: by the order of prefixes, as one who asks each of them
 * would have it.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/inotify_mark.h"

#define USERS 300
#define ROUNDS 3000

struct ear {
	struct inotify_mark *mark;
	struct inotify_user user;
	int heard;
	bool leaves;
};

static void
hear(void *context, const struct hint *hint)
{
	struct ear *ear = context;

	(void)hint;
	ear->heard++;
	if (ear->leaves)
		inotify_mark_leave(ear->mark, &ear->user);
}

/* Of few letters, so that many begin alike. */
static size_t
make_name(char *name, size_t size_max)
{
	size_t size = (size_t)rand() % (size_max + 1);

	for (size_t i = 0; i < size; i++)
		name[i] = (char)('a' + rand() % 2);
	name[size] = '\0';
	return size;
}

static void
come(struct inotify_mark *mark, struct ear *ear)
{
	char prefix[INOTIFY_PREFIX_MAX + 10];
	size_t size = make_name(prefix, rand() % 8 == 0 ? 40 : 6);

	*ear = (struct ear){.mark = mark};
	ear->user.tell = hear;
	ear->user.context = ear;
	inotify_set_prefix(&ear->user, prefix, size);
	CHECK(inotify_mark_join(mark, &ear->user));
}

/* The plain way. */
static bool
has_to_hear(const struct ear *ear, const char *name)
{
	return ear->user.mark != NULL &&
	       strncmp(name, ear->user.prefix, ear->user.prefix_size) == 0;
}

static void
check_name(struct inotify_mark *mark, struct ear *ears, const char *name)
{
	const struct hint hint = {.kind = HINT_CAME, .name = name};
	bool expected[USERS];

	for (int i = 0; i < USERS; i++) {
		expected[i] = has_to_hear(&ears[i], name);
		ears[i].heard = 0;
		ears[i].leaves = rand() % 16 == 0;
	}
	inotify_mark_tell(mark, &hint);
	for (int i = 0; i < USERS; i++)
		CHECK_EQUAL_INT(ears[i].heard, expected[i]);
}

/* Whoever left comes back as somebody else. */
static void
fill_up(struct inotify_mark *mark, struct ear *ears)
{
	for (int i = 0; i < USERS; i++)
		if (ears[i].user.mark == NULL)
			come(mark, &ears[i]);
}

TEST(of_a_name_those_are_told_whose_prefix_it_has)
{
	static struct ear ears[USERS];
	struct inotify_mark *mark = inotify_mark_new(1, true);
	const struct hint moved = {.kind = HINT_MOVED, .name = ""};
	char name[256];

	CHECK(mark != NULL);
	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		fill_up(mark, ears);
		(void)make_name(name, i % 10 == 0 ? 200 : 8);
		check_name(mark, ears, name[0] != '\0' ? name : "c");
		inotify_set_prefix(&ears[i % USERS].user, name, strlen(name));
	}
	fill_up(mark, ears);
	for (int i = 0; i < USERS; i++) {
		ears[i].heard = 0;
		ears[i].leaves = true;
	}
	/* What is said of the folder is for all, who may all go. */
	inotify_mark_tell(mark, &moved);
	for (int i = 0; i < USERS; i++)
		CHECK_EQUAL_INT(ears[i].heard, 1);
	CHECK_EQUAL_INT(mark->count, 0);
	inotify_mark_free(mark);
	inotify_mark_free(NULL);
}
