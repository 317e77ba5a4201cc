/*
 * lookback.c - records from the end of a file backwards.
 *
 * Each read is put before what is held, and what is held grows towards the
 * front of the buffer.  When the front is reached, a buffer of twice the size
 * takes it: so each octet is moved about once, however long the records are.
 * Of a record over the limit nothing is held.
 */
#include "config.h"

#include "lookback.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fdio.h"

void
lookback_init(struct lookback *lookback, const struct lookback_options *options)
{
	uint64_t end = options->end, octets_max = options->octets_max;

	*lookback = (struct lookback){
	    .fd = options->fd,
	    .record_size_max = options->record_size_max,
	    .at = end,
	    .end = end,
	    .whole = options->rest,
	    .first = octets_max >= end,
	};
	/* The octet before tells whether a record begins at the bound. */
	if (!lookback->first)
		lookback->low = end - octets_max - (octets_max > 0);
}

void
lookback_done(struct lookback *lookback)
{
	free(lookback->octets);
	lookback->octets = NULL;
	lookback->capacity = lookback->begin = lookback->stop = 0;
}

/* Moves what is held to the end of that buffer, which may be its own. */
static void
move_to(struct lookback *lookback, char *octets, size_t capacity)
{
	size_t held = lookback->stop - lookback->begin;

	if (held > 0)
		memmove(octets + capacity - held,
		    lookback->octets + lookback->begin, held);
	lookback->stop = capacity;
	lookback->begin = capacity - held;
}

/* Room for a read before what is held. */
static int
make_room(struct lookback *lookback)
{
	size_t held = lookback->stop - lookback->begin;
	size_t capacity = 2 * (held + LOOKBACK_READ_SIZE);
	char *octets;

	if (lookback->begin >= LOOKBACK_READ_SIZE)
		return 0;
	if (capacity <= lookback->capacity) {
		move_to(lookback, lookback->octets, lookback->capacity);
		return 0;
	}
	octets = malloc(capacity);
	if (octets == NULL)
		return -ENOMEM;
	move_to(lookback, octets, capacity);
	free(lookback->octets);
	lookback->octets = octets;
	lookback->capacity = capacity;
	return 0;
}

static int
read_before(struct lookback *lookback)
{
	uint64_t left = lookback->at - lookback->low;
	size_t size =
	    left < LOOKBACK_READ_SIZE ? (size_t)left : LOOKBACK_READ_SIZE;
	int error = make_room(lookback);
	ssize_t got;

	if (error != 0)
		return error;
	got = sse_fd_pread_all(lookback->fd,
	    lookback->octets + lookback->begin - size, size,
	    lookback->at - size);
	if (got < 0)
		return (int)got;
	if ((size_t)got < size)
		return -ESTALE;
	lookback->begin -= size;
	lookback->at -= size;
	return 0;
}

/*
 * The record from there on to where the last one began; whether it is one to
 * be given.  Then stop is where it began.
 */
static bool
take(struct lookback *lookback, size_t from, struct record *ret_record)
{
	bool ends =
	    lookback->end > lookback->at + (lookback->stop - lookback->begin);
	struct sse_slice text = {
	    lookback->octets + from, lookback->stop - from};
	bool given = lookback->whole && !lookback->too_long;

	/* Without a delimiter, nothing is no record, and CR belongs to it. */
	if (!ends && text.size == 0)
		given = false;
	if (ends && text.size > 0 && text.data[text.size - 1] == '\r')
		text.size--;
	if (text.size > lookback->record_size_max)
		given = false;
	*ret_record = (struct record){.text = text, .end = lookback->end};
	lookback->too_long = false;
	return given;
}

/* Goes on before the delimiter at that place. */
static void
pass(struct lookback *lookback, size_t delimiter)
{
	lookback->end = lookback->at + (delimiter - lookback->begin) + 1;
	lookback->stop = delimiter;
	lookback->whole = true;
}

/* What is held is not to be given, as far as it is known. */
static void
drop_long(struct lookback *lookback)
{
	size_t held = lookback->stop - lookback->begin;

	if (lookback->whole && held <= lookback->record_size_max + 1)
		return;
	lookback->too_long = true;
	lookback->stop = lookback->begin;
}

/* Takes a record out of what is held; whether there was one. */
static bool
next_held(struct lookback *lookback, struct record *ret_record)
{
	for (;;) {
		size_t held = lookback->stop - lookback->begin;
		const char *found =
		    held > 0 ? memrchr(lookback->octets + lookback->begin, '\n',
				   held)
			     : NULL;
		size_t delimiter;
		bool given;

		if (found == NULL)
			return false;
		delimiter = (size_t)(found - lookback->octets);
		given = take(lookback, delimiter + 1, ret_record);
		pass(lookback, delimiter);
		if (given)
			return true;
	}
}

/* The one that begins where the file does; an empty file has none. */
static int
last(struct lookback *lookback, struct record *ret_record)
{
	bool given = lookback->first && lookback->octets != NULL &&
		     take(lookback, lookback->begin, ret_record);

	lookback->first = false;
	return given ? 1 : -ENODATA;
}

int
lookback_next(struct lookback *lookback, struct record *ret_record)
{
	if (next_held(lookback, ret_record))
		return 1;
	if (lookback->at == lookback->low)
		return last(lookback, ret_record);
	drop_long(lookback);
	return read_before(lookback);
}
