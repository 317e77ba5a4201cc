/*
 * journal_model_test.c - readers of a journal that is written, rotated and
 * vacuumed beside them, and that are killed and come back with their last id:
 * nothing is lost in silence, nothing comes twice, and each number is right.
 *
 * The messages are numbers without holes.  JOURNAL_STEPS and JOURNAL_SEED say
 * how long, and which way.
 */
#include "config.h"

#include "test.h"

#include <stdlib.h>

#include "journal_source.h"

#define STEPS 20000
#define LEADERS 2
#define READERS 8 /* the first are the leaders; every other one has a match */
#define ID_SIZE_MAX 65

struct reader {
	void *self;           /* NULL: it is away */
	bool has_match;       /* KIND=x */
	char id[ID_SIZE_MAX]; /* of what it had last; "": nothing yet */
	uint64_t last;        /* the message that it had last */
	uint64_t told;        /* what is missing behind that, as it was told */
	bool told_all;        /* or that nobody knows */
	const struct reader *leader; /* or NULL */
};

static struct {
	uint64_t random;
	int64_t now_ms;
	uint64_t written;   /* the last message */
	uint64_t oldest;    /* the first that is there */
	uint64_t copied_at; /* the last message that is in a copy */
	uint64_t given, missing, gaps, marks;
} world = {.oldest = 1};

static int64_t
now_ms(void *context)
{
	(void)context;
	return world.now_ms;
}

static const struct sse_clock model_clock = {.monotonic_ms = now_ms};

static uint64_t
number_of(const char *name, uint64_t usual)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 10) : usual;
}

/* xorshift64* */
static uint64_t
random_below(uint64_t limit)
{
	world.random ^= world.random >> 12;
	world.random ^= world.random << 25;
	world.random ^= world.random >> 27;
	return (world.random * UINT64_C(2685821657736338717) >> 33) % limit;
}

/* Half of the messages, in no order. */
static bool
is_x(uint64_t message)
{
	return (message * UINT64_C(0x9e3779b97f4a7c15) >> 40 & 1) != 0;
}

static void
write_one(void)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRIu64, ++world.written);
	(void)fake_journal_write_with(
	    text, is_x(world.written) ? SLICE("KIND=x") : SLICE("KIND=y"));
}

static void
vacuum(void)
{
	uint64_t count = random_below(fake_journal_count() + 1);

	/* Seldom all: somebody has to be judged by what is still there. */
	if (random_below(8) > 0)
		count /= 2;
	fake_journal_vacuum((size_t)count);
	world.oldest += count;
}

/* A gap is of what was certainly there. */
static void
take_gap(struct reader *reader, const struct source_item *item)
{
	CHECK(item->reason == GAP_ROTATED || item->reason == GAP_TRUNCATED);
	world.gaps++;
	if (item->reason == GAP_TRUNCATED) {
		/* Where it was is gone, and the numbers are others. */
		CHECK(world.copied_at >= reader->last);
		reader->told_all = true;
	} else if (item->skipped == SOURCE_SKIPPED_UNKNOWN) {
		/* It came when there was nothing, or counts nothing. */
		CHECK(
		    reader->last == 0 || reader->told_all || reader->has_match);
		CHECK(world.oldest > reader->last + 1);
		reader->told_all = true;
	} else {
		reader->told += item->skipped;
	}
}

/* Whether nothing that it wants is between, but for what was told. */
static void
check_between(const struct reader *reader, uint64_t message)
{
	if (reader->told_all)
		return;
	if (!reader->has_match) {
		CHECK_EQUAL_INT(message - reader->last - 1, reader->told);
		return;
	}
	for (uint64_t i = reader->last + 1; i < message; i++)
		CHECK(!is_x(i));
}

static void
take_record(struct reader *reader, const struct source_item *item)
{
	char text[24];
	uint64_t message;

	(void)snprintf(text, sizeof(text), "%.*s", (int)item->record.text.size,
	    item->record.text.data);
	message = strtoull(text, NULL, 10);
	CHECK(message > reader->last);
	CHECK(!reader->has_match || is_x(message));
	CHECK(reader->leader == NULL || message <= reader->leader->last);
	check_between(reader, message);
	world.missing += reader->told;
	reader->last = message;
	reader->told = 0;
	reader->told_all = false;
	world.given++;
}

static void
take_item(struct reader *reader, const struct source_item *item)
{
	switch (item->kind) {
	case SOURCE_GAP:
		take_gap(reader, item);
		break;
	case SOURCE_RECORD:
		take_record(reader, item);
		break;
	case SOURCE_MARK:
		CHECK(reader->has_match);
		world.marks++;
		break;
	case SOURCE_END:
		CHECK(false);
	}
	journal_id(reader->self, reader->id);
}

