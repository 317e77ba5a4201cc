#include "test.h"

#include <string.h>

#include "record/ansi_sequence.h"

/* What the text begins with. */
static const struct {
	const char *text;
	bool is_cut;
	size_t size; /* 0: no sequence */
	bool ends;
	size_t dropped;
} cases[] = {
    /* by ESC: CSI, strings, others */
    {"\x1b[31mx", false, 5, true, 5},
    {"\x1b[31", false, 4, false, 4},
    {"\x1b[31\xc3\xa4", false, 4, true, 4},
    {"\x1b]0;t\ax", false, 6, true, 6},
    {"\x1b]0;t\x1b\\x", false, 7, true, 7},
    {"\x1b]0;t\xc2\x9cx", false, 7, true, 7},
    {"\x1b]0;t\x1b[m", false, 5, true, 5}, /* broken off */
    {"\x1bPq\ax", false, 5, false, 2},     /* its text stays */
    {"\x1bPq", true, 3, false, 2},
    {"\x1b(Bx", false, 3, true, 3},
    {"\x1b=x", false, 2, true, 2},
    {"\x1b", false, 1, false, 1},
    /* by one of U+0080 to U+009F: to its last byte, or not at all */
    {"\xc2\x9b"
     "31mx",
	false, 5, true, 5},
    {"\xc2\x9b"
     "31",
	false, 0, false, 0},
    {"\xc2\x9b"
     "31",
	true, 4, false, 4},
    {"\xc2\x9d"
     "0;t\ax",
	false, 6, true, 6},
    {"\xc2\x9d"
     "0;\xc3\xa4\a",
	false, 0, false, 0},
    {"\xc2\x85x", false, 0, false, 0}, /* no introducer */
    /* characters that go by themselves */
    {"\bx", false, 1, true, 1},
    {"\x7fx", false, 1, true, 1},
    {"\xe2\x80\xaex", false, 3, true, 3},
    {"\xe2\x81\xa6x", false, 3, true, 3},
    {"\xe2\x80\xa9x", false, 0, false, 0},
    {"\xe2\x80", false, 0, false, 0},
    {"\tx", false, 0, false, 0},
    {"x", false, 0, false, 0},
};

TEST(a_sequence_begins_or_it_does_not)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_slice text = sse_slice(cases[i].text);
		struct ansi_way way = {.is_cut = cases[i].is_cut};
		struct ansi_sequence got;

		text.data = test_guarded(text.data, text.size);
		way.text = text;
		got = ansi_sequence_at(&way, 0);
		if (got.size != cases[i].size || got.ends != cases[i].ends)
			test_fail(__FILE__, __LINE__, "%zu: %zu bytes, %d", i,
			    got.size, got.ends);
		CHECK_EQUAL_INT(
		    ansi_sequence_dropped(text, &got), cases[i].dropped);
		CHECK(got.size <= text.size);
	}
}

/* Each would begin one, once what is behind it is left out. */
TEST(introducers_before_a_sequence_go_with_it)
{
	struct sse_slice text = SLICE("\xc2\x9b"
				      "1\xc2\x9b"
				      "2\x1b[m"
				      "3m");
	struct ansi_way way = {.text = text};

	CHECK_EQUAL_INT(ansi_sequence_at(&way, 0).size, 2);
	CHECK_EQUAL_INT(ansi_sequence_at(&way, 3).size, 2);
	CHECK_EQUAL_INT(ansi_sequence_at(&way, 6).size, 3);
}

TEST(introducers_that_are_alone_are_judged_once)
{
	struct sse_slice text = SLICE("\xc2\x9b\xc2\x9b\xc2\x9b\xc3\xa4");
	struct ansi_way way = {.text = text};

	CHECK_EQUAL_INT(ansi_sequence_at(&way, 0).size, 0);
	CHECK_EQUAL_INT(way.judged, 6);
	CHECK_EQUAL_INT(ansi_sequence_at(&way, 2).size, 0);
	CHECK_EQUAL_INT(ansi_sequence_at(&way, 4).size, 0);
}

TEST(controls_are_those_that_a_terminal_obeys)
{
	for (int byte = 0; byte < 256; byte++) {
		bool want = (byte > 0 && byte < ' ' && byte != '\t' &&
				byte != '\n' && byte != '\r' && byte != 0x1b) ||
			    byte == 0x7f;

		CHECK_EQUAL_INT(ansi_is_control((char)byte), want);
	}
}
