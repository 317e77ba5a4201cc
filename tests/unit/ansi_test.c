#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "ansi.h"
#include "random.h"
#include "utf8.h"

struct row {
	const char *text;
	const char *stripped;
};

static const struct row rows[] = {
    {"plain", "plain"},
    {"", ""},
    /* colours, cursors */
    {"\x1b[31mred\x1b[0m", "red"},
    {"a\x1b[1;38;5;208mb\x1b[mc", "abc"},
    {"a\x1b[?25l\x1b[2Jb", "ab"},
    {"a\x1b[4 qb", "ab"},
    {"a\x1b[38:2::1:2:3mb", "ab"},
    /* the same by U+009B */
    {"a\xc2\x9b"
     "31mb",
	"ab"},
    /* titles and links, ended by BEL, ESC \ or U+009C */
    {"a\x1b]0;title\ab", "ab"},
    {"a\x1b]8;;https://x/\x1b\\link\x1b]8;;\x1b\\b", "alinkb"},
    {"a\x1b]0;t\xc2\x9c"
     "b",
	"ab"},
    {"a\xc2\x9d"
     "0;t\ab",
	"ab"},
    {"a\x1bPq#0\x1b\\b", "ab"},
    {"a\x1b_x\x1b\\\x1b^y\x1b\\\x1bXz\x1b\\b", "ab"},
    /* BEL ends commands of the operating system only */
    {"a\x1bPq\ax\x1b\\b", "ab"},
    /* ESC breaks a string off */
    {"a\x1b]0;t\x1b[31mb", "ab"},
    /* others */
    {"a\x1b(Bb\x1b%Gc\x1b"
     "7d\x1b=e",
	"abcde"},
    {"a\xc2\x85"
     "b",
	"ab"},
    /* broken ones lose no text */
    {"a\x1b[31\xc3\xa4", "a\xc3\xa4"},
    {"a\x1b\xc3\xa4", "a\xc3\xa4"},
    {"a\x1b\tb", "a\tb"},
    {"a\x1b\x1b[31mb", "ab"},
    {"a\x1b]0;no end", "a0;no end"},
    {"a\x1bPno end", "ano end"},
    {"a\xc2\x90no end", "ano end"},
    {"a\x1b]x\x1b", "ax"},
    {"a\x1b[31", "a"},
    {"a\x1b", "a"},
    {"a\x1b(", "a"},
    /* these are none */
    {"\xc2\xa0\xc3\x9b [31m \xe2\x82\xac",
	"\xc2\xa0\xc3\x9b [31m \xe2\x82\xac"},
};

static struct sse_slice
strip(struct sse_slice text, struct sse_buf *out)
{
	sse_buf_clear(out);
	CHECK_EQUAL_INT(ansi_strip(text, out), 0);
	return sse_buf_slice(out);
}

TEST(strips_sequences_and_nothing_else)
{
	struct sse_buf out;

	sse_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sse_slice text = sse_slice(rows[i].text);

		CHECK_EQUAL_TEXT(
		    strip(text, &out), sse_slice(rows[i].stripped));
		CHECK((ansi_find(text) == text.size) ==
		      (strcmp(rows[i].text, rows[i].stripped) == 0));
	}
	sse_buf_done(&out);
}

/* A short text is looked at octet by octet, a longer one by blocks. */
TEST(finds_a_sequence_at_every_place_of_every_size)
{
	static const char *const sequences[] = {"\x1b[m", "\xc2\x9bm"};

	for (size_t size = 4; size < 70; size++)
		for (size_t at = 0; at + 3 <= size; at++) {
			char *octets = malloc(size);
			struct sse_slice text = {octets, size};

			CHECK(octets != NULL);
			memset(octets, 'x', size);
			CHECK_EQUAL_INT(ansi_find(text), size);
			memcpy(octets + at, sequences[at % 2], 3);
			CHECK_EQUAL_INT(ansi_find(text), at);
			/* No control, but another character with that octet. */
			memcpy(octets + at, "x\xc2\xa0", 3);
			CHECK_EQUAL_INT(ansi_find(text), size);
			free(octets);
		}
}

/* Each octet at each place of each size. */
TEST(plain_is_ascii_without_esc)
{
	for (size_t size = 0; size < 40; size++) {
		char *octets = malloc(size > 0 ? size : 1);
		struct sse_slice text = {octets, size};

		CHECK(octets != NULL);
		memset(octets, 'x', size);
		CHECK(ansi_is_plain(text));
		for (size_t at = 0; at < size; at++)
			for (int octet = 0; octet < 256; octet++) {
				octets[at] = (char)octet;
				CHECK(ansi_is_plain(text) ==
				      (octet < 128 && octet != 0x1b));
				octets[at] = 'x';
			}
		free(octets);
	}
}

TEST(finds_what_a_cut_has_left)
{
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb\x1b")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb\x1b[1;2")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb\x1b]0;x")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb\x1b]0;x\x1b")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("")), 0);
}

static size_t
append(char *text, size_t size, const char *part)
{
	memcpy(text + size, part, strlen(part));
	return size + strlen(part);
}

/* No introducer stays, it is valid, and every cut will do. */
TEST(any_text_will_do)
{
	static const char *const parts[] = {"\x1b", "[", "]", "P", "\\", "\a",
	    "31;1", "m", "a", "\xc3\xa4", "\xc2\x9b", "\xc2\x9d", "\xc2\x9c",
	    "\xe2\x82\xac", " ", "(", "\xc2\xa0"};
	struct random random = {1};
	struct sse_buf out;

	sse_buf_init(&out, 1000);
	for (int round = 0; round < 5000; round++) {
		char text[256];
		size_t size = 0, count = random_below(&random, 20);
		struct sse_slice whole, got;

		for (size_t i = 0; i < count; i++)
			size = append(text, size,
			    parts[random_below(
				&random, sizeof(parts) / sizeof(parts[0]))]);
		whole = (struct sse_slice){test_guarded(text, size), size};
		got = strip(whole, &out);
		CHECK(got.size <= size);
		CHECK_EQUAL_INT(sse_utf8_valid(got), got.size);
		CHECK(ansi_whole(whole) <= size);
		if (round % 100 != 0)
			continue;
		for (size_t cut = 0; cut < size; cut++)
			(void)strip(
			    (struct sse_slice){test_guarded(text, cut), cut},
			    &out);
	}
	sse_buf_done(&out);
}