/* Some of what there is, or all: whether it has come to the end. */
static bool
read_some(struct reader *reader, uint64_t most)
{
	struct source_item item;
	int got = 1;

	while (most-- > 0 && got != 0) {
		got = journal_ops.next(reader->self, &item);
		CHECK(got == 1 || got == 0 || got == RESULT_PARTIAL);
		if (got == 1)
			take_item(reader, &item);
	}
	return got == 0;
}

/* Some have one, if it is there. */
static const struct reader *
leader_of(const struct reader readers[READERS], const struct reader *reader)
{
	const struct reader *leader = &readers[reader->has_match];

	return reader >= readers + LEADERS && leader->self != NULL &&
		       random_below(2) == 0
		   ? leader
		   : NULL;
}

/* It comes, from the beginning or behind what it had. */
static void
come(struct reader *reader, const struct reader *leader)
{
	struct source_options options = journal_options();
	struct source_start start = {
	    .id = sse_slice(reader->id), .records = SOURCE_RECORDS_ALL};

	options.clock = &model_clock;
	options.match = reader->has_match ? "KIND=x" : NULL;
	reader->self = journal_start_at(&options, &start);
	reader->leader = leader;
	if (leader != NULL)
		journal_ops.follow(reader->self, leader->self);
	/* What went before it came it does not miss. */
	if (reader->id[0] == '\0')
		reader->told_all = true;
}

static void
leave(struct reader *reader)
{
	if (reader->self != NULL)
		journal_ops.free(reader->self);
	reader->self = NULL;
	reader->leader = NULL;
}

/* Nobody follows who is gone. */
static void
leave_with_followers(struct reader readers[READERS], struct reader *leader)
{
	for (size_t i = 0; i < READERS; i++)
		if (readers[i].leader == leader)
			leave(&readers[i]);
	leave(leader);
}

/* A journal is not exchanged below who reads it. */
static bool
all_are_away(const struct reader readers[READERS])
{
	for (size_t i = 0; i < READERS; i++)
		if (readers[i].self != NULL)
			return false;
	return true;
}

static void
step(struct reader readers[READERS])
{
	struct reader *reader = &readers[random_below(READERS)];

	world.now_ms += (int64_t)random_below(4000);
	switch (random_below(12)) {
	case 0:
		fake_journal_rotate();
		return;
	case 1:
		if (random_below(4) == 0)
			vacuum();
		return;
	case 2:
		leave_with_followers(readers, reader);
		return;
	case 3:
		if (random_below(200) == 0 && all_are_away(readers)) {
			fake_journal_copy();
			world.copied_at = world.written;
		}
		return;
	case 4:
	case 5:
	case 6:
	case 7:
		for (uint64_t i = random_below(20); i > 0; i--)
			write_one();
		return;
	default:
		if (reader->self == NULL)
			come(reader, leader_of(readers, reader));
		(void)read_some(reader, random_below(40));
	}
}

/* In the end each has all that is there; the leaders are the first. */
static void
finish(struct reader *reader)
{
	uint64_t last = world.written;

	if (reader->self == NULL)
		come(reader, NULL);
	while (reader->has_match && !is_x(last))
		last--;
	while (!read_some(reader, 1000))
		continue;
	CHECK_EQUAL_INT(reader->last, last);
	CHECK(reader->leader == NULL || journal_ops.meets(reader->self));
}

static void
finish_all(struct reader readers[READERS])
{
	for (int i = 0; i < 64; i++)
		write_one();
	for (size_t i = 0; i < READERS; i++)
		finish(&readers[i]);
	for (size_t i = 0; i < LEADERS; i++)
		leave_with_followers(readers, &readers[i]);
	for (size_t i = LEADERS; i < READERS; i++)
		leave(&readers[i]);
}

TEST(nothing_is_lost_in_silence)
{
	static struct reader readers[READERS];
	uint64_t steps = number_of("JOURNAL_STEPS", STEPS);
	uint64_t seed = number_of("JOURNAL_SEED", 1);

	world.random = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	for (size_t i = 0; i < READERS; i++)
		readers[i].has_match = i % 2 == 1;
	for (uint64_t i = 0; i < steps; i++)
		step(readers);
	finish_all(readers);
	printf("# seed %" PRIu64 ": %" PRIu64 " written, %" PRIu64
	       " given, %" PRIu64 " told missing in %" PRIu64 " gaps, %" PRIu64
	       " marks\n",
	    seed, world.written, world.given, world.missing, world.gaps,
	    world.marks);
	CHECK(world.given > 0 && world.gaps > 0 && world.marks > 0);
}
