/*
 * replay.c - runs fuzz targets without a fuzzer.
 *
 *	fuzz                 of each target replays tests/fuzz/corpus/NAME under
 *	                     $srcdir, then mutations of it, the same ones each
 *	                     time; TAP
 *	fuzz NAME            the same of this one
 *	fuzz NAME FILE...    replays these files, to look at a finding
 *
 * The inputs are run in a child, which leaves the one that it works on in
 * shared memory: so a crash is told with the input that made it.
 */
#include "config.h"

#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/random.h"

#define FILES_MAX 512
#define INPUT_SIZE_MAX 4096 /* bytes; the rest of a file is left out */
#define EDITS_MAX 6
#define SEED 20261121

struct input {
	size_t size;
	uint8_t data[INPUT_SIZE_MAX];
};

static struct input corpus[FILES_MAX];
static size_t corpus_count;
static struct input *current; /* shared with the child */
static const struct fuzz_target *target;

static void
fail(const char *what, const char *name)
{
	printf("Bail out! %s %s: %s\n", what, name, strerror(errno));
	exit(99);
}

static void
load(const char *path)
{
	struct input *input = &corpus[corpus_count];
	FILE *file = fopen(path, "rb");

	if (file == NULL || corpus_count == FILES_MAX)
		fail("cannot load", path);
	input->size = fread(input->data, 1, INPUT_SIZE_MAX, file);
	corpus_count++;
	fclose(file);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Sorted, so that the mutations are the same everywhere. */
static void
load_directory(const char *directory)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_visible, alphasort);

	if (count <= 0)
		fail("no corpus in", directory);
	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(
		    path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		load(path);
		free(entries[i]);
	}
	free(entries);
}

static void
load_corpus(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char directory[3000];

	snprintf(directory, sizeof(directory), "%s/tests/fuzz/corpus/%s",
	    srcdir != NULL ? srcdir : ".", name);
	corpus_count = 0;
	load_directory(directory);
}

static void
run(const struct input *input)
{
	struct sse_slice copy = fuzz_copy(
	    (struct sse_slice){(const char *)input->data, input->size});

	*current = *input;
	target->run(copy);
	fuzz_free(copy);
}

static void
run_corpus(void)
{
	for (size_t i = 0; i < corpus_count; i++)
		run(&corpus[i]);
}

/* Removes some bytes. */
static void
cut(struct random *random, struct input *input)
{
	size_t at = random_below(random, input->size + 1);
	size_t size = random_below(random, input->size - at + 1);

	if (size > 16 && random_below(random, 4) > 0)
		size = 1 + size % 16;
	memmove(
	    input->data + at, input->data + at + size, input->size - at - size);
	input->size -= size;
}

/* Inserts some bytes of another input. */
static void
insert(struct random *random, struct input *input, const struct input *other)
{
	size_t from = random_below(random, other->size + 1);
	size_t size = random_below(random, other->size - from + 1);
	size_t at = random_below(random, input->size + 1);

	if (size > INPUT_SIZE_MAX - input->size)
		size = INPUT_SIZE_MAX - input->size;
	memmove(input->data + at + size, input->data + at, input->size - at);
	memcpy(input->data + at, other->data + from, size);
	input->size += size;
}

static void
change(struct random *random, struct input *input)
{
	static const uint8_t bytes[] = {'\0', '\n', '\r', ' ', ':', '=', '&',
	    '%', '+', '-', '.', '/', '0', '9', 0x7f, 0x80, 0xbf, 0xc3, 0xe2,
	    0xed, 0xef, 0xf0, 0xf4, 0xff};
	uint8_t *byte;

	if (input->size == 0)
		return;
	byte = &input->data[random_below(random, input->size)];
	switch (random_below(random, 3)) {
	case 0:
		*byte = bytes[random_below(random, sizeof(bytes))];
		break;
	case 1:
		*byte ^= (uint8_t)(1U << random_below(random, 8));
		break;
	default:
		*byte = (uint8_t)random_next(random);
	}
}

static void
run_mutations(void)
{
	static struct input input;
	struct random random = {SEED};

	for (int i = 0; i < target->mutations; i++) {
		size_t edits = 1 + random_below(&random, EDITS_MAX);

		input = corpus[random_below(&random, corpus_count)];
		while (edits-- > 0)
			switch (random_below(&random, 4)) {
			case 0:
				cut(&random, &input);
				break;
			case 1:
				insert(&random, &input,
				    &corpus[random_below(
					&random, corpus_count)]);
				break;
			default:
				change(&random, &input);
			}
		run(&input);
	}
}

static void
print_current(void)
{
	printf("# input of %zu bytes:", current->size);
	for (size_t i = 0; i < current->size; i++)
		printf(" %02x", current->data[i]);
	printf("\n");
}

/* Whether the child came to its end. */
static bool
in_child(void (*function)(void))
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		function();
		exit(0);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	print_current();
	return false;
}

/* Two tests: how many have failed. */
static int
replay_target(unsigned number)
{
	bool corpus_ok, mutations_ok;

	load_corpus(target->name);
	corpus_ok = in_child(run_corpus);
	mutations_ok = in_child(run_mutations);
	printf("%s %u - %s: %zu files of the corpus\n",
	    corpus_ok ? "ok" : "not ok", number, target->name, corpus_count);
	printf("%s %u - %s: %d mutations of them, seed %d\n",
	    mutations_ok ? "ok" : "not ok", number + 1, target->name,
	    target->mutations, SEED);
	return !corpus_ok + !mutations_ok;
}

static int
replay_all(void)
{
	unsigned count = 0;
	int failed = 0;

	while (fuzz_target_at(count) != NULL)
		count++;
	printf("1..%u\n", 2 * count);
	for (unsigned i = 0; i < count; i++) {
		target = fuzz_target_at(i);
		failed += replay_target(2 * i + 1);
	}
	return failed;
}

int
main(int argc, char **argv)
{
	current = mmap(NULL, sizeof(*current), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (current == MAP_FAILED)
		fail("no memory for", argv[0]);
	fuzz_begin();
	if (argc == 1)
		return replay_all() > 0;
	target = fuzz_target_named(argv[1]);
	if (target == NULL)
		fail("there is no target", argv[1]);
	for (int i = 2; i < argc; i++)
		load(argv[i]);
	if (argc > 2) {
		run_corpus();
		return 0;
	}
	printf("1..2\n");
	return replay_target(1) > 0;
}
