/*
 * descriptors.c - sharing out.
 */
#include "config.h"

#include "descriptors.h"

/*
 * Of a small limit, readers beside the first one get a part at most, and only
 * of what there is beyond so many clients.
 */
#define READERS_PART 4
#define CLIENTS_FIRST 64

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Few are turned away at once where there are few. */
static size_t
spare_of(size_t limit)
{
	return least(DESCRIPTORS_SPARE, limit / 8);
}

static size_t
part_of_readers(size_t rest)
{
	return rest > CLIENTS_FIRST ? (rest - CLIENTS_FIRST) / READERS_PART : 0;
}

/* What is kept, whoever comes. */
static size_t
kept(const struct descriptors_wanted *wanted)
{
	return DESCRIPTORS_FIXED + wanted->open + wanted->search;
}

static size_t
least_clients(const struct descriptors_wanted *wanted)
{
	return wanted->clients > 0 ? wanted->clients : 1;
}

void
descriptors_want(
    struct descriptors_wanted *wanted, struct source_descriptors source)
{
	wanted->open += source.open;
	if (source.search > wanted->search)
		wanted->search = source.search;
}

size_t
descriptors_needed(const struct descriptors_wanted *wanted)
{
	size_t others = kept(wanted) + least_clients(wanted), limit = others;

	while (limit - spare_of(limit) < others)
		limit++;
	return limit;
}

bool
descriptors_share(size_t limit, const struct descriptors_wanted *wanted,
    struct descriptors_share *ret_share)
{
	size_t readers = (wanted->readers - 1) * DESCRIPTORS_READER;
	size_t clients = wanted->clients, rest;

	if (limit < descriptors_needed(wanted))
		return false;
	rest = limit - spare_of(limit) - kept(wanted);
	if (clients == 0)
		clients = least(rest - least(readers, part_of_readers(rest)),
		    DESCRIPTORS_CLIENTS);
	readers = least(readers, rest - clients) / DESCRIPTORS_READER;
	*ret_share = (struct descriptors_share){
	    .clients = clients,
	    .spare = spare_of(limit),
	    .readers = 1 + readers,
	};
	return true;
}
