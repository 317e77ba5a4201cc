/*
 * reverse_reader.h - the records of an open file, from its end backwards.
 *
 * They are the records that a splitter and a multiline find from the beginning
 * on, but for those over record_size_max: these are passed over.
 */
#ifndef REVERSE_READER_H
#define REVERSE_READER_H

#include "record/effort.h"
#include "base/result.h"
#include "record/splitter.h"

#define REVERSE_READER_READ_SIZE 65536 /* bytes of one read */

struct reverse_reader {
	int fd; /* borrowed */
	const struct record_rule *rule;
	size_t record_size_max;
	struct effort *effort;
	uint64_t low; /* the bytes before it are not read */
	uint64_t at;  /* the bytes from it on have been read */
	uint64_t end; /* after the delimiter of the record to be given next, */
		      /* where the one that was given last begins */

	/* bytes[begin .. stop) are those at offset at; the rest is given. */
	char *bytes;
	size_t capacity;
	size_t begin;
	size_t stop;
	size_t line; /* the lines behind it have been looked at */

	bool whole;    /* what is before stop is the end of a record */
	bool cut;      /* what is before line is not the end of one */
	bool too_long; /* of which some bytes were dropped already */
	bool first;    /* low is the beginning of a record */
};

/*
 * Goes back from the offset end, and gives the records that begin at most
 * bytes_max before it.  With rest, bytes behind the last delimiter are a
 * record, too, but not where a blank line would end it.  It owns no memory yet.
 */
struct reverse_reader_options {
	int fd;
	const struct record_rule *rule; /* borrowed; NULL: each line */
	uint64_t end;
	uint64_t bytes_max;
	size_t record_size_max;
	bool rest;
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
