/*
 * faults.c - the calls of fdio, wrapped by the linker.
 */
#include "config.h"

#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "fdio.h"

int __real_sse_fd_open(const char *path, int flags);
int __wrap_sse_fd_open(const char *path, int flags);
int __real_sse_fd_open_at(int directory, const char *name, int flags);
int __wrap_sse_fd_open_at(int directory, const char *name, int flags);
int __real_sse_fd_stat(int fd, struct sse_file_stat *ret_stat);
int __wrap_sse_fd_stat(int fd, struct sse_file_stat *ret_stat);
int __real_sse_path_stat(const char *path, struct sse_file_stat *ret_stat);
int __wrap_sse_path_stat(const char *path, struct sse_file_stat *ret_stat);
int __real_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *ret_stat);
int __wrap_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *ret_stat);
ssize_t __real_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);
ssize_t __wrap_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);

ssize_t __real_pread(int fd, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread(int fd, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *bytes, size_t size, off_t offset);

static struct {
	struct world *world;
	uint64_t random;
	struct faults_rates rates;
	void (*happens)(void *context);
	void *context;
	bool inside;     /* what happens makes calls, too */
	uint64_t writes; /* random; 0: no write is short */
} faults;

void
faults_begin(struct world *world, uint64_t seed,
    const struct faults_rates *rates, void (*happens)(void *context),
    void *context)
{
	faults.world = world;
	faults.random = seed;
	faults.rates = *rates;
	faults.happens = happens;
	faults.context = context;
}

bool
faults_are_played(void)
{
	return faults.rates.between != 0;
}

void
faults_stop(void)
{
	faults.rates = (struct faults_rates){0, 0, 0};
	faults.writes = 0;
}

static unsigned
random_next(uint64_t *random)
{
	*random = *random * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(*random >> 33);
}

static bool
comes(unsigned one_in)
{
	if (one_in == 0 || faults.inside)
		return false;
	return random_next(&faults.random) % one_in == 0;
}

void
faults_shorten_writes(uint64_t seed)
{
	faults.writes = seed;
}

/* One of four takes nothing, one all, and the others something. */
size_t
faults_taken(size_t size)
{
	unsigned how;

	if (faults.writes == 0)
		return size;
	how = random_next(&faults.writes) % 4;
	if (how < 2)
		return how * size;
	return random_next(&faults.writes) % (size + 1);
}

static void
may_happen(void)
{
	if (!comes(faults.rates.between))
		return;
	faults.inside = true;
	faults.happens(faults.context);
	faults.inside = false;
}

/* A file of the world; what else there is keeps its own times. */
static struct world_file *
find(const struct sse_file_stat *stat)
{
	return faults.world != NULL
		   ? world_find(faults.world, stat->device, stat->inode)
		   : NULL;
}

static struct world_file *
find_open(int fd)
{
	struct sse_file_stat stat;

	return __real_sse_fd_stat(fd, &stat) == 0 ? find(&stat) : NULL;
}

/* The size as a cache of attributes has it. */
static uint64_t
old_size(struct world_file *file, uint64_t size)
{
	const struct world *world = faults.world;

	if (file->cached_ms == 0 ||
	    file->cached_ms + world->rules.size_lag_ms <= world->now_ms) {
		file->cached_ms = world->now_ms;
		file->cached_size = size;
	}
	return file->cached_size;
}

static int
give_attributes(int error, struct sse_file_stat *stat)
{
	struct world_file *file = error == 0 ? find(stat) : NULL;

	if (error == 0 && faults.world != NULL && S_ISDIR(stat->mode) &&
	    stat->inode == faults.world->folder_inode)
		stat->mtime_ms = stat->ctime_ms = faults.world->folder_ms;
	if (file == NULL)
		return error;
	stat->birth_ns = file->birth_ns;
	stat->mtime_ms = file->mtime_ms;
	stat->ctime_ms = file->ctime_ms;
	/* The world's steps are closer together than the machine's times. */
	stat->touched = false;
	stat->size = old_size(file, stat->size);
	return 0;
}

/* The server has removed it, and knows the handle no more. */
static bool
is_stale(int fd)
{
	const struct world_file *file;

	if (faults.world == NULL || !faults.world->rules.stale_handles)
		return false;
	file = find_open(fd);
	return file != NULL && file->removed_ms > 0;
}

/* Nobody may read it yet, but look at it: tests may run as root. */
static int
refuse_private(int fd, int flags)
{
	const struct world_file *file =
	    fd >= 0 && !(flags & O_PATH) ? find_open(fd) : NULL;

	if (file == NULL || !file->is_private)
		return fd;
	sse_fd_close(fd);
	return -EACCES;
}

int
__wrap_sse_fd_open(const char *path, int flags)
{
	may_happen();
	return comes(faults.rates.failing)
		   ? -EMFILE
		   : refuse_private(__real_sse_fd_open(path, flags), flags);
}

int
__wrap_sse_fd_open_at(int directory, const char *name, int flags)
{
	may_happen();
	return comes(faults.rates.failing)
		   ? -EMFILE
		   : refuse_private(
			 __real_sse_fd_open_at(directory, name, flags), flags);
}

int
__wrap_sse_fd_stat(int fd, struct sse_file_stat *ret_stat)
{
	may_happen();
	if (is_stale(fd))
		return -ESTALE;
	return give_attributes(__real_sse_fd_stat(fd, ret_stat), ret_stat);
}

int
__wrap_sse_path_stat(const char *path, struct sse_file_stat *ret_stat)
{
	may_happen();
	return give_attributes(__real_sse_path_stat(path, ret_stat), ret_stat);
}

int
__wrap_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *ret_stat)
{
	may_happen();
	return give_attributes(
	    __real_sse_name_stat(directory, name, ret_stat), ret_stat);
}

ssize_t
__wrap_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset)
{
	may_happen();
	if (is_stale(fd))
		return -ESTALE;
	if (comes(faults.rates.failing))
		return -EAGAIN;
	return __real_sse_fd_pread(fd, bytes, size, offset);
}

/* The system's own: interrupted, or less than there is. */
static ssize_t
pread_with_faults(int fd, void *bytes, size_t size, off_t offset)
{
	if (comes(faults.rates.shorter)) {
		errno = EINTR;
		return -1;
	}
	if (size > 1 && comes(faults.rates.shorter))
		size /= 2;
	return __real_pread(fd, bytes, size, offset);
}

ssize_t
__wrap_pread(int fd, void *bytes, size_t size, off_t offset)
{
	return pread_with_faults(fd, bytes, size, offset);
}

ssize_t
__wrap_pread64(int fd, void *bytes, size_t size, off_t offset)
{
	return pread_with_faults(fd, bytes, size, offset);
}
