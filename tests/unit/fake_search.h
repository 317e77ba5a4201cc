/*
 * fake_search.h - a search whose candidates are told as text: what is decided
 * by births, times and a few bytes is tested with it.
 *
 *	"a10:20=one/two/ b-:40z C50:60"
 *
 * Oldest first.  A letter is who it is, in upper case the current file; then
 * its birth ("-": nobody knows) and its modification, in milliseconds; then
 *
 *	z  compressed		x  it may not be read
 *	g  gone, and due	u  unsure whether it is older or newer
 *	k  a copy of what the current file still has
 *
 * and what is in the file, of which a slash is a line end, and "_" a NUL.
 * Without "=" it cannot be opened.
 */
#ifndef FAKE_SEARCH_H
#define FAKE_SEARCH_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/search.h"
#include "test.h"

#define FAKE_CANDIDATES_MAX 16

struct fake_search {
	struct search search;
	struct search_question question;
	struct search_known known;
	struct candidate candidates[FAKE_CANDIDATES_MAX];
	struct log_file files[FAKE_CANDIDATES_MAX]; /* of the follower */
	struct log_file *held[FAKE_CANDIDATES_MAX];
	struct sse_file_stat due[FAKE_CANDIDATES_MAX];
};

static inline char
fake_letter(char letter)
{
	return (char)(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
}

/* These lines, as they are told. */
static inline void
fake_write(int fd, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char byte = text[i];

		byte = (char)(byte == '/' ? '\n' : byte == '_' ? '\0' : byte);
		CHECK(write(fd, &byte, 1) == 1);
	}
}

static inline int
fake_open(const char *name, const char *text, size_t size)
{
	int fd = open(test_path(name), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	fake_write(fd, text, size);
	return fd;
}

static inline void
fake_flag(struct candidate *candidate, char flag)
{
	CHECK(strchr("zxguk", flag) != NULL);
	if (flag == 'z')
		candidate->rank.compressed = true;
	if (flag == 'z' || flag == 'x' || flag == 'g')
		candidate->compressed = true;
	if (flag == 'g')
		candidate->gone = true;
	if (flag == 'u')
		candidate->unsure = true;
	if (flag == 'k')
		candidate->copied = ANSWER_YES;
}

/* One that was told: where its text ends. */
static inline const char *
fake_candidate(struct candidate *candidate, const char *told)
{
	char letter = fake_letter(*told);
	char *at = NULL;

	*candidate = (struct candidate){.fd = -1,
	    .current = letter != *told,
	    .rank = {.scheme = LOG_ROTATION}};
	candidate->stat.inode = (uint64_t)letter;
	candidate->stat.birth_ns = strtoll(told + 1, &at, 10) * 1000000;
	if (at == told + 1) {
		candidate->stat.birth_ns = -1;
		at++;
	}
	CHECK(*at == ':');
	candidate->stat.mtime_ms = strtoll(at + 1, &at, 10);
	candidate->stat.ctime_ms = candidate->stat.mtime_ms;
	candidate->file = fingerprint_file(&candidate->stat);
	for (; *at != '\0' && *at != ' ' && *at != '='; at++)
		fake_flag(candidate, *at);
	if (*at == '=') {
		const char name[] = {letter, '\0'};

		candidate->stat.size = strcspn(++at, " ");
		candidate->fd =
		    fake_open(name, at, (size_t)candidate->stat.size);
		at += candidate->stat.size;
	}
	return at;
}

/* Whose fd is -1 there, or is held, is not closed by fake_search_done(). */
static inline void
fake_search_init(struct fake_search *fake, const char *told)
{
	struct snapshot *snapshot = &fake->search.snapshot;

	*fake = (struct fake_search){0};
	fake->question.known = &fake->known;
	fake->search.question = &fake->question;
	fake->search.base = SIZE_MAX;
	snapshot->candidates = fake->candidates;
	snapshot->capacity = FAKE_CANDIDATES_MAX;
	while (*told != '\0') {
		CHECK(snapshot->count < FAKE_CANDIDATES_MAX);
		told =
		    fake_candidate(&fake->candidates[snapshot->count++], told);
		told += strspn(told, " ");
	}
	/* log.15, log.14, ... */
	for (size_t i = 0; i < snapshot->count; i++)
		fake->candidates[i].rank.rotation.lower = snapshot->count - i;
	for (size_t i = 0; i < snapshot->count; i++)
		(void)snprintf(fake->candidates[i].name,
		    sizeof(fake->candidates[i].name), "log.%zu",
		    snapshot->count - i);
}

static inline void
fake_search_done(struct fake_search *fake)
{
	for (size_t i = 0; i < fake->search.snapshot.count; i++)
		if (!fake->candidates[i].lent)
			sse_fd_close(fake->candidates[i].fd);
}

/* SIZE_MAX: there is none with that letter. */
static inline size_t
fake_find(const struct fake_search *fake, char letter)
{
	for (size_t i = 0; i < fake->search.snapshot.count; i++)
		if (fake->candidates[i].stat.inode == (uint64_t)letter)
			return i;
	return SIZE_MAX;
}

/* Of a file that is not among them the birth is nobody's. */
static inline struct sse_file_stat
fake_stat_of(const struct fake_search *fake, char letter)
{
	size_t at = fake_find(fake, letter);

	if (at != SIZE_MAX)
		return fake->candidates[at].stat;
	return (struct sse_file_stat){.inode = (uint64_t)letter, .birth_ns = 1};
}

/*
 * The position is in that file ('0': there was none), behind these lines, and
 * was made at that time.
 */
static inline void
fake_ask(struct fake_search *fake, char letter, const char *had, int stamp_ms)
{
	struct sse_position *position = &fake->question.position;
	struct sse_file_stat stat = fake_stat_of(fake, letter);
	struct fingerprint fingerprint;
	int fd = fake_open("had", had, strlen(had));

	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, strlen(had)), 0);
	close(fd);
	*position = (struct sse_position){.stamp_ms = (uint64_t)stamp_ms};
	if (letter == '0')
		return;
	position->file = fingerprint_file(&stat);
	position->offset = strlen(had);
	position->check = fingerprint_check(&fingerprint);
}

/* The follower has these open; one in upper case is its lead. */
static inline void
fake_hold(struct fake_search *fake, const char *letters)
{
	struct search_question *question = &fake->question;

	question->held = fake->held;
	for (size_t i = 0; letters[i] != '\0'; i++) {
		char letter = fake_letter(letters[i]);
		size_t at = fake_find(fake, letter);
		struct log_file *file = &fake->files[i];

		file->stat = fake_stat_of(fake, letter);
		file->file = fingerprint_file(&file->stat);
		file->fd = at != SIZE_MAX ? fake->candidates[at].fd : -1;
		fake->held[question->held_count++] = file;
		if (letter != letters[i])
			question->lead = i;
	}
}

/* These were met before. */
static inline void
fake_know(struct fake_search *fake, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		struct sse_file_stat stat = fake_stat_of(fake, *letters);

		search_remember(&fake->known, fingerprint_file(&stat));
	}
}

/* And these it was to come to. */
static inline void
fake_due(struct fake_search *fake, const char *letters)
{
	fake->question.due = fake->due;
	for (; *letters != '\0'; letters++)
		fake->due[fake->question.due_count++] =
		    fake_stat_of(fake, *letters);
}

#endif
