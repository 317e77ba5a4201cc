/*
 * time_reader.h - reads on in one file of a log until a record has a time.
 *
 * A line without one belongs to the record before when the rule says so, and
 * where there is no rule, when it is empty or begins with a blank; else it may
 * be of any time.
 */
#ifndef TIME_READER_H
#define TIME_READER_H

#include "record/effort.h"
#include "source/item.h"

#define TIME_READER_READ_SIZE 65536    /* bytes of one read */
#define TIME_READER_UNTIMED_MAX 262144 /* bytes without a time: it gives up */
#define TIME_READER_LOOKED_MAX 16384   /* bytes of lines of one step */
#define TIME_READER_LINE_SIZE 16       /* a shorter line counts as so many */
#define TIME_READER_NOWHERE UINT64_MAX

/* A record that begins with a time. */
struct timed {
	uint64_t offset;
	int64_t time_ms;
};

/* Which one is wanted. */
struct time_wanted {
	int64_t min_ms; /* records of earlier times are passed over */
	uint64_t limit; /* and those that begin here or later */
	bool samples;   /* the lines behind it are counted, too */
};

/* Lines that begin a record, with a time and without. */
struct time_tally {
	size_t timed;
	size_t untimed;
};

struct time_reader {
	const struct source_options *options;
	int64_t now_ms; /* when the step began */
	struct time_tally tally;
	int fd;        /* borrowed; -1: none */
	uint64_t size; /* of the file */

	uint64_t at;       /* of the next read */
	bool is_start;     /* a record begins there */
	uint64_t timed_at; /* the last time that was found, or the beginning */
	uint64_t
	    untimed;   /* the first record without one behind it, or NOWHERE */
	size_t looked; /* bytes of lines, in this step */
	struct effort effort;
	char bytes[TIME_READER_READ_SIZE];
};

/*
 * A reader of zeros becomes one of no file; the options, which have times, are
 * borrowed.  The caller gives it descriptor and size.
 */
void time_reader_init(
    struct time_reader *reader, const struct source_options *options);

/* Another step, which may look at so many lines as a step may. */
void time_reader_begin_step(struct time_reader *reader);

/* Reads on from there; is_start: a record begins there. */
void time_reader_begin_at(
    struct time_reader *reader, uint64_t offset, bool is_start);

/*
 * One read: 1 and the record; 0 when the next read may find it; RESULT_NONE
 * when there is none before the limit, RESULT_CHANGED, -errno.
 */
int time_reader_next(struct time_reader *reader,
    const struct time_wanted *wanted, struct timed *ret_timed);

/* Whether so much was read in vain that it is given up. */
bool time_reader_is_in_vain(const struct time_reader *reader);

#endif
