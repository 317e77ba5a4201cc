/*
 * journal_source.h - the fake journal as a source, for tests: what it gives, in
 * a line of text.
 */
#ifndef JOURNAL_SOURCE_H
#define JOURNAL_SOURCE_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/result.h"
#include "clock.h"
#include "fake_journal.h"
#include "source/journal.h"
#include "test.h"

#define GIVEN_SIZE_MAX 4096

static inline struct source_options
journal_options(void)
{
	return (struct source_options){
	    .clock = sse_clock_system(),
	    .record_size_max = 4096,
	    .replay_size = 1 << 20,
	    .follow = true,
	};
}

/* One that has started, as far as it can. */
__attribute__((unused)) static void *
journal_start_at(
    const struct source_options *options, const struct source_start *start)
{
	static char text[4200];
	void *self;
	int got;

	(void)snprintf(text, sizeof(text), "journal:%s", test_directory());
	CHECK_EQUAL_INT(journal_ops.new(text, options, &self), 0);
	got = journal_ops.start(self, start);
	while (got == RESULT_PARTIAL)
		got = journal_ops.step(self);
	CHECK_EQUAL_INT(got, 0);
	return self;
}

/* The newest so many. */
__attribute__((unused)) static void *
journal_newest(uint64_t records)
{
	struct source_options options = journal_options();

	return journal_start_at(
	    &options, &(struct source_start){.records = records});
}

__attribute__((unused)) static void *
journal_behind(const char *id)
{
	struct source_options options = journal_options();

	return journal_start_at(&options,
	    &(struct source_start){.id = sse_slice(id), .records = 2});
}

/* What one step gave, as text behind what there is. */
static inline void
add_item(const struct source_item *item, char *given)
{
	size_t used = strlen(given);
	char *at = given + used;
	size_t room = GIVEN_SIZE_MAX - used;

	CHECK(room > 100);
	switch (item->kind) {
	case SOURCE_RECORD:
		(void)snprintf(at, room, "%.*s ", (int)item->record.text.size,
		    item->record.text.data);
		break;
	case SOURCE_GAP:
		if (item->skipped == SOURCE_SKIPPED_UNKNOWN)
			(void)snprintf(
			    at, room, "(%s) ", gap_reason_text(item->reason));
		else
			(void)snprintf(at, room, "(%s %" PRIu64 ") ",
			    gap_reason_text(item->reason), item->skipped);
		break;
	case SOURCE_MARK:
		(void)snprintf(at, room, "mark ");
		break;
	case SOURCE_END:
		(void)snprintf(at, room, "end ");
		break;
	}
}

/* All that it gives now. */
__attribute__((unused)) static const char *
journal_given(void *self)
{
	static char given[GIVEN_SIZE_MAX];
	struct source_item item = {.kind = SOURCE_RECORD};
	int got = 1;

	given[0] = '\0';
	while (got != 0 && item.kind != SOURCE_END) {
		got = journal_ops.next(self, &item);
		CHECK(got == 1 || got == 0 || got == RESULT_PARTIAL);
		if (got == 1)
			add_item(&item, given);
	}
	return given;
}

#define CHECK_GIVEN(self, text) \
	CHECK_EQUAL_TEXT(sse_slice(journal_given(self)), sse_slice(text))

/* Where it is, as an id: a copy. */
__attribute__((unused)) static void
journal_id(void *self, char id[64 + 1])
{
	struct source_position position = journal_ops.position(self);
	struct sse_slice text = journal_ops.id(self, &position);

	CHECK(text.size <= 64);
	memcpy(id, text.data, text.size);
	id[text.size] = '\0';
}

/* Writes entries with these messages: "a b c". */
__attribute__((unused)) static void
write_all(const char *messages)
{
	char copy[256];

	(void)snprintf(copy, sizeof(copy), "%s", messages);
	for (char *word = strtok(copy, " "); word != NULL;
	     word = strtok(NULL, " "))
		(void)fake_journal_write(word);
}

#endif
