/*
 * errno_test.c - each error that the kernel can give, on each call that a
 * reader of a log makes: once, and for a while; while it begins, follows, comes
 * back, while the log is rotated, and while a time or an id is looked for.
 *
 * The lines of the log are numbered.  When the error has gone, each was given
 * once, or a gap stands before what is missing; none comes twice.
 */
#include "config.h"

#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ahead_clock.h"
#include "base/shortage.h"
#include "file_source.h"
#include "log_search.h"
#include "record/format.h"
#include "source/find_id.h"
#include "source/find_time.h"

enum call {
	CALL_OPENAT,
	CALL_STATX,
	CALL_PREAD,
	CALL_READ,
	CALL_GETDENTS,
	CALL_OPENAT2,
	CALL_LSEEK,
	CALL_INOTIFY_INIT1,
	CALL_INOTIFY_ADD_WATCH,
	CALL_FCNTL,
	CALL_STATFS,
	CALL_FSTATFS,
	CALLS
};

static const char *const call_names[CALLS] = {"openat", "statx", "pread",
    "read", "getdents64", "openat2", "lseek", "inotify_init1",
    "inotify_add_watch", "fcntl", "statfs", "fstatfs"};

static const int errors[] = {EACCES, EAGAIN, EBADF, EBUSY, EEXIST, EFAULT,
    EFBIG, EINVAL, EIO, EISDIR, ELOOP, EMFILE, ENAMETOOLONG, ENFILE, ENODATA,
    ENODEV, ENOENT, ENOMEM, ENOSPC, ENOTDIR, ENOTSUP, ENXIO, EOVERFLOW, EPERM,
    EREMOTEIO, ESPIPE, ESTALE, ETIMEDOUT};
#define ERRORS (sizeof(errors) / sizeof(errors[0]))

/* ------------------------------------------------------------ the fault -- */

static struct {
	enum call call;
	int error;
	long after; /* so many calls go well first */
	long left;  /* so many fail; 0: none any more */
	long met;   /* that have failed */
} fault;

static bool
fails(enum call call)
{
	if (fault.left == 0 || call != fault.call || fault.after-- > 0)
		return false;
	fault.left--;
	fault.met++;
	errno = fault.error;
	return true;
}

/* A call, its result when it fails, and how it is made. */
#define WRAP(type, name, call, bad, parameters, arguments) \
	type __real_##name parameters;                     \
	type __wrap_##name parameters;                     \
	type __wrap_##name parameters                      \
	{                                                  \
		if (fails(call))                           \
			return bad;                        \
		return __real_##name arguments;            \
	}

WRAP(int, statx, CALL_STATX, -1,
    (int fd, const char *path, int flags, unsigned mask, struct statx *st),
    (fd, path, flags, mask, st))
WRAP(ssize_t, pread, CALL_PREAD, -1,
    (int fd, void *bytes, size_t size, off_t offset), (fd, bytes, size, offset))
WRAP(ssize_t, pread64, CALL_PREAD, -1,
    (int fd, void *bytes, size_t size, off_t offset), (fd, bytes, size, offset))
WRAP(ssize_t, read, CALL_READ, -1, (int fd, void *bytes, size_t size),
    (fd, bytes, size))
WRAP(ssize_t, getdents64, CALL_GETDENTS, -1, (int fd, void *bytes, size_t size),
    (fd, bytes, size))
WRAP(off_t, lseek, CALL_LSEEK, -1, (int fd, off_t offset, int whence),
    (fd, offset, whence))
WRAP(off_t, lseek64, CALL_LSEEK, -1, (int fd, off_t offset, int whence),
    (fd, offset, whence))
WRAP(int, inotify_init1, CALL_INOTIFY_INIT1, -1, (int flags), (flags))
WRAP(int, inotify_add_watch, CALL_INOTIFY_ADD_WATCH, -1,
    (int fd, const char *path, uint32_t mask), (fd, path, mask))
WRAP(int, statfs, CALL_STATFS, -1, (const char *path, struct statfs *fs),
    (path, fs))
WRAP(int, statfs64, CALL_STATFS, -1, (const char *path, struct statfs *fs),
    (path, fs))
WRAP(int, fstatfs, CALL_FSTATFS, -1, (int fd, struct statfs *fs), (fd, fs))
WRAP(int, fstatfs64, CALL_FSTATFS, -1, (int fd, struct statfs *fs), (fd, fs))

/* With the one argument that they have here. */
#define WRAP_OPENAT(name)                                                   \
	int __real_##name(int directory, const char *path, int flags, ...); \
	int __wrap_##name(int directory, const char *path, int flags, ...); \
	int __wrap_##name(int directory, const char *path, int flags, ...)  \
	{                                                                   \
		if (fails(CALL_OPENAT))                                     \
			return -1;                                          \
		return __real_##name(directory, path, flags, 0640);         \
	}
