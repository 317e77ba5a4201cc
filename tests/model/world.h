/*
 * world.h - the side of those who write and rotate a log: real files, with
 * times that the test drives, and a ledger of every line.
 *
 * A run is what was written to a file since it was made or truncated last.
 * Lines are ordered by run, and within a run by their number there.
 */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

#define WORLD_LINES_MAX 4096
#define WORLD_FILES_MAX 1024
#define WORLD_RUNS_MAX 1024
#define WORLD_WRITERS 2
#define WORLD_GENERATIONS 4 /* that are kept */
#define WORLD_DATED "app-%Y-%m-%d.log"
#define WORLD_TICK_MS 4 /* of the file system's clock */

struct world_line {
	int run;
	int place;    /* in the run */
	bool is_lost; /* it was in no file from its run's truncation on */
	bool is_late; /* its file was not the log any more */
	int64_t written_ms;
};

struct world_file;

/* What became of a run. */
struct world_run {
	int64_t truncated_ms;               /* 0: not */
	const struct world_file *truncated; /* NULL: not */
	bool is_gone;                       /* no name leads to it any more */
	int replaced;        /* how often its file was, by a copy */
	int64_t replaced_ms; /* the last time */
};

/* A file, and the times that it is made to have. */
struct world_file {
	uint64_t device;
	uint64_t inode;
	int64_t birth_ns;
	int64_t mtime_ms;
	int64_t ctime_ms;
	int run;         /* that is being written */
	int places;      /* lines of that run */
	int64_t removed_ms; /* no name leads to it; 0: one does */
	bool is_private; /* nobody else may read it */

	/* What a cache of attributes has of it. */
	uint64_t cached_size;
	int64_t cached_ms; /* 0: nothing */
};

struct world_writer {
	int fd;       /* -1: not open */
	int partial;  /* the line that it is in the middle of, or -1 */
	int ahead;    /* the line that the file has room for already, or -1 */
	bool is_late; /* its file is not the log any more */
};

/* What has happened: which gaps are allowed to be told. */
struct world_deeds {
	bool truncated; /* lines may have been lost by it */
	bool removed;   /* a file is gone */
	bool late;      /* an old file has grown */
};

/* What a mood has that is no step. */
struct world_rules {
	const char *log;         /* its name; NULL: "log" */
	const char *source;      /* of dated names; NULL: the log's path */
	const char *generations; /* the key; NULL: as by default */
	/* What stands around a generation's number; NULL: the log's name and .
	 */
	const char *before, *after;
	bool greater_is_newer;
	bool at_offset;      /* who writes has no O_APPEND */
	bool stale_handles;  /* what has no name cannot be used any more */
	int64_t size_lag_ms; /* sizes are so old at most */
};

struct world {
	struct world_rules rules;
	char folder[200];
	uint64_t folder_inode;
	int64_t folder_ms; /* its names changed then */
	char log[256];     /* path */
	char source[256];  /* what is read: the log's path, or a pattern */
	int days;          /* dated names so far */
	int rotated;       /* generations so far */

	/* Called in the middle of what takes its time. */
	void (*looks)(void *context);
	void *context;
	int64_t now_ms;
	uint64_t births;
	struct world_line lines[WORLD_LINES_MAX];
	int lines_count;
	struct world_file files[WORLD_FILES_MAX];
	int files_count;
	struct world_writer writers[WORLD_WRITERS];
	struct world_run runs[WORLD_RUNS_MAX];
	int runs_count;
	struct world_deeds deeds;
	struct sse_clock clock;
};

/* The folder's files are removed. */
void world_begin(
    struct world *world, const char *folder, const struct world_rules *rules);

/* Closes and removes everything. */
void world_end(struct world *world);

/* The newest file of that number, or NULL. */
struct world_file *world_find(
    struct world *world, uint64_t device, uint64_t inode);

void world_wait(struct world *world, int64_t time_ms);

/* What writers do. */
void world_append(struct world *world, int writer);
void world_append_part(struct world *world, int writer);
void world_append_ahead(struct world *world); /* the size first */
void world_fill_ahead(struct world *world);
void world_reopen(struct world *world, int writer);

/* Rotations, and what else happens to the log. */
void world_rename(struct world *world, bool create);
void world_rename_privately(struct world *world); /* until it is permitted */
void world_permit(struct world *world);
void world_copy_and_truncate(struct world *world, bool write_between);
void world_truncate(struct world *world);
void world_delete(struct world *world);
void world_replace(struct world *world, bool in_place); /* by a copy */
void world_link(struct world *world);
void world_switch_link(struct world *world);
void world_midnight(struct world *world); /* of dated names: the next one */

/* A line of another log beside this one, which may be rotated, too. */
void world_neighbour(struct world *world, unsigned which, bool rotate);

/* All writers finish their lines, and the log has one more. */
void world_finish(struct world *world);

#endif
