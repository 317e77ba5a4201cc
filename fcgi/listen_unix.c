/*
 * listen_unix.c - a socket in a folder: its path, mode, user and group.
 *
 * libfcgi would remove whatever is at the path, leave the socket's mode to
 * chance and end the process on an error; so this is not left to it.
 */
#include "config.h"

#include "listen_unix.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf_value.h"
#include "fdio.h"
#include "listen_socket.h"
#include "base/obstacle.h"

#define REASON_SIZE_MAX 700 /* bytes, with a NUL */
#define MODE_DEFAULT 0660

/* "unix:PATH,..." taken apart. */
struct unix_address {
	struct sockaddr_un path;
	mode_t mode;
	uid_t user;
	gid_t group;
	bool by_form; /* who they are is not looked up */
};

static bool
parse_mode(const char *text, mode_t *ret_mode)
{
	unsigned long mode;
	char *end;

	if (text[0] < '0' || text[0] > '7' || strlen(text) > 4)
		return false;
	mode = strtoul(text, &end, 8);
	*ret_mode = (mode_t)mode;
	return *end == '\0' && mode <= 0777;
}

static bool
parse_user(const char *text, struct unix_address *address)
{
	const struct passwd *user;
	uint64_t number;

	if (address->by_form)
		return text[0] != '\0';
	user = getpwnam(text);
	if (user != NULL)
		address->user = user->pw_uid;
	else if (conf_value_read(CONF_UNIT_NONE, text, &number) == 0 &&
		 number < UINT32_MAX)
		address->user = (uid_t)number;
	else
		return false;
	return true;
}

static bool
parse_group(const char *text, struct unix_address *address)
{
	const struct group *group;
	uint64_t number;

	if (address->by_form)
		return text[0] != '\0';
	group = getgrnam(text);
	if (group != NULL)
		address->group = group->gr_gid;
	else if (conf_value_read(CONF_UNIT_NONE, text, &number) == 0 &&
		 number < UINT32_MAX)
		address->group = (gid_t)number;
	else
		return false;
	return true;
}

/* "mode=0660": what is wrong with it, or NULL. */
static const char *
parse_unix_option(const char *option, struct unix_address *address)
{
	if (strncmp(option, "mode=", 5) == 0)
		return parse_mode(option + 5, &address->mode)
			   ? NULL
			   : "has no mode from 0 to 0777";
	if (strncmp(option, "user=", 5) == 0)
		return parse_user(option + 5, address)
			   ? NULL
			   : "names a user that is not known";
	if (strncmp(option, "group=", 6) == 0)
		return parse_group(option + 6, address)
			   ? NULL
			   : "names a group that is not known";
	return "has something else than mode=, user= and group= behind its"
	       " path";
}

/* What is wrong with PATH[,OPTION]..., or NULL. */
static const char *
parse_unix(char *text, bool by_form, struct unix_address *ret_address)
{
	const char *wrong = NULL;
	char *option = strchr(text, ',');

	*ret_address = (struct unix_address){.path = {.sun_family = AF_UNIX},
	    .mode = MODE_DEFAULT,
	    .user = (uid_t)-1,
	    .group = (gid_t)-1,
	    .by_form = by_form};
	while (option != NULL && wrong == NULL) {
		char *next = strchr(option + 1, ',');

		*option = '\0';
		if (next != NULL)
			*next = '\0';
		wrong = parse_unix_option(option + 1, ret_address);
		if (next != NULL)
			*next = ',';
		option = next;
	}
	if (text[0] == '\0')
		return "has no path";
	if (strlen(text) >= sizeof(ret_address->path.sun_path))
		return "has a path that is too long: 107 bytes at most";
	(void)snprintf(ret_address->path.sun_path,
	    sizeof(ret_address->path.sun_path), "%s", text);
	return wrong;
}

/* What keeps a socket that could not be connected to from being removed. */
static const char *
why_it_stays(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "is there, and may not be connected to by this user:"
		       " remove it if no process listens there";
	case ENOMEM:
	case ENOBUFS:
		return "cannot be looked at: memory is used up";
	default:
		return "is in use: another process listens there";
	}
}

/*
 * A socket at the path that nobody listens at is removed.  What else is wrong
 * with what is there, or NULL.
 */
