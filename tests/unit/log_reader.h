/*
 * log_reader.h - a reader of a log, and what its writer does to the log.
 *
 * A reader writes down what it is given: records as they are, "<REASON>" for a
 * gap, "(LINE)" for a record without a position.  hang_up() and come_back()
 * go through the text of the id, as a client does.  The log is the file "log"
 * in the test's directory.
 */
#ifndef LOG_READER_H
#define LOG_READER_H

#include "test.h"

#include "file_source.h"

struct reader {
	struct file *file;
	struct sse_clock clock;
	int64_t ahead_ms; /* of the file system's clock */
	struct sse_buf got;
	char id[SSE_POSITION_SIZE_MAX];
	size_t id_size;
	uint64_t skipped;
};

/* Of all readers; followed, and with all records. */
extern struct source_options options;

/* A new one, of that name; it was not started. */
void reader_open(struct reader *reader, const char *name);

/* A new client, who wants so many records. */
void come(struct reader *reader, uint64_t records);
void hang_up(struct reader *reader);
void come_back(struct reader *reader);
void leave(struct reader *reader);

void note_position(
    struct reader *reader, const struct source_position *position);

/* The same of one that a client makes up. */
void note_forged(struct reader *reader, const struct sse_position *position);
void note_item(struct reader *reader, const struct source_item *item);

/* Takes one item: 1, or 0 when the log has nothing soon. */
int take(struct reader *reader);
void take_all(struct reader *reader);

/* What was got since the last time. */
void check_got(int line, struct reader *reader, const char *want);

/* What comes next does, and nothing else, for who comes back here. */
void check_id(int line, struct reader *reader, const char *want);

#define CHECK_GOT(reader, want) check_got(__LINE__, reader, want)
#define CHECK_ID(reader, want) check_id(__LINE__, reader, want)

/* An id as a client makes it up that knows what is before the offset. */
void forge(struct reader *reader, const char *name, uint64_t offset);

void append(const char *name, const char *text);
void move(const char *from, const char *to);
void copy(const char *from, const char *to);
void empty(const char *name);

/* As one that was modified so many seconds later. */
void touch_later(const char *name, int seconds);

/*
 * Until the file system's clock has gone on: times tell files apart then.  It
 * is a coarse one, but since Linux 6.13 a file that was looked at gets its next
 * time of the fine clock, and so may others then: up to a tick ahead.
 */
void next_tick(void);

/* The last words of a text. */
const char *last_words(const char *text, size_t count);

/*
 * Whoever comes has so many of these, and live lines; and cut off anywhere, the
 * rest.
 */
void check_newest(const char *all, size_t count);

#endif