#define WRAP_FCNTL(name)                               \
	int __real_##name(int fd, int what, ...);      \
	int __wrap_##name(int fd, int what, ...);      \
	int __wrap_##name(int fd, int what, ...)       \
	{                                              \
		va_list all;                           \
		int value;                             \
		if (fails(CALL_FCNTL))                 \
			return -1;                     \
		va_start(all, what);                   \
		value = va_arg(all, int);              \
		va_end(all);                           \
		return __real_##name(fd, what, value); \
	}
/* openat2(2), which libc has no function for, with its four arguments. */
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
long
__wrap_syscall(long number, ...)
{
	va_list all;
	int directory;
	const char *path;
	void *how;
	size_t size;

	if (fails(CALL_OPENAT2))
		return -1;
	va_start(all, number);
	directory = va_arg(all, int);
	path = va_arg(all, const char *);
	how = va_arg(all, void *);
	size = va_arg(all, size_t);
	va_end(all);
	return __real_syscall(number, directory, path, how, size);
}

WRAP_OPENAT(openat)
WRAP_OPENAT(openat64)
WRAP_FCNTL(fcntl)
WRAP_FCNTL(fcntl64)

/* -------------------------------------------------------------- the log -- */

#define LINES_MAX 100
#define HOLE_SIZE 200000 /* bytes, for lseek(2) */

/* A line is an object with an id, which is its time, too: ten digits. */
#define FIRST_SECOND 1000000000
#define LINE_FRONT "{\"id\":\""
#define LINE_SIZE (sizeof(LINE_FRONT) - 1 + 10 + sizeof("\"}\n") - 1)

static int lines;

static void
append(int count)
{
	char line[64];
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	for (; count > 0; count--) {
		int size = snprintf(line, sizeof(line), LINE_FRONT "%d\"}\n",
		    FIRST_SECOND + ++lines);

		CHECK(write(fd, line, (size_t)size) == size);
	}
	close(fd);
}

