/*
 * reverse_reader.h - the records of an open file, from its end backwards.
 *
 * They are the records that a splitter and a multiline find from the beginning
 * on, but for those over record_size_max: these are passed over.
 */
#ifndef REVERSE_READER_H
#define REVERSE_READER_H

#include "base/result.h"
#include "record/effort.h"
#include "record/front_buf.h"
#include "record/splitter.h"

#define REVERSE_READER_READ_SIZE 65536 /* bytes of one read */

/* What is held: the bytes from at to where the last record began. */
enum reverse_held {
	REVERSE_PART,   /* not the end of a record: nobody gets it */
	REVERSE_RECORD, /* the end of one, or all of it */
	REVERSE_LONG    /* likewise, but some bytes of it were dropped */
};

struct reverse_reader {
	int fd; /* borrowed */
	const struct record_rule *rule;
	size_t record_size_max;
	struct effort *effort;
	uint64_t low; /* the bytes before it are not read */
	bool first;   /* a record begins there, which was not given */
	uint64_t at;  /* the bytes from it on have been read */
	uint64_t end; /* after the delimiter of the record to be given next, */
		      /* where the one that was given last begins */

	struct front_buf bytes; /* those from at on; the rest is given */
	enum reverse_held held;
	size_t unseen; /* so many from at on have not been looked at */
	bool cut;      /* what they end with is not the end of a line */
};

/*
 * Goes back from the offset end, and gives the records that begin at most
 * bytes_max before it.  With rest, bytes behind the last delimiter are a
 * record, too, but not where a blank line would end it: there what follows the
 * last one is a record if it goes on elsewhere.  It owns no memory yet.
 */
struct reverse_reader_options {
	int fd;
	const struct record_rule *rule; /* borrowed; NULL: each line */
	uint64_t end;
	uint64_t bytes_max;
	size_t record_size_max;
	bool rest;
	bool goes_on;
	struct effort *effort; /* borrowed; NULL: there are no turns */
};
void reverse_reader_init(struct reverse_reader *reverse,
    const struct reverse_reader_options *options);
void reverse_reader_done(struct reverse_reader *reverse);

/*
 * Takes the record before the one that was taken last: 1; 0 after a read, of
 * which there is at most one, or when its turn is over (call again);
 * RESULT_NONE when there are no more;
 * RESULT_CHANGED when the file has become shorter; -ENOMEM (call again); or
 * -errno. The text lives until the next call.
 */
int reverse_reader_next(
    struct reverse_reader *reverse, struct record *ret_record);

#endif
