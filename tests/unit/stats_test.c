#include "test.h"

#include <string.h>

#include "stats.h"

/* The words are names of counters: of the status page, and of its readers. */
TEST(each_reason_to_go_has_a_word_of_its_own)
{
	for (int why = 0; why < CLIENT_WHYS; why++) {
		const char *word = client_why_text((enum client_why)why);

		CHECK(word != NULL && word[0] != '\0');
		CHECK_EQUAL_INT(
		    strspn(word, "abcdefghijklmnopqrstuvwxyz-"), strlen(word));
		for (int other = 0; other < why; other++)
			CHECK(strcmp(word, client_why_text(
					       (enum client_why)other)) != 0);
	}
}

TEST(what_was_made_of_the_source_is_counted_once)
{
	static const struct {
		struct stream_item item;
		uint64_t cut, left_out, gaps;
	} cases[] = {
	    {{.kind = STREAM_RECORD}, 0, 0, 0},
	    {{.kind = STREAM_RECORD, .cut = true}, 1, 0, 0},
	    {{.kind = STREAM_LEFT_OUT}, 0, 1, 0},
	    {{.kind = STREAM_LEFT_OUT, .cut = true}, 1, 1, 0},
	    {{.kind = STREAM_GAP, .gap = GAP_ROTATED}, 0, 0, 1},
	    {{.kind = STREAM_NOTE}, 0, 0, 0},
	    {{.kind = STREAM_END}, 0, 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stats stats = {0}, want = {0};

		stats_add_item(&stats, &cases[i].item);
		want.cut_records = cases[i].cut;
		want.left_out_records = cases[i].left_out;
		want.gaps[GAP_ROTATED] = cases[i].gaps;
		CHECK(memcmp(&stats, &want, sizeof(want)) == 0);
	}
}

TEST(each_reason_of_a_gap_is_counted_for_itself)
{
	struct stats stats = {0};

	for (int reason = GAP_NONE; reason < GAP_REASONS; reason++) {
		struct stream_item item = {
		    .kind = STREAM_GAP, .gap = (enum gap_reason)reason};

		stats_add_item(&stats, &item);
	}
	for (int reason = GAP_NONE; reason < GAP_REASONS; reason++)
		CHECK_EQUAL_INT(stats.gaps[reason], reason != GAP_NONE);
}
