/*
 * conf-manual.c - prints a list of keys for a man page: the table of keys, with
 * the texts of lib/conf/keys.mdoc.  manual-lists puts it there.
 *
 *	conf-manual KEYS keys|worker-keys|options|worker-options
 *
 * A key without a text is an error, and so is a text without a key.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf/conf_key.h"

#define TEXTS_SIZE_MAX 1048576 /* bytes */

/* What is said of each key: whole lines. */
struct texts {
	struct sse_buf all;
	struct sse_slice of[CONF_KEY_COUNT];
};

/* -------------------------------------------------------------- texts -- */

static void
refuse(const char *what, struct sse_slice name)
{
	fprintf(
	    stderr, "conf-manual: %.*s: %s\n", (int)name.size, name.data, what);
	exit(1);
}

static void
read_all(const char *path, struct sse_buf *all)
{
	FILE *file = fopen(path, "r");
	char bytes[4096];
	size_t size;

	if (file == NULL) {
		perror(path);
		exit(111);
	}
	while ((size = fread(bytes, 1, sizeof(bytes), file)) > 0)
		if (sse_buf_add(all, bytes, size) != 0)
			exit(111);
	fclose(file);
}

/* The line that the text begins with, which is taken off it. */
static struct sse_slice
take_line(struct sse_slice *text)
{
	const char *lf = memchr(text->data, '\n', text->size);
	size_t size = lf != NULL ? (size_t)(lf - text->data) + 1 : text->size;
	struct sse_slice line = {text->data, size};

	text->data += size;
	text->size -= size;
	return line;
}

/* Whether it is "[NAME]". */
static bool
is_name(struct sse_slice line, struct sse_slice *ret_name)
{
	if (line.size < 3 || memcmp(line.data, "[", 1) != 0 ||
	    memcmp(line.data + line.size - 2, "]\n", 2) != 0)
		return false;
	*ret_name = (struct sse_slice){line.data + 1, line.size - 3};
	return true;
}

static void
add_line(struct texts *texts, int index, struct sse_slice line)
{
	struct sse_slice *text = &texts->of[index];

	if (text->data == NULL)
		text->data = line.data;
	text->size = (size_t)(line.data + line.size - text->data);
}

static void
read_texts(const char *path, struct texts *texts)
{
	struct sse_slice rest, line, name;
	int index = -1;

	read_all(path, &texts->all);
	rest = sse_buf_slice(&texts->all);
	while (rest.size > 0) {
		line = take_line(&rest);
		if (is_name(line, &name)) {
			index = conf_key_find(name);
			if (index < 0)
				refuse("there is no such key", name);
			if (texts->of[index].data != NULL)
				refuse("it has two texts", name);
		} else if (index >= 0 && line.size > 1) {
			add_line(texts, index, line);
		}
	}
	for (int i = 0; i < CONF_KEY_COUNT; i++)
		if (texts->of[i].size == 0)
			refuse("it has no text",
			    sse_slice(
				conf_key_at((enum conf_key_index)i)->name));
}

/* --------------------------------------------------------------- lists -- */

/* For mdoc, where "-" alone would become a hyphen. */
static void
put_word(const char *word)
{
	for (; *word != '\0'; word++)
		printf(strchr("-\\", *word) != NULL ? "\\%c" : "%c", *word);
}

static void
put_default(const struct conf_key *key)
{
	if (key->default_text == NULL)
		return;
	if (key->default_text[0] == '\0') {
		printf("It is not set by default.\n");
		return;
	}
	printf("The default is\n.Li ");
	put_word(key->default_text);
	printf(" .\n");
}

static void
put_limits(const struct conf_key *key)
{
	enum conf_unit unit = key->unit;

	if (key->kind == CONF_KIND_TEXT || key->kind == CONF_KIND_SOURCE)
		printf("%s bytes at most.\n",
		    conf_value_print(unit, key->max).text);
	if (key->kind == CONF_KIND_NUMBER || key->kind == CONF_KIND_FROM)
		printf("%s%s to %s.\n",
		    key->kind == CONF_KIND_FROM ? ".Ar N\nis from " : "From ",
		    conf_value_print(unit, key->min).text,
		    conf_value_print(unit, key->max).text);
}

static void
put_key(const struct conf_key *key, struct sse_slice text)
{
	printf(".It Cm ");
	put_word(key->name);
	printf(" No = Ar ");
	put_word(key->takes);
	printf("\n%.*s", (int)text.size, text.data);
	put_limits(key);
	put_default(key);
}

/* The same as an option, in one line. */
static void
put_option(const struct conf_key *key, struct sse_slice text)
{
	(void)text;
	printf(".It Fl -");
	put_word(key->name);
	printf(" Ar ");
	put_word(key->takes);
	printf("\n%s\n", key->summary);
}

struct list {
	const char *name;
	const char *begin;
	void (*put)(const struct conf_key *key, struct sse_slice text);
	bool of_worker;
};

#define KEYS_BEGIN ".Bl -tag -width Ds\n"
#define OPTIONS_BEGIN \
	".Bl -tag -width \"--ids position|record|none\" -compact\n"

static const struct list lists[] = {
    {"keys", KEYS_BEGIN, put_key, false},
    {"worker-keys", KEYS_BEGIN, put_key, true},
    {"options", OPTIONS_BEGIN, put_option, false},
    {"worker-options", OPTIONS_BEGIN, put_option, true},
};

static const struct list *
list_of(const char *name)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].name, name) == 0)
			return &lists[i];
	return NULL;
}

static void
put_list(const struct list *list, const struct texts *texts)
{
	printf("%s", list->begin);
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);

		if (key->of_worker == list->of_worker)
			list->put(key, texts->of[i]);
	}
	printf(".El\n");
}

int
main(int argc, char **argv)
{
	const struct list *list = argc == 3 ? list_of(argv[2]) : NULL;
	struct texts texts = {.all.size = 0};

	if (list == NULL) {
		fprintf(stderr, "conf-manual: which texts, and which list?\n");
		return 100;
	}
	sse_buf_init(&texts.all, TEXTS_SIZE_MAX);
	read_texts(argv[1], &texts);
	put_list(list, &texts);
	sse_buf_done(&texts.all);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 111;
}
