/*
 * probe_source.c - attempts.
 */
#include "config.h"

#include "probe_source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fdio.h"

#define SCHEME "probe:"
#define DIE SCHEME "die:"

struct probe {
	char folder[PATH_MAX];
	bool dies;
	size_t made; /* attempts */
	char text[64];
	char id[24];
};

/* 0, or why it failed; a descriptor is closed. */
static int
opened(int fd)
{
	if (fd < 0)
		return errno;
	sse_fd_close(fd);
	return 0;
}

static int
open_in(const struct probe *probe, const char *name, int flags)
{
	char path[PATH_MAX + 16];

	(void)snprintf(path, sizeof(path), "%s/%s", probe->folder, name);
	return opened(open(path, flags | O_CLOEXEC, 0600));
}

static int
read_users(const struct probe *probe)
{
	(void)probe;
	return opened(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int
list_root(const struct probe *probe)
{
	(void)probe;
	return opened(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static int
read_file(const struct probe *probe)
{
	return open_in(probe, "file", O_RDONLY);
}

static int
write_file(const struct probe *probe)
{
	return open_in(probe, "file", O_WRONLY);
}

static int
make_file(const struct probe *probe)
{
	return open_in(probe, "made", O_WRONLY | O_CREAT);
}

static int
connect_to_port(const struct probe *probe)
{
	const struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons(9),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)probe;
	if (fd >= 0 &&
	    connect(fd, (const void *)&address, sizeof(address)) == 0)
		return opened(fd);
	sse_fd_close(fd);
	return errno;
}

static int
make_socket(const struct probe *probe)
{
	(void)probe;
	return opened(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int
start_process(const struct probe *probe)
{
	pid_t child = fork();

	(void)probe;
	if (child == 0)
		_exit(0);
	return child < 0 ? errno : 0;
}

static int
signal_parent(const struct probe *probe)
{
	(void)probe;
	return kill(getppid(), 0) == 0 ? 0 : errno;
}

static const struct {
	const char *name;
	int (*make)(const struct probe *probe);
} attempts[] = {
    {"read /etc/passwd", read_users},
    {"list /", list_root},
    {"read file", read_file},
    {"write file", write_file},
    {"make file", make_file},
    {"connect", connect_to_port},
    {"socket", make_socket},
    {"fork", start_process},
    {"kill", signal_parent},
};

#define ATTEMPTS (sizeof(attempts) / sizeof(attempts[0]))

static int
new_probe(
    const char *text, const struct source_options *options, void **ret_self)
{
	struct probe *probe = calloc(1, sizeof(*probe));

	(void)options;
	if (probe == NULL)
		return -ENOMEM;
	probe->dies = strncmp(text, DIE, strlen(DIE)) == 0;
	(void)snprintf(probe->folder, sizeof(probe->folder), "%s",
	    text + strlen(probe->dies ? DIE : SCHEME));
	*ret_self = probe;
	return 0;
}

static int
start(void *self, const struct source_start *start)
{
	(void)self;
	(void)start;
	return 0;
}

static int
step(void *self)
{
	(void)self;
	return 0;
}

static struct source_position
position_of(const void *self)
{
	const struct probe *probe = self;

	return (struct source_position){{probe->made}};
}

/* Of those that a sandbox gives: strerrorname_np() is glibc's alone. */
static const char *
error_name(int error)
{
	switch (error) {
	case EACCES:
		return "EACCES";
	case EAFNOSUPPORT:
		return "EAFNOSUPPORT";
	case ENOSYS:
		return "ENOSYS";
	default:
		return error == 0 ? "0" : strerror(error);
	}
}

static int
next(void *self, struct source_item *ret_item)
{
	struct probe *probe = self;
	size_t i = probe->made;

	if (i == ATTEMPTS && probe->dies)
		(void)execl("/bin/true", "true", (char *)NULL);
	if (i == ATTEMPTS)
		return 0;
	(void)snprintf(probe->text, sizeof(probe->text), "%s: %s",
	    attempts[i].name, error_name(attempts[i].make(probe)));
	probe->made++;
	*ret_item = (struct source_item){.kind = SOURCE_RECORD,
	    .record = {.text = sse_slice(probe->text)},
	    .has_position = true,
	    .position = position_of(probe)};
	return 1;
}

static struct source_poll
poll_of(const void *self)
{
	(void)self;
	return (struct source_poll){.fd = -1, .timeout_ms = SOURCE_FOREVER_MS};
}

static struct sse_slice
id_of(void *self, const struct source_position *position)
{
	struct probe *probe = self;

	(void)snprintf(probe->id, sizeof(probe->id), "probe-%u",
	    (unsigned)position->words[0]);
	return sse_slice(probe->id);
}

static bool
owes_gap(const void *self)
{
	(void)self;
	return false;
}

static bool
has_given_all(const void *self)
{
	(void)self;
	return true;
}

static enum gap_reason
missed(struct sse_slice id, struct sse_slice first, uint64_t *ret_skipped)
{
	(void)id;
	(void)first;
	*ret_skipped = SOURCE_SKIPPED_UNKNOWN;
	return GAP_UNKNOWN;
}

/* The folder is the stream's, as that of a log is. */
static void
reach(const char *text, const struct source_reach *source,
    struct reaches *reaches)
{
	bool dies = strncmp(text, DIE, strlen(DIE)) == 0;

	(void)source;
	reaches_add_folder(
	    reaches, text + strlen(dies ? DIE : SCHEME), REACH_READ);
}

const struct source_ops probe_ops = {
    .unit = "records",
    .scheme = SCHEME,
    .reach = reach,
    .new = new_probe,
    .free = free,
    .start = start,
    .step = step,
    .next = next,
    .poll = poll_of,
    .position = position_of,
    .id = id_of,
    .owes_gap = owes_gap,
    .has_given_all = has_given_all,
    .missed = missed,
};
