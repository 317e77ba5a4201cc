/*
 * journal_match.c - matches as words, and what libsystemd is told of them.
 */
#include "source/journal_match.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WORD_SIZE_MAX 4000 /* bytes: the longest value of the key */

/* One word, without its quotes. */
struct word {
	char text[WORD_SIZE_MAX];
	size_t size;
};

bool
journal_field_is_name(struct sse_slice name)
{
	if (name.size == 0 || name.size > JOURNAL_FIELD_SIZE_MAX ||
	    (name.size > 1 && memcmp(name.data, "__", 2) == 0))
		return false;
	for (size_t i = 0; i < name.size; i++) {
		char byte = name.data[i];

		if (!(byte >= 'A' && byte <= 'Z') && byte != '_' &&
		    !(byte >= '0' && byte <= '9' && i > 0))
			return false;
	}
	return true;
}

/* The next word goes off the text: 1; 0: the end; -EINVAL: a quote is open. */
static int
take_word(const char **text, struct word *word)
{
	const char *at = *text + strspn(*text, " ");
	bool quoted = false;

	word->size = 0;
	if (*at == '\0')
		return 0;
	for (; *at != '\0' && (quoted || *at != ' '); at++) {
		if (*at == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		if (word->size == sizeof(word->text))
			return -EINVAL;
		word->text[word->size++] = *at;
	}
	*text = at;
	return quoted ? -EINVAL : 1;
}

static bool
is_plus(const struct word *word)
{
	return word->size == 1 && word->text[0] == '+';
}

static bool
is_match(const struct word *word)
{
	const char *equals = memchr(word->text, '=', word->size);

	return equals != NULL &&
	       journal_field_is_name((struct sse_slice){
		   word->text, (size_t)(equals - word->text)});
}

int
journal_match_check(const char *text, char reason[SOURCE_REASON_SIZE_MAX])
{
	struct word word;
	bool expected = true; /* a match: nothing, or "+", is before it */
	const char *why = NULL;
	int got;

	while (why == NULL && (got = take_word(&text, &word)) != 0) {
		if (got < 0)
			why = "a double quote is not closed";
		else if (is_plus(&word) && expected)
			why = "a match stands on each side of \"+\"";
		else if (!is_plus(&word) && !is_match(&word))
			why = "matches are FIELD=VALUE with blanks between,"
			      " the field of A-Z, 0-9 and \"_\", but no \"__\""
			      " in front; a value with blanks stands in double"
			      " quotes";
		expected = got == 1 && is_plus(&word);
	}
	if (why == NULL && expected)
		why = "a match stands on each side of \"+\"";
	if (why == NULL)
		return 0;
	(void)snprintf(reason, SOURCE_REASON_SIZE_MAX, "%s", why);
	return -EINVAL;
}

int
journal_match_set(const struct journal_library *library,
    struct sd_journal *handle, const char *text)
{
	struct word word;
	int got = 0;

	library->flush_matches(handle);
	while (got >= 0 && (got = take_word(&text, &word)) == 1)
		got = is_plus(&word)
			  ? library->add_disjunction(handle)
			  : library->add_match(handle, word.text, word.size);
	return got < 0 ? got : 0;
}
