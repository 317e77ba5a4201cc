/*
 * watch_fuzz.c - any records of inotify are all read, and are counted and told
 * as a plain reader of them would do it.
 *
 *	input: records: watch (1 byte), what happened (1), size of the name (1),
 *	name
 *
 * Watch 1 is a folder, of a log and of one who hears all; watch 2 is a file of
 * his; the others are nobody's.
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/inotify.h>

#include "buf.h"
#include "fdio.h"
#include "source/watch.h"

#define NAME "log"
#define HINTS_MAX 64
#define BIRTHS (IN_CREATE | IN_MOVED_TO)
#define DEATHS (IN_MOVED_FROM | IN_DELETE)
#define FOLDER 1
#define FILE_OF_ITS_OWN 2

ssize_t __real_sse_fd_read(int fd, void *bytes, size_t size);
ssize_t __wrap_sse_fd_read(int fd, void *bytes, size_t size);

struct record {
	int watch;
	uint32_t mask;
	uint32_t name_size; /* in the record; 0: it has none */
	char name[NAME_MAX + 1];
};

/* What is read in place of what the system has; NULL: that. */
static struct records {
	struct record list[HINTS_MAX];
	size_t count;
	size_t at;
} * given;

static size_t
put_record(const struct record *record, char *bytes)
{
	const struct inotify_event event = {
	    .wd = record->watch,
	    .mask = record->mask,
	    .len = record->name_size,
	};

	memcpy(bytes, &event, sizeof(event));
	memset(bytes + sizeof(event), 0, record->name_size);
	if (record->name_size > 0)
		memcpy(
		    bytes + sizeof(event), record->name, strlen(record->name));
	return sizeof(event) + record->name_size;
}

ssize_t
__wrap_sse_fd_read(int fd, void *bytes, size_t size)
{
	size_t used = 0;

	if (given == NULL)
		return __real_sse_fd_read(fd, bytes, size);
	/* As many as there is room for, as the kernel does. */
	while (given->at < given->count) {
		const struct record *record = &given->list[given->at];

		if (used + sizeof(struct inotify_event) + record->name_size >
		    size)
			break;
		used += put_record(record, (char *)bytes + used);
		given->at++;
	}
	return used > 0 ? (ssize_t)used : -EAGAIN;
}

/* What is told of either, as text. */
struct ear {
	struct inotify_user user;
	const char *name;
	struct sse_buf *log;
};

static void
note(struct sse_buf *log, const char *ear, const struct hint *hint)
{
	char text[NAME_MAX + 64];
	int size = snprintf(text, sizeof(text), "%s %d %d %s\n", ear,
	    (int)hint->kind, hint->is_folder, hint->name);

	REQUIRE(sse_buf_add(log, text, (size_t)size) == 0);
}

static void
hear(void *context, const struct hint *hint)
{
	const struct ear *ear = context;

	note(ear->log, ear->name, hint);
}

static void
take_record(struct sse_slice *input, struct record *record)
{
	static const uint32_t masks[] = {IN_CREATE, IN_MOVED_TO, IN_MOVED_FROM,
	    IN_DELETE, IN_MODIFY, IN_ATTRIB, IN_Q_OVERFLOW, IN_IGNORED,
	    IN_MOVE_SELF, IN_DELETE_SELF, IN_CREATE | IN_ISDIR};
	struct sse_slice name;

	record->watch = fuzz_number(input) % 4;
	record->mask =
	    masks[fuzz_number(input) % (sizeof(masks) / sizeof(masks[0]))];
	name = fuzz_take(input, fuzz_number(input));
	(void)snprintf(record->name, sizeof(record->name), "%.*s",
	    (int)name.size, name.size > 0 ? name.data : "");
	/* With a NUL, and padding. */
	record->name_size =
	    name.size == 0 ? 0
			   : (uint32_t)((strlen(record->name) / 16 + 1) * 16);
}

/* ------------------------------------------------------ a plain reader -- */

struct expected {
	uint64_t births;
	bool counts;
	bool follows;    /* the log's folder */
	bool watched[3]; /* by its number */
	struct sse_buf log;
};

static void
expect_all_lost(struct expected *expected)
{
	const struct hint lost = {.kind = HINT_LOST, .name = ""};

	/* What was watched last is told first. */
	if (expected->watched[FILE_OF_ITS_OWN])
		note(&expected->log, "file", &lost);
	if (expected->watched[FOLDER])
		note(&expected->log, "folder", &lost);
	expected->counts = false;
}