static const char *
clear_path(const struct sockaddr_un *path)
{
	struct sse_file_stat stat;
	int fd, error;

	if (sse_name_stat(AT_FDCWD, path->sun_path, &stat) != 0)
		return NULL;
	if (!S_ISSOCK(stat.mode))
		return "is there, and is no socket";
	fd = listen_socket(AF_UNIX);
	if (fd < 0)
		return "cannot be looked at: too many open files";
	error = connect(fd, (const struct sockaddr *)path, sizeof(*path)) == 0
		    ? 0
		    : errno;
	sse_fd_close(fd);
	if (error == ENOENT)
		return NULL;
	if (error != ECONNREFUSED)
		return why_it_stays(error);
	(void)unlink(path->sun_path);
	return NULL;
}

/*
 * Gives the socket that was just made to its user and group, and its mode where
 * the folder has rules of its own for that.  Others may be able to write in the
 * folder: so it is changed by descriptor, and not by a name that may be another
 * one's, or a link, by now.
 */
static int
give_away(int fd, const struct unix_address *address)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	bool gives = address->user != (uid_t)-1 || address->group != (gid_t)-1;
	bool opens;
	struct sse_file_stat stat;
	int error = sse_fd_stat(fd, &stat);

	assert(address->mode <= 0777);
	if (error != 0)
		return error;
	opens = (stat.mode & 0777) != address->mode;
	if (!S_ISSOCK(stat.mode) ||
	    ((gives || opens) && stat.owner != geteuid()))
		return -EEXIST;
	if (gives && fchownat(fd, "", address->user, address->group,
			 AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) != 0)
		return -errno;
	if (!opens)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return chmod(path, address->mode) == 0 ? 0 : -errno;
}

/* Which folder it is that is missing, or may not be gone into. */
static int
refuse_path(struct conf_error *ret_error, const struct conf_place *place,
    const char *address, const char *path, int error)
{
	char why[OBSTACLE_TEXT_SIZE_MAX], reason[REASON_SIZE_MAX];

	if (!obstacle_explain(path, error, why)) {
		if (error != -EACCES)
			return listen_refuse_system(
			    ret_error, place, address, error);
		(void)snprintf(
		    why, sizeof(why), "this user may not write in its folder");
	}
	(void)snprintf(reason, sizeof(reason), "%s: %s", strerror(-error), why);
	return listen_refuse(ret_error, place, address, reason);
}

/* Nobody can connect before listen(), whoever it belongs to until then. */
static int
bind_unix(int fd, const struct unix_address *address)
{
	const char *path = address->path.sun_path;
	mode_t before;
	int made, error;

	/* Else it had a name that is in no folder, and no mode. */
	assert(path[0] != '\0');
	before = umask(0777 & ~address->mode);
	error = bind(fd, (const struct sockaddr *)&address->path,
		    sizeof(address->path)) == 0
		    ? 0
		    : -errno;
	(void)umask(before);
	if (error != 0)
		return error;
	made = sse_fd_open(path, O_PATH | O_NOFOLLOW);
	error = made < 0 ? made : give_away(made, address);
	sse_fd_close(made);
	if (error == 0 && listen(fd, LISTEN_QUEUE) != 0)
		error = -errno;
	if (error != 0)
		(void)unlink(path);
	return error;
}

static int
read_address(const struct conf_place *place, const char *address, bool by_form,
    struct unix_address *ret_address, struct conf_error *ret_error)
{
	char *text = strdup(address + strlen("unix:"));
	const char *wrong;

	if (text == NULL)
		return -ENOMEM;
	wrong = parse_unix(text, by_form, ret_address);
	free(text);
	return wrong == NULL ? 0
			     : listen_refuse(ret_error, place, address, wrong);
}

int
listen_unix_check(const struct conf_place *place, const char *address,
    bool by_form, struct conf_error *ret_error)
{
	struct unix_address parsed;

	return read_address(place, address, by_form, &parsed, ret_error);
}

int
listen_unix(const struct conf_place *place, const char *address,
    char ret_path[LISTEN_PATH_SIZE], struct conf_error *ret_error)
{
	struct unix_address parsed;
	const char *wrong;
	int fd, error = read_address(place, address, false, &parsed, ret_error);

	if (error != 0)
		return error;
	wrong = clear_path(&parsed.path);
	if (wrong != NULL)
		return listen_refuse(ret_error, place, address, wrong);
	fd = listen_socket(AF_UNIX);
	error = fd < 0 ? fd : bind_unix(fd, &parsed);
	if (error != 0) {
		sse_fd_close(fd);
		return refuse_path(
		    ret_error, place, address, parsed.path.sun_path, error);
	}
	memcpy(ret_path, parsed.path.sun_path, LISTEN_PATH_SIZE);
	return fd;
}
