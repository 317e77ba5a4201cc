#include "config.h"

#include "test.h"

#include <stdio.h>

#include "base/nearest.h"

static const char *const words[] = {"source", "follow", "from", "format",
    "record-start", "record-wait", "record-max", "event", "ids", "retry",
    "heartbeat", "max-age", "time-format"};

static const struct {
	const char *said;
	const char *meant; /* NULL: nothing is near */
} table[] = {
    {"sorce", "source"},
    {"source", "source"},
    {"SOURCE", "source"},
    {"soucre", "source"},
    {"sources", "source"},
    {"record_start", "record-start"},
    {"recordstart", "record-start"},
    {"hartbeet", "heartbeat"},
    {"form", "from"},
    {"formt", "format"},
    {"rety", "retry"},
    {"timeformat", "time-format"},
    {"id", "ids"},
    {"path", NULL},
    {"x", NULL},
    {"", NULL},
    {"colour", NULL},
    {"a-word-that-is-longer-than-any-key-there-is", NULL},
};

TEST(the_nearest_word_is_found_and_nothing_far)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct nearest nearest = {.said = sse_slice(table[i].said)};

		for (size_t j = 0; j < sizeof(words) / sizeof(words[0]); j++)
			nearest_consider(&nearest, words[j]);
		printf("# %s\n", table[i].said);
		CHECK_EQUAL_TEXT(
		    sse_slice(nearest.word), sse_slice(table[i].meant));
	}
}

TEST(it_is_asked_for_in_a_few_words)
{
	struct nearest nearest = {.said = SLICE("retri")};

	CHECK_EQUAL_TEXT(
	    sse_slice(nearest_question(&nearest, "--").text), SLICE(""));
	nearest_consider(&nearest, "retry");
	CHECK_EQUAL_TEXT(sse_slice(nearest_question(&nearest, "--").text),
	    SLICE(" (did you mean \"--retry\"?)"));
}