static void
remove_all(void)
{
	static const char *const names[] = {"log", "log.1", "log.2"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(test_path(names[i]));
	lines = 0;
}

/* ----------------------------------------------------------- the reader -- */

static struct {
	struct file *file;
	struct source_position position;
	int last; /* number of the last line */
	bool seen[LINES_MAX];
	bool gap; /* after it */
	bool saw_gap;
	bool saw_error;
	int64_t ahead_ms;
	const char *wrong; /* NULL: nothing */
} reader;

static const struct sse_clock test_clock = {
    ahead_monotonic_ms, ahead_file_time_ms, &reader.ahead_ms};

/* To end an inotify instance takes long: only where it matters. */
static bool
is_of_watch(enum call call)
{
	return call == CALL_READ || call == CALL_INOTIFY_INIT1 ||
	       call == CALL_INOTIFY_ADD_WATCH || call == CALL_STATFS ||
	       call == CALL_FSTATFS;
}

static int
start(const struct source_start *start)
{
	const struct source_options options = {.clock = &test_clock,
	    .record_size_max = 1000,
	    .replay_size = UINT64_MAX,
	    .unwatched = !is_of_watch(fault.call),
	    .follow = true};
	int error;

	file_free(reader.file);
	reader.file = NULL;
	CHECK_EQUAL_INT(file_new(test_path("log"), &options, &reader.file), 0);
	error = file_start(reader.file, start);
	if (error != 0) {
		CHECK(error != RESULT_CHANGED);
		reader.saw_error = true;
		return error;
	}
	reader.position = file_position(reader.file);
	return 0;
}

static void
take(const struct source_item *item)
{
	if (item->kind == SOURCE_GAP)
		reader.gap = reader.saw_gap = true;
	if (item->kind == SOURCE_RECORD) {
		char digits[11] = "";
		size_t front = sizeof(LINE_FRONT) - 1;
		int number;

		CHECK(item->record.text.size >= front + 10);
		memcpy(digits, item->record.text.data + front, 10);
		number = atoi(digits) - FIRST_SECOND;
		CHECK(number > 0 && number < LINES_MAX);
		/* What is not there may be there anew. */
		if (reader.seen[number] && fault.error != ENOENT)
			reader.wrong = "a line comes twice";
		else if (number > reader.last + 1 && !reader.gap)
			reader.wrong = "a line is missing";
		reader.seen[number] = true;
		/* One that is late stands before others. */
		if (item->has_position)
			reader.last = number;
		reader.gap = false;
	}
	if (item->has_position)
		reader.position = item->position;
}

/* Looks so often that the log has been looked at several times. */
static void
look(void)
{
	struct source_item item;

	for (int i = 0; i < 6; i++) {
		int got;

		while ((got = file_next(reader.file, &item)) == 1)
			take(&item);
		if (file_error(reader.file) != 0 || got < 0)
			reader.saw_error = true;
		reader.ahead_ms += file_timeout_ms(reader.file);
	}
}

/*
 * A file that is held open is only opened anew, as a descriptor of its own,
 * where it was truncated.
 */
static void
rotate(void)
{
	if (fault.call == CALL_FCNTL) {
		CHECK(truncate(test_path("log"), 0) == 0);
	} else {
		CHECK(rename(test_path("log.1"), test_path("log.2")) == 0 ||
		      errno == ENOENT);
		CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	}
	append(2);
}

/* -------------------------------------------------------------- the ways -- */

enum way {
	WAY_START,
	WAY_FOLLOW,
	WAY_ROTATE,
	WAY_ROTATE_TWICE,
	WAY_RESUME,
	WAY_RESUME_ROTATED,
	WAY_SINCE,
	WAY_RECALL,
	WAYS
};

static const char *const way_names[WAYS] = {"starting", "following", "rotating",
    "rotating twice", "resuming", "resuming after a rotation",
    "looking for a time", "looking for an id"};

static void
begin(void)
{
	const struct source_start all = {.records = SOURCE_RECORDS_ALL};

	remove_all();
	memset(&reader, 0, sizeof(reader));
	append(3);
	if (fault.call == CALL_LSEEK)
		CHECK(truncate(test_path("log"), HOLE_SIZE) == 0);
	CHECK_EQUAL_INT(start(&all), 0);
	look();
	CHECK_EQUAL_INT(reader.last, 3);
}

/* Starts; where that fails, again when the fault has gone. */
static void
start_faulty(const struct source_start *how, long times, long after)
{
	const struct source_start copy = *how;
	struct source_position position;

	fault.after = after;
	fault.left = times;
	if (start(&copy) == 0)
		look();
	fault.left = 0;
	if (reader.last == lines)
		return;
	position = file_position(reader.file);
	if (reader.saw_error && sse_position_unpack(&position).file == 0)
		CHECK_EQUAL_INT(start(&copy), 0);
}

/* The fault lasts, and keeps lines back: then it has to show. */
static void
note_silence(void)
{
	if (fault.left > 0 && fault.error != ENOENT && reader.last != lines &&
	    !reader.saw_error && !reader.saw_gap)
		reader.wrong = "it is silent";
}

/* A shortage that is over ends no search. */
static bool
is_searched_on(int got)
{
	return got == 0 || (is_shortage(got) && fault.left == 0);
}

/* The number of a line is its time, too.  1, or an error. */
static int
find_second(int64_t second, struct sse_position *ret_position)
{
	const struct stream_conf conf = {.source = test_path("log"),
	    .record_size_max = 1000,
	    .replay_size = 1000000,
	    .time_format = LINE_FRONT "%s"};
	struct log_search search;
	struct find_time *since;
	int got;

	log_search_init(&search, &conf, &test_clock, NULL);
	got = find_time_new(&search.options, search.names,
	    (FIRST_SECOND + second) * 1000, &since);
	if (got == 0) {
		for (int i = 0; i < 1000 && is_searched_on(got); i++)
			got = find_time_next(since, ret_position);
		find_time_free(since);
		CHECK(got != 0);
	}
	log_search_done(&search);
	return got;
}

#ifdef WITH_JSON
static int
has_id(void *format, const struct record *record, struct sse_slice id)
{
	return format_has_id(format, record, id);
}
#endif

/* The same by the line's id. */
static int
find_id(int number, struct sse_position *ret_position)
{
#ifdef WITH_JSON
	const struct stream_conf conf = {.source = test_path("log"),
	    .record_size_max = 1000,
	    .replay_size = 1000000,
	    .format = CONF_FORMAT_JSON,
	    .ids = CONF_IDS_RECORD,
	    .event = ""};
	struct format format;
	const struct record_ids ids = {has_id, &format};
	struct log_search search;
	char id[16];
	struct find_id *find;
	int got;

	(void)snprintf(id, sizeof(id), "%d", FIRST_SECOND + number);
	format_init(&format, &conf);
	log_search_init(&search, &conf, &test_clock, NULL);
	search.options.ids = &ids;
	got = find_id_new(&search.options, search.names, sse_slice(id), &find);
	if (got == 0) {
		for (int i = 0; i < 1000 && is_searched_on(got); i++)
			got = find_id_next(find, ret_position);
		find_id_free(find);
		CHECK(got != 0);
	}
	log_search_done(&search);
	format_done(&format);
	return got;
#else
	ret_position->offset = LINE_SIZE * (uint64_t)number;
	return 1;
#endif
}

/* What a search has found while it failed: as if it had not, or a shortage. */
static void
check_found(int got, const struct sse_position *position)
{
	bool is_right = got == 1 && position->offset == LINE_SIZE;

	if (is_shortage(-fault.error) && !is_shortage(got) && !is_right)
		reader.wrong = "the search has ended";
}

/* Lines come, and one rotation after the other, while it fails. */
static void
follow_faulty(enum way way, long times, long after)
{
	append(2);
	fault.after = after;
	fault.left = times;
	look();
	for (int i = WAY_FOLLOW; i < (int)way; i++) {
		long left = fault.left;

		fault.left = 0;
		rotate();
		fault.left = left;
		look();
	}
	note_silence();
	fault.left = 0;
}

static void
go(enum way way, long times, long after)
{
	const struct source_start all = {.records = SOURCE_RECORDS_ALL};
	struct source_position position;
	struct sse_position found;
	struct source_start here = {.position = &position};

	begin();
	position = reader.position;
	switch (way) {
	case WAY_START:
		reader.last = 0;
		memset(reader.seen, 0, sizeof(reader.seen));
		start_faulty(&all, times, after);
		break;
	case WAY_RESUME:
	case WAY_RESUME_ROTATED:
		file_free(reader.file);
		reader.file = NULL;
		append(2);
		if (way == WAY_RESUME_ROTATED)
			rotate();
		start_faulty(&here, times, after);
		break;
	case WAY_SINCE:
		fault.after = after;
		fault.left = times;
		check_found(find_second(2, &found), &found);
		fault.left = 0;
		if (find_second(2, &found) != 1 || found.offset != LINE_SIZE)
			reader.wrong = "the time is not found";
		break;
	case WAY_RECALL:
		fault.after = after;
		fault.left = times;
		check_found(find_id(1, &found), &found);
		fault.left = 0;
		if (find_id(1, &found) != 1 || found.offset != LINE_SIZE)
			reader.wrong = "the id is not found";
		break;
	case WAY_FOLLOW:
	case WAY_ROTATE:
	case WAY_ROTATE_TWICE:
	case WAYS:
		follow_faulty(way, times, after);
		break;
	}
	look();
	append(1);
	look();
	append(1);
	look();
}

static int failures;

/* How often it failed. */
static long
check(enum call call, int error, enum way way, long times, long after)
{
	const char *wrong;

	fault.call = call;
	fault.error = error;
	fault.met = 0;
	go(way, times, after);
	wrong = reader.wrong;
	if (wrong == NULL && reader.last != lines)
		wrong = "it has stopped";
	if (wrong != NULL) {
		printf("# %s: %s, %ld times after %ld, while %s: %s (%d of "
		       "%d)\n",
		    call_names[call], strerror(error), times, after,
		    way_names[way], wrong, reader.last, lines);
	}
	failures += wrong != NULL;
	file_free(reader.file);
	reader.file = NULL;
	return fault.met;
}

#define FOR_A_WHILE 100000

/* One call fails, the first or a later one, as long as there are any. */
static long
check_each(enum call call, int error, enum way way)
{
	long last = is_of_watch(call) ? call == CALL_READ : 6;
	long after = 0;

	while (after < last && check(call, error, way, 1, after) == 1)
		after++;
	return after;
}

static void
check_call(enum call call)
{
	long met = 0;

	for (size_t i = 0; i < ERRORS; i++)
		for (int j = 0; j < WAYS; j++) {
			enum way way = (enum way)j;

			met += check(call, errors[i], way, FOR_A_WHILE, 0);
			met += check_each(call, errors[i], way);
		}
	CHECK_EQUAL_INT(failures, 0);
	CHECK(met > 0);
}

#define TEST_CALL(name, call)     \
	TEST(name)                \
	{                         \
		check_call(call); \
	}

TEST_CALL(openat_fails, CALL_OPENAT)
TEST_CALL(statx_fails, CALL_STATX)
TEST_CALL(pread_fails, CALL_PREAD)
TEST_CALL(read_fails, CALL_READ)
TEST_CALL(getdents64_fails, CALL_GETDENTS)
TEST_CALL(openat2_fails, CALL_OPENAT2)
TEST_CALL(lseek_fails, CALL_LSEEK)
TEST_CALL(inotify_init1_fails, CALL_INOTIFY_INIT1)
TEST_CALL(inotify_add_watch_fails, CALL_INOTIFY_ADD_WATCH)
TEST_CALL(fcntl_fails, CALL_FCNTL)
TEST_CALL(statfs_fails, CALL_STATFS)
TEST_CALL(fstatfs_fails, CALL_FSTATFS)
