/*
 * nearest.c - the known word that somebody may have meant.
 *
 * A mistake is a letter too many, one too few, another one, or two that are
 * swapped.  Small and capital letters are the same, and so are "-" and "_".
 */
#include "config.h"

#include "base/nearest.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static char
folded(char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return (char)(letter - 'A' + 'a');
	return letter == '_' ? '-' : letter;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Mistakes between the first bytes of both, row by row of the table. */
static size_t
count_mistakes(struct sse_slice a, struct sse_slice b)
{
	size_t rows[3][NEAREST_SIZE_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	assert(a.size <= NEAREST_SIZE_MAX && b.size <= NEAREST_SIZE_MAX);
	for (size_t j = 0; j <= b.size; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.size; i++) {
		size_t *oldest = before;

		before = last;
		last = row;
		row = oldest;
		row[0] = i;
		for (size_t j = 1; j <= b.size; j++) {
			char x = folded(a.data[i - 1]);
			char y = folded(b.data[j - 1]);

			row[j] = least(last[j - 1] + (x != y),
			    least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == folded(b.data[j - 2]) &&
			    folded(a.data[i - 2]) == y)
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[b.size];
}

void
nearest_consider(struct nearest *nearest, const char *word)
{
	struct sse_slice known = sse_slice(word);
	size_t most = least(NEAREST_DISTANCE_MAX, 1 + known.size / 4);
	size_t distance;

	if (nearest->said.size == 0 || nearest->said.size > NEAREST_SIZE_MAX ||
	    known.size > NEAREST_SIZE_MAX)
		return;
	distance = count_mistakes(nearest->said, known);
	if (distance > most || distance >= known.size ||
	    (nearest->word != NULL && distance >= nearest->distance))
		return;
	nearest->word = word;
	nearest->distance = distance;
}

struct nearest_text
nearest_question(const struct nearest *nearest, const char *prefix)
{
	struct nearest_text question = {""};

	if (nearest->word != NULL)
		(void)snprintf(question.text, sizeof(question.text),
		    " (did you mean \"%s%s\"?)", prefix, nearest->word);
	return question;
}