static enum hint_kind
kind_of(const struct record *record)
{
	bool is_folder = record->watch == FOLDER;

	if (record->mask & IN_IGNORED)
		return HINT_OVER;
	if (is_folder && record->name_size > 0 && (record->mask & BIRTHS))
		return HINT_CAME;
	if (is_folder && record->name_size > 0 && (record->mask & DEATHS))
		return HINT_WENT;
	return is_folder && (record->mask & IN_MOVE_SELF) ? HINT_MOVED
							  : HINT_CHANGED;
}

static void
expect_of_log(struct expected *expected, const struct hint *hint)
{
	if (!expected->follows)
		return;
	if (hint->kind == HINT_CAME)
		expected->births += strcmp(hint->name, NAME) == 0;
	if (hint->kind == HINT_OVER || hint->kind == HINT_MOVED)
		expected->follows = expected->counts = false;
}

static void
expect(struct expected *expected, const struct record *record)
{
	enum hint_kind kind = kind_of(record);
	const struct hint hint = {
	    .kind = kind,
	    .name = kind == HINT_CAME || kind == HINT_WENT ? record->name : "",
	    .is_folder = (record->mask & IN_ISDIR) != 0,
	};

	if (record->mask & IN_Q_OVERFLOW) {
		expect_all_lost(expected);
		return;
	}
	if (record->watch != FOLDER && record->watch != FILE_OF_ITS_OWN)
		return;
	if (!expected->watched[record->watch])
		return;
	if (record->watch == FOLDER)
		expect_of_log(expected, &hint);
	note(
	    &expected->log, record->watch == FOLDER ? "folder" : "file", &hint);
	if (hint.kind == HINT_OVER)
		expected->watched[record->watch] = false;
}

/* ------------------------------------------------------------- the test -- */

static bool
watch_own_file(struct inotify *inotify, struct inotify_user *user)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	bool is_watched = inotify_watch_file(inotify, fd, user);

	sse_fd_close(fd);
	return is_watched;
}

static void
check(struct source_hints *hints, struct watch *watch, struct records *records,
    const struct expected *expected)
{
	records->at = 0;
	given = records;
	inotify_drain(hints->names);
	given = NULL;
	REQUIRE(records->at == records->count);
	REQUIRE(watch_births(watch) == expected->births);
	REQUIRE(watch_counts_births(watch) == expected->counts);
}

static void
drain(struct records *records, const struct expected *expected)
{
	struct source_hints *hints = source_hints_new();
	struct sse_buf log = {.size_max = SIZE_MAX};
	struct ear ears[] = {
	    {.name = "folder", .log = &log}, {.name = "file", .log = &log}};
	struct hint_waiter waiter = {.wake = NULL};
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct watch *watch = watch_new_shared("/" NAME, hints, &waiter);

	for (size_t i = 0; i < 2; i++) {
		ears[i].user.tell = hear;
		ears[i].user.context = &ears[i];
	}
	REQUIRE(watch != NULL && fd >= 0);
	/* Where the system gives no inotify, nothing is read. */
	if (watch_counts_births(watch) &&
	    inotify_watch_folder(hints->names, fd, &ears[0].user) &&
	    watch_own_file(hints->names, &ears[1].user)) {
		check(hints, watch, records, expected);
		REQUIRE(sse_slice_equal(
		    sse_buf_slice(&log), sse_buf_slice(&expected->log)));
	}
	for (size_t i = 0; i < 2; i++)
		inotify_forget(hints->names, &ears[i].user);
	watch_free(watch);
	source_hints_free(hints);
	sse_fd_close(fd);
	sse_buf_done(&log);
}

void
watch_fuzz(struct sse_slice input)
{
	struct records *records = calloc(1, sizeof(*records));
	struct expected expected = {
	    .counts = true, .follows = true, .watched = {false, true, true}};

	REQUIRE(records != NULL);
	sse_buf_init(&expected.log, SIZE_MAX);
	while (input.size > 0 && records->count < HINTS_MAX) {
		take_record(&input, &records->list[records->count]);
		expect(&expected, &records->list[records->count++]);
	}
	drain(records, &expected);
	sse_buf_done(&expected.log);
	free(records);
}
