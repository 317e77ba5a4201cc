/*
 * test.c - the runner behind test.h.
 */
#include "config.h"

#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define TESTS_MAX 256
#define PATHS_MAX 64
#define NAME_SIZE_MAX 256
#define ZEROED_MAX 4
/* Deadlines, not measures: one that turns is ended by the first, one that waits
   for what never comes by the second.  TEST_SLOWER times later for what runs so
   many times slower. */
#define TEST_COMPUTED_SECONDS_MAX 60
#define TEST_SECONDS_MAX 600

static struct {
	const char *name;
	test_function *function;
} tests[TESTS_MAX];
static size_t tests_count;
static char directory[64];
static void *zeroed[ZEROED_MAX];
static size_t zeroed_count;

void
test_add(const char *name, test_function *function)
{
	if (tests_count == TESTS_MAX)
		abort();
	tests[tests_count].name = name;
	tests[tests_count++].function = function;
}

void
test_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	printf("# %s:%d: ", file, line);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
	_exit(1);
}

void
test_equal_int(const char *file, int line, int64_t got, int64_t want)
{
	if (got != want)
		test_fail(file, line, "got %lld, want %lld", (long long)got,
		    (long long)want);
}

static void
print_text(const char *label, struct sse_slice text)
{
	printf("# %s ", label);
	if (text.data == NULL)
		printf("(absent)");
	for (size_t i = 0; i < text.size && i < 400; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c >= ' ' && c < 127 && c != '\\')
			putchar(c);
		else
			printf("\\x%02x", c);
	}
	printf(" (%zu bytes)\n", text.size);
}

/* Of long texts the place where they part is what one wants to see. */
static void
print_difference(struct sse_slice got, struct sse_slice want)
{
	size_t i = 0;

	while (i < got.size && i < want.size && got.data[i] == want.data[i])
		i++;
	if (i < 200)
		return;
	print_text("got there ",
	    (struct sse_slice){got.data + i - 100, got.size - i + 100});
	print_text("want there",
	    (struct sse_slice){want.data + i - 100, want.size - i + 100});
}

void
test_equal_text(
    const char *file, int line, struct sse_slice got, struct sse_slice want)
{
	if (sse_slice_equal(got, want))
		return;
	print_text("got ", got);
	print_text("want", want);
	print_difference(got, want);
	test_fail(file, line, "the texts differ");
}

const char *
test_guarded(const void *bytes, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t whole = (size + page - 1) / page * page;
	char *memory = mmap(NULL, whole + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED || mprotect(memory + whole, page, PROT_NONE))
		test_fail(__FILE__, __LINE__, "no guarded memory");
	if (size > 0)
		memcpy(memory + whole - size, bytes, size);
	return memory + whole - size;
}

void *
test_zeroed(size_t size)
{
	void *memory = zeroed_count < ZEROED_MAX ? calloc(1, size) : NULL;

	if (memory == NULL)
		test_fail(__FILE__, __LINE__, "no memory for %zu bytes", size);
	zeroed[zeroed_count++] = memory;
	return memory;
}

const char *
test_directory(void)
{
	return directory;
}

const char *
test_path(const char *name)
{
	static char paths[PATHS_MAX][256];
	static size_t next;
	char *path = paths[next++ % PATHS_MAX];

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

int
test_descriptors(void)
{
	DIR *listing = opendir("/proc/self/fd");
	int count = 0;

	if (listing == NULL)
		return -1;
	while (readdir(listing) != NULL)
		count++;
	closedir(listing);
	return count;
}

static void
set_deadlines(void)
{
	const char *slower = getenv("TEST_SLOWER");
	unsigned times = slower != NULL ? (unsigned)atoi(slower) : 1;
	rlim_t seconds = (rlim_t)times * TEST_COMPUTED_SECONDS_MAX;
	const struct rlimit computed = {seconds, seconds + 1};

	setrlimit(RLIMIT_CPU, &computed);
	alarm(times * TEST_SECONDS_MAX);
}

static void
run_in_child(test_function *function)
{
	int before = test_descriptors();
	int after;

	set_deadlines();
	function();
	after = test_descriptors();
	if (after != before)
		test_fail(__FILE__, __LINE__, "%d descriptors before, %d after",
		    before, after);
	while (zeroed_count > 0)
		free(zeroed[--zeroed_count]);
	fflush(stdout);
	exit(0); /* not _exit: LeakSanitizer looks then */
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Where the environment has it, which may be a file system in memory. */
static bool
name_directory(void)
{
	const char *place = getenv("TEST_TMPDIR");
	int size;

	size = snprintf(directory, sizeof(directory), "%s/ssekit-unit.XXXXXX",
	    place != NULL && place[0] == '/' ? place : "/tmp");
	return size > 0 && (size_t)size < sizeof(directory);
}

static bool
run(test_function *function)
{
	pid_t child;
	int status;

	if (!name_directory())
		return false;
	if (mkdtemp(directory) == NULL)
		return false;
	fflush(stdout);
	child = fork();
	if (child == 0)
		run_in_child(function);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		printf("# killed by signal %d\n", WTERMSIG(status));
	nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* TEST_LEAVES_OUT=" NAME NAME " */
static bool
is_left_out(const char *name)
{
	const char *names = getenv("TEST_LEAVES_OUT");
	char word[NAME_SIZE_MAX];
	int size = snprintf(word, sizeof(word), " %s ", name);

	return names != NULL && size < (int)sizeof(word) &&
	       strstr(names, word) != NULL;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	printf("1..%zu\n", tests_count);
	for (size_t i = 0; i < tests_count; i++) {
		const char *name = tests[i].name;
		bool chosen =
		    (argc < 2 || strstr(name, argv[1])) && !is_left_out(name);
		bool ok = !chosen || run(tests[i].function);

		printf("%s %zu - %s%s\n", ok ? "ok" : "not ok", i + 1, name,
		    chosen ? "" : " # SKIP not chosen");
		failed += !ok;
	}
	return failed != 0;
}
