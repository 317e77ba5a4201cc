/*
 * reach.c - the list, and the ways to files.
 *
 * A way is gone by names, link by link, since it is what will be gone later.
 */
#include "config.h"

#include "source/reach.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/shortage.h"
#include "fdio.h"

#define REACHES_FIRST 8 /* room for so many at first, and then for twice */
#define LATEST 16       /* that are looked at for the same once more */

void
reaches_done(struct reaches *reaches)
{
	for (size_t i = 0; i < reaches->count; i++)
		free(reaches->list[i].path);
	free(reaches->list);
	free(reaches->ports);
	*reaches = (struct reaches){0};
}

int
reaches_error(const struct reaches *reaches)
{
	return reaches->error;
}

/* Streams of one folder come one after the other. */
static bool
has(struct reaches *reaches, const struct reach *reach)
{
	for (size_t i = 0; i < reaches->count && i < LATEST; i++) {
		const struct reach *old =
		    &reaches->list[reaches->count - 1 - i];

		if (old->rights == reach->rights &&
		    old->may_be_anew == reach->may_be_anew &&
		    strcmp(old->path, reach->path) == 0)
			return true;
	}
	return false;
}

static int
reserve(struct reaches *reaches)
{
	size_t capacity =
	    reaches->capacity > 0 ? 2 * reaches->capacity : REACHES_FIRST;
	struct reach *list;

	if (reaches->count < reaches->capacity)
		return 0;
	list = reallocarray(reaches->list, capacity, sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	reaches->list = list;
	reaches->capacity = capacity;
	return 0;
}

/* The path is copied. */
static void
add(struct reaches *reaches, const struct reach *reach)
{
	struct reach copy = *reach;

	if (reaches->error != 0 || strcmp(reach->path, "/") == 0 ||
	    has(reaches, reach))
		return;
	reaches->error = reserve(reaches);
	copy.path = reaches->error == 0 ? strdup(reach->path) : NULL;
	if (copy.path != NULL)
		reaches->list[reaches->count++] = copy;
	else
		reaches->error = -ENOMEM;
}

/*
 * realpath(3) goes to each name from the root: where links make the way long,
 * that takes seconds.  The system goes there once, and says where it has come.
 */
bool
reach_find(const char *path, char real[PATH_MAX])
{
	char link[sizeof("/proc/self/fd/-2147483648")];
	int fd = sse_fd_open(path, O_PATH);
	ssize_t size;

	if (is_shortage(fd))
		return realpath(path, real) != NULL;
	if (fd < 0)
		return false;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, real, PATH_MAX - 1);
	sse_fd_close(fd);
	if (size <= 0)
		return realpath(path, real) != NULL;
	real[size] = '\0';
	return real[0] == '/';
}

void
reaches_add(struct reaches *reaches, const char *path, unsigned rights)
{
	char real[PATH_MAX];

	if (reach_find(path, real))
		add(reaches, &(struct reach){real, rights, false});
}

/* The last name of a path goes: what is left is the folder that it is in. */
static void
cut_name(char *path)
{
	char *slash;

	while ((slash = strrchr(path, '/')) != NULL && slash[1] == '\0' &&
	       slash != path)
		*slash = '\0';
	if (slash == NULL)
		memcpy(path, ".", sizeof("."));
	else
		slash[slash == path] = '\0';
}

static bool
find_folder(const char *path, char real[PATH_MAX])
{
	struct stat st;

	return reach_find(path, real) && stat(real, &st) == 0 &&
	       S_ISDIR(st.st_mode);
}

/* Where a folder really is, or what is there of the way to it. */
static void
add_real(struct reaches *reaches, const char *path, unsigned rights, bool anew)
{
	char text[PATH_MAX], real[PATH_MAX];

	(void)snprintf(text, sizeof(text), "%s", path);
	while (!find_folder(text, real)) {
		if (strcmp(text, "/") == 0 || strcmp(text, ".") == 0)
			return;
		cut_name(text);
		anew = false;
	}
	add(reaches, &(struct reach){real, rights, anew});
}

