/*
 * log_sequence.h - what happens to a log, and what its readers get, as text.
 *
 *	SEQUENCE(follows_a_rename,
 *	    "add log a/; come; got a; "
 *	    "move log log.1; add log b/; got b")
 *
 * Steps are parted by "; ", and a slash is the end of a line.  What the log's
 * side does:
 *
 *	add FILE TEXT       appends; without a text the file is there
 *	fill FILE COUNT     appends so many bytes, without a line end
 *	move FROM TO        copy FROM TO         link TARGET NAME
 *	empty FILE          delete FILE          touch FILE SECONDS: later
 *	hold FILE           opened by a writer, who goes on with: held TEXT
 *	tick                until the file system's clock has gone on
 *
 * What the reader does:
 *
 *	come [COUNT]        a new one: all records, or the newest
 *	away, back, leave   it hangs up, comes back with its id, or is over
 *	take, take all      an item, all items; they are among the next that it
 *	                    got
 *	later MS            its clocks are so far ahead
 *	rotate-wait MS      an option of who comes next
 *	replay BYTES        likewise
 *	forge FILE OFFSET   has an id that a client makes up
 *	as NAME             another one: reader (at first), leader, away
 *	follow NAME         it will join that one; follow nobody
 *
 * And what is expected:
 *
 *	got TEXT            all that it got since the last time, and no more
 *	id TEXT             what one gets who comes back with its id
 *	skipped BYTES       of the last gap
 *	owes gap, owes nothing               meets, apart: and its leader
 *	waits               it has to look again, but not now
 *	newest TEXT         who comes for any number of records gets the last
 *	                    words
 */
#ifndef LOG_SEQUENCE_H
#define LOG_SEQUENCE_H

#include "log_reader.h"

void sequence_play(const char *file, int line, const char *steps);

#define SEQUENCE(name, steps)                             \
	TEST(name)                                        \
	{                                                 \
		sequence_play(__FILE__, __LINE__, steps); \
	}

#endif
