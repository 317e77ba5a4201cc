/*
 * watch_fuzz.c - any records of inotify are all read, and are counted and told
 *as a plain reader of them would do it.
 *
 *	input: records: watch (1 byte), what happened (1), size of the name (1),
 *	name
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>
#include <limits.h>
#include <sys/inotify.h>

#include "buf.h"
#include "fdio.h"
#include "source/watch.h"

#define NAME "log"
#define HINTS_MAX 64
#define BIRTHS (IN_CREATE | IN_MOVED_TO)
#define TOLD (BIRTHS | IN_MOVED_FROM | IN_DELETE)

ssize_t __real_sse_fd_read(int fd, void *bytes, size_t size);
ssize_t __wrap_sse_fd_read(int fd, void *bytes, size_t size);

struct hint {
	int watch;
	uint32_t mask;
	uint32_t name_size; /* in the record; 0: it has none */
	char name[NAME_MAX + 1];
};

/* What is read in place of what the system has; NULL: that. */
static struct hints {
	struct hint list[HINTS_MAX];
	size_t count;
	size_t at;
} * given;

static size_t
put_hint(const struct hint *hint, char *bytes)
{
	const struct inotify_event event = {
	    .wd = hint->watch,
	    .mask = hint->mask,
	    .len = hint->name_size,
	};

	memcpy(bytes, &event, sizeof(event));
	memset(bytes + sizeof(event), 0, hint->name_size);
	if (hint->name_size > 0)
		memcpy(bytes + sizeof(event), hint->name, strlen(hint->name));
	return sizeof(event) + hint->name_size;
}

ssize_t
__wrap_sse_fd_read(int fd, void *bytes, size_t size)
{
	size_t used = 0;

	if (given == NULL)
		return __real_sse_fd_read(fd, bytes, size);
	/* As many as there is room for, as the kernel does. */
	while (given->at < given->count) {
		const struct hint *hint = &given->list[given->at];

		if (used + sizeof(struct inotify_event) + hint->name_size >
		    size)
			break;
		used += put_hint(hint, (char *)bytes + used);
		given->at++;
	}
	return used > 0 ? (ssize_t)used : -EAGAIN;
}

/* What is told, as text. */
static void
note(void *context, const struct watch_news *news)
{
	struct sse_buf *log = context;
	char text[NAME_MAX + 64];
	int size = snprintf(text, sizeof(text), "%d %d %d %s\n", news->folder,
	    news->name != NULL && news->came,
	    news->name != NULL && news->is_folder,
	    news->name != NULL ? news->name : "(lost)");

	REQUIRE(sse_buf_add(log, text, (size_t)size) == 0);
}

static void
take_hint(struct sse_slice *input, struct hint *hint)
{
	static const uint32_t masks[] = {IN_CREATE, IN_MOVED_TO, IN_MOVED_FROM,
	    IN_DELETE, IN_MODIFY, IN_ATTRIB, IN_Q_OVERFLOW, IN_IGNORED,
	    IN_MOVE_SELF, IN_DELETE_SELF, IN_CREATE | IN_ISDIR};
	struct sse_slice name;

	hint->watch = fuzz_number(input) % 4;
	hint->mask =
	    masks[fuzz_number(input) % (sizeof(masks) / sizeof(masks[0]))];
	name = fuzz_take(input, fuzz_number(input));
	(void)snprintf(hint->name, sizeof(hint->name), "%.*s", (int)name.size,
	    name.size > 0 ? name.data : "");
	/* With a NUL, and padding. */
	hint->name_size =
	    name.size == 0 ? 0 : (uint32_t)((strlen(hint->name) / 16 + 1) * 16);
}

struct expected {
	uint64_t births;
	bool counts;
	bool watched;
	struct sse_buf log;
};

static void
expect(struct expected *expected, const struct hint *hint)
{
	struct watch_news news = {
	    .folder = hint->watch,
	    .came = (hint->mask & BIRTHS) != 0,
	    .is_folder = (hint->mask & IN_ISDIR) != 0,
	};

	if (hint->mask & (IN_Q_OVERFLOW | IN_IGNORED)) {
		note(&expected->log, &news);
	} else if (hint->name_size > 0 && (hint->mask & TOLD) != 0) {
		news.name = hint->name;
		note(&expected->log, &news);
	}
	if (hint->mask & IN_Q_OVERFLOW)
		expected->counts = false;
	if (hint->watch != 1 || !expected->watched)
		return;
	if (hint->mask & (IN_IGNORED | IN_MOVE_SELF))
		expected->watched = expected->counts = false;
	else if ((hint->mask & BIRTHS) != 0 && hint->name_size > 0)
		expected->births += strcmp(hint->name, NAME) == 0;
}

static void
drain(struct hints *hints, const struct expected *expected)
{
	struct watch *watch = watch_new("/" NAME);
	struct sse_buf log = {.size_max = SIZE_MAX};
	struct watch_listener listener = {.tell = note, .context = &log};

	REQUIRE(watch != NULL);
	/* Where the system gives no inotify, nothing is read. */
	if (watch_fd(watch) >= 0 && watch_counts_births(watch)) {
		watch_listen(watch, &listener);
		hints->at = 0;
		given = hints;
		watch_drain(watch);
		given = NULL;
		REQUIRE(hints->at == hints->count);
		REQUIRE(watch_births(watch) == expected->births);
		REQUIRE(watch_counts_births(watch) == expected->counts);
		REQUIRE(sse_slice_equal(
		    sse_buf_slice(&log), sse_buf_slice(&expected->log)));
	}
	watch_free(watch);
	sse_buf_done(&log);
}

void
watch_fuzz(struct sse_slice input)
{
	struct hints *hints = calloc(1, sizeof(*hints));
	struct expected expected = {.counts = true, .watched = true};

	REQUIRE(hints != NULL);
	sse_buf_init(&expected.log, SIZE_MAX);
	while (input.size > 0 && hints->count < HINTS_MAX) {
		take_hint(&input, &hints->list[hints->count]);
		expect(&expected, &hints->list[hints->count++]);
	}
	drain(hints, &expected);
	sse_buf_done(&expected.log);
	free(hints);
}
