/*
 * journal_match_fuzz.c - what is accepted as matches becomes matches that
 * libsystemd takes, and these, written anew, are the same ones.
 *
 *	input: matches, or the text of a journal
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "source/journal_match.h"
#include "source/journal_place.h"

/* What libsystemd would be told: each word behind its size; 0: "+". */
struct sd_journal {
	struct sse_buf words;
	bool expected; /* a match comes next */
};

static void
add(struct sd_journal *journal, const void *word, size_t size)
{
	REQUIRE(sse_buf_add(&journal->words, &size, sizeof(size)) == 0);
	REQUIRE(sse_buf_add(&journal->words, word, size) == 0);
}

static int
add_match(struct sd_journal *journal, const void *match, size_t size)
{
	const char *equals = memchr(match, '=', size);
	const char *text = match;

	/* A size of 0 would be that of a string. */
	REQUIRE(size > 0 && equals != NULL);
	REQUIRE(journal_field_is_name(
	    (struct sse_slice){text, (size_t)(equals - text)}));
	add(journal, match, size);
	journal->expected = false;
	return 0;
}

static int
add_disjunction(struct sd_journal *journal)
{
	REQUIRE(!journal->expected);
	add(journal, "", 0);
	journal->expected = true;
	return 0;
}

static void
flush_matches(struct sd_journal *journal)
{
	sse_buf_clear(&journal->words);
	journal->expected = true;
}

static const struct journal_library library = {
    .add_match = add_match,
    .add_disjunction = add_disjunction,
    .flush_matches = flush_matches,
};

static void
set(struct sd_journal *journal, const char *text)
{
	sse_buf_init(&journal->words, SIZE_MAX);
	REQUIRE(journal_match_set(&library, journal, text) == 0);
	REQUIRE(!journal->expected);
}

static void
add_quoted(struct sse_buf *out, struct sse_slice word)
{
	REQUIRE(sse_buf_add(out, "\"", 1) == 0);
	for (; word.size > 0; word.data++, word.size--) {
		if (*word.data == '"' || *word.data == '\\')
			REQUIRE(sse_buf_add(out, "\\", 1) == 0);
		REQUIRE(sse_buf_add(out, word.data, 1) == 0);
	}
	REQUIRE(sse_buf_add(out, "\"", 1) == 0);
}

/* All words in quotes. */
static struct sse_buf
write_anew(const struct sd_journal *journal)
{
	struct sse_slice rest = sse_buf_slice(&journal->words);
	struct sse_buf out = {.size_max = SIZE_MAX};

	while (rest.size > 0) {
		struct sse_slice word;
		size_t size;

		memcpy(
		    &size, fuzz_take(&rest, sizeof(size)).data, sizeof(size));
		word = fuzz_take(&rest, size);
		if (size == 0)
			REQUIRE(sse_buf_add(&out, " +  ", 4) == 0);
		else
			add_quoted(&out, word);
		REQUIRE(sse_buf_add(&out, " ", 1) == 0);
	}
	REQUIRE(sse_buf_add(&out, "", 1) == 0);
	return out;
}

static void
check_matches(const char *text)
{
	char reason[SOURCE_REASON_SIZE_MAX];
	struct sd_journal journal, again;
	struct sse_buf anew;

	set(&journal, text);
	anew = write_anew(&journal);
	REQUIRE(journal_match_check(anew.data, reason) == 0);
	set(&again, anew.data);
	REQUIRE(sse_slice_equal(
	    sse_buf_slice(&journal.words), sse_buf_slice(&again.words)));
	sse_buf_done(&journal.words);
	sse_buf_done(&again.words);
	sse_buf_done(&anew);
}

/* Its parts are parts of the text. */
static void
check_place(const char *text)
{
	char reason[SOURCE_REASON_SIZE_MAX] = "";
	struct journal_place place;
	int error = journal_place_read(text, &place, reason);

	REQUIRE(error == 0 || (error == -EINVAL && reason[0] != '\0'));
	if (error != 0)
		return;
	REQUIRE(place.name_space == NULL || place.directory == NULL);
	REQUIRE(place.directory == NULL || *place.directory == '/');
	REQUIRE(place.name_space == NULL ||
		(*place.name_space != '\0' &&
		    strchr(place.name_space, '/') == NULL));
}

void
journal_match_fuzz(struct sse_slice input)
{
	char *text = fuzz_string(input);
	char reason[SOURCE_REASON_SIZE_MAX] = "";
	int error = journal_match_check(text, reason);

	REQUIRE(error == 0 || (error == -EINVAL && reason[0] != '\0'));
	if (error == 0)
		check_matches(text);
	if (strncmp(text, JOURNAL_SCHEME, strlen(JOURNAL_SCHEME)) == 0)
		check_place(text);
	free(text);
}