void
reaches_add_folder(struct reaches *reaches, const char *path, unsigned rights)
{
	add_real(reaches, path, rights, false);
}

/* What a link at a path leads to: whether it is one. */
static bool
read_link(const char *path, char target[PATH_MAX])
{
	char text[PATH_MAX], folder[PATH_MAX];
	ssize_t size = readlink(path, text, sizeof(text) - 1);
	int put;

	if (size <= 0)
		return false;
	text[size] = '\0';
	(void)snprintf(folder, sizeof(folder), "%s", path);
	cut_name(folder);
	put = snprintf(target, PATH_MAX, "%s%s%s", text[0] == '/' ? "" : folder,
	    text[0] == '/' ? "" : "/", text);
	return put > 0 && put < PATH_MAX;
}

/* Of a file: which rights, and whether its folder may be made anew. */
struct wish {
	unsigned rights;
	bool may_be_anew;
};

/* What was gone of one way. */
struct way {
	int links;
	int names;
};

static int
count_names(const char *path)
{
	int count = 0;

	for (path += strspn(path, "/"); *path != '\0';
	     path += strspn(path, "/")) {
		path += strcspn(path, "/");
		count++;
	}
	return count;
}

/*
 * Whether it goes on to what a link leads to, from the root and name by name:
 * who may write in the folder of a log can make that long.
 */
static bool
goes_on(struct way *way, const char *target)
{
	way->names += count_names(target);
	return ++way->links <= REACH_LINKS_MAX && way->names <= REACH_NAMES_MAX;
}

static void go_way(struct reaches *reaches, const char *path,
    const struct wish *wish, struct way *way);

/* A name on the way that is a link, which may come to lead to another. */
static void
go_through(struct reaches *reaches, const char *path, const struct wish *wish,
    struct way *way)
{
	char target[PATH_MAX], folder[PATH_MAX];

	if (!read_link(path, target) || !goes_on(way, target))
		return;
	memcpy(folder, target, strlen(target) + 1);
	cut_name(folder);
	add_real(reaches, folder, wish->rights, wish->may_be_anew);
	go_way(reaches, target, wish, way);
}

/* The last name is the file's: its folder may be made anew. */
static void
go_way(struct reaches *reaches, const char *path, const struct wish *wish,
    struct way *way)
{
	const struct wish as_it_is = {wish->rights, false};
	char name[PATH_MAX];
	size_t size = strspn(path, "/");

	while (path[size] != '\0') {
		size += strcspn(path + size, "/");
		memcpy(name, path, size);
		name[size] = '\0';
		size += strspn(path + size, "/");
		go_through(
		    reaches, name, path[size] == '\0' ? wish : &as_it_is, way);
	}
}

static void
add_file(struct reaches *reaches, const char *path, const struct wish *wish)
{
	char folder[PATH_MAX];
	struct way way = {.links = 0};

	if (strlen(path) >= sizeof(folder))
		return;
	memcpy(folder, path, strlen(path) + 1);
	cut_name(folder);
	/* Of all files in "/" this one. */
	if (strcmp(folder, "/") == 0)
		reaches_add(reaches, path, wish->rights);
	add_real(reaches, folder, wish->rights, wish->may_be_anew);
	go_way(reaches, path, wish, &way);
}

void
reaches_add_file(struct reaches *reaches, const char *path, unsigned rights)
{
	add_file(reaches, path, &(struct wish){rights, false});
}

void
reaches_add_way(struct reaches *reaches, const char *path, unsigned rights)
{
	add_file(reaches, path, &(struct wish){rights, true});
}

void
reaches_add_port(struct reaches *reaches, uint16_t port)
{
	uint16_t *ports = reallocarray(
	    reaches->ports, reaches->port_count + 1, sizeof(*ports));

	if (ports == NULL) {
		reaches->error = -ENOMEM;
		return;
	}
	reaches->ports = ports;
	reaches->ports[reaches->port_count++] = port;
}
